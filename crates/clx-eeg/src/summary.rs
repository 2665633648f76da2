//! From what the stream left behind to the overview.

use clx_signal::welch::Psd;
use clx_signal::{Annotation, Band, Finding, Severity, stats};

use crate::alpha::{MIN_BLOCKS, find_alpha_peak};
use crate::aperiodic::fit_aperiodic;
use crate::builder::{Measured, Measurements, OVERLAP};
use crate::judge::{self, Verdict};
use crate::overview::{
    AlphaPeak, Aperiodic, Asymmetry, BandPower, ChannelOverview, ChannelQuality, EegOverview,
    Preparation,
};
use crate::params::{HIGHPASS_HZ, LOWPASS_HZ, Reference};
use crate::{site, state};

/// Range of the aperiodic fit; the filter leaves it untouched.
const APERIODIC: Band = Band { name: "aperiodic", fmin_hz: 2.0, fmax_hz: 40.001 };
const RESAMPLES: usize = 500;

pub(crate) fn summarise(m: Measurements, annotations: Vec<Annotation>) -> EegOverview {
    let mut findings = m.findings.clone();
    let verdicts = judge::judge(&m, &mut findings);
    let rate_hz = main_rate(&m.channels);
    let main = |c: &Measured| c.is_eeg && c.info.rate.hz() == rate_hz;
    let freqs_hz: Vec<f64> = m
        .channels
        .iter()
        .filter(|c| main(c))
        .find_map(|c| c.psd.as_ref().map(|p| p.freqs_hz.clone()))
        .unwrap_or_default();
    let channels: Vec<ChannelOverview> = m
        .channels
        .iter()
        .zip(&verdicts)
        .enumerate()
        .map(|(i, (c, v))| channel_overview(c, v, &freqs_hz, m.strip_s, i as u64))
        .collect();
    let good: Vec<(&Measured, &Psd)> = m
        .channels
        .iter()
        .zip(&verdicts)
        .filter(|(c, v)| v.good && main(c))
        .filter_map(|(c, _)| c.psd.as_ref().map(|p| (c, p)))
        .collect();
    report_gaps_in_knowledge(&m, rate_hz, good.len(), &mut findings);
    let mean = mean_psd(good.iter().map(|(_, p)| *p));
    let back =
        mean_psd(good.iter().filter(|(c, _)| site::is_posterior(&c.info.name)).map(|(_, p)| *p))
            .or_else(|| mean.clone());
    let mean_bands = mean.as_ref().map(|p| bands_of(p, rate_hz, u64::MAX));
    let alpha_peak = back.as_ref().and_then(|p| alpha_of(p, &aperiodic_of(p)?, u64::MAX));
    let bads = m.channels.iter().zip(&verdicts).filter(|(c, v)| c.is_eeg && !v.good);
    let mut overview = EegOverview {
        duration_s: duration(&m),
        rate_hz,
        preparation: Preparation {
            reference: m.params.reference.name().to_owned(),
            highpass_hz: HIGHPASS_HZ,
            lowpass_hz: LOWPASS_HZ,
            notch_hz: m.params.notch_hz(),
            phase: "zero-phase".to_owned(),
            window_s: m.window_s,
            overlap: OVERLAP,
            bads: bads.map(|(c, _)| c.info.name.clone()).collect(),
        },
        freqs_hz,
        bands: Band::OVERVIEW.to_vec(),
        theta_beta_ratio: mean_bands.as_deref().and_then(theta_beta),
        alpha_asymmetry: asymmetries(&channels),
        aperiodic: median_aperiodic(channels.iter().filter(|c| c.quality.good)),
        mean_bands,
        alpha_peak,
        channels,
        annotations,
        gaps: m.gaps.clone(),
        state: crate::overview::StateSummary { statements: Vec::new() },
        findings,
    };
    let unbroken = good.iter().all(|(c, _)| c.n_breaks == 0);
    let reactivity = back.filter(|_| unbroken).and_then(|p| {
        state::alpha_reactivity(&p, m.window_s, m.window_s * (1.0 - OVERLAP), &overview.annotations)
    });
    overview.state = state::describe(&overview, good.len(), reactivity);
    overview
}

fn duration(m: &Measurements) -> f64 {
    m.channels.iter().map(|c| c.counts.n() as f64 / c.info.rate.hz()).fold(0.0, f64::max)
}

