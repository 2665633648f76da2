//! The unit of columns that have none, from how much neighbouring samples differ.

use clx_signal::{Finding, Severity, Unit};

/// Differences kept of all columns together.
const MAX_KEPT: usize = 65_536;

/// Differences of neighbouring rows of some columns, thinned out evenly when they get many.
#[derive(Debug)]
pub(super) struct Differences {
    columns: Vec<Vec<f64>>,
    last: Vec<f64>,
    capacity: usize,
    stride: u64,
    is_integer: bool,
}

impl Differences {
    pub(super) fn new(n_columns: usize) -> Self {
        Self {
            columns: vec![Vec::new(); n_columns],
            last: vec![f64::NAN; n_columns],
            capacity: (MAX_KEPT / n_columns.max(1)).clamp(16, 1_024),
            stride: 1,
            is_integer: true,
        }
    }

    pub(super) fn push(&mut self, column: usize, row: u64, value: f64) {
        let difference = (value - self.last[column]).abs();
        self.last[column] = value;
        self.is_integer &= value == value.round();
        if !row.is_multiple_of(self.stride) || difference.is_nan() || difference == 0.0 {
            return;
        }
        self.columns[column].push(difference);
        if self.columns[column].len() >= self.capacity {
            self.stride *= 2;
            for kept in &mut self.columns {
                let mut keep = false;
                kept.retain(|_| {
                    keep = !keep;
                    keep
                });
            }
        }
    }

    /// Unit and factor to it. EEG changes by 0.1 to 100 microvolts from sample to sample at usual
    /// rates, so each decade of three belongs to one unit.
    pub(super) fn unit(&self) -> (Unit, f64, Finding) {
        let mut medians: Vec<f64> = self
            .columns
            .iter()
            .filter(|c| !c.is_empty())
            .map(|c| {
                let mut sorted = c.clone();
                sorted.sort_by(f64::total_cmp);
                sorted[sorted.len() / 2]
            })
            .collect();
        medians.sort_by(f64::total_cmp);
        let typical = medians.get(medians.len() / 2).copied();
        let volt = |factor, name| (Unit::Volt, factor, name);
        let (unit, factor, name) = match typical {
            Some(d) if d < 3e-4 && !self.is_integer => volt(1.0, "volts"),
            Some(d) if d < 0.05 && !self.is_integer => volt(1e-3, "millivolts"),
            Some(d) if d < 500.0 => volt(1e-6, "microvolts"),
            Some(_) => (Unit::Other("adu".to_owned()), 1.0, "units of the converter"),
            None => (Unit::Other(String::new()), 1.0, "no unit"),
        };
        let n = self.columns.len();
        let message = match typical {
            Some(d) => format!(
                "{n} columns have no unit; neighbouring samples differ by {d:.3e}, so {name} are assumed"
            ),
            None => format!("{n} columns have no unit and never change; {name} is assumed"),
        };
        let finding = Finding::new("channel.unit_assumed", Severity::Warning, message);
        (unit, factor, finding)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unit_follows_the_size_of_the_steps() {
        for (scale, factor) in
            [(1e-6, Some(1.0)), (1e-3, Some(1e-3)), (1.0, Some(1e-6)), (1e4, None)]
        {
            let mut d = Differences::new(2);
            for row in 0..10_000_u32 {
                // 7 microvolts from sample to sample, on an offset of 40 millivolts.
                let x = 40_000.0 + f64::from(row % 2) * 7.03;
                d.push(0, u64::from(row), x * scale);
                d.push(1, u64::from(row), -x * scale);
            }
            let (unit, got, _) = d.unit();
            assert_eq!((unit == Unit::Volt).then_some(got), factor, "{scale}");
        }
    }
}
