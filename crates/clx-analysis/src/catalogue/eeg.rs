//! Analyses of EEG and other biosignals.

use crate::Analysis;

mod erp;
mod overview;
pub(crate) mod prepare;

pub(super) fn entries() -> Vec<Analysis> {
    vec![erp::entry(), overview::entry()]
}
