//! Tests through the public surface.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

mod limits;
mod properties;
mod recordings;
mod theory;

use clx_audio::{AudioError, AudioOverview, AudioParams, OverviewBuilder};
use clx_signal::SampleRate;

/// The overview of planar samples pushed in blocks of `block` frames.
fn overview_in_blocks(
    rate_hz: f64,
    channels: &[Vec<f32>],
    block: usize,
) -> Result<AudioOverview, AudioError> {
    let rate = SampleRate::from_hz(rate_hz)?;
    let mut builder = OverviewBuilder::new(rate, channels.len(), AudioParams::default())?;
    let n = channels.first().map_or(0, Vec::len);
    let mut from = 0;
    while from < n {
        let to = n.min(from + block);
        let piece: Vec<Vec<f32>> = channels.iter().map(|c| c[from..to].to_vec()).collect();
        builder.push(&piece)?;
        from = to;
    }
    builder.finish()
}

fn overview(rate_hz: f64, channels: &[Vec<f32>]) -> AudioOverview {
    overview_in_blocks(rate_hz, channels, 4_096).unwrap()
}

/// Decaying 1 kHz bursts at `bpm`, the first after half a second.
fn click_track(rate_hz: f64, bpm: f64, seconds: f64) -> Vec<f32> {
    let mut x = vec![0.0; (seconds * rate_hz) as usize];
    let mut t = 0.5;
    while t < seconds {
        let start = (t * rate_hz).round() as usize;
        for (i, sample) in x[start..].iter_mut().take((0.03 * rate_hz) as usize).enumerate() {
            let s = i as f64 / rate_hz;
            *sample +=
                (0.5 * (-s * 150.0).exp() * (std::f64::consts::TAU * 1_000.0 * s).sin()) as f32;
        }
        t += 60.0 / bpm;
    }
    x
}

/// Every number of the JSON form is finite; JSON has no other kind, so `null` would betray NaN.
fn assert_sound(overview: &AudioOverview) {
    let curves = &overview.descriptors;
    for curve in [
        &curves.centroid_hz,
        &curves.bandwidth_hz,
        &curves.rolloff_hz,
        &curves.flatness,
        &curves.flux,
        &curves.rms_dbfs,
        &curves.zero_crossing_rate,
    ] {
        assert_eq!(curve.len(), curves.rms_dbfs.len());
        assert!(curve.len() <= 2_000 && curve.iter().all(|x| x.is_finite()));
    }
    let loudness = &overview.loudness;
    for value in [
        loudness.integrated_lufs,
        loudness.range_lu,
        loudness.true_peak_dbtp,
        loudness.sample_peak_dbfs,
        overview.dynamics.crest_db,
        overview.dynamics.level_range_db,
    ] {
        assert!(value.is_none_or(f64::is_finite), "{value:?}");
    }
    assert!(overview.beats_s.windows(2).all(|w| w[0] < w[1]));
    assert!(overview.beats_s.iter().all(|b| (0.0..=overview.duration_s).contains(b)));
    let edges: Vec<f64> = overview.segments.iter().flat_map(|s| [s.tmin_s, s.tmax_s]).collect();
    assert!(edges.windows(2).all(|w| w[0] <= w[1]), "{edges:?}");
    assert_eq!(edges.last().copied(), Some(overview.duration_s));
    if let Some(tempo) = &overview.tempo {
        assert!(tempo.bpm.is_finite() && (0.0..=1.0).contains(&tempo.confidence));
    }
}
