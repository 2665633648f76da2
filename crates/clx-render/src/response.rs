use crate::axis::Axis;
use crate::frame::{
    Area, TICK_SIZE, draw_no_data, draw_x_axis, draw_y_axis, finite_range, left_margin,
};
use crate::svg::{Anchor, Svg, Type, text_width};
use crate::{Theme, Words};

/// How far each frequency stands out from its neighbours: a stem per bin, those of a stimulus and its
/// multiples brought out and named. Stems far above those are cut off at the top.
#[derive(Clone, Debug, Default)]
pub struct ResponsePlot {
    /// Read aloud by screen readers, not drawn.
    pub title: String,
    pub description: String,
    /// Ascending, hertz.
    pub freqs_hz: Vec<f64>,
    /// Power over that of the neighbours; one per frequency, 1 is as they are.
    pub ratios: Vec<f64>,
    /// Indices of the bins that are brought out.
    pub marked: Vec<usize>,
    /// Label of the vertical axis.
    pub label: String,
}

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 320.0;

impl ResponsePlot {
    pub fn to_svg(&self, theme: Theme) -> String {
        self.to_svg_in(theme, &Words::default())
    }

    pub fn to_svg_in(&self, theme: Theme, words: &Words) -> String {
        let inks = theme.inks();
        let mut svg = Svg::new(WIDTH, HEIGHT);
        let span = finite_range(self.freqs_hz.iter().copied()).filter(|(low, high)| high > low);
        let top = self.top();
        let same = self.freqs_hz.len() == self.ratios.len();
        let (Some((fmin, fmax)), Some(top)) = (span.filter(|_| same), top) else {
            let area = Area { left: 20.0, top: 20.0, width: WIDTH - 40.0, height: HEIGHT - 40.0 };
            draw_no_data(&mut svg, &area, &words.no_data, inks);
            return svg.finish(theme, &self.title, &self.description);
        };
        let x = Axis::linear(fmin, fmax, 8, &words.frequency_hz, words);
        // Room above the highest stem for its name.
        let y = Axis::linear(0.0, 1.15 * top, 5, &self.label, words);
        let left = left_margin(&y);
        let area = Area { left, top: 16.0, width: WIDTH - left - 20.0, height: HEIGHT - 66.0 };
        draw_y_axis(&mut svg, &area, &y, inks);
        draw_x_axis(&mut svg, &area, &x, inks);
        let even = area.y(&y, 1.0);
        let dash = format!(r#"stroke="{}" stroke-width="1" stroke-dasharray="4 3""#, inks.ink_2);
        svg.line(area.left, even, area.right(), even, &dash);
        for (i, (hz, ratio)) in self.freqs_hz.iter().zip(&self.ratios).enumerate() {
            if !ratio.is_finite() || self.marked.contains(&i) {
                continue;
            }
            let at = area.x(&x, *hz);
            let stroke =
                format!(r#"stroke="{}" stroke-width="1" stroke-opacity="0.7""#, inks.ink_2);
            svg.line(at, area.bottom(), at, area.y(&y, ratio.min(y.max)), &stroke);
        }
        for &i in &self.marked {
            let (Some(hz), Some(ratio)) = (self.freqs_hz.get(i), self.ratios.get(i)) else {
                continue;
            };
            let (at, height) = (area.x(&x, *hz), area.y(&y, *ratio));
            let stroke = format!(r#"stroke="{}" stroke-width="2.5""#, inks.accent);
            svg.line(at, area.bottom(), at, height, &stroke);
            svg.circle(at, height, 3.5, &format!(r#"fill="{}""#, inks.accent));
            let text = format!("{} Hz: {}", words.number(*hz, 2), words.number(*ratio, 2));
            let half = text_width(&text, TICK_SIZE) / 2.0;
            let middle = at.clamp(area.left + half + 2.0, area.right() - half);
            let style = Type::new(TICK_SIZE, inks.ink).anchor(Anchor::Middle).bold();
            svg.text(middle, height - 8.0, style, &text);
        }
        svg.finish(theme, &self.title, &self.description)
    }

    /// Height of the scale: twice the highest marked stem. Stems that are higher, such as the mains,
    /// are cut off, or they would hide what is looked for.
    fn top(&self) -> Option<f64> {
        let marked = self.marked.iter().filter_map(|&i| self.ratios.get(i).copied());
        let (_, highest) = finite_range(self.ratios.iter().copied())?;
        let of_marked = finite_range(marked).map_or(f64::INFINITY, |(_, high)| 2.0 * high.max(1.5));
        Some(highest.min(of_marked).max(1.5))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marked_bin_is_named_and_nothing_is_drawn_of_nothing() {
        let plot = ResponsePlot {
            freqs_hz: vec![39.0, 40.0, 41.0],
            ratios: vec![1.0, 4.5, 0.9],
            marked: vec![1],
            ..ResponsePlot::default()
        };
        assert!(plot.to_svg(Theme::Light).contains("40.00 Hz: 4.50"));
        assert!(ResponsePlot::default().to_svg(Theme::Light).contains("no data"));
    }
}
