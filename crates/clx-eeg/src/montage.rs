//! Bipolar derivations: what a channel is the difference of, and how to make one from others.
//!
//! A derivation is `active - reference`. Files have it recorded (`EEG Fpz-Cz`), or it follows from
//! two channels that share a reference: `(Fp1 - A1) - (F3 - A1) = Fp1 - F3`.

use crate::EegError;
use crate::site::{canonical, reference_of};

/// Chains of the longitudinal bipolar montage ("double banana"; ACNS guideline 3, 2016, LB 18.1),
/// left, right and middle.
pub const LONGITUDINAL: [(&str, &str); 18] = [
    ("Fp1", "F7"),
    ("F7", "T7"),
    ("T7", "P7"),
    ("P7", "O1"),
    ("Fp1", "F3"),
    ("F3", "C3"),
    ("C3", "P3"),
    ("P3", "O1"),
    ("Fz", "Cz"),
    ("Cz", "Pz"),
    ("Fp2", "F4"),
    ("F4", "C4"),
    ("C4", "P4"),
    ("P4", "O2"),
    ("Fp2", "F8"),
    ("F8", "T8"),
    ("T8", "P8"),
    ("P8", "O2"),
];

/// Chains of the transverse bipolar montage (ACNS guideline 3, 2016, TB 18.1), front to back.
pub const TRANSVERSE: [(&str, &str); 18] = [
    ("F7", "Fp1"),
    ("Fp1", "Fp2"),
    ("Fp2", "F8"),
    ("F7", "F3"),
    ("F3", "Fz"),
    ("Fz", "F4"),
    ("F4", "F8"),
    ("T7", "C3"),
    ("C3", "Cz"),
    ("Cz", "C4"),
    ("C4", "T8"),
    ("P7", "P3"),
    ("P3", "Pz"),
    ("Pz", "P4"),
    ("P4", "P8"),
    ("P7", "O1"),
    ("O1", "O2"),
    ("O2", "P8"),
];

/// The two sites of a bipolar channel in their standard spelling; `None` for any other name.
///
/// ```
/// use clx_eeg::montage::bipolar;
/// assert_eq!(bipolar("EEG T3-T5"), Some(("T7", "P7")));
/// assert_eq!(bipolar("EEG Fp1-Ref"), None);
/// assert_eq!(bipolar("C3-A2"), None);
/// ```
pub fn bipolar(name: &str) -> Option<(&'static str, &'static str)> {
    let name = name.trim();
    let bare = match name.split_once(char::is_whitespace) {
        Some((word, rest)) if word.eq_ignore_ascii_case("eeg") => rest,
        _ => name,
    };
    let (active, rest) = bare.split_once(['-', '/'])?;
    // A second channel of the same name carries a number: `Fp1-F3-1`.
    let reference = rest.split_once('-').map_or(rest, |(reference, number)| {
        if number.chars().all(|c| c.is_ascii_digit()) { reference } else { rest }
    });
    let (active, reference) = (canonical(active)?, canonical(reference)?);
    (active != reference).then_some((active, reference))
}

/// Where a derivation comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Derivation {
    /// The file has it, perhaps the other way round.
    Recorded { channel: usize, inverted: bool },
    /// The difference of two channels with the same reference.
    Difference { active: usize, reference: usize },
}

impl Derivation {
    /// How the channels called `names` give `active - reference`; `None` when they do not: a site
    /// is missing, or the two have different references (`C3-A2` and `F3-A1`).
    ///
    /// ```
    /// use clx_eeg::montage::Derivation;
    /// let names = ["EEG Fp1-Ref", "EEG F3-Ref", "T3-T5"];
    /// let difference = Derivation::find(&names, "Fp1", "F3");
    /// assert_eq!(difference, Some(Derivation::Difference { active: 0, reference: 1 }));
    /// let recorded = Derivation::find(&names, "P7", "T7");
    /// assert_eq!(recorded, Some(Derivation::Recorded { channel: 2, inverted: true }));
    /// ```
    pub fn find<S: AsRef<str>>(names: &[S], active: &str, reference: &str) -> Option<Self> {
        let (active, reference) = (canonical(active)?, canonical(reference)?);
        for (channel, name) in names.iter().enumerate() {
            match bipolar(name.as_ref()) {
                Some(pair) if pair == (active, reference) => {
                    return Some(Self::Recorded { channel, inverted: false });
                }
                Some(pair) if pair == (reference, active) => {
                    return Some(Self::Recorded { channel, inverted: true });
                }
                _ => {}
            }
        }
        let of = |site| names.iter().position(|n| canonical(n.as_ref()) == Some(site));
        let (active, reference) = (of(active)?, of(reference)?);
        let same = reference_of(names[active].as_ref()) == reference_of(names[reference].as_ref());
        same.then_some(Self::Difference { active, reference })
    }

