//! What is measured of one channel.

use clx_eeg::entrainment::{
    EntrainmentIndex, EntrainmentParams, LockingParams, PhaseCoherence, SteadyState,
    SteadyStateParams, StimulusLocking, entrainment_index, phase_coherence, steady_state,
    stimulus_locking,
};
use clx_signal::welch::{Psd, Welch, WelchParams};
use clx_signal::{Epochs, Finding, Severity, synth};

use super::{ChannelResponse, EntrainmentRunParams};
use crate::AnalysisError;
use crate::catalogue::eeg::events::{self, Cut};
use crate::catalogue::eeg::pieces;
use crate::catalogue::eeg::prepare::Prepared;

/// Cycles that consecutive segments may slip against the stimulus over the whole stretch.
const MOST_SLIP: f64 = 0.05;
/// Shuffles behind the p value of the locking.
const LOCKING_SHUFFLES: usize = 99;
/// Bins of the drawn spectrum at most.
const MOST_BINS: usize = 2000;

/// What the channels share.
pub(super) struct Drive {
    /// The longest unbroken stretch: time that jumps breaks the phase.
    stretch: std::ops::Range<usize>,
    /// Epochs that begin at one phase of the stimulus.
    epochs: Option<Epochs>,
    /// A rhythm of exactly the rate over that stretch.
    rhythm: Vec<f32>,
}

/// What was found in one channel.
pub(super) struct Found {
    pub(super) psd: Psd,
    pub(super) steady: Option<SteadyState>,
    pub(super) n_segments: usize,
    pub(super) n_sham: usize,
    index: Option<EntrainmentIndex>,
    coherence: Option<PhaseCoherence>,
    locking: Option<StimulusLocking>,
}

impl Drive {
    pub(super) fn of(
        prepared: &mut Prepared,
        params: &EntrainmentRunParams,
    ) -> Result<Self, AnalysisError> {
        let rate = prepared.rate;
        let resolution_hz = 1.0 / params.segment_s;
        let edge_hz = params.drive_hz + params.far_bins as f64 * resolution_hz;
        if edge_hz >= rate.nyquist_hz() || params.drive_hz * params.segment_s < 2.0 {
            return Err(AnalysisError::Params(format!(
                "drive_hz and its neighbours must lie between two cycles in a segment of {} s and half \
                 the rate of {} Hz, got {} Hz with {} bins on either side",
                params.segment_s,
                rate.hz(),
                params.drive_hz,
                params.far_bins
            )));
        }
        let n = prepared.samples[0].len();
        let mut from = 0;
        let mut stretch = 0..0;
        for to in pieces::breaks(prepared).into_iter().map(|b| b.min(n)).chain([n]) {
            if to - from.min(to) > stretch.len() {
                stretch = from..to;
            }
            from = to;
        }
        if stretch.len() < n {
            let text = format!(
                "phases were followed over the longest unbroken stretch only, {:.1} of {:.1} s",
                rate.seconds(stretch.len()),
                rate.seconds(n)
            );
            prepared.findings.push(Finding::new("entrainment.gaps", Severity::Warning, text));
        }
        let epochs = epochs(prepared, params, &stretch)?;
        if epochs.is_none() {
            let text = "segments of whole cycles do not fall on samples, so phase coherence was not \
                        measured; choose another segment_s or name the annotations where the stimulus begins";
            prepared.findings.push(Finding::new("entrainment.segments", Severity::Info, text));
        }
        let mut rhythm = synth::sine(rate, params.drive_hz, 1.0, rate.seconds(stretch.len()));
        rhythm.resize(stretch.len(), 0.0);
        Ok(Self { stretch, epochs, rhythm })
    }
}

