//! Loudness by EBU R128 / ITU-R BS.1770-4, through the `ebur128` crate.

use clx_signal::SampleRate;
use ebur128::{EbuR128, Mode};

use crate::AudioError;
use crate::overview::Loudness;

pub(crate) struct Meter {
    meter: EbuR128,
    short_term: Vec<Option<f64>>,
    n_channels: usize,
    any: bool,
}

impl std::fmt::Debug for Meter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Meter").field("seconds", &self.short_term.len()).finish_non_exhaustive()
    }
}

impl Meter {
    pub(crate) fn new(rate: SampleRate, n_channels: usize) -> Result<Self, AudioError> {
        let layout = AudioError::Layout { n_channels, rate_hz: rate.hz() };
        let whole = rate.hz().round();
        if !(100.0..=1_536_000.0).contains(&whole) || !(1..=64).contains(&n_channels) {
            return Err(layout);
        }
        let mode = Mode::I | Mode::S | Mode::LRA | Mode::TRUE_PEAK | Mode::SAMPLE_PEAK;
        let meter = EbuR128::new(n_channels as u32, whole as u32, mode).map_err(|_full| layout)?;
        Ok(Self { meter, short_term: Vec::new(), n_channels, any: false })
    }

    /// Adds exactly one second, or what is left at the end.
    pub(crate) fn push_second(&mut self, block: &[Vec<f32>], whole: bool) {
        let planes: Vec<&[f32]> = block.iter().map(Vec::as_slice).collect();
        self.any |= !planes[0].is_empty();
        self.meter.add_frames_planar_f32(&planes).expect("planes match the meter's channels");
        if whole {
            self.short_term.push(audible(self.meter.loudness_shortterm().ok()));
        }
    }

    pub(crate) fn finish(self) -> Loudness {
        let peak = |of: &dyn Fn(u32) -> Option<f64>| {
            let peaks = (0..self.n_channels as u32).filter_map(of);
            let peak = peaks.fold(0.0, f64::max);
            (self.any && peak > 0.0).then(|| 20.0 * peak.log10())
        };
        let integrated_lufs = audible(self.meter.loudness_global().ok());
        Loudness {
            integrated_lufs,
            // Without a gated block there is no range; the crate would say 0.
            range_lu: integrated_lufs
                .filter(|_| self.short_term.len() >= 3)
                .and(self.meter.loudness_range().ok()),
            true_peak_dbtp: peak(&|c| self.meter.true_peak(c).ok()),
            sample_peak_dbfs: peak(&|c| self.meter.sample_peak(c).ok()),
            short_term_lufs: self.short_term,
        }
    }
}

/// BS.1770's absolute gate.
const GATE_LUFS: f64 = -70.0;

fn audible(lufs: Option<f64>) -> Option<f64> {
    lufs.filter(|l| l.is_finite() && *l >= GATE_LUFS)
}
