/// Seconds on the clock that LSL stamps are on: the monotonic one of the machine, so that stamps
/// of all programs on it, liblsl's among them, are comparable without a correction.
#[cfg(unix)]
pub fn now_s() -> f64 {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    now.tv_sec as f64 + now.tv_nsec as f64 * 1e-9
}

/// Seconds on the clock that our stamps are on: since its first use. Stamps of other programs
/// need a clock correction even on the same machine.
#[cfg(not(unix))]
pub fn now_s() -> f64 {
    static START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    START.get_or_init(std::time::Instant::now).elapsed().as_secs_f64()
}
