use clx_eeg::asr::AsrParams;
use clx_signal::{Band, SampleRate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::LiveError;

/// Most channels of a chain.
pub(crate) const MAX_CHANNELS: usize = 1024;
/// Most samples in the windows of a chain, all channels together: 256 MiB.
const MAX_WINDOW_SAMPLES: usize = 1 << 26;
const MAX_BANDS: usize = 32;
const MAX_NOTCHES: usize = 16;

/// What a [`Chain`](crate::Chain) does. Deserialized settings are checked by `Chain::new`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ChainParams {
    pub filter: FilterKind,
    /// Lower edge of the pass band, Hz; absent for none.
    pub highpass_hz: Option<f64>,
    /// Upper edge of the pass band, Hz; absent for none.
    pub lowpass_hz: Option<f64>,
    /// Frequencies to take out, Hz, such as 50 and 100; at most 16.
    pub notch_hz: Vec<f64>,
    /// Taking out of short artifacts; absent for none.
    pub asr: Option<AsrStage>,
    pub reference: ReferenceStage,
    /// Length of the signal that each set of features looks at, seconds; at most 60.
    pub window_s: f64,
    /// Length of a Welch segment within it, seconds; half of one overlaps the next.
    pub segment_s: f64,
    /// Time from one set of features to the next, seconds.
    pub hop_s: f64,
    /// Bands whose power is measured; at most 32.
    pub bands: Vec<BandEdges>,
    pub quality: QualityParams,
}

/// How the pass band and the notches are filtered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FilterKind {
    /// Butterworth of order 4 (pass band) and second-order notches: least delay, which depends on
    /// the frequency.
    Iir,
    /// Windowed sinc of MNE's lengths, delayed by half its length: keeps the shape of waves, seconds
    /// late for a high-pass of 1 Hz.
    FirLinearPhase,
    /// The same gain with the least delay that it allows.
    FirMinimumPhase,
}

/// What voltages are measured against.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReferenceStage {
    /// As recorded.
    Recorded,
    /// The mean of all channels.
    Average,
    /// The mean of these channels, counted from 0.
    Channels(Vec<usize>),
}

/// Artifact subspace reconstruction within the chain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AsrStage {
    pub params: AsrParams,
    /// Seconds at the start of the stream that show what is normal, 5 to 300; until then nothing is
    /// taken out. Not used with a calibration made before.
    pub calibration_s: f64,
}

/// A band by its name and edges, `fmin_hz <= f < fmax_hz`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BandEdges {
    pub name: String,
    pub fmin_hz: f64,
    pub fmax_hz: f64,
}

/// When a channel is called poor or unusable.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct QualityParams {
    /// More than this from the lowest to the highest cleaned sample of the window is poor, µV.
    pub max_peak_to_peak_uv: f64,
    /// More missing samples than this share of the window are poor, half of it unusable.
    pub max_missing_share: f64,
    /// A run of equal samples this long is a flat line, seconds.
    pub flat_s: f64,
}

impl Default for ChainParams {
    fn default() -> Self {
        let band = |b: &Band| BandEdges {
            name: b.name.to_owned(),
            fmin_hz: b.fmin_hz,
            fmax_hz: b.fmax_hz,
        };
        Self {
            filter: FilterKind::Iir,
            highpass_hz: Some(1.0),
            lowpass_hz: Some(40.0),
            notch_hz: Vec::new(),
            asr: None,
            reference: ReferenceStage::Recorded,
            window_s: 2.0,
            segment_s: 1.0,
            hop_s: 0.25,
            bands: Band::OVERVIEW.iter().map(band).collect(),
            quality: QualityParams::default(),
        }
    }
}

impl Default for AsrStage {
    fn default() -> Self {
        Self { params: AsrParams::default(), calibration_s: 60.0 }
    }
}

impl Default for QualityParams {
    fn default() -> Self {
        // The 200 µV are the customary limit of epoch rejection; a flat line of half a second is
        // that of the overview's quality.
        Self { max_peak_to_peak_uv: 200.0, max_missing_share: 0.1, flat_s: 0.5 }
    }
}

