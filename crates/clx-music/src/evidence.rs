//! What may honestly be said about a stimulus.

use schemars::JsonSchema;
use serde::Serialize;

use crate::brief::{Brief, Stimulus};

/// How well a claim is supported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// Several studies agree, with reservations named in the notes.
    Moderate,
    /// Studies disagree, or effects are small.
    Weak,
    /// Hardly studied.
    VeryWeak,
    /// No effect is expected.
    None,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Reference {
    pub citation: &'static str,
    /// `None` where we know of none.
    pub doi: Option<&'static str>,
}

/// The evidence note that travels with a track.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Evidence {
    pub method: Stimulus,
    pub grade: Grade,
    pub claim: &'static str,
    pub references: Vec<Reference>,
    /// Whether the method works only through headphones.
    pub headphones: bool,
    pub notes: Vec<&'static str>,
    pub safety: Vec<&'static str>,
}

const INGENDOH: Reference = Reference {
    citation: "Ingendoh, Posny, Heine 2023, PLOS ONE 18(5): e0286023",
    doi: Some("10.1371/journal.pone.0286023"),
};
const OROZCO_PEREZ: Reference = Reference {
    citation: "Orozco Perez, Dumas, Lehmann 2020, eNeuro 7(2)",
    doi: Some("10.1523/ENEURO.0232-19.2020"),
};
const GARCIA_ARGIBAY: Reference = Reference {
    citation: "Garcia-Argibay, Santed, Reales 2019, Psychological Research 83: 357-372",
    doi: Some("10.1007/s00426-018-1066-8"),
};
const KLICHOWSKI: Reference = Reference {
    citation: "Klichowski et al. 2023, Scientific Reports 13: 11079",
    doi: Some("10.1038/s41598-023-38313-4"),
};
const APARECIDO_KANZLER: Reference = Reference {
    citation: "Aparecido-Kanzler, Cidral-Filho, Prediger 2021, review of brainwave entrainment",
    doi: None,
};
const WOODS: Reference = Reference {
    citation: "Woods et al. 2024, Communications Biology 7: 1376",
    doi: Some("10.1038/s42003-024-07026-3"),
};

const SAFETY: [&str; 4] = [
    "Not a medical device; it does not treat, cure or prevent any illness.",
    "Do not use while driving, operating machines, or where sleepiness is dangerous.",
    "Do not use with epilepsy or a history of seizures without asking a physician.",
    "Keep the volume low: the track is mastered quietly on purpose.",
];
const DISAGREE: &str = "May help some people; studies disagree.";
const HOME_USE: &str = "In 1000 people at home, binaural beats lowered the score of a reasoning test, \
     whatever the listeners had been told to expect.";
const CONVENTION: &str = "The target rate of the mode is a convention, not a proven effect.";

impl Evidence {
    /// The note for a brief's stimulus.
    pub fn of(brief: &Brief) -> Self {
        let (grade, claim, references, own_note) = match brief.stimulus {
            Stimulus::Am => (
                Grade::Moderate,
                "Music with amplitude modulation drives a steady response of the brain at the \
                 modulation rate; modulation in the beta range helped attention, more so for \
                 people with more symptoms of ADHD.",
                vec![WOODS],
                "The authors of the main study are employed by a company that sells such music; \
                 other rates than beta were not shown to help.",
            ),
            Stimulus::Monaural => (
                Grade::Moderate,
                "Monaural beats drive a steady response of the brain at the beat rate, more \
                 strongly than binaural ones; neither changed mood.",
                vec![OROZCO_PEREZ],
                DISAGREE,
            ),
            Stimulus::Isochronic => (
                Grade::VeryWeak,
                "Tone pulses can drive a steady response of the brain; there are hardly any \
                 trials of their benefit.",
                vec![APARECIDO_KANZLER],
                "Of 17 better-rated trials in one review only two used isochronic tones.",
            ),
            Stimulus::Binaural => (
                Grade::Weak,
                "Of 14 studies of binaural beats, five found the expected response of the brain, \
                 eight did not, one was mixed; effects on memory, attention, anxiety and pain \
                 are small to medium and heterogeneous.",
                vec![INGENDOH, OROZCO_PEREZ, GARCIA_ARGIBAY, KLICHOWSKI],
                HOME_USE,
            ),
            Stimulus::Sham => (
                Grade::None,
                "The same music without modulation, for a blind comparison with yourself.",
                vec![],
                "If this track feels the same as the modulated one, the modulation does nothing \
                 for you.",
            ),
        };
        let headphones = brief.stimulus == Stimulus::Binaural;
        let mut notes = vec![own_note, CONVENTION];
        if headphones {
            notes.push("Needs stereo headphones: on loudspeakers it turns into a monaural beat.");
            if brief.schedule.iter().any(|p| p.rate_hz > 30.0) {
                notes.push("Binaural beats above about 30 Hz are hardly perceived.");
            }
        }
        if own_note != DISAGREE && brief.stimulus != Stimulus::Sham {
            notes.push(DISAGREE);
        }
        Self {
            method: brief.stimulus,
            grade,
            claim,
            references,
            headphones,
            notes,
            safety: SAFETY.to_vec(),
        }
    }
}
