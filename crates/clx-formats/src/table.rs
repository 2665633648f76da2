//! Recordings as text: OpenBCI, muse-lsl, Mind Monitor, and tables of numbers in general; plain or
//! gzip-compressed.
//!
//! Opening reads the file once: rows are counted and checked, times and counters give the rate and
//! the interruptions, and the place of every 4,096th row is kept. Samples are parsed again when
//! asked for, so that memory follows the window and not the file; parsing costs about as much as
//! reading the file from a disk. Of compressed text, what lies before the window is inflated again.

mod amplitude;
mod bytes;
mod clock;
mod column;
mod dialect;
mod pass;
mod rows;
mod time;

use clx_signal::{Annotation, ChannelInfo, Finding, RecordingHeader, SampleRate, Severity, Unit};

use self::bytes::{TextBytes, text_head};
use self::clock::RowClock;
use self::column::{Columns, Program, TimeUnit};
use self::dialect::{Dialect, number};
use self::pass::{Pass, first_times, is_sample};
use self::rows::Rows;
use crate::identity::lines_naming_a_person;
use crate::recording::{ReadRecording, Span};
use crate::{ByteSource, Format, FormatError, Identity, SNIFF_BYTES};

/// Rows between two places that are kept.
const ROWS_PER_MARK: u64 = 4_096;

#[derive(Debug)]
pub(crate) struct TableReader {
    rows: Rows,
    dialect: Dialect,
    columns: Columns,
    /// Factor from each signal's column to its unit.
    factors: Vec<f64>,
    marks: Vec<Mark>,
    /// The row that `rows` gives next, and the last values before it.
    next_row: u64,
    held: Vec<f64>,
    header: RecordingHeader,
    identity: Identity,
    findings: Vec<Finding>,
    annotations: Vec<Annotation>,
}

/// A place to start reading rows.
#[derive(Debug)]
struct Mark {
    offset: u64,
    /// Last number of every signal before it, for fields that are empty.
    held: Box<[f64]>,
}

/// Whether a table is compressed and names a person in its comments, where it cannot be blanked.
pub(crate) fn hides_a_person(head: &[u8]) -> bool {
    let names = |(dialect, _): (Dialect, Program)| {
        !lines_naming_a_person(dialect.comments.iter().map(String::as_str)).is_empty()
    };
    bytes::is_compressed(head) && look(head).is_some_and(names)
}

/// Tells a table of numbers from the first bytes of a file.
pub(crate) fn tell(head: &[u8]) -> Option<Format> {
    let (dialect, program) = look(head)?;
    // A table of other things has no times, or no rate, and often words.
    let timed =
        || dialect.stated_rate_hz().is_some() || Columns::tell(&dialect, program).time.is_some();
    let all_numbers = dialect.n_columns > 1 && dialect.numeric.iter().all(|n| *n);
    Some(match program {
        Program::OpenBci => Format::OpenBci,
        Program::Muse => Format::MuseCsv,
        Program::MindMonitor => Format::MindMonitor,
        Program::Other if !(all_numbers || timed()) => return None,
        Program::Other => Format::Csv,
    })
}

fn look(head: &[u8]) -> Option<(Dialect, Program)> {
    let text = text_head(head, SNIFF_BYTES);
    let whole = head.len() < SNIFF_BYTES && text.len() < SNIFF_BYTES;
    let dialect = Dialect::tell(&text, whole)?;
    let has = |name: &str| dialect.names.iter().any(|n| n == name);
    let program = if dialect.comments.iter().any(|c| c.starts_with("OpenBCI Raw")) {
        Program::OpenBci
    } else if has("RAW_TP9") && has("TimeStamp") {
        Program::MindMonitor
    } else if has("timestamps") && has("TP9") {
        Program::Muse
    } else {
        Program::Other
    };
    Some((dialect, program))
}

