use clx_signal::stats;

use crate::EegError;

use super::refuse;

/// Which channels lie beside each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adjacency {
    neighbours: Vec<Vec<usize>>,
}

/// Electrodes up to this many times the usual distance to the nearest one are neighbours: reaches the
/// diagonal of a square grid (1.41) and not the next row (2).
const REACH: f64 = 1.6;

impl Adjacency {
    /// `n_channels` that have nothing to do with each other; 1 (and 0) for a test over time alone.
    pub fn none(n_channels: usize) -> Self {
        Self { neighbours: vec![Vec::new(); n_channels.max(1)] }
    }

    /// Channels and the pairs of them that are adjacent.
    ///
    /// # Errors
    /// [`EegError::Signal`] without channels or for an index out of range.
    pub fn from_pairs(n_channels: usize, pairs: &[[usize; 2]]) -> Result<Self, EegError> {
        if n_channels == 0 {
            return Err(EegError::NoChannel);
        }
        let mut neighbours = vec![Vec::new(); n_channels];
        for &[a, b] in pairs {
            if a.max(b) >= n_channels || a == b {
                return Err(refuse("pairs", "two different channels", format!("{a}, {b}")));
            }
            neighbours[a].push(b);
            neighbours[b].push(a);
        }
        for list in &mut neighbours {
            list.sort_unstable();
            list.dedup();
        }
        Ok(Self { neighbours })
    }

    /// Neighbours are the electrodes within 1.6 times the median distance to the nearest electrode, along
    /// straight lines through the head.
    ///
    /// `positions` on the flat head as [`crate::position`] gives them (radius 1 the equator). The list is
    /// symmetric; lone electrodes stay alone. Look at [`Adjacency::mean_neighbours`]: 3 to 6 is usual.
    ///
    /// # Errors
    /// [`EegError::NoChannel`]; [`EegError::Signal`] for a place that is not finite.
    ///
    /// ```
    /// use clx_eeg::{cluster::Adjacency, position};
    /// let places = ["C3", "Cz", "C4", "O1"].map(|name| position(name).unwrap());
    /// let adjacency = Adjacency::from_positions(&places)?;
    /// assert_eq!(adjacency.neighbours(1), [0, 2]);
    /// # Ok::<(), clx_eeg::EegError>(())
    /// ```
    pub fn from_positions(positions: &[[f64; 2]]) -> Result<Self, EegError> {
        if let Some(p) = positions.iter().find(|p| !(p[0].is_finite() && p[1].is_finite())) {
            return Err(refuse("positions", "finite", format!("{p:?}")));
        }
        let places: Vec<[f64; 3]> = positions.iter().map(|p| on_sphere(*p)).collect();
        let distance = |a: usize, b: usize| -> f64 {
            (0..3).map(|i| (places[a][i] - places[b][i]).powi(2)).sum::<f64>().sqrt()
        };
        let n = places.len();
        let nearest: Vec<f64> = (0..n)
            .map(|a| {
                (0..n).filter(|&b| b != a).map(|b| distance(a, b)).fold(f64::INFINITY, f64::min)
            })
            .collect();
        let reach = REACH * stats::median(&nearest).unwrap_or(0.0);
        let pairs: Vec<[usize; 2]> = (0..n)
            .flat_map(|a| (a + 1..n).map(move |b| [a, b]))
            .filter(|&[a, b]| distance(a, b) <= reach)
            .collect();
        Self::from_pairs(n, &pairs)
    }

    pub fn n_channels(&self) -> usize {
        self.neighbours.len()
    }

    /// Indices of the channels beside this one, ascending.
    pub fn neighbours(&self, channel: usize) -> &[usize] {
        &self.neighbours[channel]
    }

    pub fn mean_neighbours(&self) -> f64 {
        let total: usize = self.neighbours.iter().map(Vec::len).sum();
        total as f64 / self.neighbours.len() as f64
    }
}

/// Point of the unit sphere at a place of the head disc (azimuthal equidistant projection).
fn on_sphere([x, y]: [f64; 2]) -> [f64; 3] {
    let radius = x.hypot(y);
    if radius == 0.0 {
        return [0.0, 0.0, 1.0];
    }
    let (sin, cos) = (radius * std::f64::consts::FRAC_PI_2).sin_cos();
    [x / radius * sin, y / radius * sin, cos]
}
