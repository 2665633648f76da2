use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the value of a pair is when its channels change places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mirror {
    Same,
    Opposite,
}

/// One value for each pair of channels, kept once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PairMatrix {
    pub channels: Vec<String>,
    pub mirror: Mirror,
    /// Below the diagonal, row by row: (1, 0), (2, 0), (2, 1), (3, 0) and so on.
    pub lower: Vec<f64>,
}

impl PairMatrix {
    pub(super) fn new(channels: Vec<String>, lower: Vec<f64>, mirror: Mirror) -> Self {
        Self { channels, mirror, lower }
    }

    /// Value of `row` and `column`; `None` on the diagonal and outside.
    pub fn get(&self, row: usize, column: usize) -> Option<f64> {
        if row == column || row.max(column) >= self.channels.len() {
            return None;
        }
        let (high, low) = (row.max(column), row.min(column));
        let value = self.lower.get(high * (high - 1) / 2 + low)?;
        Some(if row < column && self.mirror == Mirror::Opposite { -value } else { *value })
    }

    /// Value of two channels by name.
    pub fn between(&self, row: &str, column: &str) -> Option<f64> {
        let index = |name: &str| self.channels.iter().position(|c| c == name);
        self.get(index(row)?, index(column)?)
    }

    /// Largest absolute value of all pairs.
    pub fn largest(&self) -> f64 {
        self.lower.iter().fold(0.0, |m, v| v.abs().max(m))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_found_in_either_order() {
        let channels = ["a", "b", "c"].map(str::to_owned).to_vec();
        let mut m = PairMatrix::new(channels, vec![1.0, 2.0, 3.0], Mirror::Same);
        assert_eq!(
            (m.get(2, 0), m.get(0, 2), m.between("b", "c")),
            (Some(2.0), Some(2.0), Some(3.0))
        );
        assert_eq!((m.get(1, 1), m.get(3, 0), m.between("a", "x")), (None, None, None));
        m.mirror = Mirror::Opposite;
        assert_eq!((m.get(1, 0), m.get(0, 1)), (Some(1.0), Some(-1.0)));
    }
}
