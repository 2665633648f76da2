//! Samples as bytes: a tag, a time stamp where the tag says so, the channels.

use super::{ChannelFormat, MAX_CHANNELS, MAX_TEXT_BYTES, Values};
use crate::LiveError;

/// The stamp is left out and follows from the one before and the rate.
const TAG_DEDUCED: u8 = 1;
/// Eight bytes of stamp follow.
const TAG_TRANSMITTED: u8 = 2;
/// Most bytes of one sample, so that strings cannot add up without end.
const MAX_SAMPLE_BYTES: usize = 16 << 20;

/// Which byte of a number comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByteOrder {
    Little,
    Big,
}

impl ByteOrder {
    /// The order of this machine.
    pub const NATIVE: Self = if cfg!(target_endian = "little") { Self::Little } else { Self::Big };

    /// The protocol's number of it.
    pub fn number(self) -> u32 {
        match self {
            Self::Little => 1234,
            Self::Big => 4321,
        }
    }

    /// The order of a number; 0 is how liblsl 1.13 says "unchanged", which is the usual one.
    pub fn from_number(number: u32) -> Option<Self> {
        match number {
            1234 | 0 => Some(Self::Little),
            4321 => Some(Self::Big),
            _ => None,
        }
    }
}

/// Takes samples out of bytes as they arrive.
#[derive(Clone, Copy, Debug)]
pub struct Decoder {
    format: ChannelFormat,
    n_channels: usize,
    order: ByteOrder,
}

impl Decoder {
    /// # Errors
    /// [`LiveError::Parameter`] for more than 16384 channels.
    pub fn new(
        format: ChannelFormat,
        n_channels: usize,
        order: ByteOrder,
    ) -> Result<Self, LiveError> {
        if n_channels > MAX_CHANNELS {
            return Err(LiveError::Parameter {
                name: "n_channels",
                expected: "at most 16384",
                got: n_channels.to_string(),
            });
        }
        Ok(Self { format, n_channels, order })
    }

    /// Takes one sample off the front of `bytes` and appends its values to `values`, which must be
    /// of the stream's format. Returns how many bytes it took and the stamp, `None` for one to be
    /// deduced; or `None`, with `values` as before, when the sample is not all there yet.
    ///
    /// ```
    /// use clx_live::lsl::{ByteOrder, ChannelFormat, Decoder, Values, encode_sample};
    /// let mut bytes = Vec::new();
    /// encode_sample(&mut bytes, Some(1.5), &Values::Int16(vec![7, -8]), 0..2, ByteOrder::Little);
    /// assert_eq!(bytes.len(), 1 + 8 + 4);
    /// let decoder = Decoder::new(ChannelFormat::Int16, 2, ByteOrder::Little)?;
    /// let mut values = Values::Int16(vec![]);
    /// assert_eq!(decoder.take(&bytes[..12], &mut values)?, None);
    /// assert_eq!(decoder.take(&bytes, &mut values)?, Some((13, Some(1.5))));
    /// assert_eq!(values, Values::Int16(vec![7, -8]));
    /// # Ok::<(), clx_live::LiveError>(())
    /// ```
    ///
    /// # Errors
    /// [`LiveError::Protocol`] for bytes that are no sample; [`LiveError::Limit`] for a string above
    /// 1 MiB or a sample above 16 MiB.
    ///
    /// # Panics
    /// Never on bytes; if `values` is of another format.
    pub fn take(
        &self,
        bytes: &[u8],
        values: &mut Values,
    ) -> Result<Option<(usize, Option<f64>)>, LiveError> {
        assert_eq!(values.format(), self.format, "values must be of the stream's format");
        let mut reader = Reader { bytes, at: 0, order: self.order };
        let before = values.len();
        let taken = self.sample(&mut reader, values);
        if !matches!(taken, Ok(Some(_))) {
            values.truncate(before);
        }
        Ok(taken?.map(|stamp| (reader.at, stamp)))
    }

