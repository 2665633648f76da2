//! What the detectors of heart beats in ECG and PPG share: bursts above a moving mean, and the most
//! prominent maximum in each.

use clx_signal::peaks::{PeakParams, find_peaks};

/// Least distance of two beats, seconds: 200 beats per minute.
pub(crate) const LEAST_DISTANCE_S: f64 = 0.3;

/// Mean of `width` samples around each sample, the end samples repeated beyond the ends; of an even
/// width one more lies before than after (`scipy.ndimage.uniform_filter1d`, mode "nearest").
pub(crate) fn boxcar(x: &[f64], width: usize) -> Vec<f64> {
    let (Some(&first), Some(&last)) = (x.first(), x.last()) else { return Vec::new() };
    let n = x.len();
    let width = width.max(1);
    let before = width / 2;
    let after = width - before - 1;
    let at = |i: usize| if i < n { x[i] } else { last };
    let mut sum = first * before as f64 + (0..=after).map(at).sum::<f64>();
    let scale = 1.0 / width as f64;
    let mut y = Vec::with_capacity(n);
    for i in 0..n {
        y.push(sum * scale);
        let leaving = if i < before { first } else { x[i - before] };
        sum += at(i + after + 1) - leaving;
    }
    y
}

/// Stretches where `level` exceeds `threshold`: last sample before each and last sample in it, as
/// NeuroKit2 counts. A stretch that is open at either end of the signal is left out.
pub(crate) fn bursts(level: &[f64], threshold: &[f64]) -> Vec<(usize, usize)> {
    let mut open = None;
    let mut found = Vec::new();
    let mut above = level.iter().zip(threshold).map(|(l, t)| l > t);
    let Some(mut last) = above.next() else { return found };
    for (i, now) in above.enumerate() {
        match (last, now) {
            (false, true) => open = Some(i),
            (true, false) => found.extend(open.take().map(|start| (start, i))),
            _ => {}
        }
        last = now;
    }
    found
}

/// The most prominent maximum of each burst that has at least `shortest` samples, at least 0.3 s
/// after the last beat.
pub(crate) fn beats_in(
    signal: &[f64],
    bursts: &[(usize, usize)],
    shortest: f64,
    least_distance: usize,
) -> Vec<usize> {
    let mut beats: Vec<usize> = Vec::new();
    for &(start, end) in bursts.iter().filter(|b| (b.1 - b.0) as f64 >= shortest) {
        let Some(top) = most_prominent(&signal[start..end]) else { continue };
        if start + top - beats.last().copied().unwrap_or(0) > least_distance {
            beats.push(start + top);
        }
    }
    beats
}

/// Index of the maximum that stands out most, the first of equal ones.
pub(crate) fn most_prominent(x: &[f64]) -> Option<usize> {
    let peaks = find_peaks(x, PeakParams::default());
    let mut best = peaks.first()?;
    for peak in &peaks {
        if peak.prominence > best.prominence {
            best = peak;
        }
    }
    Some(best.index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_boxcar_of_even_width_looks_one_sample_further_back() {
        assert_eq!(boxcar(&[0.0, 0.0, 4.0, 0.0, 0.0], 4), [0.0, 1.0, 1.0, 1.0, 1.0]);
        assert_eq!(boxcar(&[8.0, 0.0, 0.0], 3), [16.0 / 3.0, 8.0 / 3.0, 0.0]);
        assert_eq!(boxcar(&[3.0], 9), [3.0]);
        assert!(boxcar(&[], 3).is_empty());
    }

    #[test]
    fn bursts_open_at_the_ends_do_not_count() {
        let level = [2.0, 0.0, 2.0, 2.0, 0.0, 2.0];
        assert_eq!(bursts(&level, &[1.0; 6]), [(1, 3)]);
        assert!(bursts(&[], &[]).is_empty());
    }
}
