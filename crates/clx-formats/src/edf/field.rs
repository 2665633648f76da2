//! Fixed-width text fields of an EDF header.

use jiff::civil::{Date, DateTime, Time};

pub(super) use crate::text::{decode, text};

/// A finite number; a decimal comma is accepted.
pub(super) fn number(field: &[u8]) -> Option<f64> {
    text(field).replace(',', ".").parse::<f64>().ok().filter(|x| x.is_finite())
}

pub(super) fn integer(field: &[u8]) -> Option<i64> {
    text(field).parse().ok()
}

/// Start from `dd.mm.yy` and `hh.mm.ss`; the recording field's `Startdate 02-MAR-2002`, which has
/// all digits of the year, wins over the former.
pub(super) fn start(recording: &str, date: &[u8], time: &[u8]) -> Option<DateTime> {
    let date = long_date(recording).or_else(|| short_date(&text(date)))?;
    let time = clock(&text(time))?;
    Some(date.to_datetime(time))
}

const MONTHS: [&str; 12] =
    ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

/// Date in the second word of an EDF+ recording field.
pub(super) fn long_date(recording: &str) -> Option<Date> {
    let word = recording.strip_prefix("Startdate ")?.split_whitespace().next()?;
    let mut parts = word.split('-');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let month = MONTHS.iter().position(|m| m.eq_ignore_ascii_case(month))? + 1;
    Date::new(year.parse().ok()?, i8::try_from(month).ok()?, day.parse().ok()?).ok()
}

/// `02-MAR-2002`.
pub(super) fn encode_long_date(date: Date) -> String {
    let month = MONTHS[usize::from(date.month().unsigned_abs()) - 1];
    format!("{:02}-{month}-{:04}", date.day(), date.year())
}

/// EDF's two-digit years: 85 to 99 are 1985 to 1999.
fn short_date(field: &str) -> Option<Date> {
    let [day, month, year] = three_numbers(field)?;
    let year = i16::from(year) + if year < 85 { 2000 } else { 1900 };
    Date::new(year, month, day).ok()
}

fn clock(field: &str) -> Option<Time> {
    let [hour, minute, second] = three_numbers(field)?;
    Time::new(hour, minute, second, 0).ok()
}

/// Three numbers of one or two digits; files separate them by `.`, `:`, `-`, `/`, `'` or a space.
fn three_numbers(field: &str) -> Option<[i8; 3]> {
    let mut parts = field.split(['.', ':', '-', '/', '\'', ' ']).filter(|p| !p.is_empty());
    let mut next = || parts.next()?.parse::<i8>().ok().filter(|n| (0..=99).contains(n));
    let numbers = [next()?, next()?, next()?];
    parts.next().is_none().then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_accept_what_real_headers_hold() {
        for (field, expected) in [
            (&b"100     "[..], Some(100.0)),
            (b"-0,5\0\0\0\0", Some(-0.5)),
            (b"1E3", Some(1000.0)),
            (b"        ", None),
            (b"nan", None),
            (b"inf", None),
            (b"12abc", None),
        ] {
            assert_eq!(number(field), expected, "{field:?}");
        }
    }

    #[test]
    fn years_follow_the_1985_rule_and_the_long_date() {
        let at = |recording, date: &str, time: &str| {
            start(recording, date.as_bytes(), time.as_bytes()).map(|s| s.to_string())
        };
        assert_eq!(at("", "29.04.14", "22.19.44").as_deref(), Some("2014-04-29T22:19:44"));
        assert_eq!(at("", "24.04.89", "16.13.00").as_deref(), Some("1989-04-24T16:13:00"));
        assert_eq!(
            at("Startdate 02-MAR-2102 X X X", "02.03.yy", "01:02:03").as_deref(),
            Some("2102-03-02T01:02:03")
        );
        assert_eq!(at("Startdate X X X X", "31.02.20", "00.00.00"), None);
        assert_eq!(at("", "", ""), None);
    }
}
