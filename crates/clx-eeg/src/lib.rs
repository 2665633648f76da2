//! What is known about EEG: quality, bands, peaks, aperiodic activity.
//!
//! [`OverviewBuilder`] takes a recording in blocks and makes an [`overview::EegOverview`]. Poor
//! signals are findings in the result, not errors, and no figure of a result is ever NaN: what
//! could not be measured is absent. Offline filters are zero-phase. Nothing here is a medical
//! finding.

pub mod asr;
pub mod bads;
pub mod band_power;
pub mod cluster;
pub mod connectivity;
pub mod entrainment;
pub mod epochs;
pub mod erp;
pub mod ersp;
pub mod ica;
pub mod iclabel;
pub mod interpolate;
pub mod irasa;
pub mod microstates;
pub mod overview;
pub mod reference;
pub mod site;
pub mod specparam;

mod alpha;
mod aperiodic;
mod builder;
mod error;
mod judge;
mod params;
mod quality;
mod spatial;
mod splines;
mod state;
mod summary;

pub use alpha::find_alpha_peak;
pub use aperiodic::fit_aperiodic;
pub use builder::OverviewBuilder;
pub use error::EegError;
pub use ica::{Ica, IcaMethod, IcaParams};
pub use iclabel::{IclabelFeatures, LabelInput, iclabel_features};
pub use params::{OverviewParams, Reference};
pub use site::position;
pub use spatial::SpatialFilter;
