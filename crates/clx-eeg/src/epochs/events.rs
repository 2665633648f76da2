use std::collections::BTreeSet;

use clx_signal::{Annotation, SampleRate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{EegError, MAX_EVENTS, refuse};

/// Annotations of this text are events with this id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EventRule {
    /// The whole text, case and all; `*` stands for any text, also none: `stim/*`.
    pub text: String,
    pub id: u32,
}

/// An instant of interest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Event {
    /// Nearest sample, from 0.
    pub sample: u64,
    pub id: u32,
    pub text: String,
}

/// The events among the annotations, by time; the first rule that fits gives the id.
///
/// Without rules every text is an event, numbered from 1 in alphabetical order as in MNE. Onsets are
/// rounded to the nearest sample. Annotations before the recording are left out.
///
/// # Errors
/// [`EegError::Signal`] for more than a million events.
///
/// ```
/// use clx_eeg::epochs::{find_events, EventRule};
/// use clx_signal::{Annotation, SampleRate};
/// let at = |onset_s, text: &str| Annotation { onset_s, duration_s: None, text: text.into(), channel: None };
/// let notes = [at(2.0, "stim/left"), at(1.0, "stim/right"), at(1.5, "pause")];
/// let rules = [EventRule { text: "*/left".into(), id: 7 }, EventRule { text: "stim*".into(), id: 8 }];
/// let events = find_events(&notes, SampleRate::from_hz(100.0)?, &rules)?;
/// let found: Vec<_> = events.iter().map(|e| (e.sample, e.id)).collect();
/// assert_eq!(found, [(100, 8), (200, 7)]);
/// # Ok::<(), clx_eeg::EegError>(())
/// ```
pub fn find_events(
    annotations: &[Annotation],
    rate: SampleRate,
    rules: &[EventRule],
) -> Result<Vec<Event>, EegError> {
    let texts: BTreeSet<&str> = annotations.iter().map(|a| a.text.as_str()).collect();
    let id_of = |text: &str| match rules {
        [] => texts.range(..=text).count().try_into().ok(),
        _ => rules.iter().find(|r| matches(&r.text, text)).map(|r| r.id),
    };
    let ids: std::collections::HashMap<&str, Option<u32>> =
        texts.iter().map(|&t| (t, id_of(t))).collect();
    let mut events = Vec::new();
    for note in annotations {
        let at = (note.onset_s * rate.hz()).round_ties_even();
        // An infinite or negative onset is at no sample.
        if !(0.0..9e15).contains(&at) {
            continue;
        }
        if let Some(id) = ids[note.text.as_str()] {
            events.push(Event { sample: at as u64, id, text: note.text.clone() });
        }
    }
    if events.len() > MAX_EVENTS {
        return Err(refuse("events", "at most a million", events.len()));
    }
    events.sort_by_key(|e| e.sample);
    Ok(events)
}

/// Whether `text` is `pattern`, where each `*` stands for any text.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    // The part after the last star must end the text; those between are taken where they first occur.
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        let Some((_, after)) = rest.split_once(part) else { return false };
        rest = after;
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_any_text() {
        for (pattern, text, expected) in [
            ("square", "square", true),
            ("square", "squares", false),
            ("*", "", true),
            ("sq*", "square", true),
            ("*re", "square", true),
            ("s*a*e", "square", true),
            ("s*e*e", "square", false),
            ("a*a", "a", false),
            ("*ü*", "grün", true),
            ("", "x", false),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }
}
