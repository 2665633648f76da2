//! Plots of made-up numbers with known features, for the tests and the gallery example.

use clx_render::{
    BandBar, BandBars, BandPanel, ChromaPlot, ColourMap, ConnectivityCircle, Electrode, ErpLine,
    ErpPlot, HypnogramPlot, IcaComponent, IcaPanel, LoudnessPlot, NightRow, PsdLine, PsdPlot,
    QualityRow, QualityStrip, RhythmPlot, RrSpectrumPlot, SchedulePlot, SleepStage,
    SpectrogramPlot, TfrPlot, Topomap, TopomapHead, TopomapSeries, TraceLine, TraceMarks,
    TracePlot, WaveformPlot, WaveformTrack,
};
use clx_signal::Band;

const SITES: [(&str, [f64; 2]); 19] = [
    ("Fp1", [-0.28, 0.85]),
    ("Fp2", [0.28, 0.85]),
    ("F7", [-0.73, 0.53]),
    ("F3", [-0.36, 0.48]),
    ("Fz", [0.0, 0.45]),
    ("F4", [0.36, 0.48]),
    ("F8", [0.73, 0.53]),
    ("T7", [-0.9, 0.0]),
    ("C3", [-0.45, 0.0]),
    ("Cz", [0.0, 0.0]),
    ("C4", [0.45, 0.0]),
    ("T8", [0.9, 0.0]),
    ("P7", [-0.73, -0.53]),
    ("P3", [-0.36, -0.48]),
    ("Pz", [0.0, -0.45]),
    ("P4", [0.36, -0.48]),
    ("P8", [0.73, -0.53]),
    ("O1", [-0.28, -0.85]),
    ("O2", [0.28, -0.85]),
];

/// A repeatable number in 0..1.
fn wobble(i: usize) -> f64 {
    ((i as f64 * 12.9898).sin() * 43_758.545).fract().abs()
}

fn is_good(i: usize) -> bool {
    i != 7
}

pub(crate) fn psd() -> PsdPlot {
    let freqs_hz: Vec<f64> = (4..=160).map(|i| f64::from(i) * 0.25).collect();
    let lines = SITES.iter().enumerate().map(|(i, (name, [_, y]))| {
        let back = 0.15 + (1.0 - y) / 2.0;
        let density = |f: &f64| {
            let alpha = 9.0 * back * (-(f - 10.1).powi(2) / 2.0).exp();
            let noise = 0.85 + 0.3 * wobble(i * 1000 + (f * 4.0) as usize);
            let level = if is_good(i) { 1.0 } else { 14.0 };
            (20.0 * f.powf(-1.2) + alpha) * noise * level * 1e-12
        };
        PsdLine {
            name: (*name).to_owned(),
            density_v2_per_hz: freqs_hz.iter().map(density).collect(),
            good: is_good(i),
        }
    });
    PsdPlot {
        title: "Power spectral density".into(),
        description: "19 channels, 1 to 40 Hz, alpha peak at 10.1 Hz".into(),
        lines: lines.collect(),
        freqs_hz,
        bands: Band::OVERVIEW.to_vec(),
        alpha_peak_hz: Some(10.1),
    }
}

pub(crate) fn topomap() -> Topomap {
    let head = |band: &str, map, field: &dyn Fn([f64; 2]) -> f64| TopomapHead {
        title: band.to_owned(),
        band: Some(band.to_owned()),
        map,
        electrodes: SITES
            .iter()
            .enumerate()
            .map(|(i, (name, position))| Electrode {
                name: (*name).to_owned(),
                position: *position,
                value: if is_good(i) { field(*position) } else { f64::NAN },
            })
            .collect(),
    };
    Topomap {
        title: "Band power over the scalp".into(),
        description: "Five heads, alpha strongest at the back".into(),
        heads: vec![
            head("delta", ColourMap::Cividis, &|[_, y]| 30.0 + 12.0 * y),
            head("theta", ColourMap::Cividis, &|[x, y]| 12.0 - 6.0 * x.hypot(y)),
            head("alpha", ColourMap::Cividis, &|[x, y]| 18.0 - 14.0 * y - 4.0 * x * x),
            head("beta", ColourMap::Cividis, &|[x, _]| 4.0 + 2.0 * x.abs()),
            head("gamma", ColourMap::Diverging, &|[x, y]| 1.2 * x - 0.3 * y),
        ],
        label: "Power (µV²)".into(),
    }
}