/// The rate that most EEG channels have (the first of equals), or any channel's without EEG.
fn main_rate(channels: &[Measured]) -> f64 {
    let rates: Vec<f64> = channels.iter().filter(|c| c.is_eeg).map(|c| c.info.rate.hz()).collect();
    let count = |rate: f64| rates.iter().filter(|&&r| r == rate).count();
    let best = rates.iter().copied().reduce(|a, b| if count(b) > count(a) { b } else { a });
    best.or_else(|| channels.first().map(|c| c.info.rate.hz())).unwrap_or(0.0)
}

fn channel_overview(
    c: &Measured,
    verdict: &Verdict,
    freqs_hz: &[f64],
    strip_s: f64,
    seed: u64,
) -> ChannelOverview {
    let rate_hz = c.info.rate.hz();
    let psd = c.psd.as_ref();
    let aperiodic = psd.and_then(aperiodic_of);
    ChannelOverview {
        name: c.info.name.clone(),
        label: c.info.label.clone(),
        kind: c.info.kind,
        rate_hz,
        position: site::position(&c.info.name).filter(|_| c.is_eeg),
        quality: ChannelQuality {
            good: verdict.good,
            rms_v: c.counts.rms(),
            flat_share: c.counts.flat_share(),
            clipped_share: c.counts.clipped_share(),
            amplitude_z: verdict.amplitude_z,
            line_noise_db: verdict.line_noise_db,
            strip: verdict.strip.clone(),
            strip_s,
        },
        psd_v2_per_hz: psd.map(|p| on_grid(p, freqs_hz)).unwrap_or_default(),
        bands: psd.map(|p| bands_of(p, rate_hz, seed)).unwrap_or_default(),
        alpha_peak: psd.zip(aperiodic.as_ref()).and_then(|(p, a)| alpha_of(p, a, seed)),
        aperiodic,
    }
}

/// The density at `freqs_hz`, interpolated where the channel's own bins differ, as far as they go.
fn on_grid(psd: &Psd, freqs_hz: &[f64]) -> Vec<f64> {
    if psd.freqs_hz == freqs_hz {
        return psd.density.clone();
    }
    let step = psd.resolution_hz();
    let value = |f: &f64| {
        let at = f / step;
        let low = at.floor() as usize;
        let (a, b) = (psd.density.get(low)?, psd.density.get(low + 1));
        let share = at - low as f64;
        if share < 1e-9 { Some(*a) } else { b.map(|b| a + (b - a) * share) }
    };
    freqs_hz.iter().map_while(value).collect()
}

fn bands_of(psd: &Psd, rate_hz: f64, seed: u64) -> Vec<BandPower> {
    let fits = |b: &&Band| b.fmax_hz <= rate_hz / 2.0;
    let powers: Vec<(Band, f64)> =
        Band::OVERVIEW.iter().filter(fits).map(|&b| (b, psd.band_power(b))).collect();
    let total: f64 = powers.iter().map(|p| p.1).sum();
    powers
        .into_iter()
        .map(|(band, power_v2)| BandPower {
            band: band.name.to_owned(),
            power_v2,
            relative: if total > 0.0 { power_v2 / total } else { 0.0 },
            ci95_v2: psd.band_power_ci(band, MIN_BLOCKS, RESAMPLES, seed),
        })
        .collect()
}

fn aperiodic_of(psd: &Psd) -> Option<Aperiodic> {
    let part = psd.restricted(APERIODIC);
    // Without the bins near 40 Hz (a slow recorder) the line would rest on too little.
    if part.freqs_hz.last().is_none_or(|&f| f < 30.0) {
        return None;
    }
    fit_aperiodic(&part.freqs_hz, &part.density)
}

fn alpha_of(psd: &Psd, aperiodic: &Aperiodic, seed: u64) -> Option<AlphaPeak> {
    find_alpha_peak(psd, aperiodic, seed)
}

/// Mean over spectra with the same bins as the first; blocks where they cover the same segments.
pub fn mean_psd<'a>(psds: impl Iterator<Item = &'a Psd>) -> Option<Psd> {
    let all: Vec<&Psd> = psds.collect();
    let first = *all.first()?;
    let same: Vec<&&Psd> = all.iter().filter(|p| p.freqs_hz == first.freqs_hz).collect();
    let n = same.len() as f64;
    let average = |of: &dyn Fn(&Psd) -> &[f64]| {
        let mut mean = vec![0.0; first.freqs_hz.len()];
        for p in &same {
            mean.iter_mut().zip(of(p)).for_each(|(m, d)| *m += d / n);
        }
        mean
    };
    let layout = |p: &Psd| -> Vec<(usize, usize)> {
        p.blocks.iter().map(|b| (b.first_segment, b.n_segments)).collect()
    };
    let aligned = same.iter().all(|p| layout(p) == layout(first));
    let blocks = if aligned { first.blocks.as_slice() } else { &[] };
    let blocks = blocks
        .iter()
        .enumerate()
        .map(|(i, b)| clx_signal::welch::BlockSpectrum {
            density: average(&|p| &p.blocks[i].density),
            ..*b
        })
        .collect();
    Some(Psd {
        freqs_hz: first.freqs_hz.clone(),
        density: average(&|p| &p.density),
        n_segments: first.n_segments,
        blocks,
    })
}

