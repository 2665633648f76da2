//! What is known of sound and music: loudness, tempo, key, descriptors, structure.
//!
//! [`OverviewBuilder`] takes a sound in blocks of any size and gives one [`AudioOverview`]. It keeps
//! decimated features, never the samples, so its memory is bounded by a few numbers per hop. The
//! result depends on the samples only, not on how they were cut into blocks, and what is musical in
//! it (tempo, beats, key, segments) does not depend on the gain.
//!
//! ```
//! use clx_audio::{AudioParams, OverviewBuilder};
//! use clx_signal::{SampleRate, synth};
//! let rate = SampleRate::from_hz(48_000.0)?;
//! let tone = synth::sine(rate, 997.0, 0.1, 5.0);
//! let mut builder = OverviewBuilder::new(rate, 1, AudioParams::default())?;
//! builder.push(&[tone])?;
//! let overview = builder.finish()?;
//! // A mono sine of -20 dBFS peak is 3.01 dB + 20 dB below full scale: -23.0 LUFS.
//! assert!((overview.loudness.integrated_lufs.unwrap() + 23.0).abs() < 0.1);
//! # Ok::<(), clx_audio::AudioError>(())
//! ```

mod beat;
mod builder;
mod chroma;
mod decimate;
mod error;
mod frames;
mod grid;
mod key;
mod levels;
mod loudness;
mod mel;
pub mod overview;
mod segment;
mod spectrum;
mod tempo;

pub use builder::{AudioParams, OverviewBuilder};
pub use error::AudioError;
pub use overview::AudioOverview;