impl TableReader {
    pub(crate) fn open(
        mut source: Box<dyn ByteSource>,
        format: Format,
    ) -> Result<Self, FormatError> {
        let head = crate::source::head(&mut *source)?;
        let len = source.seek(std::io::SeekFrom::End(0))?;
        let Some((dialect, program)) = look(&head) else {
            let got = "text of another kind".to_owned();
            return Err(invalid(format, "the beginning", "a table of numbers", got));
        };
        let columns = Columns::tell(&dialect, program);
        if columns.signals.is_empty() {
            let got = dialect.names.join(", ").chars().take(200).collect();
            return Err(invalid(format, "the columns", "at least one with a signal", got));
        }
        let mut rows = Rows::new(TextBytes::new(source)?, dialect.delimiter);
        let mut clock = RowClock::new(columns.time.map(|t| t.1));
        clock.settle(&first_times(&mut rows, &dialect, &columns)?);
        let budget = (len / 64).max(100_000) as usize;
        let mut pass = Pass::new(&columns, clock);
        pass.run(&mut rows, &dialect, &columns, budget)?;
        Self::assemble(rows, dialect, columns, program, pass, format)
    }

    fn assemble(
        rows: Rows,
        dialect: Dialect,
        columns: Columns,
        program: Program,
        pass: Pass,
        format: Format,
    ) -> Result<Self, FormatError> {
        let mut findings = Vec::new();
        let hz = rate_hz(&dialect, &pass.clock, format, &mut findings)?;
        let rate = SampleRate::from_hz(hz)
            .map_err(|error| invalid(format, "the rate", "above 0 Hz", error.to_string()))?;
        pass.report(&columns, program, &mut findings);
        let (infos, factors) = channels(&columns, &pass, rate, &mut findings);
        let gaps = pass.clock.gaps(pass.n_rows, hz, &mut findings);
        if !gaps.is_empty() {
            let seconds: f64 = gaps.iter().map(|g| g.duration_s).sum();
            let message = format!("{} interruptions, {seconds:.3} s together", gaps.len());
            findings.push(Finding::new("signal.gaps", Severity::Warning, message));
        }
        let annotations = pass
            .events
            .into_iter()
            .map(|(row, text)| Annotation {
                onset_s: row / hz,
                duration_s: None,
                text,
                channel: None,
            })
            .collect();
        let header = RecordingHeader {
            channels: infos,
            duration_s: pass.n_rows as f64 / hz,
            start: start(&dialect, &columns, &pass.clock),
            gaps,
        };
        let patient = lines_naming_a_person(dialect.comments.iter().map(String::as_str));
        Ok(Self {
            rows,
            dialect,
            held: vec![0.0; columns.signals.len()],
            columns,
            factors,
            marks: pass.marks,
            next_row: u64::MAX,
            header,
            identity: Identity { patient, recording: String::new() },
            findings,
            annotations,
        })
    }

    /// Goes to row `row`, or to the nearest kept place before it.
    fn go_near(&mut self, row: u64) -> Result<(), FormatError> {
        let index = (row / ROWS_PER_MARK) as usize;
        let marked = index as u64 * ROWS_PER_MARK;
        if self.next_row <= row && self.next_row >= marked {
            return Ok(());
        }
        let Some(mark) = self.marks.get(index) else { return Ok(()) };
        self.rows.go_to(mark.offset)?;
        self.held.copy_from_slice(&mark.held);
        self.next_row = marked;
        Ok(())
    }
}

impl ReadRecording for TableReader {
    fn header(&self) -> &RecordingHeader {
        &self.header
    }

    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn findings(&self) -> &[Finding] {
        &self.findings
    }

    fn annotations(&mut self) -> Result<Vec<Annotation>, FormatError> {
        Ok(self.annotations.clone())
    }

