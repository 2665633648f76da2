//! The message bundles of the seven languages that the web app, reports and command line share.
//!
//! The `.ftl` files are compiled in, so a bundle needs no file at run time. This crate does not
//! pick a language for anyone: callers pass the tag of the reader.
//! Invariant: every language has the same messages with the same variables (tested).

mod bundle;
mod check;

pub use bundle::{Bundle, LANGUAGES};
pub use check::{Disagreement, disagreements};
/// A value that a message argument takes: text or number.
pub use fluent::FluentValue as Value;
