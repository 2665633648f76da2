use clx_signal::stats;

use super::{
    EPOCH_S, FeatureTable, Hypnogram, SleepSignals, SlowWaveParams, SpindleParams, Stage,
    detect_slow_waves, detect_spindles,
};
use crate::EegError;

/// Share of an epoch that slow waves cover in N3. AASM scoring manual 2.6: 20 %.
const N3_SHARE: f64 = 0.2;
/// Share of 0.4-30 Hz power between 8 and 12 Hz above which an epoch is taken for wake with alpha.
/// Our choice: alpha in more than half of an epoch (AASM) makes it the leading rhythm.
const ALPHA_SHARE: f64 = 0.3;
/// Chin tone, as a multiple of the night's median, above which an epoch is taken for wake. Our choice.
const WAKE_TONE: f64 = 2.0;
/// Chin tone below which REM is possible, as a multiple of the night's median. Our choice.
const REM_TONE: f64 = 1.0;
/// Eye channel, as a multiple of its night's median deviation, above which eyes move. Our choice.
const EYES: f64 = 1.5;
/// N2 lasts on without new spindles for this many epochs: 3 min. Rechtschaffen and Kales 1968.
const N2_HOLDS: usize = 6;

/// Stages a night by a handful of rules, for when no classifier is at hand.
///
/// In this order: N3 where slow waves cover a fifth of the epoch; N2 where a spindle or slow wave
/// lies in it; wake where the chin tone is twice the night's median or alpha leads; REM where the eye
/// channel is lively and, if there is a chin channel, its tone below the median; N2 within 3 min of
/// the last N2 or N3; else N1. Far below a classifier: it has not been validated against scored
/// nights, knows no arousals and takes any lively eye channel for REM. `features` must come
/// from [`super::stage_features`] of the same signals.
///
/// # Errors
/// As [`detect_spindles`] and [`detect_slow_waves`].
pub fn stage_by_rules(
    signals: &SleepSignals<'_>,
    features: &FeatureTable,
) -> Result<Hypnogram, EegError> {
    let n = features.n_epochs;
    let rate = signals.rate;
    let long_enough = rate.seconds(signals.eeg.len()) >= 5.0;
    let (spindles, _) = detect_spindles(signals.eeg, rate, None, &SpindleParams::default())?;
    let (waves, _) = if long_enough {
        detect_slow_waves(signals.eeg, rate, None, &SlowWaveParams::default())?
    } else {
        Default::default()
    };
    let mut slow_share = vec![0.0; n];
    let mut has_event = vec![false; n];
    for wave in &waves {
        spread(wave.tmin_s, wave.tmax_s, &mut slow_share);
    }
    let events = spindles.iter().map(|s| s.peak_s).chain(waves.iter().map(|w| w.trough_s));
    for epoch in events.map(|t| (t / EPOCH_S) as usize).filter(|&e| e < n) {
        has_event[epoch] = true;
    }
    let relative = |name: &str| relative_to_median(features.column(name));
    let (tone, eyes) = (relative("emg_std"), relative("eog_std"));
    let alpha = features.column("eeg_alpha").unwrap_or_default();
    let mut stages: Vec<Stage> = Vec::with_capacity(n);
    for epoch in 0..n {
        let tone = tone.as_ref().map(|t| t[epoch]);
        let lively = eyes.as_ref().is_some_and(|e| e[epoch] > EYES);
        let recently_n2 =
            stages.iter().rev().take(N2_HOLDS).any(|s| matches!(s, Stage::N2 | Stage::N3));
        stages.push(if slow_share[epoch] >= N3_SHARE {
            Stage::N3
        } else if has_event[epoch] {
            Stage::N2
        } else if tone.is_some_and(|t| t > WAKE_TONE) || f64::from(alpha[epoch]) > ALPHA_SHARE {
            Stage::Wake
        } else if lively && tone.is_none_or(|t| t < REM_TONE) {
            Stage::Rem
        } else if recently_n2 {
            Stage::N2
        } else {
            Stage::N1
        });
    }
    Ok(Hypnogram { stages })
}

/// Adds the stretch to the share of each epoch that it covers.
fn spread(tmin_s: f64, tmax_s: f64, share: &mut [f64]) {
    let first = (tmin_s / EPOCH_S) as usize;
    for (epoch, share) in share.iter_mut().enumerate().skip(first) {
        let start = epoch as f64 * EPOCH_S;
        if start >= tmax_s {
            break;
        }
        *share += (tmax_s.min(start + EPOCH_S) - tmin_s.max(start)) / EPOCH_S;
    }
}

/// Values over their median; `None` without values or where the median is zero.
fn relative_to_median(values: Option<Vec<f32>>) -> Option<Vec<f64>> {
    let values: Vec<f64> = values?.into_iter().map(f64::from).collect();
    let middle = stats::median(&values).filter(|&m| m > 0.0)?;
    Some(values.into_iter().map(|v| v / middle).collect())
}
