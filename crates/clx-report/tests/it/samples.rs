//! Results with made-up, unmistakable numbers, in the types of the analyses.

use std::collections::BTreeMap;

use clx_analysis::{InputRef, ResultEnvelope};
use clx_audio::overview::{
    AudioOverview, Descriptors, Dynamics, Key, Loudness, Mode, Segment, Tempo, TempoCandidate,
};
use clx_eeg::overview::{
    AlphaPeak, Aperiodic, Asymmetry, BandPower, ChannelOverview, ChannelQuality, EegOverview,
    Preparation, StateSummary, Statement,
};
use clx_signal::{Annotation, Band, ChannelKind, Finding, Gap, Severity};
use serde_json::{Value, json};

const SITES: [(&str, [f64; 2]); 10] = [
    ("Fp1", [-0.28, 0.85]),
    ("Fp2", [0.28, 0.85]),
    ("F3", [-0.36, 0.48]),
    ("F4", [0.36, 0.48]),
    ("C3", [-0.45, 0.0]),
    ("C4", [0.45, 0.0]),
    ("P3", [-0.36, -0.48]),
    ("P4", [0.36, -0.48]),
    ("O1", [-0.28, -0.85]),
    ("O2", [0.28, -0.85]),
];

/// A repeatable number in 0..1.
fn wobble(i: usize) -> f64 {
    ((i as f64 * 12.9898).sin() * 43_758.545).fract().abs()
}

fn envelope(
    analysis: &str,
    params: Value,
    input: Option<InputRef>,
    output: Value,
) -> ResultEnvelope {
    ResultEnvelope {
        analysis: analysis.to_owned(),
        version: "0.1.0".to_owned(),
        params,
        input,
        output,
    }
}

fn file(name: &str, format: &str) -> Option<InputRef> {
    Some(InputRef {
        name: name.to_owned(),
        sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
        size_bytes: 1_234_567,
        format: format.to_owned(),
    })
}

fn band_powers(channel: usize, level: f64) -> Vec<BandPower> {
    let powers = Band::OVERVIEW.iter().enumerate().map(|(b, band)| {
        let power =
            level * (40.0 / (b as f64 + 1.0)) * (0.6 + 0.5 * wobble(channel * 5 + b)) * 1e-12;
        BandPower {
            band: band.name.to_owned(),
            power_v2: power,
            relative: [0.41, 0.22, 0.19, 0.12, 0.06][b],
            ci95_v2: Some([power * 0.88, power * 1.14]),
        }
    });
    powers.collect()
}

fn channel(i: usize, freqs_hz: &[f64]) -> ChannelOverview {
    let (name, position) = SITES[i];
    let good = i != 3;
    let level = if good { 1.0 } else { 9.0 };
    let back = 0.15 + (1.0 - position[1]) / 2.0;
    let density = |f: &f64| {
        let alpha = 9.0 * back * (-(f - 10.1).powi(2) / 2.0).exp();
        let noise = 0.85 + 0.3 * wobble(i * 1000 + (f * 4.0) as usize);
        (20.0 * f.powf(-1.2) + alpha) * noise * level * 1e-12
    };
    let strip =
        (0..120).map(|c| (if good { 0.85 } else { 0.15 } + 0.15 * wobble(c + i * 13)) as f32);
    ChannelOverview {
        name: name.to_owned(),
        label: format!("EEG {name}-Ref"),
        kind: ChannelKind::Eeg,
        rate_hz: 250.0,
        position: Some(position),
        quality: ChannelQuality {
            good,
            rms_v: 11.37e-6 * level,
            flat_share: 0.0,
            clipped_share: if good { 0.0 } else { 0.034 },
            amplitude_z: Some(if good { 0.3 } else { 6.8 }),
            line_noise_db: (i != 5).then_some(1.4 + i as f64),
            strip: strip.collect(),
            strip_s: 5.0,
        },
        psd_v2_per_hz: freqs_hz.iter().map(density).collect(),
        bands: band_powers(i, level),
        alpha_peak: good.then_some(AlphaPeak {
            peak_hz: 10.13,
            centre_of_gravity_hz: 9.87,
            prominence_db: 8.6,
            ci95_hz: Some([9.96, 10.31]),
        }),
        aperiodic: Some(aperiodic()),
    }
}

fn aperiodic() -> Aperiodic {
    Aperiodic { exponent: 1.234, offset: -10.897, r_squared: 0.981, fmin_hz: 2.0, fmax_hz: 40.0 }
}

