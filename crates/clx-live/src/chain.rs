//! A causal chain over blocks of any size: filter, artifact subspace reconstruction, reference, then
//! figures per hop.
//!
//! The same chain runs live and over a whole file, and gives the same bits: nothing in it depends on
//! where a block ends. Everything looks only backwards, so every stage adds a delay, which
//! [`Chain::delays`] states; results are labelled with the sample number that they belong to.

use clx_eeg::EegError;
use clx_eeg::asr::{Asr, AsrCalibration, AsrReport, calibrate};
use clx_eeg::reference::subtract_mean_of;
use clx_signal::{Finding, SampleRate, Severity};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::LiveError;
use crate::ring::block_len;

mod features;
mod filter;
mod params;
mod quality;

pub use features::{BandPower, Features};
pub use params::{AsrStage, BandEdges, ChainParams, FilterKind, QualityParams, ReferenceStage};
pub use quality::{ChannelQuality, Grade, Reason};

use features::Hops;
use filter::{Filter, Hold};
use quality::RawWindow;

/// Where the delay of a [`StageDelay`] is measured: the middle of the alpha band.
const DELAY_AT_HZ: f64 = 10.0;
/// Samples that the chain works on at once. Bounds what it holds beside its windows.
const BLOCK: usize = 1024;

/// The chain of one stream. See the module's text.
///
/// ```
/// use clx_live::{Chain, ChainOutput, ChainParams};
/// use clx_signal::{SampleRate, synth};
/// let rate = SampleRate::from_hz(250.0)?;
/// let x = [synth::sine(rate, 10.0, 20e-6, 8.0), synth::sine(rate, 20.0, 20e-6, 8.0)];
/// let mut chain = Chain::new(&ChainParams::default(), rate, 2)?;
/// let mut out = ChainOutput::new(2);
/// for at in (0..2000).step_by(37) {
///     let block: Vec<Vec<f32>> = x.iter().map(|x| x[at..(at + 37).min(2000)].to_vec()).collect();
///     chain.push(&block, &mut out)?;
/// }
/// chain.finish(&mut out)?;
/// assert_eq!(out.samples[0].len(), 2000);
/// let alpha = &out.features.last().unwrap().bands[2];
/// assert_eq!(alpha.name, "alpha");
/// assert!(alpha.power_uv2[0] > 100.0 * alpha.power_uv2[1]);
/// # Ok::<(), clx_live::LiveError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Chain {
    params: ChainParams,
    rate: SampleRate,
    n_channels: usize,
    hold: Hold,
    filter: Filter,
    asr: AsrState,
    reference: Option<Vec<usize>>,
    raw: RawWindow,
    hops: Hops,
    n_in: u64,
    n_missing: u64,
    findings: Vec<Finding>,
}

#[derive(Clone, Debug)]
enum AsrState {
    Off,
    /// Filtered samples are gathered until there are `needed`.
    Gathering {
        stage: AsrStage,
        needed: usize,
        gathered: Vec<Vec<f32>>,
    },
    Running(Box<Asr>),
}

/// What comes out of a chain; the caller owns it and takes from it what it has used.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ChainOutput {
    /// Cleaned samples in volts, `n_channels × n_samples`; with ASR fewer than went in, until
    /// [`Chain::finish`].
    pub samples: Vec<Vec<f32>>,
    pub features: Vec<Features>,
}

impl ChainOutput {
    pub fn new(n_channels: usize) -> Self {
        Self { samples: vec![Vec::new(); n_channels], features: Vec::new() }
    }

    pub fn clear(&mut self) {
        self.samples.iter_mut().for_each(Vec::clear);
        self.features.clear();
    }
}

/// How much later a stage makes what goes through it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StageDelay {
    pub stage: String,
    /// Seconds: of a filter the group delay at 10 Hz, or in the middle of a pass band that does not
    /// hold it; of ASR the longest time it keeps a sample; of features half the window.
    pub delay_s: f64,
}

