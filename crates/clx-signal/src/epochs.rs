use crate::{SampleRate, SignalError};

/// Equally long stretches of the same channels, one per event.
///
/// Samples lie epoch by epoch, in an epoch channel by channel; the unit is that of the recording
/// (volts for EEG).
#[derive(Clone, Debug, PartialEq)]
pub struct Epochs {
    pub rate: SampleRate,
    /// Seconds from the event to the first sample of an epoch; negative before the event.
    pub tmin_s: f64,
    n_channels: usize,
    n_samples: usize,
    samples: Vec<f32>,
}

impl Epochs {
    /// Takes samples that lie as described above.
    ///
    /// # Errors
    /// [`SignalError::Shape`] unless `samples` is a whole number of `n_channels × n_samples`, both
    /// above zero.
    ///
    /// ```
    /// # use clx_signal::{Epochs, SampleRate};
    /// let rate = SampleRate::from_hz(100.0)?;
    /// let epochs = Epochs::from_samples(rate, -0.02, 2, 3, vec![1., 2., 3., 4., 5., 6.])?;
    /// assert_eq!((epochs.len(), epochs.channel(0, 1)), (1, &[4., 5., 6.][..]));
    /// # Ok::<(), clx_signal::SignalError>(())
    /// ```
    pub fn from_samples(
        rate: SampleRate,
        tmin_s: f64,
        n_channels: usize,
        n_samples: usize,
        samples: Vec<f32>,
    ) -> Result<Self, SignalError> {
        let size = n_channels.saturating_mul(n_samples);
        if size == 0 || !samples.len().is_multiple_of(size) {
            return Err(SignalError::Shape { n_channels, n_samples, got: samples.len() });
        }
        Ok(Self { rate, tmin_s, n_channels, n_samples, samples })
    }

    /// Number of epochs.
    pub fn len(&self) -> usize {
        self.samples.len() / (self.n_channels * self.n_samples)
    }

    pub fn is_empty(&self) -> bool {
        self.samples.is_empty()
    }

    pub fn n_channels(&self) -> usize {
        self.n_channels
    }

    /// Samples of one channel in one epoch.
    pub fn n_samples(&self) -> usize {
        self.n_samples
    }

    /// One epoch: its channels one after another.
    pub fn epoch(&self, epoch: usize) -> &[f32] {
        let size = self.n_channels * self.n_samples;
        &self.samples[epoch * size..][..size]
    }

    /// One channel of one epoch.
    pub fn channel(&self, epoch: usize, channel: usize) -> &[f32] {
        &self.epoch(epoch)[channel * self.n_samples..][..self.n_samples]
    }

    pub fn channel_mut(&mut self, epoch: usize, channel: usize) -> &mut [f32] {
        let start = (epoch * self.n_channels + channel) * self.n_samples;
        &mut self.samples[start..][..self.n_samples]
    }

    /// The epochs `keep`, in that order.
    #[must_use]
    pub fn select(&self, keep: &[usize]) -> Self {
        let samples = keep.iter().flat_map(|&i| self.epoch(i)).copied().collect();
        Self { samples, ..*self }
    }
}
