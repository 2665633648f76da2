//! Apache Parquet, written by hand: one kind of page, no compression, no optional values.
//!
//! The crate `parquet` costs 76 s of compile time and 1.3 MB of program; what a table of numbers
//! needs of the format are the structures of this file. Checked by reading with pyarrow.

mod thrift;

use std::io::Write;

use serde::Serialize;

use self::thrift::Compact;
use super::{BLOCK_S, Progress, Sheet, clock_s, kind_name};
use crate::{FormatError, RecordingReader};

const MAGIC: &[u8] = b"PAR1";

/// Rows of one group: 256 kB per column.
const ROWS_PER_GROUP: usize = 65_536;

// Physical types and other enumerations of parquet.thrift.
const FLOAT: i64 = 4;
const DOUBLE: i64 = 5;
const REQUIRED: i64 = 0;
const PLAIN: i64 = 0;
const RLE: i64 = 3;
const UNCOMPRESSED: i64 = 0;
const DATA_PAGE: i64 = 0;

/// Where a column of a group lies.
struct Chunk {
    offset: u64,
    n_bytes: u64,
}

struct Group {
    n_rows: usize,
    chunks: Vec<Chunk>,
}

/// What the file says beside the samples, as JSON under the key `clisonix`.
#[derive(Serialize)]
struct About<'a> {
    start: Option<&'a str>,
    rate_hz: f64,
    channels: Vec<AboutChannel<'a>>,
    gaps: &'a [clx_signal::Gap],
    annotations: &'a [clx_signal::Annotation],
}

#[derive(Serialize)]
struct AboutChannel<'a> {
    name: &'a str,
    label: &'a str,
    kind: &'static str,
    unit: &'a str,
}

/// Writes the channels of `sheet` as Parquet: a column `time_s` (seconds on the clock, 64 bits),
/// then a column per channel in its SI unit (volts, 32 bits), bit by bit as read. Names, units,
/// gaps and annotations are in the metadata under `clisonix`, as JSON.
///
/// # Errors
/// [`FormatError::Io`] when reading or writing fails.
pub fn write_parquet<W: Write>(
    reader: &mut RecordingReader,
    sheet: &Sheet,
    out: &mut W,
    progress: &Progress<'_>,
) -> Result<(), FormatError> {
    let annotations = reader.annotations()?;
    let header = reader.header().clone();
    let mut names = vec!["time_s".to_owned()];
    names.extend(sheet.picks.iter().map(|&pick| header.channels[pick].name.clone()));
    out.write_all(MAGIC)?;
    let mut at = MAGIC.len() as u64;
    let mut groups: Vec<Group> = Vec::new();
    let mut pending: Vec<Vec<f32>> = vec![Vec::new(); sheet.picks.len()];
    let mut n_rows = 0_u64;
    let mut flush = |pending: &mut Vec<Vec<f32>>, n: usize, first: u64, out: &mut W| {
        let time = |i: usize| clock_s(&header.gaps, (first + i as u64) as f64 / sheet.rate.hz());
        let mut chunks = Vec::with_capacity(pending.len() + 1);
        let times: Vec<u8> = (0..n).flat_map(|i| time(i).to_le_bytes()).collect();
        chunks.push(page(&times, n, &mut at, out)?);
        for column in pending.iter_mut() {
            let bytes: Vec<u8> = column.drain(..n).flat_map(f32::to_le_bytes).collect();
            chunks.push(page(&bytes, n, &mut at, out)?);
        }
        groups.push(Group { n_rows: n, chunks });
        Ok::<(), FormatError>(())
    };
    for block in reader.blocks(&sheet.picks, BLOCK_S) {
        for (column, samples) in pending.iter_mut().zip(block?.samples) {
            column.extend(samples);
        }
        while pending.first().map_or(0, Vec::len) >= ROWS_PER_GROUP {
            flush(&mut pending, ROWS_PER_GROUP, n_rows, out)?;
            n_rows += ROWS_PER_GROUP as u64;
            progress(n_rows as f64 / sheet.n_samples.max(1) as f64);
        }
    }
    let rest = pending.first().map_or(0, Vec::len);
    flush(&mut pending, rest, n_rows, out)?;
    n_rows += rest as u64;
    let about = About {
        start: header.start.as_deref(),
        rate_hz: sheet.rate.hz(),
        channels: sheet.picks.iter().map(|&pick| about_channel(&header.channels[pick])).collect(),
        gaps: &header.gaps,
        annotations: &annotations,
    };
    let about = serde_json::to_string(&about).map_err(std::io::Error::from)?;
    let footer = footer(&names, &groups, n_rows, &about);
    out.write_all(&footer)?;
    out.write_all(&(footer.len() as u32).to_le_bytes())?;
    out.write_all(MAGIC)?;
    out.flush()?;
    progress(1.0);
    Ok(())
}

