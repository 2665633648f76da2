//! What chance alone gives, and what a measured value says about the true one.

/// Chance of phases at least this concentrated among `n` evenly spread ones.
///
/// # Source
/// Zar 2010, Biostatistical Analysis, equation 27.4 (approximation of Rayleigh's test).
pub(super) fn rayleigh(coherence: f64, n: usize) -> f64 {
    let n = n as f64;
    let r = n * coherence;
    ((1.0 + 4.0 * n + 4.0 * (n * n - r * r)).sqrt() - (1.0 + 2.0 * n)).exp().min(1.0)
}

/// Chance of a squared coherence of at least `m` over `n` segments without any response.
///
/// # Source
/// Dobie and Wilson 1989, Ear Hear. 10(1):2-13.
pub(super) fn exceeds(m: f64, n: usize) -> f64 {
    (1.0 - m.clamp(0.0, 1.0)).powi(n as i32 - 1)
}

/// Interval of the true squared coherence at `level`, from a measured `m` over `n` segments.
///
/// A fixed response in complex Gaussian noise gives a noncentral beta distribution, which is
/// inverted by bisection, and the interval stays inside `0..=1`. Above 0.999, where the sum would
/// grow without bound, the interval of 0.999 is given and reaches up to 1.
pub(super) fn interval(m: f64, n: usize, level: f64) -> [f64; 2] {
    let tail = (1.0 - level) / 2.0;
    let (m, measured) = (m.min(0.999), m);
    let bound = |probability: f64| {
        if below(m, n, 0.0) <= probability {
            return 0.0;
        }
        // In the true squared coherence itself; the response over noise is `g / (1 - g)`.
        let (mut low, mut high) = (0.0, 1.0 - 1e-12);
        for _ in 0..60 {
            let g = 0.5 * (low + high);
            if below(m, n, n as f64 * g / (1.0 - g)) > probability {
                low = g;
            } else {
                high = g;
            }
        }
        0.5 * (low + high)
    };
    [bound(1.0 - tail), if measured > m { 1.0 } else { bound(tail) }]
}

/// Chance of a squared coherence of at most `m` when the response has `kappa` times the power of the
/// noise in the mean over `n` segments: a Poisson mixture of beta distributions.
fn below(m: f64, n: usize, kappa: f64) -> f64 {
    let m = m.clamp(0.0, 1.0);
    let b = n as f64 - 1.0;
    if m >= 1.0 {
        return 1.0;
    }
    // Beta(1 + j, b) at m is 1 - (1-m)^b Σ_{i<=j} C(b-1+i, i) m^i, and the weights are Poisson's.
    let log_tail = b * (1.0 - m).ln();
    let mut log_weight = -kappa;
    let (mut log_term, mut sum_terms) = (log_tail, log_tail.exp());
    let (mut total, mut weights) = (0.0, 0.0);
    let last = (kappa + 12.0 * kappa.sqrt() + 60.0) as usize;
    for j in 0..last.min(10_000_000) {
        let weight = log_weight.exp();
        total += weight * (1.0 - sum_terms).max(0.0);
        weights += weight;
        if weights > 1.0 - 1e-13 {
            break;
        }
        let next = j as f64 + 1.0;
        log_weight += (kappa / next).ln();
        log_term += (m * (b + j as f64) / next).ln();
        sum_terms += log_term.exp();
    }
    total.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_response_the_distribution_is_the_known_one() {
        for m in [0.01, 0.1, 0.5, 0.9] {
            assert!((1.0 - below(m, 20, 0.0) - exceeds(m, 20)).abs() < 1e-12);
        }
        // Table values of SciPy: stats.ncf.cdf((n-1) m / (1-m), 2, 2n-2, 2 kappa).
        for (m, n, kappa, expected) in
            [(0.3, 20, 5.0, 0.737_733_980_847_9), (0.7, 10, 30.0, 0.165_970_223_515_0)]
        {
            let got = below(m, n, kappa);
            assert!((got - expected).abs() < 1e-9, "{got}");
        }
    }

    #[test]
    fn intervals_hold_the_estimate_and_start_at_zero_for_noise() {
        let [low, high] = interval(0.5, 30, 0.95);
        assert!(0.2 < low && low < 0.5 && 0.5 < high && high < 0.75, "{low} {high}");
        assert_eq!(interval(0.001, 30, 0.95)[0], 0.0);
        assert!(interval(0.999_999, 30, 0.95)[1] > 0.999);
    }

    #[test]
    fn even_phases_are_no_surprise() {
        assert!((rayleigh(0.0, 10) - 1.0).abs() < 1e-12);
        assert!(rayleigh(0.9, 20) < 1e-6);
    }
}
