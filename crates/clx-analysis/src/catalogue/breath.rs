//! Analyses of breathing.

use crate::Analysis;

mod respiration;

pub(super) fn entries() -> Vec<Analysis> {
    vec![respiration::entry()]
}
