//! t values of permuted observations, with what permutations leave alone computed once.

/// One-sample t under changes of sign: the sum of squares stays.
pub(super) struct OneSample<'a> {
    observations: &'a [Vec<f64>],
    sum_of_squares: Vec<f64>,
}

impl<'a> OneSample<'a> {
    pub(super) fn new(observations: &'a [Vec<f64>]) -> Self {
        Self { observations, sum_of_squares: sum_of(observations.iter(), |v| v * v) }
    }

    pub(super) fn t(&self, signs: &[f64], t: &mut [f64]) {
        t.fill(0.0);
        for (x, sign) in self.observations.iter().zip(signs) {
            t.iter_mut().zip(x).for_each(|(t, v)| *t += sign * v);
        }
        let n = signs.len() as f64;
        for (t, squares) in t.iter_mut().zip(&self.sum_of_squares) {
            let mean = *t / n;
            let spread = squares - n * mean * mean;
            // Below rounding the observations do not vary.
            let varies = spread > 1e-14 * squares;
            *t = if varies { mean / spread.sqrt() * (n * (n - 1.0)).sqrt() } else { 0.0 };
        }
    }
}

/// Two-sample t with pooled variance under exchange: sum and sum of squares of all stay.
pub(super) struct TwoSample<'a> {
    all: Vec<&'a [f64]>,
    sum: Vec<f64>,
    sum_of_squares: Vec<f64>,
}

impl<'a> TwoSample<'a> {
    pub(super) fn new(a: &'a [Vec<f64>], b: &'a [Vec<f64>]) -> Self {
        let all = || a.iter().chain(b);
        Self {
            all: all().map(Vec::as_slice).collect(),
            sum: sum_of(all(), |v| v),
            sum_of_squares: sum_of(all(), |v| v * v),
        }
    }

    /// `first`: the observations of the first group.
    pub(super) fn t(&self, first: &[usize], t: &mut [f64]) {
        t.fill(0.0);
        for &i in first {
            t.iter_mut().zip(self.all[i]).for_each(|(t, v)| *t += v);
        }
        let (na, nb) = (first.len() as f64, (self.all.len() - first.len()) as f64);
        for ((t, sum), squares) in t.iter_mut().zip(&self.sum).zip(&self.sum_of_squares) {
            let (a, b) = (*t / na, (sum - *t) / nb);
            let spread = squares - na * a * a - nb * b * b;
            let error = (spread / (na + nb - 2.0) * (1.0 / na + 1.0 / nb)).sqrt();
            *t = if spread > 1e-14 * squares { (a - b) / error } else { 0.0 };
        }
    }
}

fn sum_of<'a>(rows: impl Iterator<Item = &'a Vec<f64>>, of: impl Fn(f64) -> f64) -> Vec<f64> {
    let mut sum = Vec::new();
    for row in rows {
        sum.resize(row.len(), 0.0);
        sum.iter_mut().zip(row).for_each(|(s, v)| *s += of(*v));
    }
    sum
}
