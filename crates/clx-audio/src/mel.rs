//! Mel filter bank as in librosa (Slaney's scale, area-normalised triangles).

/// Triangular filters over the bins of a spectrum, stored without their zeros.
#[derive(Debug)]
pub(crate) struct MelBank {
    /// First bin and weights of each band.
    bands: Vec<(usize, Vec<f32>)>,
}

impl MelBank {
    /// `n_bands` filters between 0 and `fmax_hz` for a real spectrum of `n_fft / 2 + 1` bins.
    pub(crate) fn new(rate_hz: f64, n_fft: usize, n_bands: usize, fmax_hz: f64) -> Self {
        let top = hz_to_mel(fmax_hz);
        let edges: Vec<f64> =
            (0..n_bands + 2).map(|i| mel_to_hz(top * i as f64 / (n_bands + 1) as f64)).collect();
        let bands = edges.windows(3).map(|e| triangle(e, rate_hz, n_fft)).collect();
        Self { bands }
    }

    pub(crate) fn apply(&self, power: &[f32], out: &mut [f32]) {
        for ((start, weights), mel) in self.bands.iter().zip(out) {
            *mel = weights.iter().zip(&power[*start..]).map(|(w, p)| w * p).sum();
        }
    }
}

fn triangle(edges: &[f64], rate_hz: f64, n_fft: usize) -> (usize, Vec<f32>) {
    let bin_hz = rate_hz / n_fft as f64;
    let (low, mid, high) = (edges[0], edges[1], edges[2]);
    let first = (low / bin_hz).floor() as usize;
    let last = ((high / bin_hz).ceil() as usize).min(n_fft / 2);
    let weights = (first..=last).map(|bin| {
        let f = bin as f64 * bin_hz;
        let slope = ((f - low) / (mid - low)).min((high - f) / (high - mid)).max(0.0);
        (slope * 2.0 / (high - low)) as f32
    });
    (first, weights.collect())
}

// Slaney 1998, Auditory Toolbox: linear below 1 kHz, 27 logarithmic steps per factor of 6.4.
const LINEAR_HZ: f64 = 200.0 / 3.0;
const BREAK_HZ: f64 = 1_000.0;

fn log_step() -> f64 {
    6.4_f64.ln() / 27.0
}

fn hz_to_mel(hz: f64) -> f64 {
    if hz < BREAK_HZ {
        hz / LINEAR_HZ
    } else {
        BREAK_HZ / LINEAR_HZ + (hz / BREAK_HZ).ln() / log_step()
    }
}

fn mel_to_hz(mel: f64) -> f64 {
    let knee = BREAK_HZ / LINEAR_HZ;
    if mel < knee { mel * LINEAR_HZ } else { BREAK_HZ * (log_step() * (mel - knee)).exp() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scale_has_its_knee_at_15_mel() {
        assert!((hz_to_mel(1_000.0) - 15.0).abs() < 1e-12);
        assert!((hz_to_mel(6_400.0) - 42.0).abs() < 1e-12);
        assert!((mel_to_hz(hz_to_mel(5_000.0)) - 5_000.0).abs() < 1e-9);
    }

    #[test]
    fn flat_spectrum_gives_flat_bands_where_filters_span_many_bins() {
        let bank = MelBank::new(44_100.0, 8_192, 40, 11_025.0);
        let mut mel = vec![0.0; 40];
        bank.apply(&vec![1.0; 4_097], &mut mel);
        // Each triangle has area 1 Hz · (1 / bin width) bins.
        let expected = 8_192.0 / 44_100.0;
        for m in &mel {
            assert!((m / expected as f32 - 1.0).abs() < 0.01, "{m}");
        }
    }
}
