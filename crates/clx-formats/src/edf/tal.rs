//! Time-stamped annotation lists (EDF+ specification, 2.2.2 to 2.2.4).
//!
//! A list is `onset [0x15 duration] 0x14 text 0x14 text 0x14 … 0x00`. The first list of a record
//! has an empty first text and tells when the record starts.

use super::field;

/// Longest list that is put together across records; a longer one is damaged.
const MAX_LIST_BYTES: usize = 65_536;

const TEXT: u8 = 0x14;
const DURATION: u8 = 0x15;

/// One list, borrowed from the record.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Tal<'a> {
    pub(super) onset_s: f64,
    pub(super) duration_s: Option<f64>,
    texts: &'a [u8],
}

impl<'a> Tal<'a> {
    /// `bytes` without the closing zero.
    pub(super) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let timing_end = bytes.iter().position(|&b| b == TEXT)?;
        let texts = bytes[timing_end + 1..].strip_suffix(&[TEXT])?;
        let timing = &bytes[..timing_end];
        let (onset, duration) = match timing.iter().position(|&b| b == DURATION) {
            Some(at) => (&timing[..at], Some(&timing[at + 1..])),
            None => (timing, None),
        };
        if !matches!(onset.first(), Some(b'+' | b'-')) {
            return None;
        }
        let onset_s = decimal(&onset[1..])? * if onset[0] == b'-' { -1.0 } else { 1.0 };
        // An empty duration occurs and means none.
        let duration_s = match duration {
            None | Some([]) => None,
            Some(digits) => Some(decimal(digits)?),
        };
        Some(Self { onset_s, duration_s, texts })
    }

    /// Texts that are not empty, decoded.
    pub(super) fn texts(self) -> impl Iterator<Item = String> + 'a {
        self.texts.split(|&b| b == TEXT).filter(|t| !t.is_empty()).map(field::decode)
    }

    /// Whether this list only (or also) keeps the time of its record.
    pub(super) fn is_timekeeping(self) -> bool {
        self.texts.first().is_none_or(|&b| b == TEXT)
    }
}

/// Digits with at most one point, as EDF+ writes times: no sign, no exponent, within 30,000 years.
fn decimal(digits: &[u8]) -> Option<f64> {
    let plain = digits.iter().all(|b| b.is_ascii_digit() || *b == b'.');
    std::str::from_utf8(digits).ok().filter(|_| plain)?.parse::<f64>().ok().filter(|s| *s < 1e12)
}

/// The first list of a record, if it keeps the record's time.
pub(super) fn record_onset(record: &[u8]) -> Option<f64> {
    let end = record.iter().position(|&b| b == 0).unwrap_or(record.len());
    Tal::parse(&record[..end]).filter(|tal| tal.is_timekeeping()).map(|tal| tal.onset_s)
}

/// Cuts the bytes of one annotation signal into lists, record after record.
///
/// Some writers let a list run over into the next record; it is put together again.
#[derive(Debug, Default)]
pub(super) struct TalScanner {
    carry: Vec<u8>,
    /// Lists that could not be read.
    pub(super) n_damaged: u64,
}

impl TalScanner {
    /// Takes the next bytes of the signal and calls `found` for every list that ends in them.
    pub(super) fn push(&mut self, bytes: &[u8], found: &mut dyn FnMut(Tal<'_>)) {
        let mut rest = bytes;
        while let Some(end) = rest.iter().position(|&b| b == 0) {
            self.end_list(&rest[..end], found);
            rest = &rest[end + 1..];
        }
        if self.carry.len() + rest.len() <= MAX_LIST_BYTES {
            self.carry.extend_from_slice(rest);
        } else {
            self.n_damaged += 1;
            self.carry.clear();
        }
    }

    /// Ends a record: a list that fills it to the last byte has no closing zero.
    pub(super) fn end_record(&mut self, found: &mut dyn FnMut(Tal<'_>)) {
        if let Some(tal) = Tal::parse(&self.carry) {
            found(tal);
            self.carry.clear();
        }
    }

    fn end_list(&mut self, tail: &[u8], found: &mut dyn FnMut(Tal<'_>)) {
        if self.carry.is_empty() {
            self.read_list(tail, found);
        } else {
            let mut list = std::mem::take(&mut self.carry);
            list.extend_from_slice(tail);
            self.read_list(&list, found);
        }
    }

    fn read_list(&mut self, list: &[u8], found: &mut dyn FnMut(Tal<'_>)) {
        match Tal::parse(list) {
            Some(tal) => found(tal),
            None if list.is_empty() => {}
            None => self.n_damaged += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Onset, duration and texts of a list.
    type Found = (f64, Option<f64>, Vec<String>);

    fn scan(records: &[&[u8]]) -> (Vec<Found>, u64) {
        let mut scanner = TalScanner::default();
        let mut found = Vec::new();
        let mut keep =
            |tal: Tal<'_>| found.push((tal.onset_s, tal.duration_s, tal.texts().collect()));
        for record in records {
            scanner.push(record, &mut keep);
            scanner.end_record(&mut keep);
        }
        (found, scanner.n_damaged)
    }

    #[test]
    fn the_examples_of_the_specification_are_read() {
        // EDF+ 2.2.2 and 2.2.4.
        let record = b"+567\x14\x14\0+180\x14Lights off\x14Close door\x14\0+1800.2\x1525.5\x14Apnea\x14\0\0\0";
        assert_eq!(record_onset(record), Some(567.0));
        let (found, damaged) = scan(&[record]);
        assert_eq!(damaged, 0);
        assert_eq!(found[0], (567.0, None, vec![]));
        assert_eq!(found[1], (180.0, None, vec!["Lights off".into(), "Close door".into()]));
        assert_eq!(found[2], (1800.2, Some(25.5), vec!["Apnea".into()]));
    }

    #[test]
    fn lists_that_cross_or_fill_a_record_survive() {
        let (found, damaged) =
            scan(&[b"+0\x14\x14\0+1\x14ab", b"cd\x14\0+2\x14x\x14", b"+3\x14y\x14\0"]);
        assert_eq!(damaged, 0);
        let texts: Vec<&str> = found.iter().flat_map(|f| &f.2).map(String::as_str).collect();
        assert_eq!(texts, ["abcd", "x", "y"]);
    }

    #[test]
    fn damaged_lists_are_counted_and_skipped() {
        let (found, damaged) = scan(&[b"garbage\0+1e5\x14x\x14\0+1\x14ok\x14\0+2.2.2\x14no\x14\0"]);
        assert_eq!(found.len(), 1);
        assert_eq!(damaged, 3);
    }

    #[test]
    fn texts_that_are_not_utf8_are_latin1() {
        let (found, _) = scan(&[b"-0.5\x14\xe9t\xe9\x14\0"]);
        assert_eq!(found[0], (-0.5, None, vec!["été".into()]));
    }
}
