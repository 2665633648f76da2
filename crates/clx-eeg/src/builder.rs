//! The streaming half of the overview: blocks in, counts and spectra out.

use clx_signal::fir::{self, Edge, OverlapSave};
use clx_signal::welch::{Psd, Welch, WelchParams};
use clx_signal::{
    Annotation, Block, ChannelInfo, ChannelKind, Finding, Gap, RecordingHeader, SampleRate,
    Severity, Unit,
};

use crate::overview::EegOverview;
use crate::params::{HIGHPASS_HZ, LOWPASS_HZ, OverviewParams, Reference};
use crate::quality::{Counts, MAX_STRETCHES};
use crate::{EegError, summary};

/// Segments of the main spectrum, seconds: bins of 0.25 Hz, fine enough for the alpha peak.
const WINDOW_S: f64 = 4.0;
/// Segments when less than 8 s hang together.
const SHORT_WINDOW_S: f64 = 2.0;
pub(crate) const OVERLAP: f64 = 0.5;
/// The reported spectrum ends here: above, the low-pass has taken half of it and more.
const PSD_FMAX_HZ: f64 = 45.0;
/// Stretches kept for intervals and for comparing conditions.
const MAX_BLOCKS: usize = 128;
/// Non-finite samples are bridged with the last value up to this duration, then cut out.
const BRIDGE_S: f64 = 1.0;
/// Rates at which 1-40 Hz makes sense at all, hertz.
const MIN_RATE_HZ: f64 = 20.0;

/// Makes an [`EegOverview`] from a recording that streams by in blocks.
///
/// Memory does not grow with the recording: per channel two filter blocks, one Welch segment, 128
/// mean spectra and 512 strip entries (about 0.4 MB at 250 Hz).
///
/// ```
/// use clx_eeg::{OverviewBuilder, OverviewParams};
/// use clx_signal::{synth, Block, RecordingHeader};
/// let (recording, _) = synth::eeg_sample(1);
/// let header = RecordingHeader {
///     channels: recording.channels.iter().map(|c| c.info.clone()).collect(),
///     duration_s: 60.0,
///     start: None,
///     gaps: vec![],
/// };
/// let mut builder = OverviewBuilder::new(&header, OverviewParams::default())?;
/// for second in 0..60 {
///     let samples = builder.picks().iter().map(|&i| recording.channels[i].samples[second * 250..][..250].to_vec());
///     let block = Block { tmin_s: second as f64, samples: samples.collect() };
///     builder.push(&block)?;
/// }
/// let overview = builder.finish(recording.annotations)?;
/// assert_eq!(overview.preparation.bads, ["T8"]);
/// # Ok::<(), clx_eeg::EegError>(())
/// ```
#[derive(Debug)]
pub struct OverviewBuilder {
    params: OverviewParams,
    /// The recording has no channel, as the hypnogram of a night kept in a file of its own.
    annotations_only: bool,
    picks: Vec<usize>,
    channels: Vec<ChannelState>,
    groups: Vec<Group>,
    gaps: Vec<Gap>,
    window_s: f64,
    strip_s: f64,
    findings: Vec<Finding>,
    filtered: Vec<f32>,
}

/// EEG channels of one rate.
#[derive(Debug)]
struct Group {
    rate: SampleRate,
    filter: OverlapSave,
    /// Picks in this group.
    members: Vec<usize>,
}

#[derive(Debug)]
struct ChannelState {
    info: ChannelInfo,
    counts: Counts,
    eeg: Option<EegState>,
}

/// The filtered stream of one EEG channel.
#[derive(Debug)]
struct EegState {
    group: usize,
    member: usize,
    welch: Option<Welch>,
    /// Spectrum before the filter, for line noise and muscle.
    raw: Option<Welch>,
    /// Index of the next sample to come.
    n_in: u64,
    /// Index of the next filtered sample.
    n_out: u64,
    /// Sample indices of the gaps still ahead, last first.
    gaps: Vec<u64>,
    missing_run: u64,
    /// Longest run of missing samples that is bridged.
    bridge: u64,
    last: f32,
    n_breaks: usize,
}

