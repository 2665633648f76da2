//! Running a cascade of sections: causal with state, or forwards and backwards.
//!
//! Eight channels run side by side in the lanes of the vector unit, two sections at a time; no
//! operation crosses lanes and none is contracted, so the result is the same bit for bit for any
//! grouping of channels, size of block and machine.

use pulp::{Arch, Simd, WithSimd};

use super::Sos;
use crate::SignalError;

/// Channels filtered side by side.
const LANES: usize = 8;
/// Samples filtered in one go: 32 KiB of lanes, the first-level cache.
const BLOCK: usize = 512;

/// `z1` and `z2` of one section of the transposed direct form II, one value per lane.
type State<const N: usize> = [[f64; N]; 2];

/// Causal filter of many channels with state: blocks of any size in, the same number of samples
/// out, identical bit for bit whatever the sizes.
///
/// `f32` in and out, coefficients and state `f64`; a single pass of `scipy.signal.sosfilt`. The delay
/// of a rhythm is [`Sos::group_delay_s`].
///
/// ```
/// use clx_signal::{iir, iir::{Passband, Prototype, SosFilter}, SampleRate};
/// let rate = SampleRate::from_hz(250.0)?;
/// let sos = iir::design(rate, 2, Prototype::Butterworth, Passband::Highpass { edge_hz: 1.0 })?;
/// let mut filter = SosFilter::new(&sos, 1).settle_on_first();
/// let mut block = vec![vec![3e-3_f32; 100]];
/// filter.process(&mut block)?;
/// assert!(block[0].iter().all(|y| y.abs() < 1e-12)); // no step at the start
/// # Ok::<(), clx_signal::SignalError>(())
/// ```
#[derive(Clone, Debug)]
pub struct SosFilter {
    sos: Sos,
    settle: bool,
    started: bool,
    groups: Vec<Vec<State<LANES>>>,
    /// Last finite input of each channel, for samples that are not.
    held: Vec<f32>,
    block: Vec<[f64; LANES]>,
}

impl SosFilter {
    /// Filter for `n_channels` streams that were zero until now.
    pub fn new(sos: &Sos, n_channels: usize) -> Self {
        Self {
            sos: sos.clone(),
            settle: false,
            started: false,
            groups: vec![vec![[[0.0; LANES]; 2]; sos.sections.len()]; n_channels.div_ceil(LANES)],
            held: vec![0.0; n_channels],
            block: vec![[0.0; LANES]; BLOCK],
        }
    }

    /// Starts as though each channel had always had the value of its first sample, so that an
    /// electrode's offset makes no step.
    #[must_use]
    pub fn settle_on_first(mut self) -> Self {
        self.settle = true;
        self
    }

    /// Filters one block in place; `channels[i]` continues channel `i`. Returns how many samples were
    /// not finite: each was taken for the last finite one of its channel, since it would spoil all
    /// that follow.
    ///
    /// # Errors
    /// [`SignalError::Mismatch`] if the number of channels is another than at the start or the
    /// channels differ in length; nothing is filtered then.
    pub fn process(&mut self, channels: &mut [Vec<f32>]) -> Result<usize, SignalError> {
        check_count(self.held.len(), channels.len())?;
        let n = common_len(channels)?;
        if n > 0 && !self.started {
            self.start(channels);
        }
        let Self { sos, groups, held, block, .. } = self;
        let mut n_held = 0;
        let lanes = channels.chunks_mut(LANES).zip(held.chunks_mut(LANES));
        for ((channels, held), states) in lanes.zip(groups) {
            for from in (0..n).step_by(BLOCK) {
                let block = &mut block[..BLOCK.min(n - from)];
                for (lane, (x, held)) in channels.iter().zip(held.iter_mut()).enumerate() {
                    for (row, &v) in block.iter_mut().zip(&x[from..]) {
                        if v.is_finite() {
                            *held = v;
                        } else {
                            n_held += 1;
                        }
                        row[lane] = f64::from(*held);
                    }
                }
                Arch::new().dispatch(Cascade {
                    sections: &sos.sections,
                    states,
                    block,
                    reverse: false,
                });
                for (lane, x) in channels.iter_mut().enumerate() {
                    x[from..]
                        .iter_mut()
                        .zip(block.iter())
                        .for_each(|(y, row)| *y = row[lane] as f32);
                }
            }
        }
        Ok(n_held)
    }

