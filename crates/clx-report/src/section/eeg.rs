//! The EEG overview on paper.

use clx_analysis::ResultEnvelope;
use clx_eeg::overview::{ChannelOverview, EegOverview};

use super::{figure, findings, limit_rows, measures};
use crate::document::{Block, Cell, Column, Section, Table};
use crate::say::Say;

const V2_TO_UV2: f64 = 1e12;
const V_TO_UV: f64 = 1e6;

pub(super) fn section(
    result: &ResultEnvelope,
    eeg: &EegOverview,
    say: &Say,
    summary: &mut Vec<String>,
) -> Section {
    for statement in &eeg.state.statements {
        let figures: Vec<(String, f64)> =
            statement.figures.iter().map(|(name, value)| (name.clone(), *value)).collect();
        let said = say.statement(&statement.message, &figures);
        summary.push(said.unwrap_or_else(|| statement.text.clone()));
    }
    let mut blocks = vec![
        Block::Heading { text: say.text("measured") },
        Block::Text { text: what_was_measured(eeg, say) },
        Block::Heading { text: say.text("method") },
        Block::Text { text: method(eeg, say) },
        Block::Heading { text: say.text("results") },
        key_measures(eeg, say),
    ];
    blocks.extend(mean_bands(eeg, say));
    blocks.extend(figure(result, "psd", say));
    blocks.extend(figure(result, "topomap", say));
    blocks.extend(asymmetry(eeg, say));
    blocks.push(Block::Heading { text: say.text("per-channel") });
    blocks.extend(figure(result, "bands", say));
    blocks.push(channel_bands(eeg, say));
    blocks.push(channel_peaks(eeg, say));
    blocks.push(Block::Heading { text: say.text("signal-quality") });
    blocks.extend(figure(result, "quality", say));
    blocks.push(channel_quality(eeg, say));
    blocks.extend(findings(&eeg.findings, say));
    blocks.extend(annotations(eeg, say));
    blocks.extend(gaps(eeg, say));
    Section { title: super::title("eeg.overview", say), blocks }
}

fn what_was_measured(eeg: &EegOverview, say: &Say) -> String {
    let analysed = analysed(eeg).count();
    say.with(
        "eeg-measured",
        &[
            ("duration", say.duration(eeg.duration_s)),
            ("rate", say.setting(eeg.rate_hz)),
            ("channels", eeg.channels.len().to_string()),
            ("analysed", analysed.to_string()),
            ("bads", eeg.preparation.bads.len().to_string()),
            ("annotations", eeg.annotations.len().to_string()),
            ("gaps", eeg.gaps.len().to_string()),
        ],
    )
}

fn method(eeg: &EegOverview, say: &Say) -> String {
    let p = &eeg.preparation;
    let notch: Vec<String> =
        p.notch_hz.iter().map(|hz| format!("{} Hz", say.setting(*hz))).collect();
    let listed = |items: &[String]| {
        if items.is_empty() { say.text("none") } else { items.join(", ") }
    };
    say.with(
        "eeg-method",
        &[
            ("reference", say.term("reference", &p.reference.replace('_', "-"))),
            ("highpass", say.setting(p.highpass_hz)),
            ("lowpass", say.setting(p.lowpass_hz)),
            ("phase", say.term("phase", &p.phase)),
            ("notch", listed(&notch)),
            ("window", say.setting(p.window_s)),
            ("overlap", say.number(p.overlap * 100.0, 0)),
            ("bads", listed(&p.bads)),
        ],
    )
}

