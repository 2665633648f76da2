//! Stretches of a recording around its events: which events, which samples, which are dropped and
//! why.

use clx_signal::{Annotation, ChannelInfo, ChannelKind, Epochs, Gap, SampleRate, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::EegError;

mod builder;
mod events;

pub use builder::EpochBuilder;
pub use events::{Event, EventRule, find_events};

/// Largest number of events of one recording: a bound on memory for hostile files.
const MAX_EVENTS: usize = 1_000_000;

/// How epochs are cut.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct EpochParams {
    /// Which annotations are events; empty: every text is one, numbered from 1 in alphabetical order.
    pub events: Vec<EventRule>,
    /// First sample, seconds from the event; negative before it.
    pub tmin_s: f64,
    /// Last sample, seconds from the event.
    pub tmax_s: f64,
    /// The mean of this span is taken off each channel of each epoch; absent: nothing is.
    pub baseline: Option<Baseline>,
    /// Every how-many-th sample is kept, counted from the event. Low-pass the recording first: nothing
    /// here keeps what lies above half the new rate from folding down.
    #[schemars(range(min = 1, max = 1000))]
    pub decimation: usize,
    /// Limits per kind of channel.
    pub limits: Vec<AmplitudeLimit>,
    /// Drop epochs that overlap an annotation whose text starts with `bad`, in any case.
    pub drop_annotated: bool,
    /// Texts of annotations at which the recording was cut, with `*` as in [`EventRule`].
    pub boundaries: Vec<String>,
}

impl Default for EpochParams {
    fn default() -> Self {
        Self {
            events: Vec::new(),
            tmin_s: -0.2,
            tmax_s: 0.8,
            baseline: Some(Baseline::default()),
            decimation: 1,
            limits: Vec::new(),
            drop_annotated: true,
            boundaries: vec!["boundary".to_owned(), "EDGE*".to_owned()],
        }
    }
}

/// Span whose mean is zero afterwards, seconds from the event, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Baseline {
    /// Absent: the first sample of the epoch.
    pub tmin_s: Option<f64>,
    /// Absent: the last sample of the epoch.
    pub tmax_s: Option<f64>,
}

impl Default for Baseline {
    fn default() -> Self {
        Self { tmin_s: None, tmax_s: Some(0.0) }
    }
}

/// Largest minus smallest value that a channel of this kind may have in an epoch.
///
/// Looks at the samples that are kept, so after decimation. Channels in other units than volts are
/// not judged.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AmplitudeLimit {
    pub kind: ChannelKind,
    /// Dropped above this.
    #[serde(default)]
    pub peak_to_peak_uv: Option<f64>,
    /// Dropped below this.
    #[serde(default)]
    pub flat_uv: Option<f64>,
}

impl EpochParams {
    /// # Errors
    /// [`EegError::Signal`] naming the parameter that is out of range.
    pub fn check(&self) -> Result<(), EegError> {
        let span = self.tmax_s - self.tmin_s;
        if !((0.0..=3600.0).contains(&span) && self.tmin_s.abs() <= 1e6) {
            return Err(refuse(
                "tmin_s..tmax_s",
                "ascending and at most an hour long",
                (self.tmin_s, self.tmax_s),
            ));
        }
        if !(1..=1000).contains(&self.decimation) {
            return Err(refuse("decimation", "1 to 1000", self.decimation));
        }
        if let Some(Baseline { tmin_s, tmax_s }) = self.baseline {
            let (from, to) = (tmin_s.unwrap_or(self.tmin_s), tmax_s.unwrap_or(self.tmax_s));
            if !(self.tmin_s <= from && from <= to && to <= self.tmax_s) {
                return Err(refuse("baseline", "a span inside the epoch", (from, to)));
            }
        }
        for limit in &self.limits {
            for uv in [limit.peak_to_peak_uv, limit.flat_uv].into_iter().flatten() {
                if !(uv > 0.0 && uv.is_finite()) {
                    return Err(refuse("limits", "above 0 µV", uv));
                }
            }
        }
        Ok(())
    }

    /// Samples from the event to the first and the last sample of an epoch.
    fn span(&self, rate: SampleRate) -> (i64, i64) {
        let at = |s: f64| (s * rate.hz()).round_ties_even() as i64;
        (at(self.tmin_s), at(self.tmax_s))
    }
}