    /// The samples of the derivation from those of all channels, in their unit.
    ///
    /// # Errors
    /// [`EegError::Picks`] when a channel is missing, [`EegError::Ragged`] when the two differ in length.
    pub fn apply(&self, channels: &[Vec<f32>]) -> Result<Vec<f32>, EegError> {
        let channel = |index: usize| {
            let (expected, got) = (index + 1, channels.len());
            channels.get(index).ok_or(EegError::Picks { expected, got })
        };
        match *self {
            Self::Recorded { channel: index, inverted: false } => Ok(channel(index)?.clone()),
            Self::Recorded { channel: index, inverted: true } => {
                Ok(channel(index)?.iter().map(|x| -x).collect())
            }
            Self::Difference { active, reference } => {
                let (active, reference) = (channel(active)?, channel(reference)?);
                if active.len() != reference.len() {
                    let (left, right) = (active.len(), reference.len());
                    return Err(EegError::Ragged { left, right });
                }
                Ok(active.iter().zip(reference).map(|(a, r)| a - r).collect())
            }
        }
    }
}

/// The derivations of `chain` that the channels called `names` give, with their names (`Fp1-F7`).
pub fn derivations<S: AsRef<str>>(
    names: &[S],
    chain: &[(&str, &str)],
) -> Vec<(String, Derivation)> {
    let of = |&(active, reference): &(&str, &str)| {
        let found = Derivation::find(names, active, reference)?;
        Some((format!("{active}-{reference}"), found))
    };
    chain.iter().filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bipolar_names_of_real_files_are_understood() {
        for (name, expected) in [
            ("EEG Fpz-Cz", Some(("Fpz", "Cz"))),
            ("Pz-Oz", Some(("Pz", "Oz"))),
            ("FP1-F7-1", Some(("Fp1", "F7"))),
            ("T6-O2", Some(("P8", "O2"))),
            ("Fp1", None),
            ("Cz-Cz", None),
            ("EOG left-right", None),
            ("-", None),
        ] {
            assert_eq!(bipolar(name), expected, "{name}");
        }
    }

    #[test]
    fn channels_of_different_references_make_no_derivation() {
        let names = ["C3-A2", "F3-A1", "P3-A2"];
        assert_eq!(Derivation::find(&names, "F3", "C3"), None);
        let found = Derivation::find(&names, "C3", "P3");
        assert_eq!(found, Some(Derivation::Difference { active: 0, reference: 2 }));
        assert_eq!(Derivation::find(&names, "C3", "O1"), None);
    }

    #[test]
    fn a_difference_takes_the_common_reference_out() {
        let reference = [5.0_f32, -3.0, 0.5];
        let (a, b) = ([1.0_f32, 2.0, 4.0], [0.25_f32, 8.0, -2.0]);
        let minus =
            |x: [f32; 3]| vec![x[0] - reference[0], x[1] - reference[1], x[2] - reference[2]];
        let channels = [minus(a), minus(b)];
        let names = ["EEG T3-Ref", "EEG T5-Ref"];
        let found = Derivation::find(&names, "T7", "P7").unwrap();
        assert_eq!(found.apply(&channels).unwrap(), [0.75, -6.0, 6.0]);
        let inverted = Derivation::Recorded { channel: 1, inverted: true };
        assert_eq!(inverted.apply(&channels).unwrap(), [4.75, -11.0, 2.5]);
        assert!(found.apply(&channels[..1]).is_err());
    }

    #[test]
    fn a_full_head_gives_both_chains_whole() {
        let sites = [
            "Fp1", "Fp2", "F7", "F3", "Fz", "F4", "F8", "T3", "C3", "Cz", "C4", "T4", "T5", "P3",
            "Pz", "P4", "T6", "O1", "O2",
        ];
        for chain in [&LONGITUDINAL, &TRANSVERSE] {
            assert_eq!(derivations(&sites, chain).len(), 18);
        }
        assert_eq!(derivations(&sites[..4], &LONGITUDINAL).len(), 2);
    }
}
