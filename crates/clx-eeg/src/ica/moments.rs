//! The one pass over the data that every iteration makes: averages of the sources and their scores.

use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, MatMut, MatRef, Par};

use super::tanh::tanh;

/// Samples per block are chosen so that the blocks below stay in a cache of this many bytes.
const CACHE_BYTES: usize = 256 * 1024;
/// Bytes per value in all of them: two f64, two f32, and the samples themselves.
const BYTES_PER_VALUE: usize = 32;
/// Columns whose sums are taken together, so that the totals are loaded and stored once for all.
const TOGETHER: usize = 4;

/// How much of [`Moments`] a caller needs; the rest stays zero, or empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Depth {
    /// `p2`, `y2` and `log_cosh`.
    Loss,
    Score,
    Curvature,
}

/// Averages over the samples of `y = W x` with the score `p = tanh(y)`.
#[derive(Debug)]
pub(super) struct Moments {
    /// `p_i y_j`
    pub(super) score: Mat<f64>,
    /// `p_i² y_j²` in single precision, as it only steers a search; empty where it was not asked for.
    pub(super) curvature: Mat<f32>,
    /// `p_i²`, so that the mean derivative of the score is `1 - p2`.
    pub(super) p2: Vec<f64>,
    /// `y_i²`, from `w` alone as the samples are white.
    pub(super) y2: Vec<f64>,
    /// `log cosh y_i`
    pub(super) log_cosh: Vec<f64>,
}

/// Computes [`Moments`] block by block: a block's sources, scores and squares never leave the cache.
#[derive(Debug)]
pub(super) struct Pass<'a> {
    x: MatRef<'a, f64>,
    block: usize,
    y: Vec<f64>,
    p: Vec<f64>,
    p2: Vec<f32>,
    y2: Vec<f32>,
}

impl<'a> Pass<'a> {
    /// `x`: whitened samples, components × time.
    pub(super) fn new(x: MatRef<'a, f64>) -> Self {
        let n = x.nrows();
        let block = (CACHE_BYTES / (BYTES_PER_VALUE * n.max(1))).clamp(32, 512);
        let size = n * block;
        Self {
            x,
            block,
            y: vec![0.0; size],
            p: vec![0.0; size],
            p2: vec![0.0; size],
            y2: vec![0.0; size],
        }
    }

    pub(super) fn moments(&mut self, w: MatRef<'_, f64>, depth: Depth) -> Moments {
        let (n, n_samples) = (self.x.nrows(), self.x.ncols());
        let size = if depth == Depth::Curvature { n } else { 0 };
        let mut out = Moments {
            score: Mat::zeros(n, n),
            curvature: Mat::zeros(size, size),
            p2: vec![0.0; n],
            y2: (0..n).map(|i| w.row(i).squared_norm_l2()).collect(),
            log_cosh: vec![0.0; n],
        };
        let mut start = 0;
        while start < n_samples {
            let width = self.block.min(n_samples - start);
            self.add_block(w, start, width, depth, &mut out);
            start += width;
        }
        let scale = 1.0 / n_samples as f64;
        out.score *= faer::Scale(scale);
        out.curvature *= faer::Scale(scale as f32);
        for sums in [&mut out.p2, &mut out.log_cosh] {
            sums.iter_mut().for_each(|sum| *sum *= scale);
        }
        out
    }

    fn add_block(
        &mut self,
        w: MatRef<'_, f64>,
        start: usize,
        width: usize,
        depth: Depth,
        out: &mut Moments,
    ) {
        let n = self.x.nrows();
        let size = n * width;
        let x = self.x.subcols(start, width);
        let (y, p) = (&mut self.y[..size], &mut self.p[..size]);
        let (y2, p2) = (&mut self.y2[..size], &mut self.p2[..size]);
        let columns_y = MatMut::from_column_major_slice_mut(&mut *y, n, width);
        matmul(columns_y, Accum::Replace, w, x, 1.0, Par::Seq);
        tanh(y, p);
        add_sums(n, y, p, out);
        if depth >= Depth::Score {
            let (y, p) = (columns(y, n), columns(p, n));
            matmul(&mut out.score, Accum::Add, p, y.transpose(), 1.0, Par::Seq);
        }
        if depth >= Depth::Curvature {
            squares(y, y2);
            squares(p, p2);
            let (y2, p2) = (columns(y2, n), columns(p2, n));
            matmul(&mut out.curvature, Accum::Add, p2, y2.transpose(), 1.0, Par::Seq);
        }
    }
}

fn squares(x: &[f64], out: &mut [f32]) {
    pulp::Arch::new().dispatch(|| {
        for (out, x) in out.iter_mut().zip(x) {
            *out = (x * x) as f32;
        }
    });
}

