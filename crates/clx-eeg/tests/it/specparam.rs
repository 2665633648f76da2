//! Exponents against specparam 2.0.0rc7; see `fixtures/make_fixtures.py`.

use clx_eeg::fit_aperiodic;
use serde_json::Value;

#[test]
fn exponent_agrees_with_specparam() {
    let cases: Value = serde_json::from_str(include_str!("../fixtures/specparam.json")).unwrap();
    let freqs: Vec<f64> = (0..=152).map(|k| 2.0 + 0.25 * f64::from(k)).collect();
    let mut worst: f64 = 0.0;
    for case in cases.as_array().unwrap() {
        let log = case["log_density"].as_array().unwrap();
        let density: Vec<f64> = log.iter().map(|v| 10_f64.powf(v.as_f64().unwrap())).collect();
        let fit = fit_aperiodic(&freqs, &density).unwrap();
        let expected = case["specparam_exponent"].as_f64().unwrap();
        println!("true {} specparam {expected:.4} ours {:.4}", case["true_exponent"], fit.exponent);
        worst = worst.max((fit.exponent - expected).abs());
    }
    println!("largest difference {worst:.4}");
    assert!(worst < 0.02, "{worst}");
}
