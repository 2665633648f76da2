//! Local maxima of a series and how far they stand out.
//!
//! The rules are those of `scipy.signal.find_peaks`: a maximum is higher than its neighbours, a
//! plateau counts once at its middle, the first and the last sample never count. A comparison with
//! NaN is false, so a NaN is never a peak and never next to one.

/// What a maximum must satisfy to be kept; the default keeps all.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PeakParams {
    /// Least and greatest height, both included.
    pub height: Option<[f64; 2]>,
    /// Least distance of two peaks in samples, at least 1; of two nearer ones the higher stays.
    pub distance: Option<f64>,
    /// Least prominence, included.
    pub prominence: Option<f64>,
    /// Width of the window, in samples and centred on the peak, in which prominence and bases are
    /// looked for; absent: as far as the series is lower.
    pub prominence_window: Option<usize>,
}

/// A maximum and its surroundings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Peak {
    pub index: usize,
    pub height: f64,
    /// Height above the higher of the two lowest points between it and the next higher sample on
    /// either side.
    pub prominence: f64,
    /// Lowest point on the left, the nearest one of equal height.
    pub left_base: usize,
    /// Lowest point on the right.
    pub right_base: usize,
}

/// The maxima of `x` that satisfy `params`, in order.
///
/// Height is checked first, then distance, then prominence. Equal to
/// `scipy.signal.find_peaks(x, height, distance=, prominence=, wlen=)` except for the choice
/// between nearer peaks of exactly equal height, where the later one stays. Work grows as the
/// length of `x`, or as the number of peaks times the window.
///
/// # Source
/// Checked against `tests/fixtures/peaks.json` (SciPy 1.17.1).
///
/// ```
/// use clx_signal::peaks::{find_peaks, PeakParams};
/// let x = [0.0, 2.0, 1.0, 5.0, 0.0, 3.0, 3.0, 1.0];
/// let all = find_peaks(&x, PeakParams::default());
/// assert_eq!(all.iter().map(|p| p.index).collect::<Vec<_>>(), [1, 3, 5]);
/// assert_eq!((all[0].prominence, all[1].prominence), (1.0, 5.0));
/// let high = find_peaks(&x, PeakParams { height: Some([2.5, 4.0]), ..PeakParams::default() });
/// assert_eq!(high[0].index, 5);
/// ```
pub fn find_peaks(x: &[f64], params: PeakParams) -> Vec<Peak> {
    let mut indices = local_maxima(x);
    if let Some([low, high]) = params.height {
        indices.retain(|&i| low <= x[i] && x[i] <= high);
    }
    if let Some(distance) = params.distance {
        indices = spaced(x, &indices, distance);
    }
    let mut peaks = match params.prominence_window {
        Some(window) => indices.iter().map(|&i| peak_within(x, i, window)).collect(),
        None => with_prominence(x, &indices),
    };
    if let Some(least) = params.prominence {
        peaks.retain(|p| p.prominence >= least);
    }
    peaks
}

/// Indices of all local maxima.
///
/// ```
/// assert_eq!(clx_signal::peaks::local_maxima(&[1.0, 2.0, 2.0, 1.0, 3.0]), [1]);
/// ```
pub fn local_maxima(x: &[f64]) -> Vec<usize> {
    let mut found = Vec::new();
    let mut i = 1;
    while i + 1 < x.len() {
        if x[i - 1] < x[i] {
            let mut ahead = i + 1;
            while ahead + 1 < x.len() && x[ahead] == x[i] {
                ahead += 1;
            }
            if x[ahead] < x[i] {
                found.push((i + ahead - 1) / 2);
                i = ahead;
            }
        }
        i += 1;
    }
    found
}

/// Keeps the highest peaks that are at least `distance` apart.
fn spaced(x: &[f64], indices: &[usize], distance: f64) -> Vec<usize> {
    let distance = distance.ceil().max(1.0) as usize;
    let mut order: Vec<usize> = (0..indices.len()).collect();
    order.sort_by(|&a, &b| x[indices[a]].total_cmp(&x[indices[b]]));
    let mut keep = vec![true; indices.len()];
    for &j in order.iter().rev() {
        if !keep[j] {
            continue;
        }
        for k in (0..j).rev().take_while(|&k| indices[j] - indices[k] < distance) {
            keep[k] = false;
        }
        for k in (j + 1..indices.len()).take_while(|&k| indices[k] - indices[j] < distance) {
            keep[k] = false;
        }
    }
    indices.iter().zip(keep).filter_map(|(&i, keep)| keep.then_some(i)).collect()
}

