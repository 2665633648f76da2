//! Stages that a recording brings along as annotations.

use clx_eeg::sleep::{EPOCH_S, Hypnogram, Stage};
use clx_render::SleepStage;
use clx_signal::Annotation;

/// A text without the words `Sleep stage` names one only if the annotation lasts at least so long,
/// seconds: `1` and `W` are names of events too.
const LEAST_S: f64 = 10.0;

/// The annotated stages from `tmin_s` to `tmax_s`; `None` if no epoch between them has one.
///
/// A stage without a duration lasts until the next one, the last until `tmax_s`.
pub(super) fn annotated(annotations: &[Annotation], tmin_s: f64, tmax_s: f64) -> Option<Hypnogram> {
    let prefixed = |a: &Annotation| a.text.trim().to_lowercase().starts_with("sleep stage");
    let lasts = |a: &Annotation| a.duration_s.filter(|s| *s > 0.0);
    let mut stages: Vec<&Annotation> = annotations
        .iter()
        .filter(|a| prefixed(a) || lasts(a).is_some_and(|s| s >= LEAST_S))
        .filter(|a| Stage::from_label(&a.text).is_some())
        .collect();
    stages.sort_by(|a, b| a.onset_s.total_cmp(&b.onset_s));
    let stretch = |(i, a): (usize, &&Annotation)| {
        let next_s = stages.get(i + 1).map_or(tmax_s, |next| next.onset_s);
        (a.onset_s - tmin_s, lasts(a).unwrap_or(next_s - a.onset_s), a.text.clone())
    };
    let stretches: Vec<(f64, f64, String)> = stages.iter().enumerate().map(stretch).collect();
    let after_start = stretches.iter().map(|(onset_s, duration_s, text)| {
        // What began before the stretch counts from its start on.
        let from_s = onset_s.max(0.0);
        (from_s, onset_s + duration_s - from_s, text.as_str())
    });
    let mut hypnogram = Hypnogram::from_stretches(after_start.filter(|s| s.1 > 0.0));
    // An epoch counts if at least half of it lies in the stretch.
    hypnogram.stages.truncate(((tmax_s - tmin_s) / EPOCH_S).round().max(0.0) as usize);
    hypnogram.stages.iter().any(|s| *s != Stage::Unscored).then_some(hypnogram)
}

/// When the last annotated stage ends.
pub(super) fn end_s(annotations: &[Annotation]) -> f64 {
    let stages = annotations.iter().filter(|a| Stage::from_label(&a.text).is_some());
    stages.map(|a| a.onset_s + a.duration_s.unwrap_or(0.0)).fold(0.0, f64::max)
}

/// The stage as plots name it; `None` for an epoch that was not scored.
pub(super) fn drawn(stage: Stage) -> Option<SleepStage> {
    match stage {
        Stage::Wake => Some(SleepStage::Wake),
        Stage::N1 => Some(SleepStage::N1),
        Stage::N2 => Some(SleepStage::N2),
        Stage::N3 => Some(SleepStage::N3),
        Stage::Rem => Some(SleepStage::Rem),
        Stage::Unscored => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(onset_s: f64, duration_s: Option<f64>, text: &str) -> Annotation {
        Annotation { onset_s, duration_s, text: text.to_owned(), channel: None }
    }

    #[test]
    fn stages_are_cut_to_the_stretch_and_last_until_the_next() {
        let notes = [
            note(0.0, None, "Sleep stage W"),
            note(60.0, None, "Sleep stage 2"),
            note(120.0, Some(60.0), "N3"),
        ];
        let found = annotated(&notes, 30.0, 150.0).unwrap();
        assert_eq!(found.stages, [Stage::Wake, Stage::N2, Stage::N2, Stage::N3]);
        assert_eq!(annotated(&notes, 200.0, 400.0), None);
        assert_eq!(end_s(&notes), 180.0);
    }

    #[test]
    fn events_called_1_and_w_are_no_stages() {
        let notes = [note(0.0, None, "1"), note(5.0, Some(0.5), "W"), note(9.0, Some(0.0), "2")];
        assert_eq!(annotated(&notes, 0.0, 300.0), None);
    }
}
