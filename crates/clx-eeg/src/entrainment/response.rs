//! Steady-state response: power at the drive frequency and its harmonics over its neighbourhood.

use clx_signal::SignalError;
use clx_signal::welch::Psd;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::refused;

/// Settings of [`steady_state`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SteadyStateParams {
    /// Nearest neighbour bin that counts; the ones before may hold leakage of the response.
    #[schemars(range(min = 1, max = 1000))]
    pub near_bins: usize,
    /// Farthest neighbour bin that counts.
    #[schemars(range(min = 1, max = 1000))]
    pub far_bins: usize,
    /// Highest multiple of the drive frequency that is looked at, 1 to 20.
    #[schemars(range(min = 1, max = 20))]
    pub harmonics: usize,
}

impl Default for SteadyStateParams {
    fn default() -> Self {
        Self { near_bins: 3, far_bins: 12, harmonics: 3 }
    }
}

/// Power at one multiple of the drive frequency.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Response {
    /// 1 is the drive frequency itself.
    pub harmonic: usize,
    /// Centre of the bin that was read.
    pub bin_hz: f64,
    /// Density in that bin, V²/Hz.
    pub density_v2_per_hz: f64,
    /// Over the mean of the neighbours; 1 without a response.
    pub snr: f64,
    pub snr_db: f64,
    /// Neighbour bins in the mean.
    pub n_neighbours: usize,
}

/// Result of [`steady_state`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SteadyState {
    pub drive_hz: f64,
    pub resolution_hz: f64,
    /// The drive frequency and those of its multiples that have neighbours on both sides.
    pub responses: Vec<Response>,
    /// Mean SNR over `responses`.
    pub mean_snr: f64,
}

/// Power at `drive_hz` and its multiples over the mean of the neighbouring bins.
///
/// `psd` as of [`clx_signal::welch::Welch`], V²/Hz; its segments should hold a whole number of cycles
/// of the drive, or the response spreads over bins. Neighbours of which the mean is taken lie
/// `near_bins..=far_bins` away on both sides. `None` where the neighbourhood has no power, or a density
/// is no number.
///
/// # Errors
/// [`SignalError::Parameter`] for a drive without neighbours on both sides inside the spectrum, or
/// unusable settings.
///
/// # Source
/// Norcia et al. 2015, J. Vis. 15(6):4. The Muse recording of `tests/it/entrainment.rs` gives 4.95 at
/// 45 Hz on TP9, as NumPy does.
pub fn steady_state(
    psd: &Psd,
    drive_hz: f64,
    params: SteadyStateParams,
) -> Result<Option<SteadyState>, SignalError> {
    let SteadyStateParams { near_bins, far_bins, harmonics } = params;
    if !(1 <= near_bins && near_bins <= far_bins && (1..=20).contains(&harmonics)) {
        let got = format!("{near_bins}..={far_bins} bins, {harmonics} harmonics");
        return Err(refused("neighbours", "near to far, and 1 to 20 harmonics", got));
    }
    let resolution_hz = psd.resolution_hz();
    let fits = |hz: f64| {
        let bin = (hz / resolution_hz).round();
        (bin >= far_bins as f64 + 1.0 && bin + (far_bins as f64) < psd.density.len() as f64)
            .then_some(bin as usize)
    };
    if !(drive_hz > 0.0 && resolution_hz > 0.0) || fits(drive_hz).is_none() {
        let got = format!("{drive_hz} Hz at {resolution_hz} Hz a bin");
        return Err(refused("drive_hz", "with neighbours inside the spectrum", got));
    }
    let mut responses = Vec::new();
    for harmonic in 1..=harmonics {
        let Some(bin) = fits(harmonic as f64 * drive_hz) else { break };
        let sides = [bin - far_bins..=bin - near_bins, bin + near_bins..=bin + far_bins];
        let near: Vec<f64> = sides.into_iter().flatten().map(|k| psd.density[k]).collect();
        let floor = near.iter().sum::<f64>() / near.len() as f64;
        let density = psd.density[bin];
        if !(floor > 0.0 && floor.is_finite() && density.is_finite()) {
            return Ok(None);
        }
        let snr = density / floor;
        responses.push(Response {
            harmonic,
            bin_hz: psd.freqs_hz[bin],
            density_v2_per_hz: density,
            snr,
            snr_db: 10.0 * snr.max(f64::MIN_POSITIVE).log10(),
            n_neighbours: near.len(),
        });
    }
    let mean_snr = responses.iter().map(|r| r.snr).sum::<f64>() / responses.len() as f64;
    Ok(Some(SteadyState { drive_hz, resolution_hz, responses, mean_snr }))
}
