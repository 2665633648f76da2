use super::{Entropy, varies};

/// Entropy of the singular values of the delay-embedded signal: how many directions it fills.
///
/// Rows are the windows of `order` values, `delay` samples apart; the singular values are divided
/// by their sum. The mean is not removed, so an offset lowers the entropy: high-pass first.
/// O(n·order²); `order` 2 to 64.
///
/// # Source
/// Roberts, Penny and Rezek 1999, Med. Biol. Eng. Comput. 37:93-98. Equal to
/// `antropy.svd_entropy`.
///
/// ```
/// use clx_signal::complexity::svd_entropy;
/// // Rows (1, -1) and (-1, 1) span one direction only.
/// assert!(svd_entropy(&[1.0, -1.0, 1.0, -1.0], 2, 1).unwrap().bits < 1e-6);
/// ```
pub fn svd_entropy(x: &[f64], order: usize, delay: usize) -> Option<Entropy> {
    if !(2..=64).contains(&order) || delay == 0 {
        return None;
    }
    if !varies(x, order.checked_mul(delay)?) {
        return None;
    }
    // Scaled, so that squares of volts cannot underflow.
    let largest = x.iter().fold(0.0, |m: f64, v| m.max(v.abs()));
    let scaled: Vec<f64> = x.iter().map(|v| v / largest).collect();
    let values = match order {
        3 => singular_values::<3>(&scaled, delay),
        _ => singular_values_of_any(&scaled, order, delay),
    };
    Entropy::of_weights(&values, order as f64)
}

/// Lanes of the sums: independent, so that they vectorise.
const LANES: usize = 4;

/// Singular values of the embedded matrix `X`, by the eigenvalues of its Gram matrix in two passes.
///
/// One pass loses singular values below 1e-8 of the largest, because the Gram matrix squares them. So
/// the first pass only finds the directions `V`; the Gram matrix of `X·V` in the second is almost
/// diagonal, and Jacobi's method finds small eigenvalues of such a matrix to full relative accuracy
/// (Demmel and Veselić 1992).
fn singular_values<const M: usize>(x: &[f64], delay: usize) -> Vec<f64> {
    let n = x.len() - (M - 1) * delay;
    let columns: [&[f64]; M] = std::array::from_fn(|k| &x[k * delay..][..n]);
    let identity: [[f64; M]; M] =
        std::array::from_fn(|i| std::array::from_fn(|j| f64::from(i == j)));
    let first = gram_of_rotated(&columns, &identity);
    let (_, vectors) = jacobi(first.concat(), M);
    let rotation: [[f64; M]; M] =
        std::array::from_fn(|i| std::array::from_fn(|j| vectors[i * M + j]));
    let second = gram_of_rotated(&columns, &rotation);
    jacobi(second.concat(), M).0.iter().map(|v| v.max(0.0).sqrt()).collect()
}

/// Gram matrix of the columns times `rotation`.
fn gram_of_rotated<const M: usize>(
    columns: &[&[f64]; M],
    rotation: &[[f64; M]; M],
) -> [[f64; M]; M] {
    let n = columns[0].len();
    let mut sums = [[[0.0; LANES]; M]; M];
    let mut add = |start: usize, width: usize| {
        let mut y = [[0.0; LANES]; M];
        for (k, row) in rotation.iter().enumerate() {
            let mut value = [0.0; LANES];
            value[..width].copy_from_slice(&columns[k][start..start + width]);
            for (out, r) in y.iter_mut().zip(row) {
                (0..LANES).for_each(|l| out[l] += r * value[l]);
            }
        }
        for i in 0..M {
            for j in 0..=i {
                (0..LANES).for_each(|l| sums[i][j][l] += y[i][l] * y[j][l]);
            }
        }
    };
    (0..n / LANES).for_each(|block| add(block * LANES, LANES));
    add(n - n % LANES, n % LANES);
    std::array::from_fn(|i| std::array::from_fn(|j| sums[i.max(j)][i.min(j)].iter().sum::<f64>()))
}

