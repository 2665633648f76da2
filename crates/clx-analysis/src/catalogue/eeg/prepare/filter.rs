//! The one pass that filters and resamples.

use clx_signal::fir::{self, Edge, Fir, OverlapSave};
use clx_signal::{Finding, SampleRate, Severity};

use super::PrepareParams;
use crate::AnalysisError;

#[derive(Debug)]
pub(super) struct Filter {
    design: Fir,
    up: usize,
    down: usize,
    pub(super) rate_out: SampleRate,
    pub(super) highpass_hz: Option<f64>,
    pub(super) lowpass_hz: Option<f64>,
    pub(super) notch_hz: Vec<f64>,
}

impl Filter {
    pub(super) fn design(
        rate: SampleRate,
        params: &PrepareParams,
        findings: &mut Vec<Finding>,
    ) -> Result<Self, AnalysisError> {
        let lowpass_hz = params.lowpass_hz.filter(|&hz| hz < 0.95 * rate.nyquist_hz());
        if let (Some(asked), None) = (params.lowpass_hz, lowpass_hz) {
            let text = format!(
                "no low-pass at {asked} Hz: the recording ends at {} Hz anyway",
                rate.nyquist_hz()
            );
            findings.push(Finding::new("filter.lowpass", Severity::Info, text));
        }
        let mut design = fir::design_bandpass(rate, params.highpass_hz, lowpass_hz)?;
        let end = lowpass_hz.unwrap_or(rate.nyquist_hz()).min(0.98 * rate.nyquist_hz());
        let multiples = |line: f64| (1..).map(move |k| f64::from(k) * line);
        let notch_hz: Vec<f64> = params
            .line_hz
            .map(|line| multiples(line).take_while(|&hz| hz < end).collect())
            .unwrap_or_default();
        if !notch_hz.is_empty() {
            design = design.fuse(&fir::design_notch(rate, &notch_hz)?)?;
        }
        let (up, down, rate_out) = factors(rate, params.rate_hz)?;
        Ok(Self {
            design,
            up,
            down,
            rate_out,
            highpass_hz: params.highpass_hz,
            lowpass_hz,
            notch_hz,
        })
    }

    fn changes_nothing(&self) -> bool {
        self.highpass_hz.is_none()
            && self.lowpass_hz.is_none()
            && self.notch_hz.is_empty()
            && self.up == self.down
    }

    /// Each stretch between breaks by itself.
    pub(super) fn apply(&self, x: &[f32], breaks: &[usize]) -> Result<Vec<f32>, AnalysisError> {
        if self.changes_nothing() {
            return Ok(x.to_vec());
        }
        let mut out = Vec::with_capacity(x.len() * self.up / self.down + 1);
        let mut from = 0;
        for to in breaks.iter().copied().chain([x.len()]) {
            let part = &x[from.min(x.len())..to.min(x.len())];
            let mut pass =
                OverlapSave::resampling(&self.design, self.up, self.down, 1, Edge::Reflect)?;
            pass.push(0, part, &mut out);
            pass.finish(0, &mut out);
            from = to;
        }
        Ok(out)
    }
}

/// Factors from `rate` down to the rate asked for.
fn factors(
    rate: SampleRate,
    asked_hz: Option<f64>,
) -> Result<(usize, usize, SampleRate), AnalysisError> {
    /// Rates are told apart to a thousandth of a hertz.
    const STEPS: f64 = 1000.0;
    let Some(asked) = asked_hz.filter(|&hz| hz < rate.hz()) else { return Ok((1, 1, rate)) };
    let whole = |hz: f64| (hz * STEPS).round().max(1.0) as usize;
    let (mut a, mut b) = (whole(asked), whole(rate.hz()));
    while b != 0 {
        (a, b) = (b, a % b);
    }
    let (up, down) = (whole(asked) / a, whole(rate.hz()) / a);
    Ok((up, down, SampleRate::from_hz(rate.hz() * up as f64 / down as f64)?))
}
