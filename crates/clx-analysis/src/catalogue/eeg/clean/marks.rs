//! Stretches that are still bad after cleaning, marked in the written recording.

use clx_eeg::segments::{SegmentKind, SegmentParams, find_bad_segments};
use clx_eeg::site;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::AnalysisError;
use crate::catalogue::eeg::prepare::Prepared;

/// Stretches listed in a result; the file marks all.
const MOST_SEGMENTS: usize = 500;
/// Electrodes next to the eyes.
const FRONTAL: [&str; 5] = ["Fp1", "Fp2", "Fpz", "AF7", "AF8"];

/// Bad stretches of a recording.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct Marked {
    /// Share of the time in any of them.
    bad_share: f64,
    n_segments: usize,
    /// The first five hundred.
    segments: Vec<Segment>,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct Segment {
    kind: SegmentKind,
    onset_s: f64,
    duration_s: f64,
    /// How clearly: times the limit for amplitude, jump and flat; a z-score for muscle and blink.
    score: f64,
    channel: Option<String>,
}

/// Adds `BAD_…` annotations, which other programs and `eeg.erp` leave out.
pub(super) fn mark(prepared: &mut Prepared) -> Result<Marked, AnalysisError> {
    let is_frontal = |name: &str| site::canonical(name).is_some_and(|s| FRONTAL.contains(&s));
    let frontal: Vec<usize> =
        (0..prepared.channels.len()).filter(|&i| is_frontal(&prepared.channels[i].name)).collect();
    let params = SegmentParams::default();
    let found = find_bad_segments(&prepared.samples, prepared.rate, &frontal, &params)?;
    prepared.findings.extend(found.findings);
    prepared.annotations.extend(found.segments.iter().map(|segment| segment.annotation()));
    let segments = found.segments.iter().take(MOST_SEGMENTS).map(|segment| Segment {
        kind: segment.kind,
        onset_s: segment.onset_s,
        duration_s: segment.duration_s,
        score: segment.score,
        channel: segment.channel.map(|i| prepared.channels[i].name.clone()),
    });
    Ok(Marked {
        bad_share: found.bad_share,
        n_segments: found.segments.len(),
        segments: segments.collect(),
    })
}
