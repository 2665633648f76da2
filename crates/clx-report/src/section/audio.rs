//! The audio overview on paper.

use clx_analysis::ResultEnvelope;
use clx_audio::overview::{AudioOverview, Mode};

use super::{figure, findings, limit_rows, measures};
use crate::document::{Block, Cell, Column, Section, Table};
use crate::say::Say;

pub(super) fn section(
    result: &ResultEnvelope,
    audio: &AudioOverview,
    say: &Say,
    summary: &mut Vec<String>,
) -> Section {
    summary.extend(statements(audio, say));
    let measured = say.with(
        "audio-measured",
        &[
            ("duration", say.duration(audio.duration_s)),
            ("rate", say.number(audio.rate_hz, 0)),
            ("channels", audio.n_channels.to_string()),
        ],
    );
    let mut blocks = vec![
        Block::Heading { text: say.text("measured") },
        Block::Text { text: measured },
        Block::Heading { text: say.text("method") },
        Block::Text { text: say.text("audio-method") },
        Block::Heading { text: say.text("loudness") },
        loudness(audio, say),
    ];
    blocks.extend(figure(result, "loudness", say));
    blocks.push(Block::Heading { text: say.text("rhythm") });
    blocks.push(rhythm(audio, say));
    blocks.extend(candidates(audio, say));
    blocks.extend(figure(result, "rhythm", say));
    blocks.extend(segments(audio, say));
    blocks.push(Block::Heading { text: say.text("key") });
    blocks.push(key(audio, say));
    blocks.extend(figure(result, "chroma", say));
    blocks.push(Block::Heading { text: say.text("descriptors") });
    blocks.push(descriptors(audio, say));
    blocks.extend(findings(&audio.findings, say));
    Section { title: super::title("audio.overview", say), blocks }
}

fn key_name(audio: &AudioOverview, say: &Say) -> Option<String> {
    let key = audio.key.as_ref()?;
    let mode = match key.mode {
        Mode::Major => "mode-major",
        Mode::Minor => "mode-minor",
    };
    Some(say.with(mode, &[("tonic", key.tonic.clone())]))
}

fn statements(audio: &AudioOverview, say: &Say) -> Vec<String> {
    let mut lines = vec![match &audio.tempo {
        Some(tempo) => say.with(
            "audio-tempo-statement",
            &[
                ("bpm", say.number(tempo.bpm, 1)),
                ("confidence", say.number(tempo.confidence * 100.0, 0)),
            ],
        ),
        None => say.text("audio-no-tempo"),
    }];
    lines.push(match (key_name(audio, say), &audio.key) {
        (Some(name), Some(key)) => say.with(
            "audio-key-statement",
            &[
                ("key", name),
                ("strength", say.number(key.strength, 2)),
                ("margin", say.number(key.margin, 2)),
            ],
        ),
        _ => say.text("audio-no-key"),
    });
    lines.push(match audio.loudness.integrated_lufs {
        Some(lufs) => say.with("audio-loudness-statement", &[("lufs", say.number(lufs, 1))]),
        None => say.text("audio-silent"),
    });
    lines
}

fn loudness(audio: &AudioOverview, say: &Say) -> Block {
    let l = &audio.loudness;
    let d = &audio.dynamics;
    let rows = vec![
        (say.text("integrated"), say.cell(l.integrated_lufs, 1), "LUFS"),
        (say.text("loudness-range"), say.cell(l.range_lu, 1), "LU"),
        (say.text("true-peak"), say.cell(l.true_peak_dbtp, 1), "dBTP"),
        (say.text("sample-peak"), say.cell(l.sample_peak_dbfs, 1), "dBFS"),
        (say.text("crest"), say.cell(d.crest_db, 1), "dB"),
        (say.text("level-range"), say.cell(d.level_range_db, 1), "dB"),
        (say.text("silence"), say.cell(Some(d.silence_share * 100.0), 1), "%"),
        (say.text("clipping"), say.cell(Some(d.clipped_share * 100.0), 3), "%"),
    ];
    measures("loudness-caption", rows, say)
}

