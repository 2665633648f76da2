//! Bad channels: found, then left out or replaced.

use clx_eeg::bads::{BadChannelParams, BadReason, find_bad_channels};
use clx_eeg::{interpolate, site};
use clx_signal::{ChannelInfo, Finding, SampleRate, Severity};

use super::{BadChannel, BadChannelRule, PrepareParams, Prepared};
use crate::AnalysisError;

/// For each channel why it is not used as it is; `None` for a good one.
pub(super) fn find_bads(
    infos: &[ChannelInfo],
    samples: &[Vec<f32>],
    rate: SampleRate,
    params: &PrepareParams,
    findings: &mut Vec<Finding>,
) -> Result<Vec<Option<Vec<BadReason>>>, AnalysisError> {
    for name in &params.bad_channels {
        if !infos.iter().any(|c| c.name == *name || c.label == *name) {
            let text = format!("bad_channels: there is no `{name}` among the channels used");
            return Err(AnalysisError::Params(text));
        }
    }
    let named = |c: &ChannelInfo| params.bad_channels.iter().any(|b| *b == c.name || *b == c.label);
    let broken = |x: &Vec<f32>| x.iter().any(|v| !v.is_finite());
    let mut bads: Vec<Option<Vec<BadReason>>> = infos
        .iter()
        .zip(samples)
        .map(|(info, x)| match broken(x) {
            true => Some(vec![BadReason::NotFinite]),
            false => named(info).then(Vec::new),
        })
        .collect();
    // PREP compares channels with each other; of three or fewer it could say nothing.
    if params.bads == BadChannelRule::Named || infos.len() < 4 {
        return Ok(bads);
    }
    let positions: Option<Vec<[f64; 3]>> = infos.iter().map(|c| site::direction(&c.name)).collect();
    let found =
        find_bad_channels(samples, rate, positions.as_deref(), &BadChannelParams::default());
    match found {
        Ok(found) => {
            findings.extend(found.findings);
            for (bad, verdict) in bads.iter_mut().zip(found.channels) {
                if !verdict.reasons.is_empty() {
                    *bad = Some(verdict.reasons);
                }
            }
        }
        // Too short or too slow for the criteria: said, not guessed.
        Err(error) => {
            let text = format!("bad channels could not be looked for: {error}");
            findings.push(Finding::new("bads.unknown", Severity::Warning, text));
        }
    }
    Ok(bads)
}

/// Leaves bad channels out or replaces them.
pub(super) fn settle_bads(
    prepared: &mut Prepared,
    bads: Vec<Option<Vec<BadReason>>>,
    n: usize,
    rule: BadChannelRule,
) -> Result<(), AnalysisError> {
    let bad_at: Vec<usize> = (0..bads.len()).filter(|&i| bads[i].is_some()).collect();
    let records: Vec<BadChannel> = prepared
        .channels
        .iter()
        .zip(bads)
        .filter_map(|(c, bad)| Some(BadChannel { channel: c.name.clone(), reasons: bad? }))
        .collect();
    if rule == BadChannelRule::Interpolate && !bad_at.is_empty() {
        let places: Option<Vec<[f64; 3]>> =
            prepared.channels.iter().map(|c| site::direction(&c.name)).collect();
        if let Some(places) = places.filter(|p| p.len() >= bad_at.len() + 4) {
            bad_at.iter().for_each(|&i| prepared.samples[i] = vec![0.0; n]);
            interpolate::interpolate_bads(&mut prepared.samples, &places, &bad_at)?;
            prepared.preparation.interpolated = records;
            return Ok(());
        }
        let text = "bad channels were left out, not interpolated: that needs a known place for every channel, and four good ones";
        prepared.findings.push(Finding::new("bads.places", Severity::Warning, text));
    }
    let good = |i: &usize| !bad_at.contains(i);
    let keep: Vec<usize> = (0..prepared.channels.len()).filter(good).collect();
    prepared.channels = keep.iter().map(|&i| prepared.channels[i].clone()).collect();
    prepared.samples = keep.iter().map(|&i| std::mem::take(&mut prepared.samples[i])).collect();
    prepared.preparation.excluded = records;
    Ok(())
}