fn about_channel(info: &clx_signal::ChannelInfo) -> AboutChannel<'_> {
    let unit = match &info.unit {
        clx_signal::Unit::Volt => "V",
        clx_signal::Unit::Other(unit) => unit,
    };
    AboutChannel { name: &info.name, label: &info.label, kind: kind_name(info.kind), unit }
}

/// Writes one page of plain values.
fn page<W: Write>(bytes: &[u8], n: usize, at: &mut u64, out: &mut W) -> Result<Chunk, FormatError> {
    let mut header = Compact::default();
    header.i32(1, DATA_PAGE);
    header.i32(2, bytes.len() as i64);
    header.i32(3, bytes.len() as i64);
    header.open(5);
    header.i32(1, n as i64);
    header.i32(2, PLAIN);
    header.i32(3, RLE);
    header.i32(4, RLE);
    header.close();
    let header = header.finish();
    out.write_all(&header)?;
    out.write_all(bytes)?;
    let chunk = Chunk { offset: *at, n_bytes: (header.len() + bytes.len()) as u64 };
    *at += chunk.n_bytes;
    Ok(chunk)
}

/// `FileMetaData` of parquet.thrift.
fn footer(names: &[String], groups: &[Group], n_rows: u64, about: &str) -> Vec<u8> {
    let mut meta = Compact::default();
    meta.i32(1, 1);
    meta.list(2, names.len() + 1);
    meta.element();
    meta.text(4, "recording");
    meta.i32(5, names.len() as i64);
    meta.close();
    for (column, name) in names.iter().enumerate() {
        meta.element();
        meta.i32(1, physical_type(column));
        meta.i32(3, REQUIRED);
        meta.text(4, name);
        meta.close();
    }
    meta.i64(3, n_rows as i64);
    meta.list(4, groups.len());
    for group in groups {
        meta.element();
        put_group(&mut meta, group, names);
        meta.close();
    }
    meta.list(5, 1);
    meta.element();
    meta.text(1, "clisonix");
    meta.text(2, about);
    meta.close();
    meta.text(6, concat!("clisonix ", env!("CARGO_PKG_VERSION")));
    meta.finish()
}

/// `RowGroup`.
fn put_group(meta: &mut Compact, group: &Group, names: &[String]) {
    meta.list(1, group.chunks.len());
    for (column, (chunk, name)) in group.chunks.iter().zip(names).enumerate() {
        meta.element();
        meta.i64(2, chunk.offset as i64);
        meta.open(3);
        meta.i32(1, physical_type(column));
        meta.i32s(2, &[PLAIN, RLE]);
        meta.texts(3, &[name]);
        meta.i32(4, UNCOMPRESSED);
        meta.i64(5, group.n_rows as i64);
        meta.i64(6, chunk.n_bytes as i64);
        meta.i64(7, chunk.n_bytes as i64);
        meta.i64(9, chunk.offset as i64);
        meta.close();
        meta.close();
    }
    meta.i64(2, group.chunks.iter().map(|c| c.n_bytes as i64).sum());
    meta.i64(3, group.n_rows as i64);
}

/// The first column is time.
const fn physical_type(column: usize) -> i64 {
    if column == 0 { DOUBLE } else { FLOAT }
}
