//! Peaks, latencies and mean amplitudes of a wave in a window of time.

use std::ops::Range;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Erp;

/// Which way a component points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Polarity {
    Positive,
    Negative,
    /// The larger of both.
    Either,
}

/// The largest deflection in a window.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Peak {
    pub channel: String,
    /// Seconds from the event.
    pub latency_s: f64,
    pub amplitude_uv: f64,
    /// Confidence band at the peak, each sample by itself; it does not know that the peak was chosen
    /// for being the largest, which biases amplitudes up.
    pub ci_uv: Option<[f64; 2]>,
}

/// Samples between two times, both ends included (a billionth of a second of rounding forgiven).
pub(super) fn within(
    rate_hz: f64,
    start_s: f64,
    n: usize,
    tmin_s: f64,
    tmax_s: f64,
) -> Range<usize> {
    let at = |s: f64| (s - start_s) * rate_hz;
    let slack = 1e-9 * rate_hz;
    let from = (at(tmin_s) - slack).ceil().max(0.0) as usize;
    let to = ((at(tmax_s) + slack).floor() + 1.0).max(0.0) as usize;
    // An empty range where the window misses the wave or is upside down.
    from.min(n)..to.min(n).max(from.min(n))
}

impl Erp {
    fn window(&self, tmin_s: f64, tmax_s: f64) -> Range<usize> {
        within(self.rate_hz, self.tmin_s, self.gfp_uv.len(), tmin_s, tmax_s)
    }

    /// The largest deflection among `channels` from `tmin_s` to `tmax_s` inclusive; the first of equals.
    ///
    /// `None` if the window holds no sample or nothing of that polarity. A peak at an end of the window
    /// is usually none: widen it. Equal to MNE's `Evoked.get_peak`.
    pub fn peak(
        &self,
        channels: &[usize],
        tmin_s: f64,
        tmax_s: f64,
        polarity: Polarity,
    ) -> Option<Peak> {
        let height = |v: f64| match polarity {
            Polarity::Positive => v,
            Polarity::Negative => -v,
            Polarity::Either => v.abs(),
        };
        let mut best: Option<(f64, usize, usize)> = None;
        for &c in channels {
            let wave = &self.channels.get(c)?.mean_uv;
            for t in self.window(tmin_s, tmax_s) {
                let now = height(wave[t]);
                if now > best.map_or(0.0, |b| b.0) {
                    best = Some((now, c, t));
                }
            }
        }
        let (_, c, t) = best?;
        let channel = &self.channels[c];
        Some(Peak {
            channel: channel.name.clone(),
            latency_s: self.tmin_s + t as f64 / self.rate_hz,
            amplitude_uv: channel.mean_uv[t],
            ci_uv: channel.ci_uv.as_ref().map(|band| band[t]),
        })
    }

    /// Mean of one channel from `tmin_s` to `tmax_s` inclusive; `None` for a window without samples.
    pub fn mean_amplitude_uv(&self, channel: usize, tmin_s: f64, tmax_s: f64) -> Option<f64> {
        let wave = &self.channels.get(channel)?.mean_uv;
        clx_signal::stats::mean(&wave[self.window(tmin_s, tmax_s)])
    }

    /// Time that divides the area of a component: `share` of it lies before, 0.5 the usual.
    ///
    /// Area of the part of that polarity between wave and zero (of both for `Either`), trapezoids
    /// between samples, linear in between. Less sensitive to noise than the peak's latency. `None`
    /// without two samples in the window or without area, or for a share outside `0..=1`.
    ///
    /// # Source
    /// Kiesel et al. 2008, Psychophysiology 45:250-274.
    pub fn fractional_area_latency_s(
        &self,
        channel: usize,
        tmin_s: f64,
        tmax_s: f64,
        polarity: Polarity,
        share: f64,
    ) -> Option<f64> {
        let window = self.window(tmin_s, tmax_s);
        let wave = self.channels.get(channel)?.mean_uv.get(window.clone())?;
        let height: Vec<f64> = wave
            .iter()
            .map(|&v| match polarity {
                Polarity::Positive => v.max(0.0),
                Polarity::Negative => (-v).max(0.0),
                Polarity::Either => v.abs(),
            })
            .collect();
        let areas: Vec<f64> = height.windows(2).map(|w| (w[0] + w[1]) / 2.0).collect();
        let total: f64 = areas.iter().sum();
        if !(total > 0.0 && (0.0..=1.0).contains(&share)) {
            return None;
        }
        let mut wanted = share * total;
        let step = areas.iter().position(|area| {
            let here = wanted <= *area;
            if !here {
                wanted -= area;
            }
            here
        });
        // Rounding may leave a crumb after the last step.
        let i = step.unwrap_or(areas.len() - 1);
        let within_step = share_of_trapezoid(height[i], height[i + 1], wanted.min(areas[i]));
        Some(self.tmin_s + ((window.start + i) as f64 + within_step) / self.rate_hz)
    }
}

/// Where in `0..=1` a trapezoid from height `a` to `b` has the area `wanted` at its left.
fn share_of_trapezoid(a: f64, b: f64, wanted: f64) -> f64 {
    // a·x + (b - a)·x²/2 = wanted, written without dividing by b - a.
    let root = (a * a + 2.0 * (b - a) * wanted).max(0.0).sqrt();
    if a + root > 0.0 { (2.0 * wanted / (a + root)).clamp(0.0, 1.0) } else { 0.0 }
}
