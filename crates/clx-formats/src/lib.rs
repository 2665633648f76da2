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
mod brainvision;
mod byte_source;
mod companions;
mod deidentify;
pub mod edf;
mod eeglab;
pub mod encode;
mod error;
pub mod export;
mod fif;
mod format;
mod gdf;
mod ica;
mod identity;
mod label;
mod mat;
mod pages;
mod position;
mod recording;
mod records;
mod sample_time;
mod samples;
mod source;
mod table;
mod text;
mod wfdb;
mod xdf;
mod zip;

pub use audio::{AudioInfo, AudioReader};
pub use byte_source::ByteSource;
use companions::bare_name;
pub use companions::{Companions, companion_of};
pub use deidentify::{Deidentified, deidentify_file};
pub use edf::deidentify;
pub use error::FormatError;
pub use format::{Format, SNIFF_BYTES, sniff};
pub use ica::IcaDecomposition;
pub use identity::Identity;
pub use position::ElectrodePosition;
pub use recording::RecordingReader;
pub use source::{Source, open, open_with};
