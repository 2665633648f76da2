//! Curves through points `(x, y)` with ascending `x`.

use crate::SignalError;

/// Straight lines between the points, evaluated at ascending or any `at`; beyond the ends `outside`.
///
/// As `numpy.interp(at, x, y, left, right)`. Empty points give `outside` everywhere.
///
/// ```
/// use clx_signal::interpolate::linear;
/// assert_eq!(linear(&[0.0, 2.0], &[1.0, 5.0], &[-1.0, 0.5, 2.0, 3.0], [0.0, 9.0]), [0.0, 2.0, 5.0, 9.0]);
/// ```
pub fn linear(x: &[f64], y: &[f64], at: &[f64], outside: [f64; 2]) -> Vec<f64> {
    let (Some(&first), Some(&last)) = (x.first(), x.last()) else {
        return vec![outside[0]; at.len()];
    };
    at.iter()
        .map(|&t| match t {
            t if t < first => outside[0],
            t if t > last => outside[1],
            t => {
                let i = interval(x, t);
                if i + 1 == x.len() {
                    return y[i];
                }
                y[i] + (y[i + 1] - y[i]) / (x[i + 1] - x[i]) * (t - x[i])
            }
        })
        .collect()
}

/// Index of the last point not after `t`.
fn interval(x: &[f64], t: f64) -> usize {
    x.partition_point(|&p| p <= t).saturating_sub(1)
}

/// Piecewise cubic through the points that keeps their monotony (no overshoot), at `at`; the first
/// and last value beyond the ends.
///
/// Slopes are weighted harmonic means of the neighbouring differences, as
/// `scipy.interpolate.PchipInterpolator`. With two points it is a line.
///
/// # Errors
/// [`SignalError::Parameter`] with fewer than two points, or `x` that does not ascend strictly.
///
/// # Source
/// Fritsch and Butland 1984, SIAM J. Sci. Stat. Comput. 5:300-304. Checked against
/// `tests/fixtures/peaks.json`.
///
/// ```
/// let y = clx_signal::interpolate::monotone(&[0.0, 1.0, 2.0], &[0.0, 1.0, 1.0], &[0.5, 1.5])?;
/// assert!(y[0] > 0.5 && y[1] == 1.0);
/// # Ok::<(), clx_signal::SignalError>(())
/// ```
pub fn monotone(x: &[f64], y: &[f64], at: &[f64]) -> Result<Vec<f64>, SignalError> {
    check(x, y, 2)?;
    let n = x.len();
    let step: Vec<f64> = x.windows(2).map(|w| w[1] - w[0]).collect();
    let rise: Vec<f64> = y.windows(2).zip(&step).map(|(w, h)| (w[1] - w[0]) / h).collect();
    let mut slope = vec![rise[0]; n];
    for i in 1..n - 1 {
        slope[i] = if rise[i - 1] * rise[i] > 0.0 {
            let (w1, w2) = (2.0 * step[i] + step[i - 1], step[i] + 2.0 * step[i - 1]);
            (w1 + w2) / (w1 / rise[i - 1] + w2 / rise[i])
        } else {
            0.0
        };
    }
    if n > 2 {
        slope[0] = end_slope(step[0], step[1], rise[0], rise[1]);
        slope[n - 1] = end_slope(step[n - 2], step[n - 3], rise[n - 2], rise[n - 3]);
    }
    Ok(at
        .iter()
        .map(|&t| {
            let t = t.clamp(x[0], x[n - 1]);
            let i = interval(x, t).min(n - 2);
            let (h, u) = (step[i], (t - x[i]) / step[i]);
            let (u2, u3) = (u * u, u * u * u);
            (2.0 * u3 - 3.0 * u2 + 1.0) * y[i]
                + (u3 - 2.0 * u2 + u) * h * slope[i]
                + (3.0 * u2 - 2.0 * u3) * y[i + 1]
                + (u3 - u2) * h * slope[i + 1]
        })
        .collect())
}

/// Three-point slope at an end, held to the direction of the data.
fn end_slope(h0: f64, h1: f64, rise0: f64, rise1: f64) -> f64 {
    let slope = ((2.0 * h0 + h1) * rise0 - h0 * rise1) / (h0 + h1);
    if slope * rise0 <= 0.0 {
        0.0
    } else if rise0 * rise1 <= 0.0 && slope.abs() > 3.0 * rise0.abs() {
        3.0 * rise0
    } else {
        slope
    }
}

