//! Times of rows: numbers of some unit, or dates.

use jiff::civil::{DateTime, Time};

/// Seconds since 1970 of a date with time (its zone left out), or since midnight of a time alone.
pub(super) fn civil_s(text: &str) -> Option<f64> {
    let text = text.trim().trim_matches('"');
    if !text.contains(':') || !text.is_ascii() {
        return None;
    }
    if let Some(date) = civil(text) {
        let since = date.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
        return Some(since.as_second() as f64 + f64::from(since.subsec_nanosecond()) * 1e-9);
    }
    let time: Time = text.parse().ok()?;
    let of_day = f64::from(time.hour()) * 3600.0 + f64::from(time.minute()) * 60.0;
    Some(of_day + f64::from(time.second()) + f64::from(time.subsec_nanosecond()) * 1e-9)
}

/// `2017-11-02 12:33:05.090`, also with `T`, a zone behind it, or slashes.
pub(super) fn civil(text: &str) -> Option<DateTime> {
    let text = text.trim().trim_matches('"').replace('/', "-");
    let (date, time) = text.split_once(['T', ' '])?;
    let time = time.trim_end_matches('Z');
    let time = time.split(['+', '-']).next().unwrap_or(time).trim();
    format!("{date}T{time}").parse().ok()
}

/// The unit of numbers that are seconds since 1970 in some unit, by their size: seconds since then
/// are about 1.5e9 nowadays.
pub(super) fn epoch_unit_s(value: f64) -> Option<f64> {
    match value {
        5e8..5e9 => Some(1.0),
        5e11..5e12 => Some(1e-3),
        5e14..5e15 => Some(1e-6),
        5e17..5e18 => Some(1e-9),
        _ => None,
    }
}

/// Date and time of seconds since 1970, in UTC.
pub(super) fn epoch_civil(seconds: f64) -> Option<String> {
    let micros = (seconds * 1e6).round();
    let stamp = jiff::Timestamp::from_microsecond(micros as i64).ok()?;
    Some(stamp.to_zoned(jiff::tz::TimeZone::UTC).datetime().to_string())
}

/// Rates at which devices run. Half a percent, the error of a clock read over some seconds, apart
/// from each other at least.
const DEVICE_RATES_HZ: &[f64] = &[
    1.0, 2.0, 4.0, 5.0, 8.0, 10.0, 16.0, 20.0, 25.0, 30.0, 32.0, 40.0, 50.0, 52.0, 60.0, 64.0,
    80.0, 100.0, 120.0, 125.0, 128.0, 160.0, 200.0, 220.0, 240.0, 250.0, 256.0, 300.0, 400.0,
    500.0, 512.0, 600.0, 1000.0, 1024.0, 1200.0, 2000.0, 2048.0, 2400.0, 4000.0, 4096.0, 5000.0,
    8192.0, 10000.0,
];

/// A rate measured from time stamps, put on the device's nominal one where there is one near.
pub(super) fn nominal_hz(measured_hz: f64) -> f64 {
    let near = |hz: &f64| (measured_hz / hz - 1.0).abs() <= 0.005;
    DEVICE_RATES_HZ.iter().copied().find(near).unwrap_or(measured_hz)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_times_of_day_become_seconds() {
        // 2017-11-02T00:00:00Z is 1509580800 (date -u +%s).
        for text in
            ["2017-11-02 12:33:05.090", "2017-11-02T12:33:05.090Z", "2017/11/02 12:33:05.09"]
        {
            assert!((civil_s(text).unwrap() - 1_509_625_985.09).abs() < 1e-6, "{text}");
        }
        assert!((civil_s("12:00:53.329").unwrap() - 43_253.329).abs() < 1e-9);
        assert_eq!(civil_s("25:00:00"), None);
        assert_eq!(civil_s("noon"), None);
        assert_eq!(epoch_civil(1_509_625_985.09).unwrap(), "2017-11-02T12:33:05.09");
    }

    #[test]
    fn measured_rates_snap_to_devices() {
        assert_eq!(nominal_hz(256.04), 256.0);
        assert_eq!(nominal_hz(249.2), 250.0);
        assert_eq!(nominal_hz(173.61), 173.61);
    }
}
