use clx_signal::{Finding, SampleRate, Severity, SignalError};

use crate::chroma::{Chroma, ChromaMeter};
use crate::frames::Framer;
use crate::grid::Grid;
use crate::levels::{FLOOR_DBFS, Levels, SILENCE_DBFS, level_db};
use crate::loudness::Meter;
use crate::overview::{AudioOverview, Descriptors, Key, Tempo};
use crate::segment::{self, N_FEATURES};
use crate::spectrum::{Analyser, N_MELS, frame_len};
use crate::tempo::Context;
use crate::{AudioError, beat, key, tempo};

/// Points of the descriptor curves: as many as a wide screen has columns, so at most this.
const MAX_POINTS: usize = 2_000;
const N_CURVES: usize = 7;
const POINT_S: f64 = 0.5;

/// Choices of the overview; there are none yet that a user needs.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct AudioParams {}

/// Measures a sound that arrives in blocks.
///
/// Blocks may have any size: samples are regrouped into whole seconds first, so the result is
/// identical however they were cut. Memory: one second of samples, 4 bytes per hop (86 a second)
/// for the onset envelope, and bounded curves.
#[derive(Debug)]
pub struct OverviewBuilder {
    rate: SampleRate,
    n_channels: usize,
    second: usize,
    hop: usize,
    /// Samples of the second under way.
    pending: Vec<Vec<f32>>,
    n_frames: u64,
    meter: Meter,
    levels: Levels,
    mono: Mono,
    chroma: ChromaMeter,
}

impl OverviewBuilder {
    /// # Errors
    /// [`AudioError::Layout`] for rates or channel counts that no loudness is defined for.
    pub fn new(
        rate: SampleRate,
        n_channels: usize,
        _params: AudioParams,
    ) -> Result<Self, AudioError> {
        let meter = Meter::new(rate, n_channels)?;
        let hop = frame_len(rate) / 4;
        Ok(Self {
            rate,
            n_channels,
            second: rate.hz().round() as usize,
            hop,
            pending: vec![Vec::new(); n_channels],
            n_frames: 0,
            meter,
            levels: Levels::new(n_channels),
            mono: Mono::new(rate, hop)?,
            chroma: ChromaMeter::new(rate)?,
        })
    }

    /// Adds a block, one vector per channel, full scale at ±1.
    ///
    /// # Errors
    /// [`AudioError::Block`] if channels are missing or of unequal length,
    /// [`SignalError::NotFinite`] if a sample is not a finite number; nothing is added then.
    pub fn push(&mut self, block: &[Vec<f32>]) -> Result<(), AudioError> {
        let n = block.first().map_or(0, Vec::len);
        if block.len() != self.n_channels || block.iter().any(|c| c.len() != n) {
            let got = block.iter().map(Vec::len).collect();
            return Err(AudioError::Block { expected: self.n_channels, got });
        }
        for (c, channel) in block.iter().enumerate() {
            if let Some(index) = channel.iter().position(|x| !x.is_finite()) {
                return Err(SignalError::NotFinite { channel: format!("{}", c + 1), index }.into());
            }
        }
        let mut from = 0;
        while from < n {
            let to = n.min(from + self.second - self.pending[0].len());
            for (pending, channel) in self.pending.iter_mut().zip(block) {
                pending.extend_from_slice(&channel[from..to]);
            }
            from = to;
            if self.pending[0].len() == self.second {
                self.measure(true);
            }
        }
        Ok(())
    }

