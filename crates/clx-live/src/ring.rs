//! The last seconds of a stream: a ring of multichannel samples that never grows.

use std::collections::VecDeque;

use crate::LiveError;

/// Most samples that a ring may hold, all channels together: 512 MiB.
pub const MAX_RING_SAMPLES: usize = 1 << 27;

/// A bounded buffer of multichannel samples. When it is full the oldest make room, and are counted.
///
/// Samples are numbered from the start of the stream, so that readers of different speed each keep
/// their own place and learn how many they missed.
///
/// ```
/// use clx_live::Ring;
/// let mut ring = Ring::new(1, 4)?;
/// ring.push(&[vec![1.0, 2.0, 3.0, 4.0, 5.0]])?;
/// let read = ring.read_from(0, 2);
/// assert_eq!((read.first, read.n_missed), (1, 1)); // sample 0 is gone
/// assert_eq!(read.channels, [[2.0, 3.0]]);
/// assert_eq!(ring.latest(2), [[4.0, 5.0]]);
/// # Ok::<(), clx_live::LiveError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Ring {
    channels: Vec<VecDeque<f32>>,
    capacity: usize,
    /// Number of the sample that comes next.
    end: u64,
}

/// What [`Ring::read_from`] found.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    /// Number of the first sample returned.
    pub first: u64,
    /// Samples that had been asked for and were overwritten before.
    pub n_missed: u64,
    /// `n_channels × n_samples`.
    pub channels: Vec<Vec<f32>>,
}

impl Ring {
    /// A ring of `n_channels` that holds `capacity` samples of each.
    ///
    /// # Errors
    /// [`LiveError::Parameter`] for no channel, no capacity, or more than [`MAX_RING_SAMPLES`].
    pub fn new(n_channels: usize, capacity: usize) -> Result<Self, LiveError> {
        let total = n_channels.checked_mul(capacity);
        if !total.is_some_and(|n| (1..=MAX_RING_SAMPLES).contains(&n)) {
            return Err(LiveError::Parameter {
                name: "size of the ring",
                expected: "at least one sample of one channel and at most 2^27 in all",
                got: format!("{n_channels} channels of {capacity}"),
            });
        }
        let channels = vec![VecDeque::with_capacity(capacity); n_channels];
        Ok(Self { channels, capacity, end: 0 })
    }

    /// Appends a block; the oldest samples make room.
    ///
    /// # Errors
    /// [`LiveError::Block`] for another number of channels or unequal lengths; nothing is taken then.
    pub fn push(&mut self, block: &[Vec<f32>]) -> Result<(), LiveError> {
        let n = block_len(block, self.channels.len())?;
        let fresh = n.min(self.capacity);
        for (ring, x) in self.channels.iter_mut().zip(block) {
            let old = (ring.len() + fresh).saturating_sub(self.capacity);
            ring.drain(..old);
            ring.extend(&x[n - fresh..]);
        }
        self.end += n as u64;
        Ok(())
    }

    /// Number of the oldest sample held; equals [`Ring::end`] while empty.
    pub fn start(&self) -> u64 {
        self.end - self.channels.first().map_or(0, VecDeque::len) as u64
    }

    /// Number that the next sample will get: how many came in so far.
    pub fn end(&self) -> u64 {
        self.end
    }

    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// At most `max` samples from number `first` on, or from the oldest held if `first` is gone.
    pub fn read_from(&self, first: u64, max: usize) -> Read {
        let start = self.start();
        let from = first.clamp(start, self.end);
        let at = (from - start) as usize;
        let n = max.min((self.end - from) as usize);
        let channels = self.channels.iter().map(|x| x.range(at..at + n).copied().collect());
        Read { first: from, n_missed: start.saturating_sub(first), channels: channels.collect() }
    }

    /// The newest `n` samples, or all that are held.
    pub fn latest(&self, n: usize) -> Vec<Vec<f32>> {
        self.read_from(self.end.saturating_sub(n as u64), n).channels
    }
}

/// Samples per channel of a block of `n_channels`.
pub(crate) fn block_len(block: &[Vec<f32>], n_channels: usize) -> Result<usize, LiveError> {
    let n = block.first().map_or(0, Vec::len);
    if block.len() == n_channels && block.iter().all(|x| x.len() == n) {
        return Ok(n);
    }
    let lengths: Vec<usize> = block.iter().take(8).map(Vec::len).collect();
    let got = format!("{} channels of {lengths:?} samples", block.len());
    Err(LiveError::Block { expected: n_channels, got })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_ring_without_bounds_is_refused() {
        for (channels, capacity) in [(0, 10), (10, 0), (usize::MAX, 2), (1 << 14, 1 << 14)] {
            assert!(Ring::new(channels, capacity).is_err(), "{channels} x {capacity}");
        }
    }

    #[test]
    fn a_ragged_block_is_refused_and_leaves_the_ring_as_it_was() {
        let mut ring = Ring::new(2, 4).unwrap();
        for block in [vec![vec![1.0]], vec![vec![1.0], vec![]], vec![vec![]; 3]] {
            assert!(ring.push(&block).is_err());
        }
        assert_eq!(ring.end(), 0);
    }

    #[test]
    fn reading_past_the_end_gives_nothing() {
        let mut ring = Ring::new(1, 4).unwrap();
        ring.push(&[vec![1.0]]).unwrap();
        let read = ring.read_from(9, 5);
        assert_eq!((read.first, read.n_missed), (1, 0));
        assert!(read.channels[0].is_empty());
    }

    proptest! {
        #[test]
        fn whatever_the_blocks_the_newest_samples_are_held(
            sizes in prop::collection::vec(0_usize..40, 0..20), capacity in 1_usize..30,
        ) {
            let mut ring = Ring::new(1, capacity).unwrap();
            let mut all: Vec<f32> = Vec::new();
            for n in sizes {
                let block: Vec<f32> = (0..n).map(|i| (all.len() + i) as f32).collect();
                all.extend(&block);
                ring.push(&[block]).unwrap();
            }
            let kept = all.len().min(capacity);
            prop_assert_eq!(&ring.latest(capacity)[0], &all[all.len() - kept..]);
            prop_assert_eq!(ring.start(), (all.len() - kept) as u64);
            prop_assert_eq!(ring.read_from(0, 0).n_missed, ring.start());
        }
    }
}
