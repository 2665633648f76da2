//! Live signals: LSL streams in and out, time stamps brought to one clock, causal chains that give
//! the same bits live and offline, and figures on gaps, jitter and latency.
//!
//! [`Ring`], [`clock`](StampCorrection), [`GapMonitor`], [`LatencyHistogram`] and [`Chain`] are pure:
//! samples and stamps come in as arguments. Only [`lsl`] opens sockets and reads the clock. Every
//! buffer and queue here has a written bound, and what does not fit is counted, never lost silently.

pub mod lsl;

mod chain;
mod clock;
mod error;
mod gaps;
mod intake;
mod latency;
mod ring;

pub use chain::{
    AsrStage, BandEdges, BandPower, Chain, ChainOutput, ChainParams, ChainReport, ChannelQuality,
    Features, FilterKind, Grade, QualityParams, Reason, ReferenceStage, StageDelay,
};
pub use clock::{ClockOffset, Dejitter, OffsetFilter, Probe, StampCorrection, StampParams};
pub use error::LiveError;
pub use gaps::{GapMonitor, GapReport, StreamGap};
pub use intake::{Intake, IntakeParams};
pub use latency::{LatencyHistogram, LatencySummary};
pub use ring::{MAX_RING_SAMPLES, Read, Ring};
