//! Units and containers of signals, and the mathematics on them.
//!
//! Everything here is synchronous and pure: no I/O of its own (the pyramid writes to the sink it is
//! given), no clock, no environment, no global
//! randomness. The same input gives the same output, bit for bit. Samples are stored as `f32`;
//! filters are designed, and sums accumulated, in `f64`. Units are SI (volts, seconds, hertz).

pub mod complexity;
pub mod dpss;
pub mod fir;
pub mod hilbert;
pub mod iir;
pub mod interpolate;
pub mod linear;
pub mod lomb;
pub mod multitaper;
pub mod peaks;
pub mod pyramid;
pub mod resample;
pub mod rng;
pub mod spectrum;
pub mod stats;
pub mod stft;
pub mod student;
pub mod synth;
pub mod tfr;
pub mod welch;
pub mod window;

mod band;
mod epochs;
mod error;
mod finding;
mod finite;
mod rate;
mod recording;
mod waveform;

pub use band::Band;
pub use epochs::Epochs;
pub use error::SignalError;
pub use finding::{Finding, Severity};
pub use rate::SampleRate;
pub use recording::{
    Annotation, Block, Channel, ChannelInfo, ChannelKind, Gap, Recording, RecordingHeader, Unit,
};
pub use rustfft::num_complex::Complex64;
pub use waveform::Waveform;
