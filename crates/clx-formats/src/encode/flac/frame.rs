//! One FLAC frame: header, subframes, checksum (RFC 9639 section 9).

use super::bits::{BitWriter, crc8, crc16};
use super::{BLOCK, Format};

const MAX_ORDER: usize = 4;
/// Partitions of a full block: 2^4 of 256 residuals.
const PARTITION_ORDER: u32 = 4;
/// Largest Rice parameter of the short (4 bit) and of the long (5 bit) coding.
const MAX_SHORT: u32 = 14;
const MAX_LONG: u32 = 30;

/// How two channels are stored; the discriminant is the channel field of the frame header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stereo {
    LeftRight = 1,
    LeftSide = 8,
    SideRight = 9,
    MidSide = 10,
}

/// Buffers reused from frame to frame.
#[derive(Debug, Default)]
pub(super) struct FrameCoder {
    bits: BitWriter,
    frame: Vec<u8>,
    mid: Vec<i32>,
    side: Vec<i32>,
    subframe: SubframeCoder,
}

impl FrameCoder {
    /// Encodes one block; every channel has the same length, `1..=BLOCK`.
    pub(super) fn encode(&mut self, format: Format, number: u64, block: &[&[i32]]) -> &[u8] {
        let n = block[0].len();
        self.bits.clear();
        let Self { bits, frame, mid, side, subframe } = self;
        if let [left, right] = *block {
            let stereo = choose_stereo(left, right, mid, side);
            put_header(bits, format, number, n, stereo as u32);
            let wide = format.bits + 1;
            let (first, second) = match stereo {
                Stereo::LeftRight => ((left, format.bits), (right, format.bits)),
                Stereo::LeftSide => ((left, format.bits), (side.as_slice(), wide)),
                Stereo::SideRight => ((side.as_slice(), wide), (right, format.bits)),
                Stereo::MidSide => ((mid.as_slice(), format.bits), (side.as_slice(), wide)),
            };
            subframe.put(bits, first.0, first.1);
            subframe.put(bits, second.0, second.1);
        } else {
            put_header(bits, format, number, n, block.len() as u32 - 1);
            for channel in block {
                subframe.put(bits, channel, format.bits);
            }
        }
        bits.align();
        frame.clear();
        frame.extend_from_slice(bits.bytes());
        frame.extend_from_slice(&crc16(frame).to_be_bytes());
        frame
    }
}

fn put_header(bits: &mut BitWriter, format: Format, number: u64, n: usize, channels: u32) {
    // Sync code and fixed block size.
    bits.put(0xFFF8, 16);
    // 12 = 4096 frames; 7 = a 16 bit length follows.
    bits.put(if n == BLOCK { 12 } else { 7 }, 4);
    bits.put(
        match format.rate_hz {
            44_100 => 9,
            48_000 => 10,
            _ => 0,
        },
        4,
    );
    bits.put(channels, 4);
    bits.put(if format.bits == 16 { 4 } else { 6 }, 3);
    bits.put(0, 1);
    put_number(bits, number);
    if n != BLOCK {
        bits.put(n as u32 - 1, 16);
    }
    let crc = crc8(bits.bytes());
    bits.put(u32::from(crc), 8);
}

/// The frame number in UTF-8's scheme, extended to 36 bits.
fn put_number(bits: &mut BitWriter, number: u64) {
    if number < 0x80 {
        bits.put(number as u32, 8);
        return;
    }
    let mut n_more = 1;
    while number >> (6 * n_more + 6 - n_more) != 0 {
        n_more += 1;
    }
    let lead = (0xFF00_u32 >> (n_more + 1)) & 0xFF;
    bits.put(lead | (number >> (6 * n_more)) as u32, 8);
    for i in (0..n_more).rev() {
        bits.put(0x80 | ((number >> (6 * i)) & 0x3F) as u32, 8);
    }
}

/// Fills `mid` and `side` and picks the pair with the smallest second differences.
fn choose_stereo(left: &[i32], right: &[i32], mid: &mut Vec<i32>, side: &mut Vec<i32>) -> Stereo {
    side.clear();
    side.extend(left.iter().zip(right).map(|(l, r)| l - r));
    mid.clear();
    mid.extend(left.iter().zip(right).map(|(l, r)| (l + r) >> 1));
    let [l, r, m, s] = [left, right, mid.as_slice(), side.as_slice()].map(roughness);
    [
        (l + r, Stereo::LeftRight),
        (l + s, Stereo::LeftSide),
        (s + r, Stereo::SideRight),
        (m + s, Stereo::MidSide),
    ]
    .into_iter()
    .min_by_key(|&(cost, _)| cost)
    .map_or(Stereo::LeftRight, |(_, stereo)| stereo)
}

fn roughness(x: &[i32]) -> u64 {
    if x.len() < 3 {
        return 0;
    }
    let triples = x.iter().zip(&x[1..]).zip(&x[2..]);
    triples.map(|((a, b), c)| u64::from((c - 2 * b + a).unsigned_abs())).sum()
}

/// Sum of absolute values, in short runs of 32 bits that the compiler makes parallel.
///
/// Fourth differences of 25-bit samples stay below 2^29, so eight of them fit.
fn sum_abs(x: &[i32]) -> u64 {
    let mut runs = x.chunks_exact(8);
    let mut sum = 0_u64;
    for run in &mut runs {
        sum += u64::from(run.iter().map(|v| v.unsigned_abs()).sum::<u32>());
    }
    sum + runs.remainder().iter().map(|v| u64::from(v.unsigned_abs())).sum::<u64>()
}

