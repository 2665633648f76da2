//! Statements about the state, each resting on figures of the overview, and what was not measured.

use std::collections::BTreeMap;

use clx_signal::Annotation;
use clx_signal::welch::Psd;

use crate::alpha::alpha_ratio;
use crate::overview::{EegOverview, StateSummary, Statement};

fn statement(message: &str, figures: &[(&str, f64)], text: String) -> Statement {
    let figures: BTreeMap<String, f64> =
        figures.iter().map(|&(name, value)| (name.to_owned(), value)).collect();
    Statement { message: message.to_owned(), figures, text }
}

/// Alpha power with eyes closed over eyes open, where annotations say when they were.
pub(crate) fn alpha_reactivity(
    psd: &Psd,
    window_s: f64,
    hop_s: f64,
    annotations: &[Annotation],
) -> Option<f64> {
    let spans = |words: [&str; 2]| -> Vec<(f64, f64)> {
        annotations
            .iter()
            .filter(|a| {
                let text = a.text.to_lowercase();
                words.iter().all(|w| text.contains(w))
            })
            .filter_map(|a| a.duration_s.map(|d| (a.onset_s, a.onset_s + d)))
            .collect()
    };
    let (closed, open) = (spans(["eyes", "closed"]), spans(["eyes", "open"]));
    let within = |spans: &[(f64, f64)], tmin: f64, tmax: f64| {
        spans.iter().any(|&(from, to)| from <= tmin && tmax <= to)
    };
    alpha_ratio(psd, window_s, hop_s, |a, b| within(&closed, a, b), |a, b| within(&open, a, b))
}

/// What the figures say in words, in a fixed order.
pub(crate) fn describe(o: &EegOverview, n_good: usize, reactivity: Option<f64>) -> StateSummary {
    let mut all = vec![quality(o)];
    if o.freqs_hz.is_empty() || n_good == 0 {
        all.push(statement(
            "eeg-state-not-measured",
            &[],
            "Rhythms were not measured: no good EEG channel has a spectrum.".to_owned(),
        ));
    } else {
        all.push(alpha(o));
        all.extend(dominant(o));
        all.extend(theta_beta(o));
        all.extend(reactivity.map(reactivity_statement));
        all.extend(frontal(o));
        all.extend(background(o));
    }
    all.push(statement(
        "eeg-state-limits",
        &[],
        "Sleep stages, attention, emotion and illness were not measured; this is not a medical finding."
            .to_owned(),
    ));
    StateSummary { statements: all }
}

fn quality(o: &EegOverview) -> Statement {
    let eeg = o.channels.iter().filter(|c| c.kind == clx_signal::ChannelKind::Eeg);
    let (good, n) = eeg.fold((0, 0), |(g, n), c| (g + usize::from(c.quality.good), n + 1));
    statement(
        "eeg-state-quality",
        &[("good", good as f64), ("total", n as f64), ("duration_s", o.duration_s)],
        format!("{good} of {n} EEG channels are good, over {:.1} s.", o.duration_s),
    )
}

fn alpha(o: &EegOverview) -> Statement {
    let Some(peak) = &o.alpha_peak else {
        return statement(
            "eeg-state-no-alpha-peak",
            &[],
            "No alpha peak between 7 and 13 Hz rises clearly above the background.".to_owned(),
        );
    };
    let mut figures = vec![("peak_hz", peak.peak_hz), ("prominence_db", peak.prominence_db)];
    let Some([low, high]) = peak.ci95_hz else {
        let text = format!(
            "The alpha rhythm peaks at {:.1} Hz, {:.1} dB above the background; the recording is too short for an interval.",
            peak.peak_hz, peak.prominence_db
        );
        return statement("eeg-state-alpha-peak-no-interval", &figures, text);
    };
    figures.extend([("low_hz", low), ("high_hz", high)]);
    let text = format!(
        "The alpha rhythm peaks at {:.1} Hz (95 % interval {low:.1} to {high:.1} Hz), {:.1} dB above the background.",
        peak.peak_hz, peak.prominence_db
    );
    statement("eeg-state-alpha-peak", &figures, text)
}

fn dominant(o: &EegOverview) -> Option<Statement> {
    let bands = o.mean_bands.as_ref()?;
    let top = bands.iter().max_by(|a, b| a.relative.total_cmp(&b.relative))?;
    let percent = 100.0 * top.relative;
    let usual = if matches!(top.band.as_str(), "delta" | "theta") {
        "; that slow bands lead is usual"
    } else {
        ""
    };
    Some(statement(
        &format!("eeg-state-dominant-{}", top.band),
        &[("percent", percent), ("power_v2", top.power_v2)],
        format!(
            "The {} band holds the largest share of the power, {percent:.0} % of 1 to 40 Hz{usual}.",
            top.band
        ),
    ))
}

fn theta_beta(o: &EegOverview) -> Option<Statement> {
    let ratio = o.theta_beta_ratio?;
    Some(statement(
        "eeg-state-theta-beta",
        &[("ratio", ratio)],
        format!(
            "Theta power is {ratio:.1} times beta power; without norms for age this says nothing about attention."
        ),
    ))
}

fn reactivity_statement(ratio: f64) -> Statement {
    statement(
        "eeg-state-alpha-reactivity",
        &[("ratio", ratio)],
        format!("Alpha power with eyes closed is {ratio:.1} times that with eyes open."),
    )
}

fn frontal(o: &EegOverview) -> Option<Statement> {
    let is_frontal = |name: &str| crate::site::canonical(name) == Some("F3");
    let pair = o.alpha_asymmetry.iter().find(|a| is_frontal(&a.left))?;
    Some(statement(
        "eeg-state-frontal-asymmetry",
        &[("ln_ratio", pair.ln_ratio)],
        format!(
            "Frontal alpha asymmetry ln({}) - ln({}) is {:+.2}; a single short recording is a weak measure of it.",
            pair.right, pair.left, pair.ln_ratio
        ),
    ))
}

fn background(o: &EegOverview) -> Option<Statement> {
    let a = o.aperiodic.as_ref()?;
    Some(statement(
        "eeg-state-aperiodic",
        &[("exponent", a.exponent), ("r_squared", a.r_squared)],
        format!(
            "The background falls with frequency to the power {:.2} (fit R² {:.2}).",
            a.exponent, a.r_squared
        ),
    ))
}
