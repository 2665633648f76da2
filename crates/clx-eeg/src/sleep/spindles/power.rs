use clx_signal::SampleRate;
use clx_signal::window::{Symmetry, hann};
use realfft::RealFftPlanner;

use super::Coarse;
use crate::EegError;

/// Window and step of the short-time transform, seconds. YASA 0.8.1.
const WINDOW_S: f64 = 2.0;
const STEP_S: f64 = 0.2;

/// Share of the power of `broad_hz` that lies in `band_hz`, every 0.2 s; 0 where there is none.
///
/// Hann windows of 2 s centred on the times, zeros beyond the ends: `yasa.stft_power`.
pub(super) fn relative_power(
    x: &[f32],
    rate: SampleRate,
    broad_hz: [f64; 2],
    band_hz: [f64; 2],
) -> Result<Coarse, EegError> {
    let n = (WINDOW_S * rate.hz()) as usize;
    let hop = n - (n as f64 - STEP_S * rate.hz()) as usize;
    let window: Vec<f32> = hann(n, Symmetry::Periodic).iter().map(|&w| w as f32).collect();
    let fft = RealFftPlanner::<f32>::new().plan_fft_forward(n);
    let (mut time, mut bins) = (fft.make_input_vec(), fft.make_output_vec());
    let mut scratch = fft.make_scratch_vec();
    let inside = |band: [f64; 2]| {
        let at = |k: usize| k as f64 * rate.hz() / n as f64;
        let start = (0..bins.len()).find(|&k| at(k) >= band[0]).unwrap_or(bins.len());
        let end = (0..bins.len()).rfind(|&k| at(k) <= band[1]).map_or(start, |k| k + 1);
        start..end.max(start)
    };
    let (broad, band) = (inside(broad_hz), inside(band_hz));
    let padded = x.len() + 2 * (n / 2);
    let n_windows = (padded.saturating_sub(n)).div_ceil(hop) + 1;
    let mut values = Vec::with_capacity(n_windows);
    for k in 0..n_windows {
        // The first window is centred on the first sample.
        let start = (k * hop) as isize - (n / 2) as isize;
        let known = (-start).clamp(0, n as isize) as usize;
        let from = start.max(0) as usize;
        let samples = x.get(from..).unwrap_or(&[]);
        let filled = (known + samples.len()).min(n);
        time[..known].fill(0.0);
        time[filled..].fill(0.0);
        let tapered = time[known..filled].iter_mut().zip(samples).zip(&window[known..filled]);
        tapered.for_each(|((t, &v), &w)| *t = v * w);
        fft.process_with_scratch(&mut time, &mut bins, &mut scratch)
            .expect("the buffers were made by this transform");
        let power = |range: &std::ops::Range<usize>| -> f32 {
            bins[range.clone()].iter().map(|z| z.norm_sqr()).sum()
        };
        let whole = power(&broad);
        values.push(if whole > 0.0 { f64::from(power(&band) / whole) } else { 0.0 });
    }
    let times_s = (0..n_windows).map(|k| (k * hop) as f64 / rate.hz()).collect();
    Ok(Coarse { times_s, values })
}