#[derive(Debug, Default)]
struct SubframeCoder {
    /// `differences[k]`: the k-th difference of the channel, at the channel's own indices.
    differences: [Vec<i32>; MAX_ORDER + 1],
    folded: Vec<u32>,
}

struct Plan {
    partition_order: u32,
    parameters: Vec<u32>,
    n_bits: u64,
}

impl SubframeCoder {
    fn put(&mut self, bits: &mut BitWriter, x: &[i32], width: u32) {
        if x.iter().all(|&v| v == x[0]) {
            bits.put(0, 8);
            bits.put_signed(x[0], width);
            return;
        }
        let order = self.choose_order(x);
        self.fold(order);
        let plan = self.plan(x.len(), order);
        if plan.n_bits + (order as u64) * u64::from(width) >= x.len() as u64 * u64::from(width) {
            bits.put(1 << 1, 8);
            x.iter().for_each(|&v| bits.put_signed(v, width));
            return;
        }
        bits.put((8 + order as u32) << 1, 8);
        x[..order].iter().for_each(|&v| bits.put_signed(v, width));
        self.put_residual(bits, &plan, x.len(), order);
    }

    /// Computes all differences and returns the order with the smallest sum of absolute values.
    fn choose_order(&mut self, x: &[i32]) -> usize {
        self.differences[0].clear();
        self.differences[0].extend_from_slice(x);
        for k in 1..=MAX_ORDER {
            let (done, rest) = self.differences.split_at_mut(k);
            let (before, now) = (&done[k - 1], &mut rest[0]);
            now.clear();
            now.push(0);
            now.extend(before.windows(2).map(|w| w[1] - w[0]));
        }
        let from = MAX_ORDER.min(x.len());
        let cost = |k: usize| sum_abs(&self.differences[k][from..]);
        (0..=from.min(x.len() - 1)).min_by_key(|&k| cost(k)).unwrap_or(0)
    }

    /// Residuals as unsigned numbers: 0, -1, 1, -2 … become 0, 1, 2, 3 …
    fn fold(&mut self, order: usize) {
        let residual = &self.differences[order][order..];
        self.folded.clear();
        self.folded.extend(residual.iter().map(|&v| ((v << 1) ^ (v >> 31)) as u32));
    }

    fn plan(&self, n: usize, order: usize) -> Plan {
        let partition_order = if n == BLOCK { PARTITION_ORDER } else { 0 };
        let mut parameters = Vec::with_capacity(1 << partition_order);
        let mut n_bits = 6;
        for partition in partitions(&self.folded, n, order, partition_order) {
            let (k, cost) = best_parameter(partition);
            parameters.push(k);
            n_bits += cost + 5;
        }
        Plan { partition_order, parameters, n_bits }
    }

    fn put_residual(&self, bits: &mut BitWriter, plan: &Plan, n: usize, order: usize) {
        let long = plan.parameters.iter().any(|&k| k > MAX_SHORT);
        bits.put(u32::from(long), 2);
        bits.put(plan.partition_order, 4);
        let parts = partitions(&self.folded, n, order, plan.partition_order);
        for (partition, &k) in parts.zip(&plan.parameters) {
            bits.put(k, if long { 5 } else { 4 });
            partition.iter().for_each(|&v| bits.put_rice(v, k));
        }
    }
}

/// Cuts the residual; the first partition is shorter by the warm-up samples.
fn partitions(
    folded: &[u32],
    n: usize,
    order: usize,
    partition_order: u32,
) -> impl Iterator<Item = &[u32]> {
    let size = n >> partition_order;
    (0..1_usize << partition_order).map(move |p| {
        let from = (p * size).saturating_sub(order);
        &folded[from..(p + 1) * size - order]
    })
}

/// The Rice parameter near log2 of the mean that codes the partition in the fewest bits.
fn best_parameter(partition: &[u32]) -> (u32, u64) {
    let n = partition.len() as u64;
    let sum: u64 = partition.iter().map(|&v| u64::from(v)).sum();
    // The best parameter of a geometric distribution is floor(log2(mean × ln 2)) or one more.
    let start = (sum * 177 / 256 / n.max(1)).max(1).ilog2().min(MAX_LONG - 1);
    let cost = |k: u32| {
        let quotients: u64 = partition.iter().map(|&v| u64::from(v >> k)).sum();
        (k, quotients + n * u64::from(k + 1))
    };
    let (low, high) = (cost(start), cost(start + 1));
    if low.1 <= high.1 { low } else { high }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number_bytes(number: u64) -> Vec<u8> {
        let mut bits = BitWriter::default();
        put_number(&mut bits, number);
        bits.bytes().to_vec()
    }

    #[test]
    fn frame_numbers_use_the_scheme_of_utf_8() {
        for point in [0x7F_u32, 0x80, 0x7FF, 0x800, 0xFFFD, 0x1_0000, 0x10_FFFF] {
            let expected = char::from_u32(point).unwrap().to_string().into_bytes();
            assert_eq!(number_bytes(u64::from(point)), expected, "{point:x}");
        }
        // RFC 9639 table 18: 31 bits take six bytes with a lead of 1111110x.
        assert_eq!(number_bytes(0x7FFF_FFFF), [0xFD, 0xBF, 0xBF, 0xBF, 0xBF, 0xBF]);
    }

    #[test]
    fn identical_channels_cost_one_channel() {
        let x: Vec<i32> = (0..BLOCK as i32).map(|i| (i * 7919) % 2000 - 1000).collect();
        let (mut mid, mut side) = (Vec::new(), Vec::new());
        let stereo = choose_stereo(&x, &x, &mut mid, &mut side);
        assert!(matches!(stereo, Stereo::LeftSide | Stereo::SideRight | Stereo::MidSide));
        assert!(side.iter().all(|&v| v == 0));
    }
}
