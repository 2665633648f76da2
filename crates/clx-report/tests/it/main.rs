//! Documents as their readers get them: PDF through poppler, XLSX through calamine.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod samples;

use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use calamine::{Data, Reader, Xlsx};
use clx_analysis::ResultEnvelope;
use clx_report::{ReportError, ReportInput, pdf, xlsx};

fn input<'a>(results: &'a [ResultEnvelope], lang: &'a str) -> ReportInput<'a> {
    // 2024-05-11T09:30:00Z
    let created_at = jiff::Timestamp::from_second(1_715_419_800).unwrap();
    ReportInput { results, lang, title: None, created_at }
}

fn all() -> Vec<ResultEnvelope> {
    vec![samples::eeg(), samples::audio(), samples::track()]
}

/// Runs a tool of poppler on the document; `None`, said aloud, where poppler is not installed.
fn poppler(tool: &str, args: &[&str], bytes: &[u8]) -> Option<String> {
    static SERIAL: AtomicUsize = AtomicUsize::new(0);
    let name = format!("{}-{}.pdf", std::process::id(), SERIAL.fetch_add(1, Ordering::Relaxed));
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, bytes).unwrap();
    let mut command = Command::new(tool);
    command.args(args).arg(&path);
    if tool == "pdftotext" {
        command.arg("-");
    }
    let output = command.output();
    std::fs::remove_file(&path).unwrap();
    let Ok(output) = output else {
        clx_testkit::absent(&format!("{tool} of poppler-utils is not installed"));
        return None;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap())
}