fn key_measures(eeg: &EegOverview, say: &Say) -> Block {
    let peak = eeg.alpha_peak.as_ref();
    let aperiodic = eeg.aperiodic.as_ref();
    let range =
        aperiodic.map(|a| format!("{}–{} Hz", say.setting(a.fmin_hz), say.setting(a.fmax_hz)));
    let exponent = match range {
        Some(range) => format!("{} ({range})", say.text("aperiodic-exponent")),
        None => say.text("aperiodic-exponent"),
    };
    let rows = vec![
        (
            say.text("alpha-peak"),
            say.with_interval(peak.map(|p| p.peak_hz), peak.and_then(|p| p.ci95_hz)),
            "Hz",
        ),
        (say.text("alpha-gravity"), say.cell(peak.map(|p| p.centre_of_gravity_hz), 2), "Hz"),
        (say.text("alpha-prominence"), say.cell(peak.map(|p| p.prominence_db), 1), "dB"),
        (say.text("theta-beta"), say.cell(eeg.theta_beta_ratio, 3), "–"),
        (exponent, say.cell(aperiodic.map(|a| a.exponent), 3), "–"),
        (say.text("aperiodic-offset"), say.cell(aperiodic.map(|a| a.offset), 3), "log₁₀ V²/Hz"),
        (say.text("aperiodic-fit"), say.cell(aperiodic.map(|a| a.r_squared), 3), "–"),
    ];
    measures("key-measures", rows, say)
}

fn mean_bands(eeg: &EegOverview, say: &Say) -> Option<Block> {
    let powers = eeg.mean_bands.as_ref()?;
    let columns = vec![
        Column::words(say.text("band")),
        Column::figures(say.text("band-range")),
        Column::figures(say.text("band-power")),
        Column::figures(say.text("band-share")),
    ];
    let mut table = Table::new(say.text("mean-bands-caption"), columns);
    for (band, power) in eeg.bands.iter().zip(powers) {
        let ci = power.ci95_v2.map(|ci| ci.map(|v| v * V2_TO_UV2));
        let range = format!("{}–{}", say.setting(band.fmin_hz), say.setting(band.fmax_hz));
        table.rows.push(vec![
            Cell::text(band_name(band.name, say)),
            Cell::text(range),
            say.with_interval(Some(power.power_v2 * V2_TO_UV2), ci),
            say.cell(Some(power.relative * 100.0), 1),
        ]);
    }
    Some(Block::Table(table))
}

fn band_name(band: &str, say: &Say) -> String {
    let name = say.term("band", band);
    clx_render::band_code(band).map_or(name.clone(), |code| format!("{} {name}", code.letter))
}

fn asymmetry(eeg: &EegOverview, say: &Say) -> Option<Block> {
    if eeg.alpha_asymmetry.is_empty() {
        return None;
    }
    let columns = vec![
        Column::words(say.text("pair-left")),
        Column::words(say.text("pair-right")),
        Column::figures(say.text("asymmetry")),
    ];
    let mut table = Table::new(say.text("asymmetry-caption"), columns);
    for pair in &eeg.alpha_asymmetry {
        let cells =
            vec![Cell::text(&pair.left), Cell::text(&pair.right), say.cell(Some(pair.ln_ratio), 3)];
        table.rows.push(cells);
    }
    Some(Block::Table(table))
}

fn analysed(eeg: &EegOverview) -> impl Iterator<Item = &ChannelOverview> {
    eeg.channels.iter().filter(|c| !c.bands.is_empty())
}

/// Name of a channel, with a dagger for those left out of the means.
fn name(channel: &ChannelOverview) -> Cell {
    let mark = if channel.quality.good { "" } else { " †" };
    Cell::text(format!("{}{mark}", channel.name))
}

fn channel_bands(eeg: &EegOverview, say: &Say) -> Block {
    let mut columns = vec![Column::words(say.text("channel"))];
    columns.extend(
        eeg.bands.iter().map(|b| Column::figures(format!("{} (µV²)", band_name(b.name, say)))),
    );
    let mut table = Table::new(say.text("channel-bands-caption"), columns);
    for channel in analysed(eeg) {
        // A band above half the channel's rate is absent from its list.
        let powers = (0..eeg.bands.len()).map(|i| {
            let power = channel.bands.get(i);
            let ci = power.and_then(|p| p.ci95_v2).map(|ci| ci.map(|v| v * V2_TO_UV2));
            say.with_interval(power.map(|p| p.power_v2 * V2_TO_UV2), ci)
        });
        table.rows.push(std::iter::once(name(channel)).chain(powers).collect());
    }
    Block::Table(table)
}