pub(crate) fn few_electrodes() -> Topomap {
    let mut map = topomap();
    map.heads.truncate(2);
    for head in &mut map.heads {
        head.electrodes.retain(|e| ["O1", "O2", "Cz"].contains(&e.name.as_str()));
    }
    map
}

pub(crate) fn waveform() -> WaveformPlot {
    let columns = 640;
    let tracks = SITES.iter().take(8).enumerate().map(|(i, (name, _))| {
        let at = |c: usize| {
            let t = c as f64 * 10.0 / columns as f64;
            let blink = if i < 2 { 90.0 * (-((t - 3.2) / 0.12).powi(2)).exp() } else { 0.0 };
            let wild = if is_good(i) { 1.0 } else { 6.0 };
            18.0 * (t * 63.0 + i as f64).sin() * (0.5 + 0.5 * (t * 0.9).sin()) * wild + blink
        };
        let missing = |c: usize| i == 3 && (300..360).contains(&c);
        let value = |c: usize, add: f64| {
            if missing(c) { f32::NAN } else { (at(c) + add * (4.0 + 4.0 * wobble(c + i))) as f32 }
        };
        WaveformTrack {
            name: (*name).to_owned(),
            min: (0..columns).map(|c| value(c, -1.0)).collect(),
            max: (0..columns).map(|c| value(c, 1.0)).collect(),
            good: is_good(i),
        }
    });
    WaveformPlot {
        title: "Ten seconds of signal".into(),
        description: "Eight channels with a blink at 3.2 s".into(),
        tmin_s: 0.0,
        tmax_s: 10.0,
        tracks: tracks.collect(),
        unit: "µV".into(),
        marks: vec![(3.2, "blink".into()), (7.5, "eyes closed".into())],
    }
}

pub(crate) fn quality() -> QualityStrip {
    let rows = SITES.iter().enumerate().map(|(i, (name, _))| {
        let value = |c: usize| {
            if !is_good(i) {
                return 0.1 + 0.2 * wobble(c) as f32;
            }
            if wobble(c * 31 + i * 7) > 0.95 {
                0.3
            } else {
                0.85 + 0.15 * wobble(c + i * 13) as f32
            }
        };
        QualityRow {
            name: (*name).to_owned(),
            values: (0..120).map(value).collect(),
            good: is_good(i),
        }
    });
    QualityStrip {
        title: "Signal quality".into(),
        description: "19 channels over 10 minutes; T7 is bad throughout".into(),
        duration_s: 600.0,
        rows: rows.collect(),
    }
}

pub(crate) fn bands() -> BandBars {
    let panel = |(b, band): (usize, &Band)| BandPanel {
        band: band.name.to_owned(),
        title: band.name.to_owned(),
        bars: (0..SITES.len())
            .map(|i| {
                let level = if is_good(i) { 1.0 } else { 9.0 };
                let power = level * (40.0 / (b as f64 + 1.0)) * (0.6 + 0.5 * wobble(i * 5 + b));
                let ci = Some([power * 0.88, power * 1.14]);
                (i != 11).then_some(BandBar { power_uv2: power, ci95_uv2: ci })
            })
            .collect(),
    };
    BandBars {
        title: "Band power per channel".into(),
        description: "Five bands, 19 channels".into(),
        channels: SITES
            .iter()
            .enumerate()
            .map(|(i, (n, _))| ((*n).to_owned(), is_good(i)))
            .collect(),
        bands: Band::OVERVIEW.iter().enumerate().map(panel).collect(),
    }
}

