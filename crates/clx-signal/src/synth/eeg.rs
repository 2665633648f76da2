use super::{pink, shaped};
use crate::{
    Annotation, Channel, ChannelInfo, ChannelKind, Recording, SampleRate, Unit, rng::SplitMix64,
};

const RATE_HZ: f64 = 250.0;
const DURATION_S: f64 = 60.0;
const HALF_S: f64 = 30.0;
const ALPHA_HZ: f64 = 10.2;
const EXPONENT: f64 = 1.2;
const ALPHA_RATIO: f64 = 3.0;

/// Sites of the 10-20 system with their share of alpha, of blinks and of line noise.
/// Alpha is largest at the back, blinks at the front; both shares are amplitudes, 0..=1.
const SITES: [(&str, f64, f64); 19] = [
    ("Fp1", 0.15, 1.0),
    ("Fp2", 0.15, 1.0),
    ("F7", 0.15, 0.45),
    ("F3", 0.25, 0.40),
    ("Fz", 0.25, 0.40),
    ("F4", 0.25, 0.40),
    ("F8", 0.15, 0.45),
    ("T7", 0.30, 0.08),
    ("C3", 0.40, 0.12),
    ("Cz", 0.40, 0.12),
    ("C4", 0.40, 0.12),
    ("T8", 0.30, 0.08),
    ("P7", 0.75, 0.03),
    ("P3", 0.85, 0.04),
    ("Pz", 0.85, 0.04),
    ("P4", 0.85, 0.04),
    ("P8", 0.75, 0.03),
    ("O1", 1.00, 0.02),
    ("O2", 1.10, 0.02),
];

/// What was put into [`eeg_sample`].
#[derive(Clone, Debug, PartialEq)]
pub struct EegTruth {
    pub alpha_peak_hz: f64,
    /// Alpha power with eyes closed over eyes open, background not counted.
    pub alpha_ratio: f64,
    /// Exponent of the background, `f^-exponent`.
    pub aperiodic_exponent: f64,
    pub noisy_channel: &'static str,
    pub line_hz: f64,
    /// Eyes open before, closed after.
    pub eyes_close_s: f64,
    /// Onsets of the blinks, seconds.
    pub blinks_s: Vec<f64>,
}

/// A synthetic EEG: 60 s, 19 channels of the 10-20 system, 250 Hz, volts.
///
/// Not a recording of a person. Each channel is `1/f^1.2` noise of its own plus half as much noise
/// shared by all; an alpha rhythm of 10.2 Hz (spectral width 0.5 Hz, common to all sites, largest
/// at the back) whose power triples when the eyes close at 30 s; blinks of about 100 µV at the
/// forehead in the first half; and one bad channel, `T8`, with 40 µV of 50 Hz and 40 µV of white
/// noise. The same seed gives the same samples. Annotations mark `eyes open`, `eyes closed` and
/// each blink.
///
/// ```
/// let (recording, truth) = clx_signal::synth::eeg_sample(1);
/// assert_eq!((recording.channels.len(), recording.duration_s()), (19, 60.0));
/// assert_eq!(truth.alpha_peak_hz, 10.2);
/// ```
pub fn eeg_sample(seed: u64) -> (Recording, EegTruth) {
    let rate = SampleRate::from_hz(RATE_HZ).expect("a constant above zero");
    let mut seeds = SplitMix64::new(seed);
    let truth = EegTruth {
        alpha_peak_hz: ALPHA_HZ,
        alpha_ratio: ALPHA_RATIO,
        aperiodic_exponent: EXPONENT,
        noisy_channel: "T8",
        line_hz: 50.0,
        eyes_close_s: HALF_S,
        blinks_s: blink_onsets(&mut seeds),
    };
    let alpha = alpha_rhythm(rate, seeds.next_u64());
    let shared = pink(rate, 1.5e-12, EXPONENT, DURATION_S, seeds.next_u64());
    let channels = SITES
        .iter()
        .map(|&(name, alpha_share, blink_share)| {
            let mut x = pink(rate, 6e-12, EXPONENT, DURATION_S, seeds.next_u64());
            for (i, v) in x.iter_mut().enumerate() {
                let t = rate.seconds(i);
                *v += shared[i] + alpha_share as f32 * alpha[i];
                *v += (blink_share * blinks(t, &truth.blinks_s)) as f32;
            }
            if name == truth.noisy_channel {
                spoil(&mut x, rate, &truth, seeds.next_u64());
            }
            channel(name, rate, x)
        })
        .collect();
    let recording = Recording { channels, annotations: annotations(&truth), gaps: Vec::new() };
    (recording, truth)
}

