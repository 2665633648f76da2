//! A time series that never grows beyond a bound: when it is full, neighbours are averaged and
//! each point then stands for twice as many frames.

#[derive(Debug)]
pub(crate) struct Grid<const N: usize> {
    max_points: usize,
    /// Frames per point.
    group: usize,
    sum: [f64; N],
    n_in_sum: usize,
    points: Vec<[f32; N]>,
}

impl<const N: usize> Grid<N> {
    /// `group` frames per point to begin with; `max_points` must be even.
    pub(crate) fn new(group: usize, max_points: usize) -> Self {
        Self { max_points, group, sum: [0.0; N], n_in_sum: 0, points: Vec::new() }
    }

    pub(crate) fn push(&mut self, frame: [f64; N]) {
        for (sum, x) in self.sum.iter_mut().zip(frame) {
            *sum += x;
        }
        self.n_in_sum += 1;
        if self.n_in_sum == self.group {
            self.close();
            if self.points.len() == self.max_points {
                self.halve();
            }
        }
    }

    /// The points and the number of frames each stands for; the last may stand for fewer.
    pub(crate) fn finish(mut self) -> (Vec<[f32; N]>, usize) {
        if self.n_in_sum > 0 {
            self.close();
        }
        (self.points, self.group)
    }

    fn close(&mut self) {
        let n = self.n_in_sum as f64;
        self.points.push(self.sum.map(|s| (s / n) as f32));
        self.sum = [0.0; N];
        self.n_in_sum = 0;
    }

    fn halve(&mut self) {
        self.points = self
            .points
            .chunks_exact(2)
            .map(|pair| std::array::from_fn(|i| (pair[0][i] + pair[1][i]) / 2.0))
            .collect();
        self.group *= 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_grid_halves_and_keeps_means() {
        let mut grid = Grid::<1>::new(1, 4);
        (0..10).for_each(|i| grid.push([f64::from(i)]));
        let (points, group) = grid.finish();
        // 0..10 in groups of 4: means 1.5, 5.5 and of the rest (8, 9) 8.5.
        assert_eq!((points, group), (vec![[1.5], [5.5], [8.5]], 4));
    }
}
