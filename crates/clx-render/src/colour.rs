//! Colour tables, the single source for plots, reports and the web app.

mod cividis;
mod diverging;

use crate::Theme;

/// An sRGB colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

impl Rgb {
    const fn from_hex(hex: u32) -> Self {
        Self((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
    }

    /// `#rrggbb`.
    pub fn css(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

/// A map from a value to a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColourMap {
    /// Cividis: uniform in lightness and nearly the same to red-green colour-blind readers
    /// (Nunez, Anderton, Renslow 2018, PLoS ONE 13(7):e0199239).
    Cividis,
    /// Blue - white - orange with equally dark ends, for signed values centred at zero.
    Diverging,
}

impl ColourMap {
    /// Colour at `t`, 0 the low end and 1 the high end; values outside are clipped.
    /// NaN has no colour: callers leave the place empty.
    pub fn at(self, t: f64) -> Option<Rgb> {
        if t.is_nan() {
            return None;
        }
        let index = (t.clamp(0.0, 1.0) * 255.0).round() as usize;
        Some(Rgb::from_hex(self.table()[index]))
    }

    /// The 256 entries as 0xRRGGBB.
    pub fn table(self) -> &'static [u32; 256] {
        match self {
            ColourMap::Cividis => &cividis::CIVIDIS,
            ColourMap::Diverging => &diverging::DIVERGING,
        }
    }

    /// Name in the exported tables.
    pub fn name(self) -> &'static str {
        match self {
            ColourMap::Cividis => "cividis",
            ColourMap::Diverging => "diverging",
        }
    }
}

/// How one frequency band looks everywhere: a letter, a colour per theme and a line pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BandCode {
    /// Lower-case English name, as in [`clx_signal::Band`].
    pub name: &'static str,
    pub letter: char,
    pub light: Rgb,
    pub dark: Rgb,
    /// SVG `stroke-dasharray`; empty for a solid line.
    pub dash: &'static str,
}

impl BandCode {
    pub fn colour(&self, theme: Theme) -> Rgb {
        match theme {
            Theme::Light => self.light,
            Theme::Dark => self.dark,
        }
    }
}

const fn code(
    name: &'static str,
    letter: char,
    light: u32,
    dark: u32,
    dash: &'static str,
) -> BandCode {
    BandCode { name, letter, light: Rgb::from_hex(light), dark: Rgb::from_hex(dark), dash }
}

// Found by search for the largest smallest CIEDE2000 distance over normal, protan, deutan and
// tritan vision (23.2 light, 22.2 dark) at a contrast of at least 3.1:1 to every surface.
/// The six bands of the band code. For lines and fills; too pale for small text.
pub const BAND_CODES: [BandCode; 6] = [
    code("delta", 'δ', 0x937aff, 0xa287ff, ""),
    code("theta", 'θ', 0x0b47ba, 0xc8eaff, "8 3"),
    code("alpha", 'α', 0x499885, 0x008d88, "2 2"),
    code("sigma", 'σ', 0x454825, 0x799d00, "8 3 2 3"),
    code("beta", 'β', 0xbf7600, 0xdcc8a4, "5 2"),
    code("gamma", 'γ', 0x7e0034, 0xd33a41, "1 2"),
];

/// The code of the band called `name`.
pub fn band_code(name: &str) -> Option<&'static BandCode> {
    BAND_CODES.iter().find(|code| code.name == name)
}

/// All tables as a TypeScript module, so that the web app draws with the same colours.
///
/// Exports `BANDS` (name, letter, light, dark, dash), `CIVIDIS` and `DIVERGING` (256 `#rrggbb`).
pub fn tables_as_typescript() -> String {
    let mut out = String::from("// Generated from clx-render's colour tables; do not edit.\n\n");
    out.push_str("export const BANDS = [\n");
    for band in &BAND_CODES {
        out.push_str(&format!(
            "  {{ name: \"{}\", letter: \"{}\", light: \"{}\", dark: \"{}\", dash: \"{}\" }},\n",
            band.name,
            band.letter,
            band.light.css(),
            band.dark.css(),
            band.dash
        ));
    }
    out.push_str("] as const;\n");
    for map in [ColourMap::Cividis, ColourMap::Diverging] {
        out.push_str(&format!("\nexport const {} = [\n", map.name().to_uppercase()));
        for row in map.table().chunks(8) {
            let cells: Vec<String> = row.iter().map(|c| format!("\"#{c:06x}\"")).collect();
            out.push_str(&format!("  {},\n", cells.join(", ")));
        }
        out.push_str("] as const;\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance of WCAG 2.2.
    fn luminance(c: Rgb) -> f64 {
        let linear = |v: u8| {
            let v = f64::from(v) / 255.0;
            if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(c.0) + 0.7152 * linear(c.1) + 0.0722 * linear(c.2)
    }

    #[test]
    fn cividis_runs_from_the_published_dark_blue_to_the_published_yellow_and_only_gets_lighter() {
        assert_eq!(ColourMap::Cividis.at(0.0), Some(Rgb(0, 34, 78)));
        assert_eq!(ColourMap::Cividis.at(1.0), Some(Rgb(254, 232, 56)));
        let lum: Vec<f64> =
            ColourMap::Cividis.table().iter().map(|c| luminance(Rgb::from_hex(*c))).collect();
        assert!(lum.windows(2).all(|w| w[1] > w[0] - 0.002));
    }

    #[test]
    fn diverging_ends_are_equally_dark_and_the_middle_is_nearly_white() {
        let end = |t| luminance(ColourMap::Diverging.at(t).unwrap());
        assert!((end(0.0) - end(1.0)).abs() < 0.02, "{} {}", end(0.0), end(1.0));
        assert!(end(0.5) > 0.85);
    }

    #[test]
    fn nan_has_no_colour_and_outside_is_clipped() {
        assert_eq!(ColourMap::Cividis.at(f64::NAN), None);
        assert_eq!(ColourMap::Cividis.at(7.0), ColourMap::Cividis.at(1.0));
    }

    #[test]
    fn every_band_colour_has_three_to_one_contrast_to_its_surface() {
        for band in &BAND_CODES {
            for (theme, colour) in [(Theme::Light, band.light), (Theme::Dark, band.dark)] {
                let surface = luminance(theme.surface());
                let (a, b) = (luminance(colour) + 0.05, surface + 0.05);
                assert!((a / b).max(b / a) >= 3.0, "{} {theme:?}", band.name);
            }
        }
    }

    #[test]
    fn typescript_lists_every_entry() {
        let ts = tables_as_typescript();
        assert_eq!(ts.matches("\"#").count(), 2 * 6 + 2 * 256);
    }
}
