//! Commands on real files, through the process boundary.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

fn clisonix(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_clisonix"))
        .args(arguments)
        .output()
        .expect("the binary was built for this test")
}

fn json_lines(output: &Output) -> Vec<Value> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_real_song_has_its_known_key_and_tempo() {
    let Some(song) = clx_testkit::shared_data("audio/vibe_ace.ogg") else { return };
    let output = clisonix(&["analyze", "--json", song.to_str().unwrap()]);
    assert!(output.status.success(), "{output:?}");
    let result = &json_lines(&output)[0];
    // SOURCES.md: E major and about 129.5 BPM by two independent tools.
    assert_eq!(result["output"]["key"]["tonic"], "E");
    assert_eq!(result["output"]["key"]["mode"], "major");
    let bpm = result["output"]["tempo"]["bpm"].as_f64().unwrap();
    assert!((bpm - 129.5).abs() <= 1.0, "{bpm}");
}

#[test]
fn a_real_recording_gives_annotations_and_powers() {
    let Some(file) = clx_testkit::shared_data("eeg/edfio/test_subsecond.edf") else { return };
    let output = clisonix(&["analyze", "--json", file.to_str().unwrap()]);
    assert!(output.status.success(), "{output:?}");
    let result = &json_lines(&output)[0];
    assert_eq!(result["analysis"], "eeg.overview");
    assert_eq!(result["input"]["sha256"].as_str().unwrap().len(), 64);
    assert!(result["output"]["mean_bands"].as_array().is_some_and(|bands| bands.len() == 5));
    assert!(!result["output"]["annotations"].as_array().unwrap().is_empty());
}

#[test]
fn a_file_that_is_no_signal_fails_with_a_reason_and_the_others_are_still_done() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("notes.txt");
    std::fs::write(&text, "not a signal").unwrap();
    let tone = folder.path().join("tone.wav");
    write_tone(&tone);
    let output = clisonix(&["analyze", "--json", text.to_str().unwrap(), tone.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(json_lines(&output).len(), 1);
    let reason = String::from_utf8(output.stderr).unwrap();
    assert!(reason.contains("notes.txt"), "{reason}");
}

#[test]
fn a_track_is_composed_twice_to_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let compose = |name: &str| {
        let out = folder.path().join(name);
        let output = clisonix(&[
            "compose",
            "--mode",
            "focus",
            "--minutes",
            "0.25",
            "--seed",
            "7",
            "--format",
            "wav",
            "--out",
            out.to_str().unwrap(),
            "--json",
        ]);
        assert!(output.status.success(), "{output:?}");
        let track = std::fs::read_dir(&out).unwrap().next().unwrap().unwrap().path();
        std::fs::read(track).unwrap()
    };
    assert!(compose("a") == compose("b"), "two renders of one brief differ");
}

#[test]
fn a_report_is_made_of_an_analysis() {
    let folder = tempfile::tempdir().unwrap();
    let tone = folder.path().join("tone.wav");
    write_tone(&tone);
    for (name, magic) in [("r.pdf", b"%PDF".as_slice()), ("r.xlsx", b"PK".as_slice())] {
        let report = folder.path().join(name);
        let output =
            clisonix(&["analyze", tone.to_str().unwrap(), "--report", report.to_str().unwrap()]);
        assert!(output.status.success(), "{output:?}");
        assert!(std::fs::read(&report).unwrap().starts_with(magic));
    }
}

#[test]
fn a_wrong_command_line_is_told_apart_from_a_failed_analysis() {
    assert_eq!(clisonix(&["analyze"]).status.code(), Some(2));
    assert_eq!(clisonix(&["run", "eeg.nothing"]).status.code(), Some(1));
}

/// Ten seconds of 440 Hz, 16-bit mono.
fn write_tone(path: &Path) {
    let rate = 44_100u32;
    let n = 10 * rate;
    let mut bytes = b"RIFF".to_vec();
    bytes.extend((36 + 2 * n).to_le_bytes());
    bytes.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    bytes.extend(rate.to_le_bytes());
    bytes.extend((2 * rate).to_le_bytes());
    bytes.extend(b"\x02\0\x10\0data");
    bytes.extend((2 * n).to_le_bytes());
    for i in 0..n {
        let phase = std::f64::consts::TAU * 440.0 * f64::from(i) / f64::from(rate);
        bytes.extend(((phase.sin() * 12_000.0) as i16).to_le_bytes());
    }
    std::fs::write(path, bytes).unwrap();
}

#[test]
fn a_recording_is_converted_by_the_ending_and_reads_as_before() {
    let Some(file) = clx_testkit::shared_data("eeg/eeglab/test.xdf") else { return };
    let folder = tempfile::tempdir().unwrap();
    let input = file.to_str().unwrap();
    // Without events and electrode names there are no tables of them in the data set.
    for (name, n_files) in [("a.bdf", 1), ("a.csv", 1), ("a.parquet", 1), ("set", 6)] {
        let out = folder.path().join(name);
        let output = clisonix(&["convert", input, out.to_str().unwrap()]);
        assert!(output.status.success(), "{name}: {output:?}");
        let written = String::from_utf8(output.stdout).unwrap();
        assert_eq!(written.lines().count(), n_files, "{written}");
        assert!(written.lines().all(|path| Path::new(path).exists()));
    }
    let table = folder.path().join("a.csv");
    let output = clisonix(&["analyze", "--json", table.to_str().unwrap()]);
    let result = &json_lines(&output)[0];
    assert_eq!(result["input"]["format"], "CSV");
    assert_eq!(result["output"]["rate_hz"], 1000.0);
    // Onto itself, and into what nobody writes.
    let table = table.to_str().unwrap();
    assert!(!clisonix(&["convert", table, table]).status.success());
    let output = clisonix(&["convert", table, "a.mp3"]);
    assert!(String::from_utf8(output.stderr).unwrap().contains(".parquet"));
}
