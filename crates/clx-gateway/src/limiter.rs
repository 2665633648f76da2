//! A bound on sign-in attempts: the generic cell rate algorithm, one time stamp per key.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Allows `burst` attempts at once and one more every `interval` after that.
#[derive(Debug)]
pub(crate) struct Limiter<K> {
    interval: Duration,
    burst: u32,
    /// When each key has paid for all its attempts; keys of the past are as good as absent.
    paid_until: Mutex<HashMap<K, Instant>>,
}

/// Keys remembered at most. When all are busy the limiter counts strangers as one.
const MAX_KEYS: usize = 10_000;

impl<K: Eq + Hash + Clone + Default> Limiter<K> {
    pub(crate) fn new(burst: u32, interval: Duration) -> Self {
        Self { interval, burst, paid_until: Mutex::new(HashMap::new()) }
    }

    /// Counts an attempt at `now`.
    ///
    /// # Errors
    /// How long to wait, when there were too many; such an attempt is not counted.
    pub(crate) fn attempt(&self, key: &K, now: Instant) -> Result<(), Duration> {
        let mut paid_until = self.paid_until.lock().unwrap_or_else(|poison| poison.into_inner());
        if paid_until.len() >= MAX_KEYS && !paid_until.contains_key(key) {
            paid_until.retain(|_, until| *until > now);
        }
        let full = paid_until.len() >= MAX_KEYS && !paid_until.contains_key(key);
        let key = if full { K::default() } else { key.clone() };
        let until = paid_until.get(&key).copied().unwrap_or(now).max(now);
        let next = until + self.interval;
        let allowed = self.interval * self.burst;
        let debt = next.duration_since(now);
        if debt > allowed {
            return Err(debt - allowed);
        }
        paid_until.insert(key, next);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_then_one_each_interval() {
        let limiter = Limiter::new(3, Duration::from_secs(10));
        let start = Instant::now();
        for _ in 0..3 {
            limiter.attempt(&"a", start).unwrap();
        }
        assert_eq!(limiter.attempt(&"a", start), Err(Duration::from_secs(10)));
        limiter.attempt(&"b", start).unwrap();
        let later = start + Duration::from_secs(10);
        limiter.attempt(&"a", later).unwrap();
        assert_eq!(limiter.attempt(&"a", later), Err(Duration::from_secs(10)));
    }

    #[test]
    fn memory_is_bounded_whoever_knocks() {
        let limiter = Limiter::new(1, Duration::from_secs(10));
        let start = Instant::now();
        for key in 1..=MAX_KEYS + 50 {
            // Refused or not, what counts here is how many are remembered.
            limiter.attempt(&key, start).ok();
        }
        assert!(limiter.paid_until.lock().unwrap().len() <= MAX_KEYS + 1);
    }
}
