//! `eeg.overview`: channel quality, spectrum, bands, alpha peak and aperiodic activity.

mod plots;

use clx_eeg::overview::EegOverview;
use clx_eeg::{OverviewBuilder, OverviewParams};

use crate::analysis::{Entry, InputKind};
use crate::{Analysis, AnalysisError, Context, Inputs};

pub(super) fn entry() -> Analysis {
    Analysis::new(Entry {
        id: "eeg.overview",
        title: "EEG overview",
        summary: "Channel quality, spectrum, band powers, alpha peak and aperiodic exponent of a recording",
        input: InputKind::Recording,
        credits: 1,
        example: r#"{"reference": "average"}"#,
        run,
        plots: plots::PLOTS,
    })
}

/// Long enough that a block costs little to fetch, short enough to bound memory.
const BLOCK_S: f64 = 10.0;

fn run(
    inputs: Inputs,
    params: OverviewParams,
    cx: &Context<'_>,
) -> Result<EegOverview, AnalysisError> {
    let mut reader = inputs.recording()?;
    let annotations = reader.annotations()?;
    // Annotations alone last no time.
    let duration_s = reader.header().duration_s.max(BLOCK_S);
    let mut builder = OverviewBuilder::new(reader.header(), params)?;
    let picks = builder.picks().to_vec();
    for block in reader.blocks(&picks, BLOCK_S) {
        let block = block?;
        cx.step(0.95 * block.tmin_s / duration_s, "measuring")?;
        builder.push(&block)?;
    }
    cx.step(0.95, "summarising")?;
    let mut overview = builder.finish(annotations)?;
    overview.findings.extend(reader.findings().iter().cloned());
    Ok(overview)
}
