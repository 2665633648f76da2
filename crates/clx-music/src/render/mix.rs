//! The unmastered sound of a block.

use std::collections::BTreeMap;

use super::BLOCK;
use super::stimulus::{Modulation, play_tone};
use crate::Schedule;
use crate::brief::{Mode, Stimulus};
use crate::compose::{Carrier, Composition, Instrument};
use crate::math::{cos_turns, from_db, sin_turns};
use crate::preset::ModeStyle;
use crate::random::Random;
use crate::synth::{self, Room, Table};
use crate::theory::note_hz;

/// Gain of one pad voice; four of them have a mean square of 1.
const VOICE_GAIN: f64 = 0.5;
/// Bells and plucks are scaled to their peak; this many dB above the pads' level they balance.
const STRUCK_DB: f64 = 3.0;
const PULSE_DB: f64 = 1.0;
/// Chords melt into each other over this part of a chord, but no longer than [`LONGEST_MELT_S`].
const MELT_PART: f64 = 0.3;
const LONGEST_MELT_S: f64 = 3.0;
/// Noise is read in grains of twice this length, from random places of its loop.
const GRAIN_FRAMES: usize = 32 * BLOCK;
/// The noise swells and ebbs by this much over this time.
const SWELL: f64 = 0.2;
const SWELL_S: f64 = 13.7;
const FADE_S: f64 = 5.0;

/// Everything needed to compute any block of a track.
pub(super) struct Mix {
    rate_hz: u32,
    n_frames: usize,
    seed: u64,
    stimulus: Stimulus,
    schedule: Schedule,
    carrier: Option<Carrier>,
    levels: Levels,
    fade_s: f64,
    chords: Vec<TimedChord>,
    loop_s: f64,
    melt_s: f64,
    phrases: Vec<Vec<TimedNote>>,
    arrangement: Vec<usize>,
    pads: BTreeMap<u8, Table>,
    basses: BTreeMap<u8, Table>,
    struck: BTreeMap<(Instrument, u8), Table>,
    longest_struck: usize,
    noise: Table,
    /// 0, 1/BLOCK, 2/BLOCK …
    ramp: [f32; BLOCK],
}

struct Levels {
    noise: f64,
    bass: f64,
}

struct TimedChord {
    start_s: f64,
    end_s: f64,
    pad: [u8; 4],
    bass: u8,
}

struct TimedNote {
    start_s: f64,
    sound: (Instrument, u8),
    gain: f32,
}

/// A gain at the start and at the end of a block.
type Line = (f64, f64);

impl Mix {
    pub(super) fn new(composition: &Composition, rate_hz: u32) -> Self {
        let brief = &composition.brief;
        let style = brief.mode.style();
        let beat_s = composition.beat_s();
        let chords: Vec<TimedChord> = composition
            .chords
            .iter()
            .map(|c| TimedChord {
                start_s: f64::from(c.start_beat) * beat_s,
                end_s: f64::from(c.start_beat + c.beats) * beat_s,
                pad: c.pad,
                bass: c.bass,
            })
            .collect();
        let shortest_s = chords.iter().map(|c| c.end_s - c.start_s).fold(f64::INFINITY, f64::min);
        let struck = strike_all(composition, rate_hz);
        let rate = f64::from(rate_hz);
        let mut ramp = [0.0; BLOCK];
        for (i, r) in ramp.iter_mut().enumerate() {
            *r = i as f32 / BLOCK as f32;
        }
        Self {
            rate_hz,
            n_frames: (brief.duration_s * rate).round() as usize,
            seed: brief.seed,
            stimulus: brief.stimulus,
            schedule: composition.schedule(),
            carrier: composition.carrier,
            levels: Levels { noise: from_db(style.noise_db), bass: from_db(style.bass_db) },
            fade_s: FADE_S.min(brief.duration_s / 8.0),
            loop_s: composition.loop_s(),
            melt_s: (shortest_s * MELT_PART).min(LONGEST_MELT_S),
            phrases: time_phrases(composition, &style),
            arrangement: composition.arrangement.clone(),
            pads: sustain(
                &chords,
                |c| c.pad.to_vec(),
                |note| {
                    let mut random = Random::new(brief.seed, 1_000 + u64::from(note));
                    synth::pad(note_hz(note), style.pad_rolloff, rate, &mut random)
                },
            ),
            basses: sustain(
                &chords,
                |c| vec![c.bass],
                |note| {
                    let mut random = Random::new(brief.seed, 2_000 + u64::from(note));
                    synth::bass(note_hz(note), rate, &mut random)
                },
            ),
            chords,
            longest_struck: struck.values().map(Table::len).max().unwrap_or(0),
            struck,
            noise: synth::noise(composition.noise, rate, &mut Random::new(brief.seed, 3_000)),
            ramp,
        }
    }

    pub(super) fn rate_hz(&self) -> u32 {
        self.rate_hz
    }

    pub(super) fn n_frames(&self) -> usize {
        self.n_frames
    }

