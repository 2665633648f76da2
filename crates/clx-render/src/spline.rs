//! Spherical spline interpolation of scalp potentials and powers.

/// Interpolates values given at places on the unit sphere.
///
/// Perrin, Pernier, Bertrand, Echallier 1989, Electroencephalogr. Clin. Neurophysiol. 72:184-187
/// (corrigendum 76:565), order m = 4, 50 Legendre terms, smoothing 1e-8. Passes through the
/// given values to within the smoothing; a constant field stays constant.
#[derive(Debug)]
pub(crate) struct SphericalSpline {
    places: Vec<[f64; 3]>,
    weights: Vec<f64>,
    constant: f64,
    /// The kernel at `STEPS + 1` equidistant cosines from -1 to 1: a picture asks for it a million
    /// times, and it is smooth enough for straight lines in between.
    kernel: Vec<f64>,
}

const ORDER: i32 = 4;
const TERMS: usize = 50;
const SMOOTHING: f64 = 1e-8;
const STEPS: usize = 4096;

impl SphericalSpline {
    /// `None` if there are fewer than 4 places or two of them coincide.
    pub(crate) fn fit(places: &[[f64; 3]], values: &[f64]) -> Option<Self> {
        let n = places.len();
        if n < 4 || values.len() != n || values.iter().any(|v| !v.is_finite()) {
            return None;
        }
        // Unknowns: one weight per place and the constant; the weights sum to zero.
        let mut system = vec![vec![0.0; n + 2]; n + 1];
        for (i, (place, value)) in places.iter().zip(values).enumerate() {
            for (cell, other) in system[i].iter_mut().zip(places) {
                *cell = kernel(dot(*place, *other));
            }
            system[i][i] += SMOOTHING;
            system[i][n] = 1.0;
            system[i][n + 1] = *value;
            system[n][i] = 1.0;
        }
        let mut weights = solve(system)?;
        let constant = weights.pop()?;
        let kernel = (0..=STEPS).map(|i| kernel(2.0 * i as f64 / STEPS as f64 - 1.0)).collect();
        Some(Self { places: places.to_vec(), weights, constant, kernel })
    }

    pub(crate) fn at(&self, place: [f64; 3]) -> f64 {
        let pairs = self.places.iter().zip(&self.weights);
        self.constant + pairs.map(|(p, w)| w * self.kernel_at(dot(*p, place))).sum::<f64>()
    }

    fn kernel_at(&self, cosine: f64) -> f64 {
        let at = (cosine + 1.0) / 2.0 * STEPS as f64;
        let below = (at as usize).min(STEPS - 1);
        let share = at - below as f64;
        self.kernel[below] * (1.0 - share) + self.kernel[below + 1] * share
    }
}

/// Point of the unit sphere at a place of the head disc, radius 1 being the equator
/// (azimuthal equidistant projection, as in 10-20 charts).
pub(crate) fn on_sphere([x, y]: [f64; 2]) -> [f64; 3] {
    let radius = x.hypot(y);
    if radius == 0.0 {
        return [0.0, 0.0, 1.0];
    }
    let (sin, cos) = (radius * std::f64::consts::FRAC_PI_2).sin_cos();
    [x / radius * sin, y / radius * sin, cos]
}

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    (a[0] * b[0] + a[1] * b[1] + a[2] * b[2]).clamp(-1.0, 1.0)
}

/// g(x) = 1/4π · Σ (2n+1) / (nᵐ (n+1)ᵐ) · Pₙ(x), n from 1.
fn kernel(x: f64) -> f64 {
    let (mut before, mut now) = (1.0, x);
    let mut sum = 0.0;
    for n in 1..=TERMS {
        let k = n as f64;
        sum += (2.0 * k + 1.0) / (k * (k + 1.0)).powi(ORDER) * now;
        (before, now) = (now, ((2.0 * k + 1.0) * x * now - k * before) / (k + 1.0));
    }
    sum / (4.0 * std::f64::consts::PI)
}

/// Gaussian elimination with partial pivoting of `n` rows of `n + 1` columns.
fn solve(mut rows: Vec<Vec<f64>>) -> Option<Vec<f64>> {
    let n = rows.len();
    for column in 0..n {
        let pivot =
            (column..n).max_by(|a, b| rows[*a][column].abs().total_cmp(&rows[*b][column].abs()))?;
        rows.swap(column, pivot);
        let head = rows[column].clone();
        if head[column].abs() < 1e-12 {
            return None;
        }
        for row in rows.iter_mut().skip(column + 1) {
            let factor = row[column] / head[column];
            for (cell, h) in row.iter_mut().zip(&head).skip(column) {
                *cell -= factor * h;
            }
        }
    }
    let mut solution = vec![0.0; n];
    for i in (0..n).rev() {
        let known: f64 = (i + 1..n).map(|j| rows[i][j] * solution[j]).sum();
        solution[i] = (rows[i][n] - known) / rows[i][i];
    }
    Some(solution)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places() -> Vec<[f64; 3]> {
        [[0.0, 0.0], [0.5, 0.0], [-0.5, 0.0], [0.0, 0.5], [0.0, -0.5], [0.6, 0.6], [-0.6, -0.6]]
            .map(on_sphere)
            .to_vec()
    }

    #[test]
    fn passes_through_the_electrodes() {
        let values = [1.0, 2.0, 3.0, 0.5, -1.0, 4.0, 0.0];
        let spline = SphericalSpline::fit(&places(), &values).unwrap();
        for (place, value) in places().iter().zip(values) {
            assert!((spline.at(*place) - value).abs() < 0.05, "{} {value}", spline.at(*place));
        }
    }

    #[test]
    fn a_constant_field_stays_constant() {
        let spline = SphericalSpline::fit(&places(), &[7.0; 7]).unwrap();
        assert!((spline.at(on_sphere([0.3, -0.9])) - 7.0).abs() < 1e-9);
    }

    #[test]
    fn the_field_is_linear_in_the_values() {
        let (a, b) = ([1.0, 0.0, 2.0, -1.0, 0.3, 0.1, 5.0], [0.0, 1.0, 1.0, 4.0, -2.0, 0.5, 0.2]);
        let both: Vec<f64> = a.iter().zip(b).map(|(a, b)| a + b).collect();
        let at = |v: &[f64]| SphericalSpline::fit(&places(), v).unwrap().at(on_sphere([0.2, 0.7]));
        assert!((at(&both) - at(&a) - at(&b)).abs() < 1e-9);
    }

    #[test]
    fn legendre_kernel_at_the_pole_is_the_plain_sum() {
        // P_n(1) = 1 for every n.
        let expected: f64 = (1..=50)
            .map(f64::from)
            .map(|n| (2.0 * n + 1.0) / (n.powi(4) * (n + 1.0).powi(4)))
            .sum::<f64>()
            / (4.0 * std::f64::consts::PI);
        assert!((kernel(1.0) - expected).abs() < 1e-15);
    }

    #[test]
    fn three_electrodes_are_too_few() {
        assert!(SphericalSpline::fit(&places()[..3], &[1.0, 2.0, 3.0]).is_none());
    }
}
