//! One pass over the cross-spectra of all pairs.

use std::ops::Range;

use clx_signal::multitaper::{Multitaper, MultitaperParams};
use clx_signal::{Complex64, Epochs, SignalError};
use pulp::{Arch, Simd, WithSimd};

use super::{Measure, Watch};

/// Bins that are worked on together, side by side.
const LANES: usize = 4;
/// Real and imaginary parts of the bins of one block for one taper.
const CELL: usize = 2 * LANES;
/// Sums kept for each pair and bin.
const FIELDS: usize = 7;
/// Values of one channel in one block of bins that stay in the first-level cache.
const CHUNK_VALUES: usize = 1 << 10;

type Lanes = [f64; LANES];

/// What is summed over epochs for each pair of channels.
#[derive(Clone, Copy)]
enum Field {
    /// Cross-spectrum.
    Re = 0,
    Im,
    /// Absolute value, square and sign of its imaginary part.
    AbsIm,
    SquareIm,
    SignIm,
    /// Cross-spectrum over its absolute value.
    PhaseRe,
    PhaseIm,
}

/// Tables and room for passes over epochs of one shape.
pub(super) struct Pass {
    multitaper: Multitaper,
    n_blocks: usize,
    epochs_per_chunk: usize,
    needs_phase: bool,
    /// Block of bins, channel, epoch of the chunk, taper, cell.
    spectra: Vec<f64>,
    row: Vec<Complex64>,
}

/// Sums over the epochs.
pub(super) struct Sums {
    n_epochs: usize,
    n_channels: usize,
    n_bins: usize,
    /// Pair, block of bins, field, lane.
    pairs: Vec<f64>,
    /// Channel, bin.
    powers: Vec<f64>,
}

impl Pass {
    pub(super) fn new(
        epochs: &Epochs,
        params: MultitaperParams,
        measures: &[Measure],
    ) -> Result<Self, SignalError> {
        let multitaper = Multitaper::new(epochs.rate, epochs.n_samples(), params)?;
        let (n_bins, n_tapers) = (multitaper.freqs_hz().len(), multitaper.n_tapers());
        let n_blocks = n_bins.div_ceil(LANES);
        let epochs_per_chunk = (CHUNK_VALUES / (n_tapers * CELL)).clamp(1, epochs.len().max(1));
        let size = n_blocks * epochs.n_channels() * epochs_per_chunk * n_tapers * CELL;
        Ok(Self {
            n_blocks,
            epochs_per_chunk,
            needs_phase: measures.contains(&Measure::PhaseLockingValue),
            spectra: vec![0.0; size],
            row: vec![Complex64::ZERO; n_bins * n_tapers],
            multitaper,
        })
    }

    pub(super) fn freqs_hz(&self) -> &[f64] {
        self.multitaper.freqs_hz()
    }

    pub(super) fn n_tapers(&self) -> usize {
        self.multitaper.n_tapers()
    }

    /// Sums over all epochs; channel `c` contributes its epoch `order(c, e)` as the `e`-th. `None`
    /// if given up.
    pub(super) fn run(
        &mut self,
        epochs: &Epochs,
        order: impl Fn(usize, usize) -> usize,
        watch: &mut Watch<'_>,
    ) -> Result<Option<Sums>, SignalError> {
        let n_channels = epochs.n_channels();
        let n_bins = self.freqs_hz().len();
        let n_pairs = n_channels * (n_channels - 1) / 2;
        let mut sums = Sums {
            n_epochs: epochs.len(),
            n_channels,
            n_bins,
            pairs: vec![0.0; n_pairs * self.n_blocks * FIELDS * LANES],
            powers: vec![0.0; n_channels * n_bins],
        };
        for first in (0..epochs.len()).step_by(self.epochs_per_chunk) {
            let count = self.epochs_per_chunk.min(epochs.len() - first);
            if !watch.go_on(first as f64 / epochs.len() as f64) {
                return Ok(None);
            }
            for channel in 0..n_channels {
                for e in 0..count {
                    let samples = epochs.channel(order(channel, first + e), channel);
                    self.multitaper.spectra(samples, &mut self.row)?;
                    let powers = &mut sums.powers[channel * n_bins..][..n_bins];
                    self.store(n_channels, channel, e, powers);
                }
            }
            Arch::new().dispatch(PairSums {
                spectra: &self.spectra,
                n_channels,
                cells: count * self.n_tapers(),
                stride: self.epochs_per_chunk * self.n_tapers() * CELL,
                n_tapers: self.n_tapers(),
                n_blocks: self.n_blocks,
                needs_phase: self.needs_phase,
                pairs: &mut sums.pairs,
            });
        }
        watch.passes += 1;
        Ok(Some(sums))
    }

    /// Moves the spectra of one epoch to their blocks and adds their powers.
    fn store(&mut self, n_channels: usize, channel: usize, epoch: usize, powers: &mut [f64]) {
        let n_bins = powers.len();
        let n_tapers = self.multitaper.n_tapers();
        let stride = self.epochs_per_chunk * n_tapers * CELL;
        for (taper, bins) in self.row.chunks_exact(n_bins).enumerate() {
            powers.iter_mut().zip(bins).for_each(|(p, z)| *p += z.norm_sqr());
            for (block, values) in bins.chunks(LANES).enumerate() {
                let at =
                    (block * n_channels + channel) * stride + (epoch * n_tapers + taper) * CELL;
                for (lane, z) in values.iter().enumerate() {
                    self.spectra[at + lane] = z.re;
                    self.spectra[at + LANES + lane] = z.im;
                }
            }
        }
    }
}

