//! The rectangle of a plot with its axes, grid and labels.

use crate::axis::Axis;
use crate::svg::{Anchor, Svg, Type, n, text_width};
use crate::theme::Inks;

pub(crate) const TICK_SIZE: f64 = 11.0;
pub(crate) const LABEL_SIZE: f64 = 12.0;

/// A data rectangle in pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Area {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Area {
    pub(crate) fn right(&self) -> f64 {
        self.left + self.width
    }

    pub(crate) fn bottom(&self) -> f64 {
        self.top + self.height
    }

    pub(crate) fn x(&self, axis: &Axis, value: f64) -> f64 {
        self.left + axis.share(value) * self.width
    }

    pub(crate) fn y(&self, axis: &Axis, value: f64) -> f64 {
        self.bottom() - axis.share(value) * self.height
    }

    pub(crate) fn as_clip(&self) -> String {
        format!(
            r#"<rect x="{}" y="{}" width="{}" height="{}"/>"#,
            n(self.left),
            n(self.top),
            n(self.width),
            n(self.height)
        )
    }
}

/// Left margin that the tick labels of `axis` and its turned label need.
pub(crate) fn left_margin(axis: &Axis) -> f64 {
    let widest = axis.ticks.iter().map(|t| text_width(&t.label, TICK_SIZE)).fold(0.0, f64::max);
    widest + if axis.label.is_empty() { 14.0 } else { 36.0 }
}

/// Left margin for row names.
pub(crate) fn name_margin<'a>(names: impl Iterator<Item = &'a str>) -> f64 {
    let widest = names.map(|name| text_width(name, TICK_SIZE)).fold(0.0, f64::max);
    widest.clamp(24.0, 160.0) + 14.0
}

pub(crate) fn draw_x_axis(svg: &mut Svg, area: &Area, axis: &Axis, inks: &Inks) {
    let bottom = area.bottom();
    let stroke = format!(r#"stroke="{}" stroke-width="1""#, inks.border);
    svg.line(area.left, bottom, area.right(), bottom, &stroke);
    let style = Type::new(TICK_SIZE, inks.ink_2).anchor(Anchor::Middle);
    let mut free_from = f64::NEG_INFINITY;
    for tick in &axis.ticks {
        let x = area.x(axis, tick.value);
        svg.line(x, bottom, x, bottom + 4.0, &stroke);
        let half = text_width(&tick.label, TICK_SIZE) / 2.0;
        if x - half > free_from {
            svg.text(x, bottom + 17.0, style, &tick.label);
            free_from = x + half + 4.0;
        }
    }
    if !axis.label.is_empty() {
        let style = Type::new(LABEL_SIZE, inks.ink).anchor(Anchor::Middle);
        svg.text(area.left + area.width / 2.0, bottom + 36.0, style, &axis.label);
    }
}

pub(crate) fn draw_y_axis(svg: &mut Svg, area: &Area, axis: &Axis, inks: &Inks) {
    let grid = format!(r#"stroke="{}" stroke-width="1""#, inks.line);
    let stroke = format!(r#"stroke="{}" stroke-width="1""#, inks.border);
    let style = Type::new(TICK_SIZE, inks.ink_2).anchor(Anchor::End);
    for tick in &axis.ticks {
        let y = area.y(axis, tick.value);
        if y < area.bottom() - 0.5 {
            svg.line(area.left, y, area.right(), y, &grid);
        }
        svg.line(area.left - 4.0, y, area.left, y, &stroke);
        svg.text(area.left - 8.0, y + 4.0, style, &tick.label);
    }
    svg.line(area.left, area.top, area.left, area.bottom(), &stroke);
    if !axis.label.is_empty() {
        let x = area.left - left_margin(axis) + 14.0;
        let style = Type::new(LABEL_SIZE, inks.ink).anchor(Anchor::Middle).turned(-90.0);
        svg.text(x, area.top + area.height / 2.0, style, &axis.label);
    }
}

/// Row names at the left of `area`, one per row of equal height; long names are cut with an ellipsis.
pub(crate) fn draw_row_name(svg: &mut Svg, left: f64, y: f64, name: &str, fill: &str) {
    let mut shown: String = name.to_owned();
    while text_width(&shown, TICK_SIZE) > 160.0 {
        shown.pop();
        if text_width(&shown, TICK_SIZE) <= 154.0 {
            shown.push('…');
            break;
        }
    }
    let style = Type::new(TICK_SIZE, fill).anchor(Anchor::End);
    svg.text(left - 8.0, y + 4.0, style, &shown);
}

/// What a plot says instead of data.
pub(crate) fn draw_no_data(svg: &mut Svg, area: &Area, text: &str, inks: &Inks) {
    svg.rect(area.left, area.top, area.width, area.height, &format!(r#"fill="{}""#, inks.sunken));
    let style = Type::new(LABEL_SIZE, inks.ink_2).anchor(Anchor::Middle);
    svg.text(area.left + area.width / 2.0, area.top + area.height / 2.0 + 4.0, style, text);
}

/// Smallest and largest finite value.
pub(crate) fn finite_range(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.filter(|v| v.is_finite()).fold(None, |range, v| match range {
        None => Some((v, v)),
        Some((min, max)) => Some((min.min(v), max.max(v))),
    })
}
