//! What each column of a table is: time, counter, signal, marker.

use clx_signal::{ChannelKind, Unit};

use super::dialect::Dialect;
use crate::label;

/// Which program wrote the table, as far as it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Program {
    OpenBci,
    /// muse-lsl: microvolts beside seconds.
    Muse,
    MindMonitor,
    Other,
}

/// Time of a row, as the text of its column gives it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum TimeUnit {
    /// A number; this many seconds each. `None` until steps tell.
    Number(Option<f64>),
    /// `2017-11-02 12:33:05.090`, `12:00:53.329`.
    Civil,
}

/// A column that carries a signal.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SignalColumn {
    pub(super) column: usize,
    pub(super) label: String,
    pub(super) name: String,
    pub(super) kind: ChannelKind,
    /// `None`: nothing says it and it looks like EEG, so that the amplitude decides.
    pub(super) unit: Option<(Unit, f64)>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Columns {
    pub(super) time: Option<(usize, TimeUnit)>,
    /// A second column of time with a date, for the start alone.
    pub(super) counter: Option<usize>,
    pub(super) signals: Vec<SignalColumn>,
    /// Columns whose entries become annotations; `true` where they are numbers (0 is none).
    pub(super) markers: Vec<(usize, bool)>,
    pub(super) n_ignored: usize,
}

impl Columns {
    pub(super) fn tell(dialect: &Dialect, program: Program) -> Self {
        if program == Program::OpenBci && dialect.names.is_empty() {
            return Self::openbci_unnamed(dialect);
        }
        let mut columns = Self::default();
        for column in 0..dialect.n_columns {
            columns.add(dialect, program, column);
        }
        if dialect.names.is_empty() {
            columns.unnamed_time(dialect);
        }
        let mut names: Vec<String> = columns.signals.iter().map(|s| s.name.clone()).collect();
        label::unique(&mut names);
        for (signal, name) in columns.signals.iter_mut().zip(names) {
            signal.name = name;
        }
        columns
    }

    fn add(&mut self, dialect: &Dialect, program: Program, column: usize) {
        let label = dialect.name(column);
        let (bare, named_unit) = unit_suffix(label);
        let header_unit = dialect.units.get(column).map(String::as_str).filter(|u| !u.is_empty());
        let unit_text = header_unit.or(named_unit);
        let key = key(bare);
        let numeric = dialect.numeric.get(column).copied().unwrap_or(false);
        if is_time(&key) {
            if self.time.is_none() {
                self.time = time_unit(dialect, column, numeric, unit_text).map(|u| (column, u));
            }
            return;
        }
        let unnamed_index = key.is_empty() && !dialect.names.is_empty();
        if numeric && (unnamed_index || COUNTERS.contains(&key.as_str())) {
            self.counter.get_or_insert(column);
            return;
        }
        if key == "notused" || (program == Program::OpenBci && key == "other") {
            return;
        }
        let marks =
            MARKERS.iter().any(|m| key.trim_end_matches(|c: char| c.is_ascii_digit()) == *m);
        if marks || !numeric {
            if !marks && !dialect.names.is_empty() && is_filled(dialect, column) {
                self.n_ignored += 1;
                return;
            }
            if dialect.names.is_empty() && !numeric {
                self.n_ignored += 1;
                return;
            }
            self.markers.push((column, numeric));
            if !numeric {
                return;
            }
        }
        self.signals.push(signal(program, column, label, bare, unit_text, marks));
    }

    /// In a table without names the first column is time if it rises evenly by less than a unit,
    /// and a counter if it rises by one.
    fn unnamed_time(&mut self, dialect: &Dialect) {
        if self.signals.len() < 2 {
            return;
        }
        let Some(first) = self.signals.first().map(|s| s.column) else { return };
        let values: Vec<f64> = dialect
            .rows
            .iter()
            .filter_map(|r| super::dialect::number(r.get(first)?.as_bytes(), dialect.decimal_comma))
            .collect();
        let steps: Vec<f64> = values.windows(2).map(|w| w[1] - w[0]).collect();
        if steps.is_empty() || steps.iter().any(|s| *s < 0.0) {
            return;
        }
        let mean = steps.iter().sum::<f64>() / steps.len() as f64;
        let even = steps.iter().all(|s| (s - mean).abs() <= mean);
        if mean == 1.0 && steps.iter().all(|s| *s == 1.0) {
            self.counter = Some(first);
            self.signals.remove(0);
        } else if even && mean > 0.0 && (mean < 0.5 || values[0].abs() > 1e9) {
            self.time = Some((first, TimeUnit::Number(None)));
            self.signals.remove(0);
        }
    }