    fn start(&mut self, channels: &[Vec<f32>]) {
        self.started = true;
        if !self.settle {
            return;
        }
        let steady = self.sos.steady_state();
        for (i, x) in channels.iter().enumerate() {
            self.held[i] = x.iter().copied().find(|v| v.is_finite()).unwrap_or(0.0);
            let value = f64::from(self.held[i]);
            for (state, zi) in self.groups[i / LANES].iter_mut().zip(&steady) {
                (state[0][i % LANES], state[1][i % LANES]) = (zi[0] * value, zi[1] * value);
            }
        }
    }
}

/// Filters forwards and backwards: no phase shift, the gain squared, ends extended by point
/// reflection. Offline only.
///
/// `channels`: equally long, any unit; returns the same shape. `scipy.signal.sosfiltfilt` with its
/// default padding of [`Sos::pad_len`] samples, computed in `f64`, rounded once to `f32`.
///
/// # Errors
/// [`SignalError::TooShort`] unless the channels are longer than the padding;
/// [`SignalError::NotFinite`] for NaN or infinity; [`SignalError::Mismatch`] for unequal lengths.
///
/// # Source
/// Gustafsson 1996, IEEE Trans. Signal Process. 44(4):988-992, for the method; padding as SciPy.
/// Checked against `tests/fixtures/iir.json`.
///
/// ```
/// use clx_signal::{iir, iir::{Passband, Prototype}, synth, SampleRate};
/// let rate = SampleRate::from_hz(250.0)?;
/// let sos = iir::design(rate, 4, Prototype::Butterworth, Passband::Bandpass { fmin_hz: 1.0, fmax_hz: 40.0 })?;
/// let x = synth::sine(rate, 10.0, 50e-6, 8.0);
/// let y = iir::filter_zero_phase(&sos, &[x.clone()])?;
/// assert!((y[0][1000] - x[1000]).abs() < 1e-8);
/// # Ok::<(), clx_signal::SignalError>(())
/// ```
pub fn filter_zero_phase(sos: &Sos, channels: &[Vec<f32>]) -> Result<Vec<Vec<f32>>, SignalError> {
    let n = common_len(channels)?;
    let pad = check_len(sos, n)?;
    for (i, x) in channels.iter().enumerate() {
        if let Some(index) = x.iter().position(|v| !v.is_finite()) {
            return Err(SignalError::NotFinite { channel: i.to_string(), index });
        }
    }
    let mut out = Vec::with_capacity(channels.len());
    let mut rows = vec![[0.0; LANES]; if channels.is_empty() { 0 } else { n + 2 * pad }];
    for group in channels.chunks(LANES) {
        for (lane, x) in group.iter().enumerate() {
            extend(x, pad, |i, v| rows[i][lane] = v);
        }
        both_ways(sos, &mut rows);
        out.extend(
            (0..group.len())
                .map(|lane| rows[pad..pad + n].iter().map(|row| row[lane] as f32).collect()),
        );
    }
    Ok(out)
}

/// [`filter_zero_phase`] of one channel in `f64`.
///
/// # Errors
/// As there.
pub fn filter_zero_phase_f64(sos: &Sos, x: &[f64]) -> Result<Vec<f64>, SignalError> {
    let pad = check_len(sos, x.len())?;
    if let Some(index) = x.iter().position(|v| !v.is_finite()) {
        return Err(SignalError::NotFinite { channel: "0".to_owned(), index });
    }
    let mut rows = vec![[0.0; 1]; x.len() + 2 * pad];
    extend(x, pad, |i, v| rows[i][0] = v);
    both_ways(sos, &mut rows);
    Ok(rows[pad..pad + x.len()].iter().map(|row| row[0]).collect())
}

