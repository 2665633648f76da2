use std::collections::VecDeque;

use faer::Mat;
use pulp::{Arch, Simd, WithSimd};

/// Mean product of the channels over the rows; rows missing from `n` count as zero.
///
/// Computed anew for each window: a running sum would keep the rounding errors of the largest artifact
/// for ever.
pub(super) fn of_rows(rows: &VecDeque<Vec<f64>>, n: usize) -> Mat<f64> {
    let c = rows.front().map_or(0, Vec::len);
    let mut sums = vec![0.0; c * c];
    Arch::new().dispatch(Products { rows, sums: &mut sums });
    // Only the part at and right of the diagonal was summed.
    Mat::from_fn(c, c, |i, j| sums[i.min(j) * c + i.max(j)] / n as f64)
}

struct Products<'a> {
    rows: &'a VecDeque<Vec<f64>>,
    sums: &'a mut [f64],
}

impl WithSimd for Products<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for row in self.rows {
            for (i, (x, sums)) in row.iter().zip(self.sums.chunks_mut(row.len())).enumerate() {
                sums[i..].iter_mut().zip(&row[i..]).for_each(|(s, y)| *s += x * y);
            }
        }
    }
}
