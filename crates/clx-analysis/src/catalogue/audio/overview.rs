//! `audio.overview`: loudness, tempo and beats, key, descriptors, structure.

mod plots;

use clx_audio::overview::AudioOverview;
use clx_audio::{AudioParams, OverviewBuilder};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::analysis::{Entry, InputKind};
use crate::{Analysis, AnalysisError, Context, Inputs};

pub(super) fn entry() -> Analysis {
    Analysis::new(Entry {
        id: "audio.overview",
        title: "Audio overview",
        summary: "Loudness, tempo with beats, key, descriptors over time, dynamics and segments of a sound",
        input: InputKind::Audio,
        credits: 1,
        example: "{}",
        run,
        plots: plots::PLOTS,
    })
}

/// The overview has nothing to choose.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Params {}

fn run(inputs: Inputs, _params: Params, cx: &Context<'_>) -> Result<AudioOverview, AnalysisError> {
    let mut reader = inputs.audio()?;
    let info = reader.info().clone();
    let mut builder = OverviewBuilder::new(info.rate, info.n_channels, AudioParams::default())?;
    let mut block = Vec::new();
    let mut done = 0_u64;
    loop {
        let n = reader.next_block(&mut block)?;
        if n == 0 {
            break;
        }
        builder.push(&block)?;
        done += n as u64;
        // Decoding and features are nine tenths of the work, structure the rest.
        let share = info.n_frames.map_or(0.0, |all| done as f64 / all.max(1) as f64);
        cx.step(0.9 * share, "listening")?;
    }
    cx.step(0.9, "summarising")?;
    let mut overview = builder.finish()?;
    overview.findings.extend(reader.findings().iter().cloned());
    Ok(overview)
}