/// What the stream left behind of one channel.
pub(crate) struct Measured {
    pub(crate) info: ChannelInfo,
    pub(crate) counts: Counts,
    pub(crate) is_eeg: bool,
    pub(crate) psd: Option<Psd>,
    pub(crate) raw: Option<Psd>,
    /// Interruptions of the stream (gaps, long runs of missing samples).
    pub(crate) n_breaks: usize,
}

/// What the stream left behind of all channels.
pub(crate) struct Measurements {
    pub(crate) params: OverviewParams,
    pub(crate) channels: Vec<Measured>,
    pub(crate) gaps: Vec<Gap>,
    pub(crate) window_s: f64,
    pub(crate) strip_s: f64,
    pub(crate) findings: Vec<Finding>,
}

impl OverviewBuilder {
    /// Picks the EEG, EOG, ECG and EMG channels in volts and prepares filters for the EEG ones.
    ///
    /// # Errors
    /// [`EegError::Line`] for a mains frequency outside 10 to 400 Hz, [`EegError::Signal`] where a
    /// filter cannot be designed.
    pub fn new(header: &RecordingHeader, params: OverviewParams) -> Result<Self, EegError> {
        let params = params.check()?;
        let mut findings = Vec::new();
        let picks = pick_channels(&header.channels, &mut findings);
        let duration_s = longest(&header.channels);
        let strip_s = (duration_s / MAX_STRETCHES as f64).ceil().max(1.0);
        let window_s = window_for(longest_stretch(duration_s, &header.gaps));
        let mut builder = Self {
            params,
            annotations_only: header.channels.is_empty(),
            channels: Vec::new(),
            groups: Vec::new(),
            gaps: header.gaps.clone(),
            window_s,
            strip_s,
            findings,
            filtered: Vec::new(),
            picks: Vec::new(),
        };
        for &pick in &picks {
            builder.add_channel(&header.channels[pick])?;
        }
        for group in &mut builder.groups {
            let design = design(group.rate, params)?;
            group.filter = OverlapSave::new(&design, group.members.len(), Edge::Reflect);
        }
        builder.picks = picks;
        Ok(builder)
    }

    fn add_channel(&mut self, info: &ChannelInfo) -> Result<(), EegError> {
        let counts = Counts::new(info.rate.hz(), self.strip_s);
        let is_eeg = info.kind == ChannelKind::Eeg;
        let fast_enough = info.rate.hz() >= MIN_RATE_HZ;
        if is_eeg && !fast_enough {
            let text = format!(
                "{} has {} Hz, too slow for a spectrum of EEG (needs {MIN_RATE_HZ} Hz)",
                info.name,
                info.rate.hz()
            );
            let finding = Finding::new("channel.rate", Severity::Warning, text);
            self.findings.push(finding.on_channel(&info.name));
        }
        let eeg = if is_eeg && fast_enough { Some(self.eeg_state(info)?) } else { None };
        self.channels.push(ChannelState { info: info.clone(), counts, eeg });
        Ok(())
    }

    fn eeg_state(&mut self, info: &ChannelInfo) -> Result<EegState, EegError> {
        let rate = info.rate;
        let found = self.groups.iter().position(|g| g.rate == rate);
        let group = match found {
            Some(group) => group,
            None => {
                // The filter is put in once the number of channels is known.
                let identity = fir::design_bandpass(rate, None, None)?;
                let filter = OverlapSave::new(&identity, 0, Edge::Reflect);
                self.groups.push(Group { rate, filter, members: Vec::new() });
                self.groups.len() - 1
            }
        };
        let same = self.groups[group].members.first().and_then(|&i| self.channels[i].eeg.as_ref());
        let (welch, raw) = match same {
            Some(first) => {
                (first.welch.as_ref().map(Welch::fresh), first.raw.as_ref().map(Welch::fresh))
            }
            None if self.window_s > 0.0 => {
                (Some(main_welch(rate, self.window_s)?), Some(raw_welch(rate)?))
            }
            None => (None, None),
        };
        let mut gaps: Vec<u64> =
            self.gaps.iter().map(|g| rate.samples(g.at_s) as u64).filter(|&at| at > 0).collect();
        gaps.sort_unstable_by(|a, b| b.cmp(a));
        let member = self.groups[group].members.len();
        self.groups[group].members.push(self.channels.len());
        Ok(EegState {
            group,
            member,
            welch,
            raw,
            n_in: 0,
            n_out: 0,
            gaps,
            missing_run: 0,
            bridge: rate.samples(BRIDGE_S) as u64,
            last: 0.0,
            n_breaks: 0,
        })
    }