pub(crate) fn spectrogram() -> SpectrogramPlot {
    let (columns, rows) = (240, 80);
    let mut values_db = Vec::new();
    for c in 0..columns {
        for r in 0..rows {
            let f = 1.0 + r as f64 * 39.0 / 79.0;
            let alpha = if c > 120 { 14.0 * (-(f - 10.0).powi(2) / 3.0).exp() } else { 0.0 };
            let missing = (60..66).contains(&c);
            let db = 12.0 - 14.0 * f.log10() + alpha + 3.0 * wobble(c * 80 + r);
            values_db.push(if missing { f32::NAN } else { db as f32 });
        }
    }
    SpectrogramPlot {
        title: "Spectrogram of O1".into(),
        description: "Alpha from 5 minutes on, a gap at 2:30".into(),
        tmin_s: 0.0,
        tmax_s: 600.0,
        fmin_hz: 1.0,
        fmax_hz: 40.0,
        rows,
        values_db,
        label: "Power density (dB re 1 µV²/Hz)".into(),
        range_db: None,
    }
}

pub(crate) fn rhythm() -> RhythmPlot {
    let beats_s = (0..260).map(|i| i as f64 * 60.0 / 129.5 + 0.012 * wobble(i)).collect();
    let segments = [
        (0.0, 18.0, "A"),
        (18.0, 47.0, "B"),
        (47.0, 75.0, "A"),
        (75.0, 98.0, "B"),
        (98.0, 121.0, "C"),
    ];
    RhythmPlot {
        title: "Tempo and form".into(),
        description: "129.5 BPM, five segments".into(),
        duration_s: 121.0,
        beats_s,
        bpm: Some(129.5),
        segments: segments.iter().map(|(a, b, l)| (*a, *b, (*l).to_owned())).collect(),
    }
}

pub(crate) fn loudness() -> LoudnessPlot {
    let value = |i: usize| {
        (!(40..46).contains(&i)).then(|| -17.0 + 4.0 * (i as f64 / 9.0).sin() + wobble(i))
    };
    LoudnessPlot {
        title: "Loudness".into(),
        description: "Short-term loudness with a silence at 40 s".into(),
        duration_s: 121.0,
        short_term_lufs: (0..121).map(value).collect(),
        integrated_lufs: Some(-16.4),
    }
}

pub(crate) fn chroma() -> ChromaPlot {
    let chroma = [0.02, 0.1, 0.03, 0.12, 0.19, 0.03, 0.1, 0.03, 0.12, 0.07, 0.03, 0.16];
    ChromaPlot {
        title: "Pitch classes".into(),
        description: "E major".into(),
        chroma: Some(chroma),
        tonic: Some(4),
    }
}

pub(crate) fn schedule() -> SchedulePlot {
    SchedulePlot {
        title: "Schedule".into(),
        description: "From 18 Hz down to 10 Hz in 10 minutes".into(),
        duration_s: 1800.0,
        points: vec![
            (0.0, 18.0, 0.0),
            (60.0, 18.0, 0.4),
            (600.0, 10.0, 0.6),
            (1740.0, 10.0, 0.6),
            (1800.0, 10.0, 0.0),
        ],
    }
}

/// A wave that is negative at 170 ms and positive at 430 ms, largest at the back.
fn erp_at(place: [f64; 2], t_s: f64) -> f64 {
    let bump = |at: f64, width: f64| (-((t_s - at) / width).powi(2)).exp();
    let back = (1.0 - place[1]) / 2.0;
    12.0 * back * bump(0.43, 0.1) - 6.0 * (1.0 - back) * bump(0.17, 0.03)
}

pub(crate) fn erp() -> ErpPlot {
    let lines = SITES.iter().enumerate().map(|(i, (name, place))| {
        let mean_uv: Vec<f64> = (0..129)
            .map(|t| {
                erp_at(*place, -0.2 + f64::from(t) / 128.0) + 0.6 * wobble(i * 200 + t as usize)
            })
            .collect();
        let band = mean_uv.iter().map(|v| [v - 1.8, v + 1.8]).collect();
        ErpLine { name: (*name).to_owned(), band_uv: (i == 14).then_some(band), mean_uv }
    });
    let lines: Vec<ErpLine> = lines.collect();
    let spread = |t: usize| {
        let mean = lines.iter().map(|l| l.mean_uv[t]).sum::<f64>() / 19.0;
        (lines.iter().map(|l| (l.mean_uv[t] - mean).powi(2)).sum::<f64>() / 19.0).sqrt()
    };
    ErpPlot {
        title: "Average of 80 events".into(),
        description: "Negative at 170 ms, positive at 430 ms, largest at the back".into(),
        tmin_s: -0.2,
        rate_hz: 128.0,
        gfp_uv: (0..129).map(spread).collect(),
        lines,
        highlight: Some(14),
    }
}

