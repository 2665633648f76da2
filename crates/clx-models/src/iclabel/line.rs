//! Three convolutions of length 3 along a spectrum or an autocorrelation.

use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, MatRef, Par};

use super::leaky;

/// Kernel length; one zero is put at either end.
const TAPS: usize = 3;

/// Weights and biases of the three layers: 1 to 128 to 256 to 1 channels.
#[derive(Debug)]
pub(super) struct Line {
    layers: [Layer; 3],
}

#[derive(Debug)]
struct Layer {
    /// Outputs × (taps × inputs), input fastest.
    weight: Mat<f32>,
    bias: Vec<f32>,
}

impl Line {
    /// Weights as ONNX has them: outputs × inputs × 1 × taps.
    pub(super) fn new(layers: [(Vec<f32>, Vec<f32>); 3]) -> Self {
        Self { layers: layers.map(|(weight, bias)| Layer::new(&weight, bias)) }
    }

    /// One column of results per input, as many as the input has values.
    pub(super) fn apply(&self, inputs: &[&[f32]]) -> Mat<f32> {
        let length = inputs.first().map_or(0, |x| x.len());
        let mut values = inputs.concat();
        for layer in &self.layers {
            values = layer.apply(&values, length);
        }
        Mat::from_fn(length, inputs.len(), |i, j| values[j * length + i])
    }
}

impl Layer {
    fn new(weight: &[f32], bias: Vec<f32>) -> Self {
        let inputs = weight.len() / (TAPS * bias.len());
        let weight = Mat::from_fn(bias.len(), TAPS * inputs, |out, i| {
            weight[(out * inputs + i % inputs) * TAPS + i / inputs]
        });
        Self { weight, bias }
    }

    /// `values`: sequence by sequence, place by place, channel by channel.
    fn apply(&self, values: &[f32], length: usize) -> Vec<f32> {
        let inputs = self.weight.ncols() / TAPS;
        let outputs = self.bias.len();
        let mut around = vec![0.0; values.len() * TAPS];
        let places = values
            .chunks_exact(length * inputs)
            .zip(around.chunks_exact_mut(length * inputs * TAPS));
        for (sequence, around) in places {
            for (place, column) in around.chunks_exact_mut(TAPS * inputs).enumerate() {
                let first = place.saturating_sub(1);
                let last = (place + 1).min(length - 1);
                let from = (first + 1 - place) * inputs;
                let copied = &sequence[first * inputs..(last + 1) * inputs];
                column[from..from + copied.len()].copy_from_slice(copied);
            }
        }
        let n = values.len() / inputs;
        let mut out = vec![0.0; outputs * n];
        matmul(
            faer::MatMut::from_column_major_slice_mut(&mut out, outputs, n),
            Accum::Replace,
            &self.weight,
            MatRef::from_column_major_slice(&around, TAPS * inputs, n),
            1.0,
            Par::Seq,
        );
        for place in out.chunks_exact_mut(outputs) {
            place.iter_mut().zip(&self.bias).for_each(|(v, bias)| *v = leaky(*v + bias));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layer_is_the_sum_over_taps_and_channels() {
        // Two inputs, two outputs, three taps, made of small whole numbers.
        let weight: Vec<f32> = (0..12).map(|i| (i as f32 * 7.0) % 5.0 - 2.0).collect();
        let layer = Layer::new(&weight, vec![0.5, -1.0]);
        let values: Vec<f32> = (0..8).map(|i| (i as f32 * 3.0) % 4.0 - 1.0).collect();
        let got = layer.apply(&values, 4);
        for place in 0..4_i32 {
            for out in 0..2 {
                let mut sum = [0.5, -1.0][out];
                for tap in 0..3 {
                    let at = place + tap - 1;
                    for input in 0..2 {
                        if (0..4).contains(&at) {
                            sum += weight[(out * 2 + input) * 3 + tap as usize]
                                * values[at as usize * 2 + input];
                        }
                    }
                }
                let expected = if sum > 0.0 { sum } else { 0.2 * sum };
                assert!((got[place as usize * 2 + out] - expected).abs() < 1e-5);
            }
        }
    }
}
