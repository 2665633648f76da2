//! Sounds as tables, computed once per track and read by the renderer.
//!
//! A table is stereo. Sustained sounds are loops without a seam, because they are made by an
//! inverse Fourier transform of their own length; struck sounds carry their decay and their room.

mod fft;
mod struck;
mod sustained;

pub(crate) use struck::{Room, bell, pluck, pulse};
pub(crate) use sustained::{bass, noise, pad};

/// A stereo sound.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) left: Vec<f32>,
    pub(crate) right: Vec<f32>,
}

impl Table {
    pub(crate) fn len(&self) -> usize {
        self.left.len()
    }
}
