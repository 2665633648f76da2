//! Sound composed from measurements.

use crate::Analysis;

mod compose;

pub(super) fn entries() -> Vec<Analysis> {
    vec![compose::entry()]
}