    /// Indices into the header's channels that [`push`](Self::push) expects, in this order.
    pub fn picks(&self) -> &[usize] {
        &self.picks
    }

    /// Takes the next stretch of the picked channels.
    ///
    /// # Errors
    /// [`EegError::Picks`] if the block has another number of channels; [`EegError::Ragged`] if an
    /// average reference is asked for and channels of one rate differ in length.
    pub fn push(&mut self, block: &Block) -> Result<(), EegError> {
        if block.samples.len() != self.picks.len() {
            return Err(EegError::Picks { expected: self.picks.len(), got: block.samples.len() });
        }
        let means = match self.params.reference {
            Reference::AsRecorded => vec![Vec::new(); self.groups.len()],
            Reference::Average => {
                self.groups.iter().map(|g| mean_of(g, block)).collect::<Result<_, _>>()?
            }
        };
        let mut referenced = Vec::new();
        for (channel, samples) in self.channels.iter_mut().zip(&block.samples) {
            channel.counts.push_raw(samples);
            let Some(eeg) = &mut channel.eeg else { continue };
            let group = &mut self.groups[eeg.group];
            let mean = &means[eeg.group];
            let samples = if mean.is_empty() {
                samples
            } else {
                referenced.clear();
                referenced.extend(samples.iter().zip(mean).map(|(x, m)| x - m));
                &referenced
            };
            eeg.push(samples, &mut group.filter, &mut channel.counts, &mut self.filtered);
        }
        Ok(())
    }

    /// Ends the stream and computes the result.
    ///
    /// # Errors
    /// [`EegError::NoSample`] if channels were picked and no sample was pushed,
    /// [`EegError::NoChannel`] for a recording with neither channels nor annotations.
    pub fn finish(mut self, annotations: Vec<Annotation>) -> Result<EegOverview, EegError> {
        if !self.channels.is_empty() && self.channels.iter().all(|c| c.counts.n() == 0) {
            return Err(EegError::NoSample);
        }
        if self.annotations_only {
            return annotations_only(self, annotations);
        }
        let mut measured = Vec::with_capacity(self.channels.len());
        for mut channel in self.channels {
            let is_eeg = channel.info.kind == ChannelKind::Eeg;
            let mut result = Measured {
                info: channel.info,
                is_eeg,
                psd: None,
                raw: None,
                n_breaks: 0,
                counts: channel.counts.clone(),
            };
            if let Some(eeg) = &mut channel.eeg {
                let filter = &mut self.groups[eeg.group].filter;
                eeg.interrupt(filter, &mut channel.counts, &mut self.filtered);
                result.counts = channel.counts;
                result.n_breaks = eeg.n_breaks - 1;
                // An error means that not one segment was filled, which the summary reports.
                result.psd = eeg.welch.take().and_then(|w| w.finish().ok());
                result.raw = eeg.raw.take().and_then(|w| w.finish().ok());
            }
            measured.push(result);
        }
        Ok(summary::summarise(
            Measurements {
                params: self.params,
                channels: measured,
                gaps: self.gaps,
                window_s: self.window_s,
                strip_s: self.strip_s,
                findings: self.findings,
            },
            annotations,
        ))
    }
}

