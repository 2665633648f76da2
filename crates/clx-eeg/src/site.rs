//! Electrode names of the 10-20, 10-10 and 10-05 systems: spelling, places, homologous pairs.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Names and places, made by `site/make_sites.py`.
static SITES: LazyLock<HashMap<String, (&'static str, [f64; 2])>> = LazyLock::new(|| {
    include_str!("site/sites.csv").lines().skip(1).filter_map(parse_row).collect()
});

/// Left and right sites of the 10-20 system that mirror each other.
pub const PAIRS: [(&str, &str); 8] = [
    ("Fp1", "Fp2"),
    ("F7", "F8"),
    ("F3", "F4"),
    ("T7", "T8"),
    ("C3", "C4"),
    ("P7", "P8"),
    ("P3", "P4"),
    ("O1", "O2"),
];

/// What the second half of `Fp1-Ref` is called when it is a reference and not a site.
const REFERENCES: [&str; 22] = [
    "ref", "a1", "a2", "a1a2", "a1+a2", "(a1+a2)", "m1", "m2", "m1m2", "m1+m2", "(m1+m2)", "le",
    "re", "cle", "lm", "rm", "av", "avg", "ar", "car", "g2", "nose",
];

fn parse_row(row: &'static str) -> Option<(String, (&'static str, [f64; 2]))> {
    let mut cells = row.split(',');
    let name = cells.next()?;
    let x = cells.next()?.parse().ok()?;
    let y = cells.next()?.parse().ok()?;
    Some((name.to_lowercase(), (name, [x, y])))
}

/// The standard spelling of a site: `EEG FP1-Ref`, `Fp1.` and `fp1` are `Fp1`, `T3` is `T7`.
///
/// `None` for anything else: a bipolar derivation (`Fpz-Cz`), an earlobe, a number. Numbers of
/// amplifier inputs such as `A1` to `A32` are not sites.
///
/// ```
/// use clx_eeg::site::canonical;
/// assert_eq!(canonical("EEG Fp1-Ref"), Some("Fp1"));
/// assert_eq!(canonical("Fc5."), Some("FC5"));
/// assert_eq!(canonical("T3"), Some("T7"));
/// assert_eq!(canonical("EEG Fpz-Cz"), None);
/// ```
pub fn canonical(name: &str) -> Option<&'static str> {
    lookup(name).map(|site| site.0)
}

/// Place of a site on the unit head seen from above: x to the right, y to the front, radius 1 at
/// the circle through nasion and inion, azimuthal equidistant projection.
///
/// Accepts the spellings of [`canonical`]; `None` for anything that is not one site.
///
/// ```
/// use clx_eeg::position;
/// assert_eq!(position("Cz"), Some([0.0, 0.0]));
/// assert_eq!(position("C3"), Some([-0.4, 0.0]));
/// assert_eq!(position("EEG Fpz-Cz"), None);
/// ```
pub fn position(name: &str) -> Option<[f64; 2]> {
    lookup(name).map(|site| site.1)
}

/// Direction of a site from the centre of a spherical head: unit vector, x to the right, y to the
/// front, z up; Nz, T9 and T10 lie at z = 0.
///
/// Accepts the spellings of [`canonical`]; `None` for anything that is not one site.
///
/// ```
/// use clx_eeg::site::direction;
/// assert_eq!(direction("Cz"), Some([0.0, 0.0, 1.0]));
/// assert_eq!(direction("Nz").map(|d| d[1]), Some(1.0));
/// ```
pub fn direction(name: &str) -> Option<[f64; 3]> {
    let [x, y] = position(name)?;
    let flat = x.hypot(y);
    let (sin, cos) = (flat * std::f64::consts::FRAC_PI_2).sin_cos();
    let share = if flat > 0.0 { sin / flat } else { 0.0 };
    Some([x * share, y * share, cos])
}

/// Whether a site lies over the back of the head, where the alpha rhythm is largest.
pub fn is_posterior(name: &str) -> bool {
    canonical(name).is_some_and(|site| site.starts_with(['P', 'O']))
}

/// The reference that the name of a channel gives, in lower case; empty when it gives none.
pub(crate) fn reference_of(name: &str) -> String {
    let lower = name.trim().to_lowercase();
    let reference = lower.split_once(['-', '/']).map_or("", |(_, reference)| reference);
    // A second channel of the same name carries a number: `F1-Ref-0`.
    let bare = reference.trim_end_matches(|c: char| c == '-' || c.is_ascii_digit());
    let known = REFERENCES.iter().find(|known| reference == **known);
    known.map_or(bare, |known| known).trim_matches(['.', ' ']).to_owned()
}

fn lookup(name: &str) -> Option<(&'static str, [f64; 2])> {
    let lower = name.trim().to_lowercase();
    let bare = lower.strip_prefix("eeg").unwrap_or(&lower);
    let bare = bare.trim_matches(|c: char| c.is_whitespace() || c == '.' || c == ':');
    let site = match bare.split_once(['-', '/']) {
        Some((site, reference)) => {
            let reference = reference.trim();
            // A second channel of the same name carries a number: `F1-1`.
            let numbered = !reference.is_empty() && reference.chars().all(|c| c.is_ascii_digit());
            let known = REFERENCES.contains(&reference.trim_end_matches('.'))
                || reference.starts_with("ref");
            if !(numbered || known) {
                return None;
            }
            site.trim()
        }
        None => bare,
    };
    let site = match site {
        "t3" => "t7",
        "t4" => "t8",
        "t5" => "p7",
        "t6" => "p8",
        other => other,
    };
    SITES.get(site).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_real_files_are_understood() {
        for (name, expected) in [
            ("Fp1", Some("Fp1")),
            ("FP2", Some("Fp2")),
            ("EEG F1-Ref-0", Some("F1")),
            ("EEG F2-Ref", Some("F2")),
            ("C3-A2", Some("C3")),
            ("C3:", Some("C3")),
            ("O2..", Some("O2")),
            ("AFp3h", Some("AFp3h")),
            ("EEG Pz-Oz", None),
            ("A1", None),
            ("", None),
            ("-", None),
            ("EOG horizontal", None),
        ] {
            assert_eq!(canonical(name), expected, "{name}");
        }
    }

    #[test]
    fn head_is_symmetric_and_the_front_is_up() {
        for (left, right) in PAIRS {
            let (l, r) = (position(left).unwrap(), position(right).unwrap());
            assert!((l[0] + r[0]).abs() < 1e-9 && (l[1] - r[1]).abs() < 1e-9 && l[0] < 0.0);
        }
        assert_eq!(position("Fpz"), Some([0.0, 0.8]));
        assert_eq!(position("Oz"), Some([0.0, -0.8]));
        assert_eq!(position("T3"), position("T7"));
    }

    #[test]
    fn table_is_complete_and_inside_the_extended_head() {
        assert!(SITES.len() >= 330, "{}", SITES.len());
        assert!(SITES.values().all(|(_, [x, y])| x.hypot(*y) <= 1.0001));
    }
}
