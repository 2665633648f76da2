//! Reference electrode standardisation: the reference at infinity, by equivalent sources.

use clx_signal::SignalError;
use faer::Mat;

use crate::{EegError, SpatialFilter};

/// Singular values below this share of the largest count as zero, as MNE.
const RANK_TOLERANCE: f64 = 1e-6;

/// REST with a lead field of one's own: `sources[k][i]` is the potential of source `k` at electrode
/// `i` against infinity, any common unit. `mne.set_eeg_reference(ref_channels='REST')`.
///
/// # Errors
/// [`SignalError::Parameter`] without sources, with fewer than three electrodes, or for sources of
/// unequal length or not finite.
pub fn rest_of_lead_field(sources: &[Vec<f64>]) -> Result<SpatialFilter, EegError> {
    let n = sources.first().map_or(0, Vec::len);
    let whole = sources.iter().all(|s| s.len() == n && s.iter().all(|v| v.is_finite()));
    let refused = || {
        EegError::Signal(SignalError::Parameter {
            name: "lead field",
            expected: "finite, of three electrodes or more for every source",
            got: format!("{} sources, {n} electrodes", sources.len()),
        })
    };
    if n < 3 || !whole {
        return Err(refused());
    }
    let mean: Vec<f64> = sources.iter().map(|s| s.iter().sum::<f64>() / n as f64).collect();
    // One row per source: the transpose of the average-referenced lead field.
    let centred = Mat::from_fn(sources.len(), n, |k, i| sources[k][i] - mean[k]);
    let svd = centred.thin_svd().map_err(|_no_convergence| refused())?;
    let (u, s, v) = (svd.U(), svd.S().column_vector(), svd.V());
    // Mean over the electrodes of (lead field times pseudo-inverse), one weight per electrode.
    let mut restored = vec![0.0; n];
    for r in 0..s.nrows() {
        if s[r] > RANK_TOLERANCE * s[0] {
            let along: f64 =
                mean.iter().enumerate().map(|(k, m)| m * u[(k, r)]).sum::<f64>() / s[r];
            restored.iter_mut().enumerate().for_each(|(i, w)| *w += along * v[(i, r)]);
        }
    }
    // Input of any reference: centre the weights as well as the channels.
    let offset = restored.iter().sum::<f64>() / n as f64;
    let weights = (0..n).flat_map(|i| {
        restored.iter().enumerate().map(move |(j, w)| {
            let own = if i == j { 1.0 } else { 0.0 };
            own - 1.0 / n as f64 + w - offset
        })
    });
    SpatialFilter::from_rows(n, weights.collect())
}
