use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de};

use crate::{SampleRate, SignalError};

/// A frequency band, `fmin_hz <= f < fmax_hz`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Band {
    /// Lower-case English name, the same word in JSON, SQL and message bundles.
    pub name: &'static str,
    /// Lower edge, Hz, inclusive.
    pub fmin_hz: f64,
    /// Upper edge, Hz, exclusive.
    pub fmax_hz: f64,
}

// Edges follow the IFCN glossary (Kane et al. 2017, Clin. Neurophysiol. Pract. 2:170-185) for
// theta, alpha and beta. Delta starts at 1 Hz and gamma ends at 40 Hz because the overview filters
// 1-40 Hz; sigma is the AASM spindle band (11-16 Hz), narrowed to 12-16 Hz as in YASA.
impl Band {
    pub const DELTA: Band = Band { name: "delta", fmin_hz: 1.0, fmax_hz: 4.0 };
    pub const THETA: Band = Band { name: "theta", fmin_hz: 4.0, fmax_hz: 8.0 };
    pub const ALPHA: Band = Band { name: "alpha", fmin_hz: 8.0, fmax_hz: 13.0 };
    pub const SIGMA: Band = Band { name: "sigma", fmin_hz: 12.0, fmax_hz: 16.0 };
    pub const BETA: Band = Band { name: "beta", fmin_hz: 13.0, fmax_hz: 30.0 };
    pub const GAMMA: Band = Band { name: "gamma", fmin_hz: 30.0, fmax_hz: 40.0 };

    /// The five bands that tile 1-40 Hz without overlap.
    pub const OVERVIEW: [Band; 5] =
        [Band::DELTA, Band::THETA, Band::ALPHA, Band::BETA, Band::GAMMA];

    /// Whether the band fits below half of `rate`.
    ///
    /// # Errors
    /// [`SignalError::Band`] if it does not, or if the edges are not ordered.
    pub fn check(self, rate: SampleRate) -> Result<Self, SignalError> {
        let Band { fmin_hz, fmax_hz, .. } = self;
        if 0.0 <= fmin_hz && fmin_hz < fmax_hz && fmax_hz <= rate.nyquist_hz() {
            Ok(self)
        } else {
            Err(SignalError::Band { fmin_hz, fmax_hz, rate_hz: rate.hz() })
        }
    }
}

/// Reads a band back from a stored result; only the names above exist.
impl<'de> Deserialize<'de> for Band {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Stored {
            name: String,
            fmin_hz: f64,
            fmax_hz: f64,
        }
        let Stored { name, fmin_hz, fmax_hz } = Stored::deserialize(deserializer)?;
        let known = [Band::DELTA, Band::THETA, Band::ALPHA, Band::SIGMA, Band::BETA, Band::GAMMA];
        match known.iter().find(|band| band.name == name) {
            Some(band) => Ok(Band { fmin_hz, fmax_hz, ..*band }),
            None => Err(de::Error::custom(format!("no band is called {name}"))),
        }
    }
}