    /// The stamp of the sample whose values were appended; `None` when it is not all there.
    #[expect(clippy::option_option, reason = "the outer says whether the sample is all there")]
    fn sample(
        &self,
        reader: &mut Reader<'_>,
        values: &mut Values,
    ) -> Result<Option<Option<f64>>, LiveError> {
        let stamp = match reader.array::<1>() {
            None => return Ok(None),
            Some([TAG_DEDUCED]) => None,
            Some([TAG_TRANSMITTED]) => match reader.array() {
                None => return Ok(None),
                Some(bytes) => Some(f64::from_le_bytes(bytes)),
            },
            Some([other]) => {
                return Err(LiveError::Protocol(format!(
                    "a sample starts with 1 or 2, got {other}"
                )));
            }
        };
        let n = self.n_channels;
        let complete = match values {
            Values::Text(x) => texts(reader, n, x)?,
            Values::Float32(x) => numbers(reader, n, x, f32::from_le_bytes),
            Values::Double64(x) => numbers(reader, n, x, f64::from_le_bytes),
            Values::Int32(x) => numbers(reader, n, x, i32::from_le_bytes),
            Values::Int16(x) => numbers(reader, n, x, i16::from_le_bytes),
            Values::Int8(x) => numbers(reader, n, x, i8::from_le_bytes),
            Values::Int64(x) => numbers(reader, n, x, i64::from_le_bytes),
        };
        Ok(complete.then_some(stamp))
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    order: ByteOrder,
}

impl<'a> Reader<'a> {
    fn slice(&mut self, n: usize) -> Option<&'a [u8]> {
        let end = self.at.checked_add(n)?;
        let slice = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(slice)
    }

    /// The next bytes of a number, the least significant first.
    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let mut array: [u8; N] = self.slice(N)?.try_into().ok()?;
        if self.order == ByteOrder::Big {
            array.reverse();
        }
        Some(array)
    }
}

fn numbers<T, const N: usize>(
    reader: &mut Reader<'_>,
    n: usize,
    out: &mut Vec<T>,
    from: fn([u8; N]) -> T,
) -> bool {
    // Nothing is put out before all bytes are there.
    if reader.bytes.len() - reader.at < n * N {
        return false;
    }
    out.extend((0..n).map_while(|_| reader.array().map(from)));
    true
}

fn texts(reader: &mut Reader<'_>, n: usize, out: &mut Vec<String>) -> Result<bool, LiveError> {
    for _ in 0..n {
        let length = match reader.array::<1>() {
            None => return Ok(false),
            Some([1]) => reader.array::<1>().map(|b| b[0].into()),
            Some([2]) => reader.array().map(|b| u16::from_le_bytes(b).into()),
            Some([4]) => reader.array().map(|b| u32::from_le_bytes(b).into()),
            Some([8]) => reader.array().map(u64::from_le_bytes),
            Some([other]) => {
                let fault = format!("a string's length takes 1, 2, 4 or 8 bytes, got {other}");
                return Err(LiveError::Protocol(fault));
            }
        };
        let Some(length) = length else { return Ok(false) };
        if length > MAX_TEXT_BYTES as u64 {
            let limit = MAX_TEXT_BYTES;
            return Err(LiveError::Limit { what: "a string", limit, got: length });
        }
        let after = reader.at as u64 + length;
        if after > MAX_SAMPLE_BYTES as u64 {
            let limit = MAX_SAMPLE_BYTES;
            return Err(LiveError::Limit { what: "a sample of strings", limit, got: after });
        }
        let Some(text) = reader.slice(length as usize) else { return Ok(false) };
        out.push(String::from_utf8_lossy(text).into_owned());
    }
    Ok(true)
}

/// Appends one sample, the values `range` of `values`; without a stamp its receiver deduces one.
///
/// # Panics
/// If `range` is not within the values.
pub fn encode_sample(
    out: &mut Vec<u8>,
    stamp_s: Option<f64>,
    values: &Values,
    range: std::ops::Range<usize>,
    order: ByteOrder,
) {
    match stamp_s {
        None => out.push(TAG_DEDUCED),
        Some(stamp) => {
            out.push(TAG_TRANSMITTED);
            put(out, stamp.to_le_bytes(), order);
        }
    }
    match values {
        Values::Float32(x) => x[range].iter().for_each(|v| put(out, v.to_le_bytes(), order)),
        Values::Double64(x) => x[range].iter().for_each(|v| put(out, v.to_le_bytes(), order)),
        Values::Int32(x) => x[range].iter().for_each(|v| put(out, v.to_le_bytes(), order)),
        Values::Int16(x) => x[range].iter().for_each(|v| put(out, v.to_le_bytes(), order)),
        Values::Int8(x) => x[range].iter().for_each(|v| put(out, v.to_le_bytes(), order)),
        Values::Int64(x) => x[range].iter().for_each(|v| put(out, v.to_le_bytes(), order)),
        Values::Text(x) => x[range].iter().for_each(|text| put_text(out, text, order)),
    }
}

