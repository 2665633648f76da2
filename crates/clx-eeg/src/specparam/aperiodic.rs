//! The aperiodic part.

use clx_signal::linear::fit_line;

use super::AperiodicMode;
use super::solve::least_squares;

/// `offset - log10(knee + f^exponent)`; the knee is 0 in fixed mode.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub(super) offset: f64,
    pub(super) knee: f64,
    pub(super) exponent: f64,
}

impl Shape {
    /// log10 density at `10^x` Hz.
    pub(super) fn at(self, x: f64) -> f64 {
        if self.knee == 0.0 {
            return self.offset - self.exponent * x;
        }
        self.offset - (self.knee + 10_f64.powf(self.exponent * x)).log10()
    }

    /// Least-squares fit to `y` at log10 frequencies `x`.
    pub(super) fn fit(
        x: &[f64],
        y: &[f64],
        mode: AperiodicMode,
        start: Option<Shape>,
    ) -> Option<Shape> {
        match mode {
            AperiodicMode::Fixed => {
                let line = fit_line(x, y)?;
                Some(Shape { offset: line.intercept, knee: 0.0, exponent: -line.slope })
            }
            AperiodicMode::Knee => fit_knee(x, y, start),
        }
    }
}

fn fit_knee(x: &[f64], y: &[f64], start: Option<Shape>) -> Option<Shape> {
    let last = x.len().checked_sub(1)?;
    let slope = ((y[last] - y[0]) / (x[last] - x[0])).abs();
    if x.len() < 4 || !slope.is_finite() {
        return None;
    }
    let start = start.unwrap_or(Shape { offset: y[0], knee: 0.0, exponent: slope });
    let mut params = vec![start.offset, start.knee, start.exponent];
    // Below -f^exponent the logarithm has no value; the lowest frequency sets the bound.
    let lowest = 10_f64.powf(x[0]);
    let bounds = [(f64::MIN, f64::MAX), (-0.9 * lowest.min(1.0), f64::MAX), (0.0, 10.0)];
    least_squares(x.len(), &mut params, &bounds, |i, p, gradient| {
        let power = 10_f64.powf(p[2] * x[i]);
        let sum = (p[1] + power).max(1e-12);
        gradient[0] = 1.0;
        gradient[1] = -1.0 / (sum * std::f64::consts::LN_10);
        gradient[2] = -power * x[i] / sum;
        y[i] - (p[0] - sum.log10())
    });
    let shape = Shape { offset: params[0], knee: params[1], exponent: params[2] };
    (shape.offset.is_finite() && shape.exponent.is_finite() && shape.knee.is_finite())
        .then_some(shape)
}
