//! Bits, most significant first, and the two checksums of FLAC.

#[derive(Debug, Default)]
pub(super) struct BitWriter {
    out: Vec<u8>,
    hold: u64,
    n_held: u32,
}

impl BitWriter {
    pub(super) fn clear(&mut self) {
        self.out.clear();
        self.hold = 0;
        self.n_held = 0;
    }

    /// Appends the low `n` bits of `value`, `n <= 32`; the bits above must be zero.
    #[inline]
    pub(super) fn put(&mut self, value: u32, n: u32) {
        self.hold = (self.hold << n) | u64::from(value);
        self.n_held += n;
        if self.n_held >= 32 {
            self.n_held -= 32;
            let word = (self.hold >> self.n_held) as u32;
            self.out.extend_from_slice(&word.to_be_bytes());
        }
    }

    /// Appends the low `n` bits of a two's complement number, `n <= 32`.
    pub(super) fn put_signed(&mut self, value: i32, n: u32) {
        self.put((value as u32) & (u32::MAX >> (32 - n)), n);
    }

    /// One Rice code: `value >> k` zeros, a one, then the low `k` bits.
    #[inline]
    pub(super) fn put_rice(&mut self, value: u32, k: u32) {
        let mut zeros = value >> k;
        let low = (value & ((1 << k) - 1)) | (1 << k);
        if zeros + k < 32 {
            self.put(low, zeros + k + 1);
            return;
        }
        while zeros >= 32 {
            self.put(0, 32);
            zeros -= 32;
        }
        self.put(0, zeros);
        self.put(low, k + 1);
    }

    /// Fills the last byte with zeros.
    pub(super) fn align(&mut self) {
        let n_missing = (8 - self.n_held % 8) % 8;
        self.put(0, n_missing);
        self.bytes();
    }

    /// The whole bytes so far; what is held must be a whole number of bytes.
    pub(super) fn bytes(&mut self) -> &[u8] {
        while self.n_held >= 8 {
            self.n_held -= 8;
            self.out.push((self.hold >> self.n_held) as u8);
        }
        &self.out
    }
}

/// Polynomial x^8 + x^2 + x + 1, start 0.
pub(super) fn crc8(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |crc, &byte| {
        (0..8).fold(crc ^ byte, |c: u8, _| if c & 0x80 == 0 { c << 1 } else { (c << 1) ^ 0x07 })
    })
}

/// `CRC16[n][b]`: the checksum of byte `b` followed by `n` zero bytes.
static CRC16: [[u16; 256]; 8] = crc16_tables();

const fn crc16_tables() -> [[u16; 256]; 8] {
    let mut tables = [[0_u16; 256]; 8];
    let mut byte = 0;
    while byte < 256 {
        let mut crc = (byte as u16) << 8;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x8005 };
            bit += 1;
        }
        tables[0][byte] = crc;
        byte += 1;
    }
    let mut n = 1;
    while n < 8 {
        let mut byte = 0;
        while byte < 256 {
            let before = tables[n - 1][byte];
            tables[n][byte] = (before << 8) ^ tables[0][(before >> 8) as usize];
            byte += 1;
        }
        n += 1;
    }
    tables
}

/// Polynomial x^16 + x^15 + x^2 + 1, start 0; eight bytes a step.
pub(super) fn crc16(bytes: &[u8]) -> u16 {
    let mut crc = 0_u16;
    let mut words = bytes.chunks_exact(8);
    for word in &mut words {
        let head = crc ^ u16::from_be_bytes([word[0], word[1]]);
        let [high, low] = head.to_be_bytes();
        crc = CRC16[7][usize::from(high)] ^ CRC16[6][usize::from(low)];
        for (table, &byte) in CRC16[..6].iter().rev().zip(&word[2..]) {
            crc ^= table[usize::from(byte)];
        }
    }
    for &byte in words.remainder() {
        crc = (crc << 8) ^ CRC16[0][usize::from((crc >> 8) as u8 ^ byte)];
    }
    crc
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_of_the_usual_check_string() {
        // CRC-8/SMBUS and CRC-16/UMTS in the catalogue of parametrised CRC algorithms.
        assert_eq!(crc8(b"123456789"), 0xF4);
        assert_eq!(crc16(b"123456789"), 0xFEE8);
    }

    #[test]
    fn rice_code_is_unary_quotient_then_binary_rest() {
        let mut bits = BitWriter::default();
        bits.put_rice(9, 2); // 9 = 2 × 4 + 1: 00 1 01
        bits.put(0b111, 3);
        assert_eq!(bits.bytes(), [0b0010_1111]);
    }

    #[test]
    fn long_quotients_cross_words() {
        let mut bits = BitWriter::default();
        bits.put_rice(70, 0);
        bits.put(1, 1);
        assert_eq!(bits.bytes(), [0, 0, 0, 0, 0, 0, 0, 0, 0b0000_0011]);
    }
}