fn put<const N: usize>(out: &mut Vec<u8>, mut bytes: [u8; N], order: ByteOrder) {
    if order == ByteOrder::Big {
        bytes.reverse();
    }
    out.extend_from_slice(&bytes);
}

/// Lengths take one or four bytes, as liblsl writes them.
fn put_text(out: &mut Vec<u8>, text: &str, order: ByteOrder) {
    if let Ok(short) = u8::try_from(text.len()) {
        out.extend_from_slice(&[1, short]);
    } else if let Ok(long) = u32::try_from(text.len()) {
        out.push(4);
        put(out, long.to_le_bytes(), order);
    } else {
        out.push(8);
        put(out, (text.len() as u64).to_le_bytes(), order);
    }
    out.extend_from_slice(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decoder(format: ChannelFormat, n: usize, order: ByteOrder) -> Decoder {
        Decoder::new(format, n, order).unwrap()
    }

    #[track_caller]
    fn check_round_trip(values: &Values, order: ByteOrder) {
        for stamp in [None, Some(-17.25), Some(f64::MAX)] {
            let mut bytes = Vec::new();
            encode_sample(&mut bytes, stamp, values, 0..values.len(), order);
            let decoder = decoder(values.format(), values.len(), order);
            let mut got = Values::empty(values.format());
            for n in 0..bytes.len() {
                assert_eq!(decoder.take(&bytes[..n], &mut got).unwrap(), None, "{n} bytes");
                assert!(got.is_empty());
            }
            assert_eq!(decoder.take(&bytes, &mut got).unwrap(), Some((bytes.len(), stamp)));
            assert_eq!(&got, values);
        }
    }

    #[test]
    fn every_format_survives_the_way_in_both_byte_orders() {
        for order in [ByteOrder::Little, ByteOrder::Big] {
            check_round_trip(&Values::Float32(vec![1.5, -2.25, f32::MAX]), order);
            check_round_trip(&Values::Double64(vec![0.1, -1e300]), order);
            check_round_trip(&Values::Int32(vec![i32::MIN, 5]), order);
            check_round_trip(&Values::Int16(vec![i16::MIN, 300]), order);
            check_round_trip(&Values::Int8(vec![-128, 127]), order);
            check_round_trip(&Values::Int64(vec![i64::MIN, 1 << 40]), order);
            let texts = ["", "start", &"ä".repeat(300)];
            check_round_trip(&Values::Text(texts.map(str::to_owned).to_vec()), order);
        }
    }

    #[test]
    fn a_length_beyond_the_limit_is_refused_before_it_is_allocated() {
        let mut bytes = vec![TAG_DEDUCED, 8];
        bytes.extend(u64::MAX.to_le_bytes());
        let mut values = Values::Text(vec![]);
        let refused = decoder(ChannelFormat::Text, 1, ByteOrder::Little).take(&bytes, &mut values);
        assert!(matches!(refused, Err(LiveError::Limit { got: u64::MAX, .. })), "{refused:?}");
    }

    #[test]
    fn an_unknown_tag_says_what_was_got() {
        let mut values = Values::Int8(vec![]);
        let refused = decoder(ChannelFormat::Int8, 1, ByteOrder::Little).take(&[9, 0], &mut values);
        assert!(refused.unwrap_err().to_string().contains("got 9"));
    }

    #[test]
    fn text_that_is_no_utf8_is_kept_as_far_as_it_can_be() {
        let mut values = Values::Text(vec![]);
        let bytes = [TAG_DEDUCED, 1, 2, b'a', 0xff];
        decoder(ChannelFormat::Text, 1, ByteOrder::Little).take(&bytes, &mut values).unwrap();
        assert_eq!(values, Values::Text(vec!["a\u{fffd}".to_owned()]));
    }

    proptest! {
        #[test]
        fn any_bytes_give_a_sample_or_an_error(
            bytes in prop::collection::vec(any::<u8>(), 0..300), n in 0_usize..20, which in 0_usize..7,
        ) {
            let format = ChannelFormat::ALL[which];
            let mut values = Values::empty(format);
            if let Ok(Some((taken, _))) = decoder(format, n, ByteOrder::Big).take(&bytes, &mut values) {
                prop_assert!(taken <= bytes.len());
                prop_assert_eq!(values.len(), n);
            }
        }
    }
}
