//! Which channels to trust, and why not.

use clx_signal::welch::Psd;
use clx_signal::{Band, Finding, Severity, stats};

use crate::builder::{Measured, Measurements};
use crate::unit;

/// Amplitude or muscle and noise this many robust standard deviations above the others: PREP uses
/// 5; Bigdely-Shamlo et al. 2015, Front. Neuroinform. 9:16.
const NOISY_Z: f64 = 5.0;
/// Least spread of `ln rms` (20 %) and of the `ln` noise floor (a factor of 1.6), so that very equal
/// channels do not make ordinary ones look extreme.
const RMS_SPREAD: f64 = 0.2;
const FLOOR_SPREAD: f64 = 0.5;
/// Fewest channels among which one can be called unusual.
const MIN_CHANNELS: usize = 4;
const FLAT_BAD: f64 = 0.5;
const CLIPPED_BAD: f64 = 0.01;
const MISSING_BAD: f64 = 0.05;
/// Line noise worth a finding, and line noise that names the mains frequency, dB.
const LINE_DB: f64 = 10.0;
const LINE_DETECTED_DB: f64 = 6.0;
/// No scalp EEG has this rms between 1 and 40 Hz; a unit is probably wrong.
const IMPLAUSIBLE_V: f64 = 500e-6;
/// Cap of the strip for a channel that is bad as a whole.
const BAD_STRIP: f32 = 0.4;

/// The judgement on one channel.
pub(crate) struct Verdict {
    pub(crate) good: bool,
    pub(crate) amplitude_z: Option<f64>,
    pub(crate) line_noise_db: Option<f64>,
    pub(crate) strip: Vec<f32>,
}

pub(crate) fn judge(m: &Measurements, findings: &mut Vec<Finding>) -> Vec<Verdict> {
    let alive = |c: &Measured| c.is_eeg && c.counts.rms() > 0.0 && c.counts.flat_share() < FLAT_BAD;
    let amplitude = z_scores(&m.channels, RMS_SPREAD, |c| alive(c).then(|| c.counts.rms().ln()));
    let noise = z_scores(&m.channels, FLOOR_SPREAD, |c| {
        c.raw.as_ref().filter(|_| alive(c)).and_then(noise_floor)
    });
    let line_hz = m.params.line_hz.unwrap_or_else(|| stronger_line(&m.channels));
    let usual_rms = usual_rms(&m.channels);
    findings.extend(usual_rms.and_then(unit::check));
    let mut verdicts = Vec::with_capacity(m.channels.len());
    for (i, c) in m.channels.iter().enumerate() {
        let line_noise_db = c.raw.as_ref().filter(|_| c.is_eeg).and_then(|p| line_db(p, line_hz));
        let before = findings.len();
        let mut good = check_samples(c, findings);
        if c.is_eeg {
            good &= check_noise(c, amplitude[i], noise[i], findings);
            report_line(c, line_noise_db, line_hz, findings);
        }
        for finding in &mut findings[before..] {
            finding.channel = Some(c.info.name.clone());
        }
        let strip = strip(c, usual_rms.filter(|_| c.is_eeg), good);
        verdicts.push(Verdict { good, amplitude_z: amplitude[i], line_noise_db, strip });
    }
    verdicts
}

/// Robust z-scores of the channels that have a value; none when fewer than four have one.
fn z_scores(
    channels: &[Measured],
    min_spread: f64,
    of: impl Fn(&Measured) -> Option<f64>,
) -> Vec<Option<f64>> {
    let values: Vec<Option<f64>> =
        channels.iter().map(|c| of(c).filter(|v: &f64| v.is_finite())).collect();
    let present: Vec<f64> = values.iter().flatten().copied().collect();
    let (Some(centre), Some(mad)) = (stats::median(&present), stats::mad(&present)) else {
        return vec![None; channels.len()];
    };
    if present.len() < MIN_CHANNELS {
        return vec![None; channels.len()];
    }
    let spread = (1.4826 * mad).max(min_spread);
    values.iter().map(|v| v.map(|v| (v - centre) / spread)).collect()
}

/// `ln` of the median density between 52 and 100 Hz, mains left out, before the filter: muscle and
/// amplifier noise. `None` where the rate ends the spectrum too early.
fn noise_floor(raw: &Psd) -> Option<f64> {
    let top = raw.freqs_hz.last()?.min(100.0);
    if top < 60.0 {
        return None;
    }
    let high = raw.bins(Band { name: "noise", fmin_hz: 52.0, fmax_hz: top });
    let values: Vec<f64> =
        high.filter(|&k| (raw.freqs_hz[k] - 60.0).abs() > 2.0).map(|k| raw.density[k]).collect();
    // The median passes over harmonics and single interferers.
    stats::median(&values).filter(|&noise| noise > 0.0).map(f64::ln)
}

