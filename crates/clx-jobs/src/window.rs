//! A stretch of the signal for the screen: from the pyramid where a column is wide, from the
//! samples where it is narrow. At most two values per column and channel leave here.

use std::fs::File;
use std::io::BufReader;

use clx_formats::{AudioReader, RecordingReader, Source};
use clx_signal::pyramid::Pyramid;

use crate::{Channel, JobsError, SignalQuery, SignalWindow};

const MAX_COLUMNS: u32 = 8192;
const MAX_VALUES: usize = 1 << 22;
const NO_DATA: [f32; 2] = [f32::NAN, f32::NAN];

/// The open files behind one recording.
pub(crate) struct SignalFiles {
    pub(crate) content: File,
    pub(crate) pyramid: Option<File>,
    pub(crate) duration_s: f64,
    pub(crate) channels: Vec<Channel>,
}

impl SignalFiles {
    pub(crate) fn open(content: File) -> Result<Source, JobsError> {
        let source = clx_formats::open(Box::new(BufReader::with_capacity(1 << 16, content)));
        source.map_err(|error| JobsError::Conflict(format!("the content cannot be read: {error}")))
    }
}

pub(crate) fn check_span(tmin_s: f64, tmax_s: f64) -> Result<(), JobsError> {
    if tmin_s.is_finite() && tmax_s.is_finite() && tmin_s < tmax_s && tmax_s - tmin_s < 1e9 {
        return Ok(());
    }
    Err(JobsError::invalid("tmax_s", "must be above tmin_s, and both finite"))
}

pub(crate) fn check_count(field: &'static str, n: u32, max: u32) -> Result<(), JobsError> {
    if (1..=max).contains(&n) {
        return Ok(());
    }
    Err(JobsError::invalid(field, format!("must be 1 to {max}, got {n}")))
}

/// Samples read for one window: 64 MiB. 64 channels of 2,000 columns below 16 samples each are 2 million.
const MAX_RAW_SAMPLES: f64 = 16_777_216.0;

/// Reads what `query` asks for. Blocks.
pub(crate) fn read(files: SignalFiles, query: &SignalQuery) -> Result<SignalWindow, JobsError> {
    check_span(query.tmin_s, query.tmax_s)?;
    check_count("columns", query.columns, MAX_COLUMNS)?;
    let n_channels = files.channels.len();
    let picks = query.channels.clone().unwrap_or_else(|| (0..n_channels).collect());
    if let Some(unknown) = picks.iter().find(|&&pick| pick >= n_channels) {
        let message = format!("there are {n_channels} channels, got index {unknown}");
        return Err(JobsError::invalid("channels", message));
    }
    let columns = query.columns as usize;
    if picks.len().saturating_mul(columns) > MAX_VALUES {
        let message = format!("channels times columns may be {MAX_VALUES}");
        return Err(JobsError::invalid("columns", message));
    }
    let grid = Grid { tmin_s: query.tmin_s, span_s: query.tmax_s - query.tmin_s, columns };
    let mut channels = vec![None; picks.len()];
    if let Some(file) = files.pyramid {
        let mut pyramid = Pyramid::open(BufReader::new(file))?;
        for (channel, &pick) in channels.iter_mut().zip(&picks) {
            let drawn = pyramid.window(pick, query.tmin_s, query.tmax_s, columns)?;
            *channel = drawn.map(|pairs| pairs.into_iter().map(|(min, max)| [min, max]).collect());
        }
    }
    // Zoomed in far, or slow: what the pyramid is too coarse for, and nothing else, is read raw.
    let missing: Vec<usize> = (0..picks.len()).filter(|&i| channels[i].is_none()).collect();
    if !missing.is_empty() {
        let rate_hz = |i: usize| files.channels[picks[i]].rate_hz;
        let n_samples: f64 = missing.iter().map(|&i| grid.span_s * rate_hz(i)).sum();
        if n_samples > MAX_RAW_SAMPLES {
            let message = "ask for fewer channels or a shorter span at a time".to_owned();
            return Err(JobsError::invalid("channels", message));
        }
        let wanted: Vec<usize> = missing.iter().map(|&i| picks[i]).collect();
        let raw = read_raw(files.content, files.duration_s, &grid, &wanted)?;
        for (&i, samples) in missing.iter().zip(raw) {
            channels[i] = Some(grid.fold(&samples, rate_hz(i)));
        }
    }
    Ok(SignalWindow {
        tmin_s: query.tmin_s,
        tmax_s: query.tmax_s,
        n_columns: query.columns,
        channels: channels.into_iter().map(Option::unwrap_or_default).collect(),
    })
}

/// Columns of equal width on the time axis.
struct Grid {
    tmin_s: f64,
    span_s: f64,
    columns: usize,
}

