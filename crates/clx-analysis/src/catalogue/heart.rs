//! Analyses of the heart.

use crate::Analysis;

mod hrv;

pub(super) fn entries() -> Vec<Analysis> {
    vec![hrv::entry()]
}
