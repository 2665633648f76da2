//! `eeg.overview`: what a laboratory looks at first.
