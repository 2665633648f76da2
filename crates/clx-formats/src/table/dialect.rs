//! How a table of numbers is written: delimiter, decimal sign, comment lines, header lines.

use super::column::is_unit;

/// Rows looked at.
const MAX_ROWS: usize = 60;

/// Most columns of a table.
pub(super) const MAX_COLUMNS: usize = 4_096;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Dialect {
    /// A space stands for any number of spaces.
    pub(super) delimiter: u8,
    pub(super) decimal_comma: bool,
    /// Names of the columns; empty without a header line.
    pub(super) names: Vec<String>,
    /// Units from a second header line.
    pub(super) units: Vec<String>,
    /// Lines that start with `%` or `#`, without that sign.
    pub(super) comments: Vec<String>,
    pub(super) n_columns: usize,
    /// Where the first row of numbers begins.
    pub(super) data_offset: u64,
    /// Columns of the rows looked at that hold a number in most of them.
    pub(super) numeric: Vec<bool>,
    /// Fields of the first rows, as they stand.
    pub(super) rows: Vec<Vec<String>>,
}

/// Delimiters in the order of preference, and whether numbers may have a decimal comma.
const CANDIDATES: [(u8, bool); 8] = [
    (b',', false),
    (b'\t', false),
    (b';', false),
    (b';', true),
    (b'\t', true),
    (b'|', false),
    (b' ', false),
    (b' ', true),
];

struct Line {
    offset: u64,
    text: String,
}

impl Dialect {
    /// Tells the dialect from the beginning of a text; `None` when it is no table of numbers.
    /// `whole` says that `head` is all of it, so that its last line counts.
    pub(super) fn tell(head: &[u8], whole: bool) -> Option<Self> {
        let (head, base) = head.strip_prefix(b"\xef\xbb\xbf").map_or((head, 0), |rest| (rest, 3));
        if !is_text(head) {
            return None;
        }
        let (comments, lines) = lines(head, base, whole);
        let mut best: Option<(f64, Self)> = None;
        for (delimiter, decimal_comma) in CANDIDATES {
            let Some((score, dialect)) = Self::attempt(&lines, delimiter, decimal_comma) else {
                continue;
            };
            if best.as_ref().is_none_or(|(most, _)| score > *most) {
                best = Some((score, dialect));
            }
        }
        let (_, mut dialect) = best?;
        dialect.comments = comments;
        Some(dialect)
    }

    /// The table as this delimiter and decimal sign give it, and how well they fit.
    fn attempt(lines: &[Line], delimiter: u8, decimal_comma: bool) -> Option<(f64, Self)> {
        let rows: Vec<(u64, Vec<&str>)> =
            lines.iter().map(|l| (l.offset, split(&l.text, delimiter))).collect();
        let is_number = |field: &&str| number(field.as_bytes(), decimal_comma).is_some();
        let is_data = |row: &[&str]| {
            let filled = row.iter().filter(|f| !f.is_empty()).count();
            let numbers = row.iter().filter(|f| is_number(f)).count();
            numbers > 0 && numbers * 2 >= filled
        };
        let first_data = rows.iter().position(|(_, row)| is_data(row))?;
        let n_columns = rows[first_data].1.len();
        // The names are the first line above the numbers that is about as long as they.
        let named = rows[..first_data].iter().position(|(_, r)| {
            let filled = r.iter().filter(|f| !f.is_empty()).count();
            r.len() + 8 >= n_columns && r.len() <= n_columns + 8 && filled * 2 >= n_columns
        });
        let names = named.map_or(&[][..], |i| &rows[i].1);
        let units = named
            .and_then(|i| rows[..first_data].get(i + 1))
            .filter(|(_, r)| r.len() == names.len() && r.iter().all(|f| f.is_empty() || is_unit(f)))
            .map_or(&[][..], |(_, r)| r);
        let n_header = named.map_or(first_data, |i| i + 1 + usize::from(!units.is_empty()));
        // A header that names more columns than the first row has knows better.
        let n_columns = n_columns.max(names.len());
        let data: Vec<&(u64, Vec<&str>)> =
            rows[first_data..].iter().filter(|(_, r)| r.len() <= n_columns && is_data(r)).collect();
        let n_lines = rows.len() - first_data;
        if data.len() < 3 || data.len() * 10 < n_lines * 6 || n_columns > MAX_COLUMNS {
            return None;
        }
        let mut numeric = vec![false; n_columns];
        for (column, numeric) in numeric.iter_mut().enumerate() {
            let filled: Vec<&&str> =
                data.iter().filter_map(|(_, r)| r.get(column)).filter(|f| !f.is_empty()).collect();
            let numbers = filled.iter().filter(|f| is_number(f)).count();
            *numeric = numbers > 0 && numbers * 10 >= filled.len() * 8;
        }
        let share = numeric.iter().filter(|n| **n).count() as f64 / n_columns as f64;
        let own = |row: &[&str]| row.iter().map(|f| (*f).to_owned()).collect::<Vec<String>>();
        let dialect = Self {
            delimiter,
            decimal_comma,
            names: own(names),
            units: own(units),
            comments: Vec::new(),
            n_columns,
            data_offset: rows.get(n_header)?.0,
            numeric,
            rows: data.iter().map(|(_, r)| own(r)).collect(),
        };
        // One column fits every delimiter that does not occur, so it counts least.
        let several = if n_columns > 1 { 1.0 } else { 0.0 };
        Some((several + share + (n_columns as f64).min(100.0) * 1e-3, dialect))
    }

