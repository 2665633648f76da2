use clx_signal::Band;

use crate::axis::Axis;
use crate::frame::{
    Area, LABEL_SIZE, draw_no_data, draw_x_axis, draw_y_axis, finite_range, left_margin,
};
use crate::svg::{Anchor, Svg, Type};
use crate::{Theme, Words, band_code};

/// The modulation rate of a track over its duration, over the frequency bands it passes through,
/// with the modulation depth below.
#[derive(Clone, Debug, Default)]
pub struct SchedulePlot {
    /// Read aloud by screen readers, not drawn.
    pub title: String,
    pub description: String,
    pub duration_s: f64,
    /// Time (s), rate (Hz) and depth (0..=1), times ascending; straight lines in between.
    pub points: Vec<(f64, f64, f64)>,
}

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 340.0;
const DEPTH_HEIGHT: f64 = 60.0;

impl SchedulePlot {
    pub fn to_svg(&self, theme: Theme) -> String {
        self.to_svg_in(theme, &Words::default())
    }

    pub fn to_svg_in(&self, theme: Theme, words: &Words) -> String {
        let inks = theme.inks();
        let mut svg = Svg::new(WIDTH, HEIGHT);
        let times = Axis::time(0.0, self.duration_s, 8, words);
        let range = finite_range(self.points.iter().map(|p| p.1));
        let Some((low, high)) = range.filter(|_| self.duration_s > 0.0) else {
            let area = Area { left: 40.0, top: 16.0, width: WIDTH - 60.0, height: HEIGHT - 66.0 };
            draw_no_data(&mut svg, &area, &words.no_data, inks);
            return svg.finish(theme, &self.title, &self.description);
        };
        let y = Axis::rounded((low - 2.0).max(0.0), high + 2.0, 6, &words.rate_hz, words);
        let depth = Axis::linear(0.0, 100.0, 2, "", words);
        let left = left_margin(&y).max(left_margin(&depth) + 22.0);
        let upper = Area {
            left,
            top: 14.0,
            width: WIDTH - left - 70.0,
            height: HEIGHT - DEPTH_HEIGHT - 14.0 - 50.0 - 34.0,
        };
        let lower = Area { top: upper.bottom() + 34.0, height: DEPTH_HEIGHT, ..upper };
        draw_bands(&mut svg, &upper, &y, theme);
        draw_y_axis(&mut svg, &upper, &y, inks);
        draw_y_axis(&mut svg, &lower, &depth, inks);
        let bare = Axis { label: String::new(), ..times.clone() };
        draw_x_axis(&mut svg, &upper, &Axis { ticks: Vec::new(), ..bare }, inks);
        draw_x_axis(&mut svg, &lower, &times, inks);
        svg.text(
            lower.left,
            lower.top - 8.0,
            Type::new(LABEL_SIZE, inks.ink),
            &words.depth_percent,
        );
        let line = |area: &Area, axis: &Axis, pick: fn(&(f64, f64, f64)) -> f64| {
            let mut points: Vec<Option<(f64, f64)>> = Vec::new();
            for point in self.points.iter().filter(|p| pick(p).is_finite() && p.0.is_finite()) {
                points.push(Some((area.x(&times, point.0), area.y(axis, pick(point)))));
            }
            // The last point holds until the end.
            if let Some(Some((x, y))) =
                points.last().copied().filter(|p| p.is_some_and(|p| p.0 < area.right()))
            {
                points.push(Some((area.right().max(x), y)));
            }
            points
        };
        svg.curve(&line(&upper, &y, |p| p.1), inks.ink, r#"stroke-width="2""#);
        svg.curve(&line(&lower, &depth, |p| p.2 * 100.0), inks.ink_2, r#"stroke-width="1.4""#);
        for (at_s, rate_hz, _) in &self.points {
            let (x, y) = (upper.x(&times, *at_s), upper.y(&y, *rate_hz));
            let paint =
                format!(r#"fill="{}" stroke="{}" stroke-width="1.5""#, inks.accent, inks.raised);
            svg.circle(x, y, 3.5, &paint);
        }
        svg.finish(theme, &self.title, &self.description)
    }
}

/// Bands as horizontal stretches with letter and name at the right.
fn draw_bands(svg: &mut Svg, area: &Area, y: &Axis, theme: Theme) {
    for band in Band::OVERVIEW {
        let (fmin, fmax) = (band.fmin_hz.max(y.min), band.fmax_hz.min(y.max));
        let Some(code) = band_code(band.name).filter(|_| fmax > fmin) else { continue };
        let (top, bottom) = (area.y(y, fmax), area.y(y, fmin));
        let colour = code.colour(theme).css();
        svg.rect(
            area.left,
            top,
            area.width,
            bottom - top,
            &format!(r#"fill="{colour}" fill-opacity="0.10""#),
        );
        svg.rect(area.right(), top + 0.5, 4.0, bottom - top - 1.0, &format!(r#"fill="{colour}""#));
        if bottom - top > 12.0 {
            let style = Type::new(13.0, theme.inks().ink).anchor(Anchor::Start).bold();
            svg.text(
                area.right() + 12.0,
                (top + bottom) / 2.0 + 4.5,
                style,
                &code.letter.to_string(),
            );
        }
    }
}
