//! Tests through the public surface: what a rendered track measures to.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod measure;
mod music;
mod stimulus;
mod track;