/// The overview of a recording that holds annotations and no signal.
fn annotations_only(
    builder: OverviewBuilder,
    annotations: Vec<Annotation>,
) -> Result<EegOverview, EegError> {
    let end = |a: &Annotation| a.onset_s + a.duration_s.unwrap_or(0.0);
    let Some(duration_s) = annotations.iter().map(end).reduce(f64::max) else {
        return Err(EegError::NoChannel);
    };
    let finding = Finding::new(
        "recording.annotations_only",
        Severity::Info,
        format!("the recording has {} annotations and no channel", annotations.len()),
    );
    let mut overview = summary::summarise(
        Measurements {
            params: builder.params,
            channels: Vec::new(),
            gaps: builder.gaps,
            window_s: builder.window_s,
            strip_s: builder.strip_s,
            findings: Vec::new(),
        },
        annotations,
    );
    // What is missing without a channel goes without saying.
    overview.findings = vec![finding];
    overview.duration_s = duration_s.max(0.0);
    Ok(overview)
}

impl EegState {
    fn push(
        &mut self,
        mut samples: &[f32],
        filter: &mut OverlapSave,
        counts: &mut Counts,
        out: &mut Vec<f32>,
    ) {
        let end = self.n_in + samples.len() as u64;
        while let Some(gap) = self.gaps.pop_if(|gap| *gap <= end) {
            let (before, after) = samples.split_at(gap.saturating_sub(self.n_in) as usize);
            self.push_contiguous(before, filter, counts, out);
            self.interrupt(filter, counts, out);
            samples = after;
        }
        self.push_contiguous(samples, filter, counts, out);
    }

    fn push_contiguous(
        &mut self,
        samples: &[f32],
        filter: &mut OverlapSave,
        counts: &mut Counts,
        out: &mut Vec<f32>,
    ) {
        let start = self.n_in;
        self.n_in += samples.len() as u64;
        if self.missing_run == 0 && samples.iter().all(|x| x.is_finite()) {
            self.filter(samples, filter, counts, out);
            return;
        }
        let mut bridged = Vec::with_capacity(samples.len());
        for (i, &x) in samples.iter().enumerate() {
            if x.is_finite() {
                if self.missing_run > self.bridge {
                    // The filter starts anew after the hole.
                    self.n_out = start + i as u64;
                }
                self.missing_run = 0;
                self.last = x;
                bridged.push(x);
                continue;
            }
            self.missing_run += 1;
            if self.missing_run <= self.bridge {
                bridged.push(self.last);
            } else if self.missing_run == self.bridge + 1 {
                self.filter(&std::mem::take(&mut bridged), filter, counts, out);
                self.interrupt(filter, counts, out);
            }
        }
        self.filter(&bridged, filter, counts, out);
    }

    fn filter(
        &mut self,
        samples: &[f32],
        filter: &mut OverlapSave,
        counts: &mut Counts,
        out: &mut Vec<f32>,
    ) {
        let Some(&last) = samples.last() else { return };
        self.last = last;
        out.clear();
        filter.push(self.member, samples, out);
        if let Some(raw) = &mut self.raw {
            raw.push(samples);
        }
        self.take_filtered(counts, out);
    }

    fn take_filtered(&mut self, counts: &mut Counts, out: &[f32]) {
        counts.push_filtered(self.n_out, out);
        self.n_out += out.len() as u64;
        if let Some(welch) = &mut self.welch {
            welch.push(out);
        }
    }

    /// Lets the filter and the spectra end here and start anew with the next sample.
    fn interrupt(&mut self, filter: &mut OverlapSave, counts: &mut Counts, out: &mut Vec<f32>) {
        out.clear();
        filter.finish(self.member, out);
        self.take_filtered(counts, out);
        for welch in [&mut self.welch, &mut self.raw].into_iter().flatten() {
            welch.interrupt();
        }
        self.n_breaks += 1;
    }
}

