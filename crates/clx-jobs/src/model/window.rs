/// A stretch of the signal, as wide as the screen that shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct SignalQuery {
    pub tmin_s: f64,
    pub tmax_s: f64,
    /// 1..=8192.
    pub columns: u32,
    /// Indices into the recording's channels; all if absent.
    pub channels: Option<Vec<usize>>,
}

/// Least and greatest sample in each column.
#[derive(Clone, Debug, PartialEq)]
pub struct SignalWindow {
    pub tmin_s: f64,
    pub tmax_s: f64,
    pub n_columns: u32,
    /// Per picked channel `n_columns` pairs (min, max); NaN in both where no sample falls.
    pub channels: Vec<Vec<[f32; 2]>>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct SpectrogramQuery {
    pub channel: usize,
    pub tmin_s: f64,
    pub tmax_s: f64,
    /// 1..=4096.
    pub columns: u32,
    /// 1..=1024.
    pub rows: u32,
}

/// Power over time and frequency, on a scale of 256 steps.
#[derive(Clone, Debug, PartialEq)]
pub struct SpectrogramWindow {
    pub tmin_s: f64,
    pub tmax_s: f64,
    pub columns: u32,
    pub rows: u32,
    pub fmin_hz: f64,
    pub fmax_hz: f64,
    /// Level of value 0, dB re 1 unit²/Hz.
    pub db_min: f32,
    /// Level of value 255.
    pub db_max: f32,
    /// Column by column, low frequency first.
    pub values: Vec<u8>,
}