fn singular_values_of_any(x: &[f64], m: usize, delay: usize) -> Vec<f64> {
    let n = x.len() - (m - 1) * delay;
    let mut columns: Vec<Vec<f64>> = (0..m).map(|k| x[k * delay..][..n].to_vec()).collect();
    let (_, vectors) = jacobi(gram(&columns), m);
    let mut row = vec![0.0; m];
    for t in 0..n {
        (0..m).for_each(|k| row[k] = columns[k][t]);
        for (j, column) in columns.iter_mut().enumerate() {
            column[t] = (0..m).map(|k| row[k] * vectors[k * m + j]).sum();
        }
    }
    jacobi(gram(&columns), m).0.iter().map(|v| v.max(0.0).sqrt()).collect()
}

fn gram(columns: &[Vec<f64>]) -> Vec<f64> {
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
    columns.iter().flat_map(|a| columns.iter().map(|b| dot(a, b))).collect()
}

/// Eigenvalues and eigenvectors (columns) of a symmetric `n × n` matrix by cyclic Jacobi rotations.
fn jacobi(mut a: Vec<f64>, n: usize) -> (Vec<f64>, Vec<f64>) {
    let mut v: Vec<f64> = (0..n * n).map(|i| f64::from(i / n == i % n)).collect();
    // Converges quadratically; ten sweeps are plenty for any order in use.
    for _ in 0..30 {
        let mut rotated = false;
        for p in 0..n {
            for q in p + 1..n {
                let (app, aqq, apq) = (a[p * n + p], a[q * n + q], a[p * n + q]);
                if apq.abs() <= f64::EPSILON * (app * aqq).abs().sqrt() {
                    continue;
                }
                rotated = true;
                let theta = (aqq - app) / (2.0 * apq);
                let t = theta.signum() / (theta.abs() + theta.hypot(1.0));
                let c = 1.0 / t.hypot(1.0);
                rotate(&mut a, &mut v, n, (p, q), (c, t * c));
            }
        }
        if !rotated {
            break;
        }
    }
    ((0..n).map(|i| a[i * n + i]).collect(), v)
}

fn rotate(a: &mut [f64], v: &mut [f64], n: usize, (p, q): (usize, usize), (c, s): (f64, f64)) {
    for k in 0..n {
        let (x, y) = (a[k * n + p], a[k * n + q]);
        (a[k * n + p], a[k * n + q]) = (c * x - s * y, s * x + c * y);
    }
    for k in 0..n {
        let (x, y) = (a[p * n + k], a[q * n + k]);
        (a[p * n + k], a[q * n + k]) = (c * x - s * y, s * x + c * y);
        let (x, y) = (v[k * n + p], v[k * n + q]);
        (v[k * n + p], v[k * n + q]) = (c * x - s * y, s * x + c * y);
    }
    (a[p * n + q], a[q * n + p]) = (0.0, 0.0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eigenvalues_of_a_known_matrix() {
        // [[2, 1], [1, 2]] has 1 and 3.
        let mut values = jacobi(vec![2.0, 1.0, 1.0, 2.0], 2).0;
        values.sort_by(f64::total_cmp);
        assert!((values[0] - 1.0).abs() < 1e-15 && (values[1] - 3.0).abs() < 1e-15);
    }

    #[test]
    fn both_ways_to_the_singular_values_agree() {
        let x: Vec<f64> = (0..501).map(|i| (f64::from(i) * 0.3).sin() + 40.0).collect();
        let (mut a, mut b) = (singular_values::<3>(&x, 2), singular_values_of_any(&x, 3, 2));
        a.sort_by(f64::total_cmp);
        b.sort_by(f64::total_cmp);
        a.iter().zip(&b).for_each(|(a, b)| assert!((a - b).abs() < 1e-11, "{a} {b}"));
    }
}
