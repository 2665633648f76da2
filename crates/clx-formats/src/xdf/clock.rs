//! From the clock of the computer that sent a stream to the clock of the recorder.
//!
//! The recorder measures the offset of each sender's clock every few seconds. A line is fitted
//! through them by regression with the Huber loss, solved by ADMM (Boyd et al. 2011, Found. Trends
//! Mach. Learn. 3(1):1-122, section 6.1). Where both the times and the offsets jump, the sender was
//! restarted and each side has its own line. Method and thresholds are those of pyxdf 1.17.

/// Residuals above this many seconds count as outliers.
const OUTLIER_S: f64 = 1e-4;
const MAX_ITERATIONS: usize = 1_000;
/// Bounds the work on files with absurd numbers of offsets; a day of a stream has 17,280.
const MAX_STEPS: usize = 100_000_000;

/// Time measurements of one stream: `(time, offset)`, seconds.
pub(super) type Offsets = Vec<(f64, f64)>;

/// One line and the measurements it rests on.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Piece {
    intercept_s: f64,
    slope: f64,
    first_s: f64,
    last_s: f64,
}

/// Maps time stamps that come in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Clock {
    pieces: Vec<Piece>,
    current: usize,
}

impl Clock {
    pub(super) fn fit(offsets: &[(f64, f64)]) -> Self {
        let mut pieces = Vec::new();
        for range in split_at_resets(offsets) {
            let part = &offsets[range];
            let (Some(first), Some(last)) = (part.first(), part.last()) else { continue };
            let (intercept_s, slope) = match part {
                [(_, offset)] => (*offset, 0.0),
                _ => robust_line(part).unwrap_or((0.0, 0.0)),
            };
            pieces.push(Piece { intercept_s, slope, first_s: first.0, last_s: last.0 });
        }
        Self { pieces, current: 0 }
    }

    /// Clocks put right on the way.
    pub(super) fn n_resets(&self) -> usize {
        self.pieces.len().saturating_sub(1)
    }

    /// `stamp_s` on the clock of the recorder. Stamps come in the order of the file.
    pub(super) fn recorder_s(&mut self, stamp_s: f64) -> f64 {
        while let [piece, next, ..] = self.pieces.get(self.current..).unwrap_or_default() {
            if (stamp_s - piece.last_s).abs() < (stamp_s - next.first_s).abs() {
                break;
            }
            self.current += 1;
        }
        match self.pieces.get(self.current) {
            Some(piece) => stamp_s + (piece.intercept_s + piece.slope * stamp_s),
            None => stamp_s,
        }
    }
}

/// Whether the last of `offsets` is an outlier in time or value, as the last measurement of a
/// stream that ended can be (liblsl#246).
pub(super) fn last_is_corrupt(offsets: &[(f64, f64)]) -> bool {
    let [rest @ .., _, last] = offsets else { return false };
    if rest.is_empty() {
        return false;
    }
    let times: Vec<f64> = offsets.windows(2).map(|w| w[1].0 - w[0].0).collect();
    let Some((last_interval, intervals)) = times.split_last() else { return false };
    let typical = median(intervals.to_vec());
    let last_interval = last_interval.abs();
    let ratio = match typical > 0.0 {
        true => last_interval / typical,
        false if last_interval > 0.0 => f64::INFINITY,
        false => 1.0,
    };
    let values: Vec<f64> = offsets[..offsets.len() - 1].iter().map(|o| o.1).collect();
    let middle = median(values.clone());
    let deviation = median(values.iter().map(|v| (v - middle).abs()).collect());
    // 1.4826 times the median absolute deviation estimates a standard deviation.
    let score = match deviation > f64::EPSILON {
        true => (last.1 - middle).abs() / (1.4826 * deviation),
        false => 0.0,
    };
    ratio > 10.0 || score > 10.0
}

/// Ranges of measurements between restarts of the sender.
fn split_at_resets(offsets: &[(f64, f64)]) -> Vec<std::ops::Range<usize>> {
    if offsets.is_empty() {
        return Vec::new();
    }
    let diff = |f: fn(&(f64, f64)) -> f64| -> Vec<f64> {
        offsets.windows(2).map(|w| f(&w[1]) - f(&w[0])).collect()
    };
    let (times, values) = (diff(|o| o.0), diff(|o| o.1));
    let time_jumps = jumps(&times, 5.0, 5.0);
    let value_jumps = jumps(&values, 10.0, 1.0);
    let mut ranges = Vec::new();
    let mut start = 0;
    for i in 0..times.len() {
        if times[i] < 0.0 || (time_jumps[i] && value_jumps[i]) {
            ranges.push(start..i + 1);
            start = i + 1;
        }
    }
    ranges.push(start..offsets.len());
    ranges
}