    /// Ends the sound.
    ///
    /// # Errors
    /// [`AudioError::Empty`] if there was no sample at all. Silence, noise and sounds too short for
    /// a figure are not errors: the figure is absent and a finding says why.
    pub fn finish(mut self) -> Result<AudioOverview, AudioError> {
        if !self.pending[0].is_empty() {
            self.measure(false);
        }
        if self.n_frames == 0 {
            return Err(AudioError::Empty);
        }
        self.mono.flush(&mut self.levels, &mut self.chroma);
        let duration_s = self.n_frames as f64 / self.rate.hz();
        let silent = level_db(self.levels.power()) < SILENCE_DBFS;
        let mut findings = self.findings(duration_s, silent);
        let fps = self.rate.hz() / self.hop as f64;
        let (tempo, beats_s) = self.pulse(duration_s, fps, silent, &mut findings);
        let key = self.key(silent, &mut findings);
        let Mono { curves, points, frames_per_point, .. } = self.mono;
        let (points, group) = points.finish();
        let point_s = (group * frames_per_point) as f64 / fps;
        Ok(AudioOverview {
            duration_s,
            rate_hz: self.rate.hz(),
            n_channels: self.n_channels,
            loudness: self.meter.finish(),
            tempo,
            beats_s,
            key,
            descriptors: descriptors(curves, 1.0 / fps),
            dynamics: self.levels.dynamics(),
            segments: segment::map(&points, point_s, duration_s),
            findings,
        })
    }

    /// Measures the pending second, or what there is of the last one.
    fn measure(&mut self, whole: bool) {
        let mut block = std::mem::take(&mut self.pending);
        self.n_frames += block[0].len() as u64;
        self.meter.push_second(&block, whole);
        self.levels.push(&block);
        self.mono.push(&block, &mut self.levels, &mut self.chroma);
        block.iter_mut().for_each(Vec::clear);
        self.pending = block;
    }

    fn pulse(
        &self,
        duration_s: f64,
        fps: f64,
        silent: bool,
        findings: &mut Vec<Finding>,
    ) -> (Option<Tempo>, Vec<f64>) {
        let context = Context { duration_s, starts_at_once: self.mono.starts_at_once() };
        let envelope = &self.mono.onsets;
        let pulse = if silent { None } else { tempo::estimate(envelope, fps, context) };
        let Some(pulse) = pulse else {
            if !silent {
                findings.push(Finding::new(
                    "tempo.none",
                    Severity::Info,
                    "no steady pulse was found",
                ));
            }
            return (None, Vec::new());
        };
        if let Some(beats) = pulse.loop_beats {
            findings.push(Finding::new(
                "tempo.loop",
                Severity::Info,
                format!("the sound repeats as a loop of {beats} beats; its tempo follows from its length"),
            ));
        }
        let period = 60.0 * fps / pulse.bpm;
        let mut frames = beat::track(envelope, period);
        if context.starts_at_once {
            beat::extend_to_start(&mut frames, period);
        }
        let beats_s: Vec<f64> = frames.iter().map(|f| (f / fps).clamp(0.0, duration_s)).collect();
        let tempo = beat::tempo(pulse, &beats_s);
        if tempo.variability > 0.1 {
            findings.push(Finding::new(
                "tempo.unsteady",
                Severity::Warning,
                format!("beats vary by {:.0} % around the tempo", tempo.variability * 100.0),
            ));
        }
        (Some(tempo), beats_s)
    }

    fn key(&self, silent: bool, findings: &mut Vec<Finding>) -> Option<Key> {
        let chroma: Chroma = self.chroma.finish();
        let key = if silent { None } else { key::estimate(&chroma) };
        match &key {
            Some(key) if key.margin < 0.05 => findings.push(Finding::new(
                "key.ambiguous",
                Severity::Info,
                format!("another key fits almost as well (difference {:.3})", key.margin),
            )),
            None if !silent => findings.push(Finding::new(
                "key.none",
                Severity::Info,
                "no stable pitch content was found",
            )),
            _ => {}
        }
        key
    }

