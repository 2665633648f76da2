use crate::axis::Axis;
use crate::frame::{Area, LABEL_SIZE, draw_no_data, draw_row_name, draw_x_axis, name_margin};
use crate::raster::grid_png;
use crate::svg::{Anchor, Svg, Type, text_width};
use crate::theme::Inks;
use crate::{ColourMap, Theme, Words};

/// Signal quality over time, a row per channel: dark is bad, light is good.
#[derive(Clone, Debug, Default)]
pub struct QualityStrip {
    /// Read aloud by screen readers, not drawn.
    pub title: String,
    pub description: String,
    pub duration_s: f64,
    pub rows: Vec<QualityRow>,
}

#[derive(Clone, Debug)]
pub struct QualityRow {
    pub name: String,
    /// From 0 (bad) to 1 (good) in equal stretches over the duration; NaN where there is no data.
    pub values: Vec<f32>,
    pub good: bool,
}

const WIDTH: f64 = 760.0;
/// More columns than pixels would be averaged away: the worst of each group is kept instead.
const MAX_COLUMNS: usize = 560;

impl QualityStrip {
    pub fn to_svg(&self, theme: Theme) -> String {
        self.to_svg_in(theme, &Words::default())
    }

    pub fn to_svg_in(&self, theme: Theme, words: &Words) -> String {
        let inks = theme.inks();
        let row = if self.rows.len() > 16 { 14.0 } else { 20.0 };
        let height = self.rows.len().max(2) as f64 * row;
        let mut svg = Svg::new(WIDTH, height + 90.0);
        let left = name_margin(self.rows.iter().map(|r| r.name.as_str()));
        let area = Area { left, top: 34.0, width: WIDTH - left - 20.0, height };
        if self.rows.iter().all(|r| r.values.iter().all(|v| v.is_nan())) {
            draw_no_data(&mut svg, &area, &words.no_data, inks);
        }
        for (i, quality) in self.rows.iter().enumerate() {
            let top = area.top + i as f64 * row;
            let fill = if quality.good { inks.ink_2 } else { inks.bad };
            draw_row_name(&mut svg, left, top + row / 2.0, &quality.name, fill);
            let values = worst_of_groups(&quality.values);
            let png = grid_png(values.len(), 1, |column, _| {
                ColourMap::Cividis.at(f64::from(values[column]))
            });
            if let Some(png) = png {
                let crisp = r#"image-rendering="optimizeSpeed""#;
                svg.png(area.left, top + 1.0, area.width, row - 2.0, &png, crisp);
            }
        }
        draw_x_axis(&mut svg, &area, &Axis::time(0.0, self.duration_s, 8, words), inks);
        draw_key(&mut svg, area.right(), inks, words);
        svg.finish(theme, &self.title, &self.description)
    }
}

fn worst_of_groups(values: &[f32]) -> Vec<f32> {
    let group = values.len().div_ceil(MAX_COLUMNS).max(1);
    values.chunks(group).map(|chunk| chunk.iter().copied().fold(f32::NAN, f32::min)).collect()
}

fn draw_key(svg: &mut Svg, right: f64, inks: &Inks, words: &Words) {
    let style = Type::new(LABEL_SIZE, inks.ink_2).anchor(Anchor::End);
    let good = format!("{} 1", words.good);
    svg.text(right, 20.0, style, &good);
    let bar_right = right - text_width(&good, LABEL_SIZE) - 8.0;
    if let Some(png) = grid_png(256, 1, |column, _| ColourMap::Cividis.at(column as f64 / 255.0)) {
        svg.png(bar_right - 90.0, 11.0, 90.0, 9.0, &png, "");
    }
    svg.text(bar_right - 98.0, 20.0, style, &format!("{}: {} 0", words.quality, words.bad));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_bad_stretch_survives_the_thinning() {
        let mut values = vec![1.0f32; 10_000];
        values[4321] = 0.0;
        let thin = worst_of_groups(&values);
        assert!(thin.len() <= MAX_COLUMNS);
        assert_eq!(thin.iter().filter(|v| **v == 0.0).count(), 1);
    }
}
