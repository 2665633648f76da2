//! Writes SVG with fixed number formatting, so that equal input gives equal bytes.

use crate::Theme;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// How a piece of text looks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Type<'a> {
    pub(crate) size: f64,
    pub(crate) fill: &'a str,
    pub(crate) anchor: Anchor,
    pub(crate) bold: bool,
    /// Degrees, about the text's own position.
    pub(crate) turn: f64,
}

impl<'a> Type<'a> {
    pub(crate) fn new(size: f64, fill: &'a str) -> Self {
        Self { size, fill, anchor: Anchor::Start, bold: false, turn: 0.0 }
    }

    pub(crate) fn anchor(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }

    pub(crate) fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    pub(crate) fn turned(self, turn: f64) -> Self {
        Self { turn, ..self }
    }
}

pub(crate) struct Svg {
    width: f64,
    height: f64,
    body: String,
    clips: usize,
}

impl Svg {
    pub(crate) fn new(width: f64, height: f64) -> Self {
        Self { width, height, body: String::new(), clips: 0 }
    }

    fn put(&mut self, element: &str) {
        self.body.push_str(element);
        self.body.push('\n');
    }

    pub(crate) fn rect(&mut self, x: f64, y: f64, width: f64, height: f64, style: &str) {
        self.put(&format!(
            r#"<rect x="{}" y="{}" width="{}" height="{}" {style}/>"#,
            n(x),
            n(y),
            n(width.max(0.0)),
            n(height.max(0.0))
        ));
    }

    pub(crate) fn line(&mut self, x1: f64, y1: f64, x2: f64, y2: f64, style: &str) {
        self.put(&format!(
            r#"<line x1="{}" y1="{}" x2="{}" y2="{}" {style}/>"#,
            n(x1),
            n(y1),
            n(x2),
            n(y2)
        ));
    }

