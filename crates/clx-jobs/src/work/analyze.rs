use std::io::BufReader;

use clx_analysis::{AnalysisError, Context, InputKind, InputRef, Inputs, Progress, ResultEnvelope};
use clx_formats::Source;
use clx_store::rows::recording;

use super::made::{Fault, Made};
use super::order::Order;
use super::sink::StagedSink;

const READ_BUFFER: usize = 1 << 18;

/// Runs an analysis of the catalogue.
pub(crate) fn analyze(order: &Order) -> Result<Made, Fault> {
    let unknown = || Fault::Final {
        code: "unknown_analysis",
        message: format!("{} is not in the catalogue of this version", order.analysis),
    };
    let analysis = clx_analysis::find(&order.analysis).ok_or_else(unknown)?;
    let (source, input) = match analysis.input {
        InputKind::Results => (None, None),
        InputKind::Recording | InputKind::Audio => {
            let row = recording_of(order)?;
            let source = open(order, row)?;
            let input = input_ref(row, &source);
            (Some(source), Some(input))
        }
    };
    let inputs = Inputs { source, results: envelopes(order)? };
    let sink = StagedSink::new(order.blobs.clone());
    let cx = Context {
        progress: &|Progress { fraction, stage }| order.signals.report(fraction, stage),
        cancelled: &|| order.signals.is_stopped(),
        artifacts: &sink,
        models: &order.models,
    };
    let output = analysis.run(inputs, &order.params, &cx).map_err(fault_of)?;
    order.signals.report(1.0, "storing");
    let envelope = ResultEnvelope {
        analysis: order.analysis.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        params: order.params.clone(),
        input,
        output,
    };
    let bytes = serde_json::to_vec(&envelope).map_err(Fault::passing)?;
    Ok(Made {
        files: sink.seal(&order.org)?,
        result: Some(order.blobs.put(&order.org, &bytes).map_err(Fault::passing)?),
        ..Made::default()
    })
}

pub(crate) fn recording_of(order: &Order) -> Result<&recording::Model, Fault> {
    let gone = || Fault::Final { code: "input_gone", message: "the recording was deleted".into() };
    order.recording.as_ref().ok_or_else(gone)
}

/// Opens the content of the recording.
pub(crate) fn open(order: &Order, row: &recording::Model) -> Result<Source, Fault> {
    let file = order.blobs.open_file(&order.org, &row.sha256).map_err(Fault::passing)?;
    let source = clx_formats::open(Box::new(BufReader::with_capacity(READ_BUFFER, file)));
    source.map_err(|error| fault_of(AnalysisError::Format(error)))
}

/// The results that are the input, in the order they were named.
pub(crate) fn envelopes(order: &Order) -> Result<Vec<ResultEnvelope>, Fault> {
    let mut envelopes = Vec::with_capacity(order.results.len());
    for sha256 in &order.results {
        let file = order.blobs.open_file(&order.org, sha256).map_err(Fault::passing)?;
        let envelope = serde_json::from_reader(BufReader::new(file));
        envelopes.push(envelope.map_err(|error| Fault::Final {
            code: "unsuitable_input",
            message: format!("a stored result cannot be read: {error}"),
        })?);
    }
    Ok(envelopes)
}

fn input_ref(row: &recording::Model, source: &Source) -> InputRef {
    InputRef {
        name: row.filename.clone(),
        sha256: row.sha256.clone(),
        size_bytes: row.size_bytes as u64,
        format: source.format().name().to_owned(),
    }
}

fn fault_of(error: AnalysisError) -> Fault {
    match error {
        AnalysisError::Cancelled => Fault::Stopped,
        other if other.is_transient() => {
            Fault::Passing { code: other.code(), message: other.to_string() }
        }
        other => Fault::Final { code: other.code(), message: other.to_string() },
    }
}