fn channel_peaks(eeg: &EegOverview, say: &Say) -> Block {
    let mut columns = vec![Column::words(say.text("channel"))];
    columns.extend(
        ["col-alpha-peak", "col-gravity", "col-prominence", "col-exponent"]
            .map(|id| Column::figures(say.text(id))),
    );
    columns
        .extend(eeg.bands.iter().map(|b| Column::figures(format!("{} (%)", band_letter(b.name)))));
    let mut table = Table::new(say.dashed_caption("channel-peaks-caption"), columns);
    for channel in analysed(eeg) {
        let peak = channel.alpha_peak.as_ref();
        let mut row = vec![
            name(channel),
            say.dashed(peak.map(|p| p.peak_hz), 2),
            say.dashed(peak.map(|p| p.centre_of_gravity_hz), 2),
            say.dashed(peak.map(|p| p.prominence_db), 1),
            say.dashed(channel.aperiodic.as_ref().map(|a| a.exponent), 2),
        ];
        let shares = (0..eeg.bands.len()).map(|i| channel.bands.get(i).map(|b| b.relative * 100.0));
        row.extend(shares.map(|share| say.dashed(share, 1)));
        table.rows.push(row);
    }
    Block::Table(table)
}

fn band_letter(band: &str) -> String {
    clx_render::band_code(band).map_or(band.to_owned(), |code| code.letter.to_string())
}

fn channel_quality(eeg: &EegOverview, say: &Say) -> Block {
    let mut columns =
        vec![Column::words(say.text("channel")), Column::words(say.text("channel-kind"))];
    columns.extend(
        ["col-rate", "col-rms", "col-flat", "col-clipped", "col-amplitude", "col-line"]
            .map(|id| Column::figures(say.text(id))),
    );
    columns.push(Column::words(say.text("col-used")));
    let mut table = Table::new(say.dashed_caption("channel-quality-caption"), columns);
    for channel in &eeg.channels {
        let q = &channel.quality;
        let kind = format!("{:?}", channel.kind).to_uppercase();
        table.rows.push(vec![
            name(channel),
            Cell::text(kind),
            say.cell(Some(channel.rate_hz), 1),
            say.cell(Some(q.rms_v * V_TO_UV), 2),
            say.cell(Some(q.flat_share * 100.0), 1),
            say.cell(Some(q.clipped_share * 100.0), 2),
            say.dashed(q.amplitude_z, 1),
            say.dashed(q.line_noise_db, 1),
            Cell::text(say.text(if q.good { "yes" } else { "no" })),
        ]);
    }
    Block::Table(table)
}

fn annotations(eeg: &EegOverview, say: &Say) -> Vec<Block> {
    if eeg.annotations.is_empty() {
        return Vec::new();
    }
    let columns = vec![
        Column::figures(say.text("onset")),
        Column::figures(say.text("duration")),
        Column::words(say.text("annotation")),
    ];
    let mut table = Table::new(say.text("annotations-caption"), columns);
    for annotation in &eeg.annotations {
        let duration = match annotation.duration_s {
            Some(seconds) => say.cell(Some(seconds), 3),
            None => Cell::text("–"),
        };
        let text = match &annotation.channel {
            Some(channel) => format!("{} ({channel})", annotation.text),
            None => annotation.text.clone(),
        };
        table.rows.push(vec![say.cell(Some(annotation.onset_s), 3), duration, Cell::text(text)]);
    }
    limit_rows(&mut table, 25, say);
    vec![Block::Heading { text: say.text("annotations") }, Block::Table(table)]
}

fn gaps(eeg: &EegOverview, say: &Say) -> Vec<Block> {
    if eeg.gaps.is_empty() {
        return Vec::new();
    }
    let columns = vec![Column::figures(say.text("onset")), Column::figures(say.text("duration"))];
    let mut table = Table::new(say.text("gaps-caption"), columns);
    for gap in &eeg.gaps {
        table.rows.push(vec![say.cell(Some(gap.at_s), 3), say.cell(Some(gap.duration_s), 3)]);
    }
    limit_rows(&mut table, 25, say);
    vec![Block::Heading { text: say.text("gaps") }, Block::Table(table)]
}
