//! Words and figures in the language of the reader.

use clx_render::Words;
use clx_text::{Bundle, Value};

use crate::document::Cell;

pub(crate) struct Say {
    bundle: Bundle,
    pub(crate) words: Words,
}

impl Say {
    pub(crate) fn new(lang: &str) -> Self {
        let bundle = Bundle::for_lang(lang);
        let words = plot_words(&bundle);
        Self { bundle, words }
    }

    pub(crate) fn lang(&self) -> &'static str {
        self.bundle.lang()
    }

    /// The message `report-<id>`.
    pub(crate) fn text(&self, id: &str) -> String {
        self.bundle.text(&format!("report-{id}"), &[])
    }

    /// The message `report-<id>` with arguments that are already in the reader's language.
    pub(crate) fn with(&self, id: &str, args: &[(&str, String)]) -> String {
        let args: Vec<(&str, Value<'_>)> =
            args.iter().map(|(name, text)| (*name, Value::from(text.as_str()))).collect();
        self.bundle.text(&format!("report-{id}"), &args)
    }

    /// A message of any bundle with its figures, or `None` if no language has it.
    pub(crate) fn statement(&self, id: &str, figures: &[(String, f64)]) -> Option<String> {
        let args: Vec<(&str, Value<'_>)> =
            figures.iter().map(|(name, value)| (name.as_str(), Value::from(*value))).collect();
        self.bundle.has(id).then(|| self.bundle.text(id, &args))
    }

    /// The message `report-<family>-<name>`, or `name` itself where nobody has translated it.
    pub(crate) fn term(&self, family: &str, name: &str) -> String {
        let id = format!("report-{family}-{name}");
        if self.bundle.has(&id) { self.bundle.text(&id, &[]) } else { name.to_owned() }
    }

    pub(crate) fn number(&self, value: f64, decimals: usize) -> String {
        self.words.number(value, decimals)
    }

    /// Four significant digits, without an exponent between 0.0001 and 10 million.
    pub(crate) fn figure(&self, value: f64) -> String {
        let magnitude = value.abs();
        if magnitude == 0.0 {
            return "0".to_owned();
        }
        if !(1e-4..1e7).contains(&magnitude) {
            let text = format!("{value:.3e}").replace('-', "−");
            return if self.words.decimal == '.' { text } else { text.replace('.', ",") };
        }
        self.number(value, significant_places(value))
    }

    /// A figure that was set, not measured: no zeros after the last digit.
    pub(crate) fn setting(&self, value: f64) -> String {
        let text = self.figure(value);
        if text.contains(self.words.decimal) {
            text.trim_end_matches('0').trim_end_matches(self.words.decimal).to_owned()
        } else {
            text
        }
    }

    /// A figure of a wide table, where a dash stands for "not measured" and the caption says so.
    pub(crate) fn dashed(&self, value: Option<f64>, decimals: usize) -> Cell {
        match value {
            Some(value) if value.is_finite() => self.cell(Some(value), decimals),
            _ => Cell::text("–"),
        }
    }

    /// The caption of a table with dashes.
    pub(crate) fn dashed_caption(&self, id: &str) -> String {
        format!("{}; – {}", self.text(id), self.text("not-measured"))
    }

    /// Hours, minutes and seconds as far as they matter, such as `1 h 02 min` or `12.5 s`.
    pub(crate) fn duration(&self, seconds: f64) -> String {
        let whole = seconds.round() as u64;
        match whole {
            0..=119 => format!("{} s", self.number(seconds, 1)),
            120..=7199 => format!("{} min {:02} s", whole / 60, whole % 60),
            _ => format!("{} h {:02} min {:02} s", whole / 3600, whole / 60 % 60, whole % 60),
        }
    }

    pub(crate) fn not_measured(&self) -> Cell {
        Cell::text(self.text("not-measured"))
    }

    /// A figure with `decimals` places, or "not measured".
    pub(crate) fn cell(&self, value: Option<f64>, decimals: usize) -> Cell {
        match value.filter(|v| v.is_finite()) {
            Some(value) => {
                Cell { text: self.number(value, decimals), value: Some(value), interval: None }
            }
            None => self.not_measured(),
        }
    }

    /// A figure with its 95 % interval in brackets where there is one.
    pub(crate) fn with_interval(&self, value: Option<f64>, interval: Option<[f64; 2]>) -> Cell {
        let Some(value) = value.filter(|v| v.is_finite()) else { return self.not_measured() };
        let text = match interval {
            // The ends get as many places as the value; hard spaces keep the group on one line.
            Some([low, high]) => {
                let places = significant_places(value);
                let [value, low, high] = [value, low, high].map(|v| self.number(v, places));
                format!("{value}\u{a0}[{low};\u{a0}{high}]")
            }
            None => self.figure(value),
        };
        Cell { text, value: Some(value), interval }
    }
}

/// Decimal places that show four significant digits.
fn significant_places(value: f64) -> usize {
    if value == 0.0 { 0 } else { (3 - value.abs().log10().floor() as i32).clamp(0, 8) as usize }
}

fn plot_words(bundle: &Bundle) -> Words {
    let text = |id: &str| bundle.text(&format!("report-plot-{id}"), &[]);
    let band = |name: &str| bundle.text(&format!("report-band-{name}"), &[]);
    Words {
        decimal: if bundle.lang() == "en" { '.' } else { ',' },
        no_data: text("no-data"),
        frequency_hz: text("frequency"),
        density_db: text("density"),
        time_s: text("time-s"),
        time_min: text("time-min"),
        time_h: text("time-h"),
        mean: text("mean"),
        channel: text("channel"),
        excluded: text("excluded"),
        alpha_peak: text("alpha-peak"),
        quality: text("quality"),
        bad: text("bad"),
        good: text("good"),
        power_uv2: text("power"),
        ci95: text("interval"),
        tempo_bpm: text("tempo"),
        segments: text("segments"),
        loudness_lufs: text("loudness"),
        integrated: text("integrated"),
        chroma_share: text("chroma"),
        pitch_class: text("pitch-class"),
        rate_hz: text("rate"),
        depth_percent: text("depth"),
        amplitude_uv: text("amplitude"),
        field_power_uv: text("field-power"),
        probability: text("probability"),
        removed: text("removed"),
        confidence: text("confidence"),
        stage_names: ["wake", "rem", "n1", "n2", "n3"].map(|s| text(&format!("stage-{s}"))),
        band_names: ["delta", "theta", "alpha", "sigma", "beta", "gamma"].map(band),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_keep_four_digits_and_the_separator_of_the_language() {
        let (en, de) = (Say::new("en"), Say::new("de"));
        assert_eq!(en.figure(12.3456), "12.35");
        assert_eq!(de.figure(12.3456), "12,35");
        assert_eq!(en.figure(0.012_341), "0.01234");
        assert_eq!(en.figure(-123_456.0), "−123456");
        assert_eq!(en.figure(0.0), "0");
        assert_eq!(en.figure(1.5e-9), "1.500e−9");
        assert_eq!((en.setting(40.0), de.setting(0.5)), ("40".into(), "0,5".into()));
        assert_eq!(
            en.with_interval(Some(10.1), Some([9.9, 10.31])).text,
            "10.10\u{a0}[9.90;\u{a0}10.31]"
        );
    }

    #[test]
    fn durations_read_like_speech() {
        let say = Say::new("en");
        assert_eq!(say.duration(12.54), "12.5 s");
        assert_eq!(say.duration(600.0), "10 min 00 s");
        assert_eq!(say.duration(8.0 * 3600.0 + 62.0), "8 h 01 min 02 s");
    }

    #[test]
    fn what_is_absent_or_not_finite_was_not_measured() {
        let say = Say::new("en");
        assert_eq!(say.cell(None, 1).text, "not measured");
        assert_eq!(say.cell(Some(f64::NAN), 1).text, "not measured");
        assert_eq!(say.with_interval(None, None).text, "not measured");
    }
}
