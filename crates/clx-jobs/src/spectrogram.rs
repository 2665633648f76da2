//! Power over time and frequency of one channel, as large as the picture that shows it.
//!
//! A short stretch is read whole. Of a long one only one frame per column is read, so a day of EEG
//! costs as much as its columns and not as its samples.

use clx_formats::{AudioReader, RecordingReader, Source};
use clx_signal::SampleRate;
use clx_signal::stft::{SpectrogramParams, spectrogram};

use crate::window::{SignalFiles, check_count, check_span, read_audio, read_recording};
use crate::{JobsError, SpectrogramQuery, SpectrogramWindow};

const MAX_COLUMNS: u32 = 4096;
const MAX_ROWS: u32 = 1024;
/// Samples that are read in one go; 3 min of CD sound, 9 h of EEG at 256 Hz.
const MAX_WHOLE: f64 = 8e6;
/// EEG is shown up to here, sound up to [`AUDIO_FMAX_HZ`].
const EEG_FMAX_HZ: f64 = 60.0;
const AUDIO_FMAX_HZ: f64 = 12_000.0;
const EEG_WINDOW_S: f64 = 2.0;
const AUDIO_WINDOW_S: f64 = 0.046;
/// The scale ends at the loudest cell and spans this much.
const RANGE_DB: f32 = 70.0;
/// Below this density nothing but rounding is left; keeps the logarithm finite.
const FLOOR: f32 = 1e-30;

enum Reader {
    Recording(RecordingReader),
    Audio(AudioReader),
}

/// What of the recording is drawn.
struct View {
    channel: usize,
    rate: SampleRate,
    duration_s: f64,
    params: SpectrogramParams,
}

/// Reads what `query` asks for. Blocks.
pub(crate) fn read(
    files: SignalFiles,
    query: &SpectrogramQuery,
) -> Result<SpectrogramWindow, JobsError> {
    check_span(query.tmin_s, query.tmax_s)?;
    check_count("columns", query.columns, MAX_COLUMNS)?;
    check_count("rows", query.rows, MAX_ROWS)?;
    let Some(channel) = files.channels.get(query.channel) else {
        let message = format!("there are {} channels", files.channels.len());
        return Err(JobsError::invalid("channel", message));
    };
    let is_audio = channel.kind == "audio";
    let rate = SampleRate::from_hz(channel.rate_hz)
        .map_err(|error| crate::deps::corrupt("channel", error))?;
    let (fmax_hz, window_s) =
        if is_audio { (AUDIO_FMAX_HZ, AUDIO_WINDOW_S) } else { (EEG_FMAX_HZ, EEG_WINDOW_S) };
    let fmax_hz = fmax_hz.min(rate.nyquist_hz());
    let params = SpectrogramParams {
        columns: query.columns as usize,
        rows: query.rows as usize,
        fmin_hz: 0.0,
        fmax_hz,
        // A very low rate still gets the two samples a transform needs.
        window_s: window_s.max(2.0 / rate.hz()),
    };
    let view = View { channel: query.channel, rate, duration_s: files.duration_s, params };
    let mut reader = match SignalFiles::open(files.content)? {
        Source::Recording(reader) => Reader::Recording(reader),
        Source::Audio(reader) => Reader::Audio(reader),
    };
    let density = draw(&mut reader, &view, query.tmin_s, query.tmax_s)?;
    let (db_min, db_max, values) = scale(&density);
    Ok(SpectrogramWindow {
        tmin_s: query.tmin_s,
        tmax_s: query.tmax_s,
        columns: query.columns,
        rows: query.rows,
        fmin_hz: 0.0,
        fmax_hz,
        db_min,
        db_max,
        values,
    })
}

fn draw(reader: &mut Reader, view: &View, tmin_s: f64, tmax_s: f64) -> Result<Vec<f32>, JobsError> {
    let span_s = tmax_s - tmin_s;
    if span_s * view.rate.hz() <= MAX_WHOLE {
        let samples = samples(reader, view, tmin_s, span_s)?;
        return transform(&samples, view.rate, view.params);
    }
    let mut density = Vec::with_capacity(view.params.columns * view.params.rows);
    let column_s = span_s / view.params.columns as f64;
    let one = SpectrogramParams { columns: 1, ..view.params };
    for column in 0..view.params.columns {
        let centre_s = tmin_s + (column as f64 + 0.5) * column_s;
        let frame_s = view.params.window_s.min(column_s);
        let frame = samples(reader, view, centre_s - frame_s / 2.0, frame_s)?;
        density.extend(transform(&frame, view.rate, one)?);
    }
    Ok(density)
}

/// The samples of a stretch, with zeros where it reaches beyond the recording.
fn samples(
    reader: &mut Reader,
    view: &View,
    tmin_s: f64,
    span_s: f64,
) -> Result<Vec<f32>, JobsError> {
    let wanted = view.rate.samples(span_s).max(1);
    let mut samples = vec![0.0; wanted];
    let from_s = tmin_s.max(0.0);
    let to_s = (tmin_s + span_s).min(view.duration_s);
    if from_s >= to_s {
        return Ok(samples);
    }
    let picks = [view.channel];
    let found = match reader {
        Reader::Recording(reader) => read_recording(reader, &picks, from_s, to_s - from_s)?,
        Reader::Audio(reader) => read_audio(reader, &picks, from_s, to_s - from_s)?,
    };
    let skip = view.rate.samples(from_s - tmin_s).min(wanted);
    for stretch in found {
        for (place, x) in samples[skip..].iter_mut().zip(stretch.samples) {
            *place = x;
        }
    }
    Ok(samples)
}

fn transform(
    samples: &[f32],
    rate: SampleRate,
    params: SpectrogramParams,
) -> Result<Vec<f32>, JobsError> {
    let drawn = spectrogram(samples, rate, params);
    Ok(drawn.map_err(|error| JobsError::invalid("tmax_s", error.to_string()))?.density)
}

/// 256 steps of dB below the loudest cell.
fn scale(density: &[f32]) -> (f32, f32, Vec<u8>) {
    let db = |x: f32| 10.0 * x.max(FLOOR).log10();
    let db_max = density.iter().copied().map(db).fold(db(FLOOR) + RANGE_DB, f32::max);
    let db_min = db_max - RANGE_DB;
    let step = |x: f32| ((db(x) - db_min) / RANGE_DB * 255.0).round().clamp(0.0, 255.0) as u8;
    (db_min, db_max, density.iter().copied().map(step).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_ends_at_the_loudest_cell() {
        // 1.0 is 0 dB; 1e-7 is 70 dB below it, the bottom of the scale; 10^-3.5 is half way.
        let (db_min, db_max, values) = scale(&[1.0, 1e-7, 10_f32.powf(-3.5), 0.0]);
        assert_eq!((db_min, db_max), (-70.0, 0.0));
        assert_eq!(values, [255, 0, 128, 0]);
    }

    #[test]
    fn silence_is_dark_and_finite() {
        let (db_min, db_max, values) = scale(&[0.0; 4]);
        assert!(db_min.is_finite() && db_max.is_finite());
        assert_eq!(values, [0; 4]);
    }
}
