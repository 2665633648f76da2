//! Analyses of the skin.

use crate::Analysis;

mod eda;

pub(super) fn entries() -> Vec<Analysis> {
    vec![eda::entry()]
}