fn peak_within(x: &[f64], index: usize, window: usize) -> Peak {
    let half = if window >= 2 { window / 2 } else { x.len() };
    let height = x[index];
    let lowest = |side: &mut dyn Iterator<Item = usize>| {
        let mut base = index;
        // Written so that a NaN ends the search.
        for i in side.take_while(|&i| x[i] <= height) {
            if x[i] < x[base] {
                base = i;
            }
        }
        base
    };
    let left_base = lowest(&mut (index.saturating_sub(half)..index).rev());
    let last = index.saturating_add(half).min(x.len() - 1);
    let right_base = lowest(&mut (index + 1..=last));
    peak(x, index, left_base, right_base)
}

fn peak(x: &[f64], index: usize, left_base: usize, right_base: usize) -> Peak {
    let prominence = x[index] - x[left_base].max(x[right_base]);
    Peak { index, height: x[index], prominence, left_base, right_base }
}

/// Prominences without a window, in one pass from either side.
fn with_prominence(x: &[f64], indices: &[usize]) -> Vec<Peak> {
    let left = bases(x.len(), indices.iter().copied(), |i| x[i]);
    let n = x.len();
    let mirrored = indices.iter().rev().map(|&i| n - 1 - i);
    let right = bases(n, mirrored, |i| x[n - 1 - i]);
    let right = right.into_iter().rev().map(|i| n - 1 - i);
    let pairs = left.into_iter().zip(right);
    indices.iter().zip(pairs).map(|(&i, (left, right))| peak(x, i, left, right)).collect()
}

/// For each of `indices` (ascending), where `x` is lowest between it and the last higher sample
/// before it.
fn bases(n: usize, indices: impl Iterator<Item = usize>, x: impl Fn(usize) -> f64) -> Vec<usize> {
    let mut wanted = indices.peekable();
    let mut found = Vec::new();
    // Samples not yet passed by a higher one, falling, each with the lowest sample since its
    // predecessor on the stack.
    let mut falling: Vec<(f64, usize)> = Vec::new();
    for i in 0..n {
        let Some(&next) = wanted.peek() else { break };
        let value = x(i);
        if value.is_nan() {
            falling.clear();
            continue;
        }
        let mut base = i;
        while let Some(&(height, lowest)) = falling.last() {
            if height > value {
                break;
            }
            if x(lowest) < x(base) {
                base = lowest;
            }
            falling.pop();
        }
        falling.push((value, base));
        if i == next {
            found.push(base);
            wanted.next();
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_constants_and_nan_are_no_peaks() {
        assert!(local_maxima(&[]).is_empty());
        assert!(local_maxima(&[1.0]).is_empty());
        assert!(local_maxima(&[3.0, 1.0, 3.0]).is_empty());
        assert!(local_maxima(&[2.0; 9]).is_empty());
        assert!(local_maxima(&[0.0, f64::NAN, 0.0, 1.0, f64::NAN]).is_empty());
    }

    #[test]
    fn of_two_near_peaks_the_higher_stays() {
        let x = [0.0, 1.0, 0.0, 2.0, 0.0, 0.0, 0.0, 1.0, 0.0];
        let params = PeakParams { distance: Some(3.0), ..PeakParams::default() };
        let kept: Vec<usize> = find_peaks(&x, params).iter().map(|p| p.index).collect();
        assert_eq!(kept, [3, 7]);
    }

    #[test]
    fn a_window_as_wide_as_the_series_changes_nothing() {
        let mut rng = crate::rng::SplitMix64::new(4);
        let x: Vec<f64> = (0..400).map(|_| (rng.next_f64() * 30.0).floor()).collect();
        let wide = PeakParams { prominence_window: Some(900), ..PeakParams::default() };
        assert_eq!(find_peaks(&x, wide), find_peaks(&x, PeakParams::default()));
    }
}
