//! From a score to sound, in blocks.
//!
//! The unmastered sound of a block is a function of the score and the block's number alone, so the
//! first pass (loudness) and the second one (output) are the same sound, and nothing grows with the
//! length of the track. Mastering is one gain, a limiter that rarely acts, and fades.

mod limiter;
mod loudness;
mod mix;
mod stimulus;

use std::ops::ControlFlow;

use schemars::JsonSchema;
use serde::Serialize;

use crate::compose::Composition;
use crate::{MusicError, RenderError};
use limiter::Limiter;
use loudness::LoudnessMeter;
use mix::Mix;

/// Frames of an inner block; envelopes are straight lines inside it.
pub(crate) const BLOCK: usize = 1024;
/// Sample peaks between samples stay below this: -1.3 dBTP, a margin to the promised -1 for meters
/// that interpolate differently.
const CEILING_DB: f64 = -1.3;

/// How to render.
#[derive(Clone, Copy, Debug)]
pub struct RenderOptions {
    /// 44100 or 48000.
    pub rate_hz: u32,
    /// Frames handed over at a time; the last block may be shorter. Does not change the sound.
    pub block_frames: usize,
}

impl RenderOptions {
    pub const fn at(rate_hz: u32) -> Self {
        Self { rate_hz, block_frames: 16_384 }
    }
}

/// How far a rendering is.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// 0..=1 over both passes.
    pub fraction: f32,
    /// `loudness`, then `rendering`.
    pub stage: &'static str,
}

/// What came out, measured on the samples handed over.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Outcome {
    pub n_frames: u64,
    pub rate_hz: u32,
    /// Integrated loudness by ITU-R BS.1770-4.
    pub level_lufs: f64,
    /// Highest peak between samples, four times oversampled.
    pub true_peak_dbtp: f64,
    /// Largest gain reduction of the limiter; 0 when it never acted.
    pub limited_db: f64,
}

/// Receives a block: one slice per channel.
pub type Sink<'a, E> = dyn FnMut(&[&[f32]]) -> Result<(), E> + 'a;

/// Is told how far the work is, and stops it by breaking.
pub type OnProgress<'a> = dyn FnMut(Progress) -> ControlFlow<()> + 'a;

/// Plays a score: stereo blocks of `options.block_frames` frames to `sink`, left channel first.
///
/// Two passes: the first measures the loudness of the unmastered sound, the second plays it at the
/// gain that gives the loudness asked for. Memory does not grow with the length. `progress` is
/// called for every few seconds of sound and may stop the work.
///
/// # Errors
/// [`RenderError::Music`] for a sample rate other than 44100 or 48000 Hz;
/// [`RenderError::Cancelled`] when `progress` says so; [`RenderError::Sink`] from `sink`.
///
/// ```
/// use std::ops::ControlFlow;
/// use clx_music::{RenderOptions, brief::{Brief, Mode, Stimulus}, compose, render};
///
/// let score = compose(&Brief::preset(Mode::Relax, None, None, 10.0, Stimulus::Am, 1))?;
/// let mut n_frames = 0;
/// let outcome = render(
///     &score,
///     RenderOptions::at(44_100),
///     &mut |_| ControlFlow::Continue(()),
///     &mut |block| {
///         n_frames += block[0].len();
///         Ok::<(), std::convert::Infallible>(())
///     },
/// )?;
/// assert_eq!(n_frames, 441_000);
/// assert!((outcome.level_lufs - score.brief.level_lufs).abs() < 0.1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn render<E>(
    composition: &Composition,
    options: RenderOptions,
    progress: &mut OnProgress<'_>,
    sink: &mut Sink<'_, E>,
) -> Result<Outcome, RenderError<E>> {
    if ![44_100, 48_000].contains(&options.rate_hz) {
        return Err(MusicError::Rate(options.rate_hz).into());
    }
    let mix = Mix::new(composition, options.rate_hz);
    let gain = measure_gain(&mix, composition.brief.level_lufs, progress)?;
    let mut output = Output {
        sink,
        block_frames: options.block_frames.max(1),
        left: Vec::new(),
        right: Vec::new(),
        meter: LoudnessMeter::new(options.rate_hz),
        n_frames: mix.n_frames(),
        n_sent: 0,
    };
    let mut limiter = Limiter::new(CEILING_DB);
    let mut left = [0.0; BLOCK];
    let mut right = [0.0; BLOCK];
    let n_blocks = mix.n_blocks();
    for block in 0..n_blocks {
        mix.play(block, &mut left, &mut right);
        left.iter_mut().chain(&mut right).for_each(|v| *v *= gain);
        limiter.push(&left, &right, &mut output.left, &mut output.right);
        output.send(false)?;
        report(progress, block, n_blocks, 0.4, 0.6, "rendering")?;
    }
    limiter.finish(&mut output.left, &mut output.right);
    output.send(true)?;
    Ok(Outcome {
        n_frames: output.n_sent,
        rate_hz: options.rate_hz,
        level_lufs: output.meter.integrated_lufs(),
        true_peak_dbtp: limiter.true_peak_db(),
        limited_db: limiter.reduction_db(),
    })
}

/// First pass: the gain that brings the unmastered sound to `level_lufs`.
fn measure_gain<E>(
    mix: &Mix,
    level_lufs: f64,
    progress: &mut OnProgress<'_>,
) -> Result<f32, RenderError<E>> {
    let mut meter = LoudnessMeter::new(mix.rate_hz());
    let mut left = [0.0; BLOCK];
    let mut right = [0.0; BLOCK];
    for block in 0..mix.n_blocks() {
        mix.play(block, &mut left, &mut right);
        let n = mix.frames_left(block).min(BLOCK);
        meter.push(&left[..n], &right[..n]);
        report(progress, block, mix.n_blocks(), 0.0, 0.4, "loudness")?;
    }
    Ok(meter.gain_to(level_lufs) as f32)
}

fn report<E>(
    progress: &mut OnProgress<'_>,
    block: usize,
    n_blocks: usize,
    from: f32,
    span: f32,
    stage: &'static str,
) -> Result<(), RenderError<E>> {
    if !block.is_multiple_of(128) {
        return Ok(());
    }
    let fraction = from + span * block as f32 / n_blocks as f32;
    match progress(Progress { fraction, stage }) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(RenderError::Cancelled),
    }
}

/// Cuts the mastered sound into the caller's blocks.
struct Output<'a, E> {
    sink: &'a mut Sink<'a, E>,
    block_frames: usize,
    left: Vec<f32>,
    right: Vec<f32>,
    meter: LoudnessMeter,
    n_frames: usize,
    n_sent: u64,
}

impl<E> Output<'_, E> {
    fn send(&mut self, all: bool) -> Result<(), RenderError<E>> {
        let missing = self.n_frames - self.n_sent as usize;
        let n_ready = self.left.len().min(missing);
        let mut from = 0;
        while n_ready - from >= self.block_frames || (all && n_ready > from) {
            let to = (from + self.block_frames).min(n_ready);
            let (left, right) = (&self.left[from..to], &self.right[from..to]);
            self.meter.push(left, right);
            (self.sink)(&[left, right]).map_err(RenderError::Sink)?;
            from = to;
        }
        self.n_sent += from as u64;
        self.left.drain(..from);
        self.right.drain(..from);
        Ok(())
    }
}