    pub(super) fn n_blocks(&self) -> usize {
        self.n_frames.div_ceil(BLOCK)
    }

    /// Frames of the track from the start of `block` on.
    pub(super) fn frames_left(&self, block: usize) -> usize {
        self.n_frames - (block * BLOCK).min(self.n_frames)
    }

    /// Overwrites both channels with the sound of `block`, fades included.
    pub(super) fn play(&self, block: usize, left: &mut [f32; BLOCK], right: &mut [f32; BLOCK]) {
        let at = block * BLOCK;
        left.fill(0.0);
        right.fill(0.0);
        let chords = self.chord_gains(at);
        for (&note, &line) in &chords.pads {
            self.add_loop(&self.pads[&note], at, line, left, right);
        }
        self.add_noise(at, left, right);
        self.modulate(at, left, right);
        for (&note, &line) in &chords.basses {
            self.add_loop(&self.basses[&note], at, line, left, right);
        }
        self.add_struck(at, left, right);
        if let Some(carrier) = self.carrier {
            play_tone(self.stimulus, carrier.hz, self.modulation(at), left, right);
        }
        self.fade(at, left, right);
    }

    fn seconds(&self, frame: usize) -> f64 {
        frame as f64 / f64::from(self.rate_hz)
    }

    /// A function of time as a straight line over the block.
    fn line(&self, at: usize, value: impl Fn(f64) -> f64) -> Line {
        (value(self.seconds(at)), value(self.seconds(at + BLOCK)))
    }

    fn modulation(&self, at: usize) -> Modulation {
        let (from_s, to_s) = (self.seconds(at), self.seconds(at + BLOCK));
        Modulation {
            turns: (self.schedule.turns(from_s), self.schedule.turns(to_s)),
            depth: (self.schedule.at(from_s).1, self.schedule.at(to_s).1),
            from_s,
            to_s,
        }
    }

    fn modulate(&self, at: usize, left: &mut [f32; BLOCK], right: &mut [f32; BLOCK]) {
        match self.stimulus {
            Stimulus::Am => self.modulation(at).apply(left, right),
            Stimulus::Sham => self.modulation(at).apply_mean(left, right),
            Stimulus::Monaural | Stimulus::Isochronic | Stimulus::Binaural => {}
        }
    }

    /// Gains of the sustained notes; a note shared by two chords keeps sounding.
    fn chord_gains(&self, at: usize) -> ChordGains {
        let mut gains = ChordGains::default();
        let pass = (self.seconds(at) / self.loop_s).floor();
        for pass in [pass - 1.0, pass, pass + 1.0] {
            for chord in &self.chords {
                let start_s = pass * self.loop_s + chord.start_s;
                let end_s = pass * self.loop_s + chord.end_s;
                let line = self.line(at, |t| {
                    rise((t - start_s) / self.melt_s + 0.5) * rise((end_s - t) / self.melt_s + 0.5)
                });
                if line == (0.0, 0.0) {
                    continue;
                }
                for &note in &chord.pad {
                    add_line(&mut gains.pads, note, line, VOICE_GAIN);
                }
                add_line(&mut gains.basses, chord.bass, line, self.levels.bass);
            }
        }
        gains
    }

    /// Adds a loop that is read in step with the clock of the track.
    fn add_loop(
        &self,
        table: &Table,
        at: usize,
        line: Line,
        left: &mut [f32; BLOCK],
        right: &mut [f32; BLOCK],
    ) {
        // Loops are a whole number of blocks, so a block never wraps.
        let from = at % table.len();
        self.add_scaled(&table.left[from..from + BLOCK], line, left);
        self.add_scaled(&table.right[from..from + BLOCK], line, right);
    }

    fn add_scaled(&self, source: &[f32], (from, to): Line, out: &mut [f32; BLOCK]) {
        let (gain, slope) = (from as f32, (to - from) as f32);
        if slope == 0.0 {
            for (y, &x) in out.iter_mut().zip(source) {
                *y += x * gain;
            }
        } else {
            for ((y, &x), &r) in out.iter_mut().zip(source).zip(&self.ramp) {
                *y += x * (gain + slope * r);
            }
        }
    }

    /// Two overlapping grains with sine and cosine windows: constant power, and no period.
    fn add_noise(&self, at: usize, left: &mut [f32; BLOCK], right: &mut [f32; BLOCK]) {
        let grain = at / GRAIN_FRAMES;
        let part = |frame: usize| (frame - grain * GRAIN_FRAMES) as f64 / GRAIN_FRAMES as f64;
        let swell = self.line(at, |t| self.levels.noise * (1.0 + SWELL * sin_turns(t / SWELL_S)));
        let (from, to) = (part(at), part(at + BLOCK));
        let falling = (swell.0 * cos_turns(from / 4.0), swell.1 * cos_turns(to / 4.0));
        let rising = (swell.0 * sin_turns(from / 4.0), swell.1 * sin_turns(to / 4.0));
        for (number, line) in [(grain, falling), (grain + 1, rising)] {
            let offset = Random::new(self.seed, 10_000 + number as u64)
                .below(self.noise.len() / BLOCK)
                * BLOCK;
            self.add_loop(&self.noise, at + offset, line, left, right);
        }
    }