    pub(super) fn name(&self, column: usize) -> &str {
        self.names.get(column).map_or("", String::as_str)
    }

    /// The rate that a comment states: `%Sample Rate = 250 Hz`, `# fs: 512`.
    pub(super) fn stated_rate_hz(&self) -> Option<f64> {
        self.comments.iter().find_map(|comment| {
            let lower = comment.to_lowercase();
            let at = [
                "sample rate",
                "samplerate",
                "sampling rate",
                "sampling frequency",
                "srate",
                "sfreq",
                "fs",
            ]
            .iter()
            .find_map(|word| Some(lower.find(word)? + word.len()))?;
            let rest = lower.get(at..)?.trim_start_matches(|c: char| !c.is_ascii_digit());
            let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
            let hz: f64 = rest.get(..end)?.trim_end_matches('.').parse().ok()?;
            ((1e-3..=1e6).contains(&hz)).then_some(hz)
        })
    }
}

/// A finite number; spaces around it and a leading plus are fine.
pub(super) fn number(field: &[u8], decimal_comma: bool) -> Option<f64> {
    let field = field.trim_ascii();
    let mut buffer = [0; 48];
    let field = if decimal_comma && field.contains(&b',') {
        let copy = buffer.get_mut(..field.len())?;
        copy.copy_from_slice(field);
        copy.iter_mut().filter(|b| **b == b',').for_each(|b| *b = b'.');
        &*copy
    } else {
        field
    };
    // The standard parser also knows words: `inf`, `nan`, `infinity`.
    if !field.iter().any(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(field).ok()?.parse::<f64>().ok().filter(|x| x.is_finite())
}

/// Text has no control characters but tabs and line ends.
fn is_text(head: &[u8]) -> bool {
    let control = |b: &u8| *b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r');
    !head.is_empty() && !head.iter().any(control)
}

/// UTF-8 if it is that, Latin-1 otherwise.
pub(super) fn decode(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|&b| char::from(b)).collect(),
    }
}

/// Comment lines, and the first of the others with where they begin in the file.
fn lines(head: &[u8], base: u64, whole: bool) -> (Vec<String>, Vec<Line>) {
    let mut comments = Vec::new();
    let mut lines = Vec::new();
    let mut offset = base;
    for full in head.split_inclusive(|&b| b == b'\n') {
        let line = full.trim_ascii_end();
        let complete = full.ends_with(b"\n") || whole;
        if line.starts_with(b"%") || line.starts_with(b"#") {
            let text = decode(line);
            comments.push(text.trim_start_matches(['%', '#']).trim().to_owned());
        } else if !line.is_empty() && complete && lines.len() < MAX_ROWS {
            // Trailing tabs are empty fields.
            let end = full.iter().rposition(|b| !matches!(b, b'\n' | b'\r')).map_or(0, |i| i + 1);
            lines.push(Line { offset, text: decode(&full[..end]) });
        }
        offset += full.len() as u64;
    }
    (comments, lines)
}

/// Fields of a line, trimmed, without quotes.
fn split(line: &str, delimiter: u8) -> Vec<&str> {
    if delimiter == b' ' {
        return line.split([' ', '\t']).filter(|f| !f.is_empty()).collect();
    }
    line.split(char::from(delimiter)).map(|f| f.trim().trim_matches('"').trim()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tell(text: &str) -> Option<Dialect> {
        Dialect::tell(text.as_bytes(), true)
    }

    #[test]
    fn delimiters_and_decimal_commas_are_told_apart() {
        for (text, delimiter, comma, n) in [
            ("t,a\n0.1,2\n0.2,3\n0.3,-4e-6\n", b',', false, 2),
            ("t;a\n0,1;2,5\n0,2;3,5\n0,3;4\n", b';', true, 2),
            ("t\ta\n0.1\t2\n0.2\t3\n0.3\t4\n", b'\t', false, 2),
            ("0,1\t2\n0,2\t3\n0,3\t4\n", b'\t', true, 2),
            ("  0.1   2\n  0.2  -3\n 0.3   4\n", b' ', false, 2),
            ("1\n2\n3\n4\n", b',', false, 1),
        ] {
            let d = tell(text).unwrap();
            assert_eq!(
                (d.delimiter, d.decimal_comma, d.n_columns),
                (delimiter, comma, n),
                "{text}"
            );
        }
    }

    #[test]
    fn headers_units_comments_and_their_offsets_are_found() {
        let d = tell("% Sample Rate = 250 Hz\ntime,Fp1\ns,uV\n0,1\n1,2\n2,3\n").unwrap();
        assert_eq!(
            (d.names, d.units),
            (vec!["time".into(), "Fp1".into()], vec!["s".to_owned(), "uV".into()])
        );
        assert_eq!(d.comments, ["Sample Rate = 250 Hz"]);
        assert_eq!(d.data_offset, 23 + 9 + 5);
        let d = tell("fs: 512\n").map(|d| d.stated_rate_hz());
        assert_eq!(d, None);
        let d = tell("# fs: 512.5 Hz\n1\n2\n3\n").unwrap();
        assert_eq!(d.stated_rate_hz(), Some(512.5));
    }

    #[test]
    fn prose_and_bytes_are_no_tables() {
        for text in
            ["", "hello", "a,b\nc,d\ne,f\ng,h\n", "0123 and text\nmore\n", "1,2\n", "\0\0\0"]
        {
            assert_eq!(tell(text), None, "{text:?}");
        }
    }
}
