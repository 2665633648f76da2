//! Tempo from the periodicity of the onset envelope.
//!
//! Local autocorrelations (a tempogram, Grosche & Müller 2011) are averaged and weighted by a
//! log-normal preference around 120 BPM (Moelants 2002, Ellis 2007); the best lag is then refined on
//! its multiples, which a steady pulse reaches many periods away. Unreliable for rubato and below
//! 40 BPM; half and double tempo stay among the candidates.

use std::f64::consts::TAU;

use realfft::RealFftPlanner;

use crate::overview::TempoCandidate;

const MIN_BPM: f64 = 30.0;
const MAX_BPM: f64 = 300.0;
/// Centre and width (octaves) of the preference.
const PREFERRED_BPM: f64 = 120.0;
const PREFERENCE_OCTAVES: f64 = 1.0;
/// Length of a tempogram window, as in librosa (384 frames).
const WINDOW_S: f64 = 8.9;
/// Above this people tap every other beat (McKinney & Moelants 2006) if the beats differ.
const FASTEST_TACTUS_BPM: f64 = 160.0;
/// How much stronger every other beat must be to count as an accent.
const ACCENT: f64 = 1.15;
/// Salience below this is what noise and speech reach; short sounds reach more by chance.
const MIN_SALIENCE: f64 = 0.2;
const CHANCE: f64 = 5.0;
/// The strongest 3 of 1,000 frames must raise the mel bands by this much on average, dB: at 30 BPM six in
/// 1,000 hold an onset. A steady tone does not; a soft note that lifts three of the 128 bands by 5 dB
/// does.
const LEAST_ONSET_DB: f32 = 0.1;
/// A sound this short may be a loop.
const LONGEST_LOOP_S: f64 = 20.0;
const MIN_LOOP_SALIENCE: f64 = 0.25;
const MAX_CANDIDATES: usize = 5;

/// What the sound is apart from its onsets.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context {
    pub(crate) duration_s: f64,
    /// Whether it begins within 20 dB of its mean level, as cut loops do.
    pub(crate) starts_at_once: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Pulse {
    pub(crate) bpm: f64,
    pub(crate) confidence: f64,
    pub(crate) candidates: Vec<TempoCandidate>,
    /// The sound was taken for a loop of whole beats.
    pub(crate) loop_beats: Option<u32>,
}

/// Finds the tempo of `envelope` (one value per `1 / fps` seconds); `None` without a pulse.
pub(crate) fn estimate(envelope: &[f32], fps: f64, context: Context) -> Option<Pulse> {
    if strong_onset(envelope)? < LEAST_ONSET_DB {
        return None;
    }
    let x = centred(envelope)?;
    let tempogram = mean_autocorrelation(&x, fps);
    let peaks = peaks(&tempogram, fps);
    let noise = MIN_SALIENCE.max(CHANCE / (x.len() as f64).sqrt());
    let linear = peaks.iter().copied().max_by(|a, b| a.salience.total_cmp(&b.salience));
    let looped = loop_tempo(&x, fps, context, linear);
    let (best, loop_beats) = match (looped, linear) {
        (Some((peak, beats)), _) => (peak, Some(beats)),
        (None, Some(peak)) if peak.salience >= noise => {
            (Peak { bpm: refine(&x, fps, peak.bpm), ..peak }, None)
        }
        _ => return None,
    };
    let mut bpm = best.bpm;
    let mut loop_beats = loop_beats;
    if bpm > FASTEST_TACTUS_BPM && accent(envelope, fps, bpm) >= ACCENT {
        bpm /= 2.0;
        loop_beats = loop_beats.map(|b| b / 2);
    }
    let candidates = rank(bpm, best, &peaks);
    let total: f64 = candidates.iter().map(|c| c.salience).sum();
    let confidence = (candidates[0].salience / total).clamp(0.0, 1.0);
    Some(Pulse { bpm, confidence, candidates, loop_beats })
}

/// The 99.7th percentile.
fn strong_onset(envelope: &[f32]) -> Option<f32> {
    let mut sorted = envelope.to_vec();
    sorted.sort_by(f32::total_cmp);
    sorted.get(sorted.len().checked_sub(1)? * 997 / 1000).copied()
}

