//! Bytes to recordings and audio, and back.
//!
//! [`open`] looks at the content (never at a file name) and hands back a [`RecordingReader`] or an
//! [`AudioReader`]. Readers stream: they hold a header and one block, not the file. Every byte is
//! treated as hostile: a malformed file gives a [`FormatError`] that says what was wrong, or a
//! [`clx_signal::Finding`] when the file can still be read; never a panic, and never an allocation
//! that the bytes actually present do not justify.
//!
//! This crate does no file I/O itself: it is given a [`ByteSource`], and [`Companions`] where a
//! recording consists of several files.

mod audio;
mod byte_source;
mod companions;
pub mod edf;
pub mod encode;
mod error;
mod format;
mod identity;
mod label;
mod recording;
mod source;
mod zip;

pub use audio::{AudioInfo, AudioReader};
pub use byte_source::ByteSource;
pub use companions::Companions;
use companions::bare_name;
pub use edf::deidentify;
pub use error::FormatError;
pub use format::{Format, SNIFF_BYTES, sniff};
pub use identity::Identity;
pub use recording::RecordingReader;
pub use source::{Source, open, open_with};