/// Narrow-band Gaussian noise around the alpha frequency; its spectrum is a Gaussian, so the peak
/// and the centre of gravity coincide.
fn alpha_rhythm(rate: SampleRate, seed: u64) -> Vec<f32> {
    // 7 µV rms (about 20 µV peak to peak) with eyes open.
    let (power, width_hz) = (7e-6_f64.powi(2), 0.25);
    let norm = power / (width_hz * std::f64::consts::TAU.sqrt());
    let mut x = shaped(rate, DURATION_S, seed, |f| {
        norm * (-0.5 * ((f - ALPHA_HZ) / width_hz).powi(2)).exp()
    });
    for (i, v) in x.iter_mut().enumerate() {
        // The eyes close within half a second.
        let closed = ((rate.seconds(i) - HALF_S) / 0.5 + 0.5).clamp(0.0, 1.0);
        *v *= (1.0 + closed * (ALPHA_RATIO.sqrt() - 1.0)) as f32;
    }
    x
}

fn blink_onsets(rng: &mut SplitMix64) -> Vec<f64> {
    let mut onsets = Vec::new();
    let mut t = 1.5;
    while t < HALF_S - 1.0 {
        onsets.push((t * 1000.0).round() / 1000.0);
        t += 2.5 + 3.0 * rng.next_f64();
    }
    onsets
}

/// Half-sine bumps of 100 µV and 0.3 s, squared so that they start smoothly.
fn blinks(t: f64, onsets: &[f64]) -> f64 {
    let last = onsets.partition_point(|&on| on <= t);
    let Some(&onset) = last.checked_sub(1).and_then(|i| onsets.get(i)) else { return 0.0 };
    let phase = (t - onset) / 0.3;
    if phase < 1.0 { 100e-6 * (std::f64::consts::PI * phase).sin().powi(2) } else { 0.0 }
}

fn spoil(x: &mut [f32], rate: SampleRate, truth: &EegTruth, seed: u64) {
    let mut rng = SplitMix64::new(seed);
    for (i, v) in x.iter_mut().enumerate() {
        let turns = (truth.line_hz * rate.seconds(i)).fract();
        let line = 40e-6 * (std::f64::consts::TAU * turns).sin();
        *v += (line + 40e-6 * rng.next_normal()) as f32;
    }
}

fn channel(name: &str, rate: SampleRate, samples: Vec<f32>) -> Channel {
    let info = ChannelInfo {
        name: name.to_owned(),
        label: format!("EEG {name}-Ref"),
        kind: ChannelKind::Eeg,
        unit: Unit::Volt,
        rate,
        n_samples: samples.len() as u64,
    };
    Channel { info, samples }
}

fn annotations(truth: &EegTruth) -> Vec<Annotation> {
    let span = |onset_s: f64, duration_s: f64, text: &str| Annotation {
        onset_s,
        duration_s: Some(duration_s),
        text: text.to_owned(),
        channel: None,
    };
    let mut all = vec![span(0.0, HALF_S, "eyes open"), span(HALF_S, HALF_S, "eyes closed")];
    all.extend(truth.blinks_s.iter().map(|&on| span(on, 0.3, "blink")));
    all.sort_by(|a, b| a.onset_s.total_cmp(&b.onset_s));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sample_is_finite_plausible_and_reproducible() {
        let (a, truth) = eeg_sample(42);
        let (b, _) = eeg_sample(42);
        assert_eq!(a, b);
        a.check_finite().unwrap();
        assert!(truth.blinks_s.len() >= 5 && truth.blinks_s.iter().all(|&t| t < 30.0));
        for c in &a.channels {
            let peak = c.samples.iter().fold(0.0_f32, |m, v| m.max(v.abs()));
            assert!((1e-5..5e-4).contains(&peak), "{} peaks at {peak} V", c.info.name);
        }
    }
}