    /// OpenBCI files up to version 4: index, channels, three accelerations, time of day.
    fn openbci_unnamed(dialect: &Dialect) -> Self {
        let n_channels = dialect
            .comments
            .iter()
            .find_map(|c| {
                c.to_lowercase()
                    .strip_prefix("number of channels")?
                    .trim_start_matches([' ', '='])
                    .parse()
                    .ok()
            })
            .unwrap_or_else(|| dialect.n_columns.saturating_sub(5))
            .clamp(1, dialect.n_columns.saturating_sub(1).max(1));
        let mut columns = Self { counter: Some(0), ..Self::default() };
        for column in 1..dialect.n_columns {
            let numeric = dialect.numeric[column];
            if column <= n_channels {
                let label = format!("EXG Channel {}", column - 1);
                columns.signals.push(signal(Program::OpenBci, column, &label, &label, None, false));
            } else if !numeric {
                if columns.time.is_none() {
                    columns.time =
                        time_unit(dialect, column, false, None).map(|unit| (column, unit));
                }
            } else {
                let label = format!("Accel Channel {}", column - n_channels - 1);
                columns.signals.push(signal(Program::OpenBci, column, &label, &label, None, false));
            }
        }
        columns
    }
}

const COUNTERS: &[&str] = &[
    "sample",
    "samples",
    "sampleindex",
    "samplenumber",
    "index",
    "idx",
    "counter",
    "packet",
    "packetcounter",
    "packetnumber",
    "frame",
    "row",
    "n",
];

const MARKERS: &[&str] = &[
    "marker",
    "markers",
    "markerchannel",
    "event",
    "events",
    "eventid",
    "trigger",
    "triggers",
    "stim",
    "stimulus",
    "annotation",
    "annotations",
    "elements",
    "status",
    "label",
];

const TIMES: &[&str] = &[
    "time",
    "times",
    "timestamp",
    "timestamps",
    "datetime",
    "date",
    "t",
    "sec",
    "secs",
    "second",
    "seconds",
    "ms",
    "millis",
    "milliseconds",
    "msec",
    "lsltimestamp",
    "localtime",
    "unixtime",
    "timestampformatted",
    "elapsed",
    "elapsedtime",
    "clock",
];

/// Letters and digits of a name, lower case.
fn key(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn is_time(key: &str) -> bool {
    TIMES.contains(&key)
}

/// Whether a column of text has an entry in most rows.
fn is_filled(dialect: &Dialect, column: usize) -> bool {
    let filled = |r: &&Vec<String>| r.get(column).is_some_and(|f| !f.is_empty());
    let n = dialect.rows.iter().filter(filled).count();
    n * 2 > dialect.rows.len()
}

fn time_unit(
    dialect: &Dialect,
    column: usize,
    numeric: bool,
    unit: Option<&str>,
) -> Option<TimeUnit> {
    if !numeric {
        let readable = dialect
            .rows
            .iter()
            .filter_map(|r| r.get(column))
            .any(|f| super::time::civil_s(f).is_some());
        return readable.then_some(TimeUnit::Civil);
    }
    let name = key(dialect.name(column));
    let unit = unit.map(str::to_lowercase);
    let seconds = match (unit.as_deref(), name.as_str()) {
        (Some("ms" | "msec" | "millis" | "milliseconds"), _)
        | (None, "ms" | "msec" | "millis" | "milliseconds") => Some(1e-3),
        (Some("us" | "\u{b5}s" | "\u{3bc}s" | "microseconds"), _) => Some(1e-6),
        (Some("ns"), _) => Some(1e-9),
        (Some("s" | "sec" | "seconds"), _) | (None, "sec" | "secs" | "second" | "seconds") => {
            Some(1.0)
        }
        _ => None,
    };
    Some(TimeUnit::Number(seconds))
}

fn signal(
    program: Program,
    column: usize,
    label: &str,
    bare: &str,
    unit_text: Option<&str>,
    marks: bool,
) -> SignalColumn {
    let label = if label.is_empty() { format!("channel {column}") } else { label.to_owned() };
    let bare = if bare.is_empty() { label.as_str() } else { bare };
    let lower = bare.to_lowercase();
    let name = match program {
        Program::MindMonitor if lower.starts_with("raw_") => label::name(&bare[4..]),
        _ => label::name(bare),
    };
    let named = unit_text.map(label::unit);
    let microvolts = Some((Unit::Volt, 1e-6));
    let other = |unit: &str| Some((Unit::Other(unit.to_owned()), 1.0));
    let (kind, unit) = match program {
        _ if marks => (ChannelKind::Stim, other("")),
        Program::OpenBci if lower.starts_with("exg channel") => (ChannelKind::Eeg, microvolts),
        Program::OpenBci if lower.starts_with("accel") => (ChannelKind::Misc, other("g")),
        Program::OpenBci => (ChannelKind::Misc, other("")),
        Program::Muse if lower.contains("aux") => (ChannelKind::Misc, microvolts),
        Program::Muse => (ChannelKind::Eeg, microvolts),
        Program::MindMonitor if lower.starts_with("raw_") => (ChannelKind::Eeg, microvolts),
        Program::MindMonitor if lower.starts_with("aux") => (ChannelKind::Misc, microvolts),
        Program::MindMonitor => (ChannelKind::Misc, other(mind_monitor_unit(&lower))),
        Program::Other => {
            let unit = named.clone().map(|(unit, _)| unit);
            let kind = general_kind(&name, &lower, unit.as_ref());
            (kind, if kind == ChannelKind::Misc { named.or_else(|| other("")) } else { named })
        }
    };
    SignalColumn { column, label, name, kind, unit }
}

/// Units of Mind Monitor's columns, from its documentation.
fn mind_monitor_unit(lower: &str) -> &'static str {
    match lower.split('_').next() {
        Some("delta" | "theta" | "alpha" | "beta" | "gamma") => "Bel",
        Some("accelerometer") => "g",
        Some("gyro") => "deg/s",
        Some("battery") => "%",
        _ => "",
    }
}

