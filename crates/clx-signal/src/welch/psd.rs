use crate::{Band, stats};

/// One-sided power spectral density.
#[derive(Clone, Debug, PartialEq)]
pub struct Psd {
    /// Centre of each bin, hertz, from 0 to half the rate.
    pub freqs_hz: Vec<f64>,
    /// Unit² per hertz.
    pub density: Vec<f64>,
    pub n_segments: usize,
    /// Mean spectra of successive stretches, in time order; empty unless asked for.
    pub blocks: Vec<BlockSpectrum>,
}

/// Mean density over successive segments.
#[derive(Clone, Debug, PartialEq)]
pub struct BlockSpectrum {
    /// Index of the first segment among all.
    pub first_segment: usize,
    pub n_segments: usize,
    pub density: Vec<f64>,
}

impl Psd {
    /// Distance between bins, hertz.
    pub fn resolution_hz(&self) -> f64 {
        match self.freqs_hz[..] {
            [a, b, ..] => b - a,
            _ => 0.0,
        }
    }

    /// Indices of the bins with `fmin <= f < fmax`.
    pub fn bins(&self, band: Band) -> std::ops::Range<usize> {
        // A bin that should lie on an edge may miss it by rounding of k * rate / n.
        let slack = 1e-9 * self.resolution_hz();
        let start = self.freqs_hz.partition_point(|&f| f < band.fmin_hz - slack);
        let end = self.freqs_hz.partition_point(|&f| f < band.fmax_hz - slack);
        start..end.max(start)
    }

    /// Power inside `band`, unit²: the sum of the bins with `fmin <= f < fmax` times their width.
    ///
    /// Bands that share an edge share no bin, so powers of adjoining bands add up to the power of
    /// the whole. Zero for a band without a bin.
    ///
    /// ```
    /// use clx_signal::{welch::Psd, Band};
    /// let psd = Psd { freqs_hz: vec![0.0, 4.0, 8.0, 12.0], density: vec![1.0, 2.0, 3.0, 4.0], n_segments: 1, blocks: vec![] };
    /// assert_eq!(psd.band_power(Band::ALPHA), (3.0 + 4.0) * 4.0);
    /// ```
    pub fn band_power(&self, band: Band) -> f64 {
        self.density[self.bins(band)].iter().sum::<f64>() * self.resolution_hz()
    }

    /// Power inside `band` by the trapezoid rule over the bins with `fmin <= f <= fmax`, as
    /// `scipy.integrate.trapezoid`; both edge bins count half.
    pub fn band_power_trapezoid(&self, band: Band) -> f64 {
        let y = &self.density[self.closed_bins(band)];
        y.windows(2).map(|w| (w[0] + w[1]) / 2.0).sum::<f64>() * self.resolution_hz()
    }

    /// Power inside `band` by Simpson's rule over the bins with `fmin <= f <= fmax`, as
    /// `scipy.integrate.simpson`: for an even number of bins the last interval uses the parabola
    /// through the last three.
    pub fn band_power_simpson(&self, band: Band) -> f64 {
        let y = &self.density[self.closed_bins(band)];
        let step = self.resolution_hz();
        match y.len() {
            0 | 1 => 0.0,
            2 => (y[0] + y[1]) / 2.0 * step,
            n if n % 2 == 1 => simpson_odd(y) * step,
            n => {
                // Cartwright 2017, J. Math. Sci. Math. Educ. 12(2):1-9, equal steps.
                let last = (5.0 * y[n - 1] + 8.0 * y[n - 2] - y[n - 3]) / 12.0;
                (simpson_odd(&y[..n - 1]) + last) * step
            }
        }
    }

    fn closed_bins(&self, band: Band) -> std::ops::Range<usize> {
        let slack = 1e-9 * self.resolution_hz();
        let Band { name, fmin_hz, fmax_hz } = band;
        self.bins(Band { name, fmin_hz, fmax_hz: fmax_hz + 2.0 * slack })
    }

    /// The part of the spectrum, and of its blocks, with `fmin <= f < fmax`.
    #[must_use]
    pub fn restricted(&self, band: Band) -> Psd {
        let bins = self.bins(band);
        let cut = |block: &BlockSpectrum| BlockSpectrum {
            density: block.density[bins.clone()].to_vec(),
            ..*block
        };
        Psd {
            freqs_hz: self.freqs_hz[bins.clone()].to_vec(),
            density: self.density[bins.clone()].to_vec(),
            n_segments: self.n_segments,
            blocks: self.blocks.iter().map(cut).collect(),
        }
    }

