//! Centring and whitening by principal components, and the rank of the recording.

use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, Par, Side};

use clx_signal::SignalError;

use crate::EegError;

/// Eigenvalues below this share of the largest are not signal.
const RANK_TOLERANCE: f64 = 1e-10;
/// Nor are those below this many times the variance that rounding to f32 leaves.
const ROUNDING_MARGIN: f64 = 20.0;
/// The sum over channels is that of an average reference below this share of the total variance.
const REFERENCE_TOLERANCE: f64 = 1e-8;
/// Samples turned into f64 at a time.
const BLOCK: usize = 512;

/// Principal components of a recording, largest first.
#[derive(Debug)]
pub(super) struct Principal {
    pub(super) means: Vec<f64>,
    /// Pooled standard deviation of all channels.
    pub(super) scale: f64,
    /// Eigenvalues above the rank tolerance.
    pub(super) variances: Vec<f64>,
    /// Unit eigenvectors, channels × rank.
    pub(super) vectors: Mat<f64>,
    /// Sum of the variances of all channels.
    pub(super) total_variance: f64,
    /// The channels add up to a constant, as after an average reference.
    pub(super) average_reference: bool,
}

/// Principal components of `samples` (channels of one length).
pub(super) fn principal_components(samples: &[Vec<f32>]) -> Result<Principal, EegError> {
    let n = samples.len();
    let n_samples = check_samples(samples)?;
    let means: Vec<f64> = samples
        .iter()
        .map(|x| x.iter().map(|v| f64::from(*v)).sum::<f64>() / n_samples as f64)
        .collect();
    let mut covariance = Mat::<f64>::zeros(n, n);
    let mut block = Mat::<f64>::zeros(n, BLOCK);
    let mut start = 0;
    while start < n_samples {
        let width = BLOCK.min(n_samples - start);
        load(samples, &means, start, width, &mut block);
        let b = block.subcols(0, width);
        matmul(&mut covariance, Accum::Add, b, b.transpose(), 1.0 / n_samples as f64, Par::Seq);
        start += width;
    }
    let total_variance: f64 = (0..n).map(|i| covariance[(i, i)]).sum();
    let along_ones: f64 = covariance.col_iter().map(|c| c.iter().sum::<f64>()).sum::<f64>();
    let eigen = covariance.self_adjoint_eigen(Side::Lower).map_err(|_no_convergence| {
        parameter("samples", "free of extreme values", "a covariance without eigenvalues".into())
    })?;
    let floor =
        (RANK_TOLERANCE * eigen.S()[n - 1]).max(ROUNDING_MARGIN * rounding_variance(samples));
    let rank = (0..n).filter(|&i| eigen.S()[i] > floor).count();
    let vectors = Mat::from_fn(n, rank, |i, j| eigen.U()[(i, n - 1 - j)]);
    Ok(Principal {
        means,
        scale: (total_variance / n as f64).sqrt(),
        variances: (0..rank).map(|j| eigen.S()[n - 1 - j]).collect(),
        vectors: with_fixed_signs(vectors),
        total_variance,
        average_reference: n > 1 && along_ones <= REFERENCE_TOLERANCE * total_variance,
    })
}

impl Principal {
    pub(super) fn rank(&self) -> usize {
        self.variances.len()
    }

    /// Whitening matrix of the first `k` components, `k × channels`.
    pub(super) fn whitening(&self, k: usize) -> Mat<f64> {
        let n = self.vectors.nrows();
        Mat::from_fn(k, n, |i, j| self.vectors[(j, i)] / self.variances[i].sqrt())
    }

    /// Its pseudo-inverse, `channels × k`.
    pub(super) fn colouring(&self, k: usize) -> Mat<f64> {
        let n = self.vectors.nrows();
        Mat::from_fn(n, k, |i, j| self.vectors[(i, j)] * self.variances[j].sqrt())
    }

    /// White samples, `k × time`.
    pub(super) fn whiten(&self, samples: &[Vec<f32>], k: usize) -> Mat<f64> {
        let n_samples = samples[0].len();
        let whitening = self.whitening(k);
        let mut white = Mat::zeros(k, n_samples);
        let mut block = Mat::<f64>::zeros(samples.len(), BLOCK);
        let mut start = 0;
        while start < n_samples {
            let width = BLOCK.min(n_samples - start);
            load(samples, &self.means, start, width, &mut block);
            let out = white.as_mut().subcols_mut(start, width);
            matmul(out, Accum::Replace, &whitening, block.subcols(0, width), 1.0, Par::Seq);
            start += width;
        }
        white
    }
}

