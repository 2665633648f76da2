//! The sample song: a piece of our own with a known key and tempo.
//!
//! Synthetic, and said to be so wherever it is shown. It exists so that a newcomer has a recording
//! without having one, and so that the analysis has a truth to be held against.

use clx_signal::{SampleRate, Waveform};

use crate::brief::{MusicKey, Scale};
use crate::math::{Phasor, exp2};
use crate::random::Random;
use crate::synth::{self, Room, Table};
use crate::theory::note_hz;

const RATE_HZ: f64 = 44_100.0;
const TEMPO_BPM: f64 = 96.0;
const BEATS_PER_BAR: usize = 4;
/// 12 bars of 4 beats at 96 BPM last exactly 30 s.
const N_BARS: usize = 12;
const SEED: u64 = 0x5EED_50C6;
const PEAK: f32 = 0.7;

/// Root of the bass and the chord of each bar: Am Dm E Am | F Dm E E | Am F E Am. The dominant is
/// major, with G sharp, as the harmonic minor scale has it.
const AM: (u8, [u8; 3]) = (45, [57, 60, 64]);
const DM: (u8, [u8; 3]) = (38, [57, 62, 65]);
const E: (u8, [u8; 3]) = (40, [56, 59, 64]);
const F: (u8, [u8; 3]) = (41, [57, 60, 65]);
const BARS: [(u8, [u8; 3]); N_BARS] = [AM, DM, E, AM, F, DM, E, E, AM, F, E, AM];

/// The melody as (bar, beat, note).
const MELODY: [(usize, f64, u8); 37] = [
    (0, 0.0, 69),
    (0, 1.5, 72),
    (0, 2.0, 76),
    (0, 3.0, 74),
    (1, 0.0, 77),
    (1, 1.0, 74),
    (1, 2.0, 69),
    (1, 3.5, 71),
    (2, 0.0, 71),
    (2, 1.0, 68),
    (2, 2.0, 76),
    (3, 0.0, 72),
    (3, 0.5, 71),
    (3, 1.0, 69),
    (4, 0.0, 77),
    (4, 1.5, 76),
    (4, 2.0, 72),
    (4, 3.0, 69),
    (5, 0.0, 74),
    (5, 1.0, 77),
    (5, 2.0, 81),
    (5, 3.0, 77),
    (6, 0.0, 76),
    (6, 1.0, 71),
    (6, 2.0, 68),
    (7, 0.0, 71),
    (7, 1.0, 74),
    (7, 2.0, 76),
    (8, 0.0, 81),
    (8, 1.0, 76),
    (8, 2.0, 72),
    (8, 3.0, 69),
    (9, 0.0, 77),
    (9, 2.0, 72),
    (10, 0.0, 71),
    (10, 2.0, 68),
    (11, 0.0, 69),
];

/// What the sample song is, for tests of the analysis.
#[derive(Clone, Debug, PartialEq)]
pub struct Truth {
    pub key: MusicKey,
    pub tempo_bpm: f64,
    /// Times of all beats, seconds; the first of every four is a downbeat.
    pub beats_s: Vec<f64>,
}

#[derive(Clone, Debug)]
pub struct SampleSong {
    pub waveform: Waveform,
    pub truth: Truth,
}

/// Plays the sample song: 30 s, stereo, 44.1 kHz, A minor, 96 BPM, with drums, bass, chords and a
/// melody. The same samples on every call.
pub fn sample_song() -> SampleSong {
    let n_frames = (30.0 * RATE_HZ) as usize;
    let mut song = Song { left: vec![0.0; n_frames], right: vec![0.0; n_frames] };
    let room = Room::for_plucks(RATE_HZ, SEED);
    for (bar, (root, chord)) in BARS.iter().enumerate() {
        play_bar(&mut song, bar, *root, *chord, &room);
    }
    let bells = Room::for_bells(RATE_HZ, SEED);
    for (bar, beat, note) in MELODY {
        song.add(&synth::bell(note_hz(note), &bells), bar, beat, 0.55, 0.15);
    }
    song.finish()
}

