use clx_signal::interpolate::quadratic;
use clx_signal::lomb::lomb_scargle;
use clx_signal::window::{Symmetry, hann};
use realfft::RealFftPlanner;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AbsentFigure, HrvParams, note};
use crate::EegError;

/// Bands, hertz, and the shortest recording for each, seconds. Task Force 1996, table 2 and section
/// "Duration and circumstances": ten cycles of the lowest frequency, so 1 min for HF and 2 min for
/// LF; very slow ones need 5 min (VLF) and a day (ULF).
const BANDS: [(&str, f64, f64, f64); 4] = [
    ("ulf_ms2", 0.0, 0.0033, 86_400.0),
    ("vlf_ms2", 0.0033, 0.04, 300.0),
    ("lf_ms2", 0.04, 0.15, 120.0),
    ("hf_ms2", 0.15, 0.4, 60.0),
];
/// Longest interpolated series: a week at 100 Hz would not fit a server, a day does.
const LONGEST: usize = 1 << 24;

/// How the spectrum of the intervals is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HrvSpectrum {
    /// Of the interpolated intervals.
    #[default]
    Welch,
    /// Of the intervals as they are.
    LombScargle,
}

/// Power of the intervals in bands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FrequencyDomain {
    /// Below 0.0033 Hz.
    pub ulf_ms2: Option<f64>,
    /// 0.0033 to 0.04 Hz.
    pub vlf_ms2: Option<f64>,
    /// 0.04 to 0.15 Hz.
    pub lf_ms2: Option<f64>,
    /// 0.15 to 0.4 Hz: breathing.
    pub hf_ms2: Option<f64>,
    /// Sum of the bands that are present.
    pub total_ms2: Option<f64>,
    pub lf_hf: Option<f64>,
    /// LF over LF and HF.
    pub lf_normalised: Option<f64>,
    pub hf_normalised: Option<f64>,
    /// Frequency of the highest power in the HF band.
    pub hf_peak_hz: Option<f64>,
}

/// Power of the intervals over frequency.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HrvDensity {
    pub freqs_hz: Vec<f64>,
    pub density_ms2_per_hz: Vec<f64>,
}

/// `None` for a series that is too short for every band, or too long.
pub(super) fn density(rr_ms: &[f64], params: &HrvParams) -> Result<Option<HrvDensity>, EegError> {
    let times_s = ends_s(rr_ms);
    let Some((&first_s, &end_s)) = times_s.first().zip(times_s.last()) else { return Ok(None) };
    // The spline needs three points.
    let possible = rr_ms.len() >= 3 && BANDS.iter().any(|band| end_s >= band.3);
    if !possible || (end_s - first_s) * params.interpolation_hz > LONGEST as f64 {
        return Ok(None);
    }
    let (freqs_hz, density_ms2_per_hz) = match params.spectrum {
        HrvSpectrum::Welch => welch(&times_s, rr_ms, params.interpolation_hz)?,
        HrvSpectrum::LombScargle => lomb(&times_s, rr_ms),
    };
    Ok(Some(HrvDensity { freqs_hz, density_ms2_per_hz }))
}

/// When each interval ends, from the first beat on.
fn ends_s(rr_ms: &[f64]) -> Vec<f64> {
    let mut end_s = 0.0;
    let end = |rr: &f64| {
        end_s += rr / 1000.0;
        end_s
    };
    rr_ms.iter().map(end).collect()
}

pub(super) fn measure(
    rr_ms: &[f64],
    params: &HrvParams,
    absent: &mut Vec<AbsentFigure>,
) -> Result<FrequencyDomain, EegError> {
    let times_s = ends_s(rr_ms);
    let Some((&first_s, &end_s)) = times_s.first().zip(times_s.last()) else {
        note(absent, "frequency", "there are no intervals");
        return Ok(FrequencyDomain::default());
    };
    let span_s = end_s - first_s;
    let Some(HrvDensity { freqs_hz, density_ms2_per_hz: density }) = density(rr_ms, params)? else {
        note(
            absent,
            "frequency",
            format!(
                "needs three intervals, 60 s and at most 2^24 samples at the interpolation rate, got {} intervals in {end_s:.0} s",
                rr_ms.len()
            ),
        );
        return Ok(FrequencyDomain::default());
    };
    let lowest_hz = 4.0 / span_s;
    let mut powers = [None; 4];
    for (power, (name, fmin_hz, fmax_hz, least_s)) in powers.iter_mut().zip(BANDS) {
        if end_s < least_s {
            note(absent, name, format!("needs {least_s:.0} s, got {end_s:.0} s"));
            continue;
        }
        *power = Some(trapezoid(&freqs_hz, &density, fmin_hz.max(lowest_hz), fmax_hz));
    }
    let [ulf_ms2, vlf_ms2, lf_ms2, hf_ms2] = powers;
    let both = lf_ms2.zip(hf_ms2).filter(|(lf, hf)| *lf + *hf > 0.0);
    let present: Vec<f64> = powers.into_iter().flatten().collect();
    Ok(FrequencyDomain {
        ulf_ms2,
        vlf_ms2,
        lf_ms2,
        hf_ms2,
        total_ms2: (!present.is_empty()).then(|| present.iter().sum()),
        lf_hf: both.filter(|(_, hf)| *hf > 0.0).map(|(lf, hf)| lf / hf),
        lf_normalised: both.map(|(lf, hf)| lf / (lf + hf)),
        hf_normalised: both.map(|(lf, hf)| hf / (lf + hf)),
        hf_peak_hz: hf_ms2.and_then(|_| peak(&freqs_hz, &density)),
    })
}

