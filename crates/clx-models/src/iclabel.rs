//! ICLabel's network: what an independent component is made by.
//!
//! Three branches (map, spectrum, autocorrelation) of three convolutions each, and one over all.
//! The map goes through in four copies (as is, negated, mirrored, both) whose answers are averaged;
//! the other branches are the same for all copies and run once.

mod line;
mod plane;

use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, MatRef, Par};

use crate::{ModelError, onnx};
use line::Line;
use plane::{Plane, Stack};

/// Slope of the leaky rectifier below zero.
pub(crate) const SLOPE: f32 = 0.2;
const MAP: usize = 32;
const BINS: usize = 100;
const CLASSES: usize = 7;
/// Side and channels of the map branch's result.
const DEEP: usize = 4;
const DEEP_CHANNELS: usize = 512;
/// Components that go through together, so that memory is bounded.
const BATCH: usize = 32;

/// Features of one component, as `clx_eeg::iclabel_features` makes them.
#[derive(Clone, Copy, Debug)]
pub struct IclabelInput<'a> {
    /// 32 × 32, row by row; columns run from left to right.
    pub map: &'a [f32],
    /// 100 bins.
    pub spectrum: &'a [f32],
    /// 100 lags.
    pub autocorrelation: &'a [f32],
}

/// The network with its weights ready for use (about 70 MB).
#[derive(Debug)]
pub struct IclabelNet {
    map: [Plane; 3],
    spectrum: Line,
    autocorrelation: Line,
    /// Of the last layer: for the map branch (classes × 8192), and for both others, summed over the
    /// positions they are repeated at (classes × 100).
    deep: Mat<f32>,
    shallow: [Mat<f32>; 2],
    bias: Vec<f32>,
}

impl IclabelNet {
    /// Takes the weights out of `ICLabelNet.onnx`.
    ///
    /// # Errors
    /// [`ModelError::Malformed`] if the file cannot be read or lacks a tensor of the expected shape.
    pub fn load(bytes: &[u8]) -> Result<Self, ModelError> {
        let mut tensors = onnx::tensors(bytes)?;
        let mut take = |name: &str, shape: &[usize]| {
            let tensor = tensors.remove(name).filter(|t| t.shape == shape);
            let tensor = tensor.ok_or_else(|| {
                ModelError::malformed("ICLabel network", format!("{name} is missing or misshapen"))
            })?;
            if tensor.values.iter().all(|v| v.is_finite()) {
                Ok(tensor.values)
            } else {
                Err(ModelError::NotFinite { what: "the ICLabel network" })
            }
        };
        let mut plane = |layer: usize, inputs: usize, outputs: usize| {
            let name = format!("img_conv.conv{layer}");
            let weight = take(&format!("{name}.weight"), &[outputs, inputs, 4, 4])?;
            Ok::<_, ModelError>(Plane::new(&weight, take(&format!("{name}.bias"), &[outputs])?))
        };
        let map = [plane(1, 1, 128)?, plane(2, 128, 256)?, plane(3, 256, DEEP_CHANNELS)?];
        let mut line = |branch: &str| {
            let mut layer = |layer: usize, inputs: usize, outputs: usize| {
                let name = format!("{branch}.conv{layer}");
                let weight = take(&format!("{name}.weight"), &[outputs, inputs, 1, 3])?;
                Ok::<_, ModelError>((weight, take(&format!("{name}.bias"), &[outputs])?))
            };
            Ok::<_, ModelError>(Line::new([
                layer(1, 1, 128)?,
                layer(2, 128, 256)?,
                layer(3, 256, 1)?,
            ]))
        };
        let (spectrum, autocorrelation) = (line("psds_conv")?, line("autocorr_conv")?);
        let channels = DEEP_CHANNELS + 2 * BINS;
        let weight = take("conv.weight", &[CLASSES, channels, DEEP, DEEP])?;
        let at = |class: usize, channel: usize, place: usize| {
            weight[(class * channels + channel) * DEEP * DEEP + place]
        };
        let summed =
            |class: usize, channel: usize| (0..DEEP * DEEP).map(|p| at(class, channel, p)).sum();
        let shallow = |first: usize| Mat::from_fn(CLASSES, BINS, |c, i| summed(c, first + i));
        Ok(Self {
            map,
            spectrum,
            autocorrelation,
            deep: Mat::from_fn(CLASSES, DEEP * DEEP * DEEP_CHANNELS, |class, i| {
                at(class, i % DEEP_CHANNELS, i / DEEP_CHANNELS)
            }),
            shallow: [shallow(DEEP_CHANNELS), shallow(DEEP_CHANNELS + BINS)],
            bias: take("conv.bias", &[CLASSES])?,
        })
    }