fn play_bar(song: &mut Song, bar: usize, root: u8, chord: [u8; 3], room: &Room) {
    let last = bar == N_BARS - 1;
    let bass = synth::pluck(note_hz(root), room);
    for beat in if last { vec![0.0] } else { vec![0.0, 1.5, 2.0, 3.0] } {
        song.add(&bass, bar, beat, 0.6, 0.0);
    }
    for (i, note) in chord.into_iter().enumerate() {
        let table = synth::pluck(note_hz(note), room);
        for beat in if last { vec![0.0] } else { vec![0.0, 1.0, 2.0, 3.0] } {
            song.add(&table, bar, beat, 0.2, 0.4 * (i as f32 - 1.0));
        }
    }
    if last {
        song.add(&kick(), bar, 0.0, 0.8, 0.0);
        return;
    }
    for beat in [0.0, 2.0] {
        song.add(&kick(), bar, beat, 0.8, 0.0);
        song.add(&hiss(0.09, 0.5, 2 * bar as u64), bar, beat + 1.0, 0.35, 0.0);
    }
    for eighth in 0..2 * BEATS_PER_BAR {
        let level = if eighth % 2 == 0 { 0.16 } else { 0.08 };
        song.add(&hiss(0.03, 0.0, 99), bar, eighth as f64 / 2.0, level, 0.3);
    }
}

/// A drum that falls from 150 to 50 Hz.
fn kick() -> Table {
    let n = (0.35 * RATE_HZ) as usize;
    let mut turns = 0.0;
    let x = (0..n).map(|i| {
        let t = i as f64 / RATE_HZ;
        turns += (50.0 + 100.0 * exp2(-t / 0.03)) / RATE_HZ;
        let attack = (t / 0.002).min(1.0);
        let ending = ((n - i) as f64 / (0.05 * RATE_HZ)).min(1.0);
        (crate::math::sin_turns(turns) * exp2(-t / 0.07) * attack * ending) as f32
    });
    let x: Vec<f32> = x.collect();
    Table { left: x.clone(), right: x }
}

/// Noise that dies away in `half_life_s`; differences of it when `body` is 0, which is brighter.
fn hiss(half_life_s: f64, body: f64, seed: u64) -> Table {
    let n = (half_life_s * 6.0 * RATE_HZ) as usize;
    let mut random = Random::new(SEED, seed);
    let per_frame = exp2(-1.0 / (half_life_s * RATE_HZ));
    let mut tone = Phasor::new(0.0, n as f64 * 190.0 / RATE_HZ, n);
    let (mut level, mut before) = (1.0, 0.0);
    let x: Vec<f32> = (0..n)
        .map(|i| {
            let draw = random.uniform() - 0.5;
            let y = draw - (1.0 - body) * before + body * tone.sin;
            before = draw;
            tone.step();
            level *= per_frame;
            let ending = ((n - i) as f64 / (0.2 * n as f64)).min(1.0);
            (y * level * ending) as f32
        })
        .collect();
    Table { left: x.clone(), right: x }
}

struct Song {
    left: Vec<f32>,
    right: Vec<f32>,
}

impl Song {
    /// Adds a sound at a beat; `pan` from -1 (left) to 1 (right).
    fn add(&mut self, table: &Table, bar: usize, beat: f64, gain: f32, pan: f32) {
        let beats = (bar * BEATS_PER_BAR) as f64 + beat;
        let start = (beats * 60.0 / TEMPO_BPM * RATE_HZ).round() as usize;
        let sides = [(&mut self.left, &table.left, -pan), (&mut self.right, &table.right, pan)];
        for (out, source, lean) in sides {
            for (y, &x) in out[start..].iter_mut().zip(source) {
                *y += x * gain * (1.0 + lean);
            }
        }
    }

    fn finish(mut self) -> SampleSong {
        let samples = || self.left.iter().chain(&self.right);
        let peak = samples().fold(0.0_f32, |peak, v| peak.max(v.abs()));
        // The tail of the last chord is faded over the last half second.
        let n = self.left.len();
        let n_fade = (0.5 * RATE_HZ) as usize;
        for channel in [&mut self.left, &mut self.right] {
            for (i, v) in channel.iter_mut().enumerate() {
                *v *= PEAK / peak * ((n - i) as f32 / n_fade as f32).min(1.0);
            }
        }
        let rate = SampleRate::from_hz(RATE_HZ).expect("44100 Hz is above zero");
        let waveform = Waveform::new(rate, vec![self.left, self.right])
            .expect("both channels have the same length");
        let n_beats = N_BARS * BEATS_PER_BAR;
        SampleSong {
            waveform,
            truth: Truth {
                key: MusicKey { tonic: 9, scale: Scale::Minor },
                tempo_bpm: TEMPO_BPM,
                beats_s: (0..n_beats).map(|i| i as f64 * 60.0 / TEMPO_BPM).collect(),
            },
        }
    }
}
