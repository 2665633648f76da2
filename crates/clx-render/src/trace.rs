use crate::axis::Axis;
use crate::frame::{
    Area, LABEL_SIZE, draw_no_data, draw_x_axis, draw_y_axis, finite_range, left_margin,
};
use crate::svg::{Svg, Type, text_width};
use crate::theme::Inks;
use crate::{Theme, Words};

/// Figures of the body over time with their scale: intervals between beats, conductance, breathing.
#[derive(Clone, Debug, Default)]
pub struct TracePlot {
    /// Read aloud by screen readers, not drawn.
    pub title: String,
    pub description: String,
    pub tmin_s: f64,
    pub tmax_s: f64,
    /// What the values are, with their unit.
    pub label: String,
    /// The first is drawn as measured; further ones, such as a level, are thicker and coloured.
    pub lines: Vec<TraceLine>,
    pub marks: Vec<TraceMarks>,
}

#[derive(Clone, Debug, Default)]
pub struct TraceLine {
    /// Named in the legend; empty: not named.
    pub name: String,
    /// Time in seconds and value; a value that is no number interrupts the line.
    pub points: Vec<(f64, f64)>,
}

/// Instants that stand out.
#[derive(Clone, Debug, Default)]
pub struct TraceMarks {
    pub name: String,
    pub points: Vec<(f64, f64)>,
    /// Something is wrong there.
    pub bad: bool,
}

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 300.0;
const LEGEND: f64 = 26.0;

impl TracePlot {
    pub fn to_svg(&self, theme: Theme) -> String {
        self.to_svg_in(theme, &Words::default())
    }

    pub fn to_svg_in(&self, theme: Theme, words: &Words) -> String {
        let inks = theme.inks();
        let named = self.lines.iter().any(|l| !l.name.is_empty()) || !self.marks.is_empty();
        let mut svg = Svg::new(WIDTH, if named { HEIGHT } else { HEIGHT - LEGEND });
        let all = self.lines.iter().map(|l| &l.points).chain(self.marks.iter().map(|m| &m.points));
        let Some((low, high)) = finite_range(all.flatten().map(|p| p.1)) else {
            let area = Area { left: 20.0, top: 20.0, width: WIDTH - 40.0, height: HEIGHT - 40.0 };
            draw_no_data(&mut svg, &area, &words.no_data, inks);
            return svg.finish(theme, &self.title, &self.description);
        };
        let y = Axis::rounded(low, high, 5, &self.label, words);
        let x = Axis::time(self.tmin_s, self.tmax_s, 8, words);
        let left = left_margin(&y);
        let area = Area { left, top: 16.0, width: WIDTH - left - 20.0, height: HEIGHT - 92.0 };
        draw_y_axis(&mut svg, &area, &y, inks);
        draw_x_axis(&mut svg, &area, &x, inks);
        svg.open_clip(&area.as_clip());
        for (i, line) in self.lines.iter().enumerate() {
            let at = |&(t, v): &(f64, f64)| v.is_finite().then(|| (area.x(&x, t), area.y(&y, v)));
            let points: Vec<Option<(f64, f64)>> = line.points.iter().map(at).collect();
            let (stroke, width) = stroke(i, inks);
            svg.curve(&points, stroke, &format!(r#"stroke-width="{width}""#));
        }
        for (i, marks) in self.marks.iter().enumerate() {
            let fill = format!(r#"fill="{}""#, mark_ink(i, marks, inks));
            let radius = if marks.points.len() > 150 { 1.6 } else { 2.6 };
            for &(t, v) in marks.points.iter().filter(|p| p.1.is_finite()) {
                svg.circle(area.x(&x, t), area.y(&y, v), radius, &fill);
            }
        }
        svg.close_clip();
        self.draw_legend(&mut svg, &area, inks);
        svg.finish(theme, &self.title, &self.description)
    }

    fn draw_legend(&self, svg: &mut Svg, area: &Area, inks: &Inks) {
        let y = area.bottom() + 62.0;
        let mut x = area.left;
        let mut name = |svg: &mut Svg, text: &str| {
            svg.text(x + 28.0, y, Type::new(LABEL_SIZE, inks.ink_2), text);
            let from = x;
            x += 28.0 + text_width(text, LABEL_SIZE) + 24.0;
            from
        };
        for (i, line) in self.lines.iter().enumerate().filter(|(_, l)| !l.name.is_empty()) {
            let from = name(svg, &line.name);
            let (stroke, width) = stroke(i, inks);
            let style = format!(r#"stroke="{stroke}" stroke-width="{width}""#);
            svg.line(from, y - 4.0, from + 22.0, y - 4.0, &style);
        }
        for (i, marks) in self.marks.iter().enumerate().filter(|(_, m)| !m.points.is_empty()) {
            let from = name(svg, &format!("{} (n = {})", marks.name, marks.points.len()));
            let fill = format!(r#"fill="{}""#, mark_ink(i, marks, inks));
            svg.circle(from + 11.0, y - 4.0, 2.6, &fill);
        }
    }
}

fn stroke(line: usize, inks: &Inks) -> (&str, f64) {
    if line == 0 { (inks.ink_2, 0.9) } else { (inks.accent, 1.8) }
}

fn mark_ink<'a>(index: usize, marks: &TraceMarks, inks: &'a Inks) -> &'a str {
    match index {
        _ if marks.bad => inks.bad,
        0 => inks.accent,
        _ => inks.ink,
    }
}
