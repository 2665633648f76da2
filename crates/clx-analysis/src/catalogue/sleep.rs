//! Analyses of sleep.

use crate::Analysis;

mod channels;
mod events;
mod hypnogram;
mod stages;

pub(super) fn entries() -> Vec<Analysis> {
    vec![events::entry(), stages::entry()]
}
