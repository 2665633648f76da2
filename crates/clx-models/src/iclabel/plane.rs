//! Convolutions of 4 × 4 with a step of 2 and one zero around the map, as Winograd products.
//!
//! Taking every second row and column apart makes of it a convolution of 2 × 2 with step 1 over four
//! times as many channels; a tile of 5 × 5 of those gives 4 × 4 results with 25 products of matrices
//! instead of 64.

use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, MatMut, MatRef, Par};

use super::leaky;

/// Results of a tile along one axis, and what it covers.
const OUT: usize = 4;
const IN: usize = 5;
/// Kernel side after taking apart, and before.
const HALF: usize = 2;
const KERNEL: usize = 4;
/// Rows and columns taken apart: even and odd ones, both ways.
const PHASES: usize = 4;

/// Winograd's matrices for 4 results of a kernel of 2, with the points 0, 1, -1, 2 and infinity.
///
/// Rows of `INPUT` are the coefficients of the products of `x - p` over the other points; rows of
/// `KERNEL_POINTS` the kernel's polynomial at the point, over the product of the differences; columns
/// of `OUTPUT` the powers of the point.
///
/// # Source
/// Winograd 1980, Arithmetic Complexity of Computations; Lavin and Gray 2016, CVPR:4013-4021.
const INPUT: [[f32; IN]; IN] = [
    [2.0, -1.0, -2.0, 1.0, 0.0],
    [0.0, -2.0, -1.0, 1.0, 0.0],
    [0.0, 2.0, -3.0, 1.0, 0.0],
    [0.0, -1.0, 0.0, 1.0, 0.0],
    [0.0, 2.0, -1.0, -2.0, 1.0],
];
const KERNEL_POINTS: [[f32; HALF]; IN] =
    [[0.5, 0.0], [-0.5, -0.5], [-1.0 / 6.0, 1.0 / 6.0], [1.0 / 6.0, 1.0 / 3.0], [0.0, 1.0]];
const OUTPUT: [[f32; IN]; OUT] = [
    [1.0, 1.0, 1.0, 1.0, 0.0],
    [0.0, 1.0, -1.0, 2.0, 0.0],
    [0.0, 1.0, 1.0, 4.0, 0.0],
    [0.0, 1.0, -1.0, 8.0, 1.0],
];

/// Square images one after another: row by row, place by place, channel by channel.
#[derive(Debug)]
pub(super) struct Stack {
    side: usize,
    channels: usize,
    values: Vec<f32>,
}

impl Stack {
    pub(super) fn from_maps(maps: &[Vec<f32>], side: usize) -> Self {
        Self { side, channels: 1, values: maps.concat() }
    }

    pub(super) fn values(&self) -> &[f32] {
        &self.values
    }

    fn n_images(&self) -> usize {
        self.values.len() / (self.side * self.side * self.channels)
    }
}

/// One layer; its step halves the side of the images.
#[derive(Debug)]
pub(super) struct Plane {
    /// For every place of a tile: outputs × (phases × inputs).
    weight: Vec<Mat<f32>>,
    bias: Vec<f32>,
}

impl Plane {
    /// Weights as ONNX has them: outputs × inputs × 4 × 4.
    pub(super) fn new(weight: &[f32], bias: Vec<f32>) -> Self {
        let outputs = bias.len();
        let inputs = weight.len() / (KERNEL * KERNEL * outputs);
        let tap = |out: usize, input: usize, phase: usize, a: usize, b: usize| {
            let (row, column) = (2 * a + phase / 2, 2 * b + phase % 2);
            weight[(out * inputs + input) * KERNEL * KERNEL + row * KERNEL + column]
        };
        let at = |place: usize, out: usize, channel: usize| {
            let (rows, columns) = (KERNEL_POINTS[place / IN], KERNEL_POINTS[place % IN]);
            let (phase, input) = (channel / inputs, channel % inputs);
            let mut sum = 0.0;
            for (a, row) in rows.iter().enumerate() {
                for (b, column) in columns.iter().enumerate() {
                    sum += row * column * tap(out, input, phase, a, b);
                }
            }
            sum
        };
        let weight = (0..IN * IN)
            .map(|place| Mat::from_fn(outputs, PHASES * inputs, |out, c| at(place, out, c)))
            .collect();
        Self { weight, bias }
    }

    /// Convolution, bias and leaky rectifier. The side must be a multiple of 8.
    pub(super) fn apply(&self, images: &Stack) -> Stack {
        let side = images.side / 2;
        let per_side = side / OUT;
        let tiles = images.n_images() * per_side * per_side;
        let (inputs, outputs) = (PHASES * images.channels, self.bias.len());
        let arch = pulp::Arch::new();
        let mut spread = vec![0.0; IN * IN * inputs * tiles];
        arch.dispatch(|| spread_tiles(images, per_side, tiles, &mut spread));
        let mut products = vec![0.0; IN * IN * outputs * tiles];
        let places =
            spread.chunks_exact(inputs * tiles).zip(products.chunks_exact_mut(outputs * tiles));
        for (weight, (input, product)) in self.weight.iter().zip(places) {
            matmul(
                MatMut::from_column_major_slice_mut(product, outputs, tiles),
                Accum::Replace,
                weight,
                MatRef::from_column_major_slice(input, inputs, tiles),
                1.0,
                Par::Seq,
            );
        }
        let mut values = vec![0.0; tiles * OUT * OUT * outputs];
        arch.dispatch(|| gather_tiles(&products, &self.bias, per_side, &mut values));
        Stack { side, channels: outputs, values }
    }
}

