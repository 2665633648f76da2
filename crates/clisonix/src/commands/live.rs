//! `clisonix live`: streams of the Lab Streaming Layer, listed, watched and recorded.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use anyhow::{Context, Result, bail};
use clx_formats::Format;
use clx_formats::edf::{WriteOptions, write_recording};
use clx_live::lsl::{Discovery, Inlet, InletParams, Query, StreamInfo, describe, now_s, resolve};
use clx_live::{
    Chain, ChainOutput, ChainParams, Features, GapReport, Intake, IntakeParams, LatencyHistogram,
};
use clx_signal::{Annotation, Channel, ChannelInfo, ChannelKind, Recording, SampleRate, Unit};
use serde_json::json;

use crate::args::{Listing, Live, LiveCommand, Record, Watch};
use crate::out;

/// Samples of all channels that a recording holds in memory: 1 GiB.
const MOST_SAMPLES: f64 = 268_435_456.0;

pub(crate) fn run(command: &Live) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match &command.what {
            LiveCommand::List(listing) => list(command.wait_s, listing).await,
            LiveCommand::Watch(watch) => follow(command.wait_s, watch).await,
            LiveCommand::Record(record) => keep(command.wait_s, record).await,
        }
    })
}

async fn list(wait_s: f64, listing: &Listing) -> Result<()> {
    let found = resolve(&Query::parse("")?, &Discovery::site(), 0, wait_s).await?;
    if found.is_empty() && !listing.json {
        out::line(format_args!("no stream answered within {wait_s} s"))?;
    }
    for info in found {
        if listing.json {
            let stream = json!({
                "name": info.name, "type": info.content, "channels": info.n_channels,
                "rate_hz": info.rate_hz(), "source_id": info.source_id, "host": info.hostname,
            });
            out::line(format_args!("{stream}"))?;
        } else {
            out::line(format_args!(
                "{:<24} {:<10} {:>3} channels {:>8} Hz  {}",
                info.name,
                info.content,
                info.n_channels,
                info.rate_hz(),
                info.hostname
            ))?;
        }
    }
    Ok(())
}

/// The stream called `name`, with its description.
async fn find(name: &str, wait_s: f64) -> Result<(StreamInfo, SampleRate)> {
    let query = Query::property("name", name)?;
    let found = resolve(&query, &Discovery::site(), 1, wait_s)
        .await
        .with_context(|| format!("{name}: `clisonix live list` shows which streams answer"))?;
    let info = found.first().context("no stream was found")?;
    let info = describe(info, InletParams::default()).await?;
    let rate = info.rate.with_context(|| {
        format!("{name} has no steady rate; only streams of samples can be measured")
    })?;
    Ok((info, rate))
}

async fn follow(wait_s: f64, watch: &Watch) -> Result<()> {
    let (info, rate) = find(&watch.stream, wait_s).await?;
    let params = ChainParams {
        notch_hz: watch.line_hz.into_iter().collect(),
        hop_s: 1.0,
        ..ChainParams::default()
    };
    let mut chain = Chain::new(&params, rate, info.n_channels)?;
    let mut intake = Intake::new(&info, &IntakeParams::default())?;
    let mut inlet = Inlet::connect(&info, InletParams::default()).await?;
    let mut out = ChainOutput::new(info.n_channels);
    let mut latency = LatencyHistogram::new();
    let names: Vec<String> = info.channels().into_iter().map(|c| c.label).collect();
    let (mut n_taken, wanted) = (0.0, watch.seconds * rate.hz());
    while n_taken < wanted {
        let chunk = tokio::select! {
            chunk = inlet.pull() => chunk?,
            _ = tokio::signal::ctrl_c() => break,
        };
        intake.feed(&chunk, &mut chain, &mut out)?;
        let done_s = now_s();
        // Only a clock that was measured tells how old a sample is.
        if let Some(offset) = inlet.clock_offset() {
            for sent_s in &chunk.sent_s {
                latency.record_s(done_s - (sent_s + offset.correction_s));
            }
        }
        n_taken += chunk.sent_s.len() as f64;
        for features in &out.features {
            show(features, &names, watch.json)?;
        }
        out.clear();
    }
    let report = intake.report();
    if watch.json {
        let end = json!({"gaps": report, "latency": latency.summary(), "delays": chain.delays()});
        return Ok(out::line(format_args!("{end}"))?);
    }
    out::line(format_args!(
        "{} samples, {} missing in {} gaps, rate {}",
        report.n_samples,
        report.n_missing,
        report.n_gaps,
        figure(report.effective_rate_hz, "Hz")
    ))?;
    out::line(format_args!(
        "jitter p50 {}, p99 {}",
        figure(report.jitter_p50_ms, "ms"),
        figure(report.jitter_p99_ms, "ms")
    ))?;
    if let Some(s) = latency.summary() {
        out::line(format_args!(
            "latency p50 {:.1} ms, p99 {:.1} ms, most {:.1} ms",
            s.p50_ms, s.p99_ms, s.max_ms
        ))?;
    }
    Ok(())
}

