//! Analyses of EEG and other biosignals.

use crate::Analysis;

mod clean;
mod cleaned;
mod complexity;
mod connectivity;
mod entrainment;
mod erp;
mod events;
mod ica;
mod microstates;
mod overview;
mod pieces;
mod pipeline;
pub(crate) mod prepare;
mod spectra;
mod spectrum;
mod tfr;

pub(super) fn entries() -> Vec<Analysis> {
    vec![
        clean::entry(),
        complexity::entry(),
        connectivity::entry(),
        entrainment::entry(),
        erp::entry(),
        ica::entry(),
        microstates::entry(),
        overview::entry(),
        pipeline::entry(),
        spectrum::entry(),
        tfr::entry(),
    ]
}
