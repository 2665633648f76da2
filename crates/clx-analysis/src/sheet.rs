//! What a result shows a reader: its single figures and its tables, each with a name and a unit.
//!
//! The sheet is read from the output itself: a field's name says what it is and, by its ending, its
//! unit (`peak_hz`, `power_v2`). That way the web app, the report and the command line show every
//! analysis of the catalogue without a layout of its own, and an analysis stays one file. Names are
//! looked up in the message bundles as `field-<name>`; a test holds that every field of every
//! schema has one.

use serde::Serialize;
use serde_json::{Map, Value};

/// Fields that readers are shown elsewhere or not at all: findings and annotations have their own
/// places, `figures` repeats what a statement says.
const ELSEWHERE: &[&str] = &["findings", "annotations", "figures", "statements"];
/// Lists of numbers up to this length are printed; longer ones are curves, which plots show.
const MOST_NUMBERS: usize = 8;
/// Words of a list that are printed: a head of the 10-20 system and a few more.
const MOST_WORDS: usize = 24;

/// Ending of a field's name, the unit it stands for, and what a value is multiplied by.
const UNITS: &[(&str, &str, f64)] = &[
    ("_v2_per_hz", "µV²/Hz", 1e12),
    ("_ms2_per_hz", "ms²/Hz", 1.0),
    ("_ms2", "ms²", 1.0),
    ("_uv2", "µV²", 1.0),
    ("_v2", "µV²", 1e12),
    ("_uv", "µV", 1.0),
    ("_us", "µS", 1.0),
    ("_uv_per_s", "µV/s", 1.0),
    ("_v", "µV", 1e6),
    ("_per_min", "/min", 1.0),
    ("_per_h", "/h", 1.0),
    ("_hz", "Hz", 1.0),
    ("_khz", "kHz", 1.0),
    ("_ms", "ms", 1.0),
    ("_s", "s", 1.0),
    ("_min", "min", 1.0),
    ("_dbtp", "dBTP", 1.0),
    ("_dbfs", "dBFS", 1.0),
    ("_db", "dB", 1.0),
    ("_lufs", "LUFS", 1.0),
    ("_lu", "LU", 1.0),
    ("_bpm", "BPM", 1.0),
    ("_cents", "cent", 1.0),
    ("_semitones", "st", 1.0),
    ("_deg", "°", 1.0),
    ("_rad", "rad", 1.0),
    ("_percent", "%", 1.0),
    ("_share", "%", 100.0),
    ("_bytes", "B", 1.0),
];

/// The readable part of a result.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Sheet {
    pub measures: Vec<Measure>,
    pub tables: Vec<Table>,
}

/// One single figure or word.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measure {
    /// Where it belongs and what it is: `["alpha_peak", "peak"]`, units taken off.
    pub path: Vec<String>,
    pub unit: Option<&'static str>,
    pub value: Cell,
    /// Ends of the 95 % interval, in the same unit.
    pub ci95: Option<[f64; 2]>,
}

/// Rows of the same kind: channels, events, components.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Table {
    pub path: Vec<String>,
    pub columns: Vec<Column>,
    /// The first rows; `n_rows` says how many there are.
    pub rows: Vec<Vec<Cell>>,
    pub n_rows: usize,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Column {
    pub path: Vec<String>,
    pub unit: Option<&'static str>,
}

/// `null` where it was not measured.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Cell {
    Absent,
    Truth(bool),
    Number(f64),
    Text(String),
}

impl Sheet {
    /// What `output` shows, tables cut after `most_rows`.
    ///
    /// ```
    /// # use clx_analysis::{Cell, Sheet};
    /// let output = serde_json::json!({"alpha": {"peak_hz": 10.2, "ci95_hz": [10.0, 10.4]}});
    /// let sheet = Sheet::of(&output, 100);
    /// let peak = &sheet.measures[0];
    /// assert_eq!(peak.path, ["alpha", "peak"]);
    /// assert_eq!((peak.unit, &peak.value), (Some("Hz"), &Cell::Number(10.2)));
    /// assert_eq!(peak.ci95, Some([10.0, 10.4]));
    /// ```
    pub fn of(output: &Value, most_rows: usize) -> Self {
        let mut sheet = Self::default();
        if let Value::Object(fields) = output {
            sheet.add_fields(fields, &[], most_rows);
        }
        sheet
    }

