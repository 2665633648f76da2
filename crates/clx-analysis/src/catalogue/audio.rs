//! Analyses of sound and music.

use crate::Analysis;

mod overview;

pub(super) fn entries() -> Vec<Analysis> {
    vec![overview::entry()]
}
