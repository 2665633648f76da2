//! Picard: the likelihood of ICA maximised by a preconditioned quasi-Newton method.

use std::collections::VecDeque;

use faer::{Mat, Scale};

use super::moments::{Depth, Moments, Pass};
use super::rotation::{exponential, log_abs_det};
use super::{Iteration, Solved, Watch};
use crate::EegError;

/// Pairs of steps and gradient differences that are remembered.
const MEMORY: usize = 7;
/// Smallest eigenvalue of the approximate Hessian.
const MIN_EIGENVALUE: f64 = 0.01;
const LINE_SEARCH_TRIES: usize = 10;
/// Losses that differ by rounding only count as equal.
const ROUNDING: f64 = 16.0 * f64::EPSILON;

/// Which of the four variants.
#[derive(Clone, Copy, Debug)]
pub(super) struct Picard {
    /// Stay on rotations of the whitened data (Picard-O, the solution of FastICA).
    pub(super) ortho: bool,
    /// Choose for every component between a sub- and a super-Gaussian density.
    pub(super) extended: bool,
    pub(super) tol: f64,
    pub(super) max_iter: usize,
}

/// A place the search has been at, with everything known there.
#[derive(Debug)]
struct Place {
    w: Mat<f64>,
    moments: Moments,
}

/// Relative gradient and the diagonal and off-diagonal part of the approximate Hessian: the second
/// derivative for the pair (i, j) is the matrix `[h_ij, c_i; c_j, h_ji]`.
#[derive(Debug)]
struct Slope {
    gradient: Mat<f64>,
    h: Mat<f64>,
    c: Vec<f64>,
}

#[derive(Debug)]
struct Step {
    s: Mat<f64>,
    y: Mat<f64>,
    rho: f64,
}

impl Picard {
    /// Runs from the start `w`.
    ///
    /// # Source
    /// Ablin, Cardoso and Gramfort 2018, IEEE Trans. Signal Process. 66(15):4040-4049 (Picard) and
    /// ICASSP 2018:4464-4468 (Picard-O and the choice of density).
    pub(super) fn solve(
        self,
        pass: &mut Pass<'_>,
        w: Mat<f64>,
        watch: &mut Watch<'_>,
    ) -> Result<Solved, EegError> {
        let moments = pass.moments(w.as_ref(), self.depth());
        let mut place = Place { w, moments };
        let mut signs = vec![1.0; place.w.nrows()];
        let mut memory: VecDeque<Step> = VecDeque::new();
        let mut last: Option<(Mat<f64>, Mat<f64>)> = None;
        let mut careful = true;
        for n_iter in 0..self.max_iter {
            let before = signs.clone();
            if self.extended {
                signs = place.signs();
            }
            let slope = self.slope(&place, &signs);
            let change = slope.gradient.norm_max();
            if change < self.tol {
                return Ok(Solved { w: place.w, n_iter, converged: true });
            }
            watch.report(Iteration { n_iter, change })?;
            if signs == before {
                remember(&mut memory, last.take(), &slope.gradient);
            } else {
                // Another density is another loss: what was learnt about the old one misleads.
                memory.clear();
            }
            let loss = self.loss(&place, &signs);
            let direction = self.direction(&slope, &memory);
            let line = Line { from: &place, signs: &signs, loss, gradient: &slope.gradient };
            let mut moved = line.search(self, pass, &direction, careful);
            if moved.is_none() {
                memory.clear();
                let downhill = &slope.gradient * Scale(-1.0);
                moved = line.search(self, pass, &downhill, true);
            }
            let Some((next, step, length)) = moved else {
                return Ok(Solved { w: place.w, n_iter, converged: false });
            };
            careful = length < 1.0;
            place = next;
            last = Some((step, slope.gradient));
        }
        Ok(Solved { w: place.w, n_iter: self.max_iter, converged: false })
    }

    fn slope(self, place: &Place, signs: &[f64]) -> Slope {
        let (n, m) = (signs.len(), &place.moments);
        let score = |i: usize, j: usize| signs[i] * m.score[(i, j)];
        if self.ortho {
            let c: Vec<f64> = (0..n).map(|i| score(i, i)).collect();
            let bend: Vec<f64> = (0..n).map(|i| signs[i] * (1.0 - m.p2[i]) - c[i]).collect();
            let gradient = Mat::from_fn(n, n, |i, j| 0.5 * (score(i, j) - score(j, i)));
            let h = Mat::from_fn(n, n, |i, j| (0.5 * (bend[i] + bend[j])).max(MIN_EIGENVALUE));
            return Slope { gradient, h, c };
        }
        // The extended densities carry a Gaussian factor: its score is y, its derivative 1.
        let gaussian = if self.extended { 1.0 } else { 0.0 };
        let covariance = &place.w * place.w.transpose();
        let unit = |i: usize, j: usize| f64::from(u8::from(i == j));
        let gradient =
            Mat::from_fn(n, n, |i, j| score(i, j) + gaussian * covariance[(i, j)] - unit(i, j));
        let h = Mat::from_fn(n, n, |i, j| {
            signs[i] * (m.y2[j] - f64::from(m.curvature[(i, j)])) + gaussian * m.y2[j]
        });
        Slope { gradient, h: with_positive_pairs(&h), c: vec![1.0; n] }
    }

