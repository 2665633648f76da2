use super::hjorth::sign_changes;
use super::{finite, varies};

/// Added by antropy to the denominator of its regressions; it moves a slope by about 1e-11.
const EPSILON: f64 = 1e-9;

/// Slope of a least-squares line, summed as antropy does.
fn slope(x: &[f64], y: &[f64]) -> f64 {
    let n = x.len() as f64;
    let (mut sx, mut sy, mut sxx, mut sxy) = (0.0, 0.0, 0.0, 0.0);
    for (a, b) in x.iter().zip(y) {
        sx += a;
        sy += b;
        sxx += a * a;
        sxy += a * b;
    }
    (n * sxy - sx * sy) / (n * sxx - sx * sx + EPSILON)
}

/// Petrosian's fractal dimension: from the number of turning points alone.
///
/// 1 for a monotonic signal, at most 1.04 or so for EEG lengths; depends on length. O(n), at least
/// 3 samples.
///
/// # Source
/// Petrosian 1995, Proc. IEEE CBMS:212-217. Equal to `antropy.petrosian_fd`.
///
/// ```
/// let ramp: Vec<f64> = (0..100).map(f64::from).collect();
/// assert_eq!(clx_signal::complexity::petrosian_fd(&ramp), Some(1.0));
/// ```
pub fn petrosian_fd(x: &[f64]) -> Option<f64> {
    if !varies(x, 3) {
        return None;
    }
    let n = x.len() as f64;
    let turns = sign_changes(x.windows(2).map(|w| w[1] - w[0])) as f64;
    finite(n.log10() / (n.log10() + (n / (n + 0.4 * turns)).log10()))
}

/// Katz's fractal dimension: length of the curve against its farthest distance from the start.
///
/// Distances are of values only, time is not part of them. Depends on the amplitude's shape and on
/// length. O(n), at least 3 samples; absent where the farthest point is one mean step away.
///
/// # Source
/// Katz 1988, Comput. Biol. Med. 18:145-156; Esteller et al. 2001, IEEE Trans. Circuits Syst. I
/// 48:177-183. Equal to `antropy.katz_fd`.
///
/// ```
/// let ramp: Vec<f64> = (0..100).map(f64::from).collect();
/// assert!((clx_signal::complexity::katz_fd(&ramp).unwrap() - 1.0).abs() < 1e-15);
/// ```
pub fn katz_fd(x: &[f64]) -> Option<f64> {
    if !varies(x, 3) {
        return None;
    }
    let steps = (x.len() - 1) as f64;
    let length: f64 = x.windows(2).map(|w| (w[1] - w[0]).abs()).sum();
    let mean_step = length / steps;
    let farthest = x.iter().map(|v| (v - x[0]).abs()).fold(0.0, f64::max);
    finite((length / mean_step).log10() / (farthest / mean_step).log10())
}

/// Higuchi's fractal dimension: how the length of the curve shrinks when only every k-th sample is
/// kept, `k = 1..=kmax`.
///
/// 1 for a smooth curve, 1.5 for a random walk, 2 for white noise. Wants `n` well above `10·kmax`;
/// `kmax` 2 to 1000 (10 is antropy's). O(n·kmax).
///
/// # Source
/// Higuchi 1988, Physica D 31:277-283. Equal to `antropy.higuchi_fd`.
///
/// ```
/// let ramp: Vec<f64> = (0..1000).map(f64::from).collect();
/// assert!((clx_signal::complexity::higuchi_fd(&ramp, 10).unwrap() - 1.0).abs() < 1e-9);
/// ```
pub fn higuchi_fd(x: &[f64], kmax: usize) -> Option<f64> {
    if !(2..=1000).contains(&kmax) || !varies(x, 2 * kmax) {
        return None;
    }
    let lengths: Vec<f64> = (1..=kmax).map(|k| curve_length(x, k)).collect();
    if lengths.iter().any(|l| l.is_nan() || *l <= 0.0) {
        return None;
    }
    let inverse: Vec<f64> = (1..=kmax).map(|k| (1.0 / k as f64).ln()).collect();
    let lengths: Vec<f64> = lengths.iter().map(|l| l.ln()).collect();
    finite(slope(&inverse, &lengths))
}

/// Mean over the `k` starts of the normalised length of every k-th sample.
fn curve_length(x: &[f64], k: usize) -> f64 {
    let sums = match k {
        1 => strided_sums::<8>(x, k),
        2 => strided_sums::<8>(x, k),
        3 => strided_sums::<12>(x, k),
        4 => strided_sums::<8>(x, k),
        5 => strided_sums::<10>(x, k),
        6 => strided_sums::<12>(x, k),
        7 => strided_sums::<14>(x, k),
        8 => strided_sums::<8>(x, k),
        9 => strided_sums::<18>(x, k),
        10 => strided_sums::<10>(x, k),
        _ => strided_sums_of_any(x, k),
    };
    let n = x.len();
    let steps = |m: usize| ((n - m - 1) / k) as f64;
    let length =
        |(m, sum): (usize, &f64)| sum / k as f64 * ((n - 1) as f64 / (k as f64 * steps(m)));
    sums.iter().enumerate().map(length).sum::<f64>() / k as f64
}

