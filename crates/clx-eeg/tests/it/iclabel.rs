//! Features against mne-icalabel 0.10.0 (`fixtures/ica.py`), and the record of exclusions.

use clx_eeg::iclabel::{ComponentLabel, ExclusionRule, decide, default_rules};
use clx_eeg::{Ica, IcaMethod, IcaParams, LabelInput, iclabel_features};
use serde::Deserialize;

use crate::decomposition::{eeglab_channels, eeglab_rate};

#[derive(Deserialize)]
struct Fixture {
    positions: Vec<[f64; 2]>,
    channel_std_v: f64,
    components: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    unmixing: Vec<f64>,
    mixing: Vec<f64>,
    map: Vec<f32>,
    spectrum: Vec<f32>,
    autocorrelation: Vec<f32>,
    autocorrelation_4_s: Vec<f32>,
}

fn fixture() -> Fixture {
    serde_json::from_str(include_str!("../fixtures/iclabel.json")).unwrap()
}

/// MNE's decomposition, of which the fixture has some components.
fn theirs(fixture: &Fixture) -> Ica {
    let n = fixture.positions.len();
    Ica {
        params: IcaParams::default(),
        unmixing: fixture.components.iter().map(|c| c.unmixing.clone()).collect(),
        mixing: (0..n).map(|i| fixture.components.iter().map(|c| c.mixing[i]).collect()).collect(),
        means_v: vec![0.0; n],
        explained_variance: vec![0.4, 0.3, 0.2, 0.1],
        rank: 29,
        average_reference: true,
        channel_std_v: fixture.channel_std_v,
        n_iter: 1,
        converged: true,
        findings: Vec::new(),
    }
}

fn largest_difference(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

#[test]
fn features_are_those_of_mne_icalabel() {
    let Some(samples) = eeglab_channels() else { return };
    let fixture = fixture();
    let ica = theirs(&fixture);
    let input = LabelInput {
        samples: &samples,
        rate: eeglab_rate(),
        positions: &fixture.positions,
        highpass_hz: Some(1.0),
        lowpass_hz: None,
    };
    let (features, findings) = iclabel_features(&ica, &input).unwrap();
    for (case, ours) in fixture.components.iter().zip(&features) {
        let map = largest_difference(&case.map, &ours.map);
        let spectrum = largest_difference(&case.spectrum, &ours.spectrum);
        let lags = largest_difference(&case.autocorrelation, &ours.autocorrelation);
        println!("map {map:.1e} spectrum {spectrum:.1e} autocorrelation {lags:.1e}");
        assert!(map < 1e-3 && spectrum < 1e-3 && lags < 1e-3);
    }
    let codes: Vec<&str> = findings.iter().map(|f| f.code.as_str()).collect();
    assert_eq!(codes, ["iclabel.filter", "iclabel.rate"]);

    // mne's crop(0, 4) keeps the sample at 4 s.
    let short: Vec<Vec<f32>> = samples.iter().map(|x| x[..513].to_vec()).collect();
    let (features, _) = iclabel_features(&ica, &LabelInput { samples: &short, ..input }).unwrap();
    for (case, ours) in fixture.components.iter().zip(&features) {
        let lags = largest_difference(&case.autocorrelation_4_s, &ours.autocorrelation);
        println!("autocorrelation of 4 s {lags:.1e}");
        assert!(lags < 1e-3);
    }
}

#[test]
fn what_iclabel_was_not_made_for_is_told() {
    let Some(samples) = eeglab_channels() else { return };
    let fixture = fixture();
    let mut ica = theirs(&fixture);
    ica.average_reference = false;
    ica.params.method = IcaMethod::FastIca;
    let input = LabelInput {
        samples: &samples,
        rate: eeglab_rate(),
        positions: &fixture.positions,
        highpass_hz: Some(1.0),
        lowpass_hz: Some(100.0),
    };
    let (_, findings) = iclabel_features(&ica, &input).unwrap();
    let codes: Vec<&str> = findings.iter().map(|f| f.code.as_str()).collect();
    assert_eq!(codes, ["iclabel.reference", "iclabel.rate", "iclabel.method"]);
    assert!(iclabel_features(&ica, &LabelInput { positions: &[], ..input }).is_err());
}

#[test]
fn the_record_says_which_rule_a_component_went_by() {
    let ica = theirs(&fixture());
    let certain = |label: ComponentLabel, p: f64| {
        let mut row = [(1.0 - p) / 6.0; 7];
        row[label as usize] = p;
        row
    };
    let rows = [
        certain(ComponentLabel::Brain, 0.99),
        certain(ComponentLabel::Eye, 0.95),
        certain(ComponentLabel::Muscle, 0.89),
        certain(ComponentLabel::LineNoise, 1.0),
    ];
    let audit = decide(&ica, &rows, &default_rules()).unwrap();
    assert_eq!(audit.exclude(), [1]);
    assert_eq!(audit.excluded[0].rule.label, ComponentLabel::Eye);
    assert!((audit.excluded_variance - 0.3).abs() < 1e-15);
    let labels: Vec<ComponentLabel> = audit.components.iter().map(|c| c.label).collect();
    assert_eq!(labels[2..], [ComponentLabel::Muscle, ComponentLabel::LineNoise]);
    let half = ExclusionRule { label: ComponentLabel::Muscle, min_probability: 0.5 };
    assert_eq!(decide(&ica, &rows, &[half]).unwrap().exclude(), [2]);
    assert!(decide(&ica, &rows[..3], &[half]).is_err());
    assert!(decide(&ica, &[[f64::NAN; 7]; 4], &[half]).is_err());
}