pub(crate) fn topomap_series() -> TopomapSeries {
    let head = |t_s: f64| {
        let electrode = |(name, position): &(&str, [f64; 2])| Electrode {
            name: (*name).to_owned(),
            position: *position,
            value: erp_at(*position, t_s),
        };
        (t_s, SITES.iter().map(electrode).collect())
    };
    TopomapSeries {
        title: "Topographies of the average".into(),
        description: "Front negative at 170 ms, back positive at 430 ms".into(),
        heads: [0.0, 0.17, 0.3, 0.43, 0.6].map(head).to_vec(),
        label: "Amplitude (µV)".into(),
    }
}

pub(crate) fn connectivity() -> ConnectivityCircle {
    let n = SITES.len();
    let strength = |i: usize| {
        let ([ax, ay], [bx, by]) = (SITES[i / n].1, SITES[i % n].1);
        // Neighbours at the back are strongly connected.
        (-(ax - bx).hypot(ay - by)).exp() * (1.0 - (ay + by) / 3.0) / 1.6
    };
    ConnectivityCircle {
        title: "Coherence in alpha".into(),
        description: "The 40 strongest of 171 pairs".into(),
        names: SITES.iter().map(|(name, _)| (*name).to_owned()).collect(),
        matrix: (0..n * n).map(strength).collect(),
        label: "Coherence".into(),
        strongest: Some(40),
        range: None,
    }
}

pub(crate) fn tfr() -> TfrPlot {
    let freqs_hz: Vec<f64> = (0..30).map(|i| 4.0 * 10_f64.powf(f64::from(i) / 29.0)).collect();
    let value = |f: f64, t: f64| {
        let fall = -4.0 * (-((f - 10.0) / 3.0).powi(2) - ((t - 0.5) / 0.25).powi(2)).exp();
        let rise = 3.0 * (-((f - 5.0) / 2.0).powi(2) - ((t - 0.2) / 0.1).powi(2)).exp();
        (fall + rise) as f32
    };
    let row =
        |f: &f64| (0..100).map(move |i| (*f, -0.2 + f64::from(i) * 0.012)).collect::<Vec<_>>();
    TfrPlot {
        title: "Power after the event".into(),
        description: "Theta rises at 0.2 s, alpha falls at 0.5 s".into(),
        tmin_s: -0.2,
        tmax_s: 1.0,
        values: freqs_hz.iter().flat_map(row).map(|(f, t)| value(f, t)).collect(),
        freqs_hz,
        label: "Power against baseline (dB)".into(),
        baseline_s: Some([-0.2, 0.0]),
        half_range: None,
        unsigned: false,
    }
}

pub(crate) fn hypnogram() -> HypnogramPlot {
    use SleepStage::{N1, N2, N3, Rem, Wake};
    let cycle = [
        (Wake, 20),
        (N1, 8),
        (N2, 40),
        (N3, 60),
        (N2, 30),
        (Rem, 30),
        (N2, 40),
        (N3, 30),
        (N2, 40),
        (Rem, 50),
        (N1, 6),
        (N2, 70),
        (Rem, 70),
        (Wake, 10),
        (N1, 6),
        (N2, 40),
        (Rem, 60),
    ];
    let mut stages: Vec<Option<SleepStage>> =
        cycle.iter().flat_map(|&(stage, n)| std::iter::repeat_n(Some(stage), n)).collect();
    stages[300..310].fill(None);
    HypnogramPlot {
        title: "Hypnogram".into(),
        description: "Four cycles, REM from 1 h 34 min".into(),
        epoch_s: 30.0,
        confidence: (0..stages.len()).map(|i| 0.7 + 0.3 * wobble(i / 4)).collect(),
        stages,
        rows: Vec::new(),
    }
}