fn rhythm(audio: &AudioOverview, say: &Say) -> Block {
    let tempo = audio.tempo.as_ref();
    let rows = vec![
        (say.text("tempo"), say.cell(tempo.map(|t| t.bpm), 1), "BPM"),
        (say.text("confidence"), say.cell(tempo.map(|t| t.confidence * 100.0), 0), "%"),
        (say.text("beat-variability"), say.cell(tempo.map(|t| t.variability * 100.0), 2), "%"),
        (say.text("beats"), say.cell(Some(audio.beats_s.len() as f64), 0), "–"),
    ];
    measures("rhythm-caption", rows, say)
}

fn candidates(audio: &AudioOverview, say: &Say) -> Option<Block> {
    let tempo = audio.tempo.as_ref().filter(|t| t.candidates.len() > 1)?;
    let columns = vec![Column::figures(say.text("col-bpm")), Column::figures(say.text("salience"))];
    let mut table = Table::new(say.text("candidates-caption"), columns);
    for candidate in &tempo.candidates {
        table
            .rows
            .push(vec![say.cell(Some(candidate.bpm), 1), say.cell(Some(candidate.salience), 3)]);
    }
    limit_rows(&mut table, 10, say);
    Some(Block::Table(table))
}

fn segments(audio: &AudioOverview, say: &Say) -> Option<Block> {
    if audio.segments.is_empty() {
        return None;
    }
    let columns = vec![
        Column::words(say.text("segment")),
        Column::figures(say.text("start")),
        Column::figures(say.text("end")),
    ];
    let mut table = Table::new(say.text("segments-caption"), columns);
    for segment in &audio.segments {
        let cells = vec![
            Cell::text(&segment.label),
            say.cell(Some(segment.tmin_s), 2),
            say.cell(Some(segment.tmax_s), 2),
        ];
        table.rows.push(cells);
    }
    limit_rows(&mut table, 40, say);
    Some(Block::Table(table))
}

fn key(audio: &AudioOverview, say: &Say) -> Block {
    let key = audio.key.as_ref();
    let name = key_name(audio, say).map_or_else(|| say.not_measured(), Cell::text);
    let rows = vec![
        (say.text("key"), name, "–"),
        (say.text("key-strength"), say.cell(key.map(|k| k.strength), 3), "–"),
        (say.text("key-margin"), say.cell(key.map(|k| k.margin), 3), "–"),
        (say.text("tuning"), say.cell(key.map(|k| k.tuning_cents), 1), "cent"),
    ];
    measures("key-caption", rows, say)
}

/// Median and the middle half of each descriptor over time.
fn descriptors(audio: &AudioOverview, say: &Say) -> Block {
    let d = &audio.descriptors;
    let mut columns = vec![Column::words(say.text("measure"))];
    columns.extend(
        ["median", "quartile-low", "quartile-high"].map(|id| Column::figures(say.text(id))),
    );
    columns.push(Column::words(say.text("unit")));
    let mut table = Table::new(say.text("descriptors-caption"), columns);
    let rows: [(&str, &[f32], usize, &str); 6] = [
        ("centroid", &d.centroid_hz, 0, "Hz"),
        ("bandwidth", &d.bandwidth_hz, 0, "Hz"),
        ("rolloff", &d.rolloff_hz, 0, "Hz"),
        ("flatness", &d.flatness, 4, "–"),
        ("level", &d.rms_dbfs, 1, "dBFS"),
        ("zero-crossings", &d.zero_crossing_rate, 4, "–"),
    ];
    for (id, values, decimals, unit) in rows {
        let mut sorted: Vec<f32> = values.iter().copied().filter(|v| v.is_finite()).collect();
        sorted.sort_by(f32::total_cmp);
        let at = |q: f64| {
            let index = (q * sorted.len().saturating_sub(1) as f64).round() as usize;
            say.cell(sorted.get(index).map(|v| f64::from(*v)), decimals)
        };
        table.rows.push(vec![
            Cell::text(say.text(id)),
            at(0.5),
            at(0.25),
            at(0.75),
            Cell::text(unit),
        ]);
    }
    Block::Table(table)
}
