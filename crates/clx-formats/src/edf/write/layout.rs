//! Which annotations go into which record.

use clx_signal::Gap;
use jiff::civil::DateTime;

use super::{EdfSpec, refuse};
use crate::FormatError;
use crate::edf::header::width;

/// Time-stamped lists of every record, encoded, and the room a record keeps for them.
#[derive(Debug)]
pub(super) struct AnnotationLayout {
    fraction_s: f64,
    record_s: f64,
    gaps: Vec<Gap>,
    /// Lists by record, in order of record.
    lists: Vec<(u64, Vec<u8>)>,
    next: usize,
    n_bytes: usize,
    width: usize,
}

impl AnnotationLayout {
    pub(super) fn new(spec: &EdfSpec, start: Option<DateTime>) -> Result<Self, FormatError> {
        let fraction_s = start.map_or(0.0, |t| f64::from(t.subsec_nanosecond()) * 1e-9);
        let mut layout = Self {
            fraction_s,
            record_s: spec.record_s,
            gaps: gaps_at_records(spec)?,
            lists: Vec::new(),
            next: 0,
            n_bytes: 0,
            width: width(spec.format),
        };
        if !spec.annotations.is_empty() && spec.n_records == 0 {
            return Err(refuse("the number of records", "at least 1 for annotations", 0));
        }
        for annotation in &spec.annotations {
            let record = layout.record_of(annotation.onset_s, spec.n_records);
            let list = layout.encode(annotation)?;
            layout.lists.push((record, list));
        }
        layout.lists.sort_by_key(|(record, _)| *record);
        let last_onset = layout.timekeeping(spec.n_records.saturating_sub(1)).len();
        let most = layout.lists.chunk_by(|a, b| a.0 == b.0).map(|lists| {
            layout.timekeeping(lists[0].0).len() + lists.iter().map(|(_, l)| l.len()).sum::<usize>()
        });
        // Onsets grow longer and shorter with their decimals; 24 characters hold any of them.
        let n_bytes = most.max().unwrap_or(0).max(last_onset).max(24);
        layout.n_bytes = n_bytes.next_multiple_of(layout.width);
        Ok(layout)
    }

    /// Samples of the annotation signal per record.
    pub(super) fn n_per_record(&self) -> usize {
        self.n_bytes / self.width
    }

    /// Appends the annotation signal of `record`; records come in order.
    pub(super) fn append(&mut self, record: u64, out: &mut Vec<u8>) {
        let end = out.len() + self.n_bytes;
        out.extend_from_slice(&self.timekeeping(record));
        while let Some((_, list)) = self.lists.get(self.next).filter(|(r, _)| *r == record) {
            out.extend_from_slice(list);
            self.next += 1;
        }
        out.resize(end, 0);
    }

    fn timekeeping(&self, record: u64) -> Vec<u8> {
        let onset_s = self.clock_s(record as f64 * self.record_s);
        format!("+{}\x14\x14\0", seconds(onset_s)).into_bytes()
    }

    fn encode(&self, annotation: &clx_signal::Annotation) -> Result<Vec<u8>, FormatError> {
        let onset_s = self.clock_s(annotation.onset_s);
        if !onset_s.is_finite() {
            return Err(refuse("the onset of an annotation", "finite", onset_s));
        }
        let sign = if onset_s < 0.0 { '-' } else { '+' };
        let mut list = format!("{sign}{}", seconds(onset_s.abs()));
        if let Some(duration_s) = annotation.duration_s {
            if !(duration_s.is_finite() && duration_s >= 0.0) {
                return Err(refuse("the duration of an annotation", "0 s or more", duration_s));
            }
            list.push_str(&format!("\x15{}", seconds(duration_s)));
        }
        list.push('\x14');
        // Control characters would end the text or the list; EDF+ allows tab and line ends only.
        list.extend(annotation.text.chars().filter(|c| !matches!(c, '\0' | '\x14' | '\x15')));
        if let Some(channel) = &annotation.channel {
            list.push_str("@@");
            list.push_str(channel);
        }
        list.push_str("\x14\0");
        Ok(list.into_bytes())
    }

    /// Seconds from the start in the header, for a time in sample time.
    fn clock_s(&self, sample_s: f64) -> f64 {
        let gaps = self.gaps.iter().filter(|g| g.at_s <= sample_s).map(|g| g.duration_s);
        self.fraction_s + sample_s + gaps.sum::<f64>()
    }

    fn record_of(&self, sample_s: f64, n_records: u64) -> u64 {
        let index = if self.record_s > 0.0 { (sample_s / self.record_s).floor() } else { 0.0 };
        (index.max(0.0) as u64).min(n_records.saturating_sub(1))
    }
}

/// The gaps, which can only lie between records.
fn gaps_at_records(spec: &EdfSpec) -> Result<Vec<Gap>, FormatError> {
    for gap in &spec.gaps {
        let records = gap.at_s / spec.record_s;
        if (records - records.round()).abs() > 1e-6 {
            let expected = format!("a multiple of the record duration, {} s", spec.record_s);
            return Err(refuse("the time of a gap", expected, gap.at_s));
        }
    }
    // The exact multiple, so that a record that starts at the gap counts as after it.
    let exact = |g: &Gap| Gap { at_s: (g.at_s / spec.record_s).round() * spec.record_s, ..*g };
    Ok(spec.gaps.iter().map(exact).collect())
}

/// Decimal seconds to a nanosecond, without exponent and trailing zeros.
fn seconds(s: f64) -> String {
    let text = format!("{s:.9}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
