//! What a channel label and a unit field mean: clean unique names, kinds, factors to volts.

use std::collections::HashSet;

use clx_signal::{ChannelInfo, ChannelKind, Unit};

/// The unit of a dimension field and the factor from it to the unit samples are given in.
pub(crate) fn unit(field: &str) -> (Unit, f64) {
    let factor = match field {
        "V" | "v" | "volt" | "volts" => 1.0,
        "mV" | "mv" | "millivolt" | "millivolts" => 1e-3,
        // Greek mu, micro sign, and the Shift-JIS mu of Japanese amplifiers read as Latin-1.
        "uV" | "uv" | "UV" | "\u{3bc}V" | "\u{b5}V" | "\u{83}\u{ca}V" | "microvolt"
        | "microvolts" => 1e-6,
        "nV" | "nv" | "nanovolts" => 1e-9,
        _ => return (Unit::Other(field.to_owned()), 1.0),
    };
    (Unit::Volt, factor)
}

/// Name of a channel: the label without the word `EEG`, a reference suffix or trailing dots.
///
/// Bipolar derivations (`Fpz-Cz`) and other words (`EOG horizontal`) stay as they are.
pub(crate) fn name(label: &str) -> String {
    let label = label.trim();
    let bare = strip_word(label, "EEG").or_else(|| strip_word(label, "POL")).unwrap_or(label);
    let bare = strip_reference(bare.trim_end_matches('.').trim_end());
    if bare.is_empty() { label.to_owned() } else { bare.to_owned() }
}

/// Gives every channel the clean unique name of its label.
pub(crate) fn name_all(channels: &mut [ChannelInfo]) {
    let mut names: Vec<String> = channels.iter().map(|channel| name(&channel.label)).collect();
    unique(&mut names);
    for (channel, name) in channels.iter_mut().zip(names) {
        channel.name = name;
    }
}

/// `names` made unique: the second `Fp1` becomes `Fp1-1`, the third `Fp1-2`.
pub(crate) fn unique(names: &mut [String]) {
    let mut taken: HashSet<String> = HashSet::new();
    let mut next: std::collections::HashMap<String, usize> = std::collections::HashMap::new();
    for name in names {
        if name.is_empty() {
            "channel".clone_into(name);
        }
        let base = name.clone();
        while !taken.insert(name.clone()) {
            let n = next.entry(base.clone()).or_insert(0);
            *n += 1;
            *name = format!("{base}-{n}");
        }
    }
}

/// What a channel most likely measures, from its label and unit.
pub(crate) fn kind(label: &str, unit: &Unit) -> ChannelKind {
    let label = label.trim().to_lowercase();
    if label.contains("trig") {
        return ChannelKind::Stim;
    }
    for (kind, starts) in STARTS {
        if starts.iter().any(|start| label.starts_with(start)) {
            return *kind;
        }
    }
    if label.starts_with("eeg") || *unit == Unit::Volt || is_electrode(&name(&label)) {
        ChannelKind::Eeg
    } else {
        ChannelKind::Misc
    }
}

/// Lower-case beginnings of labels that are not EEG, in the order they are tried.
const STARTS: &[(ChannelKind, &[&str])] = &[
    (ChannelKind::Stim, &["status", "stim", "sti ", "marker", "event"]),
    (ChannelKind::Eog, &["eog", "veog", "heog", "loc", "roc", "e1-", "e2-"]),
    (ChannelKind::Ecg, &["ecg", "ekg"]),
    (ChannelKind::Emg, &["emg", "chin", "leg", "tib"]),
    (ChannelKind::Resp, &["resp", "flow", "airflow", "nasal", "thor", "abdo", "chest", "effort"]),
    (
        ChannelKind::Misc,
        &[
            "exg", "aux", "gsr", "eda", "erg", "ana", "plet", "temp", "light", "spo2", "sao2",
            "pulse", "pos", "snore", "acc", "gyro", "dc", "bat", "hr", "ref",
        ],
    ),
];

