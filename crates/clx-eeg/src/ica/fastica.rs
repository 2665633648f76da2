//! FastICA: fixed-point iterations on all components at once.

use faer::Mat;

use super::moments::{Depth, Pass};
use super::rotation::decorrelate;
use super::{Iteration, Solved, Watch};
use crate::EegError;

/// Symmetric FastICA with the log cosh contrast, from the rotation `w`.
///
/// `converged` once no component turns by more than `tol` (1 minus the cosine) in an iteration.
///
/// # Source
/// Hyvärinen 1999, IEEE Trans. Neural Netw. 10(3):626-634.
pub(super) fn solve(
    pass: &mut Pass<'_>,
    mut w: Mat<f64>,
    tol: f64,
    max_iter: usize,
    watch: &mut Watch<'_>,
) -> Result<Solved, EegError> {
    let n = w.nrows();
    for n_iter in 1..=max_iter {
        let m = pass.moments(w.as_ref(), Depth::Score);
        // E[tanh(y) xᵀ] is E[tanh(y) yᵀ] w, as w is a rotation of white samples.
        let mut step = m.score;
        for i in 0..n {
            step[(i, i)] -= 1.0 - m.p2[i];
        }
        let Some(next) = decorrelate((step * &w).as_ref()) else {
            return Ok(Solved { w, n_iter, converged: false });
        };
        let cosine = |i: usize| (next.row(i) * w.row(i).transpose()).abs();
        let change = (0..n).map(|i| (cosine(i) - 1.0).abs()).fold(0.0, f64::max);
        w = next;
        watch.report(Iteration { n_iter, change })?;
        if change < tol {
            return Ok(Solved { w, n_iter, converged: true });
        }
    }
    Ok(Solved { w, n_iter: max_iter, converged: false })
}
