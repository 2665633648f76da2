//! Analyses of EEG and other biosignals.

use crate::Analysis;

mod overview;

pub(super) fn entries() -> Vec<Analysis> {
    vec![overview::entry()]
}
