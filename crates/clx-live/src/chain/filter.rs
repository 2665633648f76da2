use clx_signal::fir::{self, CausalFir, Fir};
use clx_signal::iir::{self, Passband, Prototype, Sos, SosFilter};
use clx_signal::{SampleRate, SignalError};

use super::{ChainParams, FilterKind, StageDelay};
use crate::LiveError;

/// Order of the Butterworth pass band (its band-pass has twice as many poles).
const ORDER: usize = 4;
/// Quality of a notch: 50 Hz are taken out with a width of 1.7 Hz. As MNE's default for IIR notches.
const NOTCH_QUALITY: f64 = 30.0;

/// Replaces samples that are not finite by the last finite one of their channel, 0 before the first.
#[derive(Clone, Debug)]
pub(crate) struct Hold {
    last: Vec<f32>,
    n_held: u64,
}

impl Hold {
    pub(crate) fn new(n_channels: usize) -> Self {
        Self { last: vec![0.0; n_channels], n_held: 0 }
    }

    pub(crate) fn fill(&mut self, block: &mut [Vec<f32>]) {
        for (x, last) in block.iter_mut().zip(&mut self.last) {
            for v in x {
                if v.is_finite() {
                    *last = *v;
                } else {
                    *v = *last;
                    self.n_held += 1;
                }
            }
        }
    }

    pub(crate) fn n_held(&self) -> u64 {
        self.n_held
    }
}

/// The pass band and the notches as one filter.
#[derive(Clone, Debug)]
pub(crate) enum Filter {
    None,
    Iir { sos: Sos, state: SosFilter },
    Fir(CausalFir),
}

impl Filter {
    pub(crate) fn design(
        params: &ChainParams,
        rate: SampleRate,
        n_channels: usize,
    ) -> Result<Self, LiveError> {
        let (low, high) = (params.highpass_hz, params.lowpass_hz);
        if low.is_none() && high.is_none() && params.notch_hz.is_empty() {
            return Ok(Self::None);
        }
        if params.filter == FilterKind::Iir {
            let sos = sections(rate, low, high, &params.notch_hz)?;
            let state = SosFilter::new(&sos, n_channels).settle_on_first();
            return Ok(Self::Iir { sos, state });
        }
        let fir = fused(rate, low, high, &params.notch_hz)?;
        Ok(Self::Fir(match params.filter {
            FilterKind::FirMinimumPhase => CausalFir::minimum_phase(&fir, n_channels),
            _ => CausalFir::linear_phase(&fir, n_channels),
        }))
    }

    /// Filters finite samples in place.
    pub(crate) fn process(&mut self, block: &mut [Vec<f32>]) -> Result<(), SignalError> {
        match self {
            Self::None => Ok(()),
            Self::Iir { state, .. } => state.process(block).map(drop),
            Self::Fir(fir) => fir.process(block).map(drop),
        }
    }

    pub(crate) fn delays(&self, params: &ChainParams, at_hz: f64) -> Vec<StageDelay> {
        let low = params.highpass_hz.unwrap_or(0.0);
        let high = params.lowpass_hz.unwrap_or(f64::INFINITY);
        let at_hz = if (low..high).contains(&at_hz) {
            at_hz
        } else if high.is_finite() {
            (low + high) / 2.0
        } else {
            2.0 * low
        };
        let delay = match self {
            Self::None => None,
            Self::Iir { sos, .. } => sos.group_delay_s(at_hz),
            Self::Fir(fir) => fir.group_delay_s(at_hz),
        };
        let stage = format!("filter, at {at_hz} Hz");
        delay.map(|delay_s| StageDelay { stage, delay_s }).into_iter().collect()
    }
}

fn sections(
    rate: SampleRate,
    low: Option<f64>,
    high: Option<f64>,
    notches: &[f64],
) -> Result<Sos, SignalError> {
    let passband = match (low, high) {
        (Some(fmin_hz), Some(fmax_hz)) => Some(Passband::Bandpass { fmin_hz, fmax_hz }),
        (Some(edge_hz), None) => Some(Passband::Highpass { edge_hz }),
        (None, Some(edge_hz)) => Some(Passband::Lowpass { edge_hz }),
        (None, None) => None,
    };
    let mut parts = Vec::new();
    if let Some(passband) = passband {
        parts.push(iir::design(rate, ORDER, Prototype::Butterworth, passband)?);
    }
    for &freq_hz in notches {
        parts.push(iir::design_notch(rate, freq_hz, NOTCH_QUALITY)?);
    }
    let all: Vec<[f64; 6]> = parts.iter().flat_map(|sos| sos.sections()).copied().collect();
    Sos::from_sections(rate, &all)
}

fn fused(
    rate: SampleRate,
    low: Option<f64>,
    high: Option<f64>,
    notches: &[f64],
) -> Result<Fir, SignalError> {
    let band = fir::design_bandpass(rate, low, high)?;
    if notches.is_empty() { Ok(band) } else { band.fuse(&fir::design_notch(rate, notches)?) }
}
