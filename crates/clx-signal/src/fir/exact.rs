use rustfft::FftPlanner;
use rustfft::num_complex::Complex;

use super::overlap_save::{block_len, zero_phase_response};
use super::{Edge, Fir};
use crate::SignalError;

/// Zero-phase FIR filtering of one channel in `f64`, offline: as
/// [`OverlapSave`](super::OverlapSave), with all digits and at half its speed.
///
/// Returns as many samples as it takes; `mne.filter.filter_data` to 1e-9 of the rms.
///
/// # Errors
/// [`SignalError::NotFinite`] for NaN or infinity.
///
/// ```
/// use clx_signal::{fir, fir::Edge, SampleRate};
/// let rate = SampleRate::from_hz(250.0)?;
/// let y = fir::filter_zero_phase_f64(&fir::design_bandpass(rate, None, Some(40.0))?, &[2.0; 500], Edge::Repeat)?;
/// assert!((y[250] - 2.0).abs() < 1e-12);
/// # Ok::<(), clx_signal::SignalError>(())
/// ```
pub fn filter_zero_phase_f64(fir: &Fir, x: &[f64], edge: Edge) -> Result<Vec<f64>, SignalError> {
    if let Some(index) = x.iter().position(|v| !v.is_finite()) {
        return Err(SignalError::NotFinite { channel: "0".to_owned(), index });
    }
    let half = fir.half_len();
    let n_fft = block_len(fir.taps().len(), 1);
    let step = n_fft - 2 * half;
    let mut planner = FftPlanner::<f64>::new();
    let (forward, inverse) = (planner.plan_fft_forward(n_fft), planner.plan_fft_inverse(n_fft));
    let response = zero_phase_response(fir.taps(), n_fft);
    let mut out = Vec::with_capacity(x.len());
    let mut work = vec![Complex::ZERO; n_fft];
    while out.len() < x.len() {
        // Two successive blocks ride in the real and imaginary part.
        let start = out.len() as i64 - half as i64;
        for (i, w) in work.iter_mut().enumerate() {
            let at = start + i as i64;
            *w = Complex { re: beyond(x, at, edge), im: beyond(x, at + step as i64, edge) };
        }
        forward.process(&mut work);
        for (w, g) in work.iter_mut().zip(&response) {
            *w *= g / n_fft as f64;
        }
        inverse.process(&mut work);
        out.extend(work[half..half + step].iter().map(|w| w.re));
        out.extend(work[half..half + step].iter().map(|w| w.im));
    }
    out.truncate(x.len());
    Ok(out)
}

/// The sample at `at`, which may lie beyond either end.
fn beyond(x: &[f64], at: i64, edge: Edge) -> f64 {
    let last = x.len() as i64 - 1;
    if (0..=last).contains(&at) {
        return x[at as usize];
    }
    let end = if at < 0 { 0 } else { last };
    let mirrored = 2 * end - at;
    match edge {
        Edge::Repeat => x[end as usize],
        Edge::Reflect if (0..=last).contains(&mirrored) => {
            2.0 * x[end as usize] - x[mirrored as usize]
        }
        Edge::Reflect => 0.0,
    }
}
