use clx_signal::SignalError;
use pulp::{Arch, Simd, WithSimd};

use crate::EegError;

/// Samples computed side by side in the vector unit.
const LANES: usize = 8;
/// Outputs computed side by side, so that each input is loaded once for four.
const ROWS: usize = 4;
/// Chunks of lanes converted at a time: 64 channels of them stay in the second-level cache.
const BLOCK: usize = 32;

/// Weights that make new channels out of the recorded ones, sample by sample: a re-reference, an
/// interpolation, a Laplacian.
///
/// Has no memory, so it is the same live and offline. Sums run in `f64` over the inputs in order;
/// the result does not depend on the machine. A sample that is not finite spoils that sample of the
/// outputs that use its channel and no other.
#[derive(Clone, Debug, PartialEq)]
pub struct SpatialFilter {
    n_in: usize,
    n_out: usize,
    /// One row per output.
    weights: Vec<f64>,
}

impl SpatialFilter {
    /// Takes one row of `n_in` weights per output.
    ///
    /// # Errors
    /// [`SignalError::Parameter`] unless `weights` is a whole number of rows, all finite.
    ///
    /// ```
    /// use clx_eeg::SpatialFilter;
    /// let bipolar = SpatialFilter::from_rows(2, vec![1.0, -1.0])?;
    /// assert_eq!(bipolar.apply(&[vec![3.0, 4.0], vec![1.0, 5.0]])?, [[2.0, -1.0]]);
    /// # Ok::<(), clx_eeg::EegError>(())
    /// ```
    pub fn from_rows(n_in: usize, weights: Vec<f64>) -> Result<Self, EegError> {
        if n_in == 0
            || !weights.len().is_multiple_of(n_in)
            || !weights.iter().all(|w| w.is_finite())
        {
            return Err(EegError::Signal(SignalError::Parameter {
                name: "weights",
                expected: "finite, one per input in each row",
                got: format!("{} for {n_in} inputs", weights.len()),
            }));
        }
        Ok(Self { n_in, n_out: weights.len() / n_in, weights })
    }

    pub fn n_in(&self) -> usize {
        self.n_in
    }

    pub fn n_out(&self) -> usize {
        self.n_out
    }

    /// Weights of one output.
    pub fn row(&self, output: usize) -> &[f64] {
        &self.weights[output * self.n_in..][..self.n_in]
    }

    /// The outputs, each as long as the inputs.
    ///
    /// # Errors
    /// [`SignalError::Mismatch`] if the number of channels is not that of the inputs or they differ in
    /// length.
    pub fn apply(&self, channels: &[Vec<f32>]) -> Result<Vec<Vec<f32>>, EegError> {
        let n = common_len(channels, self.n_in)?;
        let mut out = vec![vec![0.0; n]; self.n_out];
        let mut rows = vec![[0.0; ROWS]; self.n_out.div_ceil(ROWS) * self.n_in];
        for output in 0..self.n_out {
            for (i, w) in self.row(output).iter().enumerate() {
                rows[output / ROWS * self.n_in + i][output % ROWS] = *w;
            }
        }
        let mut block = vec![[0.0; LANES]; BLOCK * self.n_in];
        let mut sums = vec![[[0.0; LANES]; ROWS]; BLOCK];
        for from in (0..n).step_by(BLOCK * LANES) {
            let to = n.min(from + BLOCK * LANES);
            load(channels, from, to, &mut block);
            for (group, weights) in rows.chunks(self.n_in).enumerate() {
                Arch::new().dispatch(Product { weights, block: &block, sums: &mut sums });
                for (row, y) in out.iter_mut().skip(group * ROWS).take(ROWS).enumerate() {
                    for (y, sums) in y[from..to].chunks_mut(LANES).zip(&sums) {
                        y.iter_mut().zip(&sums[row]).for_each(|(y, s)| *y = *s as f32);
                    }
                }
            }
        }
        Ok(out)
    }
}

/// Number of samples of all channels, of which there must be `expected`.
pub(crate) fn common_len(channels: &[Vec<f32>], expected: usize) -> Result<usize, EegError> {
    let n = channels.first().map_or(0, Vec::len);
    check_equal("number", expected, channels.len())?;
    channels.iter().try_for_each(|x| check_equal("number of samples", n, x.len()))?;
    Ok(n)
}

/// # Errors
/// [`SignalError::Mismatch`] in `what`.
pub(crate) fn check_equal(what: &'static str, left: usize, right: usize) -> Result<(), EegError> {
    if left == right {
        return Ok(());
    }
    let (left, right) = (left.to_string(), right.to_string());
    Err(EegError::Signal(SignalError::Mismatch { what, left, right }))
}

/// Chunks of samples `from..to` of all channels, chunk by chunk.
fn load(channels: &[Vec<f32>], from: usize, to: usize, block: &mut [[f64; LANES]]) {
    for (i, x) in channels.iter().enumerate() {
        for (k, chunk) in x[from..to].chunks(LANES).enumerate() {
            let lanes = &mut block[k * channels.len() + i];
            lanes.iter_mut().zip(chunk).for_each(|(lane, v)| *lane = f64::from(*v));
        }
    }
}

struct Product<'a> {
    weights: &'a [[f64; ROWS]],
    block: &'a [[f64; LANES]],
    sums: &'a mut [[[f64; LANES]; ROWS]],
}

impl WithSimd for Product<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for (x, out) in self.block.chunks_exact(self.weights.len()).zip(self.sums) {
            let mut sums = [[0.0; LANES]; ROWS];
            for (x, w) in x.iter().zip(self.weights) {
                for row in 0..ROWS {
                    for lane in 0..LANES {
                        sums[row][lane] += w[row] * x[lane];
                    }
                }
            }
            *out = sums;
        }
    }
}
