//! Signals with known properties, for tests, examples and the sample recording. Never a stand-in
//! for a measurement.

use realfft::RealFftPlanner;

use crate::SampleRate;
use crate::rng::SplitMix64;

mod eeg;

pub use eeg::{EegTruth, eeg_sample};

/// `amplitude · sin(2 pi freq t)`, starting at phase 0.
///
/// ```
/// use clx_signal::{synth, SampleRate};
/// let x = synth::sine(SampleRate::from_hz(4.0)?, 1.0, 2.0, 1.0);
/// assert_eq!(x.iter().map(|v| v.round()).collect::<Vec<_>>(), [0.0, 2.0, 0.0, -2.0]);
/// # Ok::<(), clx_signal::SignalError>(())
/// ```
pub fn sine(rate: SampleRate, freq_hz: f64, amplitude: f64, duration_s: f64) -> Vec<f32> {
    (0..rate.samples(duration_s))
        .map(|i| {
            // Reducing the phase to one turn keeps long signals exact.
            let turns = (freq_hz * i as f64 / rate.hz()).fract();
            (amplitude * (std::f64::consts::TAU * turns).sin()) as f32
        })
        .collect()
}

/// Linear sweep from `from_hz` to `to_hz`.
pub fn sweep(
    rate: SampleRate,
    from_hz: f64,
    to_hz: f64,
    amplitude: f64,
    duration_s: f64,
) -> Vec<f32> {
    let slope = (to_hz - from_hz) / duration_s;
    (0..rate.samples(duration_s))
        .map(|i| {
            let t = i as f64 / rate.hz();
            let turns = (from_hz * t + 0.5 * slope * t * t).fract();
            (amplitude * (std::f64::consts::TAU * turns).sin()) as f32
        })
        .collect()
}

/// Gaussian white noise of standard deviation `sigma`.
pub fn white(rate: SampleRate, sigma: f64, duration_s: f64, seed: u64) -> Vec<f32> {
    let mut rng = SplitMix64::new(seed);
    (0..rate.samples(duration_s)).map(|_| (sigma * rng.next_normal()) as f32).collect()
}

/// Gaussian noise whose density falls as `density_1hz / f^exponent`, unit²/Hz.
///
/// White Gaussian noise shaped in the frequency domain; below 0.2 Hz the density stays at its
/// 0.2 Hz value and the mean is zero, so the variance is finite for any exponent. The signal is one
/// period of a periodic process: its end joins its start.
///
/// ```
/// use clx_signal::{synth, SampleRate};
/// let x = synth::pink(SampleRate::from_hz(100.0)?, 1e-12, 1.0, 10.0, 3);
/// assert_eq!(x, synth::pink(SampleRate::from_hz(100.0)?, 1e-12, 1.0, 10.0, 3));
/// # Ok::<(), clx_signal::SignalError>(())
/// ```
pub fn pink(
    rate: SampleRate,
    density_1hz: f64,
    exponent: f64,
    duration_s: f64,
    seed: u64,
) -> Vec<f32> {
    shaped(rate, duration_s, seed, |f| density_1hz * f.max(0.2).powf(-exponent))
}

/// Gaussian noise of one-sided density `density(f)`, unit²/Hz, by spectral shaping.
pub fn shaped(
    rate: SampleRate,
    duration_s: f64,
    seed: u64,
    density: impl Fn(f64) -> f64,
) -> Vec<f32> {
    let n = rate.samples(duration_s);
    if n < 2 {
        return vec![0.0; n];
    }
    let inverse = RealFftPlanner::<f64>::new().plan_fft_inverse(n);
    let mut spectrum = inverse.make_input_vec();
    let mut rng = SplitMix64::new(seed);
    let last = spectrum.len() - 1;
    for (k, bin) in spectrum.iter_mut().enumerate().skip(1) {
        // A bin of power p = density · rate/n is a sine of variance p: E|X|² = p/2 for each side.
        let power = density(k as f64 * rate.hz() / n as f64) * rate.hz() / n as f64;
        let sigma = (power / 4.0).sqrt();
        bin.re = sigma * rng.next_normal();
        bin.im = sigma * rng.next_normal();
        if k == last && n.is_multiple_of(2) {
            bin.re *= std::f64::consts::SQRT_2;
            bin.im = 0.0;
        }
    }
    let mut x = inverse.make_output_vec();
    inverse.process(&mut spectrum, &mut x).expect("the buffers were made by this transform");
    x.iter().map(|&v| v as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::welch::{Welch, WelchParams};

    #[test]
    fn pink_noise_has_the_density_it_promises() {
        let rate = SampleRate::from_hz(250.0).unwrap();
        for exponent in [0.0, 1.0, 2.0] {
            let mut welch = Welch::new(rate, WelchParams::default()).unwrap();
            welch.push(&pink(rate, 1e-12, exponent, 600.0, 9));
            let psd = welch.finish().unwrap();
            // 599 half-overlapping segments: relative sigma of a bin is about 5 %.
            for hz in [5, 10, 30, 60] {
                let got = psd.density[2 * hz] / (1e-12 * (hz as f64).powf(-exponent));
                assert!((got - 1.0).abs() < 0.25, "exponent {exponent}, {hz} Hz: {got}");
            }
        }
    }

    #[test]
    fn sweep_passes_through_its_middle_frequency() {
        let rate = SampleRate::from_hz(1000.0).unwrap();
        let x = sweep(rate, 10.0, 50.0, 1.0, 10.0);
        let crossings = x[4500..5500].windows(2).filter(|w| w[0] < 0.0 && w[1] >= 0.0).count();
        assert!((29..=31).contains(&crossings), "{crossings}"); // 30 Hz at half time
    }

    #[test]
    fn empty_durations_give_no_samples() {
        let rate = SampleRate::from_hz(100.0).unwrap();
        assert!(sine(rate, 1.0, 1.0, 0.0).is_empty());
        assert!(pink(rate, 1.0, 1.0, 0.0, 1).is_empty());
    }
}