/// Adds the row sums of `p²` and `log cosh y` over the columns of a block.
///
/// `log cosh y = |y| - log(1 + |p|)`: the factors lie in 1..=2, so their product over a block of up to
/// 512 samples stays finite and one logarithm does for all of them.
fn add_sums(n: usize, y: &[f64], p: &[f64], out: &mut Moments) {
    let mut product = vec![1.0; n];
    let (whole, rest) = y.split_at(y.len() - y.len() % (TOGETHER * n));
    let sums = RowSums { p2: &mut out.p2, magnitude: &mut out.log_cosh, product: &mut product };
    pulp::Arch::new().dispatch(|| sums.add(n, [whole, rest], p));
    out.log_cosh.iter_mut().zip(&product).for_each(|(sum, p)| *sum -= p.ln());
}

struct RowSums<'a> {
    p2: &'a mut [f64],
    magnitude: &'a mut [f64],
    product: &'a mut [f64],
}

impl RowSums<'_> {
    #[inline(always)]
    fn add(mut self, n: usize, [whole, rest]: [&[f64]; 2], p: &[f64]) {
        let (p_whole, p_rest) = p.split_at(whole.len());
        let groups = whole.chunks_exact(TOGETHER * n).zip(p_whole.chunks_exact(TOGETHER * n));
        for (y, p) in groups {
            self.add_columns(quarters(y, n), quarters(p, n));
        }
        for (y, p) in rest.chunks_exact(n).zip(p_rest.chunks_exact(n)) {
            self.add_columns([y], [p]);
        }
    }

    #[inline(always)]
    fn add_columns<const N: usize>(&mut self, y: [&[f64]; N], p: [&[f64]; N]) {
        let n = self.p2.len();
        let (p2, magnitude, product) =
            (&mut self.p2[..n], &mut self.magnitude[..n], &mut self.product[..n]);
        let (y, p) = (y.map(|y| &y[..n]), p.map(|p| &p[..n]));
        for i in 0..n {
            for k in 0..N {
                p2[i] += p[k][i] * p[k][i];
                magnitude[i] += y[k][i].abs();
                product[i] *= 1.0 + p[k][i].abs();
            }
        }
    }
}

#[inline(always)]
fn quarters(block: &[f64], n: usize) -> [&[f64]; TOGETHER] {
    let (front, back) = block.split_at(2 * n);
    let ((a, b), (c, d)) = (front.split_at(n), back.split_at(n));
    [a, b, c, d]
}

fn columns<T>(block: &[T], n: usize) -> MatRef<'_, T> {
    MatRef::from_column_major_slice(block, n, block.len() / n)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clx_signal::rng::SplitMix64;
    use clx_testkit::{Tolerance, assert_close};

    #[test]
    fn averages_are_those_of_the_plain_sums() {
        let mut rng = SplitMix64::new(3);
        // 1200 samples are neither one block nor a whole number of them.
        let x = white(5, 1200, &mut rng);
        let w = Mat::from_fn(5, 5, |i, j| f64::from(u8::from(i == j)) + 0.3 * rng.next_normal());
        let got = Pass::new(x.as_ref()).moments(w.as_ref(), Depth::Curvature);
        let y = &w * &x;
        let mean = |f: &dyn Fn(usize) -> f64| (0..1200).map(f).sum::<f64>() / 1200.0;
        for i in 0..5 {
            let near = Tolerance::Absolute(1e-13);
            assert_close(got.p2[i], mean(&|t| y[(i, t)].tanh().powi(2)), near);
            assert_close(got.y2[i], mean(&|t| y[(i, t)].powi(2)), near);
            assert_close(got.log_cosh[i], mean(&|t| y[(i, t)].cosh().ln()), near);
            for j in 0..5 {
                assert_close(got.score[(i, j)], mean(&|t| y[(i, t)].tanh() * y[(j, t)]), near);
                let square = |t: usize| (y[(i, t)].tanh() * y[(j, t)]).powi(2);
                let single = Tolerance::Relative(1e-5);
                assert_close(got.curvature[(i, j)].into(), mean(&square), single);
            }
        }
    }

    /// Noise whose covariance is the identity.
    fn white(n: usize, n_samples: usize, rng: &mut SplitMix64) -> Mat<f64> {
        let x = Mat::from_fn(n, n_samples, |_, _| rng.next_normal());
        let whiten = (&x * x.transpose() * faer::Scale(1.0 / n_samples as f64))
            .self_adjoint_eigen(faer::Side::Lower)
            .unwrap();
        let rows = Mat::from_fn(n, n, |i, j| whiten.U()[(j, i)] / whiten.S()[i].sqrt());
        rows * x
    }
}
