//! (Extended) Infomax: stochastic natural-gradient ascent in small random blocks.

use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, MatRef, Par, Scale};

use clx_signal::rng::SplitMix64;

use super::tanh::tanh;
use super::whiten::parameter;
use super::{Iteration, Solved, Watch};
use crate::EegError;

/// Settings as in EEGLAB's runica and MNE: the learning rate shrinks by `ANNEAL_FACTOR` whenever the
/// weights turn by more than `ANNEAL_DEG` from one sweep to the next.
const ANNEAL_DEG: f64 = 60.0;
const ANNEAL_FACTOR: f64 = 0.9;
/// Sweeps in a row with small turns after which nothing is gained any more (MNE's `n_small_angle`).
const SMALL_TURNS: usize = 20;
/// Weights above this mean that the rate was too large; the search starts again with a smaller one.
const MAX_WEIGHT: f64 = 1e8;
const RESTART_FACTOR: f64 = 0.9;
const MIN_RATE: f64 = 1e-10;
/// A change of the weights above this in one sweep halves the rate.
const BLOW_UP: f64 = 1e4;
/// Samples for an estimate of the kurtoses, and the share of the estimate before in it.
const KURTOSIS_SAMPLES: usize = 6000;
const KURTOSIS_MOMENTUM: f64 = 0.5;
/// Added to a kurtosis before its sign is taken: super-Gaussian in doubt.
const SIGN_BIAS: f64 = 0.02;
/// Estimates without a change of sign after which they are made half as often.
const STEADY_SIGNS: usize = 25;

#[derive(Clone, Copy, Debug)]
pub(super) struct Infomax {
    pub(super) extended: bool,
    /// Squared change of the weights in a sweep below which the search ends.
    pub(super) tol: f64,
    pub(super) max_iter: usize,
    pub(super) seed: u64,
}

/// What the search carries from block to block.
#[derive(Debug)]
struct State {
    w: Mat<f64>,
    bias: Vec<f64>,
    rate: f64,
    signs: Signs,
}

#[derive(Debug)]
struct Signs {
    sign: Vec<f64>,
    last: Vec<f64>,
    kurtosis: Vec<f64>,
    /// Blocks since the last estimate, and blocks between two.
    age: usize,
    interval: usize,
    steady: usize,
}

impl Signs {
    fn new(n: usize) -> Self {
        let mut sign = vec![1.0; n];
        // One sub-Gaussian component to begin with, as in runica.
        sign[0] = -1.0;
        Self { sign, last: vec![0.0; n], kurtosis: vec![0.0; n], age: 0, interval: 1, steady: 0 }
    }
}

impl Infomax {
    /// Runs from the identity.
    ///
    /// # Source
    /// Bell and Sejnowski 1995, Neural Comput. 7(6):1129-1159; Lee, Girolami and Sejnowski 1999,
    /// Neural Comput. 11(2):417-441.
    pub(super) fn solve(
        self,
        x: MatRef<'_, f64>,
        watch: &mut Watch<'_>,
    ) -> Result<Solved, EegError> {
        let (n, n_samples) = (x.nrows(), x.ncols());
        let block = ((n_samples as f64 / 3.0).sqrt() as usize).max(1);
        let mut rng = SplitMix64::new(self.seed);
        let mut rate = 0.01 / (n.max(2) as f64).powi(2).ln();
        let mut state = State::new(n, rate);
        let mut order: Vec<usize> = (0..n_samples).collect();
        let mut before: Option<Mat<f64>> = None;
        let mut small_turns = 0;
        let mut n_iter = 0;
        while n_iter < self.max_iter {
            shuffle(&mut order, &mut rng);
            let start = state.w.clone();
            if !state.sweep(x, &order, block, self.extended, &mut rng) {
                rate *= RESTART_FACTOR;
                if rate < MIN_RATE {
                    return Err(parameter("samples", "separable", "weights without bound".into()));
                }
                state = State::new(n, rate);
                (before, small_turns, n_iter) = (None, 0, 0);
                continue;
            }
            n_iter += 1;
            let delta = &state.w - start;
            let change = delta.squared_norm_l2();
            watch.report(Iteration { n_iter, change })?;
            let turn = before.as_ref().filter(|_| n_iter > 2).map_or(0.0, |b| angle_deg(&delta, b));
            if turn > ANNEAL_DEG {
                state.rate *= ANNEAL_FACTOR;
                before = Some(delta);
                small_turns = 0;
            } else {
                before.get_or_insert(delta);
                small_turns += 1;
            }
            if n_iter > 2 && (change < self.tol || small_turns > SMALL_TURNS) {
                return Ok(Solved { w: state.w, n_iter, converged: true });
            }
            if change > BLOW_UP {
                state.rate *= 0.5;
            }
            rate = state.rate;
        }
        Ok(Solved { w: state.w, n_iter, converged: false })
    }
}

impl State {
    fn new(n: usize, rate: f64) -> Self {
        Self { w: Mat::identity(n, n), bias: vec![0.0; n], rate, signs: Signs::new(n) }
    }