/// Density at the mains frequency over the median density 2 to 6 Hz away, dB.
fn line_db(raw: &Psd, line_hz: f64) -> Option<f64> {
    let step = raw.resolution_hz();
    let near = |low: f64, high: f64| {
        raw.freqs_hz
            .iter()
            .zip(&raw.density)
            .filter(move |(f, _)| (low - 0.01..=high + 0.01).contains(&(**f - line_hz).abs()))
            .map(|(_, d)| *d)
            .collect::<Vec<f64>>()
    };
    if raw.freqs_hz.last().is_none_or(|&f| f < line_hz + 2.0) {
        return None;
    }
    let line = stats::mean(&near(0.0, step))?;
    let around = stats::median(&near(2.0, 6.0))?;
    (line > 0.0 && around > 0.0).then(|| 10.0 * (line / around).log10())
}

/// 50 or 60 Hz, whichever stands out more on any channel; 50 Hz when neither does.
fn stronger_line(channels: &[Measured]) -> f64 {
    let highest = |hz: f64| {
        let all = channels.iter().filter_map(|c| c.raw.as_ref().and_then(|p| line_db(p, hz)));
        all.fold(f64::NEG_INFINITY, f64::max)
    };
    let (fifty, sixty) = (highest(50.0), highest(60.0));
    if sixty > fifty && sixty > LINE_DETECTED_DB { 60.0 } else { 50.0 }
}

fn check_samples(c: &Measured, findings: &mut Vec<Finding>) -> bool {
    let mut good = true;
    let mut report = |code: &str, share: f64, bad: f64, worth: f64, what: &str| {
        let severity = if share >= bad { Severity::Problem } else { Severity::Warning };
        good &= share < bad;
        if share >= worth {
            let text = format!("{} {what} for {:.1} % of the time", c.info.name, 100.0 * share);
            findings.push(Finding::new(code, severity, text));
        }
    };
    report("channel.flat", c.counts.flat_share(), FLAT_BAD, 0.01, "is flat");
    let clipped = c.counts.clipped_share();
    report("channel.clipped", clipped, CLIPPED_BAD, 1e-3, "sits at its limits (clipped)");
    let missing = c.counts.missing_share();
    report("channel.missing", missing, MISSING_BAD, 1e-9, "has no finite sample");
    if c.counts.n() == 0 {
        let text = format!("{} has no samples", c.info.name);
        findings.push(Finding::new("channel.empty", Severity::Problem, text));
        good = false;
    }
    // A constant that never ran for half a second (a very short file) is as dead as a flat one.
    good && c.counts.rms() > 0.0
}

fn check_noise(
    c: &Measured,
    amplitude: Option<f64>,
    noise: Option<f64>,
    findings: &mut Vec<Finding>,
) -> bool {
    let name = &c.info.name;
    let rms_uv = 1e6 * c.counts.rms();
    let mut good = true;
    if let Some(z) = amplitude.filter(|z| *z > NOISY_Z) {
        let text =
            format!("{name} has an rms of {rms_uv:.1} µV, z = {z:.1} among the EEG channels");
        findings.push(Finding::new("channel.noisy", Severity::Problem, text));
        good = false;
    } else if let Some(z) = noise.filter(|z| *z > NOISY_Z) {
        let text = format!(
            "{name} has much noise or muscle activity above 52 Hz, z = {z:.1} among the EEG channels"
        );
        findings.push(Finding::new("channel.noisy", Severity::Problem, text));
        good = false;
    }
    if let Some(z) = amplitude.filter(|z| *z < -NOISY_Z) {
        let text = format!("{name} is unusually quiet, rms {rms_uv:.2} µV, z = {z:.1}");
        findings.push(Finding::new("channel.quiet", Severity::Warning, text));
    }
    if c.counts.rms() > IMPLAUSIBLE_V {
        let text = format!(
            "{name} has an rms of {rms_uv:.0} µV between 1 and 40 Hz, more than scalp EEG can have; is its unit right?"
        );
        findings.push(Finding::new("channel.amplitude", Severity::Warning, text));
    }
    good
}

fn report_line(c: &Measured, db: Option<f64>, line_hz: f64, findings: &mut Vec<Finding>) {
    if let Some(db) = db.filter(|db| *db > LINE_DB) {
        let text = format!(
            "{} has {db:.0} dB of {line_hz} Hz line noise; the filter takes it out of the spectrum",
            c.info.name
        );
        findings.push(Finding::new("channel.line_noise", Severity::Info, text));
    }
}

/// Median over the EEG channels of their median rms per stretch.
fn usual_rms(channels: &[Measured]) -> Option<f64> {
    let of = |c: &Measured| {
        let all: Vec<f64> = c.counts.stretches().iter().filter_map(|s| s.rms()).collect();
        stats::median(&all).filter(|&v| v > 0.0)
    };
    stats::median(&channels.iter().filter(|c| c.is_eeg).filter_map(of).collect::<Vec<_>>())
}

fn strip(c: &Measured, usual_rms: Option<f64>, good: bool) -> Vec<f32> {
    let score = |s: &crate::quality::Stretch| {
        let amplitude = match (s.rms(), usual_rms) {
            (Some(rms), Some(usual)) if rms > 3.0 * usual => 3.0 * usual / rms,
            (Some(rms), Some(usual)) if rms < usual / 10.0 => 10.0 * rms / usual,
            _ => 1.0,
        };
        let score = (s.usable_share() * amplitude).clamp(0.0, 1.0) as f32;
        if good { score } else { score.min(BAD_STRIP) }
    };
    c.counts.stretches().iter().map(score).collect()
}
