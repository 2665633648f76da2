use crate::Rgb;

/// Paper-like light or ink-dark; equals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Theme {
    #[default]
    Light,
    Dark,
}

impl Theme {
    /// Background of the page around a plot.
    pub const fn surface(self) -> Rgb {
        match self {
            Theme::Light => Rgb(0xfb, 0xfa, 0xf7),
            Theme::Dark => Rgb(0x0f, 0x12, 0x16),
        }
    }

    pub(crate) const fn inks(self) -> &'static Inks {
        match self {
            Theme::Light => &LIGHT,
            Theme::Dark => &DARK,
        }
    }
}

/// The neutral colours of one theme, by role.
#[derive(Debug)]
pub(crate) struct Inks {
    /// Background of the plot.
    pub(crate) raised: &'static str,
    /// Empty track of a strip or bar.
    pub(crate) sunken: &'static str,
    /// Grid lines.
    pub(crate) line: &'static str,
    /// Axes and outlines.
    pub(crate) border: &'static str,
    pub(crate) ink: &'static str,
    pub(crate) ink_2: &'static str,
    pub(crate) accent: &'static str,
    pub(crate) bad: &'static str,
}

const LIGHT: Inks = Inks {
    raised: "#ffffff",
    sunken: "#f2f0ea",
    line: "#e4e1d8",
    border: "#8a8577",
    ink: "#1a1c22",
    ink_2: "#555a66",
    accent: "#0b6b74",
    bad: "#b3261e",
};

const DARK: Inks = Inks {
    raised: "#161a20",
    sunken: "#0a0d10",
    line: "#2a3039",
    border: "#6b7480",
    ink: "#e9ebee",
    ink_2: "#a3abb7",
    accent: "#5cc7cf",
    bad: "#ff8a80",
};