fn figure(value: Option<f64>, unit: &str) -> String {
    value.map_or("not measured".to_owned(), |v| format!("{v:.2} {unit}"))
}

/// One line per second: the median over the channels of each band's power.
fn show(features: &Features, names: &[String], as_json: bool) -> Result<()> {
    if as_json {
        let line = json!({"channels": names, "features": features});
        return Ok(out::line(format_args!("{line}"))?);
    }
    let mut line = format!("{:>8.1} s", features.end_s);
    for band in &features.bands {
        let median = clx_signal::stats::median(&band.power_uv2);
        line.push_str(&format!("  {} {}", band.name, figure(median, "µV²")));
    }
    Ok(out::line(format_args!("{line}"))?)
}

async fn keep(wait_s: f64, record: &Record) -> Result<()> {
    let format = match record.out.extension().and_then(|e| e.to_str()) {
        Some("edf") => Format::EdfPlusC,
        Some("bdf") => Format::BdfPlusC,
        _ => bail!("the file must end in .bdf or .edf, got {}", record.out.display()),
    };
    let (info, rate) = find(&record.stream, wait_s).await?;
    let most_s = MOST_SAMPLES / (rate.hz() * info.n_channels as f64);
    if record.seconds > most_s {
        bail!(
            "{} s of {} channels do not fit into memory; at most {most_s:.0} s do",
            record.seconds,
            info.n_channels
        );
    }
    // Without filters the chain hands samples on as they came and stands in for lost ones.
    let params = ChainParams { highpass_hz: None, lowpass_hz: None, ..ChainParams::default() };
    let mut chain = Chain::new(&params, rate, info.n_channels)?;
    let mut intake = Intake::new(&info, &IntakeParams::default())?;
    let mut inlet = Inlet::connect(&info, InletParams::default()).await?;
    let mut out = ChainOutput::new(info.n_channels);
    let wanted = rate.samples(record.seconds);
    let mut first_s = None;
    while out.samples[0].len() < wanted {
        let chunk = tokio::select! {
            chunk = inlet.pull() => chunk?,
            _ = tokio::signal::ctrl_c() => break,
        };
        first_s = first_s.or(chunk.sent_s.first().copied());
        intake.feed(&chunk, &mut chain, &mut out)?;
        out.features.clear();
    }
    let report = intake.report();
    let recording = recording(&info, rate, out.samples, &report, first_s.unwrap_or(0.0))?;
    write(&record.out, &recording, format)?;
    Ok(out::line(format_args!(
        "{}: {:.1} s, {} channels, {} samples missing in {} gaps",
        record.out.display(),
        recording.duration_s(),
        recording.channels.len(),
        report.n_missing,
        report.n_gaps
    ))?)
}

fn recording(
    info: &StreamInfo,
    rate: SampleRate,
    samples: Vec<Vec<f32>>,
    report: &GapReport,
    first_s: f64,
) -> Result<Recording> {
    if samples.iter().all(Vec::is_empty) {
        bail!("{} sent no sample", info.name);
    }
    let channels = info
        .channels()
        .into_iter()
        .zip(samples)
        .enumerate()
        .map(|(i, (channel, samples))| {
            let name = if channel.label.is_empty() { format!("{}", i + 1) } else { channel.label };
            let info = ChannelInfo {
                label: name.clone(),
                name,
                kind: ChannelKind::Eeg,
                unit: Unit::Volt,
                rate,
                n_samples: samples.len() as u64,
            };
            Channel { info, samples }
        })
        .collect();
    let annotations = report
        .gaps
        .iter()
        .map(|gap| Annotation {
            // Lost samples are stood in for, so the clock of the stream is that of the file.
            onset_s: gap.after_s - first_s,
            duration_s: Some(gap.duration_s),
            text: "BAD_missing".to_owned(),
            channel: None,
        })
        .collect();
    Ok(Recording { channels, annotations, gaps: Vec::new() })
}

fn write(path: &Path, recording: &Recording, format: Format) -> Result<()> {
    let file = File::create(path).with_context(|| format!("{}", path.display()))?;
    let options = WriteOptions { format, ..WriteOptions::default() };
    write_recording(BufWriter::with_capacity(1 << 18, file), recording, &options)
        .with_context(|| format!("writing {}", path.display()))?;
    Ok(())
}