#[derive(Clone, Copy, Debug)]
struct Peak {
    bpm: f64,
    salience: f64,
}

/// The chosen tempo first, then the others by salience, near duplicates left out.
fn rank(bpm: f64, best: Peak, peaks: &[Peak]) -> Vec<TempoCandidate> {
    let mut ranked = vec![TempoCandidate { bpm, salience: best.salience }];
    if (best.bpm / bpm - 1.0).abs() > 0.04 {
        ranked.push(TempoCandidate { bpm: best.bpm, salience: best.salience });
    }
    let mut others: Vec<Peak> = peaks.to_vec();
    others.sort_by(|a, b| b.salience.total_cmp(&a.salience));
    for peak in others {
        let known = ranked.iter().any(|c| (c.bpm / peak.bpm - 1.0).abs() < 0.04);
        if !known && ranked.len() < MAX_CANDIDATES && peak.salience > 0.0 {
            ranked.push(TempoCandidate { bpm: peak.bpm, salience: peak.salience });
        }
    }
    ranked
}

fn preference(bpm: f64) -> f64 {
    (-0.5 * ((bpm / PREFERRED_BPM).log2() / PREFERENCE_OCTAVES).powi(2)).exp()
}

fn centred(envelope: &[f32]) -> Option<Vec<f64>> {
    // Two beats at the slowest tempo.
    if envelope.len() < 64 {
        return None;
    }
    let mean = envelope.iter().map(|&e| f64::from(e)).sum::<f64>() / envelope.len() as f64;
    let x: Vec<f64> = envelope.iter().map(|&e| f64::from(e) - mean).collect();
    let x = smoothed(&x);
    // An envelope without any rise (silence, DC) has no pulse to look for.
    (x.iter().map(|v| v * v).sum::<f64>() > 1e-9 * x.len() as f64).then_some(x)
}

/// Binomial smoothing over five frames: a lag that falls between two frames must not weigh less
/// than its double, which falls on one.
fn smoothed(x: &[f64]) -> Vec<f64> {
    const KERNEL: [f64; 5] = [1.0 / 16.0, 4.0 / 16.0, 6.0 / 16.0, 4.0 / 16.0, 1.0 / 16.0];
    let at = |i: usize| i.checked_sub(2).and_then(|i| x.get(i)).copied().unwrap_or(0.0);
    (0..x.len()).map(|i| KERNEL.iter().enumerate().map(|(k, w)| w * at(i + k)).sum()).collect()
}

/// Autocorrelation of every window, normalised to 1 at lag 0, averaged.
fn mean_autocorrelation(x: &[f64], fps: f64) -> Vec<f64> {
    let window = x.len().min((WINDOW_S * fps) as usize);
    let hann: Vec<f64> = (0..window)
        .map(|i| 0.5 - 0.5 * (TAU * (i as f64 + 1.0) / (window as f64 + 1.0)).cos())
        .collect();
    let n_lags = window.min((60.0 / MIN_BPM * fps * 1.2) as usize + 2);
    let mut correlator = Correlator::new(window);
    let bias = correlator.run(&hann, n_lags);
    let mut mean = vec![0.0; n_lags];
    let mut n = 0;
    let mut piece = vec![0.0; window];
    for start in (0..=x.len() - window).step_by((window / 4).max(1)) {
        let part = &x[start..start + window];
        let local = part.iter().sum::<f64>() / window as f64;
        for ((p, v), h) in piece.iter_mut().zip(part).zip(&hann) {
            *p = (v - local) * h;
        }
        let ac = correlator.run(&piece, n_lags);
        if ac[0] <= 0.0 {
            continue;
        }
        n += 1;
        for ((m, a), b) in mean.iter_mut().zip(&ac).zip(&bias) {
            // What the window itself loses at this lag is given back, up to a factor of 20.
            *m += a / ac[0] / (b / bias[0]).max(0.05);
        }
    }
    mean.iter_mut().for_each(|m| *m /= f64::from(n.max(1)));
    mean
}