    /// Probabilities of brain, muscle, eye, heart, line noise, channel noise and other for every
    /// component.
    ///
    /// # Errors
    /// [`ModelError::Size`] and [`ModelError::NotFinite`] for features that are not as described.
    ///
    /// # Source
    /// Pion-Tonachini, Kreutz-Delgado and Makeig 2019, NeuroImage 198:181-197. Checked against
    /// onnxruntime 1.32 on mne-icalabel's file in `tests/it/iclabel.rs`.
    pub fn predict(&self, components: &[IclabelInput<'_>]) -> Result<Vec<[f32; 7]>, ModelError> {
        components.iter().try_for_each(IclabelInput::check)?;
        Ok(components.chunks(BATCH).flat_map(|batch| self.predict_batch(batch)).collect())
    }

    fn predict_batch(&self, batch: &[IclabelInput<'_>]) -> Vec<[f32; 7]> {
        let n = batch.len();
        let mut stack =
            Stack::from_maps(&batch.iter().flat_map(|c| copies(c.map)).collect::<Vec<_>>(), MAP);
        for layer in &self.map {
            stack = layer.apply(&stack);
        }
        let mut deep = Mat::<f32>::zeros(CLASSES, 4 * n);
        let maps = MatRef::from_column_major_slice(stack.values(), self.deep.ncols(), 4 * n);
        matmul(&mut deep, Accum::Replace, &self.deep, maps, 1.0, Par::Seq);
        let spectra: Vec<&[f32]> = batch.iter().map(|c| c.spectrum).collect();
        let lags: Vec<&[f32]> = batch.iter().map(|c| c.autocorrelation).collect();
        let shallow = &self.shallow[0] * self.spectrum.apply(&spectra)
            + &self.shallow[1] * self.autocorrelation.apply(&lags);
        let mean = |i: usize| {
            let mut sum = [0.0; CLASSES];
            for copy in 0..4 {
                let score = |c: usize| deep[(c, 4 * i + copy)] + shallow[(c, i)] + self.bias[c];
                let answer = softmax(std::array::from_fn(score));
                sum.iter_mut().zip(answer).for_each(|(sum, p)| *sum += 0.25 * p);
            }
            sum
        };
        (0..n).map(mean).collect()
    }
}

impl IclabelInput<'_> {
    fn check(&self) -> Result<(), ModelError> {
        for (what, values, expected) in [
            ("the map of a component", self.map, MAP * MAP),
            ("the spectrum of a component", self.spectrum, BINS),
            ("the autocorrelation of a component", self.autocorrelation, BINS),
        ] {
            if values.len() != expected {
                return Err(ModelError::Size { what, expected, got: values.len() });
            }
            if values.iter().any(|v| !v.is_finite()) {
                return Err(ModelError::NotFinite { what });
            }
        }
        Ok(())
    }
}

/// The map, its negative, its mirror image (columns reversed), and the negative of that.
fn copies(map: &[f32]) -> [Vec<f32>; 4] {
    let mirrored: Vec<f32> = map.chunks(MAP).flat_map(|row| row.iter().rev()).copied().collect();
    let negative = |map: &[f32]| map.iter().map(|v| -v).collect::<Vec<f32>>();
    [map.to_vec(), negative(map), mirrored.clone(), negative(&mirrored)]
}

fn softmax(scores: [f32; CLASSES]) -> [f32; CLASSES] {
    let largest = scores.iter().fold(f32::NEG_INFINITY, |a, b| a.max(*b));
    let powers = scores.map(|s| (s - largest).exp());
    let sum: f32 = powers.iter().sum();
    powers.map(|p| p / sum)
}

/// The leaky rectifier.
#[inline(always)]
pub(crate) fn leaky(x: f32) -> f32 {
    // For a slope below one the larger of both branches is the right one.
    let low = SLOPE * x;
    if x > low { x } else { low }
}