    fn findings(&self, duration_s: f64, silent: bool) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut note =
            |code, severity, message| findings.push(Finding::new(code, severity, message));
        let (power, peak) = (self.levels.power(), self.levels.peak());
        if silent {
            let message = if peak == 0.0 {
                "the sound is digital silence".to_owned()
            } else {
                format!("the sound is silent: its level is {:.1} dBFS", level_db(power))
            };
            note("audio.silent", Severity::Problem, message);
        }
        if duration_s < 3.0 {
            note(
                "audio.short",
                Severity::Warning,
                format!("{duration_s:.3} s are too short for tempo, loudness range and structure"),
            );
        }
        let clipped = self.levels.dynamics().clipped_share;
        if clipped > 0.0 {
            let severity = if clipped > 1e-4 { Severity::Warning } else { Severity::Info };
            note(
                "audio.clipping",
                severity,
                format!("{:.4} % of the samples are clipped at full scale", clipped * 100.0),
            );
        }
        if peak > 1.0 {
            note(
                "audio.over_full_scale",
                Severity::Info,
                format!("samples reach {peak:.3} of full scale"),
            );
        }
        let offset = self.levels.offset();
        if offset > 0.01 {
            note(
                "audio.dc_offset",
                Severity::Warning,
                format!("the signal is offset from zero by {:.1} % of full scale", offset * 100.0),
            );
        }
        if self.n_channels > 1 && !silent && self.mono.power() < 0.1 * power {
            note(
                "audio.opposite_phase",
                Severity::Warning,
                "the channels cancel each other; tempo, key and descriptors use their mean and suffer"
                    .to_owned(),
            );
        }
        findings
    }
}

fn descriptors(curves: Grid<N_CURVES>, frame_s: f64) -> Descriptors {
    let (points, group) = curves.finish();
    let curve = |i: usize| points.iter().map(|p| p[i]).collect::<Vec<f32>>();
    Descriptors {
        hop_s: group as f64 * frame_s,
        centroid_hz: curve(0),
        bandwidth_hz: curve(1),
        rolloff_hz: curve(2),
        flatness: curve(3),
        flux: curve(4),
        rms_dbfs: points.iter().map(|p| level_db(f64::from(p[5])).max(FLOOR_DBFS) as f32).collect(),
        zero_crossing_rate: curve(6),
    }
}

/// Everything that is measured on the mean of the channels, frame by frame.
#[derive(Debug)]
struct Mono {
    mean: Vec<f32>,
    framer: Framer,
    /// Power of all channels on the same frames: opposite channels must not pass for silence.
    power_framer: Framer,
    channel_power: Vec<f32>,
    analyser: Analyser,
    onsets: Vec<f32>,
    curves: Grid<N_CURVES>,
    points: Grid<N_FEATURES>,
    frames_per_point: usize,
    mel_sum: Vec<f64>,
    n_in_point: usize,
    sum_power: f64,
    n_samples: u64,
    /// Power of the first 50 ms.
    start_power: f64,
    start_samples: u64,
}

impl Mono {
    fn new(rate: SampleRate, hop: usize) -> Result<Self, SignalError> {
        let n_fft = 4 * hop;
        let frames_per_point = ((POINT_S * rate.hz() / hop as f64).round() as usize).max(1);
        Ok(Self {
            mean: Vec::new(),
            framer: Framer::new(n_fft, hop),
            power_framer: Framer::new(n_fft, hop),
            channel_power: Vec::new(),
            analyser: Analyser::new(rate)?,
            onsets: Vec::new(),
            curves: Grid::new(1, MAX_POINTS),
            points: Grid::new(1, segment::MAX_POINTS),
            frames_per_point,
            mel_sum: vec![0.0; N_MELS],
            n_in_point: 0,
            sum_power: 0.0,
            n_samples: 0,
            start_power: 0.0,
            start_samples: rate.samples(0.05) as u64,
        })
    }