fn power_of(bands: &[BandPower], band: Band) -> Option<f64> {
    bands.iter().find(|b| b.band == band.name).map(|b| b.power_v2)
}

fn theta_beta(bands: &[BandPower]) -> Option<f64> {
    let (theta, beta) = (power_of(bands, Band::THETA)?, power_of(bands, Band::BETA)?);
    (beta > 0.0).then(|| theta / beta)
}

fn asymmetries(channels: &[ChannelOverview]) -> Vec<Asymmetry> {
    let find = |wanted: &str| {
        let is = |c: &&ChannelOverview| site::canonical(&c.name) == Some(wanted);
        channels.iter().filter(|c| c.quality.good).find(is)
    };
    let alpha = |c: &ChannelOverview| power_of(&c.bands, Band::ALPHA).filter(|&p| p > 0.0);
    site::PAIRS
        .iter()
        .filter_map(|&(left, right)| {
            let (left, right) = (find(left)?, find(right)?);
            let ln_ratio = alpha(right)?.ln() - alpha(left)?.ln();
            Some(Asymmetry { left: left.name.clone(), right: right.name.clone(), ln_ratio })
        })
        .collect()
}

fn median_aperiodic<'a>(channels: impl Iterator<Item = &'a ChannelOverview>) -> Option<Aperiodic> {
    let fits: Vec<&Aperiodic> = channels.filter_map(|c| c.aperiodic.as_ref()).collect();
    let middle = |of: &dyn Fn(&Aperiodic) -> f64| {
        stats::median(&fits.iter().map(|a| of(a)).collect::<Vec<_>>())
    };
    Some(Aperiodic {
        exponent: middle(&|a| a.exponent)?,
        offset: middle(&|a| a.offset)?,
        r_squared: middle(&|a| a.r_squared)?,
        fmin_hz: middle(&|a| a.fmin_hz)?,
        fmax_hz: middle(&|a| a.fmax_hz)?,
    })
}

/// Findings about what could not be measured, or not as usual.
fn report_gaps_in_knowledge(
    m: &Measurements,
    rate_hz: f64,
    n_good: usize,
    findings: &mut Vec<Finding>,
) {
    let eeg: Vec<&Measured> = m.channels.iter().filter(|c| c.is_eeg).collect();
    if eeg.is_empty() {
        let text = "no EEG channel in volts was found, so no spectrum was made";
        findings.push(Finding::new("recording.no_eeg", Severity::Problem, text));
        return;
    }
    if eeg.iter().all(|c| c.psd.is_none()) {
        let text = format!(
            "spectra need 2 s of unbroken EEG at 20 Hz or more; the recording has {:.2} s",
            duration(m)
        );
        findings.push(Finding::new("recording.too_short", Severity::Problem, text));
        return;
    }
    if n_good == 0 {
        let text = "every EEG channel is bad, so means over channels were not made";
        findings.push(Finding::new("recording.no_good_channel", Severity::Problem, text));
    }
    if m.window_s < 4.0 {
        let text = format!(
            "segments of {} s instead of 4 s because less than 8 s hang together; frequencies are coarser",
            m.window_s
        );
        findings.push(Finding::new("recording.short", Severity::Warning, text));
    }
    for c in eeg.iter().filter(|c| c.info.rate.hz() != rate_hz && c.psd.is_some()) {
        let text = format!(
            "{} has {} Hz where most have {rate_hz} Hz; it was analysed at its own rate and left out of the means",
            c.info.name,
            c.info.rate.hz()
        );
        findings.push(Finding::new("channel.rate", Severity::Info, text).on_channel(&c.info.name));
    }
    if !m.gaps.is_empty() {
        let missing: f64 = m.gaps.iter().map(|g| g.duration_s).sum();
        let text = format!(
            "{} gap(s), {missing:.2} s in all; filters and segments do not reach across them",
            m.gaps.len()
        );
        findings.push(Finding::new("recording.gaps", Severity::Info, text));
    }
    if m.params.reference == Reference::Average && n_good < eeg.len() {
        let n = eeg.len() - n_good;
        let text = format!("the average reference contains {n} channel(s) judged bad");
        findings.push(Finding::new("reference.bads", Severity::Warning, text));
    }
}