    /// One pass over all samples in the given order; `false` if the weights grew without bound.
    fn sweep(
        &mut self,
        x: MatRef<'_, f64>,
        order: &[usize],
        block: usize,
        extended: bool,
        rng: &mut SplitMix64,
    ) -> bool {
        let n = x.nrows();
        let mut picked = vec![0.0; n * block];
        let mut u = Mat::<f64>::zeros(n, block);
        let mut y = vec![0.0; n * block];
        for samples in order.chunks_exact(block) {
            gather(x, samples, &mut picked);
            let b = MatRef::from_column_major_slice(&picked, n, block);
            matmul(&mut u, Accum::Replace, &self.w, b, 1.0, Par::Seq);
            for column in u.col_iter_mut() {
                column.iter_mut().zip(&self.bias).for_each(|(u, bias)| *u += bias);
            }
            self.step(&u, &mut y, extended);
            let largest = self.w.norm_max();
            if largest.is_nan() || largest > MAX_WEIGHT {
                return false;
            }
            if extended {
                self.signs.update(x, &self.w, rng);
            }
        }
        true
    }

    /// One natural-gradient step from the activations `u` of a block.
    fn step(&mut self, u: &Mat<f64>, y: &mut [f64], extended: bool) {
        let (n, block) = (u.nrows(), u.ncols());
        // The logistic score is 1 - 2/(1+exp(-u)) = -tanh(u/2).
        let gain = if extended { 1.0 } else { 0.5 };
        let scaled: Vec<f64> =
            u.col_iter().flat_map(|c| c.iter().map(|v| gain * v).collect::<Vec<_>>()).collect();
        tanh(&scaled, y);
        let score = MatRef::from_column_major_slice(&*y, n, block);
        let mut pull = score * u.transpose();
        if extended {
            for (i, sign) in self.signs.sign.iter().enumerate() {
                pull.row_mut(i).iter_mut().for_each(|v| *v *= sign);
            }
            pull += u * u.transpose();
        }
        let ascent = Mat::<f64>::identity(n, n) * Scale(block as f64) - pull;
        let change = ascent * &self.w * Scale(self.rate);
        self.w += change;
        let bias_gain = if extended { -2.0 } else { -1.0 };
        for column in score.col_iter() {
            let bias = self.bias.iter_mut().zip(column.iter());
            bias.for_each(|(bias, y)| *bias += self.rate * bias_gain * y);
        }
    }
}

impl Signs {
    /// Estimates the kurtoses again if it is time, and takes the signs from them.
    fn update(&mut self, x: MatRef<'_, f64>, w: &Mat<f64>, rng: &mut SplitMix64) {
        self.age += 1;
        if self.age < self.interval {
            return;
        }
        self.age = 0;
        let n_samples = x.ncols();
        let found = if n_samples > KURTOSIS_SAMPLES {
            let picks: Vec<usize> =
                (0..KURTOSIS_SAMPLES).map(|_| rng.next_index(n_samples)).collect();
            let mut picked = vec![0.0; x.nrows() * picks.len()];
            gather(x, &picks, &mut picked);
            kurtoses(&(w * MatRef::from_column_major_slice(&picked, x.nrows(), picks.len())))
        } else {
            kurtoses(&(w * x))
        };
        for (old, new) in self.kurtosis.iter_mut().zip(found) {
            *old = KURTOSIS_MOMENTUM * *old + (1.0 - KURTOSIS_MOMENTUM) * new;
        }
        let sign = |k: &f64| if k + SIGN_BIAS < 0.0 { -1.0 } else { 1.0 };
        self.sign = self.kurtosis.iter().map(sign).collect();
        self.steady = if self.sign == self.last { self.steady + 1 } else { 0 };
        self.last.clone_from(&self.sign);
        if self.steady >= STEADY_SIGNS {
            self.interval = self.interval.saturating_mul(2);
            self.steady = 0;
        }
    }
}

/// Excess kurtosis of every row.
fn kurtoses(y: &Mat<f64>) -> Vec<f64> {
    let (n, count) = (y.nrows(), y.ncols() as f64);
    let mut mean = vec![0.0; n];
    for column in y.col_iter() {
        mean.iter_mut().zip(column.iter()).for_each(|(m, v)| *m += v / count);
    }
    let (mut m2, mut m4) = (vec![0.0; n], vec![0.0; n]);
    for column in y.col_iter() {
        for (i, v) in column.iter().enumerate() {
            let square = (v - mean[i]).powi(2);
            m2[i] += square;
            m4[i] += square * square;
        }
    }
    m2.iter().zip(&m4).map(|(m2, m4)| count * m4 / (m2 * m2) - 3.0).collect()
}

/// The columns `picks` of `x`, one after another.
fn gather(x: MatRef<'_, f64>, picks: &[usize], out: &mut [f64]) {
    for (column, &t) in out.chunks_exact_mut(x.nrows()).zip(picks) {
        column.iter_mut().zip(x.col(t).iter()).for_each(|(out, v)| *out = *v);
    }
}

/// Fisher and Yates.
fn shuffle(order: &mut [usize], rng: &mut SplitMix64) {
    for i in (1..order.len()).rev() {
        order.swap(i, rng.next_index(i + 1));
    }
}

fn angle_deg(a: &Mat<f64>, b: &Mat<f64>) -> f64 {
    let dot: f64 = a
        .col_iter()
        .zip(b.col_iter())
        .map(|(a, b)| a.iter().zip(b.iter()).map(|(a, b)| a * b).sum::<f64>())
        .sum();
    (dot / (a.norm_l2() * b.norm_l2())).clamp(-1.0, 1.0).acos().to_degrees()
}
