//! How one sample is stored, and the way from its bytes to numbers.

/// Type and byte order of stored samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Encoding {
    pub(crate) kind: SampleKind,
    pub(crate) big_endian: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SampleKind {
    I8,
    U8,
    I16,
    U16,
    I24,
    U24,
    I32,
    U32,
    I64,
    U64,
    F32,
    F64,
}

impl SampleKind {
    /// Bytes of one sample.
    pub(crate) const fn width(self) -> usize {
        match self {
            Self::I8 | Self::U8 => 1,
            Self::I16 | Self::U16 => 2,
            Self::I24 | Self::U24 => 3,
            Self::I32 | Self::U32 | Self::F32 => 4,
            Self::I64 | Self::U64 | Self::F64 => 8,
        }
    }

    /// Whether every value is a whole number that fits `i32`.
    pub(crate) const fn is_digital(self) -> bool {
        matches!(
            self,
            Self::I8 | Self::U8 | Self::I16 | Self::U16 | Self::I24 | Self::U24 | Self::I32
        )
    }

    pub(crate) const fn little_endian(self) -> Encoding {
        Encoding { kind: self, big_endian: false }
    }

    pub(crate) const fn big_endian(self) -> Encoding {
        Encoding { kind: self, big_endian: true }
    }
}

/// Samples of one channel in a buffer: one every `stride` bytes, the first at its beginning.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) stride: usize,
}

/// Physical value in SI = stored value × gain + offset.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Scale {
    pub(crate) gain: f64,
    pub(crate) offset: f64,
}

impl Encoding {
    pub(crate) const fn width(self) -> usize {
        self.kind.width()
    }

    /// Appends the samples of `run`, scaled.
    pub(crate) fn scale(self, run: Run<'_>, scale: Scale, out: &mut Vec<f32>) {
        let Scale { gain, offset } = scale;
        self.each(run, out, |x| (x * gain + offset) as f32);
    }

    /// Appends the samples of `run` as they are; values that `i32` cannot hold are cut to it.
    pub(crate) fn digital(self, run: Run<'_>, out: &mut Vec<i32>) {
        self.each(run, out, |x| x as i32);
    }

    /// Appends the samples of `run` in full precision.
    pub(crate) fn floats(self, run: Run<'_>, out: &mut Vec<f64>) {
        self.each(run, out, |x| x);
    }

    /// Every stored type but the 64-bit integers is exact in `f64`.
    fn each<T>(self, run: Run<'_>, out: &mut Vec<T>, make: impl Fn(f64) -> T) {
        use SampleKind::{F32, F64, I8, I16, I24, I32, I64, U8, U16, U24, U32, U64};
        let make = &make;
        let be = self.big_endian;
        match self.kind {
            I8 => fill(run, be, out, |b: [u8; 1]| make(f64::from(i8::from_le_bytes(b)))),
            U8 => fill(run, be, out, |[b]: [u8; 1]| make(f64::from(b))),
            I16 => fill(run, be, out, |b| make(f64::from(i16::from_le_bytes(b)))),
            U16 => fill(run, be, out, |b| make(f64::from(u16::from_le_bytes(b)))),
            I24 => fill(run, be, out, |b| make(f64::from(i24(b)))),
            U24 => fill(run, be, out, |[a, b, c]: [u8; 3]| {
                make(f64::from(u32::from_le_bytes([a, b, c, 0])))
            }),
            I32 => fill(run, be, out, |b| make(f64::from(i32::from_le_bytes(b)))),
            U32 => fill(run, be, out, |b| make(f64::from(u32::from_le_bytes(b)))),
            I64 => fill(run, be, out, |b| make(i64::from_le_bytes(b) as f64)),
            U64 => fill(run, be, out, |b| make(u64::from_le_bytes(b) as f64)),
            F32 => fill(run, be, out, |b| make(f64::from(f32::from_le_bytes(b)))),
            F64 => fill(run, be, out, |b| make(f64::from_le_bytes(b))),
        }
    }
}

/// Appends one value per sample of `N` bytes, which `make` gets in little-endian order.
fn fill<const N: usize, T>(
    run: Run<'_>,
    big_endian: bool,
    out: &mut Vec<T>,
    make: impl Fn([u8; N]) -> T,
) {
    let swapped = |mut bytes: [u8; N]| {
        bytes.reverse();
        make(bytes)
    };
    // Kept apart, so that the usual case stays a plain loop over neighbours.
    match (run.stride == N, big_endian) {
        (true, false) => out.extend(run.bytes.as_chunks::<N>().0.iter().map(|&b| make(b))),
        (true, true) => out.extend(run.bytes.as_chunks::<N>().0.iter().map(|&b| swapped(b))),
        (false, _) => {
            let samples = run.bytes.chunks(run.stride.max(N)).filter_map(|b| b.first_chunk::<N>());
            if big_endian {
                out.extend(samples.map(|&b| swapped(b)));
            } else {
                out.extend(samples.map(|&b| make(b)));
            }
        }
    }
}

/// Little-endian two's complement of three bytes.
fn i24([low, middle, high]: [u8; 3]) -> i32 {
    // Put in the upper bytes, the arithmetic shift extends the sign.
    i32::from_le_bytes([0, low, middle, high]) >> 8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_bytes_cover_their_whole_range() {
        assert_eq!(i24([0xff, 0xff, 0x7f]), 8_388_607);
        assert_eq!(i24([0x00, 0x00, 0x80]), -8_388_608);
        assert_eq!(i24([0xff, 0xff, 0xff]), -1);
        assert_eq!(i24([0x01, 0x02, 0x03]), 0x0003_0201);
    }

    #[test]
    fn every_kind_reads_its_own_bytes_in_both_orders_and_at_any_stride() {
        use SampleKind::{F32, F64, I8, I16, I24, I32, I64, U8, U16, U24, U32, U64};
        for (kind, bytes, expected) in [
            (I8, vec![0xfe], -2.0),
            (U8, vec![0xfe], 254.0),
            (I16, (-300_i16).to_le_bytes().to_vec(), -300.0),
            (U16, 65_000_u16.to_le_bytes().to_vec(), 65_000.0),
            (I24, vec![0xff, 0xff, 0xff], -1.0),
            (U24, vec![0xff, 0xff, 0xff], 16_777_215.0),
            (I32, i32::MIN.to_le_bytes().to_vec(), -2_147_483_648.0),
            (U32, u32::MAX.to_le_bytes().to_vec(), 4_294_967_295.0),
            (I64, (-5_000_000_000_i64).to_le_bytes().to_vec(), -5e9),
            (U64, 5_000_000_000_u64.to_le_bytes().to_vec(), 5e9),
            (F32, 0.1_f32.to_le_bytes().to_vec(), f64::from(0.1_f32)),
            (F64, 0.1_f64.to_le_bytes().to_vec(), 0.1),
        ] {
            assert_eq!(kind.width(), bytes.len());
            for big_endian in [false, true] {
                let mut one = bytes.clone();
                if big_endian {
                    one.reverse();
                }
                for stride in [one.len(), one.len() + 3] {
                    let mut run = Vec::new();
                    for _ in 0..3 {
                        run.extend_from_slice(&one);
                        run.resize(run.len() + stride - one.len(), 0x55);
                    }
                    // What follows the last sample may be missing.
                    run.truncate(2 * stride + one.len());
                    let mut out = Vec::new();
                    Encoding { kind, big_endian }.floats(Run { bytes: &run, stride }, &mut out);
                    assert_eq!(out, [expected; 3], "{kind:?} {big_endian} {stride}");
                }
            }
        }
    }
}
