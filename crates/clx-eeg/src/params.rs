use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::EegError;

/// Pass band of the overview, hertz.
pub(crate) const HIGHPASS_HZ: f64 = 1.0;
pub(crate) const LOWPASS_HZ: f64 = 40.0;
/// First frequency that the low-pass removes by itself: 40 Hz and its 10 Hz transition.
pub(crate) const STOP_HZ: f64 = 50.0;

/// What the voltages are measured against.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reference {
    /// As the recorder wrote them.
    #[default]
    AsRecorded,
    /// The mean of all EEG channels of the same rate, taken off sample by sample. Bad channels are
    /// known only at the end of a stream and so are in the mean.
    Average,
}

impl Reference {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Reference::AsRecorded => "as recorded",
            Reference::Average => "average of the EEG channels",
        }
    }
}

/// Settings of the overview.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct OverviewParams {
    pub reference: Reference,
    /// Mains frequency, hertz, 10 to 400; absent: 50 or 60 Hz, whichever stands out.
    #[schemars(range(min = 10.0, max = 400.0))]
    pub line_hz: Option<f64>,
}

impl OverviewParams {
    pub(crate) fn check(self) -> Result<Self, EegError> {
        match self.line_hz {
            Some(hz) if !(10.0..=400.0).contains(&hz) => Err(EegError::Line(hz)),
            _ => Ok(self),
        }
    }

    /// Frequencies that need a notch of their own because the low-pass lets them through.
    pub(crate) fn notch_hz(self) -> Vec<f64> {
        let Some(line) = self.line_hz else { return Vec::new() };
        (1..).map(|k| f64::from(k) * line).take_while(|&f| f < STOP_HZ).collect()
    }
}