/// Whether `name` is an electrode of the 10-20, 10-10 or 10-05 system, or a BioSemi `A1`..`H32`.
fn is_electrode(name: &str) -> bool {
    let name = name.to_lowercase();
    let letters = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == 'h' || c == 'z');
    let rest = &name[letters.len()..];
    let known = matches!(
        letters,
        "fp" | "af"
            | "aff"
            | "f"
            | "ff"
            | "fft"
            | "ffc"
            | "ft"
            | "ftt"
            | "fc"
            | "fcc"
            | "t"
            | "ttp"
            | "c"
            | "ccp"
            | "cp"
            | "cpp"
            | "tp"
            | "tpp"
            | "p"
            | "pp"
            | "ppo"
            | "po"
            | "poo"
            | "o"
            | "oi"
            | "i"
            | "a"
            | "m"
            | "n"
            | "b"
    );
    known && !rest.is_empty() && rest.len() <= 3
}

/// `label` without the leading word, if something is left after it.
fn strip_word<'a>(label: &'a str, word: &str) -> Option<&'a str> {
    let (first, rest) = label.split_once(char::is_whitespace)?;
    let rest = rest.trim_start();
    (first.eq_ignore_ascii_case(word) && !rest.is_empty()).then_some(rest)
}

/// `name` without a suffix that names a common reference rather than a second electrode.
fn strip_reference(name: &str) -> &str {
    const REFERENCES: [&str; 5] = ["ref", "le", "avg", "av", "ar"];
    match name.rsplit_once('-') {
        Some((active, reference))
            if REFERENCES.iter().any(|r| reference.trim().eq_ignore_ascii_case(r)) =>
        {
            active.trim_end()
        }
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_real_recordings_become_clean_names() {
        for (label, expected) in [
            ("EEG Fp1-Ref", "Fp1"),
            ("EEG FP1-LE", "FP1"),
            ("Fc5.", "Fc5"),
            ("Cz..", "Cz"),
            ("EEG Fpz-Cz", "Fpz-Cz"),
            ("EOG horizontal", "EOG horizontal"),
            ("POL E", "E"),
            ("EEG", "EEG"),
            ("...", "..."),
            ("  A1  ", "A1"),
        ] {
            assert_eq!(name(label), expected, "{label}");
        }
    }

    #[test]
    fn duplicate_names_get_numbers_that_are_free() {
        let mut names: Vec<String> = ["F1", "F1-1", "F1", "F1", "", ""].map(str::to_owned).to_vec();
        unique(&mut names);
        assert_eq!(names, ["F1", "F1-1", "F1-2", "F1-3", "channel", "channel-1"]);
    }

    #[test]
    fn kinds_follow_label_then_unit() {
        use ChannelKind::*;
        let volt = Unit::Volt;
        let none = Unit::Other(String::new());
        for (label, unit, expected) in [
            ("EEG Fp1", &volt, Eeg),
            ("A1", &volt, Eeg),
            ("Fpz-Cz", &volt, Eeg),
            ("C3", &none, Eeg),
            ("EOG horizontal", &volt, Eog),
            ("ECG II", &volt, Ecg),
            ("EMG submental", &volt, Emg),
            ("Resp oro-nasal", &none, Resp),
            ("Temp rectal", &none, Misc),
            ("Event marker", &none, Stim),
            ("Status", &none, Stim),
            ("DIG DTRIG", &volt, Stim),
            ("EXG1", &volt, Misc),
            ("Anything", &none, Misc),
        ] {
            assert_eq!(kind(label, unit), expected, "{label}");
        }
    }

    #[test]
    fn units_scale_to_volts_and_unknown_ones_stay() {
        assert_eq!(unit("uV"), (Unit::Volt, 1e-6));
        assert_eq!(unit("\u{b5}V"), (Unit::Volt, 1e-6));
        assert_eq!(unit("mV"), (Unit::Volt, 1e-3));
        assert_eq!(unit("DegC"), (Unit::Other("DegC".to_owned()), 1.0));
    }
}
