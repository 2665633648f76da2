//! Maps of the components, interpolated on a square around the head.

use faer::linalg::solvers::Solve;
use faer::{Mat, MatRef};

use super::{MAP_SIZE, no_power};
use crate::ica::parameter;
use crate::{EegError, Ica};

/// Radius of the head on the grid; 0.5 is the circle through nasion and inion.
const HEAD_RADIUS: f64 = 0.5;
/// The outermost electrode is drawn this much inside the rim.
const MARGIN: f64 = 1.02;
/// Distance below which a grid point is at an electrode.
const AT_ELECTRODE: f64 = 1e-8;
/// Electrodes nearer than this in both coordinates are one (the cube root of the spacing of floating
/// point numbers at half the head, as in MATLAB's griddata).
const SAME_PLACE: f64 = 4.8e-6;

/// One map per component, 1024 values each, the largest magnitude 1 and 0 outside the head.
///
/// # Source
/// Sandwell 1987, Geophys. Res. Lett. 14(2):139-142 (biharmonic splines); layout as in EEGLAB's
/// `topoplotFast`.
pub(super) fn maps(ica: &Ica, positions: &[[f64; 2]]) -> Result<Vec<Vec<f64>>, EegError> {
    let groups = merge(&squeeze(positions));
    let n = groups.len();
    let green = Mat::from_fn(n, n, |i, j| biharmonic(groups[i].at, groups[j].at));
    let values = Mat::from_fn(n, ica.n_components(), |i, c| {
        let members = &groups[i].members;
        members.iter().map(|&m| ica.mixing[m][c]).sum::<f64>() / members.len() as f64
    });
    let weights = green.partial_piv_lu().solve(&values);
    if !weights.norm_max().is_finite() {
        return Err(parameter(
            "positions",
            "at least three places that are not on a circle or line",
            format!("{n} places"),
        ));
    }
    let grid =
        Mat::from_fn(MAP_SIZE * MAP_SIZE, n, |pixel, i| biharmonic(pixel_at(pixel), groups[i].at));
    let surface = grid * weights;
    (0..ica.n_components()).map(|c| normalised(surface.as_ref(), c)).collect()
}

fn normalised(surface: MatRef<'_, f64>, component: usize) -> Result<Vec<f64>, EegError> {
    let mut map: Vec<f64> = surface.col(component).iter().copied().collect();
    for (pixel, value) in map.iter_mut().enumerate() {
        let [x, y] = pixel_at(pixel);
        // The rim itself belongs to the head; written as in the original, squares and root.
        if (x * x + y * y).sqrt() > HEAD_RADIUS {
            *value = 0.0;
        }
    }
    let largest = map.iter().fold(0.0, |a: f64, b| a.max(b.abs()));
    if !(largest > 0.0 && largest.is_finite()) {
        return Err(no_power("a map"));
    }
    map.iter_mut().for_each(|v| *v /= largest);
    Ok(map)
}

/// Places on the grid: first coordinate to the front, second to the right, the whole cap inside the
/// head.
fn squeeze(positions: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let outermost = positions.iter().map(|[x, y]| x.hypot(*y) / 2.0).fold(0.0, f64::max);
    let plotted = (outermost * MARGIN).clamp(HEAD_RADIUS, 1.0);
    let factor = HEAD_RADIUS / plotted / 2.0;
    positions.iter().map(|[x, y]| [y * factor, x * factor]).collect()
}

/// Grid coordinates of a pixel: rows run along the first coordinate.
fn pixel_at(pixel: usize) -> [f64; 2] {
    let step = 2.0 * HEAD_RADIUS / (MAP_SIZE - 1) as f64;
    [pixel / MAP_SIZE, pixel % MAP_SIZE].map(|i| {
        // The last point exactly at the rim, as linspace has it.
        if i == MAP_SIZE - 1 { HEAD_RADIUS } else { i as f64 * step - HEAD_RADIUS }
    })
}

/// Green's function of the biharmonic operator in the plane.
fn biharmonic(a: [f64; 2], b: [f64; 2]) -> f64 {
    let d = (a[0] - b[0]).hypot(a[1] - b[1]);
    if d <= AT_ELECTRODE { 0.0 } else { d * d * (d.ln() - 1.0) }
}

#[derive(Debug)]
struct Place {
    at: [f64; 2],
    members: Vec<usize>,
}

/// Electrodes at one place share one value, or the splines would not be solvable.
fn merge(places: &[[f64; 2]]) -> Vec<Place> {
    let mut merged: Vec<Place> = Vec::new();
    for (i, at) in places.iter().enumerate() {
        let same = |p: &&mut Place| (0..2).all(|k| (p.at[k] - at[k]).abs() < SAME_PLACE);
        match merged.iter_mut().find(same) {
            Some(place) => place.members.push(i),
            None => merged.push(Place { at: *at, members: vec![i] }),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cap_beyond_the_ears_is_drawn_inside_the_head() {
        let squeezed = squeeze(&[[0.0, 1.2], [0.6, 0.0]]);
        assert!((squeezed[0][0] - 0.5 / 1.02).abs() < 1e-15 && squeezed[0][1] == 0.0);
        assert!((squeezed[1][1] - 0.25 / 1.02).abs() < 1e-15);
        // A cap within the ears is left where it is: half a unit is the rim.
        assert_eq!(squeeze(&[[0.4, 0.8]]), [[0.4, 0.2]]);
    }

    #[test]
    fn electrodes_at_one_place_are_one() {
        let merged = merge(&[[0.1, 0.2], [0.3, 0.0], [0.1, 0.2 + 1e-9]]);
        assert_eq!(merged.iter().map(|p| p.members.len()).collect::<Vec<_>>(), [2, 1]);
    }

    #[test]
    fn corners_of_the_grid_are_the_corners_of_the_square() {
        assert_eq!(pixel_at(0), [-0.5, -0.5]);
        assert_eq!(pixel_at(31), [-0.5, 0.5]);
        assert_eq!(pixel_at(1023), [0.5, 0.5]);
    }
}