fn refuse(name: &'static str, expected: &'static str, got: impl std::fmt::Debug) -> EegError {
    clx_signal::SignalError::Parameter { name, expected, got: format!("{got:?}") }.into()
}

/// Epochs with what is known of each.
#[derive(Clone, Debug, PartialEq)]
pub struct EpochSet {
    pub epochs: Epochs,
    pub channels: Vec<ChannelInfo>,
    /// The event of each epoch, in order.
    pub events: Vec<Event>,
    /// Every event, in order of time, dropped or kept.
    pub log: Vec<EpochFate>,
}

impl EpochSet {
    /// The epochs of the events with this id.
    #[must_use]
    pub fn of_event(&self, id: u32) -> Epochs {
        let keep: Vec<usize> =
            (0..self.events.len()).filter(|&i| self.events[i].id == id).collect();
        self.epochs.select(&keep)
    }
}

/// What became of one event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EpochFate {
    pub event: Event,
    /// Why there is no epoch; empty if there is one.
    pub dropped: Vec<DropReason>,
}

/// Why an event has no epoch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "reason")]
pub enum DropReason {
    /// An earlier event stands at the same sample.
    Duplicate,
    /// The epoch would start before the first sample or end after the last.
    Outside,
    /// The recording was interrupted or cut inside the epoch.
    Gap {
        /// Seconds from the first sample of the recording.
        at_s: f64,
    },
    /// The epoch overlaps this annotation.
    Annotated {
        text: String,
    },
    PeakToPeak {
        channel: String,
        value_uv: f64,
    },
    Flat {
        channel: String,
        value_uv: f64,
    },
    /// The channel holds a sample that is no number.
    NotFinite {
        channel: String,
    },
}

/// Cuts epochs from a recording that is in memory.
///
/// `samples`: `n_channels × n_samples` in the order of `channels`, all of one rate. The same as
/// pushing it through an [`EpochBuilder`].
///
/// # Errors
/// As [`EpochBuilder::new`] and [`EpochBuilder::push`].
///
/// ```
/// use clx_eeg::epochs::{cut_epochs, EpochParams};
/// use clx_signal::{synth, Annotation};
/// let (recording, _) = synth::eeg_sample(1);
/// let channels: Vec<_> = recording.channels.iter().map(|c| c.info.clone()).collect();
/// let samples: Vec<_> = recording.channels.iter().map(|c| c.samples.clone()).collect();
/// let at = |onset_s| Annotation { onset_s, duration_s: None, text: "tone".into(), channel: None };
/// let set = cut_epochs(&channels, &samples, &[at(0.1), at(5.0)], &[], &EpochParams::default())?;
/// // The first would start before the recording.
/// assert_eq!((set.epochs.len(), set.epochs.n_samples()), (1, 251));
/// # Ok::<(), clx_eeg::EegError>(())
/// ```
pub fn cut_epochs(
    channels: &[ChannelInfo],
    samples: &[Vec<f32>],
    annotations: &[Annotation],
    gaps: &[Gap],
    params: &EpochParams,
) -> Result<EpochSet, EegError> {
    let mut builder = EpochBuilder::new(channels, annotations, gaps, params)?;
    builder.push(samples)?;
    builder.finish()
}

/// Reasons by amplitude, of a finished epoch.
fn judge(
    epoch: &[f32],
    n_samples: usize,
    channels: &[ChannelInfo],
    params: &EpochParams,
) -> Vec<DropReason> {
    let mut reasons = Vec::new();
    for (x, info) in epoch.chunks_exact(n_samples).zip(channels) {
        let channel = || info.name.clone();
        let (low, high, finite) =
            x.iter().fold((f32::INFINITY, f32::NEG_INFINITY, true), |(low, high, finite), &v| {
                (low.min(v), high.max(v), finite & v.is_finite())
            });
        if !finite {
            reasons.push(DropReason::NotFinite { channel: channel() });
            continue;
        }
        if info.unit != Unit::Volt {
            continue;
        }
        let value_uv = (f64::from(high) - f64::from(low)) * 1e6;
        for limit in params.limits.iter().filter(|l| l.kind == info.kind) {
            if limit.peak_to_peak_uv.is_some_and(|uv| value_uv > uv) {
                reasons.push(DropReason::PeakToPeak { channel: channel(), value_uv });
            }
            if limit.flat_uv.is_some_and(|uv| value_uv < uv) {
                reasons.push(DropReason::Flat { channel: channel(), value_uv });
            }
        }
    }
    reasons
}
