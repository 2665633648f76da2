use clx_eeg::overview::EegOverview;
use clx_eeg::{EegError, OverviewBuilder, OverviewParams};
use clx_signal::{
    Annotation, Block, Channel, ChannelInfo, ChannelKind, Gap, Recording, RecordingHeader,
    SampleRate, Unit,
};

pub(crate) fn channel(name: &str, rate_hz: f64, samples: Vec<f32>) -> Channel {
    let info = ChannelInfo {
        name: name.to_owned(),
        label: name.to_owned(),
        kind: ChannelKind::Eeg,
        unit: Unit::Volt,
        rate: SampleRate::from_hz(rate_hz).unwrap(),
        n_samples: samples.len() as u64,
    };
    Channel { info, samples }
}

pub(crate) fn recording(channels: Vec<Channel>) -> Recording {
    Recording { channels, annotations: Vec::new(), gaps: Vec::new() }
}

pub(crate) fn header(recording: &Recording) -> RecordingHeader {
    RecordingHeader {
        channels: recording.channels.iter().map(|c| c.info.clone()).collect(),
        duration_s: recording.duration_s(),
        start: None,
        gaps: recording.gaps.clone(),
    }
}

/// Streams the recording in blocks of `block_s` seconds.
pub(crate) fn overview_in_blocks(
    recording: &Recording,
    params: OverviewParams,
    block_s: f64,
) -> Result<EegOverview, EegError> {
    let mut builder = OverviewBuilder::new(&header(recording), params)?;
    let n_blocks = (recording.duration_s() / block_s).ceil() as usize;
    for k in 0..n_blocks {
        let part = |i: &usize| {
            let c = &recording.channels[*i];
            let at = |b: usize| c.info.rate.samples(b as f64 * block_s).min(c.samples.len());
            c.samples[at(k)..at(k + 1)].to_vec()
        };
        let samples = builder.picks().iter().map(part).collect();
        builder.push(&Block { tmin_s: k as f64 * block_s, samples })?;
    }
    let overview = builder.finish(recording.annotations.clone())?;
    assert_finite(&overview);
    Ok(overview)
}

pub(crate) fn overview(recording: &Recording) -> EegOverview {
    overview_in_blocks(recording, OverviewParams::default(), 10.0).unwrap()
}

/// Every number of the result is finite: serde_json writes NaN and infinities as null, and fields
/// that may be absent are compared by their own `is_finite`.
fn assert_finite(o: &EegOverview) {
    let finite = |v: &[f64]| assert!(v.iter().all(|x| x.is_finite()), "{v:?}");
    finite(&[o.duration_s, o.rate_hz]);
    finite(&o.freqs_hz);
    let bands = o.channels.iter().flat_map(|c| &c.bands).chain(o.mean_bands.iter().flatten());
    for b in bands {
        finite(&[b.power_v2, b.relative]);
        b.ci95_v2.iter().for_each(|ci| finite(ci));
        assert!((0.0..=1.0 + 1e-12).contains(&b.relative));
    }
    for c in &o.channels {
        let q = &c.quality;
        finite(&c.psd_v2_per_hz);
        finite(&[q.rms_v, q.flat_share, q.clipped_share, q.strip_s]);
        q.amplitude_z.iter().chain(&q.line_noise_db).for_each(|&v| finite(&[v]));
        assert!(q.strip.len() <= 512 && q.strip.iter().all(|s| (0.0..=1.0).contains(s)));
        c.aperiodic.iter().for_each(|a| finite(&[a.exponent, a.offset, a.r_squared]));
        for p in c.alpha_peak.iter().chain(&o.alpha_peak) {
            finite(&[p.peak_hz, p.centre_of_gravity_hz, p.prominence_db]);
            p.ci95_hz.iter().for_each(|ci| finite(ci));
        }
    }
    o.alpha_asymmetry.iter().for_each(|a| finite(&[a.ln_ratio]));
    o.theta_beta_ratio.iter().for_each(|&r| finite(&[r]));
    for s in &o.state.statements {
        s.figures.values().for_each(|&v| finite(&[v]));
    }
}

pub(crate) fn codes(o: &EegOverview) -> Vec<&str> {
    o.findings.iter().map(|f| f.code.as_str()).collect()
}

pub(crate) fn gap(at_s: f64, duration_s: f64) -> Gap {
    Gap { at_s, duration_s }
}

pub(crate) fn note(onset_s: f64, duration_s: f64, text: &str) -> Annotation {
    Annotation { onset_s, duration_s: Some(duration_s), text: text.to_owned(), channel: None }
}
