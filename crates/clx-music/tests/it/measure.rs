//! Rendering for tests, and measuring what came out.

use std::convert::Infallible;
use std::ops::ControlFlow;

use clx_music::brief::{Breakpoint, Brief, Mode, Stimulus};
use clx_music::{Outcome, RenderOptions, compose, render};
use realfft::RealFftPlanner;

pub(crate) const RATE_HZ: f64 = 44_100.0;

/// A brief whose rate and depth never change.
pub(crate) fn steady(mode: Mode, stimulus: Stimulus, duration_s: f64, rate_hz: f64) -> Brief {
    let mut brief = Brief::preset(mode, None, None, duration_s, stimulus, 5);
    brief.schedule = vec![Breakpoint { at_s: 0.0, rate_hz, depth: 0.6 }];
    brief
}

pub(crate) fn play(brief: &Brief) -> (Vec<f32>, Vec<f32>, Outcome) {
    play_in_blocks(brief, 16_384)
}

pub(crate) fn play_in_blocks(brief: &Brief, block_frames: usize) -> (Vec<f32>, Vec<f32>, Outcome) {
    let (mut left, mut right) = (Vec::new(), Vec::new());
    let outcome = render(
        &compose(brief).unwrap(),
        RenderOptions { rate_hz: RATE_HZ as u32, block_frames },
        &mut |_| ControlFlow::Continue(()),
        &mut |block| {
            left.extend_from_slice(block[0]);
            right.extend_from_slice(block[1]);
            Ok::<(), Infallible>(())
        },
    )
    .unwrap();
    (left, right, outcome)
}

/// Magnitudes of a Hann-windowed spectrum and the width of a bin in hertz.
pub(crate) fn spectrum(x: &[f64], rate_hz: f64) -> (Vec<f64>, f64) {
    let n = x.len();
    let mean = x.iter().sum::<f64>() / n as f64;
    let mut windowed: Vec<f64> = x
        .iter()
        .enumerate()
        .map(|(i, v)| {
            let turn = std::f64::consts::TAU * i as f64 / n as f64;
            (v - mean) * (0.5 - 0.5 * turn.cos())
        })
        .collect();
    let fft = RealFftPlanner::<f64>::new().plan_fft_forward(n);
    let mut bins = fft.make_output_vec();
    fft.process(&mut windowed, &mut bins).unwrap();
    (bins.iter().map(|c| c.norm()).collect(), rate_hz / n as f64)
}

/// Frequency and magnitude of the highest peak in a range, by a parabola through the logarithms.
pub(crate) fn peak(spectrum: &[f64], bin_hz: f64, from_hz: f64, to_hz: f64) -> (f64, f64) {
    let range = (from_hz / bin_hz) as usize..(to_hz / bin_hz) as usize;
    let top = range.max_by(|&a, &b| spectrum[a].total_cmp(&spectrum[b])).unwrap();
    let [a, b, c] = [top - 1, top, top + 1].map(|i| spectrum[i].ln());
    let shift = 0.5 * (a - c) / (a - 2.0 * b + c);
    ((top as f64 + shift) * bin_hz, spectrum[top])
}

/// Power over time at 100 values per second: the envelope that a modulation leaves.
pub(crate) fn power_envelope(left: &[f32], right: &[f32]) -> Vec<f64> {
    let square = |x: &[f32]| x.iter().map(|&v| f64::from(v).powi(2)).sum::<f64>();
    left.chunks_exact(441)
        .zip(right.chunks_exact(441))
        .map(|(l, r)| square(l) + square(r))
        .collect()
}

pub(crate) const ENVELOPE_HZ: f64 = 100.0;