/// The hypnogram with how often spindles came.
pub(crate) fn night() -> HypnogramPlot {
    let of = |stage: SleepStage, most: f64| {
        let stages = hypnogram().stages;
        let value = |(i, s): (usize, &Option<SleepStage>)| {
            if *s == Some(stage) { most * wobble(i) } else { 0.0 }
        };
        stages.iter().enumerate().map(value).collect()
    };
    let row = |name: &str, per_min| NightRow { name: name.to_owned(), per_min };
    let rows = vec![
        row("Spindles/min", of(SleepStage::N2, 6.4)),
        row("Slow waves/min", of(SleepStage::N3, 22.0)),
        row("Eye movements/min", Vec::new()),
    ];
    HypnogramPlot { confidence: Vec::new(), rows, ..hypnogram() }
}

/// Intervals of a heart that follows the breath, with two suspicious ones.
pub(crate) fn trace() -> TracePlot {
    let rr = |i: usize| 820.0 + 45.0 * (i as f64 * 1.3).sin() + 30.0 * wobble(i);
    let points: Vec<(f64, f64)> = (0..220).map(|i| (i as f64 * 0.82, rr(i))).collect();
    let level = (0..22).map(|i| (i as f64 * 8.2, 830.0 + 10.0 * wobble(i))).collect();
    TracePlot {
        title: "Intervals between beats".into(),
        description: "220 beats, two of them suspicious".into(),
        tmin_s: 0.0,
        tmax_s: 180.4,
        label: "RR interval (ms)".into(),
        lines: vec![
            TraceLine { name: String::new(), points },
            TraceLine { name: "level".into(), points: level },
        ],
        marks: vec![TraceMarks {
            name: "suspicious".into(),
            points: vec![(40.0, 610.0), (120.0, 1010.0)],
            bad: true,
        }],
    }
}

pub(crate) fn rr_spectrum() -> RrSpectrumPlot {
    let freqs_hz: Vec<f64> = (0..=200).map(|i| f64::from(i) * 0.0025).collect();
    let hump = |f: f64, at: f64, width: f64| (-((f - at) / width).powi(2)).exp();
    let density = |f: &f64| 9000.0 * hump(*f, 0.09, 0.02) + 15_000.0 * hump(*f, 0.26, 0.03);
    RrSpectrumPlot {
        title: "Spectrum of the intervals between beats".into(),
        description: "Peaks at 0.09 and 0.26 Hz".into(),
        density_ms2_per_hz: freqs_hz.iter().map(density).collect(),
        freqs_hz,
        bands: vec![("LF".into(), 0.04, 0.15), ("HF".into(), 0.15, 0.4)],
    }
}

pub(crate) fn ica() -> IcaPanel {
    let freqs_hz: Vec<f64> = (2..=80).map(|i| f64::from(i) * 0.5).collect();
    let classes = |p: [f64; 7]| {
        let names = ["brain", "muscle", "eye", "heart", "line noise", "channel noise", "other"];
        names.iter().zip(p).map(|(n, p)| ((*n).to_owned(), p)).collect()
    };
    let component =
        |i: usize, weight: &dyn Fn([f64; 2]) -> f64, peak_hz: f64, p, excluded| IcaComponent {
            name: format!("IC {i}"),
            electrodes: SITES
                .iter()
                .map(|(name, position)| Electrode {
                    name: (*name).to_owned(),
                    position: *position,
                    value: weight(*position),
                })
                .collect(),
            density_db: freqs_hz
                .iter()
                .map(|f| -12.0 * f.log10() + 9.0 * (-((f - peak_hz) / 1.2).powi(2)).exp())
                .collect(),
            classes: classes(p),
            excluded,
        };
    let eye = component(
        0,
        &|[_, y]| (3.0 * y).exp() / 20.0,
        1.0,
        [0.02, 0.01, 0.95, 0.0, 0.0, 0.01, 0.01],
        true,
    );
    let alpha = component(
        1,
        &|[x, y]| 0.2 - y - x.abs(),
        10.0,
        [0.91, 0.02, 0.01, 0.01, 0.01, 0.01, 0.03],
        false,
    );
    IcaPanel {
        title: "Independent components".into(),
        description: "An eye component, removed, and an alpha component".into(),
        components: vec![eye, alpha],
        freqs_hz,
    }
}
