//! Stretches of equal length, one after another, of a prepared recording.

use clx_signal::Epochs;

use super::prepare::Prepared;
use crate::AnalysisError;

/// First samples of the stretches of `n` samples, `hop` apart, that no interruption and no annotation
/// beginning with `bad` touches.
pub(super) fn starts(prepared: &Prepared, n: usize, hop: usize) -> Vec<usize> {
    let len = prepared.samples.first().map_or(0, Vec::len);
    let sample = |s: f64| s * prepared.rate.hz();
    let breaks = breaks(prepared);
    let bads: Vec<(f64, f64)> = prepared
        .annotations
        .iter()
        .filter(|a| a.text.get(..3).is_some_and(|t| t.eq_ignore_ascii_case("bad")))
        .map(|a| (sample(a.onset_s), sample(a.onset_s + a.duration_s.unwrap_or(0.0))))
        .collect();
    let usable = |start: &usize| {
        let (from, to) = (*start as f64, (*start + n) as f64);
        !breaks.iter().any(|b| *start < *b && *b < *start + n)
            && !bads.iter().any(|&(onset, end)| onset < to && end > from)
    };
    (0..(len + 1).saturating_sub(n)).step_by(hop.max(1)).filter(usable).collect()
}

/// Samples before which the recording was interrupted.
pub(super) fn breaks(prepared: &Prepared) -> Vec<usize> {
    prepared.gaps.iter().map(|gap| prepared.rate.samples(gap.at_s)).collect()
}

/// The channels numbered `channels` in the stretches of `n` samples that begin at `starts`.
pub(super) fn epochs(
    prepared: &Prepared,
    channels: &[usize],
    starts: &[usize],
    n: usize,
) -> Result<Epochs, AnalysisError> {
    let mut samples = Vec::with_capacity(starts.len() * channels.len() * n);
    for &start in starts {
        for &channel in channels {
            samples.extend_from_slice(&prepared.samples[channel][start..start + n]);
        }
    }
    Ok(Epochs::from_samples(prepared.rate, 0.0, channels.len(), n, samples)?)
}

/// At most `most` of `all`, evenly spread.
pub(super) fn spread<T: Copy>(all: &[T], most: usize) -> Vec<T> {
    if all.len() <= most {
        return all.to_vec();
    }
    (0..most).map(|i| all[i * all.len() / most]).collect()
}
