use crate::axis::Axis;
use crate::frame::{
    Area, TICK_SIZE, draw_no_data, draw_x_axis, draw_y_axis, finite_range, left_margin,
};
use crate::svg::{Anchor, Svg, Type};
use crate::{Theme, Words};

/// Spectrum of the intervals between heart beats, its bands shaded and named.
#[derive(Clone, Debug, Default)]
pub struct RrSpectrumPlot {
    /// Read aloud by screen readers, not drawn.
    pub title: String,
    pub description: String,
    /// Ascending, hertz.
    pub freqs_hz: Vec<f64>,
    /// Density at `freqs_hz`, ms²/Hz.
    pub density_ms2_per_hz: Vec<f64>,
    /// Name, lower and upper edge in hertz.
    pub bands: Vec<(String, f64, f64)>,
}

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 300.0;

impl RrSpectrumPlot {
    pub fn to_svg(&self, theme: Theme) -> String {
        self.to_svg_in(theme, &Words::default())
    }

    pub fn to_svg_in(&self, theme: Theme, words: &Words) -> String {
        let inks = theme.inks();
        let mut svg = Svg::new(WIDTH, HEIGHT);
        let values = self.freqs_hz.iter().copied().zip(self.density_ms2_per_hz.iter().copied());
        let points: Vec<(f64, f64)> =
            values.filter(|(f, d)| f.is_finite() && d.is_finite()).collect();
        let top = finite_range(points.iter().map(|p| p.1)).map(|(_, high)| high);
        let (Some(high), Some(last)) = (top.filter(|h| *h > 0.0), points.last()) else {
            let area = Area { left: 20.0, top: 20.0, width: WIDTH - 40.0, height: HEIGHT - 40.0 };
            draw_no_data(&mut svg, &area, &words.no_data, inks);
            return svg.finish(theme, &self.title, &self.description);
        };
        let y = Axis::rounded(0.0, high, 5, &words.rr_density_ms2_per_hz, words);
        let x = Axis::linear(0.0, last.0, 10, &words.frequency_hz, words);
        let left = left_margin(&y);
        let area = Area { left, top: 34.0, width: WIDTH - left - 20.0, height: HEIGHT - 84.0 };
        for (i, (name, fmin_hz, fmax_hz)) in self.bands.iter().enumerate() {
            let (from, to) = (area.x(&x, fmin_hz.max(x.min)), area.x(&x, fmax_hz.min(x.max)));
            let opacity = if i % 2 == 0 { 0.05 } else { 0.12 };
            let fill = format!(r#"fill="{}" fill-opacity="{opacity}""#, inks.accent);
            svg.rect(from, area.top, to - from, area.height, &fill);
            let style = Type::new(TICK_SIZE, inks.ink_2).anchor(Anchor::Middle);
            svg.text((from + to) / 2.0, area.top - 8.0, style, name);
        }
        draw_y_axis(&mut svg, &area, &y, inks);
        draw_x_axis(&mut svg, &area, &x, inks);
        let curve: Vec<Option<(f64, f64)>> =
            points.iter().map(|&(f, d)| Some((area.x(&x, f), area.y(&y, d)))).collect();
        svg.curve(&curve, inks.ink, r#"stroke-width="1.2""#);
        svg.finish(theme, &self.title, &self.description)
    }
}
