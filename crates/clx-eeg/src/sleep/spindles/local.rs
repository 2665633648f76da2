use clx_signal::hilbert::Hilbert;
use clx_signal::{SampleRate, stats};
use realfft::num_complex::Complex64;

use crate::EegError;

/// Signal taken on either side of an event; a raised cosine fades it in and out, so that the ends
/// of the stretch do not disturb the phase inside the event.
const MARGIN_S: f64 = 2.0;

/// Instantaneous frequency and power of a narrow-band signal around one event at a time.
pub(super) struct LocalPhase {
    hilbert: Hilbert,
    rate: SampleRate,
    margin: usize,
    stretch: Vec<f32>,
    analytic: Vec<Complex64>,
}

impl LocalPhase {
    pub(super) fn new(
        rate: SampleRate,
        longest_s: f64,
        n_samples: usize,
    ) -> Result<Self, EegError> {
        let margin = rate.samples(MARGIN_S);
        let n = (rate.samples(longest_s) + 1 + 2 * margin).min(n_samples);
        let hilbert = Hilbert::new(n, n.next_power_of_two())?;
        let analytic = vec![Complex64::ZERO; n];
        Ok(Self { hilbert, rate, margin, stretch: vec![0.0; n], analytic })
    }

    /// Medians over the samples `first..=last` of `x`: frequency where it is positive, log10 of
    /// power.
    pub(super) fn frequency_and_power(
        &mut self,
        x: &[f32],
        first: usize,
        last: usize,
    ) -> Result<(f64, f64), EegError> {
        let n = self.stretch.len();
        let start = first.saturating_sub(self.margin).min(x.len() - n);
        self.stretch.copy_from_slice(&x[start..start + n]);
        let (before, after) = (first - start, (start + n).saturating_sub(last + 2));
        fade(self.stretch[..before].iter_mut(), before);
        fade(self.stretch.iter_mut().rev().take(after), after);
        self.hilbert.analytic(&self.stretch, &mut self.analytic)?;
        let inside = &self.analytic[first - start..=last - start];
        let log_powers: Vec<f64> =
            inside.iter().map(|z| z.norm_sqr()).filter(|&p| p > 0.0).map(f64::log10).collect();
        let next = (last + 1 - start).min(n - 1);
        let turns: Vec<f64> = self.analytic[first - start..=next]
            .windows(2)
            .map(|z| (z[1].arg() - z[0].arg()) / std::f64::consts::TAU * self.rate.hz())
            .filter(|&f| f > 0.0)
            .collect();
        Ok((
            stats::median(&turns).unwrap_or(0.0),
            stats::median(&log_powers).unwrap_or(f64::MIN_POSITIVE.log10()),
        ))
    }
}

/// Multiplies the `n` samples by a rising half of a cosine.
fn fade<'a>(samples: impl Iterator<Item = &'a mut f32>, n: usize) {
    for (i, v) in samples.enumerate() {
        let turn = (i as f64 + 0.5) / n as f64 * std::f64::consts::PI;
        *v *= (0.5 - 0.5 * turn.cos()) as f32;
    }
}
