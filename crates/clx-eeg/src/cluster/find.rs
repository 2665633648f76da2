//! Clusters of a map of t values, and p values from those of permuted maps.

use super::{Adjacency, Cluster, ClusterParams, ClusterTest, Tail, Threshold, critical_t};
use crate::EegError;

/// Finds clusters; keeps its memory from one map to the next.
pub(super) struct Finder<'a> {
    adjacency: &'a Adjacency,
    n_samples: usize,
    tail: Tail,
    threshold: Threshold,
    threshold_t: Option<f64>,
    /// Points that are part of a cluster and not yet of a found one.
    left: Vec<bool>,
    stack: Vec<usize>,
}

impl<'a> Finder<'a> {
    pub(super) fn new(
        adjacency: &'a Adjacency,
        n_samples: usize,
        params: &ClusterParams,
        df: f64,
    ) -> Result<Self, EegError> {
        let threshold_t = match params.threshold {
            Threshold::Probability(p) => Some(critical_t(p, params.tail, df)?),
            Threshold::Value(t) => Some(t),
            Threshold::Tfce { .. } => None,
        };
        Ok(Self {
            adjacency,
            n_samples,
            tail: params.tail,
            threshold: params.threshold,
            threshold_t,
            left: vec![false; n_samples * adjacency.n_channels()],
            stack: Vec::new(),
        })
    }

    fn signs(&self) -> &'static [f64] {
        match self.tail {
            Tail::Both => &[1.0, -1.0],
            Tail::Positive => &[1.0],
            Tail::Negative => &[-1.0],
        }
    }

    /// Calls `found` with the points of each cluster of `sign · t > threshold`.
    fn each_cluster(
        &mut self,
        t: &[f64],
        sign: f64,
        threshold: f64,
        mut found: impl FnMut(&[usize]),
    ) {
        for (left, t) in self.left.iter_mut().zip(t) {
            *left = sign * t > threshold;
        }
        let mut members = Vec::new();
        for start in 0..t.len() {
            if !self.left[start] {
                continue;
            }
            members.clear();
            self.left[start] = false;
            self.stack.push(start);
            while let Some(point) = self.stack.pop() {
                members.push(point);
                let (channel, sample) = (point / self.n_samples, point % self.n_samples);
                let before = (sample > 0).then(|| point - 1);
                let after = (sample + 1 < self.n_samples).then_some(point + 1);
                let beside =
                    self.adjacency.neighbours(channel).iter().map(|c| c * self.n_samples + sample);
                for next in before.into_iter().chain(after).chain(beside) {
                    if std::mem::take(&mut self.left[next]) {
                        self.stack.push(next);
                    }
                }
            }
            found(&members);
        }
    }

    fn clusters(&mut self, t: &[f64], threshold: f64) -> Vec<Vec<usize>> {
        let mut clusters = Vec::new();
        for &sign in self.signs() {
            self.each_cluster(t, sign, threshold, |points| {
                let mut points = points.to_vec();
                points.sort_unstable();
                clusters.push(points);
            });
        }
        clusters
    }

    /// The score of every point, zero or above.
    fn enhanced(&mut self, t: &[f64], start: f64, step: f64) -> Vec<f64> {
        let mut scores = vec![0.0; t.len()];
        for &sign in self.signs() {
            let highest = t.iter().map(|t| sign * t).fold(0.0, f64::max);
            // Bounded: the parameter check keeps steps from 0.001, and t values are finite.
            for i in 0..((highest - start) / step).ceil().clamp(0.0, 1e6) as usize {
                let threshold = start + i as f64 * step;
                // The first threshold stands for all below it, as in MNE.
                let height = if i == 0 { start } else { step };
                let gain = threshold.powi(2) * height;
                self.each_cluster(t, sign, threshold, |points| {
                    let score = gain * (points.len() as f64).sqrt();
                    points.iter().for_each(|&p| scores[p] += score);
                });
            }
        }
        scores
    }

    /// Size of the most extreme cluster or point of a map; zero if there is none.
    pub(super) fn extreme(&mut self, t: &[f64]) -> f64 {
        if let Threshold::Tfce { start, step } = self.threshold {
            return self.enhanced(t, start, step).into_iter().fold(0.0, f64::max);
        }
        let Some(threshold) = self.threshold_t else { return 0.0 };
        let mut extreme = 0.0;
        for &sign in self.signs() {
            self.each_cluster(t, sign, threshold, |points| {
                let mass: f64 = points.iter().map(|&p| t[p]).sum();
                extreme = f64::max(extreme, mass.abs());
            });
        }
        extreme
    }

    /// The result from the observed map and the extremes of the permuted ones.
    pub(super) fn conclude(
        mut self,
        t: Vec<f64>,
        df: f64,
        mut extremes: Vec<f64>,
        exact: bool,
    ) -> ClusterTest {
        extremes.push(self.extreme(&t));
        extremes.sort_by(f64::total_cmp);
        let n = extremes.len();
        // Sums in another order differ by rounding and must still count as equal.
        let p_of = |size: f64| {
            let size = size * (1.0 - 1e-12);
            (n - extremes.partition_point(|e| *e < size)) as f64 / n as f64
        };
        let (mut clusters, mut point_score, mut point_p) = (Vec::new(), None, None);
        match (self.threshold, self.threshold_t) {
            (Threshold::Tfce { start, step }, _) => {
                let scores = self.enhanced(&t, start, step);
                point_p = Some(scores.iter().copied().map(p_of).collect());
                point_score = Some(scores);
            }
            (_, Some(threshold)) => {
                for points in self.clusters(&t, threshold) {
                    let mass: f64 = points.iter().map(|&p| t[p]).sum();
                    let place = |p: &usize| [p / self.n_samples, p % self.n_samples];
                    let points = points.iter().map(place).collect();
                    clusters.push(Cluster { points, mass, p_value: p_of(mass.abs()) });
                }
            }
            (_, None) => {}
        }
        clusters.sort_by(|a, b| {
            a.p_value.total_cmp(&b.p_value).then(b.mass.abs().total_cmp(&a.mass.abs()))
        });
        let threshold_t = self.threshold_t;
        ClusterTest { t, clusters, point_score, point_p, threshold_t, df, n_permutations: n, exact }
    }
}
