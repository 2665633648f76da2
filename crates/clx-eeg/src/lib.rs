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
pub mod hrv;
pub mod ica;
pub mod iclabel;
pub mod interpolate;
pub mod irasa;
pub mod microstates;
pub mod montage;
pub mod overview;
pub mod reference;
pub mod segments;
pub mod site;
pub mod sleep;

mod alpha;
mod aperiodic;
mod beats;
mod builder;
mod ecg;
mod eda;
mod error;
mod judge;
mod params;
mod ppg;
mod quality;
mod resp;
mod rr;
mod samples;
mod spatial;
mod splines;
mod state;
mod summary;
mod unit;

pub use alpha::find_alpha_peak;
pub use aperiodic::fit_aperiodic;
pub use builder::OverviewBuilder;
pub use ecg::{LiveRPeaks, clean_ecg, detect_r_peaks};
pub use eda::{EdaDivision, EdaParts, SkinResponse, clean_eda, divide_eda, find_skin_responses};
pub use error::EegError;
pub use hrv::{Hrv, HrvParams, hrv_density, measure_hrv};
pub use ica::{Ica, IcaMethod, IcaParams};
pub use iclabel::{IclabelFeatures, LabelInput, iclabel_features};
pub use params::{OverviewParams, Reference};
pub use ppg::detect_pulse_peaks;
pub use resp::{
    Breath, Breathing, SinusArrhythmia, clean_breathing, find_breaths, sinus_arrhythmia,
};
pub use rr::{BeatArtefacts, correct_beats};
pub use site::position;
pub use spatial::SpatialFilter;
pub use summary::mean_psd;
pub use unit::likely_unit_factor;
