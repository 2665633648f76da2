//! From chunks of a stream to blocks in volts, with what is missing made good.

use serde::{Deserialize, Serialize};

use crate::lsl::{Chunk, StreamInfo};
use crate::{Chain, ChainOutput, GapMonitor, GapReport, LiveError};

/// Settings of an [`Intake`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IntakeParams {
    /// Volts that 1 stands for in channels whose unit the stream does not name. EEG streams are
    /// customarily in microvolts, hence the default of 1e-6.
    pub unnamed_unit_v: f64,
    /// An interval between time stamps longer than this is a gap, seconds. Stamps are those of
    /// chunks, so choose it longer than the chunks of the device.
    pub min_gap_s: f64,
    /// Longest gap that is filled with missing samples, seconds, up to 3600; of a longer one only so
    /// much is filled.
    pub max_fill_s: f64,
}

impl Default for IntakeParams {
    fn default() -> Self {
        Self { unnamed_unit_v: 1e-6, min_gap_s: 0.1, max_fill_s: 60.0 }
    }
}

/// Feeds a [`Chain`] from a stream: scales to volts, watches the stamps, stands in for lost samples.
#[derive(Clone, Debug)]
pub struct Intake {
    scale: Vec<f64>,
    max_fill: u64,
    gaps: GapMonitor,
}

impl Intake {
    /// `info` with its whole description, from [`lsl::describe`](crate::lsl::describe), or every
    /// channel counts as without a unit.
    ///
    /// # Errors
    /// [`LiveError::Parameter`] for settings out of bounds, or a stream without a steady rate.
    pub fn new(info: &StreamInfo, params: &IntakeParams) -> Result<Self, LiveError> {
        let refuse = |name, expected, got| Err(LiveError::Parameter { name, expected, got });
        let Some(rate) = info.rate else {
            return refuse("stream", "one with a steady rate", "an irregular one".to_owned());
        };
        if !(params.unnamed_unit_v.is_finite() && params.unnamed_unit_v > 0.0) {
            let got = params.unnamed_unit_v.to_string();
            return refuse("unnamed_unit_v", "a number above 0", got);
        }
        if !(0.0..=3600.0).contains(&params.max_fill_s) {
            return refuse("max_fill_s", "from 0 to 3600", params.max_fill_s.to_string());
        }
        let scale = |unit: &str| volts(unit).unwrap_or(params.unnamed_unit_v);
        Ok(Self {
            scale: info.channels().iter().map(|c| scale(&c.unit)).collect(),
            max_fill: rate.samples(params.max_fill_s) as u64,
            gaps: GapMonitor::new(Some(rate), params.min_gap_s),
        })
    }

    /// Gives a chunk to the chain, in pieces where samples are missing within.
    ///
    /// # Errors
    /// [`LiveError::Parameter`] for a stream of strings, and those of [`Chain::push`].
    pub fn feed(
        &mut self,
        chunk: &Chunk,
        chain: &mut Chain,
        out: &mut ChainOutput,
    ) -> Result<(), LiveError> {
        let block = chunk.values.to_channels(&self.scale)?;
        let mut from = 0;
        for (i, stamp_s) in chunk.sent_s.iter().enumerate() {
            if let Some(gap) = self.gaps.push(*stamp_s) {
                push_part(&block, from..i, chain, out)?;
                chain.push_missing(gap.n_missing.min(self.max_fill), out)?;
                from = i;
            }
        }
        push_part(&block, from..chunk.sent_s.len(), chain, out)
    }

    pub fn report(&self) -> GapReport {
        self.gaps.report()
    }
}

fn push_part(
    block: &[Vec<f32>],
    range: std::ops::Range<usize>,
    chain: &mut Chain,
    out: &mut ChainOutput,
) -> Result<(), LiveError> {
    let part: Vec<Vec<f32>> =
        block.iter().map(|x| x.get(range.clone()).unwrap_or_default().to_vec()).collect();
    chain.push(&part, out)
}

/// Volts that one of `unit` is; `None` for a unit that is none of voltage.
fn volts(unit: &str) -> Option<f64> {
    match unit.trim().to_lowercase().as_str() {
        "v" | "volt" | "volts" => Some(1.0),
        "mv" | "millivolt" | "millivolts" => Some(1e-3),
        // The micro sign and the Greek letter both occur.
        "uv" | "\u{b5}v" | "\u{3bc}v" | "microvolt" | "microvolts" => Some(1e-6),
        "nv" | "nanovolt" | "nanovolts" => Some(1e-9),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use clx_signal::SampleRate;

    use super::*;
    use crate::ChainParams;
    use crate::lsl::{ChannelFormat, Values};

    fn info(rate_hz: f64) -> StreamInfo {
        let mut info =
            StreamInfo::new("n", "EEG", 2, rate_hz, ChannelFormat::Float32, "s").unwrap();
        info.describe_channels(&[("Fz", "millivolts"), ("Cz", "")]);
        info
    }

    fn chunk(stamps: &[f64]) -> Chunk {
        Chunk {
            sent_s: stamps.to_vec(),
            stamps_s: stamps.to_vec(),
            values: Values::Float32(vec![1.0; 2 * stamps.len()]),
            received_s: 0.0,
        }
    }

    #[test]
    fn units_are_volts_afterwards_and_gaps_are_stood_in_for() {
        let rate = SampleRate::from_hz(100.0).unwrap();
        let params = ChainParams { highpass_hz: None, lowpass_hz: None, ..ChainParams::default() };
        let mut chain = Chain::new(&params, rate, 2).unwrap();
        let mut out = ChainOutput::new(2);
        let mut intake = Intake::new(&info(100.0), &IntakeParams::default()).unwrap();
        intake.feed(&chunk(&[0.0, 0.01, 0.51, 0.52]), &mut chain, &mut out).unwrap();
        // Held at the last value for the 49 samples that are missing.
        assert_eq!(out.samples[0], [1e-3; 53]);
        assert_eq!(out.samples[1], [1e-6; 53]);
        let report = chain.finish(&mut out).unwrap();
        assert_eq!((report.n_samples, report.n_missing, report.n_held), (53, 49, 98));
        assert_eq!(intake.report().n_missing, 49);
    }

    #[test]
    fn an_endless_gap_is_filled_as_far_as_was_allowed() {
        let rate = SampleRate::from_hz(100.0).unwrap();
        let mut chain = Chain::new(&ChainParams::default(), rate, 2).unwrap();
        let mut out = ChainOutput::new(2);
        let params = IntakeParams { max_fill_s: 1.0, ..IntakeParams::default() };
        let mut intake = Intake::new(&info(100.0), &params).unwrap();
        intake.feed(&chunk(&[0.0, 1e300]), &mut chain, &mut out).unwrap();
        assert_eq!(out.samples[0].len(), 102);
    }

    #[test]
    fn settings_and_streams_that_do_not_fit_are_refused() {
        let default = IntakeParams::default();
        assert!(Intake::new(&info(0.0), &default).is_err());
        assert!(
            Intake::new(&info(100.0), &IntakeParams { unnamed_unit_v: 0.0, ..default }).is_err()
        );
        assert!(
            Intake::new(&info(100.0), &IntakeParams { max_fill_s: f64::NAN, ..default }).is_err()
        );
    }
}
