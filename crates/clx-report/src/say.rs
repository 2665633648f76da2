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
        let decimals = (3 - magnitude.log10().floor() as i32).max(0) as usize;
        self.number(value, decimals)
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
            Some([low, high]) => {
                format!("{} [{}; {}]", self.figure(value), self.figure(low), self.figure(high))
            }
            None => self.figure(value),
        };
        Cell { text, value: Some(value), interval }
    }
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
        assert_eq!(en.figure(0.012345), "0.01234");
        assert_eq!(en.figure(-123_456.0), "−123456");
        assert_eq!(en.figure(0.0), "0");
        assert_eq!(en.figure(1.5e-9), "1.500e−9");
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