/// Writes the 25 transformed places of every tile; a place has all tiles one after another.
#[inline(always)]
fn spread_tiles(images: &Stack, per_side: usize, tiles: usize, out: &mut [f32]) {
    let (side, channels) = (images.side, images.channels);
    let inputs = PHASES * channels;
    let mut tile_values = vec![0.0; IN * IN * channels];
    let mut half = vec![0.0; IN * IN * channels];
    for tile in 0..tiles {
        let (image, within) = (tile / (per_side * per_side), tile % (per_side * per_side));
        let image = &images.values[image * side * side * channels..][..side * side * channels];
        let (top, left) = (within / per_side * OUT, within % per_side * OUT);
        for phase in 0..PHASES {
            for place in 0..IN * IN {
                // One zero around the image: row and column 0 are outside.
                let row = 2 * (top + place / IN) + phase / 2;
                let column = 2 * (left + place % IN) + phase % 2;
                let to = &mut tile_values[place * channels..][..channels];
                let inside = (1..=side).contains(&row) && (1..=side).contains(&column);
                if inside {
                    let from = ((row - 1) * side + column - 1) * channels;
                    to.copy_from_slice(&image[from..from + channels]);
                } else {
                    to.fill(0.0);
                }
            }
            for k in 0..IN {
                combine(&INPUT, &tile_values, IN * channels, k * channels, &mut half, channels);
            }
            for row in 0..IN {
                for (k, coefficients) in INPUT.iter().enumerate() {
                    let to = ((row * IN + k) * tiles + tile) * inputs + phase * channels;
                    let from = &half[row * IN * channels..][..IN * channels];
                    weighted(coefficients, from, channels, &mut out[to..to + channels]);
                }
            }
        }
    }
}

/// Applies the rows of `matrix` to the five values that lie `step` apart from `at` on; the results lie
/// likewise in `out`.
#[inline(always)]
fn combine<const N: usize>(
    matrix: &[[f32; IN]; N],
    values: &[f32],
    step: usize,
    at: usize,
    out: &mut [f32],
    width: usize,
) {
    for (i, coefficients) in matrix.iter().enumerate() {
        let to = &mut out[i * step + at..][..width];
        let parts: [&[f32]; IN] = std::array::from_fn(|k| &values[k * step + at..][..width]);
        for j in 0..width {
            let mut sum = 0.0;
            for k in 0..IN {
                sum += coefficients[k] * parts[k][j];
            }
            to[j] = sum;
        }
    }
}

/// `out` is the sum of five neighbouring stretches of `width`, each times its coefficient.
#[inline(always)]
fn weighted(coefficients: &[f32; IN], values: &[f32], width: usize, out: &mut [f32]) {
    let parts: [&[f32]; IN] = std::array::from_fn(|k| &values[k * width..][..width]);
    let out = &mut out[..width];
    for j in 0..width {
        let mut sum = 0.0;
        for k in 0..IN {
            sum += coefficients[k] * parts[k][j];
        }
        out[j] = sum;
    }
}

/// Brings the 25 products of every tile together to its 4 × 4 results.
#[inline(always)]
fn gather_tiles(products: &[f32], bias: &[f32], per_side: usize, values: &mut [f32]) {
    let channels = bias.len();
    let side = per_side * OUT;
    let tiles = products.len() / (IN * IN * channels);
    let mut places = vec![0.0; IN * IN * channels];
    let mut half = vec![0.0; OUT * IN * channels];
    for tile in 0..tiles {
        let (image, within) = (tile / (per_side * per_side), tile % (per_side * per_side));
        let (top, left) = (within / per_side * OUT, within % per_side * OUT);
        for place in 0..IN * IN {
            let from = &products[(place * tiles + tile) * channels..][..channels];
            places[place * channels..][..channels].copy_from_slice(from);
        }
        for k in 0..IN {
            combine(&OUTPUT, &places, IN * channels, k * channels, &mut half, channels);
        }
        for row in 0..OUT {
            for (column, coefficients) in OUTPUT.iter().enumerate() {
                let at = (image * side + top + row) * side + left + column;
                let to = &mut values[at * channels..][..channels];
                let from = &half[row * IN * channels..][..IN * channels];
                weighted(coefficients, from, channels, to);
                to.iter_mut().zip(bias).for_each(|(v, bias)| *v = leaky(*v + bias));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layer_is_the_plain_convolution() {
        let (inputs, outputs, side) = (3, 2, 16);
        let noise = |i: usize| ((i * 7919 + 13) % 101) as f32 / 50.0 - 1.0;
        let weight: Vec<f32> = (0..outputs * inputs * 16).map(noise).collect();
        let bias = vec![0.3, -0.2];
        let values: Vec<f32> = (0..2 * side * side * inputs).map(|i| noise(i * 31 + 5)).collect();
        let images = Stack { side, channels: inputs, values };
        let got = Plane::new(&weight, bias.clone()).apply(&images);
        assert_eq!((got.side, got.channels, got.n_images()), (8, 2, 2));
        for image in 0..2 {
            for place in 0..64 {
                for out in 0..outputs {
                    let mut sum = bias[out];
                    for tap in 0..16 {
                        let row = (2 * (place / 8) + tap / 4) as i32 - 1;
                        let column = (2 * (place % 8) + tap % 4) as i32 - 1;
                        if (0..16).contains(&row) && (0..16).contains(&column) {
                            let at = (image * side + row as usize) * side + column as usize;
                            for input in 0..inputs {
                                sum += weight[(out * inputs + input) * 16 + tap]
                                    * images.values[at * inputs + input];
                            }
                        }
                    }
                    let expected = if sum > 0.0 { sum } else { 0.2 * sum };
                    let at = ((image * 64) + place) * outputs + out;
                    assert!((got.values[at] - expected).abs() < 2e-5, "{image} {place} {out}");
                }
            }
        }
    }
}