    fn add_struck(&self, at: usize, left: &mut [f32; BLOCK], right: &mut [f32; BLOCK]) {
        let reach_s = self.seconds(self.longest_struck);
        let last = (self.seconds(at + BLOCK) / self.loop_s) as usize;
        let first = ((self.seconds(at) - reach_s) / self.loop_s).max(0.0) as usize;
        for pass in first..=last.min(self.arrangement.len() - 1) {
            let pass_s = pass as f64 * self.loop_s;
            for note in &self.phrases[self.arrangement[pass]] {
                let start = ((pass_s + note.start_s) * f64::from(self.rate_hz)).round() as usize;
                if start >= at + BLOCK || at >= start + self.longest_struck {
                    continue;
                }
                let table = &self.struck[&note.sound];
                if at < start + table.len() {
                    add_shifted(&table.left, start, at, note.gain, left);
                    add_shifted(&table.right, start, at, note.gain, right);
                }
            }
        }
    }

    fn fade(&self, at: usize, left: &mut [f32; BLOCK], right: &mut [f32; BLOCK]) {
        let end_s = self.seconds(self.n_frames);
        let line = self.line(at, |t| rise(t / self.fade_s) * rise((end_s - t) / self.fade_s));
        if line == (1.0, 1.0) {
            return;
        }
        let (gain, slope) = (line.0 as f32, (line.1 - line.0) as f32);
        for ((l, r), &ramp) in left.iter_mut().zip(right).zip(&self.ramp) {
            let g = gain + slope * ramp;
            *l *= g;
            *r *= g;
        }
    }
}

#[derive(Default)]
struct ChordGains {
    pads: BTreeMap<u8, Line>,
    basses: BTreeMap<u8, Line>,
}

fn add_line(gains: &mut BTreeMap<u8, Line>, note: u8, line: Line, scale: f64) {
    let sum = gains.entry(note).or_insert((0.0, 0.0));
    *sum = (sum.0 + line.0 * scale, sum.1 + line.1 * scale);
}

/// Raised cosine from 0 to 1 while `x` goes from 0 to 1, constant outside.
fn rise(x: f64) -> f64 {
    if x <= 0.0 {
        0.0
    } else if x >= 1.0 {
        1.0
    } else {
        0.5 - 0.5 * cos_turns(x / 2.0)
    }
}

/// Adds the part of a struck sound that falls into the block.
fn add_shifted(source: &[f32], start: usize, at: usize, gain: f32, out: &mut [f32; BLOCK]) {
    let skip = start.saturating_sub(at);
    let from = at.saturating_sub(start);
    for (y, &x) in out[skip..].iter_mut().zip(&source[from..]) {
        *y += x * gain;
    }
}

fn sustain(
    chords: &[TimedChord],
    notes: impl Fn(&TimedChord) -> Vec<u8>,
    make: impl Fn(u8) -> Table,
) -> BTreeMap<u8, Table> {
    let mut tables = BTreeMap::new();
    for note in chords.iter().flat_map(notes) {
        tables.entry(note).or_insert_with(|| make(note));
    }
    tables
}

fn strike_all(composition: &Composition, rate_hz: u32) -> BTreeMap<(Instrument, u8), Table> {
    let rate = f64::from(rate_hz);
    let seed = composition.brief.seed;
    let (mut bells, mut plucks) = (None, None);
    let mut tables = BTreeMap::new();
    for note in composition.phrases.iter().flatten() {
        tables.entry((note.instrument, note.midi)).or_insert_with(|| {
            let hz = note_hz(note.midi);
            match note.instrument {
                Instrument::Bell => {
                    synth::bell(hz, bells.get_or_insert_with(|| Room::for_bells(rate, seed)))
                }
                Instrument::Pluck => {
                    synth::pluck(hz, plucks.get_or_insert_with(|| Room::for_plucks(rate, seed)))
                }
                Instrument::Pulse => synth::pulse(hz, rate),
            }
        });
    }
    tables
}

fn time_phrases(composition: &Composition, style: &ModeStyle) -> Vec<Vec<TimedNote>> {
    let beat_s = composition.beat_s();
    let pluck_db = if composition.brief.mode == Mode::Motivation { -6.0 } else { -13.0 };
    let level = |instrument| match instrument {
        Instrument::Bell => from_db(style.bell_db + STRUCK_DB),
        Instrument::Pluck => from_db(pluck_db + STRUCK_DB),
        Instrument::Pulse => from_db(PULSE_DB),
    };
    let timed = |note: &crate::Note| TimedNote {
        start_s: note.start_beat * beat_s,
        sound: (note.instrument, note.midi),
        gain: (note.velocity * level(note.instrument)) as f32,
    };
    composition.phrases.iter().map(|phrase| phrase.iter().map(timed).collect()).collect()
}