/// Number of samples per channel of a recording fit for decomposition.
pub(super) fn check_samples(samples: &[Vec<f32>]) -> Result<usize, EegError> {
    let first = samples.first().ok_or(EegError::NoChannel)?;
    for (channel, x) in samples.iter().enumerate() {
        if x.len() != first.len() {
            return Err(EegError::Ragged { left: first.len(), right: x.len() });
        }
        if let Some(index) = x.iter().position(|v| !v.is_finite()) {
            let channel = format!("{channel}");
            return Err(SignalError::NotFinite { channel, index }.into());
        }
    }
    if first.is_empty() { Err(EegError::NoSample) } else { Ok(first.len()) }
}

pub(crate) fn parameter(name: &'static str, expected: &'static str, got: String) -> EegError {
    SignalError::Parameter { name, expected, got }.into()
}

/// The first `width` columns of `block` become centred samples from `start` on.
pub(super) fn load(
    samples: &[Vec<f32>],
    means: &[f64],
    start: usize,
    width: usize,
    block: &mut Mat<f64>,
) {
    for (i, (x, mean)) in samples.iter().zip(means).enumerate() {
        for (t, v) in x[start..start + width].iter().enumerate() {
            block[(i, t)] = f64::from(*v) - mean;
        }
    }
}

/// A twelfth of the square of the last bit (2^-23) of the largest sample; matters where a signal rides
/// on a large offset.
fn rounding_variance(samples: &[Vec<f32>]) -> f64 {
    let largest = samples.iter().flatten().fold(0.0, |a: f32, b| a.max(b.abs()));
    (f64::from(largest) * f64::from(f32::EPSILON)).powi(2) / 12.0
}

/// Eigenvectors are known up to sign: their largest entry is made positive.
fn with_fixed_signs(mut vectors: Mat<f64>) -> Mat<f64> {
    for j in 0..vectors.ncols() {
        let largest =
            vectors.col(j).iter().fold(0.0, |a: f64, b| if b.abs() > a.abs() { *b } else { a });
        if largest < 0.0 {
            vectors.col_mut(j).iter_mut().for_each(|v| *v = -*v);
        }
    }
    vectors
}

#[cfg(test)]
mod tests {
    use super::*;
    use clx_signal::rng::SplitMix64;

    fn noise(n_channels: usize, n_samples: usize) -> Vec<Vec<f32>> {
        let mut rng = SplitMix64::new(11);
        (0..n_channels)
            .map(|_| (0..n_samples).map(|_| (1e-5 * rng.next_normal()) as f32).collect())
            .collect()
    }

    #[test]
    fn white_samples_have_the_identity_as_covariance() {
        let mut samples = noise(6, 1300);
        samples[5] = samples[0].iter().zip(&samples[1]).map(|(a, b)| 3.0 * a - b + 0.01).collect();
        let principal = principal_components(&samples).unwrap();
        assert_eq!(principal.rank(), 5);
        assert!(!principal.average_reference);
        let x = principal.whiten(&samples, 5);
        let covariance = &x * x.transpose() * faer::Scale(1.0 / 1300.0);
        let off = &covariance - Mat::<f64>::identity(5, 5);
        assert!(off.norm_max() < 1e-8, "{:e}", off.norm_max());
    }

    #[test]
    fn an_average_reference_is_recognised_and_takes_one_rank() {
        let mut samples = noise(8, 1000);
        for t in 0..1000 {
            let mean = samples.iter().map(|x| f64::from(x[t])).sum::<f64>() / 8.0;
            samples.iter_mut().for_each(|x| x[t] = (f64::from(x[t]) - mean) as f32);
        }
        let principal = principal_components(&samples).unwrap();
        assert_eq!((principal.rank(), principal.average_reference), (7, true));
    }

    #[test]
    fn silence_has_rank_zero() {
        let principal = principal_components(&[vec![1.0; 50], vec![-2.0; 50]]).unwrap();
        assert_eq!(principal.rank(), 0);
    }
}