    /// 95 % interval of the power inside `band` by resampling the blocks; see [`Psd::bootstrap`].
    pub fn band_power_ci(
        &self,
        band: Band,
        min_blocks: usize,
        resamples: usize,
        seed: u64,
    ) -> Option<[f64; 2]> {
        if self.blocks.len() < min_blocks.max(2) {
            return None;
        }
        let bins = self.bins(band);
        let step = self.resolution_hz();
        let power = |b: &BlockSpectrum| b.density[bins.clone()].iter().sum::<f64>() * step;
        let powers: Vec<f64> = self.blocks.iter().map(power).collect();
        stats::bootstrap_ci(powers.len(), resamples, 0.95, seed, |draw| {
            let (mut sum, mut weight) = (0.0, 0.0);
            for &i in draw {
                let n = self.blocks[i].n_segments as f64;
                sum += n * powers[i];
                weight += n;
            }
            Some(sum / weight)
        })
    }

    /// Percentile interval of a statistic of the spectrum, by resampling the blocks.
    ///
    /// `of` maps a density on `freqs_hz` to the statistic. Blocks are weighted by their number of
    /// segments. `None` with fewer than `min_blocks` blocks or when the statistic is mostly
    /// undefined. Deterministic for a given seed.
    pub fn bootstrap(
        &self,
        min_blocks: usize,
        resamples: usize,
        seed: u64,
        mut of: impl FnMut(&[f64]) -> Option<f64>,
    ) -> Option<[f64; 2]> {
        if self.blocks.len() < min_blocks.max(2) {
            return None;
        }
        let mut mean = vec![0.0; self.density.len()];
        stats::bootstrap_ci(self.blocks.len(), resamples, 0.95, seed, |draw| {
            mean.fill(0.0);
            let mut weight = 0.0;
            for block in draw.iter().map(|&i| &self.blocks[i]) {
                let n = block.n_segments as f64;
                weight += n;
                mean.iter_mut().zip(&block.density).for_each(|(m, d)| *m += n * d);
            }
            mean.iter_mut().for_each(|m| *m /= weight);
            of(&mean)
        })
    }
}

fn simpson_odd(y: &[f64]) -> f64 {
    y.windows(3).step_by(2).map(|w| (w[0] + 4.0 * w[1] + w[2]) / 3.0).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn psd(f: impl Fn(f64) -> f64) -> Psd {
        let freqs_hz: Vec<f64> = (0..101).map(|k| k as f64 * 0.5).collect();
        let density = freqs_hz.iter().map(|&x| f(x)).collect();
        Psd { freqs_hz, density, n_segments: 1, blocks: Vec::new() }
    }

    #[test]
    fn adjoining_bands_add_up() {
        let p = psd(|f| 1.0 / (f + 1.0));
        let parts: f64 = Band::OVERVIEW.iter().map(|&b| p.band_power(b)).sum();
        let whole = p.band_power(Band { name: "all", fmin_hz: 1.0, fmax_hz: 40.0 });
        assert!((parts - whole).abs() < 1e-14);
    }

    #[test]
    fn simpson_is_exact_for_parabolas_and_trapezoid_for_lines() {
        for (fmin_hz, fmax_hz) in [(1.0, 4.0), (1.0, 4.5), (2.0, 2.5), (8.0, 13.0)] {
            let band = Band { name: "x", fmin_hz, fmax_hz };
            let line = psd(|f| 2.0 * f + 1.0).band_power_trapezoid(band);
            assert!((line - (fmax_hz.powi(2) - fmin_hz.powi(2) + fmax_hz - fmin_hz)).abs() < 1e-12);
            if fmax_hz - fmin_hz > 0.5 {
                let cubic = psd(|f| 3.0 * f * f).band_power_simpson(band);
                assert!((cubic - (fmax_hz.powi(3) - fmin_hz.powi(3))).abs() < 1e-10);
            }
        }
    }

    #[test]
    fn empty_band_has_no_power() {
        let p = psd(|_| 1.0);
        let above = Band { name: "x", fmin_hz: 60.0, fmax_hz: 70.0 };
        assert_eq!((p.band_power(above), p.band_power_simpson(above)), (0.0, 0.0));
    }
}
