use std::collections::VecDeque;

use clx_signal::welch::{Psd, Welch, WelchParams};
use clx_signal::{Band, SampleRate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::quality::{ChannelQuality, RawWindow, judge};
use super::{BandEdges, ChainParams};
use crate::LiveError;

/// Figures of one window, which ends at sample `end_sample`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Features {
    /// The window holds the samples up to this number, exclusive.
    pub end_sample: u64,
    /// The same in seconds from the first sample of the stream.
    pub end_s: f64,
    pub bands: Vec<BandPower>,
    /// One per channel.
    pub quality: Vec<ChannelQuality>,
}

/// Power of one band in each channel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BandPower {
    pub name: String,
    /// One per channel, µV².
    pub power_uv2: Vec<f64>,
    /// One per channel: the share of the power in all bins above 0 Hz; absent for silence.
    pub relative: Vec<Option<f64>>,
}

/// Makes features every hop once the first window is full.
#[derive(Clone)]
pub(crate) struct Hops {
    params: ChainParams,
    rate: SampleRate,
    window: usize,
    hop: usize,
    welch: Welch,
    clean: Vec<VecDeque<f32>>,
    n: u64,
    next_end: u64,
}

impl std::fmt::Debug for Hops {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hops").field("n", &self.n).field("window", &self.window).finish()
    }
}

impl Hops {
    pub(crate) fn new(
        params: &ChainParams,
        rate: SampleRate,
        n_channels: usize,
    ) -> Result<Self, LiveError> {
        let window = rate.samples(params.window_s);
        let welch = WelchParams { window_s: params.segment_s, ..WelchParams::default() };
        Ok(Self {
            params: params.clone(),
            rate,
            window,
            hop: rate.samples(params.hop_s).max(1),
            welch: Welch::new(rate, welch)?,
            clean: vec![VecDeque::with_capacity(window + 1); n_channels],
            n: 0,
            next_end: window as u64,
        })
    }

    /// Takes clean samples and appends the features of every window that they complete.
    pub(crate) fn push(
        &mut self,
        clean: &[Vec<f32>],
        raw: &RawWindow,
        out: &mut Vec<Features>,
    ) -> Result<(), LiveError> {
        let n = clean[0].len();
        let mut from = 0;
        while from < n {
            let now = (n - from).min((self.next_end - self.n) as usize);
            for (kept, x) in self.clean.iter_mut().zip(clean) {
                kept.extend(&x[from..from + now]);
                let old = kept.len().saturating_sub(self.window);
                kept.drain(..old);
            }
            self.n += now as u64;
            from += now;
            if self.n == self.next_end {
                out.push(self.features(raw)?);
                self.next_end += self.hop as u64;
            }
        }
        Ok(())
    }

    fn features(&mut self, raw: &RawWindow) -> Result<Features, LiveError> {
        let raw = raw.ending_at(self.n);
        let n_channels = self.clean.len();
        let mut quality = Vec::with_capacity(n_channels);
        let mut bands: Vec<BandPower> =
            self.params.bands.iter().map(|b| BandPower::empty(b, n_channels)).collect();
        for (kept, raw) in self.clean.iter_mut().zip(&raw) {
            let clean = &*kept.make_contiguous();
            let mut welch = self.welch.fresh();
            welch.push(clean);
            let psd = welch.finish()?;
            for (power, edges) in bands.iter_mut().zip(&self.params.bands) {
                power.add(&psd, edges);
            }
            quality.push(judge(raw, clean, self.rate, &self.params.quality));
        }
        Ok(Features { end_sample: self.n, end_s: self.n as f64 / self.rate.hz(), bands, quality })
    }
}

impl BandPower {
    fn empty(edges: &BandEdges, n_channels: usize) -> Self {
        let name = edges.name.clone();
        let (power_uv2, relative) =
            (Vec::with_capacity(n_channels), Vec::with_capacity(n_channels));
        Self { name, power_uv2, relative }
    }

    fn add(&mut self, psd: &Psd, edges: &BandEdges) {
        let band = Band { name: "", fmin_hz: edges.fmin_hz, fmax_hz: edges.fmax_hz };
        let power = psd.band_power(band);
        let total = psd.density.iter().skip(1).sum::<f64>() * psd.resolution_hz();
        self.power_uv2.push(power * 1e12);
        self.relative.push((total > 0.0).then(|| power / total));
    }
}