/// Linear autocorrelation through the FFT.
struct Correlator {
    forward: std::sync::Arc<dyn realfft::RealToComplex<f64>>,
    inverse: std::sync::Arc<dyn realfft::ComplexToReal<f64>>,
}

impl Correlator {
    fn new(n: usize) -> Self {
        Self::circular((2 * n).next_power_of_two())
    }

    fn circular(n: usize) -> Self {
        let mut planner = RealFftPlanner::new();
        Self { forward: planner.plan_fft_forward(n), inverse: planner.plan_fft_inverse(n) }
    }

    fn run(&mut self, x: &[f64], n_lags: usize) -> Vec<f64> {
        let mut time = self.forward.make_input_vec();
        let mut bins = self.forward.make_output_vec();
        time[..x.len()].copy_from_slice(x);
        self.forward.process(&mut time, &mut bins).expect("buffers come from the plan");
        for bin in &mut bins {
            *bin = (bin.norm_sqr()).into();
        }
        self.inverse.process(&mut bins, &mut time).expect("a power spectrum is real at both ends");
        time.truncate(n_lags);
        time
    }
}

/// Local maxima of the autocorrelation with their preference.
fn peaks(ac: &[f64], fps: f64) -> Vec<Peak> {
    let mut found = Vec::new();
    for lag in 2..ac.len().saturating_sub(1) {
        let (a, b, c) = (ac[lag - 1], ac[lag], ac[lag + 1]);
        if b <= 0.0 || b < a || b <= c {
            continue;
        }
        let offset = vertex(a, b, c);
        let bpm = 60.0 * fps / (lag as f64 + offset);
        if (MIN_BPM..=MAX_BPM).contains(&bpm) {
            let height = b - 0.25 * (a - c) * offset;
            found.push(Peak { bpm, salience: height * preference(bpm) });
        }
    }
    found
}

fn vertex(a: f64, b: f64, c: f64) -> f64 {
    let curve = a - 2.0 * b + c;
    if curve < 0.0 { (0.5 * (a - c) / curve).clamp(-0.5, 0.5) } else { 0.0 }
}

/// Sharpens `bpm` on multiples of its lag, as long as the pulse is still seen there.
fn refine(x: &[f64], fps: f64, bpm: f64) -> f64 {
    let n_lags = x.len().min((16.0 * fps) as usize).min(x.len() * 3 / 4);
    let mut ac = Correlator::new(x.len()).run(x, n_lags);
    let n = x.len() as f64;
    ac.iter_mut().enumerate().for_each(|(lag, a)| *a /= 1.0 - lag as f64 / n);
    let mut period = 60.0 * fps / bpm;
    let mut reference = None;
    for multiple in [1.0, 2.0, 4.0, 8.0, 16.0] {
        let centre = period * multiple;
        // A fifth of a beat, less than the distance to a neighbouring subdivision.
        let reach = (period / 5.0).clamp(1.5, 6.0);
        let (low, high) = ((centre - reach).ceil() as usize, (centre + reach).floor() as usize);
        if low < 2 || high + 1 >= ac.len() {
            break;
        }
        let Some(lag) = (low..=high).max_by(|&a, &b| ac[a].total_cmp(&ac[b])) else { break };
        let height = *reference.get_or_insert(ac[lag]);
        let inside = lag > low && lag < high;
        if !inside || ac[lag] <= 0.0 || ac[lag] < 0.5 * height {
            break;
        }
        period = (lag as f64 + vertex(ac[lag - 1], ac[lag], ac[lag + 1])) / multiple;
    }
    60.0 * fps / period
}