/// Which differences lie both `n_deviations` median absolute deviations and `seconds` off.
fn jumps(diffs: &[f64], n_deviations: f64, seconds: f64) -> Vec<bool> {
    let middle = median(diffs.to_vec());
    let off: Vec<f64> = diffs.iter().map(|d| (d - middle).abs()).collect();
    let deviation = median(off.clone()) + f64::EPSILON;
    off.iter().map(|d| d / deviation > n_deviations && *d > seconds).collect()
}

fn median(mut values: Vec<f64>) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() % 2 {
        1 => values[middle],
        _ => 0.5 * (values[middle - 1] + values[middle]),
    }
}

/// Intercept and slope by Huber regression; `None` when all times are equal.
fn robust_line(points: &[(f64, f64)]) -> Option<(f64, f64)> {
    let first = points.iter().map(|p| p.0).fold(f64::INFINITY, f64::min);
    let t: Vec<f64> = points.iter().map(|p| (p.0 - first) / OUTLIER_S).collect();
    let y: Vec<f64> = points.iter().map(|p| p.1 / OUTLIER_S).collect();
    let n = t.len() as f64;
    let (st, stt) = t.iter().fold((0.0, 0.0), |(s, ss), &t| (s + t, ss + t * t));
    // Cholesky factor of the normal matrix [[n, st], [st, stt]].
    let l00 = n.sqrt();
    let l10 = st / l00;
    let rest = stt - l10 * l10;
    if !(rest > 0.0 && rest.is_finite()) {
        return None;
    }
    let l11 = rest.sqrt();
    let solve = |b: [f64; 2]| {
        let w0 = b[0] / l00;
        let w1 = (b[1] - l10 * w0) / l11;
        let x1 = w1 / l11;
        [(w0 - l10 * x1) / l00, x1]
    };
    let mut x = [0.0; 2];
    let mut z = vec![0.0; t.len()];
    let mut u = vec![0.0; t.len()];
    for _ in 0..(MAX_STEPS / t.len()).clamp(10, MAX_ITERATIONS) {
        let mut b = [0.0; 2];
        for i in 0..t.len() {
            let v = y[i] + (z[i] - u[i]);
            b[0] += v;
            b[1] += t[i] * v;
        }
        x = solve(b);
        for i in 0..t.len() {
            let d = x[0] + x[1] * t[i] - y[i] + u[i];
            let shrunk = if d == 0.0 { d } else { (1.0 - 2.0 / d.abs()).max(0.0) * d };
            z[i] = 0.5 * d + 0.5 * shrunk;
            u[i] = d - z[i];
        }
    }
    let slope = x[1];
    let intercept_s = (x[0] - slope * (first / OUTLIER_S)) * OUTLIER_S;
    (slope.is_finite() && intercept_s.is_finite()).then_some((intercept_s, slope))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outlier_does_not_bend_the_line() {
        let mut offsets: Offsets =
            (0..100).map(|i| (5.0 * f64::from(i), 3.0 + 1e-5 * 5.0 * f64::from(i))).collect();
        offsets[40].1 += 0.5;
        let mut clock = Clock::fit(&offsets);
        assert_eq!(clock.n_resets(), 0);
        for t in [0.0, 100.0, 495.0] {
            assert!((clock.recorder_s(t) - (t + 3.0 + 1e-5 * t)).abs() < 2e-5, "{t}");
        }
    }

    #[test]
    fn a_restart_of_the_sender_starts_a_line_of_its_own() {
        let mut offsets: Offsets = (0..50).map(|i| (5.0 * f64::from(i), 10.0)).collect();
        offsets.extend((0..50).map(|i| (10_000.0 + 5.0 * f64::from(i), -9_000.0)));
        let mut clock = Clock::fit(&offsets);
        assert_eq!(clock.n_resets(), 1);
        assert!((clock.recorder_s(100.0) - 110.0).abs() < 1e-9);
        assert!((clock.recorder_s(10_010.0) - 1_010.0).abs() < 1e-9);
    }

    #[test]
    fn equal_times_give_no_line() {
        assert_eq!(robust_line(&[(1.0, 2.0), (1.0, 3.0)]), None);
    }
}
