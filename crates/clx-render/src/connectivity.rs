use std::f64::consts::{FRAC_PI_2, TAU};

use crate::axis::Axis;
use crate::frame::{Area, TICK_SIZE, draw_no_data, finite_range};
use crate::raster::draw_scale_beside;
use crate::svg::{Anchor, Svg, Type, n};
use crate::{ColourMap, Theme, Words};

/// How strongly places are connected: names around a circle, an arc for each pair.
///
/// Stronger pairs are lighter or darker on the scale, wider, and drawn on top.
#[derive(Clone, Debug, Default)]
pub struct ConnectivityCircle {
    /// Read aloud by screen readers, not drawn.
    pub title: String,
    pub description: String,
    /// Clockwise from the top.
    pub names: Vec<String>,
    /// Symmetric, `names × names` row by row; NaN and the diagonal are not drawn.
    pub matrix: Vec<f64>,
    /// Label of the scale bar, such as `Coherence`.
    pub label: String,
    /// Only that many strongest pairs; absent: all.
    pub strongest: Option<usize>,
    /// Ends of the scale; absent: those of the data.
    pub range: Option<[f64; 2]>,
}

const SIZE: f64 = 520.0;
const RADIUS: f64 = 190.0;

impl ConnectivityCircle {
    pub fn to_svg(&self, theme: Theme) -> String {
        self.to_svg_in(theme, &Words::default())
    }

    pub fn to_svg_in(&self, theme: Theme, words: &Words) -> String {
        let inks = theme.inks();
        let mut svg = Svg::new(SIZE + 100.0, SIZE);
        let pairs = self.pairs();
        let Some([low, high]) = self.scale(&pairs) else {
            let area = Area { left: 20.0, top: 20.0, width: SIZE + 60.0, height: SIZE - 40.0 };
            draw_no_data(&mut svg, &area, &words.no_data, inks);
            return svg.finish(theme, &self.title, &self.description);
        };
        let centre = SIZE / 2.0;
        for (value, a, b) in pairs {
            let share = ((value - low) / (high - low)).clamp(0.0, 1.0);
            let Some(colour) = ColourMap::Cividis.at(share) else { continue };
            let ([x1, y1], [x2, y2]) = (self.place(a, RADIUS), self.place(b, RADIUS));
            let d = format!("M{} {}Q{} {} {} {}", n(x1), n(y1), n(centre), n(centre), n(x2), n(y2));
            let width = n(0.8 + 3.2 * share);
            let style = format!(
                r#"fill="none" stroke="{}" stroke-width="{width}" stroke-opacity="0.85""#,
                colour.css()
            );
            svg.path(&d, &style);
        }
        self.draw_names(&mut svg, theme);
        let scale = Axis::linear(low, high, 5, &self.label, words);
        let place = (SIZE + 10.0, SIZE / 2.0 - 110.0, 220.0);
        draw_scale_beside(&mut svg, place, ColourMap::Cividis, &scale, inks);
        svg.finish(theme, &self.title, &self.description)
    }

    /// Finite pairs, the weakest first.
    fn pairs(&self) -> Vec<(f64, usize, usize)> {
        let size = self.names.len();
        if self.matrix.len() != size * size {
            return Vec::new();
        }
        let mut pairs: Vec<_> = (0..size)
            .flat_map(|a| (a + 1..size).map(move |b| (a, b)))
            .map(|(a, b)| (self.matrix[a * size + b], a, b))
            .filter(|p| p.0.is_finite())
            .collect();
        pairs.sort_by(|p, q| p.0.total_cmp(&q.0));
        let drop = pairs.len().saturating_sub(self.strongest.unwrap_or(usize::MAX));
        pairs.split_off(drop)
    }

    fn scale(&self, pairs: &[(f64, usize, usize)]) -> Option<[f64; 2]> {
        let (low, high) = finite_range(pairs.iter().map(|p| p.0))?;
        match self.range {
            Some([a, b]) => (b > a).then_some([a, b]),
            None if high > low => Some([low, high]),
            None => Some([low - 0.5, low + 0.5]),
        }
    }

    fn angle(&self, i: usize) -> f64 {
        i as f64 / self.names.len() as f64 * TAU - FRAC_PI_2
    }

    fn place(&self, i: usize, radius: f64) -> [f64; 2] {
        let (sin, cos) = self.angle(i).sin_cos();
        [SIZE / 2.0 + radius * cos, SIZE / 2.0 + radius * sin]
    }

    /// Names point outwards; on the left half they are turned so as not to stand on their heads.
    fn draw_names(&self, svg: &mut Svg, theme: Theme) {
        let inks = theme.inks();
        for (i, name) in self.names.iter().enumerate() {
            let [x, y] = self.place(i, RADIUS + 4.0);
            svg.circle(x, y, 3.5, &format!(r#"fill="{}""#, inks.ink_2));
            let degrees = self.angle(i).to_degrees();
            let left = self.angle(i).cos() < -1e-9;
            let turn = if left { degrees + 180.0 } else { degrees };
            let anchor = if left { Anchor::End } else { Anchor::Start };
            let style = Type::new(TICK_SIZE, inks.ink).anchor(anchor);
            let [x, y] = self.place(i, RADIUS + 13.0);
            // The base line lies a third of the letter height off the radius.
            let (sin, cos) = turn.to_radians().sin_cos();
            svg.text(x - 4.0 * sin, y + 4.0 * cos, style.turned(turn), name);
        }
    }
}
