//! What must hold for any input: linearity, energy, shift, independence of the chunking.

use clx_signal::fir::{self, Edge, OverlapSave};
use clx_signal::welch::{Psd, Welch, WelchParams};
use clx_signal::{SampleRate, stft::Stft};
use proptest::prelude::*;

use crate::noise::noise;

const RATE_HZ: f64 = 100.0;

fn rate() -> SampleRate {
    SampleRate::from_hz(RATE_HZ).unwrap()
}

fn filter(x: &[f32], chunk: usize, edge: Edge) -> Vec<f32> {
    let fir = fir::design_bandpass(rate(), Some(2.0), Some(30.0)).unwrap();
    let mut filter = OverlapSave::new(&fir, 1, edge);
    let mut y = Vec::new();
    x.chunks(chunk.max(1)).for_each(|c| filter.push(0, c, &mut y));
    filter.finish(0, &mut y);
    y
}

fn welch(x: &[f32], chunk: usize, max_blocks: usize) -> Psd {
    let params = WelchParams { window_s: 0.5, max_blocks, ..WelchParams::default() };
    let mut welch = Welch::new(rate(), params).unwrap();
    x.chunks(chunk.max(1)).for_each(|c| welch.push(c));
    welch.finish().unwrap()
}

/// Convolution by its definition, in f64, with the reflected edges written out.
fn convolve(x: &[f32], taps: &[f64]) -> Vec<f64> {
    let n = x.len() as i64;
    let at = |i: i64| {
        let v = |i: i64| f64::from(x[i as usize]);
        match i {
            i if i < 0 && -i < n => 2.0 * v(0) - v(-i),
            i if i >= n && 2 * (n - 1) - i >= 0 => 2.0 * v(n - 1) - v(2 * (n - 1) - i),
            i if (0..n).contains(&i) => v(i),
            _ => 0.0,
        }
    };
    let half = taps.len() as i64 / 2;
    (0..n)
        .map(|t| taps.iter().enumerate().map(|(j, h)| h * at(t + half - j as i64)).sum())
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn filter_output_does_not_depend_on_the_chunking(n in 1_usize..6000, chunk in 1_usize..=1024) {
        let x = noise(n);
        prop_assert_eq!(filter(&x, chunk, Edge::Reflect), filter(&x, n, Edge::Reflect));
        prop_assert_eq!(filter(&x, chunk, Edge::Repeat).len(), n);
    }

    #[test]
    fn filter_equals_convolution_by_definition(n in 1_usize..900, offset in -1.0_f32..1.0) {
        let x: Vec<f32> = noise(n).iter().map(|v| v + 1000.0 * offset).collect();
        let fir = fir::design_bandpass(rate(), Some(2.0), Some(30.0)).unwrap();
        let got = filter(&x, 333, Edge::Reflect);
        for (a, b) in got.iter().zip(convolve(&x, fir.taps())) {
            // f32 transforms: 1e-6 of what remains after the offset is taken off, and one
            // rounding of the output, whose size near the zero-filled edges is the offset's.
            prop_assert!((f64::from(*a) - b).abs() < 1e-6 + 3e-7 * b.abs().max(f64::from(offset.abs()) * 1000.0 * if n < 170 { 1.0 } else { 0.0 }), "{a} {b}");
        }
    }

    #[test]
    fn filter_is_linear(n in 200_usize..3000, gain in 0.1_f32..10.0) {
        let x = noise(n);
        let y = noise(2 * n)[n..].to_vec();
        let mixed: Vec<f32> = x.iter().zip(&y).map(|(a, b)| gain * a + b).collect();
        let (fx, fy) = (filter(&x, n, Edge::Reflect), filter(&y, n, Edge::Reflect));
        for ((a, b), m) in fx.iter().zip(&fy).zip(filter(&mixed, n, Edge::Reflect)) {
            prop_assert!((gain * a + b - m).abs() < 2e-6 * (1.0 + gain));
        }
    }

    #[test]
    fn filter_commutes_with_delay(shift in 1_usize..500) {
        // Away from the edges a delayed input gives the delayed output.
        let x = noise(4000);
        let (early, late) = (filter(&x, 4000, Edge::Repeat), filter(&x[shift..], 4000, Edge::Repeat));
        for t in 1000..3000 {
            prop_assert!((early[t + shift] - late[t]).abs() < 2e-6);
        }
    }

    #[test]
    fn welch_does_not_depend_on_the_chunking(n in 50_usize..5000, chunk in 1_usize..=1024, blocks in 0_usize..20) {
        let x = noise(n);
        prop_assert_eq!(welch(&x, chunk, blocks), welch(&x, n, blocks));
    }

    #[test]
    fn blocks_average_to_the_whole(n in 300_usize..5000, blocks in 2_usize..20) {
        let psd = welch(&noise(n), 100, blocks);
        prop_assert!(psd.blocks.len() <= blocks);
        prop_assert_eq!(psd.blocks.iter().map(|b| b.n_segments).sum::<usize>(), psd.n_segments);
        for k in 0..psd.density.len() {
            let mean = psd.blocks.iter().map(|b| b.density[k] * b.n_segments as f64).sum::<f64>()
                / psd.n_segments as f64;
            prop_assert!((mean - psd.density[k]).abs() <= 1e-12 * psd.density[k]);
        }
    }

    #[test]
    fn transform_keeps_the_energy(n in 2_usize..700) {
        // Parseval: Σ|w x|² = Σ|X|² / n over the two-sided spectrum.
        let x = noise(n);
        let mut stft = Stft::new(n).unwrap();
        let w = clx_signal::window::hann(n, clx_signal::window::Symmetry::Periodic);
        let time: f64 = x.iter().zip(&w).map(|(x, w)| (f64::from(*x) * w).powi(2)).sum();
        let bins = stft.transform(&x);
        let two_sided: f64 = bins.iter().enumerate().map(|(k, z)| {
            let sides = if k == 0 || 2 * k == n { 1.0 } else { 2.0 };
            sides * f64::from(z.norm_sqr())
        }).sum();
        prop_assert!((two_sided / n as f64 - time).abs() < 1e-5 * time.max(1e-3));
    }
}

