/// An independent component analysis that a file holds beside its samples.
///
/// With the samples `x` of `channels` in microvolts, the components are `weights · sphere · x`, and
/// `mixing` leads back from them to the channels.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IcaDecomposition {
    /// Indices of the decomposed channels in the header of the recording.
    pub channels: Vec<usize>,
    /// One row per component, one column per row of `sphere`.
    pub weights: Vec<Vec<f64>>,
    /// One row per whitened signal, one column per channel.
    pub sphere: Vec<Vec<f64>>,
    /// One row per channel, one column per component; empty when the file does not hold it.
    pub mixing: Vec<Vec<f64>>,
}
