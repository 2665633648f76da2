use std::collections::VecDeque;

use clx_signal::{Annotation, ChannelInfo, Epochs, Gap, SampleRate, SignalError};

use super::events::matches;
use super::{DropReason, EegError, EpochFate, EpochParams, EpochSet, Event, find_events, judge};

/// Cuts epochs from a recording that streams by in blocks of any size.
///
/// Memory holds the epochs that are kept and those being filled, never the recording; the result does
/// not depend on the block sizes.
///
/// ```
/// use clx_eeg::epochs::{EpochBuilder, EpochParams};
/// use clx_signal::{synth, Annotation};
/// let (recording, _) = synth::eeg_sample(1);
/// let channels: Vec<_> = recording.channels.iter().map(|c| c.info.clone()).collect();
/// let tone = Annotation { onset_s: 5.0, duration_s: None, text: "tone".into(), channel: None };
/// let mut builder = EpochBuilder::new(&channels, &[tone], &[], &EpochParams::default())?;
/// for second in 0..60 {
///     let block: Vec<_> = recording.channels.iter().map(|c| c.samples[second * 250..][..250].to_vec()).collect();
///     builder.push(&block)?;
/// }
/// assert_eq!(builder.finish()?.epochs.len(), 1);
/// # Ok::<(), clx_eeg::EegError>(())
/// ```
#[derive(Debug)]
pub struct EpochBuilder {
    params: EpochParams,
    rate: SampleRate,
    channels: Vec<ChannelInfo>,
    /// Samples of an epoch before decimation.
    full_len: usize,
    /// Place in the epoch of the first sample that is kept.
    first_kept: usize,
    baseline: Option<(usize, usize)>,
    log: Vec<EpochFate>,
    /// Epochs still to be cut, by first sample: index into `log`, first sample.
    ahead: VecDeque<(usize, u64)>,
    open: VecDeque<Open>,
    /// Index of the next sample to come.
    n_in: u64,
    kept: Vec<f32>,
    events: Vec<Event>,
}

/// An epoch being filled.
#[derive(Debug)]
struct Open {
    event: usize,
    filled: usize,
    /// `n_channels × full_len`.
    samples: Vec<f32>,
}

impl EpochBuilder {
    /// Finds the events and drops those whose epochs cannot be whole.
    ///
    /// `channels`: those that will be pushed, in order.
    ///
    /// # Errors
    /// [`EegError::NoChannel`]; [`EegError::Signal`] for parameters out of range or channels of different
    /// rates.
    pub fn new(
        channels: &[ChannelInfo],
        annotations: &[Annotation],
        gaps: &[Gap],
        params: &EpochParams,
    ) -> Result<Self, EegError> {
        params.check()?;
        let rate = channels.first().ok_or(EegError::NoChannel)?.rate;
        if let Some(other) = channels.iter().find(|c| c.rate != rate) {
            let hz = |r: SampleRate| format!("{} Hz", r.hz());
            return Err(SignalError::Mismatch {
                what: "rate",
                left: hz(rate),
                right: hz(other.rate),
            }
            .into());
        }
        let (first, last) = params.span(rate);
        let n = params.decimation as i64;
        // The samples inside the baseline, as MNE; the margin is for times that are meant to be on
        // a sample.
        let from = |s: f64| (s * rate.hz() - 1e-6).ceil() as i64 - first;
        let to = |s: f64| (s * rate.hz() + 1e-6).floor() as i64 - first;
        let baseline = params.baseline.map(|b| {
            let from = b.tmin_s.map_or(0, from).max(0);
            (from as usize, b.tmax_s.map_or(last - first, to) as usize + 1)
        });
        let mut builder = Self {
            params: params.clone(),
            rate,
            channels: channels.to_vec(),
            full_len: (last - first + 1) as usize,
            first_kept: (-first).rem_euclid(n) as usize,
            baseline,
            log: Vec::new(),
            ahead: VecDeque::new(),
            open: VecDeque::new(),
            n_in: 0,
            kept: Vec::new(),
            events: Vec::new(),
        };
        if builder.first_kept >= builder.full_len {
            return Err(super::refuse("decimation", "small enough to keep a sample", n));
        }
        builder.plan(find_events(annotations, rate, &params.events)?, annotations, gaps);
        Ok(builder)
    }

    /// Decides for each event what can be decided before the samples come.
    fn plan(&mut self, events: Vec<Event>, annotations: &[Annotation], gaps: &[Gap]) {
        let offset = self.params.span(self.rate).0;
        let cuts = self.cuts(annotations, gaps);
        let bad = self.bad_spans(annotations);
        let mut previous = None;
        for event in events {
            let mut dropped = Vec::new();
            let start = event.sample as i64 + offset;
            if previous == Some(event.sample) {
                dropped.push(DropReason::Duplicate);
            } else if start < 0 {
                dropped.push(DropReason::Outside);
            } else {
                let end = start as f64 + self.full_len as f64;
                // A cut at c lies between the samples c - 1 and c.
                let inside = |&&c: &&f64| c > start as f64 && c < end;
                let cut = cuts.iter().find(inside);
                dropped.extend(cut.map(|c| DropReason::Gap { at_s: c / self.rate.hz() }));
                let overlaps = |b: &&(f64, f64, String)| b.0 < end && b.1 > start as f64;
                let text = bad.iter().find(overlaps).map(|b| b.2.clone());
                dropped.extend(text.map(|text| DropReason::Annotated { text }));
            }
            previous = Some(event.sample);
            if dropped.is_empty() {
                self.ahead.push_back((self.log.len(), start as u64));
            }
            self.log.push(EpochFate { event, dropped });
        }
    }

