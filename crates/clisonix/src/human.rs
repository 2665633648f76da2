//! Results as a person reads them in a terminal.

use std::fmt::Write;

use anyhow::Result;
use clx_analysis::{Cell, ResultEnvelope, Sheet};
use clx_audio::overview::AudioOverview;
use clx_eeg::overview::EegOverview;
use clx_signal::{Finding, Severity};
use clx_text::Bundle;
use serde_json::Value;

/// A few lines on `result`, labels of its figures in the language of `bundle`.
pub(crate) fn summary(result: &ResultEnvelope, bundle: &Bundle) -> Result<String> {
    let mut text = String::new();
    if let Some(input) = &result.input {
        writeln!(text, "{}  {}  {}", input.name, input.format, size(input.size_bytes))?;
    }
    let output = result.output.clone();
    match result.analysis.as_str() {
        "eeg.overview" => eeg(&mut text, &serde_json::from_value(output)?)?,
        "audio.overview" => audio(&mut text, &serde_json::from_value(output)?)?,
        _ => sheet(&mut text, &output, bundle)?,
    }
    Ok(text)
}

fn eeg(text: &mut String, overview: &EegOverview) -> Result<()> {
    let good = overview.channels.iter().filter(|c| c.quality.good).count();
    line(text, "length", &time(overview.duration_s))?;
    line(
        text,
        "channels",
        &format!("{} ({good} good), {} Hz", overview.channels.len(), overview.rate_hz),
    )?;
    for band in overview.mean_bands.iter().flatten() {
        let power = band.power_v2 * 1e12;
        let share = band.relative * 100.0;
        line(text, &band.band, &format!("{power:>9.2} µV²  {share:>5.1} %"))?;
    }
    let peak = overview.alpha_peak.as_ref().map_or(NOT_MEASURED.to_owned(), |p| {
        format!("{:.2} Hz, {:.1} dB above the background", p.peak_hz, p.prominence_db)
    });
    line(text, "alpha peak", &peak)?;
    let exponent = overview.aperiodic.as_ref().map_or(NOT_MEASURED.to_owned(), |a| {
        format!("exponent {:.2} (R² {:.3})", a.exponent, a.r_squared)
    });
    line(text, "aperiodic", &exponent)?;
    if !overview.annotations.is_empty() {
        line(text, "annotations", &overview.annotations.len().to_string())?;
    }
    for statement in &overview.state.statements {
        line(text, "state", &statement.text)?;
    }
    findings(text, &overview.findings)
}

fn audio(text: &mut String, overview: &AudioOverview) -> Result<()> {
    line(text, "length", &time(overview.duration_s))?;
    line(text, "sound", &format!("{} Hz, {} channels", overview.rate_hz, overview.n_channels))?;
    let loudness = &overview.loudness;
    line(
        text,
        "loudness",
        &format!(
            "{}, range {}, true peak {}",
            measured(loudness.integrated_lufs, 1, "LUFS"),
            measured(loudness.range_lu, 1, "LU"),
            measured(loudness.true_peak_dbtp, 1, "dBTP")
        ),
    )?;
    let tempo = overview.tempo.as_ref().map_or(NOT_MEASURED.to_owned(), |t| {
        format!(
            "{:.1} BPM, confidence {:.2}, {} beats",
            t.bpm,
            t.confidence,
            overview.beats_s.len()
        )
    });
    line(text, "tempo", &tempo)?;
    let key = overview.key.as_ref().map_or(NOT_MEASURED.to_owned(), |k| {
        let mode = format!("{:?}", k.mode).to_lowercase();
        format!("{} {mode}, strength {:.2}, margin {:.2}", k.tonic, k.strength, k.margin)
    });
    line(text, "key", &key)?;
    let segments: Vec<String> = overview
        .segments
        .iter()
        .map(|s| format!("{} {}-{}", s.label, time(s.tmin_s), time(s.tmax_s)))
        .collect();
    line(text, "segments", &segments.join("  "))?;
    findings(text, &overview.findings)
}

