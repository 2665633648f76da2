//! Every plot through its public face: bytes, parsing, accessibility, and empty or odd input.

mod samples;

use clx_render::{
    BandBars, ChromaPlot, ConnectivityCircle, ErpPlot, HypnogramPlot, IcaPanel, LoudnessPlot,
    PsdPlot, QualityStrip, RhythmPlot, RrSpectrumPlot, SchedulePlot, SpectrogramPlot, TfrPlot,
    Theme, Topomap, TopomapSeries, TracePlot, WaveformPlot, Words, svg_to_png,
};

type Draw = Box<dyn Fn(Theme, &Words) -> String>;

/// All plots with the name of each.
macro_rules! plots {
    ($($name:literal: $plot:expr),* $(,)?) => {
        vec![$(($name, {
            let plot = $plot;
            Box::new(move |theme, words: &Words| plot.to_svg_in(theme, words)) as Draw
        })),*]
    };
}

fn full() -> Vec<(&'static str, Draw)> {
    plots! {
        "psd": samples::psd(),
        "topomap": samples::topomap(),
        "topomap-few": samples::few_electrodes(),
        "waveform": samples::waveform(),
        "quality": samples::quality(),
        "bands": samples::bands(),
        "spectrogram": samples::spectrogram(),
        "rhythm": samples::rhythm(),
        "loudness": samples::loudness(),
        "chroma": samples::chroma(),
        "schedule": samples::schedule(),
        "erp": samples::erp(),
        "topomap-series": samples::topomap_series(),
        "connectivity": samples::connectivity(),
        "tfr": samples::tfr(),
        "hypnogram": samples::hypnogram(),
        "night": samples::night(),
        "trace": samples::trace(),
        "rr-spectrum": samples::rr_spectrum(),
        "ica": samples::ica(),
    }
}

fn empty() -> Vec<(&'static str, Draw)> {
    plots! {
        "psd": PsdPlot::default(),
        "topomap": Topomap::default(),
        "waveform": WaveformPlot::default(),
        "quality": QualityStrip::default(),
        "bands": BandBars::default(),
        "spectrogram": SpectrogramPlot::default(),
        "rhythm": RhythmPlot::default(),
        "loudness": LoudnessPlot::default(),
        "chroma": ChromaPlot::default(),
        "schedule": SchedulePlot::default(),
        "erp": ErpPlot::default(),
        "topomap-series": TopomapSeries::default(),
        "connectivity": ConnectivityCircle::default(),
        "tfr": TfrPlot::default(),
        "hypnogram": HypnogramPlot::default(),
        "trace": TracePlot::default(),
        "rr-spectrum": RrSpectrumPlot::default(),
        "ica": IcaPanel::default(),
    }
}

/// Every number of the samples replaced by NaN.
fn broken() -> Vec<(&'static str, Draw)> {
    let mut psd = samples::psd();
    psd.lines.iter_mut().for_each(|l| l.density_v2_per_hz.fill(f64::NAN));
    let mut topomap = samples::topomap();
    topomap.heads.iter_mut().flat_map(|h| &mut h.electrodes).for_each(|e| e.value = f64::NAN);
    let mut waveform = samples::waveform();
    waveform.tracks.iter_mut().for_each(|t| {
        t.min.fill(f32::NAN);
        t.max.fill(f32::NAN);
    });
    let mut quality = samples::quality();
    quality.rows.iter_mut().for_each(|r| r.values.fill(f32::NAN));
    let mut spectrogram = samples::spectrogram();
    spectrogram.values_db.fill(f32::NAN);
    let mut loudness = samples::loudness();
    loudness.short_term_lufs.fill(None);
    loudness.integrated_lufs = None;
    let chroma = ChromaPlot { chroma: Some([f64::NAN; 12]), ..samples::chroma() };
    let rhythm = RhythmPlot { beats_s: vec![1.0], bpm: None, ..samples::rhythm() };
    let mut erp = samples::erp();
    erp.lines.iter_mut().for_each(|l| {
        l.mean_uv.fill(f64::NAN);
        l.band_uv = l.band_uv.take().map(|b| vec![[f64::NAN; 2]; b.len()]);
    });
    let mut series = samples::topomap_series();
    series.heads.iter_mut().flat_map(|h| &mut h.1).for_each(|e| e.value = f64::NAN);
    let mut connectivity = samples::connectivity();
    connectivity.matrix.fill(f64::NAN);
    let mut tfr = samples::tfr();
    tfr.values.fill(f32::NAN);
    let mut hypnogram = samples::hypnogram();
    hypnogram.stages.fill(None);
    hypnogram.confidence.fill(f64::NAN);
    let mut night = samples::night();
    night.stages.fill(None);
    night.rows.iter_mut().for_each(|row| row.per_min.fill(f64::NAN));
    let mut trace = samples::trace();
    trace.lines.iter_mut().flat_map(|l| &mut l.points).for_each(|p| p.1 = f64::NAN);
    trace.marks.iter_mut().flat_map(|m| &mut m.points).for_each(|p| p.1 = f64::NAN);
    let mut rr_spectrum = samples::rr_spectrum();
    rr_spectrum.density_ms2_per_hz.fill(f64::NAN);
    let mut ica = samples::ica();
    for component in &mut ica.components {
        component.density_db.fill(f64::NAN);
        component.electrodes.iter_mut().for_each(|e| e.value = f64::NAN);
        component.classes.iter_mut().for_each(|c| c.1 = f64::NAN);
    }
    plots! {
        "erp": erp, "topomap-series": series, "connectivity": connectivity, "tfr": tfr,
        "hypnogram": hypnogram, "ica": ica, "night": night, "trace": trace,
        "rr-spectrum": rr_spectrum,
        "psd": psd, "topomap": topomap, "waveform": waveform, "quality": quality,
        "spectrogram": spectrogram, "loudness": loudness, "chroma": chroma, "rhythm": rhythm,
    }
}

