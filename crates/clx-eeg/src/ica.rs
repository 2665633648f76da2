//! Independent component analysis: a recording as a sum of sources that vary independently.
//!
//! [`Ica::fit`] whitens the channels and finds the unmixing by [`IcaMethod`]; [`Ica::sources`] gives
//! the time courses, [`Ica::remove`] the recording without some of them. Everything is sequential,
//! and the same samples, parameters and seed give the same result on one machine. Slow drifts
//! spoil a decomposition: high-pass the recording at 1 Hz before.

mod fastica;
mod infomax;
mod moments;
mod picard;
mod rotation;
mod tanh;
mod whiten;

use std::ops::ControlFlow;

use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, Par};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use clx_signal::{Finding, Severity};

use crate::EegError;
use infomax::Infomax;
use moments::Pass;
use picard::Picard;
pub(crate) use whiten::parameter;
use whiten::{Principal, check_samples, load, principal_components};

/// Fewer samples than this many times the square of the number of components give unsteady
/// components (rule of thumb of EEGLAB's documentation).
const SAMPLES_PER_SQUARE: usize = 20;
/// Samples unmixed at a time.
const BLOCK: usize = 512;

/// How the unmixing is found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum IcaMethod {
    /// Symmetric fixed-point iterations with the log cosh contrast.
    FastIca,
    /// Stochastic gradient; for sources that are all super-Gaussian.
    Infomax,
    /// Stochastic gradient that tells sub- from super-Gaussian sources; what ICLabel was made with.
    ExtendedInfomax,
    /// The optimum of Infomax by a quasi-Newton method.
    Picard,
    /// The optimum of extended Infomax by a quasi-Newton method.
    #[default]
    ExtendedPicard,
    /// The optimum of FastICA by a quasi-Newton method, sub- and super-Gaussian sources told apart.
    PicardO,
}

/// Settings of a decomposition.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct IcaParams {
    pub method: IcaMethod,
    /// Number of components, at most the rank of the recording; absent: the rank.
    #[schemars(range(min = 1))]
    pub n_components: Option<usize>,
    /// Iterations (sweeps over the data for Infomax) after which the search ends unconverged.
    #[schemars(range(min = 1, max = 10000))]
    pub max_iter: usize,
    /// Where the search ends: largest entry of the relative gradient for Picard (default 1e-7), turn
    /// of a component for FastICA (1e-4), squared change of the weights for Infomax (1e-12).
    pub tol: Option<f64>,
    /// Draws the start, and Infomax's order of samples.
    pub seed: u64,
}

impl Default for IcaParams {
    fn default() -> Self {
        Self {
            method: IcaMethod::default(),
            n_components: None,
            max_iter: 500,
            tol: None,
            seed: 97,
        }
    }
}

/// An iteration that has ended, for whoever shows progress or cancels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Iteration {
    pub n_iter: usize,
    /// What the tolerance of the method is compared with.
    pub change: f64,
}

/// A fitted decomposition, components sorted by the variance they bring to the channels, largest
/// first. The largest entry of every column of `mixing` is positive.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Ica {
    pub params: IcaParams,
    /// Component by component its weights on the channels, 1/V: `sources = unmixing (x - means)`.
    pub unmixing: Vec<Vec<f64>>,
    /// Channel by channel the strength of every component in it, V per unit of the source.
    pub mixing: Vec<Vec<f64>>,
    pub means_v: Vec<f64>,
    /// Share of the variance of all channels that goes away with a component. The shares add up to
    /// one where the sources are uncorrelated, else nearly.
    pub explained_variance: Vec<f64>,
    /// Number of independent directions in the recording.
    pub rank: usize,
    /// The channels add up to a constant at every sample, as after an average reference.
    pub average_reference: bool,
    /// Pooled standard deviation of the channels that were decomposed.
    pub channel_std_v: f64,
    pub n_iter: usize,
    pub converged: bool,
    pub findings: Vec<Finding>,
}

/// Unmixing of the whitened samples.
#[derive(Debug)]
struct Solved {
    w: Mat<f64>,
    n_iter: usize,
    converged: bool,
}

/// Whoever is told about iterations, and may end them.
struct Watch<'a>(&'a mut dyn FnMut(Iteration) -> ControlFlow<()>);

impl std::fmt::Debug for Watch<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Watch")
    }
}

impl Watch<'_> {
    fn report(&mut self, iteration: Iteration) -> Result<(), EegError> {
        match (self.0)(iteration) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(EegError::Cancelled),
        }
    }
}

