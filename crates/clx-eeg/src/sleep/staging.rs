use clx_signal::{Finding, Severity, SignalError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    EPOCH_S, FeatureTable, Hypnogram, SleepMetadata, SleepSignals, SleepStatistics, Stage,
    sleep_statistics, stage_features,
};
use crate::EegError;

/// Order in which the models give their probabilities: the labels N1, N2, N3, R, W as text.
const CLASSES: [Stage; 5] = [Stage::N1, Stage::N2, Stage::N3, Stage::Rem, Stage::Wake];
/// The models were trained on whole nights; below this a recording is called a nap, hours.
const NIGHT_H: f64 = 4.0;
/// Below this the scaling of features over the recording means nothing, minutes. YASA 0.8.1.
const LEAST_MIN: f64 = 5.0;
/// Epochs of a confidence below this want a second look. Vallat and Walker 2021, figure 2.
const LOW_CONFIDENCE: f64 = 0.5;

/// Maps the features of an epoch to the probabilities of N1, N2, N3, REM and wake.
pub type Predict<'a> = dyn FnMut(&[f32]) -> Result<[f64; 5], EegError> + 'a;

/// One staged epoch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StagedEpoch {
    pub stage: Stage,
    /// Probability of the stage.
    pub confidence: f64,
    /// Wake, N1, N2, N3, REM.
    pub probabilities: [f64; 5],
}

/// The stages of a recording.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Staging {
    pub epochs: Vec<StagedEpoch>,
    pub statistics: Option<SleepStatistics>,
    /// Mean probability of the stages given.
    pub mean_confidence: Option<f64>,
    /// Epochs with a confidence below 0.5.
    pub n_uncertain: usize,
    pub findings: Vec<Finding>,
}

impl Staging {
    pub fn hypnogram(&self) -> Hypnogram {
        Hypnogram { stages: self.epochs.iter().map(|e| e.stage).collect() }
    }
}

/// Stages a recording in 30-second epochs.
///
/// `predict` maps the features of an epoch, in the order of `names`, to the probabilities of N1, N2,
/// N3, REM and wake; it must be the model for the channels and metadata given. YASA's models do not
/// all take their features in the order of [`FeatureTable::names`]. There are no stages without a model. Of equal probabilities the first counts. Short recordings, naps, a missing eye or chin channel and
/// many uncertain epochs are findings: a trained scorer should look at them.
///
/// # Errors
/// As [`stage_features`], and as `predict`; [`SignalError::Parameter`] for a name of a feature that
/// these channels do not have.
///
/// # Source
/// Vallat and Walker 2021, eLife 10:e70092.
pub fn stage_night(
    signals: &SleepSignals<'_>,
    metadata: Option<SleepMetadata>,
    names: &[String],
    predict: &mut Predict<'_>,
) -> Result<Staging, EegError> {
    let (features, mut findings) = stage_features(signals, metadata)?;
    let columns = columns(&features, names)?;
    let epochs = classified(&features, &columns, predict)?;
    let hypnogram = Hypnogram { stages: epochs.iter().map(|e| e.stage).collect() };
    let confidences: Vec<f64> = epochs.iter().map(|e| e.confidence).collect();
    let n_uncertain = confidences.iter().filter(|&&c| c < LOW_CONFIDENCE).count();
    findings.extend(limits(signals, epochs.len(), n_uncertain));
    Ok(Staging {
        statistics: sleep_statistics(&hypnogram),
        mean_confidence: clx_signal::stats::mean(&confidences),
        n_uncertain,
        findings,
        epochs,
    })
}

/// Where each of `names` stands in the table.
fn columns(features: &FeatureTable, names: &[String]) -> Result<Vec<usize>, EegError> {
    let column = |name: &String| {
        let place = features.names.iter().position(|n| n == name);
        place.ok_or_else(|| {
            let expected = "features of the channels and metadata given";
            SignalError::Parameter { name: "names", expected, got: name.clone() }.into()
        })
    };
    names.iter().map(column).collect()
}

fn classified(
    features: &FeatureTable,
    columns: &[usize],
    predict: &mut Predict<'_>,
) -> Result<Vec<StagedEpoch>, EegError> {
    (0..features.n_epochs)
        .map(|epoch| {
            let all = features.epoch(epoch);
            let wanted: Vec<f32> = columns.iter().map(|&c| all[c]).collect();
            let given = predict(&wanted)?;
            let mut best = 0;
            for (i, p) in given.iter().enumerate() {
                if *p > given[best] {
                    best = i;
                }
            }
            let [n1, n2, n3, rem, wake] = given;
            Ok(StagedEpoch {
                stage: CLASSES[best],
                confidence: given[best],
                probabilities: [wake, n1, n2, n3, rem],
            })
        })
        .collect()
}

/// What a reader of the stages should know.
fn limits(signals: &SleepSignals<'_>, n_epochs: usize, n_uncertain: usize) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut note = |code: &str, severity, message: String| {
        findings.push(Finding::new(code, severity, message));
    };
    let minutes = n_epochs as f64 * EPOCH_S / 60.0;
    if minutes < LEAST_MIN {
        let message = format!(
            "Only {minutes} min were staged; below {LEAST_MIN} min the stages mean little."
        );
        note("sleep.short", Severity::Problem, message);
    } else if minutes / 60.0 < NIGHT_H {
        let message = format!(
            "Only {:.1} h were staged; the classifier knows whole nights, so a nap wants a scorer's eye.",
            minutes / 60.0
        );
        note("sleep.nap", Severity::Warning, message);
    }
    for (channel, present) in [("eye", signals.eog.is_some()), ("chin", signals.emg.is_some())] {
        if !present {
            let message =
                format!("There is no {channel} channel, which helps to tell REM from wake and N1.");
            note("sleep.channels", Severity::Info, message);
        }
    }
    if n_uncertain * 5 > n_epochs {
        let message =
            format!("{n_uncertain} of {n_epochs} epochs have a confidence below {LOW_CONFIDENCE}.");
        note("sleep.uncertain", Severity::Warning, message);
    }
    findings
}