    fn read(&mut self, spans: &[Span]) -> Result<Vec<Vec<f32>>, FormatError> {
        let mut out: Vec<Vec<f32>> = spans.iter().map(Span::buffer).collect();
        let filled = spans.iter().filter(|s| !s.samples.is_empty()).map(|s| &s.samples);
        let all = filled.fold(None, |all: Option<(u64, u64)>, s| {
            Some(all.map_or((s.start, s.end), |(a, b)| (a.min(s.start), b.max(s.end))))
        });
        let Some((start, end)) = all else { return Ok(out) };
        self.go_near(start)?;
        let Self { rows, dialect, columns, factors, held, next_row, .. } = self;
        while *next_row < end && rows.next()? {
            let fields = rows.fields();
            if !is_sample(&fields, dialect, columns) {
                continue;
            }
            for (i, held) in held.iter_mut().enumerate() {
                let field = fields.get(columns.signals[i].column);
                if let Some(value) = number(field, dialect.decimal_comma) {
                    *held = value;
                }
            }
            for (span, out) in spans.iter().zip(&mut out) {
                if span.samples.contains(next_row) {
                    out.push((held[span.channel] * factors[span.channel]) as f32);
                }
            }
            *next_row += 1;
        }
        Ok(out)
    }
}

/// The rate that the file states, or that its times give.
fn rate_hz(
    dialect: &Dialect,
    clock: &RowClock,
    format: Format,
    findings: &mut Vec<Finding>,
) -> Result<f64, FormatError> {
    let measured = clock.measured_hz();
    if let Some(stated) = dialect.stated_rate_hz() {
        if let Some(measured) = measured.filter(|m| (m / stated - 1.0).abs() > 0.05) {
            let message = format!(
                "the file states {stated} Hz, its times give {measured:.2} Hz; the former is used"
            );
            findings.push(Finding::new("header.rate", Severity::Warning, message));
        }
        return Ok(stated);
    }
    let Some(measured) = measured else {
        return Err(FormatError::Unsupported {
            format,
            feature: "neither a time column nor a stated rate".to_owned(),
            advice: "put a line like `# sample rate: 250 Hz` at its beginning",
        });
    };
    let hz = time::nominal_hz(measured);
    let message = match hz == measured {
        true => format!("the rate of {hz:.4} Hz is measured from the times"),
        false => format!("the times give {measured:.3} Hz; {hz} Hz is taken as the device's rate"),
    };
    findings.push(Finding::new("header.rate", Severity::Info, message));
    Ok(hz)
}

fn channels(
    columns: &Columns,
    pass: &Pass,
    rate: SampleRate,
    findings: &mut Vec<Finding>,
) -> (Vec<ChannelInfo>, Vec<f64>) {
    let unitless = columns.signals.iter().any(|s| s.unit.is_none());
    let assumed = unitless.then(|| pass.differences.unit());
    let (mut infos, mut factors) = (Vec::new(), Vec::new());
    for signal in &columns.signals {
        let (unit, factor) = match (&signal.unit, &assumed) {
            (Some((unit, factor)), _) => (unit.clone(), *factor),
            (None, Some((unit, factor, _))) => (unit.clone(), *factor),
            (None, None) => (Unit::Other(String::new()), 1.0),
        };
        factors.push(factor);
        infos.push(ChannelInfo {
            name: signal.name.clone(),
            label: signal.label.clone(),
            kind: signal.kind,
            unit,
            rate,
            n_samples: pass.n_rows,
        });
    }
    findings.extend(assumed.map(|(_, _, finding)| finding));
    (infos, factors)
}

/// Date and time of the first row: from any column with a date, else from seconds since 1970.
fn start(dialect: &Dialect, columns: &Columns, clock: &RowClock) -> Option<String> {
    let first = dialect.rows.first()?;
    let written = first.iter().find_map(|field| time::civil(field));
    if let Some(date) = written {
        return Some(date.to_string());
    }
    let (_, TimeUnit::Number(_)) = columns.time? else { return None };
    let start_s = clock.start_s?;
    time::epoch_unit_s(start_s).filter(|unit| *unit == 1.0)?;
    time::epoch_civil(start_s)
}

fn invalid(format: Format, what: &str, expected: &'static str, got: String) -> FormatError {
    FormatError::Invalid { format, what: what.to_owned(), offset: 0, expected, got }
}
