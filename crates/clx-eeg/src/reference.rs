//! What a voltage is measured against: mean of channels, infinity (REST), or the surroundings (CSD).

use clx_signal::SignalError;
use faer::Mat;
use pulp::{Arch, Simd, WithSimd};

use crate::spatial::common_len;
use crate::splines::{dot, g, h, unit};
use crate::{EegError, SpatialFilter};

mod head;
mod rest;

pub use head::{HeadModel, Shell};
pub use rest::rest_of_lead_field;

/// Samples referenced in one go: 64 channels of them stay in the second-level cache.
const BLOCK: usize = 1024;

/// Regularisation of the spline fit of [`laplacian`], as MNE (`lambda2`).
const LAMBDA: f64 = 1e-5;

/// Subtracts from every channel, sample by sample, the mean of the channels `members`.
///
/// All good channels give the average reference, two mastoids the linked one, one channel that one.
/// In place, any unit, no memory. A member that is not finite at a sample is left out of that
/// sample's mean; without any finite member the sample stays as it is.
///
/// # Errors
/// [`SignalError::Mismatch`] for channels of unequal length; [`SignalError::Parameter`] for no member
/// or one that does not exist.
///
/// ```
/// let mut x = vec![vec![1.0, 2.0], vec![3.0, 6.0], vec![5.0, 7.0]];
/// clx_eeg::reference::subtract_mean_of(&mut x, &[0, 1, 2])?;
/// assert_eq!(x, [[-2.0, -3.0], [0.0, 1.0], [2.0, 2.0]]);
/// # Ok::<(), clx_eeg::EegError>(())
/// ```
pub fn subtract_mean_of(channels: &mut [Vec<f32>], members: &[usize]) -> Result<(), EegError> {
    let n = common_len(channels, channels.len())?;
    if members.is_empty() || members.iter().any(|&i| i >= channels.len()) {
        return Err(EegError::Signal(SignalError::Parameter {
            name: "members",
            expected: "at least one, all of them channels",
            got: format!("{members:?} of {}", channels.len()),
        }));
    }
    let mut mean = vec![0.0; BLOCK];
    for from in (0..n).step_by(BLOCK) {
        let to = n.min(from + BLOCK);
        let mean = &mut mean[..to - from];
        mean.fill(0.0);
        for &i in members {
            Arch::new().dispatch(Add { sum: mean, x: &channels[i][from..to] });
        }
        for (t, m) in mean.iter_mut().enumerate() {
            *m = if m.is_finite() {
                *m / members.len() as f64
            } else {
                mean_of_finite(members.iter().map(|&i| channels[i][from + t]))
            };
        }
        for x in channels.iter_mut() {
            Arch::new().dispatch(Subtract { mean, x: &mut x[from..to] });
        }
    }
    Ok(())
}

fn mean_of_finite(values: impl Iterator<Item = f32>) -> f64 {
    let (mut sum, mut n) = (0.0, 0.0);
    for v in values.filter(|v| v.is_finite()) {
        sum += f64::from(v);
        n += 1.0;
    }
    if n > 0.0 { sum / n } else { 0.0 }
}

struct Add<'a> {
    sum: &'a mut [f64],
    x: &'a [f32],
}

impl WithSimd for Add<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        self.sum.iter_mut().zip(self.x).for_each(|(s, x)| *s += f64::from(*x));
    }
}

struct Subtract<'a> {
    mean: &'a [f64],
    x: &'a mut [f32],
}

impl WithSimd for Subtract<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        self.x.iter_mut().zip(self.mean).for_each(|(x, m)| *x = (f64::from(*x) - m) as f32);
    }
}

/// The pair of channels that stand for the mastoids: `M1` and `M2`, else `A1` and `A2`, else `TP9` and
/// `TP10`; upper or lower case, with or without the prefix `EEG`.
///
/// ```
/// use clx_eeg::reference::mastoids;
/// assert_eq!(mastoids(&["Cz", "m1", "EEG M2"]), Some([1, 2]));
/// assert_eq!(mastoids(&["Cz", "M1"]), None);
/// ```
pub fn mastoids(names: &[&str]) -> Option<[usize; 2]> {
    let bare = |name: &str| {
        let name = name.trim().to_lowercase();
        name.strip_prefix("eeg").unwrap_or(&name).trim().to_owned()
    };
    let names: Vec<String> = names.iter().map(|n| bare(n)).collect();
    let find = |name: &str| names.iter().position(|n| n == name);
    [["m1", "m2"], ["a1", "a2"], ["tp9", "tp10"]]
        .into_iter()
        .find_map(|[left, right]| Some([find(left)?, find(right)?]))
}

/// Weights of the surface Laplacian (current source density) by spherical splines.
///
/// `positions`: electrodes relative to the centre of the head, of which only the directions count;
/// `radius_m`: of the head, metres. Input volts; outputs V/m², positive over a source (the sign and
/// size of MNE; times the conductivity of the scalp it is a current density). Removes any reference.
/// Bad channels must be left out or interpolated. `mne.preprocessing.compute_current_source_density`
/// with its default smoothing (`lambda2` 1e-5, `m = 4`, 50 terms).
///
/// # Errors
/// [`SignalError::Parameter`] with fewer than two electrodes, a radius that is not above zero, or a
/// position at the centre or not finite.
///
/// # Source
/// Perrin et al. 1989, Electroencephalogr. Clin. Neurophysiol. 72:184-187; Kayser and Tenke 2006, Clin.
/// Neurophysiol. 117:348-368. Checked against `tests/fixtures/spatial.json`.
pub fn laplacian(positions: &[[f64; 3]], radius_m: f64) -> Result<SpatialFilter, EegError> {
    let n = positions.len();
    if n < 2 || !(radius_m.is_finite() && radius_m > 0.0) {
        return Err(EegError::Signal(SignalError::Parameter {
            name: "positions and radius_m",
            expected: "two electrodes or more on a head of finite size",
            got: format!("{n} electrodes, {radius_m} m"),
        }));
    }
    let unit = unit(positions)?;
    let cosine = |i: usize, j: usize| dot(&unit[i], &unit[j]).clamp(-1.0, 1.0);
    let smooth = Mat::from_fn(n, n, |i, j| g(cosine(i, j)) + if i == j { LAMBDA } else { 0.0 });
    let inverse = inverse(&smooth);
    let column: Vec<f64> = (0..n).map(|j| (0..n).map(|i| inverse[(i, j)]).sum()).collect();
    let total: f64 = column.iter().sum();
    // Spline coefficients of a unit at electrode j, with the constant that makes them add up to zero.
    let coefficients = Mat::from_fn(n, n, |i, j| {
        let centred = inverse[(i, j)] - column[i] / n as f64;
        let constant = (column[j] - total / n as f64) / total;
        centred - column[i] * constant
    });
    let rough = Mat::from_fn(n, n, |i, j| h(cosine(i, j)));
    let weights = &rough * &coefficients;
    let rows = (0..n).flat_map(|i| (0..n).map(move |j| (i, j)));
    SpatialFilter::from_rows(n, rows.map(|at| weights[at] / (radius_m * radius_m)).collect())
}

fn inverse(matrix: &Mat<f64>) -> Mat<f64> {
    use faer::linalg::solvers::DenseSolveCore;
    matrix.partial_piv_lu().inverse()
}
