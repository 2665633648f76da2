use crate::axis::{Axis, Tick};
use crate::frame::{Area, draw_no_data, draw_x_axis, draw_y_axis, left_margin};
use crate::svg::Svg;
use crate::{Theme, Words};

/// How much of the pitched sound falls on each of the twelve pitch classes, the tonic filled.
#[derive(Clone, Debug, Default)]
pub struct ChromaPlot {
    /// Read aloud by screen readers, not drawn.
    pub title: String,
    pub description: String,
    /// Shares from C upwards, summing to 1; absent when there is no pitch.
    pub chroma: Option<[f64; 12]>,
    /// Index of the tonic, 0 for C.
    pub tonic: Option<usize>,
}

pub(crate) const PITCH_CLASSES: [&str; 12] =
    ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"];

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 220.0;

impl ChromaPlot {
    pub fn to_svg(&self, theme: Theme) -> String {
        self.to_svg_in(theme, &Words::default())
    }

    pub fn to_svg_in(&self, theme: Theme, words: &Words) -> String {
        let inks = theme.inks();
        let mut svg = Svg::new(WIDTH, HEIGHT);
        let shares = self.chroma.filter(|c| c.iter().all(|v| v.is_finite() && *v >= 0.0));
        let top = shares.map_or(1.0, |c| c.iter().fold(0.0, |a: f64, b| a.max(*b))) * 100.0;
        let y = Axis::rounded(0.0, top.max(1.0), 4, &words.chroma_share, words);
        let left = left_margin(&y);
        let area = Area { left, top: 14.0, width: WIDTH - left - 20.0, height: HEIGHT - 64.0 };
        let ticks = PITCH_CLASSES.iter().enumerate();
        let ticks =
            ticks.map(|(i, name)| Tick { value: i as f64 + 0.5, label: (*name).to_owned() });
        let x = Axis {
            ticks: ticks.collect(),
            ..Axis::linear(0.0, 12.0, 12, &words.pitch_class, words)
        };
        match shares {
            Some(shares) => {
                draw_y_axis(&mut svg, &area, &y, inks);
                for (i, share) in shares.iter().enumerate() {
                    let (left, right) = (area.x(&x, i as f64 + 0.15), area.x(&x, i as f64 + 0.85));
                    let top = area.y(&y, share * 100.0);
                    let fill = if self.tonic == Some(i) { inks.accent } else { inks.border };
                    let paint = format!(r#"fill="{fill}""#);
                    svg.rect(left, top, right - left, area.bottom() - top, &paint);
                }
            }
            None => draw_no_data(&mut svg, &area, &words.no_data, inks),
        }
        draw_x_axis(&mut svg, &area, &x, inks);
        svg.finish(theme, &self.title, &self.description)
    }
}
