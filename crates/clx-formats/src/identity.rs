/// Fields of a recording that point to a person. Dropped on ingest unless kept on purpose.
///
/// No `Debug` output of the contents: these must not end up in a log.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Identity {
    /// Patient field as the file has it, trimmed.
    pub patient: String,
    /// Recording field as the file has it, trimmed.
    pub recording: String,
}

impl Identity {
    /// Whether both fields are empty or hold only the anonymous `X` of EDF+.
    pub fn is_anonymous(&self) -> bool {
        let anonymous = |field: &str| {
            field
                .split_whitespace()
                .all(|word| matches!(word, "X" | "Startdate") || is_edf_date(word))
        };
        anonymous(&self.patient) && anonymous(&self.recording)
    }
}

/// Lines of a free text in which a person is named, as operators write them.
pub(crate) fn lines_naming_a_person<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    lines.map(str::trim).filter(|line| names_a_person(line)).collect::<Vec<_>>().join("; ")
}

/// Whether a line says `Patient: …` or the like, and not only `Patient:`.
pub(crate) fn names_a_person(line: &str) -> bool {
    const KEYS: [&str; 7] =
        ["patient", "subject", "name", "participant", "birth", "date of birth", "proband"];
    let Some((key, value)) = line.split_once([':', '=']) else { return false };
    let key = key.trim().to_lowercase();
    KEYS.iter().any(|k| key.starts_with(k)) && !value.trim().is_empty()
}

/// `02-MAR-2002`, the date of the recording field, which the start time repeats anyway.
fn is_edf_date(word: &str) -> bool {
    let parts: Vec<&str> = word.split('-').collect();
    matches!(parts[..], [d, m, y] if d.len() == 2 && m.len() == 3 && y.len() == 4)
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity").field("is_anonymous", &self.is_anonymous()).finish()
    }
}