/// Density of the interpolated intervals, ms²/Hz: Hann windows of half the series, half overlapping,
/// zeros up to twice their length.
fn welch(times_s: &[f64], rr_ms: &[f64], rate_hz: f64) -> Result<(Vec<f64>, Vec<f64>), EegError> {
    let (first, last) = (times_s[0], times_s[times_s.len() - 1]);
    let n = ((last + 1.0 / rate_hz - first) * rate_hz).ceil() as usize;
    let at: Vec<f64> = (0..n).map(|i| first + i as f64 / rate_hz).collect();
    let mut x = quadratic(times_s, rr_ms, &at)?;
    let mean = x.iter().sum::<f64>() / n as f64;
    x.iter_mut().for_each(|v| *v -= mean);
    let length = n / 2;
    let window = hann(length, Symmetry::Periodic);
    let norm = rate_hz * window.iter().map(|w| w * w).sum::<f64>();
    let fft = RealFftPlanner::<f64>::new().plan_fft_forward(2 * length);
    let (mut time, mut bins) = (fft.make_input_vec(), fft.make_output_vec());
    let mut density = vec![0.0; bins.len()];
    let starts: Vec<usize> = (0..=n - length).step_by((length - length / 2).max(1)).collect();
    for &start in &starts {
        time.fill(0.0);
        for ((t, v), w) in time.iter_mut().zip(&x[start..start + length]).zip(&window) {
            *t = v * w;
        }
        fft.process(&mut time, &mut bins).expect("the buffers were made by this transform");
        density.iter_mut().zip(&bins).for_each(|(d, z)| *d += 2.0 * z.norm_sqr() / norm);
    }
    density.iter_mut().for_each(|d| *d /= starts.len() as f64);
    let freqs_hz = (0..density.len()).map(|k| k as f64 * rate_hz / (2 * length) as f64).collect();
    Ok((freqs_hz, density))
}

/// Density of the intervals as they are, ms²/Hz, five points to each independent frequency.
fn lomb(times_s: &[f64], rr_ms: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let span_s = times_s[times_s.len() - 1] - times_s[0];
    let step_hz = 1.0 / (5.0 * span_s);
    let freqs_hz: Vec<f64> =
        (1..).map(|k| f64::from(k) * step_hz).take_while(|&f| f <= 0.5).collect();
    let mean = rr_ms.iter().sum::<f64>() / rr_ms.len() as f64;
    let x: Vec<f64> = rr_ms.iter().map(|rr| rr - mean).collect();
    // The power of a sine is spread over one independent frequency, 1 / span wide.
    let scale = 2.0 * span_s / rr_ms.len() as f64;
    let density = lomb_scargle(times_s, &x, &freqs_hz).into_iter().map(|p| p * scale).collect();
    (freqs_hz, density)
}

/// Area under the density over the bins with `fmin <= f < fmax`.
fn trapezoid(freqs_hz: &[f64], density: &[f64], fmin_hz: f64, fmax_hz: f64) -> f64 {
    let start = freqs_hz.partition_point(|&f| f < fmin_hz);
    let end = freqs_hz.partition_point(|&f| f < fmax_hz).max(start);
    let pairs = freqs_hz[start..end].windows(2).zip(density[start..end].windows(2));
    pairs.map(|(f, d)| (f[1] - f[0]) * (d[0] + d[1]) / 2.0).sum()
}

fn peak(freqs_hz: &[f64], density: &[f64]) -> Option<f64> {
    let (_, fmin_hz, fmax_hz, _) = BANDS[3];
    let inside = |&i: &usize| (fmin_hz..fmax_hz).contains(&freqs_hz[i]);
    let top =
        (0..freqs_hz.len()).filter(inside).max_by(|&a, &b| density[a].total_cmp(&density[b]))?;
    (density[top] > 0.0).then(|| freqs_hz[top])
}
