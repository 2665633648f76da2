use std::collections::BTreeMap;

use crate::BAND_CODES;

/// What is measured by plots of more than one thing, and its label in English.
pub const NAMES: [(&str, &str); 21] = [
    ("coherence", "Coherence"),
    ("imaginary_coherence", "Imaginary coherence"),
    ("phase_locking_value", "Phase locking value"),
    ("phase_lag_index", "Phase lag index"),
    ("weighted_phase_lag_index", "Weighted phase lag index"),
    ("debiased_weighted_phase_lag_index_squared", "Debiased wPLI²"),
    ("amplitude_correlation", "Amplitude correlation"),
    ("change_decibel", "Power against baseline (dB)"),
    ("change_log_ratio", "Power against baseline (log10)"),
    ("change_percent", "Power against baseline (%)"),
    ("change_z_score", "Power against baseline (z)"),
    ("inter_trial_coherence", "Inter-trial coherence"),
    ("permutation_entropy", "Permutation entropy"),
    ("sample_entropy", "Sample entropy"),
    ("spectral_entropy", "Spectral entropy"),
    ("lempel_ziv", "Lempel-Ziv"),
    ("higuchi", "Higuchi dimension"),
    ("fluctuation", "DFA exponent"),
    ("map_strength", "Strength (relative)"),
    ("signal_to_noise", "Signal to noise"),
    ("stimulus", "stimulus"),
];

/// The words printed inside plots, so that a plot can be drawn in any language.
///
/// [`Words::default`] is English. Titles, names and descriptions belong to each plot itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// Decimal separator, `.` or `,`.
    pub decimal: char,
    pub no_data: String,
    pub frequency_hz: String,
    pub density_db: String,
    pub time_s: String,
    pub time_min: String,
    pub time_h: String,
    pub mean: String,
    pub channel: String,
    pub excluded: String,
    pub alpha_peak: String,
    pub quality: String,
    pub bad: String,
    pub good: String,
    pub power_uv2: String,
    pub ci95: String,
    pub tempo_bpm: String,
    pub segments: String,
    pub loudness_lufs: String,
    pub integrated: String,
    pub chroma_share: String,
    pub pitch_class: String,
    pub rate_hz: String,
    pub depth_percent: String,
    pub amplitude_uv: String,
    pub field_power_uv: String,
    pub probability: String,
    /// Said of a component that was taken out.
    pub removed: String,
    pub before: String,
    pub after: String,
    pub confidence: String,
    pub rr_ms: String,
    pub rr_density_ms2_per_hz: String,
    /// Said of beats.
    pub suspicious: String,
    pub conductance_us: String,
    pub tonic: String,
    pub responses: String,
    pub breathing: String,
    pub inhaling: String,
    pub exhaling: String,
    pub breaths_per_min: String,
    pub spindles_per_min: String,
    pub slow_waves_per_min: String,
    pub rems_per_min: String,
    /// Wakefulness, REM, N1, N2, N3.
    pub stage_names: [String; 5],
    /// Names of the bands in the order of [`crate::BAND_CODES`].
    pub band_names: [String; 6],
    /// What is measured, by the ids of [`NAMES`].
    pub names: BTreeMap<&'static str, String>,
}

impl Default for Words {
    fn default() -> Self {
        let w = str::to_owned;
        Self {
            decimal: '.',
            no_data: w("no data"),
            frequency_hz: w("Frequency (Hz)"),
            density_db: w("Power density (dB re 1 µV²/Hz)"),
            time_s: w("Time (s)"),
            time_min: w("Time (min:s)"),
            time_h: w("Time (h:min)"),
            mean: w("mean"),
            channel: w("channel"),
            excluded: w("excluded from mean"),
            alpha_peak: w("alpha peak"),
            quality: w("Signal quality"),
            bad: w("bad"),
            good: w("good"),
            power_uv2: w("Power (µV²)"),
            ci95: w("95 % interval"),
            tempo_bpm: w("Tempo (BPM)"),
            segments: w("Segments"),
            loudness_lufs: w("Short-term loudness (LUFS)"),
            integrated: w("integrated"),
            chroma_share: w("Share of pitch energy (%)"),
            pitch_class: w("Pitch class"),
            rate_hz: w("Modulation rate (Hz)"),
            depth_percent: w("Modulation depth (%)"),
            amplitude_uv: w("Amplitude (µV)"),
            field_power_uv: w("Global field power (µV)"),
            probability: w("Probability"),
            removed: w("removed"),
            before: w("before"),
            after: w("after"),
            confidence: w("Confidence"),
            rr_ms: w("RR interval (ms)"),
            rr_density_ms2_per_hz: w("Power density (ms²/Hz)"),
            suspicious: w("suspicious"),
            conductance_us: w("Skin conductance (µS)"),
            tonic: w("tonic level"),
            responses: w("responses"),
            breathing: w("Breathing"),
            inhaling: w("inhaling starts"),
            exhaling: w("exhaling starts"),
            breaths_per_min: w("Breaths per minute"),
            spindles_per_min: w("Spindles/min"),
            slow_waves_per_min: w("Slow waves/min"),
            rems_per_min: w("Eye movements/min"),
            stage_names: ["Wake", "REM", "N1", "N2", "N3"].map(w),
            band_names: BAND_CODES.map(|code| code.name.to_owned()),
            names: NAMES.iter().map(|&(id, english)| (id, english.to_owned())).collect(),
        }
    }
}

impl Words {
    /// `α alpha` in the reader's language, or `other` for a band outside the code.
    pub(crate) fn band_title(&self, band: &str, other: &str) -> String {
        match BAND_CODES.iter().position(|code| code.name == band) {
            Some(i) => format!("{} {}", BAND_CODES[i].letter, self.band_names[i]),
            None => other.to_owned(),
        }
    }

    /// What is measured, by its id in [`NAMES`]; the id itself for one that is not there.
    pub fn name<'a>(&'a self, id: &'a str) -> &'a str {
        self.names.get(id).map_or(id, String::as_str)
    }

    /// `value` with `decimals` places and a true minus sign.
    pub fn number(&self, value: f64, decimals: usize) -> String {
        let text = format!("{value:.decimals$}");
        let zero = text.trim_start_matches('-').chars().all(|c| matches!(c, '0' | '.'));
        let text =
            if zero { text.trim_start_matches('-').to_owned() } else { text.replace('-', "−") };
        if self.decimal == '.' { text } else { text.replace('.', &self.decimal.to_string()) }
    }
}