    fn push(&mut self, block: &[Vec<f32>], levels: &mut Levels, chroma: &mut ChromaMeter) {
        self.mix(block);
        let mean = std::mem::take(&mut self.mean);
        for &x in &mean {
            let power = f64::from(x) * f64::from(x);
            self.sum_power += power;
            if self.n_samples < self.start_samples {
                self.start_power += power;
            }
            self.n_samples += 1;
        }
        let power = std::mem::take(&mut self.channel_power);
        self.power_framer.push(&power, |frame| levels.frame(mean_of(frame)));
        chroma.push(&mean);
        self.frames(chroma, |framer, each| framer.push(&mean, each));
        (self.mean, self.channel_power) = (mean, power);
    }

    fn flush(&mut self, levels: &mut Levels, chroma: &mut ChromaMeter) {
        self.power_framer.finish(|frame| levels.frame(mean_of(frame)));
        chroma.flush();
        self.frames(chroma, |framer, each| framer.finish(each));
        if self.n_in_point > 0 {
            self.close_point(chroma);
        }
    }

    fn frames(
        &mut self,
        chroma: &mut ChromaMeter,
        feed: impl FnOnce(&mut Framer, &mut dyn FnMut(&[f32])),
    ) {
        let mut framer = std::mem::replace(&mut self.framer, Framer::new(0, 1));
        feed(&mut framer, &mut |samples| self.frame(samples, chroma));
        self.framer = framer;
    }

    fn frame(&mut self, samples: &[f32], chroma: &mut ChromaMeter) {
        let shape = self.analyser.frame(samples);
        self.onsets.push(shape.flux as f32);
        let power = samples.iter().map(|&x| f64::from(x) * f64::from(x)).sum::<f64>();
        self.curves.push([
            shape.centroid_hz,
            shape.bandwidth_hz,
            shape.rolloff_hz,
            shape.flatness,
            shape.flux,
            power / samples.len() as f64,
            crossings(samples) as f64 / samples.len() as f64,
        ]);
        for (sum, &db) in self.mel_sum.iter_mut().zip(self.analyser.mel_db()) {
            *sum += f64::from(db);
        }
        self.n_in_point += 1;
        if self.n_in_point == self.frames_per_point {
            self.close_point(chroma);
        }
    }

    fn close_point(&mut self, chroma: &mut ChromaMeter) {
        let n = self.n_in_point as f64;
        let mel: Vec<f64> = self.mel_sum.iter().map(|s| s / n).collect();
        let (classes, cepstra) = (chroma.take(), segment::cepstra(&mel));
        let mut point = [0.0; N_FEATURES];
        point[..12].copy_from_slice(&classes);
        point[12..].copy_from_slice(&cepstra);
        self.points.push(point);
        self.mel_sum.fill(0.0);
        self.n_in_point = 0;
    }

    fn mix(&mut self, block: &[Vec<f32>]) {
        let n = block[0].len();
        self.mean.clear();
        self.mean.resize(n, 0.0);
        self.channel_power.clear();
        self.channel_power.resize(n, 0.0);
        for channel in block {
            for ((m, p), &x) in self.mean.iter_mut().zip(&mut self.channel_power).zip(channel) {
                *m += x;
                *p += x * x;
            }
        }
        let scale = 1.0 / block.len() as f32;
        self.mean.iter_mut().for_each(|m| *m *= scale);
        self.channel_power.iter_mut().for_each(|p| *p *= scale);
    }

    fn power(&self) -> f64 {
        self.sum_power / self.n_samples.max(1) as f64
    }

    fn starts_at_once(&self) -> bool {
        let n = self.n_samples.min(self.start_samples).max(1) as f64;
        self.start_power / n > 0.01 * self.power()
    }
}

fn mean_of(frame: &[f32]) -> f64 {
    frame.iter().map(|&p| f64::from(p)).sum::<f64>() / frame.len() as f64
}

/// Changes of sign; zero counts as positive, as in librosa.
fn crossings(samples: &[f32]) -> usize {
    // librosa's threshold for zero.
    let negative = |x: f32| x < -1e-10;
    samples.windows(2).filter(|w| negative(w[0]) != negative(w[1])).count()
}