/// Epochs around the events asked for, or consecutive ones of whole cycles.
fn epochs(
    prepared: &Prepared,
    params: &EntrainmentRunParams,
    stretch: &std::ops::Range<usize>,
) -> Result<Option<Epochs>, AnalysisError> {
    if !params.conditions.is_empty() {
        let cut = Cut {
            conditions: &params.conditions,
            tmin_s: 0.0,
            tmax_s: params.segment_s,
            baseline: None,
            reject_uv: None,
        };
        let conditions = events::cut(prepared, &cut)?;
        return Ok(Some(conditions.named(&params.conditions[0])).filter(|e| e.len() >= 2));
    }
    // The length near the one asked for over which the stimulus slips least against the samples.
    let cycles = |n: usize| params.drive_hz * prepared.rate.seconds(n);
    let slip = |n: usize| {
        let off = (cycles(n) - cycles(n).round()).abs();
        off * (stretch.len() / n) as f64
    };
    let asked = prepared.rate.samples(params.segment_s);
    let near = asked * 4 / 5..=asked * 6 / 5;
    let best =
        near.filter(|n| *n > 0 && cycles(*n) >= 2.0 && stretch.len() / n >= 2).min_by(|a, b| {
            let far = |n: usize| n.abs_diff(asked);
            // Equal slips down to rounding: the one nearest to what was asked for.
            let order = (slip(*a) * 1e6).round().total_cmp(&(slip(*b) * 1e6).round());
            order.then(far(*a).cmp(&far(*b)))
        });
    let Some(n) = best.filter(|n| slip(*n) <= MOST_SLIP) else { return Ok(None) };
    let starts: Vec<usize> = (stretch.start..=stretch.end - n).step_by(n).collect();
    let channels: Vec<usize> = (0..prepared.channels.len()).collect();
    Ok(Some(pieces::epochs(prepared, &channels, &starts, n)?))
}

pub(super) fn measure_channel(
    prepared: &Prepared,
    channel: usize,
    drive: &Drive,
    params: &EntrainmentRunParams,
    step: &dyn Fn(f64) -> Result<(), AnalysisError>,
) -> Result<Found, AnalysisError> {
    step(0.0)?;
    let rate = prepared.rate;
    let x = &prepared.samples[channel];
    let psd = spectrum(prepared, x, params)?;
    let neighbours = SteadyStateParams {
        near_bins: params.near_bins,
        far_bins: params.far_bins,
        harmonics: params.harmonics,
    };
    let steady = steady_state(&psd, params.drive_hz, neighbours)?;
    step(0.2)?;
    let unbroken = &x[drive.stretch.clone()];
    let settings = EntrainmentParams {
        segment_s: params.segment_s,
        exclude_hz: params.exclude_hz.clone(),
        shuffles: params.shuffles,
        seed: params.seed,
        ..EntrainmentParams::default()
    };
    let index = entrainment_index(unbroken, rate, params.drive_hz, &settings)?;
    step(0.6)?;
    let coherence = match &drive.epochs {
        Some(epochs) => coherence_of(epochs, channel, params.drive_hz)?,
        None => None,
    };
    let half = params.locking_width_hz / 2.0;
    let locking = LockingParams {
        fmin_hz: (params.drive_hz - half).max(0.3 * params.drive_hz),
        fmax_hz: (params.drive_hz + half).min(0.95 * rate.nyquist_hz()),
        // The phase of a steady rhythm is the same at every whole cycle: no lag is searched.
        max_lag_s: 0.0,
        shuffles: LOCKING_SHUFFLES,
        seed: params.seed,
        ..LockingParams::default()
    };
    step(0.7)?;
    // A stretch that the filter spoils from end to end has no locking, which is no fault of the rest.
    let locking = stimulus_locking(unbroken, &drive.rhythm, rate, locking).ok().flatten();
    Ok(Found {
        psd,
        steady,
        n_segments: index.as_ref().map_or(0, |i| i.n_segments),
        n_sham: index.as_ref().map_or(0, |i| i.n_sham),
        index,
        coherence,
        locking,
    })
}

