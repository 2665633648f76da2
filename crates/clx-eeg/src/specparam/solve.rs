//! Least squares within bounds by Levenberg's and Marquardt's method.

use clx_signal::linear::solve_spd;

/// Bounds of one parameter.
pub(super) type Bounds = (f64, f64);

/// Moves `params` to a local minimum of the squared residuals.
///
/// `model` writes, for sample `i`, the gradient of the model by each parameter and returns
/// the residual (data less model). A parameter at its bound that the step would push beyond is held.
pub(super) fn least_squares(
    n_samples: usize,
    params: &mut Vec<f64>,
    bounds: &[Bounds],
    model: impl Fn(usize, &[f64], &mut [f64]) -> f64,
) {
    let n = params.len();
    let mut gradient = vec![0.0; n];
    let error = |p: &[f64], gradient: &mut [f64]| -> f64 {
        (0..n_samples).map(|i| model(i, p, gradient).powi(2)).sum()
    };
    let mut best = error(params, &mut gradient);
    let mut damping = 1e-3;
    for _ in 0..200 {
        let (a, b) = normal_equations(n_samples, params, &mut gradient, &model);
        let Some(moved) = bounded_step(params, bounds, &a, &b, damping) else { return };
        let after = error(&moved, &mut gradient);
        if after < best {
            let gain = (best - after) / best.max(f64::MIN_POSITIVE);
            *params = moved;
            best = after;
            damping = (damping / 5.0).max(1e-12);
            if gain < 1e-10 {
                return;
            }
        } else {
            damping *= 5.0;
            if damping > 1e8 {
                return;
            }
        }
    }
}

fn normal_equations(
    n_samples: usize,
    params: &[f64],
    gradient: &mut [f64],
    model: &impl Fn(usize, &[f64], &mut [f64]) -> f64,
) -> (Vec<f64>, Vec<f64>) {
    let n = params.len();
    let (mut a, mut b) = (vec![0.0; n * n], vec![0.0; n]);
    for i in 0..n_samples {
        let residual = model(i, params, gradient);
        for row in 0..n {
            b[row] += gradient[row] * residual;
            for column in 0..=row {
                a[row * n + column] += gradient[row] * gradient[column];
            }
        }
    }
    (a, b)
}

fn bounded_step(
    params: &[f64],
    bounds: &[Bounds],
    a: &[f64],
    b: &[f64],
    damping: f64,
) -> Option<Vec<f64>> {
    let n = params.len();
    // `b` is the downhill direction: a parameter whose bound is in the way stays where it is.
    let held = |i: usize| {
        (params[i] <= bounds[i].0 && b[i] < 0.0) || (params[i] >= bounds[i].1 && b[i] > 0.0)
    };
    let free: Vec<usize> = (0..n).filter(|&i| !held(i)).collect();
    let m = free.len();
    let mut small = vec![0.0; m * m];
    for (r, &i) in free.iter().enumerate() {
        for (c, &j) in free.iter().enumerate().take(r + 1) {
            small[r * m + c] = a[i * n + j];
        }
        small[r * m + r] = a[i * n + i] * (1.0 + damping) + 1e-14;
    }
    let right: Vec<f64> = free.iter().map(|&i| b[i]).collect();
    let step = if m == 0 { Vec::new() } else { solve_spd(&small, &right)? };
    let mut moved = params.to_vec();
    for (&i, d) in free.iter().zip(&step) {
        moved[i] = (params[i] + d).clamp(bounds[i].0, bounds[i].1);
    }
    (m > 0).then_some(moved)
}
