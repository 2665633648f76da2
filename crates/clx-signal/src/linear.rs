//! Small least-squares problems.

/// A straight line `y = intercept + slope · x` and how well it fits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    pub slope: f64,
    pub intercept: f64,
    /// Coefficient of determination; 1 where `y` does not vary.
    pub r_squared: f64,
}

/// Least-squares line through the points; `None` with fewer than two distinct `x` or a value that
/// is not finite.
///
/// ```
/// let line = clx_signal::linear::fit_line(&[0.0, 1.0, 2.0], &[1.0, 3.0, 5.0]).unwrap();
/// assert_eq!((line.slope, line.intercept, line.r_squared), (2.0, 1.0, 1.0));
/// ```
pub fn fit_line(x: &[f64], y: &[f64]) -> Option<Line> {
    let n = x.len().min(y.len());
    let (x, y) = (&x[..n], &y[..n]);
    let mean_x = x.iter().sum::<f64>() / n as f64;
    let mean_y = y.iter().sum::<f64>() / n as f64;
    let (mut sxx, mut sxy, mut syy) = (0.0, 0.0, 0.0);
    for (a, b) in x.iter().zip(y) {
        sxx += (a - mean_x).powi(2);
        sxy += (a - mean_x) * (b - mean_y);
        syy += (b - mean_y).powi(2);
    }
    if !(sxx > 0.0 && sxx.is_finite() && sxy.is_finite() && syy.is_finite()) {
        return None;
    }
    let slope = sxy / sxx;
    let r_squared = if syy > 0.0 { sxy * sxy / (sxx * syy) } else { 1.0 };
    Some(Line { slope, intercept: mean_y - slope * mean_x, r_squared })
}

/// Solves the symmetric positive definite system `a · x = b` by Cholesky's method; `a` is `n × n`
/// row by row. `None` if `a` is not positive definite.
///
/// ```
/// let x = clx_signal::linear::solve_spd(&[4.0, 2.0, 2.0, 3.0], &[8.0, 7.0]).unwrap();
/// assert!((x[0] - 1.25).abs() < 1e-15 && (x[1] - 1.5).abs() < 1e-15);
/// ```
pub fn solve_spd(a: &[f64], b: &[f64]) -> Option<Vec<f64>> {
    let n = b.len();
    let mut l = vec![0.0; n * n];
    for i in 0..n {
        for j in 0..=i {
            let dot: f64 = (0..j).map(|k| l[i * n + k] * l[j * n + k]).sum();
            let rest = a[i * n + j] - dot;
            if i != j {
                l[i * n + j] = rest / l[j * n + j];
            } else if rest > 0.0 && rest.is_finite() {
                l[i * n + i] = rest.sqrt();
            } else {
                return None;
            }
        }
    }
    let mut x = b.to_vec();
    for i in 0..n {
        let dot: f64 = (0..i).map(|k| l[i * n + k] * x[k]).sum();
        x[i] = (x[i] - dot) / l[i * n + i];
    }
    for i in (0..n).rev() {
        let dot: f64 = (i + 1..n).map(|k| l[k * n + i] * x[k]).sum();
        x[i] = (x[i] - dot) / l[i * n + i];
    }
    Some(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degenerate_input_gives_none() {
        assert_eq!(fit_line(&[], &[]), None);
        assert_eq!(fit_line(&[1.0, 1.0], &[1.0, 2.0]), None);
        assert_eq!(fit_line(&[1.0, 2.0], &[f64::NAN, 2.0]), None);
        assert_eq!(solve_spd(&[0.0], &[1.0]), None);
    }
}
