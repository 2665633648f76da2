//! Stages from a trained model.

use clx_eeg::EegError;
use clx_eeg::sleep::{SleepMetadata, SleepSignals, implausible_amplitude, stage_night};
use clx_formats::RecordingReader;
use clx_models::SleepStager;
use clx_signal::{Finding, SampleRate, Severity, resample};

use super::{StageSource, StagesParams, StagesResult, cycles, of_model, transitions};
use crate::catalogue::channel::Signal;
use crate::catalogue::sleep::channels;
use crate::{AnalysisError, Context};

/// Slowest channel that holds what the features need, hertz.
const LEAST_HZ: f64 = 80.0;
/// Rate that channels of unlike rates are brought to, hertz: that of the features.
const COMMON_HZ: f64 = 100.0;

pub(super) fn stage_by_model(
    mut reader: RecordingReader,
    params: &StagesParams,
    cx: &Context<'_>,
) -> Result<StagesResult, AnalysisError> {
    let mut findings = reader.findings().to_vec();
    let eeg = channels::eeg(&reader, params.channel.as_deref())?;
    let mut fast = |pick: Option<usize>| {
        pick.filter(|&i| {
            let channel = &reader.header().channels[i];
            let fast = channel.rate.hz() >= LEAST_HZ;
            if !fast {
                findings.push(too_slow(&channel.name, channel.rate));
            }
            fast
        })
    };
    let eog = fast(channels::eye(&reader, params.eog.as_deref())?);
    let emg = fast(channels::chin(&reader, params.emg.as_deref())?);
    let model = model_name(eog.is_some(), emg.is_some(), params.age.is_some());
    let Some(bytes) = cx.model(&model)? else {
        return Err(AnalysisError::Input(format!(
            "there are no stages among the annotations, and the model {model} is not here: \
             `clisonix models pull {model}` gets it"
        )));
    };
    let stager = SleepStager::load(&bytes)?;
    let times = [params.tmin_s, params.tmax_s];
    let picks: Vec<usize> = [Some(eeg), eog, emg].into_iter().flatten().collect();
    let mut signals = Vec::with_capacity(picks.len());
    for (i, &pick) in picks.iter().enumerate() {
        let share = |i: usize| 0.5 * i as f64 / picks.len() as f64;
        signals.push(Signal::read(&mut reader, pick, times, cx, [share(i), share(i + 1)])?);
    }
    if !reader.header().gaps.is_empty() {
        let text = "the recording is interrupted; epochs are counted without the gaps, so an epoch may span one";
        findings.push(Finding::new("sleep.gaps", Severity::Warning, text));
    }
    stage(signals, [eog.is_some(), emg.is_some()], &model, &stager, params, findings, cx)
}

/// Stages with the signals in the order EEG, eye, chin.
fn stage(
    mut signals: Vec<Signal>,
    [with_eye, with_chin]: [bool; 2],
    model: &str,
    stager: &SleepStager,
    params: &StagesParams,
    mut findings: Vec<Finding>,
    cx: &Context<'_>,
) -> Result<StagesResult, AnalysisError> {
    let rate = same_rate(&mut signals)?;
    let (tmin_s, duration_s) = (signals[0].tmin_s, rate.seconds(signals[0].samples.len()));
    cx.step(0.55, "measuring epochs")?;
    // A model has an answer to silence too.
    let uv: Vec<f32> = signals[0].samples.iter().map(|v| v * 1e6).collect();
    if let Some(finding) = implausible_amplitude(&uv) {
        let channel = &signals[0].info.name;
        return Err(AnalysisError::Input(format!("{channel}: {}", finding.message)));
    }
    let night = SleepSignals {
        rate,
        eeg: &signals[0].samples,
        eog: with_eye.then(|| signals[1].samples.as_slice()),
        emg: with_chin.then(|| signals[1 + usize::from(with_eye)].samples.as_slice()),
    };
    let metadata = params.age.zip(params.male);
    let metadata = metadata.map(|(age_years, male)| SleepMetadata { age_years, male });
    let n_epochs = (duration_s / clx_eeg::sleep::EPOCH_S).max(1.0);
    let (mut n_done, mut failed) = (0.0, None);
    let mut predict = |features: &[f32]| {
        n_done += 1.0;
        let step = cx.step(0.8 + 0.2 * (n_done / n_epochs).min(1.0), "staging");
        step.and_then(|()| Ok(stager.predict(features)?)).map_err(|error| {
            // The reason is kept beside, because the signal's errors know no models.
            failed = Some(error);
            EegError::Cancelled
        })
    };
    let staged = stage_night(&night, metadata, stager.feature_names(), &mut predict);
    let staged = match failed {
        Some(error) => return Err(error),
        None => staged?,
    };
    findings.extend(staged.findings.iter().cloned());
    let hypnogram = staged.hypnogram();
    Ok(StagesResult {
        source: StageSource::Model,
        model: Some(model.to_owned()),
        channels: signals.iter().map(|s| s.info.name.clone()).collect(),
        tmin_s,
        duration_s,
        statistics: staged.statistics,
        mean_confidence: staged.mean_confidence,
        n_uncertain: Some(staged.n_uncertain),
        cycles: cycles(&hypnogram, tmin_s),
        transitions: transitions(&hypnogram),
        epochs: staged.epochs.iter().enumerate().map(|(i, e)| of_model(e, i, tmin_s)).collect(),
        findings,
    })
}

/// `sleep_eeg_eog_emg_demo`, without the parts that are not at hand.
fn model_name(eog: bool, emg: bool, demo: bool) -> String {
    let parts = [("_eog", eog), ("_emg", emg), ("_demo", demo)];
    let present = parts.iter().filter(|(_, present)| *present).map(|(part, _)| *part);
    ["sleep_eeg"].into_iter().chain(present).collect()
}

fn too_slow(name: &str, rate: SampleRate) -> Finding {
    let text = format!(
        "{name} is sampled at {} Hz, too slowly for staging (at least {LEAST_HZ} Hz); it was left out",
        rate.hz()
    );
    Finding::new("sleep.slow_channel", Severity::Info, text).on_channel(name)
}

/// Brings all signals to one rate and length.
fn same_rate(signals: &mut [Signal]) -> Result<SampleRate, AnalysisError> {
    let first = signals[0].info.rate;
    let rate = match signals.iter().all(|s| s.info.rate == first) {
        true => first,
        false => SampleRate::from_hz(COMMON_HZ)?,
    };
    for signal in signals.iter_mut().filter(|s| s.info.rate != rate) {
        let [up, down] = [rate, signal.info.rate].map(|r| (r.hz() * 1000.0).round() as usize);
        signal.samples = resample::resample_poly(&signal.samples, up, down)?;
    }
    let n = signals.iter().map(|s| s.samples.len()).min().unwrap_or(0);
    signals.iter_mut().for_each(|s| s.samples.truncate(n));
    Ok(rate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_combination_of_channels_has_a_model_in_the_manifest() {
        for i in 0..8 {
            let name = model_name(i & 1 > 0, i & 2 > 0, i & 4 > 0);
            assert!(clx_models::model(&name).is_some(), "{name}");
        }
    }
}