/// The markup without embedded pictures, whose base64 may hold any letters.
fn without_pictures(svg: &str) -> String {
    let mut parts = svg.split("base64,");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once('"').map_or("", |(_, rest)| rest))
}

#[test]
fn equal_input_gives_equal_bytes() {
    for ((name, a), (_, b)) in full().into_iter().zip(full()) {
        for theme in [Theme::Light, Theme::Dark] {
            let (a, b) = (a(theme, &Words::default()), b(theme, &Words::default()));
            assert_eq!(a, b, "{name}");
            // Drawing pixels is slow without optimisation; these two hold text, lines, clips and pictures.
            if theme == Theme::Light && ["psd", "topomap"].contains(&name) {
                assert_eq!(svg_to_png(&a, 1.0).unwrap(), svg_to_png(&b, 1.0).unwrap(), "{name}");
            }
        }
    }
}

#[test]
fn every_plot_names_itself_to_screen_readers_and_keeps_its_text_as_text() {
    for (name, draw) in full() {
        let svg = draw(Theme::Light, &Words::default());
        for part in ["role=\"img\"", "<title id=", "<desc id=", "<text ", "'IBM Plex Sans'"] {
            assert!(svg.contains(part), "{name} lacks {part}");
        }
        let drawn = without_pictures(&svg);
        assert!(!drawn.contains("NaN") && !drawn.contains("inf\""), "{name}");
    }
}

#[test]
fn empty_input_says_so_instead_of_drawing_a_blank() {
    for (name, draw) in empty() {
        let svg = draw(Theme::Light, &Words::default());
        assert!(svg.contains("no data"), "{name}");
        assert!(svg_to_png(&svg, 1.0).is_ok(), "{name}");
    }
}

#[test]
fn nan_input_says_no_data() {
    for (name, draw) in broken() {
        let svg = draw(Theme::Dark, &Words::default());
        assert!(svg.contains("no data"), "{name}");
        assert!(!without_pictures(&svg).contains("NaN"), "{name}");
    }
}

#[test]
fn axes_carry_their_units_and_the_words_of_the_reader() {
    let words = Words { frequency_hz: "Frequenz (Hz)".into(), decimal: ',', ..Words::default() };
    let svg = samples::psd().to_svg_in(Theme::Light, &words);
    assert!(svg.contains("Frequenz (Hz)"));
    assert!(svg.contains("dB re 1 µV²/Hz"));
    assert!(svg.contains("alpha peak 10,10 Hz"));
    assert!(samples::waveform().to_svg(Theme::Light).contains(" µV</text>"));
}

#[test]
fn themes_differ_in_colour_only() {
    let strip = |svg: String| -> String {
        let mut out = String::new();
        let mut rest = svg.as_str();
        while let Some(at) = rest.find('#') {
            out.push_str(&rest[..at]);
            rest = rest.get(at + 7..).unwrap_or("");
        }
        out + rest
    };
    let light = strip(samples::chroma().to_svg(Theme::Light));
    let dark = strip(samples::chroma().to_svg(Theme::Dark));
    assert_eq!(light.matches("<rect").count(), dark.matches("<rect").count());
    assert_eq!(light.matches("<text").count(), dark.matches("<text").count());
}

#[test]
fn a_flat_line_lies_in_the_middle_of_its_plot() {
    let mut plot = samples::psd();
    plot.lines.truncate(1);
    plot.lines[0].density_v2_per_hz.fill(1e-12);
    plot.alpha_peak_hz = None;
    let svg = plot.to_svg(Theme::Light);
    assert!(!svg.contains("no data"));
}

#[test]
fn sixty_four_channels_fit() {
    let mut plot = samples::quality();
    let row = plot.rows[0].clone();
    plot.rows = vec![row; 64];
    assert!(svg_to_png(&plot.to_svg(Theme::Light), 1.0).is_ok());
}

#[test]
fn text_that_is_not_svg_gives_an_error() {
    assert!(svg_to_png("not svg", 1.0).is_err());
    assert!(svg_to_png(&samples::chroma().to_svg(Theme::Light), 1e6).is_err());
}

#[test]
fn heads_of_a_series_share_one_scale_in_milliseconds() {
    let svg = samples::topomap_series().to_svg(Theme::Light);
    for title in ["0 ms", "170 ms", "430 ms"] {
        assert!(svg.contains(&format!(">{title}</text>")), "{title}");
    }
    // The largest value of all, 12 µV at the back, makes ticks of 10 on each of the five scales.
    assert_eq!(svg.matches(">10</text>").count(), 5);
}

#[test]
fn only_the_strongest_connections_are_drawn() {
    let mut plot = samples::connectivity();
    let arcs = |plot: &ConnectivityCircle| plot.to_svg(Theme::Light).matches("<path").count();
    assert_eq!(arcs(&plot), 40);
    plot.strongest = None;
    assert_eq!(arcs(&plot), 19 * 18 / 2);
    plot.matrix.pop();
    assert!(plot.to_svg(Theme::Light).contains("no data"));
}

#[test]
fn a_removed_component_says_so_in_the_words_of_the_reader() {
    let words = Words { removed: "entfernt".into(), ..Words::default() };
    let svg = samples::ica().to_svg_in(Theme::Light, &words);
    assert!(svg.contains("IC 0 (entfernt)") && svg.contains(">IC 1</text>"));
}