/// The tempo at which the sound is a loop of 4, 8, 16, … beats, if it behaves like one.
///
/// A loop repeats seamlessly, so its *circular* autocorrelation is high at whole fractions of its
/// length, where that of any other short clip is near zero. Its tempo is then exact.
fn loop_tempo(x: &[f64], fps: f64, context: Context, linear: Option<Peak>) -> Option<(Peak, u32)> {
    if context.duration_s > LONGEST_LOOP_S || !context.starts_at_once {
        return None;
    }
    // Frames of the sound itself; the last frame of a centred analysis lies behind its end.
    let n = ((context.duration_s * fps).round() as usize).min(x.len());
    let ac = Correlator::circular(n).run(&x[..n], n);
    if ac[0] <= 0.0 {
        return None;
    }
    let at = |lag: f64| {
        let i = lag.floor();
        let part = lag - i;
        (ac[i as usize % n] * (1.0 - part) + ac[(i as usize + 1) % n] * part) / ac[0]
    };
    let length = context.duration_s * fps;
    let (beats, peak) = [4_u32, 8, 16, 32, 64]
        .iter()
        .map(|&beats| {
            let bpm = 60.0 * f64::from(beats) / context.duration_s;
            (beats, Peak { bpm, salience: at(length / f64::from(beats)) * preference(bpm) })
        })
        .filter(|(_, peak)| (40.0..=240.0).contains(&peak.bpm))
        .max_by(|a, b| a.1.salience.total_cmp(&b.1.salience))?;
    let value = peak.salience / preference(peak.bpm);
    // A clear pulse elsewhere means that the length is not a whole number of its beats.
    let contradicted = linear.is_some_and(|l| {
        let octaves = (l.bpm / peak.bpm).log2();
        l.salience > 0.45 && (octaves - octaves.round()).abs() > 0.02
    });
    (value >= MIN_LOOP_SALIENCE && !contradicted).then_some((peak, beats))
}

/// Strength of the stronger of every other beat over the weaker, at the best phase.
fn accent(envelope: &[f32], fps: f64, bpm: f64) -> f64 {
    let period = 60.0 * fps / bpm;
    let mean_at = |phase: f64, step: f64| {
        let (mut sum, mut n) = (0.0, 0);
        let mut t = phase;
        while t + 1.0 < envelope.len() as f64 {
            // The beat may fall a frame beside its place.
            let i = t.round() as usize;
            let around = &envelope[i.saturating_sub(1)..(i + 2).min(envelope.len())];
            sum += f64::from(around.iter().copied().fold(0.0, f32::max));
            n += 1;
            t += step;
        }
        sum / f64::from(n.max(1))
    };
    let phases = (0..(period.round() as usize)).map(|p| p as f64);
    let best = phases.max_by(|&a, &b| mean_at(a, period).total_cmp(&mean_at(b, period)));
    let best = best.unwrap_or(0.0);
    let even = mean_at(best, 2.0 * period);
    let odd = mean_at(best + period, 2.0 * period);
    even.max(odd) / even.min(odd).max(1e-9)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clicks(bpm: f64, fps: f64, seconds: f64) -> Vec<f32> {
        let mut envelope = vec![0.0; (seconds * fps) as usize];
        let mut t = 0.3;
        while ((t * fps) as usize) + 2 < envelope.len() {
            let at = t * fps;
            // A rise one frame wide, placed between frames.
            let part = (at - at.floor()) as f32;
            envelope[at as usize] += 1.0 - part;
            envelope[at as usize + 1] += part;
            t += 60.0 / bpm;
        }
        envelope
    }

    const LONG: Context = Context { duration_s: 60.0, starts_at_once: false };

    #[test]
    fn pulse_trains_give_their_tempo_to_a_tenth_of_a_percent() {
        for bpm in [61.0, 72.5, 90.0, 101.7, 120.0, 133.3, 148.0] {
            let pulse = estimate(&clicks(bpm, 86.13, 60.0), 86.13, LONG).unwrap();
            assert!((pulse.bpm / bpm - 1.0).abs() < 1e-3, "{bpm}: {pulse:?}");
            assert_eq!(pulse.candidates[0].bpm, pulse.bpm);
        }
    }

    #[test]
    fn flat_and_single_event_envelopes_have_no_pulse() {
        assert!(estimate(&[1.0; 5_000], 86.0, LONG).is_none());
        assert!(estimate(&[0.0; 10], 86.0, LONG).is_none());
        let mut once = vec![0.0; 5_000];
        once[2_000] = 1.0;
        assert!(estimate(&once, 86.0, LONG).is_none());
    }
}