pub(crate) fn eeg_overview() -> EegOverview {
    let freqs_hz: Vec<f64> = (4..=160).map(|i| f64::from(i) * 0.25).collect();
    let statement = Statement {
        message: "eeg-state-not-in-any-bundle".to_owned(),
        figures: BTreeMap::from([("peak_hz".to_owned(), 10.13)]),
        text: "The alpha peak lies at 10.13 Hz.".to_owned(),
    };
    EegOverview {
        duration_s: 600.0,
        rate_hz: 250.0,
        preparation: Preparation {
            reference: "average".to_owned(),
            highpass_hz: 1.0,
            lowpass_hz: 40.0,
            notch_hz: vec![50.0],
            phase: "zero-phase".to_owned(),
            window_s: 4.0,
            overlap: 0.5,
            bads: vec!["F4".to_owned()],
        },
        channels: (0..SITES.len()).map(|i| channel(i, &freqs_hz)).collect(),
        freqs_hz,
        bands: Band::OVERVIEW.to_vec(),
        mean_bands: Some(band_powers(77, 1.0)),
        alpha_peak: Some(AlphaPeak {
            peak_hz: 10.13,
            centre_of_gravity_hz: 9.87,
            prominence_db: 8.6,
            ci95_hz: Some([9.96, 10.31]),
        }),
        theta_beta_ratio: Some(2.417),
        alpha_asymmetry: vec![
            Asymmetry { left: "F3".into(), right: "F4".into(), ln_ratio: -0.127 },
            Asymmetry { left: "O1".into(), right: "O2".into(), ln_ratio: 0.214 },
        ],
        aperiodic: Some(aperiodic()),
        annotations: (0..30)
            .map(|i| Annotation {
                onset_s: f64::from(i) * 20.0 + 0.125,
                duration_s: (i % 2 == 0).then_some(1.5),
                text: if i % 3 == 0 { "eyes closed".into() } else { "Lidschlag, Augen auf".into() },
                channel: None,
            })
            .collect(),
        gaps: vec![Gap { at_s: 301.5, duration_s: 2.25 }],
        state: StateSummary { statements: vec![statement] },
        findings: vec![
            Finding::new(
                "channel.noisy",
                Severity::Problem,
                "amplitude is 6.8 robust deviations above the other channels",
            )
            .on_channel("F4"),
            Finding::new("file.gap", Severity::Info, "the recording was interrupted for 2.25 s")
                .between(301.5, 301.5),
            Finding::new(
                "channel.line",
                Severity::Warning,
                "50 Hz stands 10.4 dB above its neighbourhood",
            )
            .on_channel("O2"),
        ],
    }
}

pub(crate) fn eeg() -> ResultEnvelope {
    let output = serde_json::to_value(eeg_overview()).unwrap();
    envelope(
        "eeg.overview",
        json!({"reference": "average", "line_hz": null}),
        file("rest_2024-05-11.edf", "EDF+C"),
        output,
    )
}

/// The same recording with everything optional absent.
pub(crate) fn bare_eeg() -> ResultEnvelope {
    let mut overview = eeg_overview();
    overview.alpha_peak = None;
    overview.aperiodic = None;
    overview.theta_beta_ratio = None;
    overview.mean_bands = None;
    overview.alpha_asymmetry.clear();
    overview.annotations.clear();
    overview.gaps.clear();
    overview.findings.clear();
    overview.state.statements.clear();
    let output = serde_json::to_value(overview).unwrap();
    envelope("eeg.overview", json!({}), file("bare.edf", "EDF"), output)
}

pub(crate) fn audio_overview() -> AudioOverview {
    let frames = 600;
    let series = |base: f64, swing: f64| -> Vec<f32> {
        (0..frames).map(|i| (base + swing * wobble(i)) as f32).collect()
    };
    let segments = [(0.0, 18.0, "A"), (18.0, 47.25, "B"), (47.25, 75.5, "A"), (75.5, 121.0, "C")];
    AudioOverview {
        duration_s: 121.0,
        rate_hz: 44_100.0,
        n_channels: 2,
        loudness: Loudness {
            integrated_lufs: Some(-16.4),
            range_lu: Some(7.3),
            true_peak_dbtp: Some(-0.8),
            sample_peak_dbfs: None,
            short_term_lufs: (0..121)
                .map(|i| (!(40..46).contains(&i)).then(|| -17.0 + 4.0 * (f64::from(i) / 9.0).sin()))
                .collect(),
        },
        tempo: Some(Tempo {
            bpm: 129.53,
            confidence: 0.84,
            candidates: vec![
                TempoCandidate { bpm: 129.53, salience: 1.0 },
                TempoCandidate { bpm: 64.8, salience: 0.412 },
            ],
            variability: 0.0123,
        }),
        beats_s: (0..260).map(|i| i as f64 * 60.0 / 129.53 + 0.01 * wobble(i)).collect(),
        key: Some(Key {
            tonic: "E".into(),
            mode: Mode::Major,
            strength: 0.873,
            margin: 0.092,
            tuning_cents: -4.6,
            chroma: [0.02, 0.1, 0.03, 0.12, 0.19, 0.03, 0.1, 0.03, 0.12, 0.07, 0.03, 0.16],
        }),
        descriptors: Descriptors {
            hop_s: 0.2,
            centroid_hz: series(1800.0, 900.0),
            bandwidth_hz: series(1500.0, 500.0),
            rolloff_hz: series(4000.0, 2000.0),
            flatness: series(0.01, 0.02),
            flux: series(1.0, 1.0),
            rms_dbfs: series(-22.0, 8.0),
            zero_crossing_rate: series(0.05, 0.04),
        },
        dynamics: Dynamics {
            crest_db: Some(14.2),
            level_range_db: Some(9.9),
            silence_share: 0.047,
            clipped_share: 0.0,
        },
        segments: segments
            .iter()
            .map(|(a, b, l)| Segment { tmin_s: *a, tmax_s: *b, label: (*l).to_owned() })
            .collect(),
        findings: Vec::new(),
    }
}

pub(crate) fn audio() -> ResultEnvelope {
    let output = serde_json::to_value(audio_overview()).unwrap();
    envelope("audio.overview", json!({}), file("vibe_ace.ogg", "Ogg Vorbis"), output)
}

pub(crate) fn track() -> ResultEnvelope {
    use clx_music::brief::{Brief, Mode as Aim, Stimulus};
    let brief = Brief::preset(Aim::Relax, None, None, 1800.0, Stimulus::Binaural, 7);
    let composition = clx_music::compose(&brief).unwrap();
    let output = json!({
        "title": "Relax in E major",
        "brief": brief,
        "evidence": composition.evidence(),
        "duration_s": 1800.0,
        "rate_hz": 44_100.0,
        "integrated_lufs": -20.02,
        "true_peak_dbtp": -1.3,
        "files": ["track.flac", "track.opus"],
        "findings": [],
    });
    envelope(
        "brainsync.compose",
        json!({"mode": "relax", "stimulus": "binaural", "seed": 7}),
        None,
        output,
    )
}
