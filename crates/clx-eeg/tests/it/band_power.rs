//! Band powers against Welch's own estimate, and their intervals against simulated truth.

use clx_eeg::band_power::{BandPowerParams, band_powers, band_spectrum};
use clx_signal::welch::{Welch, WelchParams};
use clx_signal::{Band, SampleRate, synth};

fn rate() -> SampleRate {
    SampleRate::from_hz(128.0).unwrap()
}

#[test]
fn powers_equal_those_of_welch() {
    let x = synth::pink(rate(), 1e-11, 1.0, 31.0, 5);
    let mut welch = Welch::new(rate(), WelchParams::default()).unwrap();
    welch.push(&x);
    let psd = welch.finish().unwrap();
    let got = band_powers(&x, rate(), &BandPowerParams::default()).unwrap();
    for (estimate, band) in got.iter().zip(Band::OVERVIEW) {
        assert_eq!(estimate.n_segments, psd.n_segments);
        assert!((estimate.power_v2 / psd.band_power(band) - 1.0).abs() < 1e-12);
        let [low, high] = estimate.power_ci_v2.unwrap();
        assert!(low < estimate.power_v2 && estimate.power_v2 < high);
        let [low, high] = estimate.power_ci_db_uv2.unwrap();
        assert!(low < estimate.power_db_uv2.unwrap() && estimate.power_db_uv2.unwrap() < high);
    }
    assert!((got.iter().map(|e| e.relative.unwrap()).sum::<f64>() - 1.0).abs() < 1e-12);
    assert_eq!(band_powers(&x, rate(), &BandPowerParams::default()).unwrap(), got);
}

/// Share of simulated recordings whose interval holds the true power.
fn coverage(duration_s: f64, trials: u64) -> f64 {
    // The noise has density 1e-11 / f exactly on average; Hann smooths it, so the truth is the mean
    // of the estimates themselves, known to a hundredth of an interval from many more recordings.
    let params = BandPowerParams { resamples: 400, ..BandPowerParams::default() };
    let alpha = |seed| {
        let x = synth::pink(rate(), 1e-11, 1.0, duration_s, seed);
        band_powers(&x, rate(), &params).unwrap().swap_remove(2)
    };
    let estimates: Vec<_> = (0..trials).map(alpha).collect();
    let truth = estimates.iter().map(|e| e.power_v2).sum::<f64>() / trials as f64;
    let held = estimates
        .iter()
        .filter(|e| e.power_ci_v2.is_some_and(|[low, high]| low <= truth && truth <= high))
        .count();
    held as f64 / trials as f64
}

#[test]
fn intervals_hold_the_truth_about_as_often_as_they_say() {
    let (minute, long) = (coverage(60.0, 400), coverage(240.0, 200));
    println!("coverage of the 95 % interval: {minute:.3} at 60 s, {long:.3} at 240 s");
    // Standard error of a share of 0.95 over 400: 0.011.
    assert!((0.90..=0.98).contains(&minute), "{minute}");
    assert!((0.91..=0.99).contains(&long), "{long}");
}

#[test]
fn silence_has_no_share_and_short_signals_no_interval() {
    let silent = band_powers(&[0.0; 1280], rate(), &BandPowerParams::default()).unwrap();
    assert_eq!((silent[0].relative, silent[0].power_db_uv2, silent[0].power_v2), (None, None, 0.0));
    let short =
        band_powers(&synth::white(rate(), 1.0, 4.0, 1), rate(), &BandPowerParams::default());
    assert_eq!(short.unwrap()[0].power_ci_v2, None);
    for x in [&[0.0; 100][..], &[f32::NAN; 1000], &[]] {
        assert!(band_powers(x, rate(), &BandPowerParams::default()).is_err());
    }
    for params in [
        BandPowerParams { bands: vec![], ..BandPowerParams::default() },
        BandPowerParams { overlap: 1.0, ..BandPowerParams::default() },
        BandPowerParams { level: 1.0, ..BandPowerParams::default() },
    ] {
        assert!(band_powers(&[0.0; 1000], rate(), &params).is_err());
    }
}

#[test]
fn no_segment_reaches_across_a_break() {
    // A step of the offset, such as a recorder makes that was switched off and on.
    let mut x = synth::sine(rate(), 10.0, 1.0, 20.0);
    x[1280 + 64..].iter_mut().for_each(|v| *v += 100.0);
    let params = BandPowerParams::default();
    let delta = |breaks: &[usize]| {
        let spectrum = band_spectrum(&x, rate(), breaks, &params).unwrap();
        (spectrum.psd.n_segments, spectrum.bands[0].power_v2)
    };
    let (whole, across) = delta(&[]);
    let (kept, without) = delta(&[1280 + 64]);
    assert!(kept < whole && across > 1.0 && without < 1e-3, "{across} {without}");
    assert!(band_spectrum(&x[..300], rate(), &[150], &params).is_err());
}

#[test]
fn tapers_keep_the_power_of_a_sine_and_the_blocks_make_up_the_mean() {
    let x = synth::sine(rate(), 10.0, 2.0, 200.0);
    let params = BandPowerParams { bandwidth_hz: Some(2.0), ..BandPowerParams::default() };
    let spectrum = band_spectrum(&x, rate(), &[], &params).unwrap();
    // a²/2; a taper's side lobes leave some of it outside the band.
    assert!((spectrum.bands[2].power_v2 / 2.0 - 1.0).abs() < 0.01, "{:?}", spectrum.bands[2]);
    let psd = spectrum.psd;
    assert!(psd.blocks.len() <= 64 && psd.n_segments == 199);
    for (k, density) in psd.density.iter().enumerate() {
        let sum: f64 = psd.blocks.iter().map(|b| b.density[k] * b.n_segments as f64).sum();
        assert!((sum / 199.0 - density).abs() <= 1e-12 * density.abs());
    }
}
