use crate::axis::Axis;
use crate::frame::{Area, draw_no_data, draw_x_axis, draw_y_axis, left_margin};
use crate::raster::{draw_scale_beside, grid_png};
use crate::svg::Svg;
use crate::{ColourMap, Theme, Words};

/// Power over time and frequency in cividis, with a labelled scale bar.
#[derive(Clone, Debug, Default)]
pub struct SpectrogramPlot {
    /// Read aloud by screen readers, not drawn.
    pub title: String,
    pub description: String,
    pub tmin_s: f64,
    pub tmax_s: f64,
    pub fmin_hz: f64,
    pub fmax_hz: f64,
    pub rows: usize,
    /// `columns × rows`, one column after the other, low frequency first; NaN where there is no data.
    pub values_db: Vec<f32>,
    /// Label of the scale bar with its unit, such as `Power density (dB re 1 µV²/Hz)`.
    pub label: String,
    /// Ends of the colour scale; absent for the 2nd and 98th percentile of the data.
    pub range_db: Option<[f64; 2]>,
}

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 300.0;

impl SpectrogramPlot {
    pub fn to_svg(&self, theme: Theme) -> String {
        self.to_svg_in(theme, &Words::default())
    }

    pub fn to_svg_in(&self, theme: Theme, words: &Words) -> String {
        let inks = theme.inks();
        let mut svg = Svg::new(WIDTH, HEIGHT);
        let times = Axis::time(self.tmin_s, self.tmax_s, 8, words);
        let freqs = Axis::linear(self.fmin_hz, self.fmax_hz, 6, &words.frequency_hz, words);
        let left = left_margin(&freqs);
        let area = Area { left, top: 14.0, width: WIDTH - left - 96.0, height: HEIGHT - 64.0 };
        match self.picture() {
            Some((png, [low, high])) => {
                let clear = format!(r#"fill="{}""#, inks.sunken);
                svg.rect(area.left, area.top, area.width, area.height, &clear);
                let crisp = r#"image-rendering="optimizeSpeed""#;
                svg.png(area.left, area.top, area.width, area.height, &png, crisp);
                let scale = Axis::linear(low, high, 5, &self.label, words);
                let place = (area.right() + 16.0, area.top, area.height);
                draw_scale_beside(&mut svg, place, ColourMap::Cividis, &scale, inks);
            }
            None => draw_no_data(&mut svg, &area, &words.no_data, inks),
        }
        // The picture covers the grid, so only the axis itself shows.
        let bare = crate::theme::Inks { line: "none", ..*inks };
        draw_y_axis(&mut svg, &area, &freqs, &bare);
        draw_x_axis(&mut svg, &area, &times, inks);
        svg.finish(theme, &self.title, &self.description)
    }

    fn picture(&self) -> Option<(Vec<u8>, [f64; 2])> {
        let columns = self.values_db.len().checked_div(self.rows)?;
        let [low, high] = self.range()?;
        let png = grid_png(columns, self.rows, |column, row| {
            let value = self.values_db[column * self.rows + (self.rows - 1 - row)];
            // Minus infinity is silence: the darkest colour, not a hole.
            let value = if value == f32::NEG_INFINITY { low } else { f64::from(value) };
            ColourMap::Cividis.at((value - low) / (high - low))
        })?;
        Some((png, [low, high]))
    }

    fn range(&self) -> Option<[f64; 2]> {
        if let Some([low, high]) = self.range_db {
            return (high > low).then_some([low, high]);
        }
        let mut sorted: Vec<f32> =
            self.values_db.iter().copied().filter(|v| v.is_finite()).collect();
        sorted.sort_by(f32::total_cmp);
        let at =
            |q: f64| Some(f64::from(*sorted.get((q * (sorted.len().max(1) - 1) as f64) as usize)?));
        let (low, high) = (at(0.02)?, at(0.98)?);
        Some(if high > low { [low, high] } else { [low - 1.0, low + 1.0] })
    }
}