/// Any other result: its figures, its tables with a column per field, its findings.
fn sheet(text: &mut String, output: &Value, bundle: &Bundle) -> Result<()> {
    // A terminal shows so many rows at once; the JSON has them all.
    const MOST_ROWS: usize = 40;
    let label = |path: &[String]| clx_analysis::field_label(bundle, path);
    let sheet = Sheet::of(output, MOST_ROWS);
    for measure in &sheet.measures {
        let unit = measure.unit.unwrap_or("");
        let interval = measure
            .ci95
            .map_or(String::new(), |[low, high]| format!("  [{}; {}]", figure(low), figure(high)));
        let value = format!("{} {unit}{interval}", cell(&measure.value));
        writeln!(text, "  {:<32} {}", label(&measure.path), value.trim_end())?;
    }
    for table in &sheet.tables {
        writeln!(text, "\n  {}", label(&table.path))?;
        let head = table.columns.iter().map(|column| match column.unit {
            Some(unit) => format!("{} ({unit})", label(&column.path)),
            None => label(&column.path),
        });
        let rows = table.rows.iter().map(|row| row.iter().map(cell).collect());
        let rows: Vec<Vec<String>> = [head.collect()].into_iter().chain(rows).collect();
        for row in &rows {
            let padded = row.iter().enumerate().map(|(i, cell)| {
                let width = rows.iter().map(|r| r[i].chars().count()).max().unwrap_or(0);
                format!("{cell:<width$}")
            });
            writeln!(text, "  {}", padded.collect::<Vec<_>>().join("  ").trim_end())?;
        }
        if table.n_rows > table.rows.len() {
            writeln!(text, "  and {} more rows, see --json", table.n_rows - table.rows.len())?;
        }
    }
    let found = output.get("findings").cloned().unwrap_or_default();
    findings(text, &serde_json::from_value::<Option<Vec<Finding>>>(found)?.unwrap_or_default())
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Absent => "-".to_owned(),
        Cell::Truth(true) => "yes".to_owned(),
        Cell::Truth(false) => "no".to_owned(),
        Cell::Number(number) => figure(*number),
        Cell::Text(text) => text.clone(),
    }
}

/// Four significant digits.
fn figure(value: f64) -> String {
    if value == 0.0 || value.fract() == 0.0 && value.abs() < 1e9 {
        return format!("{value}");
    }
    let places = (3 - value.abs().log10().floor() as i32).clamp(0, 8) as usize;
    format!("{value:.places$}")
}

const NOT_MEASURED: &str = "not measured";

fn line(text: &mut String, name: &str, value: &str) -> Result<()> {
    Ok(writeln!(text, "  {name:<12} {value}")?)
}

fn measured(value: Option<f64>, decimals: usize, unit: &str) -> String {
    value.map_or(NOT_MEASURED.to_owned(), |v| format!("{v:.decimals$} {unit}"))
}

fn findings(text: &mut String, findings: &[Finding]) -> Result<()> {
    // A recording with many channels can have hundreds; the JSON has them all.
    const SHOWN: usize = 12;
    for finding in findings.iter().take(SHOWN) {
        let mark = match finding.severity {
            Severity::Info => "note",
            Severity::Warning => "warning",
            Severity::Problem => "problem",
        };
        line(text, mark, &finding.message)?;
    }
    if findings.len() > SHOWN {
        line(text, "", &format!("and {} more findings, see --json", findings.len() - SHOWN))?;
    }
    Ok(())
}

fn time(seconds: f64) -> String {
    let whole = seconds.floor();
    let (hours, minutes) = ((whole / 3600.0) as u64, (whole / 60.0) as u64 % 60);
    let rest = seconds - (hours * 3600 + minutes * 60) as f64;
    if hours > 0 {
        format!("{hours}:{minutes:02}:{rest:04.1}")
    } else {
        format!("{minutes}:{rest:04.1}")
    }
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.2} GB", bytes as f64 / 1e9),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_carry_hours_only_when_there_are_any() {
        assert_eq!(time(61.5), "1:01.5");
        assert_eq!(time(3_661.0), "1:01:01.0");
    }

    #[test]
    fn sizes_use_decimal_units() {
        assert_eq!(size(999), "999 B");
        assert_eq!(size(19_200_000), "19.2 MB");
    }
}