/// Quadratic spline through the points (knots half-way between them), at `at`; the first and last
/// value beyond the ends.
///
/// As `scipy.interpolate.interp1d(x, y, kind="quadratic")`: not-a-knot ends, so three points give
/// their parabola.
///
/// # Errors
/// [`SignalError::Parameter`] with fewer than three points, or `x` that does not ascend strictly.
///
/// # Source
/// de Boor 1978, A Practical Guide to Splines. Checked against `tests/fixtures/peaks.json`.
///
/// ```
/// let y = clx_signal::interpolate::quadratic(&[0.0, 1.0, 3.0], &[0.0, 1.0, 9.0], &[2.0])?;
/// assert!((y[0] - 4.0).abs() < 1e-12);
/// # Ok::<(), clx_signal::SignalError>(())
/// ```
pub fn quadratic(x: &[f64], y: &[f64], at: &[f64]) -> Result<Vec<f64>, SignalError> {
    check(x, y, 3)?;
    let n = x.len();
    let mut knots = vec![x[0]; 3];
    knots.extend((1..n - 2).map(|i| (x[i] + x[i + 1]) / 2.0));
    knots.extend([x[n - 1]; 3]);
    let coefficients = collocate(x, y, &knots);
    let mut span = 2;
    Ok(at
        .iter()
        .map(|&t| {
            let t = t.clamp(x[0], x[n - 1]);
            if t < knots[span] {
                span = 2;
            }
            while span + 1 < n && knots[span + 1] <= t {
                span += 1;
            }
            let basis = quadratic_basis(&knots, span, t);
            (0..3).map(|j| basis[j] * coefficients[span - 2 + j]).sum()
        })
        .collect())
}

/// The three quadratic B-splines that are not zero on `knots[span]..knots[span + 1]`, at `t`.
fn quadratic_basis(knots: &[f64], span: usize, t: f64) -> [f64; 3] {
    let right = |i: usize| knots[span + i] - t;
    let left = |i: usize| t - knots[span + 1 - i];
    let linear = [right(1) / (right(1) + left(1)), left(1) / (right(1) + left(1))];
    let a = linear[0] / (right(1) + left(2));
    let b = linear[1] / (right(2) + left(1));
    [right(1) * a, left(2) * a + right(2) * b, left(1) * b]
}

/// Coefficients of the spline that passes through the points: a banded system, solved without
/// pivoting because B-spline collocation matrices are totally positive.
fn collocate(x: &[f64], y: &[f64], knots: &[f64]) -> Vec<f64> {
    const HALF: usize = 2;
    const WIDTH: usize = 2 * HALF + 1;
    let n = x.len();
    let mut rows = vec![[0.0; WIDTH]; n];
    let mut span = 2;
    for (i, &t) in x.iter().enumerate() {
        while span + 1 < n && knots[span + 1] <= t {
            span += 1;
        }
        for (j, b) in quadratic_basis(knots, span, t).into_iter().enumerate() {
            let column = span - 2 + j;
            if b != 0.0 {
                rows[i][column + HALF - i] = b;
            }
        }
    }
    let mut c = y.to_vec();
    for i in 0..n {
        for below in i + 1..n.min(i + HALF + 1) {
            let factor = rows[below][i + HALF - below] / rows[i][HALF];
            if factor != 0.0 {
                for column in i..n.min(i + HALF + 1) {
                    rows[below][column + HALF - below] -= factor * rows[i][column + HALF - i];
                }
                c[below] -= factor * c[i];
            }
        }
    }
    for i in (0..n).rev() {
        let known: f64 = (i + 1..n.min(i + HALF + 1)).map(|j| rows[i][j + HALF - i] * c[j]).sum();
        c[i] = (c[i] - known) / rows[i][HALF];
    }
    c
}

fn check(x: &[f64], y: &[f64], least: usize) -> Result<(), SignalError> {
    let ascends = x.windows(2).all(|w| w[0] < w[1]);
    if x.len() >= least && x.len() == y.len() && ascends {
        return Ok(());
    }
    Err(SignalError::Parameter {
        name: "points",
        expected: "at least two (three for a parabola), with strictly ascending x",
        got: format!("{} x, {} y, ascending: {ascends}", x.len(), y.len()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curves_pass_through_their_points() {
        let x = [0.0, 0.7, 1.1, 3.0, 3.2, 5.0, 5.5];
        let y = [1.0, -2.0, 0.5, 0.5, 4.0, 3.0, 3.5];
        for got in [monotone(&x, &y, &x).unwrap(), quadratic(&x, &y, &x).unwrap()] {
            assert!(got.iter().zip(y).all(|(a, b)| (a - b).abs() < 1e-12), "{got:?}");
        }
    }

    #[test]
    fn too_few_or_disordered_points_are_refused() {
        assert!(monotone(&[1.0], &[1.0], &[1.0]).is_err());
        assert!(quadratic(&[0.0, 1.0], &[1.0, 2.0], &[0.5]).is_err());
        assert!(monotone(&[1.0, 1.0], &[1.0, 2.0], &[1.0]).is_err());
        assert!(quadratic(&[0.0, f64::NAN, 1.0], &[1.0; 3], &[0.5]).is_err());
        assert!(linear(&[], &[], &[1.0], [0.0, 0.0]) == [0.0]);
    }
}
