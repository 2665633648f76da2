use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Length of a scored epoch, seconds. American Academy of Sleep Medicine, scoring manual.
pub const EPOCH_S: f64 = 30.0;

/// Sleep stage of one epoch, by the rules of the American Academy of Sleep Medicine.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    Wake,
    N1,
    N2,
    N3,
    Rem,
    /// Movement, artefact, or never scored.
    Unscored,
}

impl Stage {
    /// The five stages in the order in which tables list them.
    pub const ALL: [Stage; 5] = [Stage::Wake, Stage::N1, Stage::N2, Stage::N3, Stage::Rem];

    /// YASA's number of the stage: 0 wake, 1-3 N1-N3, 4 REM, -2 unscored.
    pub const fn number(self) -> i8 {
        match self {
            Stage::Wake => 0,
            Stage::N1 => 1,
            Stage::N2 => 2,
            Stage::N3 => 3,
            Stage::Rem => 4,
            Stage::Unscored => -2,
        }
    }

    /// The stage with that number; anything else is unscored.
    pub const fn from_number(number: i64) -> Self {
        match number {
            0 => Stage::Wake,
            1 => Stage::N1,
            2 => Stage::N2,
            3 => Stage::N3,
            4 => Stage::Rem,
            _ => Stage::Unscored,
        }
    }

    /// The stage that an annotation names, such as `Sleep stage W`, `N2`, `R` or `Sleep stage 4`
    /// (of Rechtschaffen and Kales; 3 and 4 are N3).
    ///
    /// ```
    /// use clx_eeg::sleep::Stage;
    /// assert_eq!(Stage::from_label("Sleep stage 4"), Some(Stage::N3));
    /// assert_eq!(Stage::from_label("Sleep stage ?"), Some(Stage::Unscored));
    /// assert_eq!(Stage::from_label("Lights off"), None);
    /// ```
    pub fn from_label(label: &str) -> Option<Self> {
        let lower = label.trim().to_ascii_lowercase();
        let name = lower.strip_prefix("sleep stage").unwrap_or(&lower).trim();
        Some(match name {
            "w" | "wake" | "0" => Stage::Wake,
            "n1" | "s1" | "1" => Stage::N1,
            "n2" | "s2" | "2" => Stage::N2,
            "n3" | "n4" | "s3" | "s4" | "3" | "4" => Stage::N3,
            "r" | "rem" => Stage::Rem,
            "?" | "movement time" | "mt" | "unscored" | "artefact" | "artifact" => Stage::Unscored,
            _ => return None,
        })
    }

    pub const fn is_sleep(self) -> bool {
        matches!(self, Stage::N1 | Stage::N2 | Stage::N3 | Stage::Rem)
    }

    pub const fn is_nrem(self) -> bool {
        matches!(self, Stage::N1 | Stage::N2 | Stage::N3)
    }
}

/// Stages of successive 30-second epochs, from lights off to lights on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Hypnogram {
    pub stages: Vec<Stage>,
}

impl Hypnogram {
    /// From YASA's numbers, one per epoch.
    ///
    /// ```
    /// use clx_eeg::sleep::{Hypnogram, Stage};
    /// assert_eq!(Hypnogram::from_numbers(&[0, 2, 4]).stages, [Stage::Wake, Stage::N2, Stage::Rem]);
    /// ```
    pub fn from_numbers(numbers: &[i64]) -> Self {
        Self { stages: numbers.iter().map(|&n| Stage::from_number(n)).collect() }
    }

    /// From annotated stretches `(onset_s, duration_s, label)`, as EDF+ hypnograms hold them.
    ///
    /// An epoch has the stage of the stretch that covers its middle; epochs that none covers are
    /// unscored. Labels that name no stage are passed over. At most 48 h are taken.
    pub fn from_stretches<'a>(stretches: impl IntoIterator<Item = (f64, f64, &'a str)>) -> Self {
        const LONGEST: usize = 48 * 120;
        let mut stages: Vec<Stage> = Vec::new();
        for (onset_s, duration_s, label) in stretches {
            let Some(stage) = Stage::from_label(label) else { continue };
            if !(onset_s.is_finite() && duration_s.is_finite()) {
                continue;
            }
            // The first epoch whose middle is not before the time.
            let epoch = |t: f64| ((t / EPOCH_S - 0.5).ceil().max(0.0) as usize).min(LONGEST);
            let (start, end) = (epoch(onset_s), epoch(onset_s + duration_s));
            if stages.len() < end {
                stages.resize(end, Stage::Unscored);
            }
            stages[start.min(end)..end].fill(stage);
        }
        Self { stages }
    }

    pub fn len(&self) -> usize {
        self.stages.len()
    }

    pub fn is_empty(&self) -> bool {
        self.stages.is_empty()
    }

    /// Stage at a time, seconds from the start; unscored beyond the end.
    pub fn at(&self, time_s: f64) -> Stage {
        let epoch = (time_s / EPOCH_S).floor();
        if epoch < 0.0 {
            return Stage::Unscored;
        }
        self.stages.get(epoch as usize).copied().unwrap_or(Stage::Unscored)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_fill_the_epochs_whose_middle_they_cover() {
        let h = Hypnogram::from_stretches([
            (0.0, 60.0, "Sleep stage W"),
            (60.0, 30.0, "Lights off"),
            (90.0, 30.0, "Sleep stage R"),
        ]);
        assert_eq!(h.stages, [Stage::Wake, Stage::Wake, Stage::Unscored, Stage::Rem]);
        assert_eq!(h.at(119.9), Stage::Rem);
        assert_eq!((h.at(120.0), h.at(-1.0)), (Stage::Unscored, Stage::Unscored));
    }

    #[test]
    fn a_hostile_duration_does_not_ask_for_memory() {
        let h = Hypnogram::from_stretches([(0.0, 1e18, "W"), (0.0, f64::NAN, "W")]);
        assert_eq!(h.len(), 5760);
    }

    #[test]
    fn numbers_and_stages_are_inverse() {
        for stage in Stage::ALL {
            assert_eq!(Stage::from_number(i64::from(stage.number())), stage);
        }
    }
}
