//! Quantiles of a centred window that shrinks at the ends.

/// The values of `x` within `half` places of each index, ascending.
struct SortedWindow<'a> {
    x: &'a [f64],
    half: usize,
    sorted: Vec<f64>,
    next: usize,
    first: usize,
}

impl SortedWindow<'_> {
    /// Moves the window to be centred on `i`; `i` must ascend.
    fn centre(&mut self, i: usize) -> &[f64] {
        while self.next < (i + self.half + 1).min(self.x.len()) {
            let value = self.x[self.next];
            let place = self.sorted.partition_point(|v| v.total_cmp(&value).is_lt());
            self.sorted.insert(place, value);
            self.next += 1;
        }
        while self.first + self.half < i {
            let value = self.x[self.first];
            let place = self.sorted.partition_point(|v| v.total_cmp(&value).is_lt());
            self.sorted.remove(place);
            self.first += 1;
        }
        &self.sorted
    }
}

/// For each place the quantiles of its window of `width` (odd), by straight lines between values.
pub(super) fn rolling_quantiles<const N: usize>(
    x: &[f64],
    width: usize,
    quantiles: [f64; N],
) -> Vec<[f64; N]> {
    let half = width / 2;
    let mut window =
        SortedWindow { x, half, sorted: Vec::with_capacity(width + 1), next: 0, first: 0 };
    (0..x.len())
        .map(|i| {
            let sorted = window.centre(i);
            quantiles.map(|q| {
                let at = q * (sorted.len() - 1) as f64;
                let (low, share) = (at.floor() as usize, at.fract());
                let high = (low + 1).min(sorted.len() - 1);
                sorted[low] + (sorted[high] - sorted[low]) * share
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_shrinks_at_the_ends() {
        let medians = rolling_quantiles(&[5.0, 1.0, 3.0, 2.0], 3, [0.5]);
        assert_eq!(medians, [[3.0], [3.0], [2.0], [2.5]]);
    }
}
