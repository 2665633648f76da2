use super::{ChannelFormat, Values};

/// Stamp of the two samples of the pattern.
pub(crate) const PATTERN_STAMP_S: f64 = 123_456.789;
/// Offsets of the two samples, in their order.
pub(crate) const PATTERN_OFFSETS: [u32; 2] = [4, 2];

/// Values of one of the two samples by which both sides of a feed make sure that they understand
/// each other: growing numbers, every second one negative, different for each format.
///
/// ```
/// use clx_live::lsl::{ChannelFormat, Values, test_pattern};
/// assert_eq!(test_pattern(ChannelFormat::Int16, 3, 4), Values::Int16(vec![261, -262, 263]));
/// ```
pub fn test_pattern(format: ChannelFormat, n_channels: usize, offset: u32) -> Values {
    // Integers wrap below the largest of their type, except those of 64 bits.
    let signed = |base: i64, modulus: i64| {
        (0..n_channels as i64).map(move |k| {
            let value = (k + base + i64::from(offset)) % modulus;
            if k % 2 == 0 { value } else { -value }
        })
    };
    let endless = i64::MAX;
    match format {
        ChannelFormat::Float32 => Values::Float32(signed(0, endless).map(|v| v as f32).collect()),
        ChannelFormat::Double64 => {
            Values::Double64(signed(16_777_217, endless).map(|v| v as f64).collect())
        }
        ChannelFormat::Int32 => {
            Values::Int32(signed(65_537, i32::MAX.into()).map(|v| v as i32).collect())
        }
        ChannelFormat::Int16 => {
            Values::Int16(signed(257, i16::MAX.into()).map(|v| v as i16).collect())
        }
        ChannelFormat::Int8 => Values::Int8(signed(1, i8::MAX.into()).map(|v| v as i8).collect()),
        ChannelFormat::Int64 => Values::Int64(signed(2_147_483_649, endless).collect()),
        ChannelFormat::Text => {
            let text = |k: i64| if k % 2 == 0 { k + 10 } else { -k - 10 }.to_string();
            Values::Text((0..n_channels as i64).map(text).collect())
        }
    }
}
