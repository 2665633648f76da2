//! Samples in the storage formats of WFDB (signal(5) of the WFDB Applications Guide).

/// A storage format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    /// 16 bits, little-endian.
    Le16,
    Le24,
    Le32,
    /// 16 bits, big-endian (61).
    Be16,
    /// 8 bits, offset binary (80).
    Offset8,
    /// 16 bits, offset binary (160).
    Offset16,
    /// Two samples of 12 bits in three bytes.
    Pair12,
    /// Three samples of 10 bits in four bytes, the third in the upper ends (310).
    Triple10,
    /// Three samples of 10 bits in four bytes, one after the other (311).
    Packed10,
}

impl Coding {
    pub(super) fn parse(number: &str) -> Option<Self> {
        Some(match number {
            "16" => Self::Le16,
            "24" => Self::Le24,
            "32" => Self::Le32,
            "61" => Self::Be16,
            "80" => Self::Offset8,
            "160" => Self::Offset16,
            "212" => Self::Pair12,
            "310" => Self::Triple10,
            "311" => Self::Packed10,
            _ => return None,
        })
    }

    /// Samples that are stored together, and their bytes.
    pub(super) const fn group(self) -> (u64, u64) {
        match self {
            Self::Le16 | Self::Be16 | Self::Offset16 => (1, 2),
            Self::Le24 => (1, 3),
            Self::Le32 => (1, 4),
            Self::Offset8 => (1, 1),
            Self::Pair12 => (2, 3),
            Self::Triple10 | Self::Packed10 => (3, 4),
        }
    }

    /// Samples in `n` bytes; the last group may be cut where its first samples are whole.
    pub(super) fn samples_in(self, n: u64) -> u64 {
        let (samples, bytes) = self.group();
        let rest = match (self, n % bytes) {
            (Self::Pair12, 2) => 1,
            (Self::Triple10, 2) => 1,
            (Self::Packed10, 2) => 1,
            (Self::Packed10, 3) => 2,
            _ => 0,
        };
        n / bytes * samples + rest
    }

    /// The `k`-th sample of a group; missing bytes count as 0.
    pub(super) fn decode(self, group: &[u8], k: u64) -> i32 {
        let b = |i: usize| group.get(i).copied().unwrap_or(0);
        let word = |i: usize| u16::from_le_bytes([b(i), b(i + 1)]);
        match self {
            Self::Le16 => i32::from(word(0) as i16),
            Self::Be16 => i32::from(i16::from_be_bytes([b(0), b(1)])),
            Self::Le24 => i32::from_le_bytes([0, b(0), b(1), b(2)]) >> 8,
            Self::Le32 => i32::from_le_bytes([b(0), b(1), b(2), b(3)]),
            Self::Offset8 => i32::from(b(0)) - 128,
            Self::Offset16 => i32::from(word(0)) - 32_768,
            Self::Pair12 if k == 0 => extend(u32::from(b(0)) | u32::from(b(1) & 0x0f) << 8, 12),
            Self::Pair12 => extend(u32::from(b(2)) | u32::from(b(1) & 0xf0) << 4, 12),
            Self::Triple10 => {
                let (low, high) = (u32::from(word(0)), u32::from(word(2)));
                extend(
                    match k {
                        0 => low >> 1 & 0x3ff,
                        1 => high >> 1 & 0x3ff,
                        _ => low >> 11 & 0x1f | (high >> 11 & 0x1f) << 5,
                    },
                    10,
                )
            }
            Self::Packed10 => {
                let all = u32::from(word(0)) | u32::from(word(2)) << 16;
                extend(all >> (10 * k) & 0x3ff, 10)
            }
        }
    }

    /// The value that stands for a sample that was not taken.
    pub(super) const fn missing(self) -> i32 {
        match self {
            Self::Le16 | Self::Be16 | Self::Offset16 => -32_768,
            Self::Le24 => -8_388_608,
            Self::Le32 => i32::MIN,
            Self::Offset8 => -128,
            Self::Pair12 => -2_048,
            Self::Triple10 | Self::Packed10 => -512,
        }
    }
}

/// Two's complement of the lower `bits` bits.
fn extend(value: u32, bits: u32) -> i32 {
    (value << (32 - bits)) as i32 >> (32 - bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_samples_keep_their_signs() {
        // The first bytes of MIT-BIH 100 are e3 33 f3: 995 and 1011.
        let pair = [0xe3, 0x33, 0xf3];
        assert_eq!([0, 1].map(|k| Coding::Pair12.decode(&pair, k)), [995, 1011]);
        assert_eq!(Coding::Pair12.decode(&[0xff, 0xff, 0xff], 1), -1);
        // -1 is 0x3ff in ten bits; 1, -512 and 511 by hand.
        let packed = (0x001_u32 | 0x200 << 10 | 0x1ff << 20).to_le_bytes();
        assert_eq!([0, 1, 2].map(|k| Coding::Packed10.decode(&packed, k)), [1, -512, 511]);
        let low = 1_u16 << 1 | 0x1f << 11;
        let high = 0x200_u16 << 1 | 0x0f << 11;
        let words = [low.to_le_bytes(), high.to_le_bytes()].concat();
        assert_eq!([0, 1, 2].map(|k| Coding::Triple10.decode(&words, k)), [1, -512, 511]);
        assert_eq!(Coding::Offset8.decode(&[0], 0), -128);
        assert_eq!(Coding::Be16.decode(&[0xff, 0xfe], 0), -2);
    }
}
