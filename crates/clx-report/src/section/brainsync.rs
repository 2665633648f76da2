//! A BrainSync track on paper: what was asked, what was made, and what may be said about it.

use clx_analysis::ResultEnvelope;
use clx_music::brief::Brief;
use clx_signal::Finding;
use serde::Deserialize;

use super::{figure, findings, measures};
use crate::document::{Block, Cell, Column, Section, Table};
use crate::say::Say;

/// The part of `brainsync.compose`'s output that a report prints.
#[derive(Deserialize)]
pub(super) struct Track {
    title: String,
    brief: Brief,
    evidence: Evidence,
    duration_s: f64,
    rate_hz: f64,
    integrated_lufs: Option<f64>,
    true_peak_dbtp: Option<f64>,
    files: Vec<String>,
    #[serde(default)]
    findings: Vec<Finding>,
}

#[derive(Deserialize)]
struct Evidence {
    grade: String,
    claim: String,
    references: Vec<Reference>,
    headphones: bool,
    notes: Vec<String>,
    safety: Vec<String>,
}

#[derive(Deserialize)]
struct Reference {
    citation: String,
    doi: Option<String>,
}

pub(super) fn section(
    result: &ResultEnvelope,
    track: &Track,
    say: &Say,
    summary: &mut Vec<String>,
) -> Section {
    let grade = say.term("grade", &track.evidence.grade.replace('_', "-"));
    let mode = say.term("mode", &word(&track.brief.mode));
    let stimulus = say.term("stimulus", &word(&track.brief.stimulus));
    summary.push(say.with(
        "track-statement",
        &[("mode", mode.clone()), ("stimulus", stimulus.clone()), ("grade", grade.clone())],
    ));
    let mut blocks = vec![
        Block::Heading { text: say.text("brief") },
        brief(track, mode, stimulus, say),
        schedule(&track.brief, say),
    ];
    blocks.extend(figure(result, "schedule", say));
    blocks.push(Block::Heading { text: say.text("track-measured") });
    blocks.push(rendered(track, say));
    blocks.extend(evidence(&track.evidence, &grade, say));
    blocks.extend(findings(&track.findings, say));
    let title = format!("{}: {}", super::title("brainsync.compose", say), track.title);
    Section { title, blocks }
}

/// The serialised name of an enum value.
fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

fn brief(track: &Track, mode: String, stimulus: String, say: &Say) -> Block {
    const PITCHES: [&str; 12] = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"];
    let brief = &track.brief;
    let tonic = PITCHES[usize::from(brief.key.tonic) % 12].to_owned();
    let key = say.with(&format!("mode-{}", word(&brief.key.scale)), &[("tonic", tonic)]);
    let rows = vec![
        (say.text("track-mode"), Cell::text(mode), "–"),
        (say.text("track-stimulus"), Cell::text(stimulus), "–"),
        (say.text("key"), Cell::text(key), "–"),
        (say.text("tempo"), say.cell(Some(brief.tempo_bpm), 1), "BPM"),
        (say.text("track-length"), say.cell(Some(brief.duration_s), 1), "s"),
        (say.text("track-level"), say.cell(Some(brief.level_lufs), 1), "LUFS"),
        (say.text("track-seed"), Cell::text(brief.seed.to_string()), "–"),
    ];
    measures("brief-caption", rows, say)
}

fn schedule(brief: &Brief, say: &Say) -> Block {
    let columns = ["col-at", "col-rate-hz", "col-depth"].map(|id| Column::figures(say.text(id)));
    let mut table = Table::new(say.text("schedule-caption"), columns.into());
    for point in &brief.schedule {
        table.rows.push(vec![
            say.cell(Some(point.at_s), 1),
            say.cell(Some(point.rate_hz), 2),
            say.cell(Some(point.depth * 100.0), 0),
        ]);
    }
    Block::Table(table)
}

fn rendered(track: &Track, say: &Say) -> Block {
    let rows = vec![
        (say.text("integrated"), say.cell(track.integrated_lufs, 1), "LUFS"),
        (say.text("true-peak"), say.cell(track.true_peak_dbtp, 1), "dBTP"),
        (say.text("track-length"), say.cell(Some(track.duration_s), 1), "s"),
        (say.text("sample-rate"), say.cell(Some(track.rate_hz), 0), "Hz"),
        (say.text("files"), Cell::text(track.files.join(", ")), "–"),
    ];
    measures("rendered-caption", rows, say)
}

fn evidence(evidence: &Evidence, grade: &str, say: &Say) -> Vec<Block> {
    let headphones = if evidence.headphones { "headphones-needed" } else { "headphones-free" };
    let mut references: Vec<String> = Vec::new();
    for reference in &evidence.references {
        let doi = reference.doi.as_ref().map(|doi| format!(", doi:{doi}")).unwrap_or_default();
        references.push(format!("{}{doi}", reference.citation));
    }
    let mut notes = vec![evidence.claim.clone()];
    notes.extend(evidence.notes.iter().cloned());
    let mut safety = vec![say.text(headphones)];
    safety.extend(evidence.safety.iter().cloned());
    let mut blocks = vec![
        Block::Heading { text: say.text("evidence") },
        Block::Text { text: say.with("evidence-grade", &[("grade", grade.to_owned())]) },
        Block::List { items: notes },
    ];
    if !references.is_empty() {
        blocks.push(Block::Heading { text: say.text("references") });
        blocks.push(Block::List { items: references });
    }
    blocks.push(Block::Heading { text: say.text("safety") });
    blocks.push(Block::List { items: safety });
    blocks
}
