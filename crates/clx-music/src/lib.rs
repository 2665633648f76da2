//! Makes sound: BrainSync composition, synthesis, stimuli, mastering.
//!
//! A [`brief::Brief`] says what is wanted, [`compose`] writes the score, [`render`] plays it in
//! blocks. Everything is a function of the brief: no clock, no environment, no global randomness,
//! and no function of the C library in what becomes sound. The same brief gives the same bytes.
//!
//! Nothing here knows files, analyses or people; the target rate is never played as a tone.

pub mod brief;
mod citations;
mod compose;
mod error;
mod evidence;
mod math;
mod preset;
mod random;
mod render;
mod sample_song;
mod schedule;
mod synth;
mod theory;

pub use compose::{Carrier, Chord, Citation, Composition, Instrument, Note, compose};
pub use error::{MusicError, RenderError};
pub use evidence::{Evidence, Grade, Reference};
pub use preset::{MAX_GLIDE_HZ_PER_S, NoiseColour};
pub use render::{OnProgress, Outcome, Progress, RenderOptions, Sink, render};
pub use sample_song::{SampleSong, Truth, sample_song};
pub use schedule::Schedule;
pub use theory::note_hz;

/// Name and version of the program, for the metadata of files.
pub const GENERATOR: &str = concat!("Clisonix BrainSync ", env!("CARGO_PKG_VERSION"));
