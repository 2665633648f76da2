use crate::axis::Axis;
use crate::frame::{Area, draw_no_data, draw_x_axis, draw_y_axis, finite_range, left_margin};
use crate::rhythm::draw_level;
use crate::svg::Svg;
use crate::{Theme, Words};

/// Short-term loudness over time with the integrated loudness as a line; silence is a gap.
#[derive(Clone, Debug, Default)]
pub struct LoudnessPlot {
    /// Read aloud by screen readers, not drawn.
    pub title: String,
    pub description: String,
    pub duration_s: f64,
    /// Equally spaced over the duration; absent where silent.
    pub short_term_lufs: Vec<Option<f64>>,
    pub integrated_lufs: Option<f64>,
}

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 240.0;

impl LoudnessPlot {
    pub fn to_svg(&self, theme: Theme) -> String {
        self.to_svg_in(theme, &Words::default())
    }

    pub fn to_svg_in(&self, theme: Theme, words: &Words) -> String {
        let inks = theme.inks();
        let mut svg = Svg::new(WIDTH, HEIGHT);
        let times = Axis::time(0.0, self.duration_s, 8, words);
        let values = self.short_term_lufs.iter().map(|v| v.filter(|v| v.is_finite()));
        let values: Vec<Option<f64>> = values.collect();
        let range = finite_range(values.iter().flatten().copied().chain(self.integrated_lufs));
        let Some((low, high)) = range else {
            let area = Area { left: 40.0, top: 16.0, width: WIDTH - 60.0, height: HEIGHT - 66.0 };
            draw_no_data(&mut svg, &area, &words.no_data, inks);
            draw_x_axis(&mut svg, &area, &times, inks);
            return svg.finish(theme, &self.title, &self.description);
        };
        // Below -70 LUFS is the absolute gate of BS.1770; deeper detail means nothing.
        let (low, high) = (low.max(-70.0) - 2.0, high.max(-70.0) + 3.0);
        let y = Axis::rounded(low, high, 5, &words.loudness_lufs, words);
        let left = left_margin(&y);
        let area = Area { left, top: 30.0, width: WIDTH - left - 20.0, height: HEIGHT - 80.0 };
        draw_y_axis(&mut svg, &area, &y, inks);
        draw_x_axis(&mut svg, &area, &times, inks);
        let step = self.duration_s / values.len().max(1) as f64;
        let points: Vec<Option<(f64, f64)>> = values
            .iter()
            .enumerate()
            .map(|(i, v)| {
                v.map(|v| (area.x(&times, (i as f64 + 0.5) * step), area.y(&y, v.max(y.min))))
            })
            .collect();
        svg.open_clip(&area.as_clip());
        svg.curve(&points, inks.ink, r#"stroke-width="1.4""#);
        svg.close_clip();
        if let Some(level) = self.integrated_lufs.filter(|v| v.is_finite()) {
            let text = format!("{} {} LUFS", words.integrated, words.number(level, 1));
            draw_level(&mut svg, &area, area.y(&y, level), &text, inks);
        }
        svg.finish(theme, &self.title, &self.description)
    }
}
