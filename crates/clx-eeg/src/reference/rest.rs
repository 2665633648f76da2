//! Reference electrode standardisation: the reference at infinity, by equivalent sources.

use std::f64::consts::{PI, TAU};

use clx_signal::SignalError;
use faer::Mat;

use super::head::HeadModel;
use crate::splines::unit;
use crate::{EegError, SpatialFilter};

/// Height of the plane that closes the layer of sources, its radius, and how many sources lie on the
/// cap and on the plane. Yao 2001, section 3.1.
const PLANE: f64 = -0.076;
const LAYER: f64 = 0.869;
const ON_CAP: usize = 2600;
const ON_PLANE: usize = 400;

/// Singular values below this share of the largest count as zero, as MNE.
const RANK_TOLERANCE: f64 = 1e-6;

/// Weights that refer potentials to infinity (REST), with the layer of equivalent sources of Yao 2001
/// in the four-shell head of [`HeadModel::four_shells`].
///
/// `positions`: electrodes relative to the centre of the head, of which only the directions count; all
/// must be good channels. Any reference of the input does, as its average is taken off first.
/// Approximate by nature: the sources stand for any inside the layer, the head for a real one. Few
/// electrodes (below about 30) or none low on the head leave it biased towards the average reference.
///
/// # Errors
/// [`SignalError::Parameter`] with fewer than three electrodes, or a position at the centre or not
/// finite.
///
/// # Source
/// Yao 2001, Physiol. Meas. 22:693-711. Compared with MNE in `tests/it/spatial.rs`.
pub fn rest(positions: &[[f64; 3]]) -> Result<SpatialFilter, EegError> {
    let electrodes = unit(positions)?;
    let head = HeadModel::four_shells();
    let mut columns = Vec::with_capacity(ON_CAP + ON_PLANE);
    for [at, moment] in source_layer() {
        let potentials = head.potentials(&electrodes, at)?;
        columns.push(potentials.iter().map(|v| (0..3).map(|i| v[i] * moment[i]).sum()).collect());
    }
    rest_of_lead_field(&columns)
}

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

/// Places and moments: radial on a spherical cap, upward on the plane that closes it below.
fn source_layer() -> impl Iterator<Item = [[f64; 3]; 2]> {
    // Equal areas along a golden spiral.
    let golden = PI * (3.0 - 5.0_f64.sqrt());
    let lowest = PLANE / LAYER;
    let cap = (0..ON_CAP).map(move |i| {
        let z = 1.0 - (1.0 - lowest) * (i as f64 + 0.5) / ON_CAP as f64;
        let (r, angle) = ((1.0 - z * z).sqrt(), (golden * i as f64) % TAU);
        let direction = [r * angle.cos(), r * angle.sin(), z];
        [direction.map(|v| v * LAYER), direction]
    });
    let rim = LAYER * (1.0 - lowest * lowest).sqrt();
    let plane = (0..ON_PLANE).map(move |i| {
        let r = rim * ((i as f64 + 0.5) / ON_PLANE as f64).sqrt();
        let angle = (golden * i as f64) % TAU;
        [[r * angle.cos(), r * angle.sin(), PLANE], [0.0, 0.0, 1.0]]
    });
    cap.chain(plane)
}