/// What a chain says at its end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ChainReport {
    /// Always `causal`: the filters shift phases, unlike the zero-phase ones of the offline analyses.
    pub filtering: String,
    pub n_samples: u64,
    /// Samples, all channels together, that were missing or not finite; each was taken for the one
    /// before it.
    pub n_held: u64,
    /// Samples per channel that [`Chain::push_missing`] stood in for.
    pub n_missing: u64,
    pub delays: Vec<StageDelay>,
    pub asr: Option<AsrReport>,
    pub findings: Vec<Finding>,
}

impl Chain {
    /// # Errors
    /// [`LiveError::Parameter`] for settings out of their bounds, or that do not fit the rate or the
    /// number of channels; the errors of the filter's design.
    pub fn new(
        params: &ChainParams,
        rate: SampleRate,
        n_channels: usize,
    ) -> Result<Self, LiveError> {
        params.check(rate, n_channels)?;
        let asr = params.asr.clone().map_or(AsrState::Off, |stage| AsrState::Gathering {
            needed: rate.samples(stage.calibration_s),
            gathered: vec![Vec::new(); n_channels],
            stage,
        });
        let window = rate.samples(params.window_s);
        // ASR keeps samples back, so the raw ones must be kept as long and half a window more.
        let lag = params
            .asr
            .as_ref()
            .map_or(0, |a| rate.samples(a.params.window_s).saturating_add(3 * n_channels))
            .saturating_add(BLOCK + window);
        Ok(Self {
            params: params.clone(),
            rate,
            n_channels,
            hold: Hold::new(n_channels),
            filter: Filter::design(params, rate, n_channels)?,
            asr,
            reference: params.reference.members(n_channels),
            raw: RawWindow::new(n_channels, window, lag)?,
            hops: Hops::new(params, rate, n_channels)?,
            n_in: 0,
            n_missing: 0,
            findings: Vec::new(),
        })
    }

    /// Uses a calibration made before instead of the first seconds of the stream. Give it data that
    /// went through the same filter.
    ///
    /// # Errors
    /// [`LiveError::Parameter`] if the parameters ask for no ASR, or the calibration is of another
    /// number of channels or another rate.
    pub fn with_asr(mut self, calibration: &AsrCalibration) -> Result<Self, LiveError> {
        let Some(stage) = &self.params.asr else {
            return Err(LiveError::Parameter {
                name: "asr",
                expected: "in the parameters when a calibration is given",
                got: "none".to_owned(),
            });
        };
        if calibration.n_channels() != self.n_channels || calibration.rate() != self.rate {
            return Err(LiveError::Parameter {
                name: "calibration",
                expected: "of the channels and the rate of the stream",
                got: format!("{} at {} Hz", calibration.n_channels(), calibration.rate().hz()),
            });
        }
        self.asr = AsrState::Running(Box::new(Asr::new(calibration, &stage.params)?));
        Ok(self)
    }

    /// Takes a block of all channels, volts, and appends to `out` what is ready. A sample that is not
    /// finite is taken for the one before it and counts against its channel's quality.
    ///
    /// # Errors
    /// [`LiveError::Block`] for another number of channels, in the block or `out`, or unequal
    /// lengths; nothing is taken then.
    pub fn push(&mut self, block: &[Vec<f32>], out: &mut ChainOutput) -> Result<(), LiveError> {
        let n = block_len(block, self.n_channels)?;
        if out.samples.len() != self.n_channels {
            let got = format!("an output of {}", out.samples.len());
            return Err(LiveError::Block { expected: self.n_channels, got });
        }
        let mut from = 0;
        while from < n {
            let to = n.min(from + BLOCK.min(self.until_calibrated()));
            let part: Vec<Vec<f32>> = block.iter().map(|x| x[from..to].to_vec()).collect();
            self.take(part, out)?;
            from = to;
        }
        Ok(())
    }

    /// Stands in for `n` samples that were lost on the way, so that the clock of the results stays
    /// right. Costs no more memory than a block, but the time of as many samples.
    ///
    /// # Errors
    /// As [`Chain::push`].
    pub fn push_missing(&mut self, n: u64, out: &mut ChainOutput) -> Result<(), LiveError> {
        let mut left = n;
        while left > 0 {
            let now = left.min(BLOCK as u64);
            self.push(&vec![vec![f32::NAN; now as usize]; self.n_channels], out)?;
            left -= now;
        }
        self.n_missing += n;
        Ok(())
    }

