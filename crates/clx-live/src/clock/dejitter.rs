use clx_signal::SampleRate;

/// Initial variance of the two coefficients: large against any jitter, so that the first samples
/// decide. The value of Kothe's recursive dejittering in LSL.
const PRIOR: f64 = 1e10;

/// Fits a straight line to time stamps against sample numbers and gives the stamps of the line.
///
/// Recursive least squares with forgetting: the weight of a stamp halves every `halftime_s`, so a rate
/// that drifts is followed. Causal, constant memory, and the result of a stamp does not depend on
/// how many come at once.
///
/// # Source
/// Haykin 2002, Adaptive Filter Theory, chapter 9 (exponentially weighted RLS); parameters of LSL's
/// `proc_dejitter`. Checked against NumPy's weighted least squares in the test below, and against
/// liblsl in `tests/it/interop.rs`.
///
/// ```
/// use clx_live::Dejitter;
/// use clx_signal::SampleRate;
/// let rate = SampleRate::from_hz(100.0)?;
/// let mut fit = Dejitter::new(50.0, rate, 90.0);
/// let worst = (0..2000)
///     .map(|i| (f64::from(i), if i % 2 == 0 { 0.003 } else { -0.003 }))
///     .map(|(i, jitter)| (i, fit.apply(50.0 + i * 0.01 + jitter) - (50.0 + i * 0.01)))
///     .filter(|(i, _)| *i > 200.0)
///     .map(|(_, error)| error.abs())
///     .fold(0.0, f64::max);
/// assert!(worst < 1e-4); // of 3 ms
/// # Ok::<(), clx_signal::SignalError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Dejitter {
    /// Taken off every stamp, for the digits.
    base_s: f64,
    forget: f64,
    n: f64,
    /// Intercept and slope of the line.
    line: [f64; 2],
    /// Symmetric inverse correlation: `[p00, p01, p11]`.
    p: [f64; 3],
}

impl Dejitter {
    /// `first_s`: about where stamps start. A half-life that is no positive number never forgets.
    pub fn new(first_s: f64, rate: SampleRate, halftime_s: f64) -> Self {
        let forget =
            if halftime_s > 0.0 { 2_f64.powf(-1.0 / (rate.hz() * halftime_s)) } else { 1.0 };
        let base_s = first_s.trunc();
        Self { base_s, forget, n: 0.0, line: [0.0, 1.0 / rate.hz()], p: [PRIOR, 0.0, PRIOR] }
    }

    /// Counts samples that did not come.
    pub fn skip(&mut self, n_samples: u64) {
        self.n += n_samples as f64;
    }

    /// Takes the stamp of the next sample and gives that of the line.
    pub fn apply(&mut self, stamp_s: f64) -> f64 {
        let stamp = stamp_s - self.base_s;
        let u = self.n;
        self.n += 1.0;
        let [p00, p01, p11] = self.p;
        let pi = [p00 + u * p01, p01 + u * p11];
        let error = stamp - (self.line[0] + u * self.line[1]);
        let gain = 1.0 / (self.forget + pi[0] + pi[1] * u);
        let update = |p: f64, a: f64, b: f64| (p - a * b * gain) / self.forget;
        let p00 = update(p00, pi[0], pi[0]);
        let p01 = update(p01, pi[0], pi[1]);
        let p11 = update(p11, pi[1], pi[1]);
        self.p = [p00, p01, p11];
        self.line[0] += error * (p00 + p01 * u);
        self.line[1] += error * (p01 + p11 * u);
        self.line[0] + u * self.line[1] + self.base_s
    }

    /// Samples per second of the line.
    pub fn rate_hz(&self) -> f64 {
        1.0 / self.line[1]
    }
}

#[cfg(test)]
mod tests {
    use clx_signal::rng::SplitMix64;

    use super::*;

    /// Weighted least squares in one go, by its normal equations.
    fn line_at_end(stamps: &[f64], forget: f64) -> f64 {
        let n = stamps.len();
        let (mut s, mut sx, mut sxx, mut sy, mut sxy) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (i, y) in stamps.iter().enumerate() {
            // Counted from the end, for the digits.
            let (x, w) = (i as f64 - (n - 1) as f64, forget.powi((n - 1 - i) as i32));
            (s, sx, sxx) = (s + w, sx + w * x, sxx + w * x * x);
            (sy, sxy) = (sy + w * y, sxy + w * x * y);
        }
        (sxx * sy - sx * sxy) / (s * sxx - sx * sx)
    }

    #[test]
    fn it_is_the_weighted_least_squares_line() {
        let rate = SampleRate::from_hz(50.0).unwrap();
        let mut rng = SplitMix64::new(7);
        let stamps: Vec<f64> =
            (0..400).map(|i| f64::from(i) / 49.5 + 0.004 * rng.next_normal()).collect();
        let mut fit = Dejitter::new(0.0, rate, 3.0);
        let forget = 2_f64.powf(-1.0 / 150.0);
        for n in 1..=stamps.len() {
            let got = fit.apply(stamps[n - 1]);
            if n > 20 {
                let expected = line_at_end(&stamps[..n], forget);
                assert!((got - expected).abs() < 1e-7, "{n}: {got} {expected}");
            }
        }
        assert!((fit.rate_hz() - 49.5).abs() < 0.2);
    }

    #[test]
    fn even_stamps_stay_where_they_are() {
        let rate = SampleRate::from_hz(250.0).unwrap();
        let mut fit = Dejitter::new(12345.6, rate, 90.0);
        for i in 0..10_000 {
            let stamp = 12345.6 + f64::from(i) / 250.0;
            assert!((fit.apply(stamp) - stamp).abs() < 1e-6);
        }
    }

    #[test]
    fn skipped_samples_keep_the_slope() {
        let rate = SampleRate::from_hz(100.0).unwrap();
        let mut fit = Dejitter::new(0.0, rate, 90.0);
        (0..500).for_each(|i| {
            fit.apply(f64::from(i) / 100.0);
        });
        fit.skip(300);
        assert!((fit.apply(8.0) - 8.0).abs() < 1e-6);
        assert!((fit.rate_hz() - 100.0).abs() < 1e-6);
    }
}
