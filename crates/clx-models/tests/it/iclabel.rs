//! ICLabel's network against onnxruntime.

use clx_models::{IclabelInput, IclabelNet, ModelError};
use serde::Deserialize;

use crate::model_bytes;

#[derive(Deserialize)]
struct Case {
    map: Vec<f32>,
    spectrum: Vec<f32>,
    autocorrelation: Vec<f32>,
    probabilities: [f32; 7],
}

fn cases() -> Vec<Case> {
    serde_json::from_str(include_str!("../fixtures/iclabel.json")).unwrap()
}

fn inputs(cases: &[Case]) -> Vec<IclabelInput<'_>> {
    cases
        .iter()
        .map(|c| IclabelInput {
            map: &c.map,
            spectrum: &c.spectrum,
            autocorrelation: &c.autocorrelation,
        })
        .collect()
}

fn largest(row: &[f32; 7]) -> usize {
    (1..7).fold(0, |best, i| if row[i] > row[best] { i } else { best })
}

#[test]
fn probabilities_are_those_of_onnxruntime() {
    let Some(bytes) = model_bytes("iclabel") else { return };
    let net = IclabelNet::load(&bytes).unwrap();
    let cases = cases();
    let got = net.predict(&inputs(&cases)).unwrap();
    let mut worst: f32 = 0.0;
    for (case, row) in cases.iter().zip(&got) {
        assert_eq!(largest(row), largest(&case.probabilities));
        assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-5);
        for (got, expected) in row.iter().zip(&case.probabilities) {
            worst = worst.max((got - expected).abs());
        }
    }
    println!("largest difference {worst:.1e}");
    assert!(worst < 1e-4, "{worst}");
}

#[test]
fn a_component_gets_the_same_answer_alone_and_among_others() {
    let Some(bytes) = model_bytes("iclabel") else { return };
    let net = IclabelNet::load(&bytes).unwrap();
    let cases = cases();
    let all = inputs(&cases);
    // More than one batch of 32.
    let many: Vec<IclabelInput<'_>> = all.iter().cycle().take(40).copied().collect();
    let together = net.predict(&many).unwrap();
    for (input, row) in many.iter().zip(&together) {
        let alone = net.predict(&[*input]).unwrap()[0];
        // Products of matrices of another shape are summed in another order.
        assert!(alone.iter().zip(row).all(|(a, b)| (a - b).abs() < 1e-5));
    }
    assert!(net.predict(&[]).unwrap().is_empty());
}

#[test]
fn features_of_another_shape_or_without_numbers_are_refused() {
    let Some(bytes) = model_bytes("iclabel") else { return };
    let net = IclabelNet::load(&bytes).unwrap();
    let cases = cases();
    let good = inputs(&cases)[0];
    let short = net.predict(&[IclabelInput { spectrum: &good.spectrum[1..], ..good }]);
    assert!(matches!(short, Err(ModelError::Size { expected: 100, got: 99, .. })));
    let holed = [f32::NAN; 100];
    let nan = net.predict(&[IclabelInput { autocorrelation: &holed, ..good }]);
    assert!(matches!(nan, Err(ModelError::NotFinite { .. })));
}

#[test]
fn another_file_is_not_a_network() {
    assert!(IclabelNet::load(b"").is_err());
    assert!(IclabelNet::load(&[0x3a, 0x00]).is_err());
}