impl Grid {
    /// Each sample goes to the column its time falls into. A column between two samples that are
    /// further apart than it is wide stays empty; the reader draws a line across.
    fn fold(&self, stretch: &Stretch, rate_hz: f64) -> Vec<[f32; 2]> {
        let mut folded = vec![NO_DATA; self.columns];
        let per_s = self.columns as f64 / self.span_s;
        for (i, &x) in stretch.samples.iter().enumerate() {
            let t = (stretch.first + i as u64) as f64 / rate_hz - self.tmin_s;
            let column = (t * per_s).floor();
            if column >= 0.0 && column < self.columns as f64 && x.is_finite() {
                let [min, max] = &mut folded[column as usize];
                *min = min.min(x);
                *max = max.max(x);
            }
        }
        folded
    }
}

/// Consecutive samples of a channel and the index of the first.
#[derive(Debug, Default)]
pub(crate) struct Stretch {
    pub(crate) first: u64,
    pub(crate) samples: Vec<f32>,
}

fn read_raw(
    content: File,
    duration_s: f64,
    grid: &Grid,
    picks: &[usize],
) -> Result<Vec<Stretch>, JobsError> {
    let from = grid.tmin_s.max(0.0);
    let to = (grid.tmin_s + grid.span_s).min(duration_s);
    if from >= to {
        return Ok(picks.iter().map(|_| Stretch::default()).collect());
    }
    match SignalFiles::open(content)? {
        Source::Recording(mut reader) => read_recording(&mut reader, picks, from, to - from),
        Source::Audio(mut reader) => read_audio(&mut reader, picks, from, to - from),
    }
}

/// A stretch of a biosignal recording; times lie within it.
pub(crate) fn read_recording(
    reader: &mut RecordingReader,
    picks: &[usize],
    from_s: f64,
    span_s: f64,
) -> Result<Vec<Stretch>, JobsError> {
    let unreadable = |error| JobsError::Conflict(format!("the content cannot be read: {error}"));
    let block = reader.read_block(picks, from_s, span_s).map_err(unreadable)?;
    let channels = &reader.header().channels;
    let stretches = picks.iter().zip(block.samples).map(|(&pick, samples)| Stretch {
        first: (block.tmin_s * channels[pick].rate.hz()).round() as u64,
        samples,
    });
    Ok(stretches.collect())
}

/// A stretch of a sound; the decoder is positioned, so nothing before it is decoded twice.
pub(crate) fn read_audio(
    reader: &mut AudioReader,
    picks: &[usize],
    from_s: f64,
    span_s: f64,
) -> Result<Vec<Stretch>, JobsError> {
    let unreadable = |error| JobsError::Conflict(format!("the content cannot be read: {error}"));
    let rate_hz = reader.info().rate.hz();
    let first = (from_s * rate_hz).floor() as u64;
    let wanted = (span_s * rate_hz).ceil() as usize + 1;
    reader.seek(first).map_err(unreadable)?;
    let mut stretches: Vec<Stretch> =
        picks.iter().map(|_| Stretch { first, samples: Vec::new() }).collect();
    let mut block = Vec::new();
    let mut got = 0;
    while got < wanted {
        let n = reader.next_block(&mut block).map_err(unreadable)?;
        if n == 0 {
            break;
        }
        let take = n.min(wanted - got);
        for (stretch, &pick) in stretches.iter_mut().zip(picks) {
            if let Some(samples) = block.get(pick) {
                stretch.samples.extend_from_slice(&samples[..take]);
            }
        }
        got += take;
    }
    Ok(stretches)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_fall_into_the_column_of_their_time() {
        // 4 Hz from 1.0 s: samples at 1.0, 1.25, 1.5, 1.75, 2.0 s. Columns of half a second.
        let grid = Grid { tmin_s: 1.0, span_s: 1.5, columns: 3 };
        let stretch = Stretch { first: 4, samples: vec![1.0, -1.0, 5.0, f32::NAN, 7.0] };
        let folded = grid.fold(&stretch, 4.0);
        assert_eq!(folded, [[-1.0, 1.0], [5.0, 5.0], [7.0, 7.0]]);
    }

    #[test]
    fn columns_without_a_sample_are_empty() {
        let grid = Grid { tmin_s: 0.0, span_s: 1.0, columns: 4 };
        let stretch = Stretch { first: 0, samples: vec![1.0, 2.0] };
        let folded = grid.fold(&stretch, 2.0);
        assert_eq!((folded[0], folded[2]), ([1.0, 1.0], [2.0, 2.0]));
        assert!(folded[1][0].is_nan() && folded[3][1].is_nan());
    }

    #[test]
    fn spans_that_cannot_be_drawn_are_refused() {
        for (tmin_s, tmax_s) in [(1.0, 1.0), (2.0, 1.0), (f64::NAN, 1.0), (0.0, f64::INFINITY)] {
            assert!(check_span(tmin_s, tmax_s).is_err(), "{tmin_s}..{tmax_s}");
        }
        assert!(check_span(-1.0, 1.0).is_ok());
    }
}
