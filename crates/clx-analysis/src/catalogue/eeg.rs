//! Analyses of EEG and other biosignals.

use crate::Analysis;

mod clean;
mod cleaned;
mod erp;
mod ica;
mod overview;
pub(crate) mod prepare;

pub(super) fn entries() -> Vec<Analysis> {
    vec![clean::entry(), erp::entry(), ica::entry(), overview::entry()]
}