    /// Samples before which the recording was interrupted.
    fn cuts(&self, annotations: &[Annotation], gaps: &[Gap]) -> Vec<f64> {
        let is_cut = |text: &str| self.params.boundaries.iter().any(|p| matches(p, text));
        let cuts = annotations.iter().filter(|a| is_cut(&a.text)).map(|a| a.onset_s);
        // EEGLAB puts boundaries half a sample before the first sample that follows.
        cuts.chain(gaps.iter().map(|g| g.at_s))
            .map(|s| (s * self.rate.hz() - 1e-6).ceil())
            .collect()
    }

    /// First sample, end and text of the annotations that spoil epochs.
    fn bad_spans(&self, annotations: &[Annotation]) -> Vec<(f64, f64, String)> {
        let is_bad = |text: &str| text.get(..3).is_some_and(|t| t.eq_ignore_ascii_case("bad"));
        annotations
            .iter()
            .filter(|a| self.params.drop_annotated && is_bad(&a.text))
            .map(|a| {
                let end_s = a.onset_s + a.duration_s.unwrap_or(0.0);
                (a.onset_s * self.rate.hz(), end_s * self.rate.hz(), a.text.clone())
            })
            .collect()
    }

    /// Takes the next samples: one slice per channel, equally long.
    ///
    /// # Errors
    /// [`EegError::Picks`] for another number of channels, [`EegError::Ragged`] for unequal lengths.
    pub fn push(&mut self, samples: &[Vec<f32>]) -> Result<(), EegError> {
        if samples.len() != self.channels.len() {
            return Err(EegError::Picks { expected: self.channels.len(), got: samples.len() });
        }
        let n = samples[0].len();
        if let Some(other) = samples.iter().find(|s| s.len() != n) {
            return Err(EegError::Ragged { left: n, right: other.len() });
        }
        let end = self.n_in + n as u64;
        while let Some(&(event, start)) = self.ahead.front().filter(|e| e.1 < end) {
            self.ahead.pop_front();
            let samples = vec![0.0; self.full_len * self.channels.len()];
            self.open.push_back(Open { event, filled: 0, samples });
            debug_assert!(start >= self.n_in);
        }
        let offset = self.params.span(self.rate).0;
        for open in &mut self.open {
            let next = self.log[open.event].event.sample.saturating_add_signed(offset)
                + open.filled as u64;
            let from = (next - self.n_in) as usize;
            let take = (n - from).min(self.full_len - open.filled);
            for (channel, x) in samples.iter().enumerate() {
                let to = channel * self.full_len + open.filled;
                open.samples[to..to + take].copy_from_slice(&x[from..from + take]);
            }
            open.filled += take;
        }
        self.n_in = end;
        while self.open.front().is_some_and(|o| o.filled == self.full_len) {
            if let Some(open) = self.open.pop_front() {
                self.close(open);
            }
        }
        Ok(())
    }

    /// Corrects, decimates and judges a full epoch.
    fn close(&mut self, open: Open) {
        let start = self.kept.len();
        for x in open.samples.chunks_exact(self.full_len) {
            let level = self.baseline.map_or(0.0, |(from, to)| {
                x[from..to].iter().copied().map(f64::from).sum::<f64>() / (to - from) as f64
            });
            let kept = x.iter().skip(self.first_kept).step_by(self.params.decimation);
            self.kept.extend(kept.map(|&v| (f64::from(v) - level) as f32));
        }
        let n_samples = (self.kept.len() - start) / self.channels.len();
        let reasons = judge(&self.kept[start..], n_samples, &self.channels, &self.params);
        if reasons.is_empty() {
            self.events.push(self.log[open.event].event.clone());
        } else {
            self.kept.truncate(start);
            self.log[open.event].dropped = reasons;
        }
    }

    /// Drops the epochs that the recording did not fill and returns the others.
    ///
    /// # Errors
    /// None that [`EpochBuilder::new`] has not met already.
    pub fn finish(mut self) -> Result<EpochSet, EegError> {
        let unfilled = self.ahead.iter().map(|a| a.0).chain(self.open.iter().map(|o| o.event));
        for event in unfilled {
            self.log[event].dropped.push(DropReason::Outside);
        }
        let n = self.params.decimation;
        let rate = SampleRate::from_hz(self.rate.hz() / n as f64)?;
        let n_samples = (self.full_len - self.first_kept).div_ceil(n);
        let first = self.params.span(self.rate).0 + self.first_kept as i64;
        let tmin_s = first as f64 / self.rate.hz();
        let epochs = Epochs::from_samples(rate, tmin_s, self.channels.len(), n_samples, self.kept)?;
        Ok(EpochSet { epochs, channels: self.channels, events: self.events, log: self.log })
    }
}
