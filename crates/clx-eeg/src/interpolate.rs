use clx_signal::SignalError;
use faer::linalg::solvers::SolveCore;
use faer::{Conj, Mat};

use crate::splines::{dot, g, unit};
use crate::{EegError, SpatialFilter};

/// Added to the diagonal of the spline matrix, as MNE: electrodes carry noise, so the spline need not
/// run through them exactly.
const SMOOTHING: f64 = 1e-5;
/// A spline with its constant needs more than one electrode to say anything of a third.
const MIN_GOOD: usize = 2;

/// Weights that estimate the potential at `to` from that at `from` by spherical splines.
///
/// Positions are in any unit relative to the centre of the head; only their directions count. The
/// weights of each output add up to 1. Equal to `mne.channels.interpolation`'s spline for EEG
/// (`m = 4`, 50 Legendre terms, smoothing 1e-5).
///
/// # Errors
/// [`SignalError::Parameter`] with fewer than two `from`, or a position at the centre or not finite.
///
/// # Source
/// Perrin et al. 1989, Electroencephalogr. Clin. Neurophysiol. 72:184-187. Checked against
/// `tests/fixtures/spatial.json`.
///
/// ```
/// use clx_eeg::{interpolate::spline_interpolation, site::direction};
/// let around = ["Fz", "Cz", "F3", "F4", "C3", "C4"].map(|s| direction(s).unwrap());
/// let filter = spline_interpolation(&around, &[direction("FCz").unwrap()])?;
/// assert!((filter.row(0).iter().sum::<f64>() - 1.0).abs() < 1e-9);
/// assert!(filter.row(0)[0] > 0.3 && filter.row(0)[1] > 0.3); // mostly its neighbours
/// # Ok::<(), clx_eeg::EegError>(())
/// ```
pub fn spline_interpolation(from: &[[f64; 3]], to: &[[f64; 3]]) -> Result<SpatialFilter, EegError> {
    let n = from.len();
    if n < MIN_GOOD {
        return Err(EegError::Signal(SignalError::Parameter {
            name: "good electrodes",
            expected: "at least two",
            got: n.to_string(),
        }));
    }
    let (from, to) = (unit(from)?, unit(to)?);
    // Spline coefficients that meet the data and add up to zero, and a constant.
    let system = Mat::from_fn(n + 1, n + 1, |i, j| match (i < n, j < n) {
        (true, true) => g(dot(&from[i], &from[j])) + if i == j { SMOOTHING } else { 0.0 },
        (false, false) => 0.0,
        _ => 1.0,
    });
    // One right-hand side per output, since the system is symmetric.
    let mut weights =
        Mat::from_fn(
            n + 1,
            to.len(),
            |i, output| {
                if i < n { g(dot(&from[i], &to[output])) } else { 1.0 }
            },
        );
    system.partial_piv_lu().solve_in_place_with_conj(Conj::No, weights.as_mut());
    let rows = (0..to.len()).flat_map(|output| (0..n).map(move |i| (i, output)));
    SpatialFilter::from_rows(n, rows.map(|(i, output)| weights[(i, output)]).collect())
}

/// Replaces the channels `bads` by what the others make of them; any unit.
///
/// `positions[i]` belongs to `channels[i]`. The rank of the data falls by the number of bads, which
/// an ICA must be told.
///
/// # Errors
/// Those of [`spline_interpolation`]; [`SignalError::Mismatch`] for unequal counts or lengths.
pub fn interpolate_bads(
    channels: &mut [Vec<f32>],
    positions: &[[f64; 3]],
    bads: &[usize],
) -> Result<(), EegError> {
    crate::spatial::common_len(channels, positions.len())?;
    let (bad, good): (Vec<usize>, Vec<usize>) = (0..channels.len()).partition(|i| bads.contains(i));
    let place = |picks: &[usize]| picks.iter().map(|&i| positions[i]).collect::<Vec<_>>();
    let filter = spline_interpolation(&place(&good), &place(&bad))?;
    // Lent to the filter, not copied.
    let taken: Vec<Vec<f32>> = good.iter().map(|&i| std::mem::take(&mut channels[i])).collect();
    let estimates = filter.apply(&taken);
    good.iter().zip(taken).for_each(|(&i, x)| channels[i] = x);
    for (i, estimate) in bad.into_iter().zip(estimates?) {
        channels[i] = estimate;
    }
    Ok(())
}