/// EEG unless the name says something else that is not measured in volts.
fn general_kind(name: &str, lower: &str, unit: Option<&Unit>) -> ChannelKind {
    let other = Unit::Other(String::new());
    let kind = label::kind(name, unit.unwrap_or(&other));
    if kind != ChannelKind::Misc || unit.is_some() {
        return kind;
    }
    let numbered = lower.trim_end_matches(|c: char| c.is_ascii_digit() || " _-.".contains(c));
    let generic = [
        "ch",
        "chan",
        "channel",
        "eeg",
        "exg",
        "exg channel",
        "eeg channel",
        "electrode",
        "sensor",
        "v",
    ];
    if generic.contains(&numbered) { ChannelKind::Eeg } else { ChannelKind::Misc }
}

/// `Fp1 (uV)`, `Fp1 [mV]`, `Fp1_uV`, `time_ms`: the name and its unit.
fn unit_suffix(label: &str) -> (&str, Option<&str>) {
    let label = label.trim();
    for (open, close) in [('(', ')'), ('[', ']')] {
        if let Some((name, unit)) = label.strip_suffix(close).and_then(|l| l.rsplit_once(open))
            && is_unit(unit.trim())
        {
            return (name.trim(), Some(unit.trim()));
        }
    }
    if let Some((name, unit)) = label.rsplit_once(['_', '/', ' '])
        && is_unit(unit)
        && !name.trim().is_empty()
    {
        return (name.trim(), Some(unit));
    }
    (label, None)
}

pub(super) fn is_unit(text: &str) -> bool {
    const UNITS: &[&str] = &[
        "v",
        "mv",
        "uv",
        "\u{b5}v",
        "\u{3bc}v",
        "nv",
        "s",
        "sec",
        "seconds",
        "ms",
        "us",
        "\u{b5}s",
        "ns",
        "volt",
        "volts",
        "millivolts",
        "microvolts",
        "g",
        "adc",
        "adu",
        "counts",
        "c",
        "\u{b0}c",
        "%",
        "hz",
        "bpm",
        "us/cm",
        "a.u.",
        "deg/s",
        "m/s2",
    ];
    UNITS.contains(&text.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_cut_from_names() {
        for (label, name, unit) in [
            ("Fp1 (uV)", "Fp1", Some("uV")),
            ("Fp1 [\u{b5}V]", "Fp1", Some("\u{b5}V")),
            ("time_ms", "time", Some("ms")),
            ("RAW_TP9", "RAW_TP9", None),
            ("Digital Channel 0 (D11)", "Digital Channel 0 (D11)", None),
            ("V", "V", None),
        ] {
            assert_eq!(unit_suffix(label), (name, unit));
        }
    }
}
