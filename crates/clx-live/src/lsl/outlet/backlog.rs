use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use super::Values;

/// Pieces that one reading takes at most.
const MAX_PIECES: usize = 256;

/// Samples that were pushed together.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    /// Number of the first sample.
    pub(crate) first: u64,
    pub(crate) n: usize,
    pub(crate) values: Values,
    /// One for each sample, or only that of the first.
    pub(crate) stamps_s: Vec<f64>,
}

/// The newest samples of an outlet, read by every inlet at its own pace. Bounded by samples and by
/// bytes, however many inlets there are.
#[derive(Debug)]
pub(crate) struct Backlog {
    kept: Mutex<Kept>,
    max_samples: u64,
    max_bytes: usize,
}

#[derive(Debug, Default)]
struct Kept {
    pieces: VecDeque<Arc<Piece>>,
    end: u64,
    bytes: usize,
}

/// What an inlet gets next.
#[derive(Debug)]
pub(crate) struct Due {
    pub(crate) pieces: Vec<Arc<Piece>>,
    /// Where it goes on.
    pub(crate) next: u64,
    pub(crate) n_lost: u64,
}

impl Backlog {
    pub(crate) fn new(max_samples: u64, max_bytes: usize) -> Self {
        Self { kept: Mutex::default(), max_samples, max_bytes }
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        // A panic while it is held would leave whole pieces behind.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Number that the next sample will get.
    pub(crate) fn end(&self) -> u64 {
        self.kept().end
    }

    /// Appends a piece, drops what is too old, and returns the new end.
    pub(crate) fn push(&self, mut piece: Piece) -> u64 {
        let mut kept = self.kept();
        piece.first = kept.end;
        kept.end += piece.n as u64;
        kept.bytes += size(&piece);
        kept.pieces.push_back(Arc::new(piece));
        let oldest_kept = kept.end.saturating_sub(self.max_samples);
        // The newest piece stays, however large.
        while kept.pieces.len() > 1
            && (kept.bytes > self.max_bytes || kept.pieces[0].first < oldest_kept)
        {
            if let Some(old) = kept.pieces.pop_front() {
                kept.bytes -= size(&old);
            }
        }
        kept.end
    }

    /// Whole pieces from sample number `from` on, for an inlet that wants no more than `max_lag`
    /// samples kept.
    pub(crate) fn since(&self, from: u64, max_lag: u64) -> Due {
        let kept = self.kept();
        let wanted = from.max(kept.end.saturating_sub(max_lag));
        let at = kept.pieces.partition_point(|piece| piece.first < wanted);
        // A piece is not cut, so one that has begun too early is lost; the newest never is.
        let at = at.min(kept.pieces.len().saturating_sub(1));
        let due = kept.pieces.range(at..).filter(|piece| piece.first >= from);
        let pieces: Vec<Arc<Piece>> = due.take(MAX_PIECES).map(Arc::clone).collect();
        let start = pieces.first().map_or(from, |piece| piece.first);
        let next = pieces.last().map_or(from, |piece| piece.first + piece.n as u64);
        Due { pieces, next, n_lost: start - from }
    }
}

fn size(piece: &Piece) -> usize {
    piece.values.size_bytes() + size_of_val(&piece.stamps_s[..]) + size_of::<Piece>()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(n: usize) -> Piece {
        Piece { first: 0, n, values: Values::Int8(vec![0; n]), stamps_s: vec![0.0] }
    }

    fn firsts(due: &Due) -> Vec<u64> {
        due.pieces.iter().map(|p| p.first).collect()
    }

    #[test]
    fn readers_of_different_pace_get_every_piece_once() {
        let backlog = Backlog::new(100, usize::MAX);
        backlog.push(piece(3));
        backlog.push(piece(2));
        let due = backlog.since(0, 100);
        assert_eq!((firsts(&due), due.next, due.n_lost), (vec![0, 3], 5, 0));
        let nothing = backlog.since(5, 100);
        assert_eq!((nothing.pieces.len(), nothing.next, nothing.n_lost), (0, 5, 0));
        assert_eq!(firsts(&backlog.since(3, 100)), [3]);
    }

    #[test]
    fn who_is_late_loses_the_oldest_and_is_told() {
        let backlog = Backlog::new(10, usize::MAX);
        (0..10).for_each(|_| {
            backlog.push(piece(4));
        });
        let due = backlog.since(0, 1000);
        assert_eq!((firsts(&due), due.next, due.n_lost), (vec![32, 36], 40, 32));
        assert_eq!(firsts(&backlog.since(0, 5)), [36]);
    }

    #[test]
    fn bytes_are_bounded_too_but_for_the_newest_piece() {
        let backlog = Backlog::new(u64::MAX, 1000);
        (0..10).for_each(|_| {
            backlog.push(piece(300));
        });
        assert_eq!(firsts(&backlog.since(0, u64::MAX)).len(), 2);
        backlog.push(piece(5000));
        assert_eq!(firsts(&backlog.since(0, u64::MAX)), [3000]);
    }
}
