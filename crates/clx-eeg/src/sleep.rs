//! Sleep: stages of 30-second epochs, what a night of them amounts to, and the events in it
//! (spindles, slow waves, rapid eye movements).
//!
//! Features, detectors and statistics are those of YASA 0.8.1 (Vallat and Walker 2021, eLife
//! 10:e70092), so that figures can be compared with the literature that uses it. Signals come in as
//! volts; thresholds and results of events are in microvolts, as sleep medicine writes them. All
//! filters here are zero-phase and look at the whole recording: nothing in this module is live.
//! A stage given by a classifier is a proposal for a trained scorer, not a diagnosis.

mod coupling;
mod cycles;
mod features;
mod hypnogram;
mod moving;
mod rems;
mod slow_waves;
mod spindles;
mod staging;
mod statistics;

pub use coupling::{Coupling, CouplingParams, SigmaPhase, couple_sigma};
pub use cycles::{SleepCycle, find_cycles};
pub use features::{FeatureTable, SleepMetadata, SleepSignals, stage_features};
pub use hypnogram::{EPOCH_S, Hypnogram, Stage};
pub use rems::{EyeMovement, RemParams, detect_rems};
pub use slow_waves::{SlowWave, SlowWaveParams, detect_slow_waves};
pub use spindles::{Spindle, SpindleParams, detect_spindles, implausible_amplitude};
pub use staging::{Predict, StagedEpoch, Staging, stage_night};
pub use statistics::{
    SleepStatistics, sleep_statistics, transition_counts, transition_probabilities,
};