/// The inner loops, compiled for the widest vectors of the processor. The lanes are independent and
/// no products are fused, so the sums do not depend on the width.
struct PairSums<'a> {
    spectra: &'a [f64],
    n_channels: usize,
    /// Epochs of this chunk times tapers.
    cells: usize,
    stride: usize,
    n_tapers: usize,
    n_blocks: usize,
    needs_phase: bool,
    pairs: &'a mut [f64],
}

impl WithSimd for PairSums<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let size = FIELDS * LANES;
        for block in 0..self.n_blocks {
            let channel = |c: usize| {
                &self.spectra[(block * self.n_channels + c) * self.stride..][..self.cells * CELL]
            };
            for row in 1..self.n_channels {
                let a = channel(row);
                for column in 0..row {
                    let pair = row * (row - 1) / 2 + column;
                    let target = &mut self.pairs[(pair * self.n_blocks + block) * size..][..size];
                    if self.needs_phase {
                        add_pair::<true>(a, channel(column), self.n_tapers, target);
                    } else {
                        add_pair::<false>(a, channel(column), self.n_tapers, target);
                    }
                }
            }
        }
    }
}

/// Adds what the epochs of a chunk give for one pair in one block of bins.
#[inline(always)]
fn add_pair<const PHASE: bool>(a: &[f64], b: &[f64], n_tapers: usize, target: &mut [f64]) {
    let mut sums = [[0.0; LANES]; FIELDS];
    for (a, b) in a.chunks_exact(n_tapers * CELL).zip(b.chunks_exact(n_tapers * CELL)) {
        let (mut re, mut im) = ([0.0; LANES], [0.0; LANES]);
        for (x, y) in a.chunks_exact(CELL).zip(b.chunks_exact(CELL)) {
            for i in 0..LANES {
                re[i] += x[i] * y[i] + x[LANES + i] * y[LANES + i];
                im[i] += x[LANES + i] * y[i] - x[i] * y[LANES + i];
            }
        }
        add_epoch::<PHASE>(&mut sums, re, im);
    }
    for (t, s) in target.iter_mut().zip(sums.as_flattened()) {
        *t += s;
    }
}

#[inline(always)]
fn add_epoch<const PHASE: bool>(sums: &mut [Lanes; FIELDS], re: Lanes, im: Lanes) {
    for i in 0..LANES {
        sums[Field::Re as usize][i] += re[i];
        sums[Field::Im as usize][i] += im[i];
        sums[Field::AbsIm as usize][i] += im[i].abs();
        sums[Field::SquareIm as usize][i] += im[i] * im[i];
        let sign = f64::from(u8::from(im[i] > 0.0)) - f64::from(u8::from(im[i] < 0.0));
        sums[Field::SignIm as usize][i] += sign;
    }
    if PHASE {
        for i in 0..LANES {
            let square = re[i] * re[i] + im[i] * im[i];
            // Silence has no phase and adds none.
            let inverse = if square > 0.0 { 1.0 / square.sqrt() } else { 0.0 };
            sums[Field::PhaseRe as usize][i] += re[i] * inverse;
            sums[Field::PhaseIm as usize][i] += im[i] * inverse;
        }
    }
}

impl Sums {
    /// A measure averaged over `bins` for every pair below the diagonal, row by row.
    pub(super) fn band_values(&self, measure: Measure, bins: Range<usize>) -> Vec<f64> {
        let mut values = Vec::with_capacity(self.n_channels * (self.n_channels - 1) / 2);
        for row in 1..self.n_channels {
            for column in 0..row {
                let sum: f64 = bins.clone().map(|bin| self.value(measure, row, column, bin)).sum();
                values.push(sum / bins.len() as f64);
            }
        }
        values
    }

    fn value(&self, measure: Measure, row: usize, column: usize, bin: usize) -> f64 {
        let n = self.n_epochs as f64;
        let n_blocks = self.n_bins.div_ceil(LANES);
        let pair = row * (row - 1) / 2 + column;
        let cell = &self.pairs[(pair * n_blocks + bin / LANES) * FIELDS * LANES..];
        let field = |f: Field| cell[f as usize * LANES + bin % LANES];
        let power = |channel: usize| self.powers[channel * self.n_bins + bin];
        let over = |a: f64, b: f64| if b > 0.0 { a / b } else { 0.0 };
        let norm = || (power(row) * power(column)).sqrt();
        match measure {
            Measure::Coherence => over(field(Field::Re).hypot(field(Field::Im)), norm()),
            Measure::ImaginaryCoherence => over(field(Field::Im), norm()),
            Measure::PhaseLockingValue => field(Field::PhaseRe).hypot(field(Field::PhaseIm)) / n,
            Measure::PhaseLagIndex => field(Field::SignIm).abs() / n,
            Measure::WeightedPhaseLagIndex => over(field(Field::Im).abs(), field(Field::AbsIm)),
            Measure::DebiasedWeightedPhaseLagIndexSquared => {
                let squares = field(Field::SquareIm);
                over(field(Field::Im).powi(2) - squares, field(Field::AbsIm).powi(2) - squares)
            }
        }
    }
}
