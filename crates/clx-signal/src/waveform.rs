use crate::{SampleRate, SignalError};

/// Sound in memory: channels of equal length, full scale at ±1.
#[derive(Clone, Debug, PartialEq)]
pub struct Waveform {
    rate: SampleRate,
    channels: Vec<Vec<f32>>,
}

impl Waveform {
    /// # Errors
    /// [`SignalError::NoChannel`] without channels, [`SignalError::Mismatch`] if lengths differ.
    pub fn new(rate: SampleRate, channels: Vec<Vec<f32>>) -> Result<Self, SignalError> {
        let Some(first) = channels.first() else { return Err(SignalError::NoChannel("")) };
        if let Some(other) = channels.iter().find(|c| c.len() != first.len()) {
            return Err(SignalError::Mismatch {
                what: "length",
                left: first.len().to_string(),
                right: other.len().to_string(),
            });
        }
        Ok(Self { rate, channels })
    }

    pub fn rate(&self) -> SampleRate {
        self.rate
    }

    pub fn channels(&self) -> &[Vec<f32>] {
        &self.channels
    }

    pub fn n_frames(&self) -> usize {
        self.channels[0].len()
    }

    pub fn duration_s(&self) -> f64 {
        self.rate.seconds(self.n_frames())
    }

    /// Mean of the channels.
    pub fn to_mono(&self) -> Vec<f32> {
        let scale = 1.0 / self.channels.len() as f32;
        (0..self.n_frames())
            .map(|i| self.channels.iter().map(|c| c[i]).sum::<f32>() * scale)
            .collect()
    }
}