/// Sums of `|x[i+k] - x[i]|` by `i mod k`; `WIDTH` is a multiple of `k`, the sums that are kept
/// beside each other.
fn strided_sums<const WIDTH: usize>(x: &[f64], k: usize) -> Vec<f64> {
    let mut wide = [0.0; WIDTH];
    let later = &x[k..];
    let (pairs, rest) = (later.chunks_exact(WIDTH), later.len() % WIDTH);
    for (b, a) in pairs.zip(x.chunks_exact(WIDTH)) {
        for i in 0..WIDTH {
            wide[i] += (b[i] - a[i]).abs();
        }
    }
    let start = later.len() - rest;
    for i in 0..rest {
        wide[i] += (later[start + i] - x[start + i]).abs();
    }
    (0..k).map(|m| wide.iter().skip(m).step_by(k).sum()).collect()
}

fn strided_sums_of_any(x: &[f64], k: usize) -> Vec<f64> {
    let mut sums = vec![0.0; k];
    for (b, a) in x[k..].chunks(k).zip(x.chunks(k)) {
        for ((sum, b), a) in sums.iter_mut().zip(b).zip(a) {
            *sum += (b - a).abs();
        }
    }
    sums
}

/// Exponent of detrended fluctuation analysis: growth of the residual of the summed signal with
/// the length of the stretches it is detrended over.
///
/// 0.5 for white noise, 1 for pink, 1.5 for a random walk. Stretches of 4 samples to a tenth of the
/// signal, each 1.2 times the last, without overlap; a remainder at the end is left out. At least 58
/// samples (two lengths), thousands for a trustworthy exponent. O(n log n).
///
/// # Source
/// Peng et al. 1994, Phys. Rev. E 49:1685-1689. Equal to `antropy.detrended_fluctuation`.
///
/// ```
/// use clx_signal::{complexity::detrended_fluctuation, rng::SplitMix64};
/// let mut rng = SplitMix64::new(5);
/// let noise: Vec<f64> = (0..20_000).map(|_| rng.next_normal()).collect();
/// assert!((detrended_fluctuation(&noise).unwrap() - 0.5).abs() < 0.05);
/// ```
pub fn detrended_fluctuation(x: &[f64]) -> Option<f64> {
    if !varies(x, 58) {
        return None;
    }
    let mean = x.iter().sum::<f64>() / x.len() as f64;
    let mut sum = 0.0;
    let walk: Vec<f64> = x
        .iter()
        .map(|v| {
            sum += v - mean;
            sum
        })
        .collect();
    let points: Vec<(f64, f64)> = stretch_lengths(x.len())
        .into_iter()
        .map(|n| ((n as f64).ln(), fluctuation(&walk, n)))
        .filter(|(_, f)| *f > 0.0)
        .map(|(n, f)| (n, f.ln()))
        .collect();
    if points.len() < 2 {
        return None;
    }
    let (lengths, fluctuations): (Vec<f64>, Vec<f64>) = points.into_iter().unzip();
    finite(slope(&lengths, &fluctuations))
}

/// 4, and `4·1.2^i` rounded down without repeats, up to a tenth of the signal.
fn stretch_lengths(n: usize) -> Vec<usize> {
    let steps = ((0.1 * n as f64 / 4.0).ln() / 1.2_f64.ln()).floor() as i32;
    let mut lengths: Vec<usize> =
        (0..=steps).map(|i| (4.0 * 1.2_f64.powi(i)).floor() as usize).collect();
    lengths.dedup();
    lengths
}

/// Root mean square of the residuals of lines through the stretches of `n` samples.
fn fluctuation(walk: &[f64], n: usize) -> f64 {
    let t: Vec<f64> = (0..n).map(|i| i as f64).collect();
    let mean_t = (n - 1) as f64 / 2.0;
    let mut total = 0.0;
    for stretch in walk.chunks_exact(n) {
        let slope = slope(&t, stretch);
        let intercept = stretch.iter().sum::<f64>() / n as f64 - slope * mean_t;
        let residual = |(y, t): (&f64, &f64)| (y - (intercept + slope * t)).powi(2);
        total += stretch.iter().zip(&t).map(residual).sum::<f64>() / n as f64;
    }
    (total / (walk.len() / n) as f64).sqrt()
}
