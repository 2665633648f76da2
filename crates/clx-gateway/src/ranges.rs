//! Byte ranges of stored content (RFC 9110 section 14) and the headers of a download.

use http::HeaderMap;
use http::header::{IF_RANGE, RANGE};

use crate::problem::Problem;

/// A stretch of bytes, end not included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ByteRange {
    pub(crate) start: u64,
    pub(crate) end: u64,
}

/// The part of the content that is asked for, or `None` for all of it.
///
/// Several ranges at once, other units and malformed values are answered with the whole, as the
/// standard allows; so is a range whose `If-Range` names another version.
///
/// # Errors
/// 416 when the range starts behind the last byte.
pub(crate) fn requested(
    headers: &HeaderMap,
    size_bytes: u64,
    etag: &str,
) -> Result<Option<ByteRange>, Problem> {
    let Some(range) = headers.get(RANGE).and_then(|value| value.to_str().ok()) else {
        return Ok(None);
    };
    if let Some(version) = headers.get(IF_RANGE)
        && version.to_str().ok().map(|version| version.trim().trim_matches('"')) != Some(etag)
    {
        return Ok(None);
    }
    match parse(range, size_bytes) {
        Parsed::Whole => Ok(None),
        Parsed::Part(part) => Ok(Some(part)),
        Parsed::Outside => Err(Problem::range_not_satisfiable(size_bytes)),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Parsed {
    Whole,
    Part(ByteRange),
    Outside,
}

fn parse(range: &str, size_bytes: u64) -> Parsed {
    let Some((first, last)) = range.trim().strip_prefix("bytes=").and_then(|r| r.split_once('-'))
    else {
        return Parsed::Whole;
    };
    let (first, last) = (first.trim(), last.trim());
    if first.is_empty() {
        return match digits(last) {
            None => Parsed::Whole,
            Some(0) => Parsed::Outside,
            Some(_) if size_bytes == 0 => Parsed::Outside,
            Some(n) => {
                Parsed::Part(ByteRange { start: size_bytes.saturating_sub(n), end: size_bytes })
            }
        };
    }
    let Some(start) = digits(first) else { return Parsed::Whole };
    let end = match (last.is_empty(), digits(last)) {
        (true, _) => size_bytes,
        (false, Some(last)) if last >= start => last.saturating_add(1).min(size_bytes),
        (false, _) => return Parsed::Whole,
    };
    if start >= size_bytes { Parsed::Outside } else { Parsed::Part(ByteRange { start, end }) }
}

/// Plain digits only: `parse` alone would take a sign as well.
fn digits(text: &str) -> Option<u64> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// `Content-Disposition` that makes a browser save the content as `filename`.
///
/// The name came from a stranger: the plain form keeps letters, digits and `.-_ ` and nothing that
/// could end the quoted string or the header; the extended form (RFC 8187) carries the rest.
pub(crate) fn attachment(filename: &str) -> String {
    let name = filename.rsplit(['/', '\\']).next().unwrap_or(filename);
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || ".-_ ".contains(c) { c } else { '_' })
        .take(150)
        .collect();
    let plain = if plain.trim_matches(['.', ' ', '_']).is_empty() { "download" } else { &plain };
    let mut extended = String::new();
    for byte in name.chars().filter(|c| !c.is_control()).take(150).collect::<String>().bytes() {
        // attr-char of RFC 8187.
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            extended.push(char::from(byte));
        } else {
            extended.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{extended}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(start: u64, end: u64) -> Parsed {
        Parsed::Part(ByteRange { start, end })
    }

    /// The cases of RFC 9110 section 14.1.2 on a content of 10 000 bytes, and the odd ones.
    #[test]
    fn ranges_follow_the_standard() {
        let check = |range, expected| assert_eq!(parse(range, 10_000), expected, "{range}");
        check("bytes=0-499", part(0, 500));
        check("bytes=500-999", part(500, 1000));
        check("bytes=-500", part(9500, 10_000));
        check("bytes=9500-", part(9500, 10_000));
        check("bytes=0-0", part(0, 1));
        check("bytes=-1", part(9999, 10_000));
        check("bytes=0-999999", part(0, 10_000));
        check("bytes=-99999", part(0, 10_000));
        check("bytes=10000-", Parsed::Outside);
        check("bytes=-0", Parsed::Outside);
        check("bytes=5-4", Parsed::Whole);
        check("bytes=0-0,-1", Parsed::Whole);
        check("items=0-5", Parsed::Whole);
        check("bytes=+1-5", Parsed::Whole);
        check("bytes=99999999999999999999-", Parsed::Whole);
        check("bytes=-", Parsed::Whole);
    }

    #[test]
    fn an_empty_content_has_no_range() {
        assert_eq!(parse("bytes=0-", 0), Parsed::Outside);
        assert_eq!(parse("bytes=-5", 0), Parsed::Outside);
    }

    #[test]
    fn if_range_of_another_version_gives_the_whole() {
        let mut headers = HeaderMap::new();
        headers.insert(RANGE, "bytes=0-9".parse().unwrap());
        headers.insert(IF_RANGE, "\"old\"".parse().unwrap());
        assert_eq!(requested(&headers, 100, "new").unwrap(), None);
        assert_eq!(requested(&headers, 100, "old").unwrap(), Some(ByteRange { start: 0, end: 10 }));
    }

    #[test]
    fn hostile_names_cannot_leave_the_header() {
        let check = |name, plain: &str| {
            let header = attachment(name);
            assert!(header.starts_with(&format!("attachment; filename=\"{plain}\";")), "{header}");
            assert!(header.is_ascii() && !header.contains(['\r', '\n']), "{header:?}");
            http::HeaderValue::from_str(&header).unwrap();
        };
        check("a.edf", "a.edf");
        check("../../etc/passwd", "passwd");
        check("C:\\x\\evil.bat", "evil.bat");
        check("a\"; filename=\"b.exe", "a__ filename__b.exe");
        check("a\r\nSet-Cookie: x=1", "a__Set-Cookie_ x_1");
        check("..", "download");
        check("", "download");
        check("gjurmë.edf", "gjurm_.edf");
    }

    #[test]
    fn unicode_names_are_kept_in_the_extended_form() {
        // "ë" is C3 AB in UTF-8.
        assert!(attachment("gjurmë.edf").ends_with("filename*=UTF-8''gjurm%C3%AB.edf"));
    }
}