impl ReferenceStage {
    /// Channels of the mean to subtract; `None` for no reference.
    pub(crate) fn members(&self, n_channels: usize) -> Option<Vec<usize>> {
        match self {
            Self::Recorded => None,
            Self::Average => Some((0..n_channels).collect()),
            Self::Channels(members) => Some(members.clone()),
        }
    }
}

impl ChainParams {
    /// Whether the settings fit each other, the rate and the number of channels. Edges of the filters
    /// are checked by their design.
    ///
    /// # Errors
    /// [`LiveError::Parameter`] naming the first that does not.
    pub fn check(&self, rate: SampleRate, n_channels: usize) -> Result<(), LiveError> {
        let refuse =
            |name, expected, got: String| Err(LiveError::Parameter { name, expected, got });
        if !(1..=MAX_CHANNELS).contains(&n_channels) {
            return refuse("n_channels", "from 1 to 1024", n_channels.to_string());
        }
        let per_channel = rate.hz() * (self.window_s + self.calibration_s());
        if !(0.0..=MAX_WINDOW_SAMPLES as f64).contains(&(per_channel * n_channels as f64)) {
            let got = format!("{per_channel:.0} samples of {n_channels} channels");
            return refuse("window_s", "short enough for 2^26 samples in all", got);
        }
        let one_sample = 1.0 / rate.hz();
        if !(self.window_s <= 60.0 && self.segment_s <= self.window_s) {
            let got = format!("{} and {} s", self.window_s, self.segment_s);
            return refuse("window_s", "up to 60 s and no shorter than segment_s", got);
        }
        if !(8.0 * one_sample..=60.0).contains(&self.segment_s) {
            return refuse("segment_s", "at least 8 samples", self.segment_s.to_string());
        }
        if !(one_sample..=60.0).contains(&self.hop_s) {
            return refuse("hop_s", "from one sample to 60 s", self.hop_s.to_string());
        }
        if self.notch_hz.len() > MAX_NOTCHES {
            return refuse("notch_hz", "at most 16 frequencies", self.notch_hz.len().to_string());
        }
        self.check_bands(rate)?;
        self.check_quality()?;
        if let ReferenceStage::Channels(members) = &self.reference
            && (members.is_empty()
                || members.len() > n_channels
                || members.iter().any(|&m| m >= n_channels))
        {
            let got = format!("{members:?} of {n_channels}");
            return refuse("reference", "channels of the stream, at least one", got);
        }
        if let Some(stage) = &self.asr
            && !(5.0..=300.0).contains(&stage.calibration_s)
        {
            return refuse("calibration_s", "from 5 to 300 s", stage.calibration_s.to_string());
        }
        Ok(())
    }

    fn check_bands(&self, rate: SampleRate) -> Result<(), LiveError> {
        let fits = |b: &BandEdges| {
            0.0 <= b.fmin_hz
                && b.fmin_hz < b.fmax_hz
                && b.fmax_hz <= rate.nyquist_hz()
                && (1..=64).contains(&b.name.len())
        };
        match self.bands.iter().find(|b| !fits(b)) {
            Some(band) => Err(LiveError::Parameter {
                name: "bands",
                expected: "named, with 0 <= fmin_hz < fmax_hz <= half the rate",
                got: format!("{}..{} Hz at {} Hz", band.fmin_hz, band.fmax_hz, rate.hz()),
            }),
            None if self.bands.len() > MAX_BANDS => Err(LiveError::Parameter {
                name: "bands",
                expected: "at most 32",
                got: self.bands.len().to_string(),
            }),
            None => Ok(()),
        }
    }

    fn check_quality(&self) -> Result<(), LiveError> {
        let QualityParams { max_peak_to_peak_uv, max_missing_share, flat_s } = self.quality;
        let fits = max_peak_to_peak_uv > 0.0
            && (0.0..=1.0).contains(&max_missing_share)
            && flat_s > 0.0
            && flat_s <= 60.0;
        if fits {
            return Ok(());
        }
        Err(LiveError::Parameter {
            name: "quality",
            expected: "a peak to peak above 0, a share from 0 to 1, a flat line of 0 to 60 s",
            got: format!("{:?}", self.quality),
        })
    }

    fn calibration_s(&self) -> f64 {
        self.asr.as_ref().map_or(0.0, |stage| stage.calibration_s)
    }
}