/// Text of all pages with every run of white space as one space.
fn text(bytes: &[u8]) -> Option<String> {
    let text = poppler("pdftotext", &["-layout"], bytes)?;
    Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[test]
fn equal_input_gives_equal_bytes() {
    let results = all();
    assert_eq!(pdf(&input(&results, "en")).unwrap(), pdf(&input(&results, "en")).unwrap());
    assert_eq!(xlsx(&input(&results, "en")).unwrap(), xlsx(&input(&results, "en")).unwrap());
}

#[test]
fn the_pdf_opens_and_says_what_it_is() {
    let bytes = pdf(&input(&all(), "en")).unwrap();
    assert!(bytes.starts_with(b"%PDF-1."));
    // The conformance that the file claims, in its XMP packet (ISO 19005-2, 6.6.4).
    let raw = String::from_utf8_lossy(&bytes);
    assert!(raw.contains("<pdfaid:part>2</pdfaid:part>") || raw.contains("pdfaid:part=\"2\""));
    let Some(info) = poppler("pdfinfo", &["-isodates"], &bytes) else { return };
    assert!(info.contains("2024-05-11T09:30:00Z"), "{info}");
    assert!(info.contains("rest_2024-05-11.edf"), "{info}");
    let fonts = poppler("pdffonts", &[], &bytes).unwrap();
    for line in fonts.lines().skip(2) {
        assert!(line.contains("IBMPlex") && line.contains(" yes "), "not embedded: {line}");
    }
}

#[test]
fn every_figure_of_the_results_is_on_paper() {
    let Some(text) = text(&pdf(&input(&all(), "en")).unwrap()) else { return };
    let eeg = samples::eeg_overview();
    let mut expected = vec![
        // Alpha peak with interval, gravity, prominence, theta/beta, aperiodic fit.
        "10.13 [9.96; 10.31]".to_owned(),
        "9.87".into(),
        "8.6".into(),
        "2.417".into(),
        "1.234".into(),
        "−10.897".into(),
        "0.981".into(),
        "−0.127".into(),
        "0.214".into(),
        "301.500".into(),
        "2.250".into(),
        // Loudness, tempo, key, form.
        "−16.4".into(),
        "7.3".into(),
        "−0.8".into(),
        "129.5".into(),
        "1.23".into(),
        "0.873".into(),
        "0.092".into(),
        "−4.6".into(),
        "47.25".into(),
        "E major".into(),
        // Track.
        "−20.0".into(),
        "−1.3".into(),
        "binaural beats".into(),
        "doi:10.1371/journal.pone.0286023".into(),
        // Origin.
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".into(),
        "Clisonix 0.1.0".into(),
        "The alpha peak lies at 10.13 Hz.".into(),
    ];
    for channel in &eeg.channels {
        expected.push(format!("{:.2}", channel.quality.rms_v * 1e6));
        expected.extend(channel.quality.line_noise_db.map(|db| format!("{db:.1}")));
        for band in &channel.bands {
            let uv2 = band.power_v2 * 1e12;
            let decimals = (3 - uv2.log10().floor() as i32).max(0) as usize;
            expected.push(format!("{uv2:.decimals$}"));
        }
    }
    expected.extend(eeg.findings.iter().map(|f| f.message.clone()));
    for figure in expected {
        assert!(text.contains(&figure), "{figure} is missing");
    }
}

#[test]
fn missing_values_read_not_measured() {
    let Some(text) = text(&pdf(&input(&[samples::bare_eeg()], "en")).unwrap()) else { return };
    for measure in ["Individual alpha peak", "Theta/beta power ratio", "Aperiodic exponent"] {
        assert!(text.contains(&format!("{measure} not measured")), "{measure}");
    }
    assert!(text.contains("No findings"));
}

#[test]
fn no_result_gives_an_error() {
    assert!(matches!(pdf(&input(&[], "en")), Err(ReportError::Empty)));
    assert!(matches!(xlsx(&input(&[], "en")), Err(ReportError::Empty)));
}

#[test]
fn an_output_of_another_shape_gives_an_error_that_names_the_analysis() {
    let mut broken = samples::eeg();
    broken.output = serde_json::json!({});
    let error = pdf(&input(&[broken], "en")).unwrap_err();
    assert!(error.to_string().contains("eeg.overview"), "{error}");
}

#[test]
fn names_in_other_scripts_and_markup_do_not_break_the_page() {
    let mut result = samples::eeg();
    if let Some(file) = &mut result.input {
        file.name = "録音 #set *bold* $x$ \u{7}\u{e000}.edf".into();
    }
    let Some(text) = text(&pdf(&input(&[result], "tr")).unwrap()) else { return };
    assert!(text.contains("#set *bold* $x$"), "markup in a name must stay text");
}

#[test]
fn every_language_typesets_with_its_own_words_and_decimal_separator() {
    for (lang, word, figure) in [
        ("en", "Analysis report", "2.417"),
        ("de", "Analysebericht", "2,417"),
        ("fr", "Rapport d’analyse", "2,417"),
        ("it", "Rapporto di analisi", "2,417"),
        ("es", "Informe de análisis", "2,417"),
        ("tr", "Analiz raporu", "2,417"),
        ("sq", "Raport analize", "2,417"),
    ] {
        let bytes = pdf(&input(&[samples::eeg()], lang)).unwrap();
        // Kept for the eye: a layout cannot be judged by a test.
        let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("report-{lang}.pdf"));
        std::fs::write(kept, &bytes).unwrap();
        let Some(text) = text(&bytes) else { return };
        assert!(text.contains(word) && text.contains(figure), "{lang}");
        assert!(!text.contains("report-"), "{lang} prints the id of a message");
    }
}

/// Every number of a workbook.
fn numbers(bytes: Vec<u8>) -> Vec<f64> {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).unwrap();
    let mut numbers = Vec::new();
    for (_, range) in book.worksheets() {
        numbers.extend(range.used_cells().filter_map(|(_, _, cell)| match cell {
            Data::Float(number) => Some(*number),
            Data::Int(number) => Some(*number as f64),
            _ => None,
        }));
    }
    numbers
}

#[test]
fn the_spreadsheet_holds_the_unrounded_numbers() {
    let numbers = numbers(xlsx(&input(&all(), "de")).unwrap());
    let eeg = samples::eeg_overview();
    let mut expected =
        vec![10.13, 9.96, 10.31, 2.417, -10.897, -16.4, 129.53, 0.873, 47.25, -20.02];
    for band in eeg.channels.iter().flat_map(|c| &c.bands) {
        expected.push(band.power_v2 * 1e12);
        expected.extend(band.ci95_v2.unwrap().map(|v| v * 1e12));
    }
    expected.extend(eeg.annotations.iter().map(|a| a.onset_s));
    for value in expected {
        let found = numbers.iter().any(|n| (n - value).abs() <= 1e-14 * value.abs());
        assert!(found, "{value} is missing");
    }
}