fn coherence_of(
    epochs: &Epochs,
    channel: usize,
    drive_hz: f64,
) -> Result<Option<PhaseCoherence>, AnalysisError> {
    let samples = (0..epochs.len()).flat_map(|e| epochs.channel(e, channel).iter().copied());
    let one =
        Epochs::from_samples(epochs.rate, epochs.tmin_s, 1, epochs.n_samples(), samples.collect())?;
    Ok(phase_coherence(&one, drive_hz)?.into_iter().flatten().next())
}

fn spectrum(
    prepared: &Prepared,
    x: &[f32],
    params: &EntrainmentRunParams,
) -> Result<Psd, AnalysisError> {
    let settings = WelchParams { window_s: params.segment_s, ..WelchParams::default() };
    let mut welch = Welch::new(prepared.rate, settings)?;
    let mut from = 0;
    for to in pieces::breaks(prepared).into_iter().chain([x.len()]) {
        welch.push(&x[from.min(x.len())..to.min(x.len())]);
        welch.interrupt();
        from = to;
    }
    Ok(welch.finish()?)
}

/// What is said where the rate or a multiple of it lies on the mains or a multiple of theirs.
pub(super) fn on_mains(params: &EntrainmentRunParams) -> Option<Finding> {
    let near = |hz: f64, mains: f64| (hz - mains * (hz / mains).round().max(1.0)).abs();
    let looked_at = (1..=params.harmonics).map(|k| k as f64 * params.drive_hz);
    let on: Vec<String> = looked_at
        .filter(|&hz| [50.0, 60.0].iter().any(|&mains| near(hz, mains) * params.segment_s < 2.0))
        .map(|hz| format!("{hz} Hz"))
        .collect();
    (!on.is_empty()).then(|| {
        let text = format!(
            "{} may be the mains (50 or 60 Hz and multiples), where signal to noise says nothing of a response",
            on.join(", ")
        );
        Finding::new("entrainment.mains", Severity::Warning, text)
    })
}

/// Every bin over the mean of its neighbours, up to a little above the highest multiple looked at.
pub(super) fn ratios(
    psd: &Psd,
    drive: &Drive,
    params: &EntrainmentRunParams,
) -> (Vec<f64>, Vec<f64>) {
    debug_assert!(!drive.rhythm.is_empty());
    let (near, far) = (params.near_bins, params.far_bins);
    let last_hz = params.drive_hz * (params.harmonics as f64 + 0.25);
    let until = psd.freqs_hz.partition_point(|&f| f <= last_hz);
    let end = until.min(psd.density.len().saturating_sub(far));
    let ratio = |k: usize| {
        let sides = psd.density[k - far..=k - near].iter().chain(&psd.density[k + near..=k + far]);
        let floor = sides.sum::<f64>() / (2 * (far - near + 1)) as f64;
        psd.density[k] / floor
    };
    // The first bins hold what the high-pass left of the drift.
    let bins: Vec<usize> =
        (far + 1..end).filter(|&k| ratio(k).is_finite()).take(MOST_BINS).collect();
    (bins.iter().map(|&k| psd.freqs_hz[k]).collect(), bins.iter().map(|&k| ratio(k)).collect())
}

impl Found {
    pub(super) fn response(&self, channel: String) -> ChannelResponse {
        let (index, locking) = (self.index.as_ref(), self.locking.as_ref());
        ChannelResponse {
            channel,
            snr: self.steady.as_ref().and_then(|s| Some(s.responses.first()?.snr)),
            mean_snr: self.steady.as_ref().map(|s| s.mean_snr),
            index: index.map(|i| i.index),
            index_ci95: index.map(|i| i.ci95),
            amplitude_uv: index.map(|i| i.amplitude * 1e6),
            phase_rad: index.map(|i| i.phase_rad),
            p_value: index.map(|i| i.p),
            sham_mean: index.map(|i| i.sham_mean),
            sham_largest: index.map(|i| i.sham_largest),
            phase_coherence: self.coherence.as_ref().map(|c| c.coherence),
            phase_coherence_p: self.coherence.as_ref().map(|c| c.p),
            locking: locking.map(|l| l.locking),
            locking_p: locking.map(|l| l.p),
        }
    }
}