    /// Samples until the state of ASR changes, so that it changes at the same one in any block.
    fn until_calibrated(&self) -> usize {
        match &self.asr {
            AsrState::Gathering { needed, gathered, .. } => needed - gathered[0].len(),
            _ => usize::MAX,
        }
    }

    fn take(&mut self, mut part: Vec<Vec<f32>>, out: &mut ChainOutput) -> Result<(), LiveError> {
        self.n_in += part[0].len() as u64;
        self.raw.push(&part);
        self.hold.fill(&mut part);
        self.filter.process(&mut part)?;
        match &mut self.asr {
            AsrState::Off => self.put(part, out),
            AsrState::Running(asr) => {
                let mut clean = vec![Vec::new(); self.n_channels];
                asr.push(&part, &mut clean)?;
                self.put(clean, out)
            }
            AsrState::Gathering { gathered, needed, .. } => {
                gathered.iter_mut().zip(&part).for_each(|(g, x)| g.extend(x));
                let complete = gathered[0].len() == *needed;
                self.put(part, out)?;
                if complete {
                    self.start_asr()?;
                }
                Ok(())
            }
        }
    }

    /// Calibrates on what was gathered. Data without a clean part leave the stream as it is, and a
    /// finding.
    fn start_asr(&mut self) -> Result<(), LiveError> {
        let AsrState::Gathering { stage, gathered, .. } =
            std::mem::replace(&mut self.asr, AsrState::Off)
        else {
            return Ok(());
        };
        match calibrate(&gathered, self.rate, &stage.params) {
            Ok(calibration) => {
                self.asr = AsrState::Running(Box::new(Asr::new(&calibration, &stage.params)?));
            }
            Err(EegError::Signal(fault)) => {
                let message = format!("artifacts are not taken out: {fault}");
                let finding = Finding::new("asr.not_calibrated", Severity::Warning, message);
                self.findings.push(finding.between(0.0, self.rate.seconds(gathered[0].len())));
            }
            Err(fault) => return Err(fault.into()),
        }
        Ok(())
    }

    /// References clean samples, hands them out, and makes the features that they complete.
    fn put(&mut self, mut clean: Vec<Vec<f32>>, out: &mut ChainOutput) -> Result<(), LiveError> {
        if let Some(members) = &self.reference {
            subtract_mean_of(&mut clean, members)?;
        }
        self.hops.push(&clean, &self.raw, &mut out.features)?;
        out.samples.iter_mut().zip(&clean).for_each(|(o, x)| o.extend(x));
        Ok(())
    }

    /// Ends the stream: appends what ASR kept back, so that as much came out as went in.
    ///
    /// # Errors
    /// [`LiveError::Block`] for an output of another number of channels.
    pub fn finish(mut self, out: &mut ChainOutput) -> Result<ChainReport, LiveError> {
        let delays = self.delays();
        let mut report = None;
        if let AsrState::Running(asr) = std::mem::replace(&mut self.asr, AsrState::Off) {
            let mut clean = vec![Vec::new(); self.n_channels];
            report = Some(asr.finish(&mut clean)?);
            self.put(clean, out)?;
        }
        Ok(ChainReport {
            filtering: "causal".to_owned(),
            n_samples: self.n_in,
            n_held: self.hold.n_held(),
            n_missing: self.n_missing,
            delays,
            asr: report,
            findings: self.findings,
        })
    }

    /// What every stage adds to the age of a result, in the order in which they run.
    pub fn delays(&self) -> Vec<StageDelay> {
        let mut delays = self.filter.delays(&self.params, DELAY_AT_HZ);
        if let Some(stage) = &self.params.asr {
            let delay_s = match &self.asr {
                AsrState::Running(asr) => asr.latency_s(),
                _ => stage.params.window_s.max(1.5 * self.n_channels as f64 / self.rate.hz()),
            };
            delays.push(StageDelay { stage: "asr".to_owned(), delay_s });
        }
        let delay_s = self.params.window_s / 2.0;
        delays.push(StageDelay { stage: "features".to_owned(), delay_s });
        delays
    }

    pub fn rate(&self) -> SampleRate {
        self.rate
    }

    pub fn params(&self) -> &ChainParams {
        &self.params
    }
}