fn check_count(expected: usize, got: usize) -> Result<(), SignalError> {
    if expected == got {
        return Ok(());
    }
    Err(SignalError::Mismatch {
        what: "number",
        left: expected.to_string(),
        right: got.to_string(),
    })
}

fn common_len(channels: &[Vec<f32>]) -> Result<usize, SignalError> {
    let n = channels.first().map_or(0, Vec::len);
    match channels.iter().find(|x| x.len() != n) {
        None => Ok(n),
        Some(other) => Err(SignalError::Mismatch {
            what: "number of samples",
            left: n.to_string(),
            right: other.len().to_string(),
        }),
    }
}

/// The padding, if the signal is longer than it.
fn check_len(sos: &Sos, n: usize) -> Result<usize, SignalError> {
    let pad = sos.pad_len();
    if n > pad {
        return Ok(pad);
    }
    Err(SignalError::TooShort { needed: pad + 1, window_s: sos.rate.seconds(pad + 1), got: n })
}

/// Point reflection about either end sample, written through `put(index, value)`.
fn extend<T: Copy + Into<f64>>(x: &[T], pad: usize, mut put: impl FnMut(usize, f64)) {
    let n = x.len();
    let (first, last): (f64, f64) = (x[0].into(), x[n - 1].into());
    for i in 0..pad {
        put(i, 2.0 * first - x[pad - i].into());
        put(pad + n + i, 2.0 * last - x[n - 2 - i].into());
    }
    x.iter().enumerate().for_each(|(i, &v)| put(pad + i, v.into()));
}

fn both_ways<const N: usize>(sos: &Sos, rows: &mut [[f64; N]]) {
    let steady = sos.steady_state();
    let settled = |row: &[f64; N]| -> Vec<State<N>> {
        steady.iter().map(|zi| zi.map(|z| row.map(|v| z * v))).collect()
    };
    let Some(first) = rows.first() else { return };
    let mut states = settled(first);
    let states = &mut states[..];
    for block in rows.chunks_mut(BLOCK) {
        Arch::new().dispatch(Cascade { sections: &sos.sections, states, block, reverse: false });
    }
    states.copy_from_slice(&settled(&rows[rows.len() - 1]));
    for block in rows.rchunks_mut(BLOCK) {
        Arch::new().dispatch(Cascade { sections: &sos.sections, states, block, reverse: true });
    }
}

/// One block through all sections, compiled for the vector unit that the machine has.
struct Cascade<'a, const N: usize> {
    sections: &'a [[f64; 6]],
    states: &'a mut [State<N>],
    block: &'a mut [[f64; N]],
    reverse: bool,
}

impl<const N: usize> WithSimd for Cascade<'_, N> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let (pairs, last) = self.sections.as_chunks::<2>();
        let (state_pairs, last_states) = self.states.as_chunks_mut::<2>();
        for (sections, states) in pairs.iter().zip(state_pairs) {
            if self.reverse {
                run(sections, states, self.block.iter_mut().rev());
            } else {
                run(sections, states, self.block.iter_mut());
            }
        }
        if let ([section], [state]) = (last, last_states) {
            let (section, state) = (std::array::from_ref(section), std::array::from_mut(state));
            if self.reverse {
                run(section, state, self.block.iter_mut().rev());
            } else {
                run(section, state, self.block.iter_mut());
            }
        }
    }
}

#[inline(always)]
fn run<'a, const K: usize, const N: usize>(
    sections: &[[f64; 6]; K],
    states: &mut [State<N>; K],
    rows: impl Iterator<Item = &'a mut [f64; N]>,
) {
    let mut held = *states;
    for row in rows {
        for ([b0, b1, b2, _, a1, a2], [z1, z2]) in sections.iter().zip(&mut held) {
            for lane in 0..N {
                let x = row[lane];
                let y = b0 * x + z1[lane];
                z1[lane] = (b1 * x + z2[lane]) - a1 * y;
                z2[lane] = b2 * x - a2 * y;
                row[lane] = y;
            }
        }
    }
    *states = held;
}