impl Ica {
    /// Decomposes `samples`: channels of one length, volts. `on_iteration` hears of every iteration
    /// and cancels by breaking.
    ///
    /// The channels are centred and whitened by their principal components; eigenvalues below 1e-10
    /// of the largest, or at the rounding of f32, do not count, so an average-referenced recording of
    /// `n` channels has rank `n - 1`. A search that does not converge, and a recording too short for
    /// its channels, are findings.
    ///
    /// # Errors
    /// [`EegError::NoChannel`], [`EegError::NoSample`], [`EegError::Ragged`]; a sample that is not
    /// finite; more components than the rank or fewer samples than components;
    /// [`EegError::Cancelled`].
    ///
    /// # Source
    /// See the science page; checked against MNE 1.13.2, python-picard 0.8.2 and known mixtures in
    /// `tests/it/ica.rs`.
    ///
    /// ```
    /// use std::ops::ControlFlow;
    /// use clx_eeg::{Ica, IcaParams};
    /// // Two square waves of 7 and 11 samples, mixed in two channels.
    /// let wave = |t: usize, period: usize| if t % period < period / 2 { 1e-5_f32 } else { -1e-5 };
    /// let mix = |a: f32, b: f32| (0..4000).map(|t| a * wave(t, 7) + b * wave(t, 11)).collect();
    /// let samples: Vec<Vec<f32>> = vec![mix(1.0, 0.4), mix(-0.3, 1.0)];
    /// let ica = Ica::fit(&samples, &IcaParams::default(), &mut |_| ControlFlow::Continue(()))?;
    /// assert!(ica.converged && ica.rank == 2);
    /// # Ok::<(), clx_eeg::EegError>(())
    /// ```
    pub fn fit(
        samples: &[Vec<f32>],
        params: &IcaParams,
        on_iteration: &mut dyn FnMut(Iteration) -> ControlFlow<()>,
    ) -> Result<Self, EegError> {
        let params = params.check()?;
        let principal = principal_components(samples)?;
        let n_samples = samples[0].len();
        let k = n_components(&principal, &params, n_samples)?;
        let white = principal.whiten(samples, k);
        let solved = params.solve(&white, &mut Watch(on_iteration))?;
        let mut ica = Self::assemble(&principal, &solved, params)?;
        if !ica.converged {
            ica.findings.push(Finding::new(
                "ica.not_converged",
                Severity::Warning,
                format!("the search ended unconverged after {} iterations", ica.n_iter),
            ));
        }
        if n_samples < SAMPLES_PER_SQUARE * k * k {
            let needed = SAMPLES_PER_SQUARE * k * k;
            ica.findings.push(Finding::new(
                "ica.short",
                Severity::Warning,
                format!("{k} components need about {needed} samples to be steady, got {n_samples}"),
            ));
        }
        Ok(ica)
    }

    /// From the whitened space back to the channels, sorted.
    fn assemble(
        principal: &Principal,
        solved: &Solved,
        params: IcaParams,
    ) -> Result<Self, EegError> {
        let (k, w) = (solved.w.nrows(), &solved.w);
        let inverse = w.partial_piv_lu();
        let inverse = faer::linalg::solvers::DenseSolveCore::inverse(&inverse);
        let unmixing = w * principal.whitening(k);
        let mixing = principal.colouring(k) * inverse;
        if !(mixing.norm_max().is_finite() && unmixing.norm_max().is_finite()) {
            return Err(parameter("samples", "separable", "an unmixing without inverse".into()));
        }
        let covariance = w * w.transpose();
        let spread = &mixing * &covariance;
        let projected = |i: usize| mixing.col(i).squared_norm_l2() * covariance[(i, i)];
        let explained = |i: usize| {
            let shared = mixing.col(i).transpose() * spread.col(i);
            (2.0 * shared - projected(i)) / principal.total_variance
        };
        let mut order: Vec<usize> = (0..k).collect();
        order.sort_by(|&a, &b| projected(b).total_cmp(&projected(a)));
        let sign = |i: usize| {
            let strongest =
                mixing.col(i).iter().fold(0.0, |a: f64, b| if b.abs() > a.abs() { *b } else { a });
            if strongest < 0.0 { -1.0 } else { 1.0 }
        };
        let row = |&i: &usize| unmixing.row(i).iter().map(|v| sign(i) * v).collect();
        let channel =
            |c: usize| order.iter().map(|&i| sign(i) * mixing[(c, i)]).collect::<Vec<f64>>();
        Ok(Self {
            params,
            unmixing: order.iter().map(row).collect(),
            mixing: (0..mixing.nrows()).map(channel).collect(),
            means_v: principal.means.clone(),
            explained_variance: order.iter().map(|&i| explained(i)).collect(),
            rank: principal.rank(),
            average_reference: principal.average_reference,
            channel_std_v: principal.scale,
            n_iter: solved.n_iter,
            converged: solved.converged,
            findings: Vec::new(),
        })
    }

    pub fn n_components(&self) -> usize {
        self.unmixing.len()
    }

    pub fn n_channels(&self) -> usize {
        self.mixing.len()
    }

    /// The column of `mixing` of one component: its map over the channels, V per unit.
    pub fn map(&self, component: usize) -> Vec<f64> {
        self.mixing.iter().map(|row| row[component]).collect()
    }