fn pick_channels(channels: &[ChannelInfo], findings: &mut Vec<Finding>) -> Vec<usize> {
    let mut picks = Vec::new();
    let mut others = Vec::new();
    for (i, c) in channels.iter().enumerate() {
        match c.kind {
            ChannelKind::Eeg | ChannelKind::Eog | ChannelKind::Ecg | ChannelKind::Emg => {
                if c.unit == Unit::Volt {
                    picks.push(i);
                    continue;
                }
                let text = format!("{} is not in volts and was left out", c.name);
                let finding = Finding::new("channel.unit", Severity::Warning, text);
                findings.push(finding.on_channel(&c.name));
            }
            ChannelKind::Resp | ChannelKind::Stim | ChannelKind::Misc => others.push(&*c.name),
        }
    }
    if !others.is_empty() {
        let shown = others.iter().take(6).copied().collect::<Vec<_>>().join(", ");
        let more = if others.len() > 6 { ", …" } else { "" };
        let text =
            format!("{} channel(s) of other kinds were not analysed: {shown}{more}", others.len());
        findings.push(Finding::new("recording.other_channels", Severity::Info, text));
    }
    picks
}

fn longest(channels: &[ChannelInfo]) -> f64 {
    channels.iter().map(|c| c.n_samples as f64 / c.rate.hz()).fold(0.0, f64::max)
}

/// The longest stretch between gaps, seconds.
fn longest_stretch(duration_s: f64, gaps: &[Gap]) -> f64 {
    let mut edges: Vec<f64> =
        gaps.iter().map(|g| g.at_s).filter(|t| (0.0..duration_s).contains(t)).collect();
    edges.extend([0.0, duration_s]);
    edges.sort_by(f64::total_cmp);
    edges.windows(2).map(|w| w[1] - w[0]).fold(0.0, f64::max)
}

/// Segment length for a stretch; 0 where it is too short for any.
fn window_for(stretch_s: f64) -> f64 {
    match stretch_s {
        s if s >= 2.0 * WINDOW_S => WINDOW_S,
        s if s >= SHORT_WINDOW_S => SHORT_WINDOW_S,
        _ => 0.0,
    }
}

fn main_welch(rate: SampleRate, window_s: f64) -> Result<Welch, EegError> {
    Ok(Welch::new(
        rate,
        WelchParams {
            window_s,
            overlap: OVERLAP,
            max_blocks: MAX_BLOCKS,
            fmax_hz: Some(PSD_FMAX_HZ),
            ..WelchParams::default()
        },
    )?)
}

/// Bins of 0.5 Hz without overlap: half the work, and enough for line noise and muscle.
fn raw_welch(rate: SampleRate) -> Result<Welch, EegError> {
    let params = WelchParams { window_s: SHORT_WINDOW_S, overlap: 0.0, ..WelchParams::default() };
    Ok(Welch::new(rate, params)?)
}

fn design(rate: SampleRate, params: OverviewParams) -> Result<fir::Fir, EegError> {
    // Below 2 Hz of room the low-pass would be seconds long; the recorder's own must do then.
    let lowpass = (rate.nyquist_hz() - LOWPASS_HZ >= 2.0).then_some(LOWPASS_HZ);
    let bandpass = fir::design_bandpass(rate, Some(HIGHPASS_HZ), lowpass)?;
    let mut notches = params.notch_hz();
    notches.retain(|f| f + 2.0 < rate.nyquist_hz());
    if notches.is_empty() {
        return Ok(bandpass);
    }
    Ok(bandpass.fuse(&fir::design_notch(rate, &notches)?)?)
}

/// Mean of the group's channels, sample by sample, over those that are finite.
fn mean_of(group: &Group, block: &Block) -> Result<Vec<f32>, EegError> {
    let first = group.members.first().map_or(0, |&i| block.samples[i].len());
    let mut sum = vec![0.0_f64; first];
    let mut count = vec![0_u32; first];
    for x in group.members.iter().map(|&i| &block.samples[i]) {
        if x.len() != first {
            return Err(EegError::Ragged { left: first, right: x.len() });
        }
        for ((s, n), &v) in sum.iter_mut().zip(&mut count).zip(x) {
            if v.is_finite() {
                *s += f64::from(v);
                *n += 1;
            }
        }
    }
    Ok(sum.iter().zip(&count).map(|(s, &n)| (s / f64::from(n.max(1))) as f32).collect())
}
