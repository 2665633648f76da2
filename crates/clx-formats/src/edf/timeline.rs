//! When each record starts: the sub-second start of EDF+ and the gaps of EDF+D.

use clx_signal::{Annotation, Finding, Gap, Severity};

use super::header::{Header, width};
use super::tal;
use crate::records::Records;
use crate::sample_time::remove_gaps;
use crate::{Format, FormatError};

/// Longest beginning of an annotation signal in which the time of a record is looked for.
const MAX_ONSET_BYTES: usize = 256;

/// More interruptions than this are not a recording.
const MAX_GAPS: usize = 1_000_000;

#[derive(Debug, Default)]
pub(super) struct Timeline {
    /// Seconds from the start in the header to the first sample; below 1 in a file that keeps to
    /// the specification.
    pub(super) first_onset_s: f64,
    pub(super) gaps: Vec<Gap>,
}

impl Timeline {
    /// Reads the time of the first record, and of all others where the file is discontinuous.
    pub(super) fn read(records: &mut Records, header: &mut Header) -> Result<Self, FormatError> {
        let Some(signal) = header.signals.iter().find(|s| s.is_annotations) else {
            return Ok(Self::default());
        };
        let len = (signal.n_per_record * width(header.format)).min(MAX_ONSET_BYTES);
        let byte_offset = signal.byte_offset;
        let mut onset_of = |record| {
            let mut onset = None;
            records.pieces(record, byte_offset, len, &mut |b| onset = tal::record_onset(b))?;
            Ok::<_, FormatError>(onset)
        };
        let first = if header.n_records > 0 { onset_of(0)? } else { None };
        let mut timeline = Self { first_onset_s: first.unwrap_or(0.0), gaps: Vec::new() };
        if matches!(header.format, Format::EdfPlusD | Format::BdfPlusD) {
            timeline.find_gaps(header, onset_of)?;
        }
        Ok(timeline)
    }

    fn find_gaps(
        &mut self,
        header: &mut Header,
        mut onset_of: impl FnMut(u64) -> Result<Option<f64>, FormatError>,
    ) -> Result<(), FormatError> {
        let tolerance_s = tolerance_s(header);
        let mut n_overlaps = 0_u64;
        let mut n_untimed = 0_u64;
        let mut expected_s = self.first_onset_s + header.record_s;
        for record in 1..header.n_records {
            let onset_s = onset_of(record)?.unwrap_or_else(|| {
                n_untimed += 1;
                expected_s
            });
            let missing_s = onset_s - expected_s;
            if missing_s > tolerance_s {
                if self.gaps.len() == MAX_GAPS {
                    let (got, limit) = (MAX_GAPS as u64 + 1, MAX_GAPS as u64);
                    return Err(FormatError::Limit { what: "the number of gaps", got, limit });
                }
                let at_s = record as f64 * header.record_s;
                // Files hold decimal seconds; the difference of two has their digits and no others.
                let duration_s = (missing_s * 1e9).round() / 1e9;
                self.gaps.push(Gap { at_s, duration_s });
            } else if missing_s < -tolerance_s {
                n_overlaps += 1;
            }
            expected_s = onset_s.max(expected_s) + header.record_s;
        }
        self.gaps.shrink_to_fit();
        let what = "records have no time of their own; they are taken to follow without a gap";
        report(header, n_untimed, "file.untimed_records", what);
        let what = "records begin before the one before them ends; they are taken to follow it";
        report(header, n_overlaps, "file.overlapping_records", what);
        Ok(())
    }

    /// Turns onsets, which count from the start in the header, into sample time.
    ///
    /// `annotations` are in order of onset. One that begins inside a gap moves to the gap.
    pub(super) fn to_sample_time(&self, annotations: &mut [Annotation]) {
        for annotation in &mut *annotations {
            annotation.onset_s -= self.first_onset_s;
        }
        remove_gaps(annotations, &self.gaps);
    }
}

/// A difference of less than half a sample of the fastest channel is not a gap.
fn tolerance_s(header: &Header) -> f64 {
    let most = header.signals.iter().filter(|s| !s.is_annotations).map(|s| s.n_per_record).max();
    (0.5 * header.record_s / most.unwrap_or(1).max(1) as f64).max(1e-6)
}

fn report(header: &mut Header, n: u64, code: &str, what: &str) {
    if n > 0 {
        let finding = Finding::new(code, Severity::Warning, format!("{n} {what}"));
        header.findings.push(finding);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clock_time_loses_its_gaps() {
        let gap = |at_s, duration_s| Gap { at_s, duration_s };
        let timeline =
            Timeline { first_onset_s: 0.25, gaps: vec![gap(2.0, 10.0), gap(5.0, 100.0)] };
        // Samples: clock 0..2, 12..15, 115.. (from the first sample).
        let at = |clock_s: f64| Annotation {
            onset_s: 0.25 + clock_s,
            duration_s: None,
            text: String::new(),
            channel: None,
        };
        let clock = [-1.0, 1.5, 3.0, 12.0, 14.5, 50.0, 115.0, 116.5];
        let mut annotations: Vec<Annotation> = clock.into_iter().map(at).collect();
        timeline.to_sample_time(&mut annotations);
        let onsets: Vec<f64> = annotations.iter().map(|a| a.onset_s).collect();
        assert_eq!(onsets, [-1.0, 1.5, 2.0, 2.0, 4.5, 5.0, 5.0, 6.5]);
    }
}