    /// Time courses of the components in `samples`, which need not be those of the fit: channels as
    /// in the fit, volts. Units are those of the method, near unit variance.
    ///
    /// # Errors
    /// [`EegError::Picks`] for another number of channels, and those of [`Ica::fit`].
    pub fn sources(&self, samples: &[Vec<f32>]) -> Result<Vec<Vec<f32>>, EegError> {
        let unmixing =
            Mat::from_fn(self.n_components(), self.n_channels(), |i, j| self.unmixing[i][j]);
        self.map_blocks(samples, &unmixing, |source, _| source as f32)
    }

    /// `samples` without the components `exclude`; what the decomposition does not span stays.
    ///
    /// # Errors
    /// [`EegError::Picks`] for another number of channels; a component that does not exist.
    pub fn remove(
        &self,
        samples: &[Vec<f32>],
        exclude: &[usize],
    ) -> Result<Vec<Vec<f32>>, EegError> {
        let k = self.n_components();
        if let Some(missing) = exclude.iter().find(|&&i| i >= k) {
            let got = format!("{missing} of {k} components");
            return Err(parameter("exclude", "indices of components", got));
        }
        let out: Vec<usize> = (0..k).filter(|i| exclude.contains(i)).collect();
        let n = self.n_channels();
        let projection = Mat::from_fn(n, n, |i, j| {
            out.iter().map(|&c| self.mixing[i][c] * self.unmixing[c][j]).sum::<f64>()
        });
        self.map_blocks(samples, &projection, |share, sample| (f64::from(sample) - share) as f32)
    }

    /// `matrix (x - means)` block by block; `finish` gets each value and the sample of the channel
    /// of the same row, where there is one.
    fn map_blocks(
        &self,
        samples: &[Vec<f32>],
        matrix: &Mat<f64>,
        finish: impl Fn(f64, f32) -> f32,
    ) -> Result<Vec<Vec<f32>>, EegError> {
        if samples.len() != self.n_channels() {
            return Err(EegError::Picks { expected: self.n_channels(), got: samples.len() });
        }
        let n_samples = check_samples(samples)?;
        let mut out = vec![Vec::with_capacity(n_samples); matrix.nrows()];
        let mut block = Mat::<f64>::zeros(samples.len(), BLOCK);
        let mut mapped = Mat::<f64>::zeros(matrix.nrows(), BLOCK);
        let mut start = 0;
        while start < n_samples {
            let width = BLOCK.min(n_samples - start);
            load(samples, &self.means_v, start, width, &mut block);
            let to = mapped.as_mut().subcols_mut(0, width);
            matmul(to, Accum::Replace, matrix, block.subcols(0, width), 1.0, Par::Seq);
            for (i, out) in out.iter_mut().enumerate() {
                let sample = |t: usize| samples.get(i).map_or(0.0, |x| x[start + t]);
                out.extend((0..width).map(|t| finish(mapped[(i, t)], sample(t))));
            }
            start += width;
        }
        Ok(out)
    }
}

impl IcaParams {
    fn check(self) -> Result<Self, EegError> {
        if !(1..=10_000).contains(&self.max_iter) {
            return Err(parameter("max_iter", "1 to 10000", self.max_iter.to_string()));
        }
        match self.tol {
            Some(tol) if !(tol > 0.0 && tol.is_finite()) => {
                Err(parameter("tol", "finite and above 0", tol.to_string()))
            }
            _ => Ok(self),
        }
    }

    fn solve(&self, white: &Mat<f64>, watch: &mut Watch<'_>) -> Result<Solved, EegError> {
        let (max_iter, seed) = (self.max_iter, self.seed);
        let start = rotation::random_rotation(white.nrows(), seed);
        let picard =
            |ortho, extended| Picard { ortho, extended, tol: self.tol.unwrap_or(1e-7), max_iter };
        let infomax =
            |extended| Infomax { extended, tol: self.tol.unwrap_or(1e-12), max_iter, seed };
        let mut pass = Pass::new(white.as_ref());
        match self.method {
            IcaMethod::FastIca => {
                fastica::solve(&mut pass, start, self.tol.unwrap_or(1e-4), max_iter, watch)
            }
            IcaMethod::Infomax => infomax(false).solve(white.as_ref(), watch),
            IcaMethod::ExtendedInfomax => infomax(true).solve(white.as_ref(), watch),
            IcaMethod::Picard => picard(false, false).solve(&mut pass, start, watch),
            IcaMethod::ExtendedPicard => picard(false, true).solve(&mut pass, start, watch),
            IcaMethod::PicardO => picard(true, true).solve(&mut pass, start, watch),
        }
    }
}

fn n_components(
    principal: &Principal,
    params: &IcaParams,
    n_samples: usize,
) -> Result<usize, EegError> {
    let rank = principal.rank();
    let k = params.n_components.unwrap_or(rank);
    if rank == 0 {
        return Err(parameter("samples", "varying", "channels that are constant".into()));
    }
    if !(1..=rank).contains(&k) {
        let got = format!("{k} with a recording of rank {rank}");
        return Err(parameter("n_components", "1 to the rank of the recording", got));
    }
    if n_samples <= k {
        let got = format!("{n_samples} samples for {k} components");
        return Err(parameter("samples", "longer than the number of components", got));
    }
    Ok(k)
}
