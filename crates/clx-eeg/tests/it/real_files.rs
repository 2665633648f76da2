//! Real recordings against MNE's filter and SciPy's Welch; see `fixtures/make_fixtures.py`.

use std::fs::File;

use clx_eeg::{OverviewBuilder, OverviewParams, overview::EegOverview};
use clx_formats::Source;
use clx_testkit::{Tolerance, assert_close, shared_data};
use serde_json::Value;

fn analyse(relative: &str) -> Option<EegOverview> {
    let path = shared_data(relative)?;
    let source = clx_formats::open(Box::new(File::open(path).unwrap())).unwrap();
    let Source::Recording(mut reader) = source else { panic!("{relative} is not a recording") };
    let annotations = reader.annotations().unwrap();
    let mut builder = OverviewBuilder::new(reader.header(), OverviewParams::default()).unwrap();
    let picks = builder.picks().to_vec();
    for block in reader.blocks(&picks, 7.3) {
        builder.push(&block.unwrap()).unwrap();
    }
    Some(builder.finish(annotations).unwrap())
}

#[test]
fn powers_equal_mne_and_scipy() {
    let cases: Value = serde_json::from_str(include_str!("../fixtures/real_files.json")).unwrap();
    let mut worst: f64 = 0.0;
    for case in cases.as_array().unwrap() {
        let file = case["file"].as_str().unwrap();
        let Some(o) = analyse(&format!("eeg/{file}")) else { continue };
        let label = case["label"].as_str().unwrap();
        let found = o.channels.iter().find(|c| c.label.trim() == label || c.name == label);
        let channel = found.unwrap_or_else(|| panic!("{file} has no {label}"));
        // Samples and filter are f32.
        let tolerance = Tolerance::Relative(2e-5);
        assert_close(channel.quality.rms_v, case["rms_v"].as_f64().unwrap(), tolerance);
        let at_10 = o.freqs_hz.iter().position(|&f| (f - 10.0).abs() < 1e-9).unwrap();
        assert_close(channel.psd_v2_per_hz[at_10], case["psd_10hz"].as_f64().unwrap(), tolerance);
        for band in &channel.bands {
            let expected = case["bands"][&band.band].as_f64().unwrap();
            worst = worst.max((band.power_v2 / expected - 1.0).abs());
            assert_close(band.power_v2, expected, tolerance);
        }
    }
    println!("largest relative difference of a band power {worst:.1e}");
}

#[test]
fn every_real_file_gives_an_overview() {
    for file in [
        "edfio/short_psg.edf",
        "edfio/test_subsecond.edf",
        "eeglab/test.edf",
        "eeglab/test.bdf",
        "mne/duplicate_channel_labels.edf",
        "mne/test.edf",
        "mne/test_edf_stim_channel.edf",
        "mne/test_uneven_samp.edf",
    ] {
        let Some(o) = analyse(&format!("eeg/{file}")) else { continue };
        assert!(!o.state.statements.is_empty());
        let good = o.channels.iter().filter(|c| c.quality.good).count();
        println!(
            "{file}: {} channels, {good} good, {:?} Hz alpha, bads {:?}",
            o.channels.len(),
            o.alpha_peak.as_ref().map(|p| p.peak_hz),
            o.preparation.bads
        );
    }
}
