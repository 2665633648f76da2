//! A bundle holds every message of one language.

use fluent::concurrent::FluentBundle;
use fluent::types::FluentNumber;
use fluent::{FluentArgs, FluentResource, FluentValue};

/// The languages the product speaks, the first is the fallback.
pub const LANGUAGES: [&str; 7] = ["en", "sq", "tr", "it", "es", "de", "fr"];

macro_rules! sources {
    ($lang:literal) => {
        [
            include_str!(concat!("../../../locales/", $lang, "/state.ftl")),
            include_str!(concat!("../../../locales/", $lang, "/report.ftl")),
            include_str!(concat!("../../../locales/", $lang, "/catalogue.ftl")),
            include_str!(concat!("../../../locales/", $lang, "/field.ftl")),
        ]
    };
}

/// Every message of one language.
///
/// ```
/// let bundle = clx_text::Bundle::for_lang("de-AT");
/// assert_eq!(bundle.lang(), "de");
/// let text = bundle.text("eeg-state-alpha-reactivity", &[("ratio", 3.12.into())]);
/// assert_eq!(text, "Die Alpha-Leistung bei geschlossenen Augen ist 3,1-mal die bei offenen Augen.");
/// ```
pub struct Bundle {
    lang: &'static str,
    messages: FluentBundle<FluentResource>,
}

impl Bundle {
    /// Bundle of the primary subtag of `lang` (`de` for `de-CH`); English for a language that is
    /// not one of [`LANGUAGES`].
    pub fn for_lang(lang: &str) -> Self {
        let primary = lang.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        let lang = LANGUAGES.into_iter().find(|known| *known == primary).unwrap_or(LANGUAGES[0]);
        let id = lang.parse().expect("the known languages are valid tags");
        let mut messages = FluentBundle::new_concurrent(vec![id]);
        // The marks that isolate arguments would show as boxes in PDF and terminal.
        messages.set_use_isolating(false);
        messages.add_builtins().expect("a new bundle has no function of that name");
        messages.set_formatter(Some(if lang == "en" { decimal_point } else { decimal_comma }));
        for source in compiled_in(lang) {
            // A syntax error loses only its own entry, and the agreement test reports it.
            let resource =
                FluentResource::try_new(source.to_owned()).unwrap_or_else(|(partial, _)| partial);
            messages.add_resource_overriding(resource);
        }
        Self { lang, messages }
    }

    /// Which of [`LANGUAGES`] this is.
    pub const fn lang(&self) -> &'static str {
        self.lang
    }

    pub fn has(&self, id: &str) -> bool {
        self.messages.has_message(id)
    }

    /// The message `id` with its arguments filled in.
    ///
    /// An unknown id is returned as it is: a reader then sees what is missing instead of nothing.
    pub fn text(&self, id: &str, args: &[(&str, FluentValue<'_>)]) -> String {
        let Some(pattern) = self.messages.get_message(id).and_then(|message| message.value())
        else {
            return id.to_owned();
        };
        let args: FluentArgs<'_> = args.iter().cloned().collect();
        // Formatting problems leave the name of the argument in the text, which is what we want.
        let mut problems = Vec::new();
        self.messages.format_pattern(pattern, Some(&args), &mut problems).into_owned()
    }
}

impl std::fmt::Debug for Bundle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bundle").field("lang", &self.lang).finish_non_exhaustive()
    }
}

fn compiled_in(lang: &str) -> [&'static str; 4] {
    match lang {
        "sq" => sources!("sq"),
        "tr" => sources!("tr"),
        "it" => sources!("it"),
        "es" => sources!("es"),
        "de" => sources!("de"),
        "fr" => sources!("fr"),
        _ => sources!("en"),
    }
}

fn decimal_point<M>(value: &FluentValue<'_>, _: &M) -> Option<String> {
    match value {
        FluentValue::Number(number) => Some(rounded(number)),
        _ => None,
    }
}

/// The other six languages all write a decimal comma.
fn decimal_comma<M>(value: &FluentValue<'_>, memoizer: &M) -> Option<String> {
    decimal_point(value, memoizer).map(|text| text.replace('.', ","))
}

/// Honours `maximumFractionDigits` and `minimumFractionDigits`, as the web's `Intl` does.
fn rounded(number: &FluentNumber) -> String {
    let Some(most) = number.options.maximum_fraction_digits else {
        return number.as_string().into_owned();
    };
    let mut text = format!("{:.most$}", number.value);
    if text.contains('.') {
        let least = number.options.minimum_fraction_digits.unwrap_or(0);
        let point = text.find('.').unwrap_or(text.len());
        while text.len() > point + 1 + least && text.ends_with('0') {
            text.pop();
        }
        if text.ends_with('.') {
            text.pop();
        }
    }
    if text == "-0" { "0".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_language_speaks_english() {
        assert_eq!(Bundle::for_lang("ja").lang(), "en");
        assert_eq!(Bundle::for_lang("").lang(), "en");
        assert_eq!(Bundle::for_lang("TR_tr").lang(), "tr");
    }

    #[test]
    fn unknown_message_shows_its_id() {
        assert_eq!(Bundle::for_lang("fr").text("no-such-message", &[]), "no-such-message");
    }

    fn background(lang: &str, exponent: f64) -> String {
        let figures = [("exponent", exponent.into()), ("r_squared", 0.5.into())];
        Bundle::for_lang(lang).text("eeg-state-aperiodic", &figures)
    }

    #[test]
    fn decimal_separator_follows_the_language() {
        for lang in LANGUAGES {
            let expected = if lang == "en" { "9.5" } else { "9,5" };
            assert!(background(lang, 9.5).contains(expected), "{lang}");
        }
    }

    #[test]
    fn fraction_digits_are_cut_and_trailing_zeros_dropped() {
        let sentence =
            |n: &str| format!("The background falls with frequency to the power {n} (fit R² 0.5).");
        assert_eq!(background("en", 10.0), sentence("10"));
        assert_eq!(background("en", 10.256), sentence("10.26"));
        assert_eq!(background("en", -0.0001), sentence("0"));
    }
}
