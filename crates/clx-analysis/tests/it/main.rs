//! The promises that every entry of the catalogue keeps.

mod bytes;
mod catalogue;
mod folder;
mod hostile;
mod samples;
