//! Tests through the public surface: what a rendered track measures to.

mod measure;
mod music;
mod stimulus;
mod track;
