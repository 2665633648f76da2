//! Thomson's adaptive weights.

use super::{Multitaper, separate};
use rustfft::num_complex::Complex64;

/// Mean squared change of the weights over the tapers below which a frequency has settled.
const SETTLED: f64 = 1e-10;

impl Multitaper {
    /// Density with weights that fall where a taper's leakage exceeds the local power. Whether they
    /// settled within `max_iterations`.
    pub(super) fn adaptive_density(&mut self, max_iterations: usize, out: &mut [f64]) -> bool {
        let variance = self.taper_powers();
        let plan = &self.plan;
        let (n_bins, first_bin) = (out.len(), plan.first_bin);
        let n_all = plan.n / 2 + 1;
        let lambdas = &plan.concentrations;
        // One column of powers per kept bin, tapers side by side.
        let power = |taper: usize, bin: usize| self.powers[taper * n_all + first_bin + bin];
        let weighted = |bin: usize, weights: &[f64]| {
            let (mut sum, mut norm) = (0.0, 0.0);
            for (taper, w) in weights.iter().enumerate() {
                sum += w * w * power(taper, bin);
                norm += w * w;
            }
            if norm > 0.0 { 2.0 * sum / norm } else { 0.0 }
        };
        let roots: Vec<f64> = lambdas.iter().map(|l| l.sqrt()).collect();
        let mut weights = vec![0.0; lambdas.len() * n_bins];
        out.iter_mut().enumerate().for_each(|(bin, o)| *o = weighted(bin, &roots[..2]));
        let mut settled = false;
        for _ in 0..max_iterations {
            let mut worst: f64 = 0.0;
            for (column, &density) in weights.chunks_exact_mut(lambdas.len()).zip(out.iter()) {
                let mut change = 0.0;
                for ((w, &lambda), root) in column.iter_mut().zip(lambdas).zip(&roots) {
                    let denominator = lambda * density + (1.0 - lambda) * variance;
                    let new = if denominator > 0.0 { root * density / denominator } else { 0.0 };
                    change += (*w - new).powi(2);
                    *w = new;
                }
                worst = worst.max(change / lambdas.len() as f64);
            }
            if worst < SETTLED {
                settled = true;
                break;
            }
            let columns = weights.chunks_exact(lambdas.len());
            out.iter_mut().zip(columns).enumerate().for_each(|(b, (o, w))| *o = weighted(b, w));
        }
        // To units of density: the powers are those of tapers of unit energy.
        out.iter_mut().for_each(|o| *o *= self.plan.unit);
        settled
    }

    /// Fills `powers` with each taper's power at all frequencies; returns the variance of the
    /// stretch as MNE estimates it, by the trapezoid rule over the spectrum with fixed weights.
    fn taper_powers(&mut self) -> f64 {
        let n_all = self.plan.n / 2 + 1;
        let k = self.n_tapers();
        self.powers.resize(k * n_all, 0.0);
        let mut rows = vec![Complex64::ZERO; 2 * n_all];
        let mut total = vec![0.0; n_all];
        for pair in 0..self.plan.pairs.len() {
            self.transform(pair);
            let (first, second) = rows.split_at_mut(n_all);
            separate(&self.work, 0, first, second);
            for taper in (2 * pair..k).take(2) {
                let row = if taper % 2 == 0 { &*first } else { &*second };
                let powers = &mut self.powers[taper * n_all..][..n_all];
                for ((p, t), z) in powers.iter_mut().zip(&mut total).zip(row) {
                    *t += z.norm_sqr() / self.plan.unit;
                    *p = z.norm_sqr() / self.plan.scales[taper];
                }
            }
        }
        // `total` is 2 Σ λ S / Σ λ of unit tapers.
        let trapezoid: f64 = total.windows(2).map(|w| (w[0] + w[1]) / 2.0).sum();
        trapezoid / (2.0 * n_all as f64)
    }
}