    pub(crate) fn circle(&mut self, x: f64, y: f64, r: f64, style: &str) {
        self.put(&format!(r#"<circle cx="{}" cy="{}" r="{}" {style}/>"#, n(x), n(y), n(r)));
    }

    pub(crate) fn path(&mut self, d: &str, style: &str) {
        self.put(&format!(r#"<path d="{d}" {style}/>"#));
    }

    /// A line through the points; a `None` interrupts it. A point alone between gaps is drawn as a dot.
    pub(crate) fn curve(&mut self, points: &[Option<(f64, f64)>], stroke: &str, style: &str) {
        let mut d = String::new();
        let mut lone = Vec::new();
        for run in points.split(Option::is_none) {
            let run: Vec<(f64, f64)> = run.iter().flatten().copied().collect();
            match run.as_slice() {
                [] => {}
                [point] => lone.push(*point),
                _ => append_run(&mut d, &run),
            }
        }
        if !d.is_empty() {
            let style = format!(
                r#"fill="none" stroke="{stroke}" stroke-linejoin="round" stroke-linecap="round" {style}"#
            );
            self.path(&d, &style);
        }
        for (x, y) in lone {
            self.circle(x, y, 1.2, &format!(r#"fill="{stroke}""#));
        }
    }

    pub(crate) fn text(&mut self, x: f64, y: f64, style: Type<'_>, text: &str) {
        let anchor = match style.anchor {
            Anchor::Start => "",
            Anchor::Middle => r#" text-anchor="middle""#,
            Anchor::End => r#" text-anchor="end""#,
        };
        let weight = if style.bold { r#" font-weight="600""# } else { "" };
        let turn = if style.turn == 0.0 {
            String::new()
        } else {
            format!(r#" transform="rotate({} {} {})""#, n(style.turn), n(x), n(y))
        };
        self.put(&format!(
            r#"<text x="{}" y="{}" font-size="{}" fill="{}"{anchor}{weight}{turn}>{}</text>"#,
            n(x),
            n(y),
            n(style.size),
            style.fill,
            escape(text)
        ));
    }

    /// A picture stretched over a rectangle.
    pub(crate) fn png(&mut self, x: f64, y: f64, width: f64, height: f64, png: &[u8], style: &str) {
        self.put(&format!(r#"<image x="{}" y="{}" width="{}" height="{}" preserveAspectRatio="none" {style} xlink:href="data:image/png;base64,{}"/>"#,
            n(x),
            n(y),
            n(width),
            n(height),
            base64(png)
        ));
    }

    /// Starts a group whose content shows only inside `shape`, an SVG element.
    pub(crate) fn open_clip(&mut self, shape: &str) {
        self.clips += 1;
        self.put(&format!(
            r#"<clipPath id="{ID}-{0}">{shape}</clipPath><g clip-path="url(#{ID}-{0})">"#,
            self.clips
        ));
    }

    pub(crate) fn close_clip(&mut self) {
        self.body.push_str("</g>\n");
    }

    /// The document. Ids are derived from the content, so that several plots fit on one page.
    pub(crate) fn finish(self, theme: Theme, title: &str, description: &str) -> String {
        let id =
            format!("p{:016x}", fnv1a(&[&self.body, title, description, &format!("{theme:?}")]));
        let body = self.body.replace(ID, &id);
        let (w, h) = (n(self.width), n(self.height));
        let background = theme.inks().raised;
        let title = escape(title);
        let description = escape(description);
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{w}" height="{h}" viewBox="0 0 {w} {h}" role="img" aria-labelledby="{id}-t {id}-d" font-family="'IBM Plex Sans', sans-serif">
<title id="{id}-t">{title}</title>
<desc id="{id}-d">{description}</desc>
<rect width="{w}" height="{h}" fill="{background}"/>
{body}</svg>
"#
        )
    }
}

/// Stands for the id of the document until its content is known.
const ID: &str = "\u{1}id";

fn append_run(d: &mut String, run: &[(f64, f64)]) {
    for (i, (x, y)) in run.iter().enumerate() {
        d.push(if i == 0 { 'M' } else { 'L' });
        d.push_str(&format!("{} {}", n(*x), n(*y)));
    }
}

/// At most two decimals: a hundredth of a pixel is never visible.
pub(crate) fn n(value: f64) -> String {
    debug_assert!(value.is_finite());
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" || text.is_empty() { "0".to_owned() } else { text.to_owned() }
}

/// Escapes text for XML and drops the control characters that XML 1.0 does not allow.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}

/// Width of `text` in units of the font size, from the average advance of IBM Plex Sans; within a
/// tenth, which is enough to choose margins.
pub(crate) fn text_width(text: &str, size: f64) -> f64 {
    let advance = |c: char| match c {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | ' ' => 0.29,
        'm' | 'w' | 'M' | 'W' | '%' | '@' => 0.87,
        'A'..='Z' => 0.64,
        '0'..='9' => 0.6,
        _ => 0.56,
    };
    text.chars().map(advance).sum::<f64>() * size
}

fn fnv1a(parts: &[&str]) -> u64 {
    let bytes = parts.iter().flat_map(|part| part.bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word =
            chunk.iter().fold(0u32, |w, b| (w << 8) | u32::from(*b)) << (8 * (3 - chunk.len()));
        for i in 0..4 {
            let letter = LETTERS[(word >> (18 - 6 * i)) as usize & 63];
            out.push(if i <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_gives_the_vectors_of_rfc_4648() {
        for (input, expected) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")]
        {
            assert_eq!(base64(input.as_bytes()), expected);
        }
    }

    #[test]
    fn numbers_are_short_and_never_minus_zero() {
        assert_eq!(n(1.0), "1");
        assert_eq!(n(-0.001), "0");
        assert_eq!(n(12.345), "12.35");
        assert_eq!(n(100.0), "100");
    }

    #[test]
    fn names_cannot_break_out_of_the_markup() {
        assert_eq!(escape("<a b=\"&\">\u{0}\u{b}x"), "&lt;a b=&quot;&amp;&quot;&gt;x");
    }

    #[test]
    fn ids_differ_between_plots_and_repeat_for_the_same_plot() {
        let draw = |x: f64| {
            let mut svg = Svg::new(10.0, 10.0);
            svg.open_clip("<rect/>");
            svg.line(x, 0.0, 1.0, 1.0, "");
            svg.close_clip();
            svg.finish(Theme::Light, "t", "d")
        };
        assert_eq!(draw(1.0), draw(1.0));
        assert_ne!(draw(1.0), draw(2.0));
        assert!(!draw(1.0).contains(ID));
    }
}
