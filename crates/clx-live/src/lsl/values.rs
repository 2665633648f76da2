use crate::LiveError;

/// How the channels of a stream are written; one for all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChannelFormat {
    Float32,
    Double64,
    Text,
    Int32,
    Int16,
    Int8,
    Int64,
}

impl ChannelFormat {
    pub const ALL: [Self; 7] = [
        Self::Float32,
        Self::Double64,
        Self::Text,
        Self::Int32,
        Self::Int16,
        Self::Int8,
        Self::Int64,
    ];

    /// The protocol's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Float32 => "float32",
            Self::Double64 => "double64",
            Self::Text => "string",
            Self::Int32 => "int32",
            Self::Int16 => "int16",
            Self::Int8 => "int8",
            Self::Int64 => "int64",
        }
    }

    /// The format of the protocol's word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == word)
    }

    /// Bytes of one value; 0 for strings, whose length varies.
    pub fn size_bytes(self) -> usize {
        match self {
            Self::Text => 0,
            Self::Int8 => 1,
            Self::Int16 => 2,
            Self::Float32 | Self::Int32 => 4,
            Self::Double64 | Self::Int64 => 8,
        }
    }
}

/// Values of a stream, sample after sample, in each all channels.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    Float32(Vec<f32>),
    Double64(Vec<f64>),
    Text(Vec<String>),
    Int32(Vec<i32>),
    Int16(Vec<i16>),
    Int8(Vec<i8>),
    Int64(Vec<i64>),
}

/// Runs the same expression on whichever vector `values` holds.
macro_rules! each {
    ($values:expr, $x:ident => $result:expr) => {
        match $values {
            Values::Float32($x) => $result,
            Values::Double64($x) => $result,
            Values::Text($x) => $result,
            Values::Int32($x) => $result,
            Values::Int16($x) => $result,
            Values::Int8($x) => $result,
            Values::Int64($x) => $result,
        }
    };
}

impl Values {
    pub fn empty(format: ChannelFormat) -> Self {
        match format {
            ChannelFormat::Float32 => Self::Float32(Vec::new()),
            ChannelFormat::Double64 => Self::Double64(Vec::new()),
            ChannelFormat::Text => Self::Text(Vec::new()),
            ChannelFormat::Int32 => Self::Int32(Vec::new()),
            ChannelFormat::Int16 => Self::Int16(Vec::new()),
            ChannelFormat::Int8 => Self::Int8(Vec::new()),
            ChannelFormat::Int64 => Self::Int64(Vec::new()),
        }
    }

    pub fn format(&self) -> ChannelFormat {
        match self {
            Self::Float32(_) => ChannelFormat::Float32,
            Self::Double64(_) => ChannelFormat::Double64,
            Self::Text(_) => ChannelFormat::Text,
            Self::Int32(_) => ChannelFormat::Int32,
            Self::Int16(_) => ChannelFormat::Int16,
            Self::Int8(_) => ChannelFormat::Int8,
            Self::Int64(_) => ChannelFormat::Int64,
        }
    }

    /// Values of all channels and samples.
    pub fn len(&self) -> usize {
        each!(self, x => x.len())
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Forgets all after the first `n`.
    pub(crate) fn truncate(&mut self, n: usize) {
        each!(self, x => x.truncate(n));
    }

    /// About how much memory the values take.
    pub(crate) fn size_bytes(&self) -> usize {
        match self {
            Self::Text(x) => x.iter().map(|s| s.len() + size_of::<String>()).sum(),
            other => other.len() * other.format().size_bytes(),
        }
    }

    /// Channel-major samples, each channel times its `scale`. The product is made in `f64` and
    /// rounded once; what does not fit an `f32` becomes infinite and so counts as missing.
    ///
    /// # Errors
    /// [`LiveError::Parameter`] for strings, or a number of values that is no multiple of the
    /// number of scales.
    pub fn to_channels(&self, scale: &[f64]) -> Result<Vec<Vec<f32>>, LiveError> {
        match self {
            Self::Float32(x) => channels(x, scale, |v| f64::from(*v)),
            Self::Double64(x) => channels(x, scale, |v| *v),
            Self::Int32(x) => channels(x, scale, |v| f64::from(*v)),
            Self::Int16(x) => channels(x, scale, |v| f64::from(*v)),
            Self::Int8(x) => channels(x, scale, |v| f64::from(*v)),
            Self::Int64(x) => channels(x, scale, |v| *v as f64),
            Self::Text(_) => Err(LiveError::Parameter {
                name: "stream",
                expected: "one of numbers; strings are markers",
                got: "string".to_owned(),
            }),
        }
    }
}

fn channels<T>(
    x: &[T],
    scale: &[f64],
    number: impl Fn(&T) -> f64,
) -> Result<Vec<Vec<f32>>, LiveError> {
    if scale.is_empty() || !x.len().is_multiple_of(scale.len()) {
        return Err(LiveError::Parameter {
            name: "scale",
            expected: "one figure for each channel",
            got: format!("{} for {} values", scale.len(), x.len()),
        });
    }
    let channel = |c: usize| {
        x.iter().skip(c).step_by(scale.len()).map(|v| (number(v) * scale[c]) as f32).collect()
    };
    Ok((0..scale.len()).map(channel).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_become_channels_in_volts() {
        let values = Values::Int16(vec![1, 10, 2, 20, 3, 30]);
        let volts = values.to_channels(&[1.0, 1e-6]).unwrap();
        assert_eq!(volts, [vec![1.0, 2.0, 3.0], vec![10e-6, 20e-6, 30e-6]]);
    }

    #[test]
    fn strings_and_uneven_samples_are_refused() {
        assert!(Values::Text(vec!["a".into()]).to_channels(&[1.0]).is_err());
        assert!(Values::Int8(vec![1, 2, 3]).to_channels(&[1.0, 1.0]).is_err());
        assert!(Values::Int8(vec![]).to_channels(&[]).is_err());
    }

    #[test]
    fn every_format_is_found_by_its_word() {
        for format in ChannelFormat::ALL {
            assert_eq!(ChannelFormat::from_word(format.as_str()), Some(format));
            assert_eq!(Values::empty(format).format(), format);
        }
        assert_eq!(ChannelFormat::from_word("undefined"), None);
    }
}
