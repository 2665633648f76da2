use crate::axis::Axis;
use crate::frame::{
    Area, LABEL_SIZE, TICK_SIZE, draw_no_data, draw_x_axis, draw_y_axis, finite_range, left_margin,
};
use crate::svg::{Anchor, Svg, Type, text_width};
use crate::theme::Inks;
use crate::{BAND_CODES, Theme, Words};

/// Tempo from beat to beat over time, with the segments of the piece in a strip above.
#[derive(Clone, Debug, Default)]
pub struct RhythmPlot {
    /// Read aloud by screen readers, not drawn.
    pub title: String,
    pub description: String,
    pub duration_s: f64,
    /// Beat times, ascending.
    pub beats_s: Vec<f64>,
    /// Tempo of the whole.
    pub bpm: Option<f64>,
    /// Start, end and label; segments that sound alike share a label.
    pub segments: Vec<(f64, f64, String)>,
}

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 260.0;

impl RhythmPlot {
    pub fn to_svg(&self, theme: Theme) -> String {
        self.to_svg_in(theme, &Words::default())
    }

    pub fn to_svg_in(&self, theme: Theme, words: &Words) -> String {
        let inks = theme.inks();
        let mut svg = Svg::new(WIDTH, HEIGHT);
        let tempi: Vec<(f64, f64)> = self
            .beats_s
            .windows(2)
            .map(|w| (w[1], 60.0 / (w[1] - w[0])))
            .filter(|(_, bpm)| bpm.is_finite() && *bpm > 0.0)
            .collect();
        let times = Axis::time(0.0, self.duration_s, 8, words);
        let range = finite_range(tempi.iter().map(|t| t.1).chain(self.bpm));
        let (low, high) = range.unwrap_or((60.0, 180.0));
        let room = ((high - low) * 0.15).max(high * 0.05);
        let y = Axis::rounded((low - room).max(0.0), high + room, 5, &words.tempo_bpm, words);
        let left = left_margin(&y);
        let area = Area { left, top: 60.0, width: WIDTH - left - 20.0, height: HEIGHT - 110.0 };
        self.draw_segments(&mut svg, &area, &times, theme, words);
        if range.is_none() {
            draw_no_data(&mut svg, &area, &words.no_data, inks);
            draw_x_axis(&mut svg, &area, &times, inks);
            return svg.finish(theme, &self.title, &self.description);
        }
        draw_y_axis(&mut svg, &area, &y, inks);
        draw_x_axis(&mut svg, &area, &times, inks);
        let radius = if tempi.len() > 400 { 1.1 } else { 1.8 };
        for (at_s, bpm) in &tempi {
            let dot = format!(r#"fill="{}" fill-opacity="0.7""#, inks.ink_2);
            svg.circle(area.x(&times, *at_s), area.y(&y, *bpm), radius, &dot);
        }
        if let Some(bpm) = self.bpm {
            draw_level(
                &mut svg,
                &area,
                area.y(&y, bpm),
                &format!("{} BPM", words.number(bpm, 1)),
                inks,
            );
        }
        svg.finish(theme, &self.title, &self.description)
    }

    fn draw_segments(&self, svg: &mut Svg, area: &Area, times: &Axis, theme: Theme, words: &Words) {
        let inks = theme.inks();
        if self.segments.is_empty() {
            return;
        }
        let mut labels: Vec<&str> = Vec::new();
        for (tmin_s, tmax_s, label) in &self.segments {
            if !labels.contains(&label.as_str()) {
                labels.push(label);
            }
            let index = labels.iter().position(|l| l == label).unwrap_or(0);
            let colour =
                BAND_CODES[SEGMENT_COLOURS[index % SEGMENT_COLOURS.len()]].colour(theme).css();
            let (left, right) = (area.x(times, *tmin_s), area.x(times, *tmax_s));
            let paint = format!(
                r#"fill="{colour}" fill-opacity="0.22" stroke="{colour}" stroke-width="1""#
            );
            svg.rect(left + 0.5, 12.0, right - left - 1.0, 20.0, &paint);
            if right - left > text_width(label, TICK_SIZE) + 4.0 {
                let style = Type::new(TICK_SIZE, inks.ink).anchor(Anchor::Middle).bold();
                svg.text((left + right) / 2.0, 26.0, style, label);
            }
        }
        let style = Type::new(TICK_SIZE, inks.ink_2).anchor(Anchor::End);
        let name = &words.segments;
        if text_width(name, TICK_SIZE) < area.left - 8.0 {
            svg.text(area.left - 8.0, 26.0, style, name);
        }
    }
}

// The letters A, B, C… take the same well-separated colours as the bands, in an order that keeps
// neighbours apart.
const SEGMENT_COLOURS: [usize; 6] = [2, 4, 1, 0, 5, 3];

/// A dashed line across; its value stands above the plot, where it covers no data.
pub(crate) fn draw_level(svg: &mut Svg, area: &Area, y: f64, text: &str, inks: &Inks) {
    let stroke = format!(r#"stroke="{}" stroke-width="1.4" stroke-dasharray="6 3""#, inks.accent);
    svg.line(area.left, y, area.right(), y, &stroke);
    let (right, key_y) = (area.right(), area.top - 10.0);
    let style = Type::new(LABEL_SIZE, inks.ink_2).anchor(Anchor::End);
    svg.text(right, key_y + 4.0, style, text);
    let key = right - text_width(text, LABEL_SIZE) - 10.0;
    svg.line(key - 24.0, key_y, key, key_y, &stroke);
}
