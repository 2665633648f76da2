//! What is known about EEG: quality, bands, peaks, aperiodic activity.

pub mod overview;
