//! Why the track sounds as it does, one line per decision.

use crate::brief::{Brief, Origin, Stimulus};
use crate::compose::{Citation, Composition};

impl Composition {
    /// Every musical decision with the measured feature, the request or the convention behind it.
    pub fn citations(&self) -> Vec<Citation> {
        let brief = &self.brief;
        vec![
            self.key_citation(),
            self.tempo_citation(),
            self.rate_citation(),
            Citation {
                decision: "chords",
                choice: self
                    .chords
                    .iter()
                    .map(|c| c.symbol.as_str())
                    .collect::<Vec<_>>()
                    .join(" – "),
                because: format!(
                    "progression of the {} mode, diatonic in {}, {} beats each",
                    brief.mode.name(),
                    brief.key,
                    self.chords[0].beats
                ),
                origin: Origin::NotMeasured,
            },
            Citation {
                decision: "texture",
                choice: format!("{:?} noise", self.noise).to_lowercase(),
                because: format!("convention of the {} mode", brief.mode.name()),
                origin: Origin::NotMeasured,
            },
            self.stimulus_citation(),
            Citation {
                decision: "loudness",
                choice: format!("{:.1} LUFS", brief.level_lufs),
                because: "quiet enough for long listening, within -23..-18 LUFS".into(),
                origin: Origin::Asked,
            },
        ]
    }

    fn key_citation(&self) -> Citation {
        let brief = &self.brief;
        let because = match brief.origin.key {
            Origin::Measured => "key measured in your recording".into(),
            Origin::Asked => "asked for".into(),
            Origin::NotMeasured => {
                format!("not measured; convention of the {} mode", brief.mode.name())
            }
        };
        Citation {
            decision: "key",
            choice: brief.key.to_string(),
            because,
            origin: brief.origin.key,
        }
    }

    fn tempo_citation(&self) -> Citation {
        let brief = &self.brief;
        let measured = brief.music.and_then(|m| m.tempo_bpm);
        let because = match (brief.origin.tempo, measured) {
            (Origin::Measured, Some(bpm)) => format!(
                "{bpm:.1} BPM measured in your recording{}",
                octaves(brief.tempo_bpm / bpm, brief)
            ),
            (Origin::NotMeasured, _) => {
                format!("not measured; convention of the {} mode", brief.mode.name())
            }
            _ => "asked for".into(),
        };
        Citation {
            decision: "tempo",
            choice: format!("{:.2} BPM", brief.tempo_bpm),
            because,
            origin: brief.origin.tempo,
        }
    }

    fn rate_citation(&self) -> Citation {
        let brief = &self.brief;
        let first = brief.schedule.first().map_or(0.0, |p| p.rate_hz);
        let last = brief.schedule.last().map_or(0.0, |p| p.rate_hz);
        let choice = if first == last {
            format!("pulse {last:.2} Hz")
        } else {
            format!("pulse {first:.2} Hz gliding to {last:.2} Hz")
        };
        let brain = brief.brain.unwrap_or_default();
        let mut causes = Vec::new();
        if brief.origin.rate == Origin::Measured {
            for (hz, name) in
                [(brain.dominant_hz, "dominant rhythm"), (brain.alpha_peak_hz, "alpha peak")]
            {
                if let Some(hz) = hz.filter(|&hz| hz == first || hz == last) {
                    causes.push(format!("{hz:.2} Hz = your individual {name}"));
                }
            }
        }
        match brief.origin.rate {
            Origin::Asked => causes.push("asked for".into()),
            Origin::NotMeasured => {
                causes.push(format!("not measured; convention of the {} mode", brief.mode.name()));
            }
            Origin::Measured if Some(last) != brain.alpha_peak_hz => {
                causes.push(format!("target by convention of the {} mode", brief.mode.name()));
            }
            Origin::Measured => {}
        }
        Citation { decision: "rate", choice, because: causes.join("; "), origin: brief.origin.rate }
    }

    fn stimulus_citation(&self) -> Citation {
        let (choice, because) = match (self.brief.stimulus, self.carrier) {
            (Stimulus::Am, _) => (
                "amplitude modulation of pads and noise".to_owned(),
                "works on loudspeakers and has the best evidence of the methods".to_owned(),
            ),
            (Stimulus::Sham, _) => {
                ("no modulation".to_owned(), "control for a blind self-test".to_owned())
            }
            (stimulus, carrier) => (
                format!(
                    "{} on a carrier of {:.2} Hz",
                    stimulus.name(),
                    carrier.map_or(0.0, |c| c.hz)
                ),
                format!("the carrier is the tonic of {}", self.brief.key),
            ),
        };
        Citation { decision: "stimulus", choice, because, origin: Origin::Asked }
    }
}

/// How the tempo was folded, in words.
fn octaves(ratio: f64, brief: &Brief) -> String {
    let mode = brief.mode.name();
    match ratio {
        1.0 => String::new(),
        r if r < 1.0 => format!(", divided by {:.0} for the {mode} mode", 1.0 / r),
        r => format!(", times {r:.0} for the {mode} mode"),
    }
}