#[test]
fn interruption_keeps_segments_apart() {
    // A step between two constants has power only if a segment spans it.
    let params = WelchParams { window_s: 0.5, ..WelchParams::default() };
    let mut apart = Welch::new(rate(), params).unwrap();
    apart.push(&[0.0; 130]);
    apart.interrupt();
    apart.push(&[1.0; 130]);
    let psd = apart.finish().unwrap();
    assert_eq!(psd.n_segments, 8);
    assert!(psd.density.iter().all(|&d| d == 0.0));
}

#[test]
fn channels_of_a_filter_do_not_touch() {
    let fir = fir::design_bandpass(rate(), Some(2.0), Some(30.0)).unwrap();
    let x = noise(5000);
    let mut both = OverlapSave::new(&fir, 2, Edge::Reflect);
    let (mut a, mut b) = (Vec::new(), Vec::new());
    for chunk in x.chunks(512) {
        both.push(0, chunk, &mut a);
        let louder: Vec<f32> = chunk.iter().map(|v| v * 1e6).collect();
        both.push(1, &louder, &mut b);
    }
    both.finish(0, &mut a);
    both.finish(1, &mut b);
    assert_eq!(a, filter(&x, 5000, Edge::Reflect));
    assert_eq!(b.len(), 5000);
}

#[test]
fn too_short_a_stream_is_an_error() {
    let mut w = Welch::new(rate(), WelchParams::default()).unwrap();
    w.push(&[0.0; 199]);
    assert!(w.finish().is_err());
    assert!(Welch::new(rate(), WelchParams { overlap: 1.0, ..WelchParams::default() }).is_err());
    assert!(Welch::new(rate(), WelchParams { window_s: 0.0, ..WelchParams::default() }).is_err());
}

#[test]
fn limited_spectrum_is_the_start_of_the_whole() {
    for n in [1000, 1063] {
        let x = noise(n);
        let whole = welch(&x, n, 4);
        for fmax_hz in [0.0, 20.0, 49.9, 50.0, 1e9] {
            let params = WelchParams {
                window_s: 0.5,
                max_blocks: 4,
                fmax_hz: Some(fmax_hz),
                ..WelchParams::default()
            };
            let mut w = Welch::new(rate(), params).unwrap();
            w.push(&x);
            let part = w.finish().unwrap();
            let kept = part.freqs_hz.len();
            assert_eq!(kept, whole.freqs_hz.iter().filter(|&&f| f <= fmax_hz).count());
            assert_eq!(part.density, whole.density[..kept]);
            assert_eq!(part.blocks[0].density, whole.blocks[0].density[..kept]);
        }
    }
}