    fn add_fields(&mut self, fields: &Map<String, Value>, above: &[String], most_rows: usize) {
        for (field, value) in fields {
            if ELSEWHERE.contains(&field.as_str()) || is_interval(field) {
                continue;
            }
            let Some(cell) = cell(field, value) else {
                let path = below(above, field);
                match value {
                    Value::Object(inner) => self.add_fields(inner, &path, most_rows),
                    Value::Array(items) => self.tables.extend(table(path, items, most_rows)),
                    _ => {}
                }
                continue;
            };
            let ci95 = interval(fields, field);
            self.measures.push(Measure {
                path: below(above, field),
                unit: unit(field),
                value: cell,
                ci95,
            });
        }
    }
}

/// The name of a field without its unit.
///
/// ```
/// assert_eq!(clx_analysis::field_name("power_v2"), "power");
/// assert_eq!(clx_analysis::field_name("n_channels"), "n_channels");
/// ```
pub fn field_name(field: &str) -> &str {
    match unit_of(field) {
        Some((ending, ..)) => &field[..field.len() - ending.len()],
        None => field,
    }
}

/// Unit of a parameter as it is written, which is never scaled: `threshold_v` is in volts.
pub fn unit_of_param(field: &str) -> Option<&'static str> {
    match unit_of(field)? {
        ("_v", ..) => Some("V"),
        ("_v2", ..) => Some("V²"),
        ("_v2_per_hz", ..) => Some("V²/Hz"),
        ("_share", ..) => None,
        &(_, unit, _) => Some(unit),
    }
}

/// The shares of a whole keep their word: `flat_share` is not the same as `flat`.
fn unit_of(field: &str) -> Option<&'static (&'static str, &'static str, f64)> {
    UNITS.iter().find(|(ending, ..)| field.len() > ending.len() && field.ends_with(ending))
}

fn unit(field: &str) -> Option<&'static str> {
    unit_of(field).map(|&(_, unit, _)| unit)
}

fn scale(field: &str) -> f64 {
    unit_of(field).map_or(1.0, |&(.., scale)| scale)
}

fn below(above: &[String], field: &str) -> Vec<String> {
    above.iter().cloned().chain([field_name(field).to_owned()]).collect()
}

fn is_interval(field: &str) -> bool {
    field == "ci95" || field.starts_with("ci95_") || field.contains("_ci95")
}

/// The interval that stands beside `field`: `ci95_hz` beside the first field in hertz,
/// `peak_ci95_hz` beside `peak_hz`.
fn interval(fields: &Map<String, Value>, field: &str) -> Option<[f64; 2]> {
    let ending = unit_of(field).map_or("", |(ending, ..)| ending);
    let own = format!("{}_ci95{ending}", field_name(field));
    let plain = format!("ci95{ending}");
    let first = || fields.keys().find(|f| unit(f) == unit(field) && !is_interval(f));
    let value = fields
        .get(&own)
        .or_else(|| fields.get(&plain).filter(|_| first().is_some_and(|f| f == field)))?;
    let ends = value.as_array()?;
    let [low, high] = ends.as_slice() else { return None };
    Some([low.as_f64()? * scale(field), high.as_f64()? * scale(field)])
}

/// A value that fits in a cell; `None` for objects and long lists.
fn cell(field: &str, value: &Value) -> Option<Cell> {
    Some(match value {
        Value::Null => Cell::Absent,
        Value::Bool(truth) => Cell::Truth(*truth),
        Value::Number(number) => Cell::Number(number.as_f64()? * scale(field)),
        Value::String(text) => Cell::Text(text.clone()),
        Value::Array(items) if !items.is_empty() && items.iter().all(Value::is_string) => {
            Cell::Text(listed(items))
        }
        Value::Array(items) if !items.is_empty() && items.len() <= MOST_NUMBERS => {
            let numbers: Option<Vec<f64>> = items.iter().map(Value::as_f64).collect();
            let scaled = numbers?.into_iter().map(|n| significant(n * scale(field)));
            Cell::Text(scaled.collect::<Vec<_>>().join("; "))
        }
        _ => return None,
    })
}

/// Words with commas between; of a long list the first, and how many there are.
fn listed(items: &[Value]) -> String {
    let words: Vec<&str> = items.iter().take(MOST_WORDS).filter_map(Value::as_str).collect();
    let all = words.join(", ");
    if items.len() > MOST_WORDS { format!("{all}, … ({})", items.len()) } else { all }
}