    /// Negative log-likelihood per sample, up to a constant of the signs.
    fn loss(self, place: &Place, signs: &[f64]) -> f64 {
        let m = &place.moments;
        let fit: f64 = signs.iter().zip(&m.log_cosh).map(|(s, l)| s * l).sum();
        if self.ortho {
            return fit;
        }
        let gaussian = if self.extended { 0.5 * m.y2.iter().sum::<f64>() } else { 0.0 };
        fit + gaussian - log_abs_det(place.w.as_ref())
    }

    /// Quasi-Newton direction by the two-loop recursion of L-BFGS.
    fn direction(self, slope: &Slope, memory: &VecDeque<Step>) -> Mat<f64> {
        let mut q = slope.gradient.clone();
        let mut shares = Vec::with_capacity(memory.len());
        for step in memory.iter().rev() {
            let share = step.rho * inner(&step.s, &q);
            q -= &step.y * Scale(share);
            shares.push(share);
        }
        let mut z = self.precondition(slope, &q);
        for (step, share) in memory.iter().zip(shares.iter().rev()) {
            let back = step.rho * inner(&step.y, &z);
            z += &step.s * Scale(share - back);
        }
        z * Scale(-1.0)
    }

    /// The approximate Hessian's inverse, pair by pair.
    fn precondition(self, slope: &Slope, q: &Mat<f64>) -> Mat<f64> {
        let (n, h, c) = (q.nrows(), &slope.h, &slope.c);
        if self.ortho {
            return Mat::from_fn(n, n, |i, j| 0.5 * (q[(i, j)] - q[(j, i)]) / h[(i, j)]);
        }
        Mat::from_fn(n, n, |i, j| {
            let determinant = h[(i, j)] * h[(j, i)] - c[i] * c[j];
            (h[(j, i)] * q[(i, j)] - c[i] * q[(j, i)]) / determinant
        })
    }

    fn depth(self) -> Depth {
        if self.ortho { Depth::Score } else { Depth::Curvature }
    }

    /// `w` moved by `step`.
    fn turn(self, w: &Mat<f64>, step: &Mat<f64>) -> Mat<f64> {
        let n = w.nrows();
        let turn =
            if self.ortho { exponential(step.as_ref()) } else { Mat::<f64>::identity(n, n) + step };
        turn * w
    }
}

/// The loss around a place.
#[derive(Debug)]
struct Line<'a> {
    from: &'a Place,
    signs: &'a [f64],
    loss: f64,
    gradient: &'a Mat<f64>,
}

impl Line<'_> {
    /// Shortens the step until the loss does not rise: the place reached, the step, and its length in
    /// units of `direction`.
    ///
    /// A full step is mostly right and its gradient then needed, so all is computed at once; where
    /// steps have been too long lately (`careful`), the loss is looked at alone first.
    fn search(
        &self,
        picard: Picard,
        pass: &mut Pass<'_>,
        direction: &Mat<f64>,
        careful: bool,
    ) -> Option<(Place, Mat<f64>, f64)> {
        let descent = inner(self.gradient, direction);
        let mut length = 1.0;
        for tries in 0..LINE_SEARCH_TRIES {
            let step = direction * Scale(length);
            let w = picard.turn(&self.from.w, &step);
            let depth = if careful && tries == 0 { Depth::Loss } else { picard.depth() };
            let mut place = Place { moments: pass.moments(w.as_ref(), depth), w };
            let loss = picard.loss(&place, self.signs);
            if loss <= self.loss + ROUNDING * self.loss.abs() {
                if depth < picard.depth() {
                    place.moments = pass.moments(place.w.as_ref(), picard.depth());
                }
                return Some((place, step, length));
            }
            // The lowest point of the parabola through both losses and the slope at the start.
            let bend = loss - self.loss - descent * length;
            let lowest = if bend > 0.0 { -0.5 * descent * length / bend } else { 0.5 };
            length *= lowest.clamp(0.1, 0.5);
        }
        None
    }
}

impl Place {
    /// 1 where a component is super-Gaussian, -1 where it is sub-Gaussian: the sign that makes the
    /// component a stable point of the likelihood.
    fn signs(&self) -> Vec<f64> {
        let m = &self.moments;
        let stable = |i: usize| (1.0 - m.p2[i]) * m.y2[i] - m.score[(i, i)];
        (0..m.p2.len()).map(|i| if stable(i) < 0.0 { -1.0 } else { 1.0 }).collect()
    }
}

fn remember(memory: &mut VecDeque<Step>, last: Option<(Mat<f64>, Mat<f64>)>, gradient: &Mat<f64>) {
    let Some((s, before)) = last else { return };
    let y = gradient - before;
    let curvature = inner(&s, &y);
    // A step along which the gradient does not grow says nothing about a minimum.
    if curvature > 0.0 {
        memory.push_back(Step { s, y, rho: 1.0 / curvature });
    }
    if memory.len() > MEMORY {
        memory.pop_front();
    }
}

/// Shifts the diagonal of pairs whose smaller eigenvalue is below the least allowed.
fn with_positive_pairs(h: &Mat<f64>) -> Mat<f64> {
    let n = h.nrows();
    Mat::from_fn(n, n, |i, j| {
        let (a, b) = (h[(i, j)], h[(j, i)]);
        let smaller = 0.5 * (a + b - ((a - b).powi(2) + 4.0).sqrt());
        if i != j && smaller < MIN_EIGENVALUE { a + MIN_EIGENVALUE - smaller } else { a }
    })
}

fn inner(a: &Mat<f64>, b: &Mat<f64>) -> f64 {
    a.col_iter()
        .zip(b.col_iter())
        .map(|(a, b)| a.iter().zip(b.iter()).map(|(a, b)| a * b).sum::<f64>())
        .sum()
}
