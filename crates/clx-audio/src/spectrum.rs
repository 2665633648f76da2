//! What one spectrum says: shape descriptors and the onset flux.

use clx_signal::stft::Stft;
use clx_signal::{SampleRate, SignalError};

use crate::mel::MelBank;

/// Bands of the onset flux, librosa's default.
pub(crate) const N_MELS: usize = 128;
/// Band energies below the loudest so far by more than this do not count.
const RANGE_DB: f32 = 80.0;
/// librosa's floor for spectral flatness, power.
const FLATNESS_FLOOR: f32 = 1e-10;
const ROLLOFF: f64 = 0.85;

/// Frame length for a rate: the power of two nearest to 46 ms (2,048 at 44.1 kHz).
pub(crate) fn frame_len(rate: SampleRate) -> usize {
    let exponent = (rate.hz() * 2_048.0 / 44_100.0).log2().round().clamp(4.0, 17.0);
    1 << exponent as u32
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Shape {
    pub(crate) centroid_hz: f64,
    pub(crate) bandwidth_hz: f64,
    pub(crate) rolloff_hz: f64,
    pub(crate) flatness: f64,
    /// Mean rise of the mel bands since the frame before, dB.
    pub(crate) flux: f64,
}

#[derive(Debug)]
pub(crate) struct Analyser {
    stft: Stft,
    bin_hz: f64,
    magnitude: Vec<f32>,
    power: Vec<f32>,
    bank: MelBank,
    mel: Vec<f32>,
    before_db: Vec<f32>,
    now_db: Vec<f32>,
    loudest_db: f32,
    started: bool,
}

impl Analyser {
    pub(crate) fn new(rate: SampleRate) -> Result<Self, SignalError> {
        let n_fft = frame_len(rate);
        let n_bins = n_fft / 2 + 1;
        Ok(Self {
            stft: Stft::new(n_fft)?,
            bin_hz: rate.hz() / n_fft as f64,
            magnitude: vec![0.0; n_bins],
            power: vec![0.0; n_bins],
            // Above 11 kHz cymbals and coding noise hide the pulse; librosa's own default rate of
            // 22.05 kHz ends there too.
            bank: MelBank::new(rate.hz(), n_fft, N_MELS, rate.nyquist_hz().min(11_025.0)),
            mel: vec![0.0; N_MELS],
            before_db: vec![0.0; N_MELS],
            now_db: vec![0.0; N_MELS],
            loudest_db: -200.0,
            started: false,
        })
    }

    pub(crate) fn frame(&mut self, samples: &[f32]) -> Shape {
        let bins = self.stft.transform(samples);
        for ((m, p), bin) in self.magnitude.iter_mut().zip(&mut self.power).zip(bins) {
            *p = bin.norm_sqr();
            *m = p.sqrt();
        }
        let mut shape = self.shape();
        shape.flux = self.flux();
        shape
    }

    /// Mel band levels of the last frame, dB.
    pub(crate) fn mel_db(&self) -> &[f32] {
        &self.before_db
    }

    fn shape(&self) -> Shape {
        let (mut total, mut first, mut second) = (0.0_f64, 0.0_f64, 0.0_f64);
        for (i, &m) in self.magnitude.iter().enumerate() {
            let (m, i) = (f64::from(m), i as f64);
            total += m;
            first += m * i;
            second += m * i * i;
        }
        let flatness = flatness(&self.power);
        if total <= 0.0 {
            return Shape { flatness, ..Shape::default() };
        }
        let mean = first / total;
        Shape {
            centroid_hz: mean * self.bin_hz,
            bandwidth_hz: (second / total - mean * mean).max(0.0).sqrt() * self.bin_hz,
            rolloff_hz: self.rolloff_bin(total) as f64 * self.bin_hz,
            flatness,
            flux: 0.0,
        }
    }

    fn rolloff_bin(&self, total: f64) -> usize {
        let mut sum = 0.0;
        let reached = self.magnitude.iter().position(|&m| {
            sum += f64::from(m);
            sum >= ROLLOFF * total
        });
        reached.unwrap_or(self.magnitude.len() - 1)
    }

    fn flux(&mut self) -> f64 {
        self.bank.apply(&self.power, &mut self.mel);
        for (db, &mel) in self.now_db.iter_mut().zip(&self.mel) {
            *db = 10.0 * mel.max(1e-20).log10();
            self.loudest_db = self.loudest_db.max(*db);
        }
        let floor = self.loudest_db - RANGE_DB;
        let mut rise = 0.0_f64;
        for (now, before) in self.now_db.iter().zip(&self.before_db) {
            rise += f64::from((now.max(floor) - before.max(floor)).max(0.0));
        }
        std::mem::swap(&mut self.now_db, &mut self.before_db);
        let first = !std::mem::replace(&mut self.started, true);
        if first { 0.0 } else { rise / N_MELS as f64 }
    }
}

/// Geometric over arithmetic mean of the power; 1 for white, near 0 for a tone.
fn flatness(power: &[f32]) -> f64 {
    let (mut log_sum, mut sum) = (0.0, 0.0);
    // The product of 16 powers stays within f64, and one logarithm serves them all.
    for group in power.chunks(16) {
        let mut product = 1.0_f64;
        for &p in group {
            let p = f64::from(p.max(FLATNESS_FLOOR));
            product *= p;
            sum += p;
        }
        log_sum += product.ln();
    }
    let n = power.len() as f64;
    (log_sum / n).exp() / (sum / n)
}

#[cfg(test)]
mod tests {
    use clx_signal::synth;

    use super::*;

    #[test]
    fn tone_at_a_bin_centre_has_its_frequency_as_centroid_and_rolloff() {
        let rate = SampleRate::from_hz(44_100.0).unwrap();
        let f = 100.0 * 44_100.0 / 2_048.0;
        let mut analyser = Analyser::new(rate).unwrap();
        let shape = analyser.frame(&synth::sine(rate, f, 0.5, 0.05)[..2_048]);
        // Hann spreads to the two neighbours, half as strong: 1/4, 1/2, 1/4 of the magnitude;
        // 85 % of it is reached in the upper neighbour.
        assert!((shape.centroid_hz - f).abs() < 0.5, "{}", shape.centroid_hz);
        assert!((shape.rolloff_hz - f - 44_100.0 / 2_048.0).abs() < 1e-6);
        assert!(shape.bandwidth_hz < 2.0 * 44_100.0 / 2_048.0);
        assert!(shape.flatness < 1e-6);
    }

    #[test]
    fn silence_gives_zeros_and_flatness_one() {
        let mut analyser = Analyser::new(SampleRate::from_hz(8_000.0).unwrap()).unwrap();
        let shape = analyser.frame(&[0.0; 512]);
        assert_eq!((shape.centroid_hz, shape.rolloff_hz, shape.flux), (0.0, 0.0, 0.0));
        assert!((shape.flatness - 1.0).abs() < 1e-9);
    }
}
