use crate::axis::Axis;
use crate::frame::{Area, draw_no_data, draw_x_axis, draw_y_axis, finite_range, left_margin};
use crate::raster::{draw_scale_beside, grid_png};
use crate::svg::Svg;
use crate::{ColourMap, Theme, Words};

/// Power over time and frequency against a baseline: blue below, orange above, white as before. Or,
/// without a sign, what is above zero.
#[derive(Clone, Debug, Default)]
pub struct TfrPlot {
    /// Read aloud by screen readers, not drawn.
    pub title: String,
    pub description: String,
    /// Seconds from the event to the first and to the last column.
    pub tmin_s: f64,
    pub tmax_s: f64,
    /// Frequency of each row, ascending, hertz.
    pub freqs_hz: Vec<f64>,
    /// Row by row, lowest frequency first; zero is the baseline, NaN is not known.
    pub values: Vec<f32>,
    /// Label of the scale bar with its unit, such as `Power against baseline (dB)`.
    pub label: String,
    /// Span of the baseline, seconds, marked above the picture.
    pub baseline_s: Option<[f64; 2]>,
    /// Value at both ends of the scale; absent: the largest.
    pub half_range: Option<f64>,
    /// Values are never below zero, as a coherence: the scale begins there.
    pub unsigned: bool,
}

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 320.0;
/// Rows of the picture: frequencies are put on an even scale.
const ROWS: usize = 200;

impl TfrPlot {
    pub fn to_svg(&self, theme: Theme) -> String {
        self.to_svg_in(theme, &Words::default())
    }

    pub fn to_svg_in(&self, theme: Theme, words: &Words) -> String {
        let inks = theme.inks();
        let mut svg = Svg::new(WIDTH, HEIGHT);
        let Some((png, half, freqs)) = self.picture() else {
            let area = Area { left: 20.0, top: 20.0, width: WIDTH - 40.0, height: HEIGHT - 40.0 };
            draw_no_data(&mut svg, &area, &words.no_data, inks);
            return svg.finish(theme, &self.title, &self.description);
        };
        let times = Axis::linear(self.tmin_s, self.tmax_s, 8, &words.time_s, words);
        let logarithmic = freqs.0 > 0.0 && freqs.1 / freqs.0 > 4.0;
        let y = if logarithmic {
            Axis::log(freqs.0, freqs.1, &words.frequency_hz, words)
        } else {
            Axis::linear(freqs.0, freqs.1, 6, &words.frequency_hz, words)
        };
        let left = left_margin(&y);
        let area = Area { left, top: 20.0, width: WIDTH - left - 96.0, height: HEIGHT - 70.0 };
        svg.rect(
            area.left,
            area.top,
            area.width,
            area.height,
            &format!(r#"fill="{}""#, inks.sunken),
        );
        let crisp = r#"image-rendering="optimizeSpeed""#;
        svg.png(area.left, area.top, area.width, area.height, &png, crisp);
        let stroke = format!(r#"stroke="{}" stroke-width="1""#, "#1a1c22");
        if (times.min..=times.max).contains(&0.0) {
            let at = area.x(&times, 0.0);
            svg.line(
                at,
                area.top,
                at,
                area.bottom(),
                &format!(r#"{stroke} stroke-dasharray="4 3""#),
            );
        }
        if let Some([from, to]) = self.baseline_s.filter(|b| b[0] < b[1]) {
            let at = |s: f64| area.x(&times, s.clamp(times.min, times.max));
            let fill = format!(r#"fill="{}""#, inks.ink_2);
            svg.rect(at(from), area.top - 7.0, at(to) - at(from), 4.0, &fill);
        }
        let (low, map) =
            if self.unsigned { (0.0, ColourMap::Cividis) } else { (-half, ColourMap::Diverging) };
        let scale = Axis::linear(low, half, 5, &self.label, words);
        let place = (area.right() + 16.0, area.top, area.height);
        draw_scale_beside(&mut svg, place, map, &scale, inks);
        // The picture covers the grid, so only the axis itself shows.
        let bare = crate::theme::Inks { line: "none", ..*inks };
        draw_y_axis(&mut svg, &area, &y, &bare);
        draw_x_axis(&mut svg, &area, &times, inks);
        svg.finish(theme, &self.title, &self.description)
    }

    /// The picture, the end of its scale, and its lowest and highest frequency.
    fn picture(&self) -> Option<(Vec<u8>, f64, (f64, f64))> {
        let n_rows = self.freqs_hz.len();
        let columns = self.values.len().checked_div(n_rows)?;
        let freqs = finite_range(self.freqs_hz.iter().copied())?;
        if columns == 0 || !(self.tmax_s > self.tmin_s && freqs.1 > freqs.0) {
            return None;
        }
        let (_, largest) = finite_range(self.values.iter().map(|v| f64::from(v.abs())))?;
        let half = self.half_range.unwrap_or(largest);
        let half = if half > 0.0 { half } else { 1.0 };
        let logarithmic = freqs.0 > 0.0 && freqs.1 / freqs.0 > 4.0;
        let rows: Vec<usize> = (0..ROWS)
            .map(|row| {
                let share = 1.0 - (row as f64 + 0.5) / ROWS as f64;
                let hz = if logarithmic {
                    freqs.0 * (freqs.1 / freqs.0).powf(share)
                } else {
                    freqs.0 + share * (freqs.1 - freqs.0)
                };
                let distance = |i: &usize| (self.freqs_hz[*i] - hz).abs();
                (0..n_rows).min_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap_or(0)
            })
            .collect();
        let png = grid_png(columns, ROWS, |column, row| {
            let value = f64::from(self.values[rows[row] * columns + column]);
            if self.unsigned {
                ColourMap::Cividis.at(value / half)
            } else {
                ColourMap::Diverging.at((value / half + 1.0) / 2.0)
            }
        })?;
        Some((png, half, freqs))
    }
}
