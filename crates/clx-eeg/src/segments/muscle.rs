use clx_signal::SampleRate;
use clx_signal::fir::{self, Edge, filter_zero_phase_f64};
use clx_signal::hilbert::Hilbert;

use crate::EegError;

/// Low-pass of the score, hertz. As MNE.
const SMOOTH_HZ: f64 = 4.0;

/// How much muscle activity there is at each sample, in standard deviations.
///
/// Band-pass (`band_hz`, say 110 to 140), envelope of each channel, z-score over time, sum over the
/// channels divided by the square root of their number, low-pass 4 Hz: the scores of
/// `mne.preprocessing.annotate_muscle_zscore`. `channels`: finite, any unit, equally long. `None` where
/// the band does not lie below half the rate, no channel varies, or there is less than one second.
///
/// # Errors
/// [`clx_signal::SignalError::NotFinite`] for a sample that is no number.
pub fn muscle_scores(
    channels: &[Vec<f32>],
    rate: SampleRate,
    band_hz: [f64; 2],
) -> Result<Option<Vec<f64>>, EegError> {
    let n = channels.first().map_or(0, Vec::len);
    let Ok(band) = fir::design_bandpass(rate, Some(band_hz[0]), Some(band_hz[1])) else {
        return Ok(None);
    };
    if n < rate.samples(1.0) {
        return Ok(None);
    }
    let mut hilbert = Hilbert::new(n, fast_len(n))?;
    let mut envelope = vec![0.0; n];
    let mut sum = vec![0.0; n];
    let mut n_varying = 0.0;
    for x in channels {
        let wide: Vec<f64> = x.iter().map(|&v| v.into()).collect();
        let fast = filter_zero_phase_f64(&band, &wide, Edge::Reflect)?;
        // In units of its largest value, which keeps the digits of f32 for tiny signals.
        let largest = fast.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        if largest == 0.0 {
            continue;
        }
        let unit: Vec<f32> = fast.iter().map(|v| (v / largest) as f32).collect();
        hilbert.envelope(&unit, &mut envelope)?;
        let mean = envelope.iter().sum::<f64>() / n as f64;
        let sd = (envelope.iter().map(|e| (e - mean).powi(2)).sum::<f64>() / n as f64).sqrt();
        if sd > 0.0 {
            n_varying += 1.0;
            sum.iter_mut().zip(&envelope).for_each(|(s, e)| *s += (e - mean) / sd);
        }
    }
    if n_varying == 0.0 {
        return Ok(None);
    }
    sum.iter_mut().for_each(|s| *s /= f64::sqrt(n_varying));
    let smooth = fir::design_bandpass(rate, None, Some(SMOOTH_HZ))?;
    Ok(Some(filter_zero_phase_f64(&smooth, &sum, Edge::Reflect)?))
}

/// The next length without prime factors above 11, as `scipy.fft.next_fast_len`.
fn fast_len(n: usize) -> usize {
    let smooth = |&m: &usize| {
        let mut rest = m;
        for p in [2, 3, 5, 7, 11] {
            while rest.is_multiple_of(p) {
                rest /= p;
            }
        }
        rest == 1
    };
    (n.max(1)..).find(smooth).unwrap_or(n)
}