/// Four significant digits, for numbers inside a text.
fn significant(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return "0".to_owned();
    }
    let places = (3 - value.abs().log10().floor() as i32).clamp(0, 8) as usize;
    let text = format!("{value:.places$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// Objects of one kind as rows; lists of anything else are not shown.
fn table(path: Vec<String>, items: &[Value], most_rows: usize) -> Option<Table> {
    if items.is_empty() || !items.iter().all(Value::is_object) {
        return None;
    }
    let mut fields: Vec<Vec<String>> = Vec::new();
    for item in items.iter().take(most_rows) {
        collect_fields(item, &[], &mut fields);
    }
    // One column beside curves only names them, and the pictures do that.
    let has_curves = items[0].as_object().is_some_and(|item| item.len() > 1);
    if fields.is_empty() || (fields.len() == 1 && has_curves) {
        return None;
    }
    let columns = fields.iter().map(|keys| {
        let field = keys.last().map_or("", String::as_str);
        let path = keys.iter().map(|key| field_name(key).to_owned()).collect();
        Column { path, unit: unit(field) }
    });
    let rows = items
        .iter()
        .take(most_rows)
        .map(|item| fields.iter().map(|keys| look_up(item, keys)).collect());
    Some(Table { path, columns: columns.collect(), rows: rows.collect(), n_rows: items.len() })
}

/// Adds the paths of all values of `item` that fit in a cell, in order of first appearance.
fn collect_fields(item: &Value, above: &[String], fields: &mut Vec<Vec<String>>) {
    let Value::Object(object) = item else { return };
    for (field, value) in object {
        if ELSEWHERE.contains(&field.as_str()) || is_interval(field) {
            continue;
        }
        let path: Vec<String> = above.iter().cloned().chain([field.clone()]).collect();
        if value.is_object() {
            // What is absent in an earlier row may be an object in this one.
            fields.retain(|known| *known != path);
            collect_fields(value, &path, fields);
        } else if cell(field, value).is_some()
            && !fields.iter().any(|known| known.starts_with(&path))
        {
            fields.push(path);
        }
    }
}

fn look_up(item: &Value, keys: &[String]) -> Cell {
    let found = keys.iter().try_fold(item, |value, key| value.get(key));
    let field = keys.last().map_or("", String::as_str);
    found.and_then(|value| cell(field, value)).unwrap_or(Cell::Absent)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_of_objects_become_tables_and_curves_are_left_to_plots() {
        let output = json!({
            "freqs_hz": (0..100).collect::<Vec<_>>(),
            "channels": [
                {"name": "Cz", "peak": null, "rms_v": 1e-5, "psd_v2_per_hz": []},
                {"name": "Oz", "peak": {"peak_hz": 10.0, "ci95_hz": [9.0, 11.0]}, "rms_v": 2e-5},
            ],
        });
        let sheet = Sheet::of(&output, 10);
        assert!(sheet.measures.is_empty(), "{:?}", sheet.measures);
        let [table] = sheet.tables.as_slice() else { panic!("{:?}", sheet.tables) };
        let columns: Vec<String> = table.columns.iter().map(|c| c.path.join(".")).collect();
        assert_eq!(columns, ["name", "rms", "peak.peak"]);
        let text = |t: &str| Cell::Text(t.to_owned());
        assert_eq!(table.rows[0], [text("Cz"), Cell::Number(10.0), Cell::Absent]);
        assert_eq!(table.rows[1], [text("Oz"), Cell::Number(20.0), Cell::Number(10.0)]);
    }

    #[test]
    fn a_long_table_is_cut_and_says_its_length() {
        let rows: Vec<Value> = (0..50).map(|i| json!({"onset_s": i})).collect();
        let sheet = Sheet::of(&json!({"events": rows}), 20);
        assert_eq!((sheet.tables[0].rows.len(), sheet.tables[0].n_rows), (20, 50));
    }

    #[test]
    fn an_interval_stands_beside_its_own_figure_only() {
        let output = json!({"peak_hz": 10.0, "gravity_hz": 9.5, "ci95_hz": [9.0, 11.0],
            "power_v2": 1e-12, "power_ci95_v2": [5e-13, 2e-12], "note": "x", "bins": [1.5, 2.0]});
        let sheet = Sheet::of(&output, 10);
        let intervals: Vec<_> = sheet.measures.iter().map(|m| m.ci95).collect();
        assert_eq!(intervals[..2], [Some([9.0, 11.0]), None]);
        assert!((intervals[2].unwrap()[1] - 2.0).abs() < 1e-12);
        assert_eq!(sheet.measures[4].value, Cell::Text("1.5; 2".to_owned()));
    }
}
