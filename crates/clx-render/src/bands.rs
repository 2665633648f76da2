use crate::axis::Axis;
use crate::frame::{
    Area, LABEL_SIZE, TICK_SIZE, draw_no_data, draw_row_name, draw_x_axis, finite_range,
    name_margin,
};
use crate::svg::{Anchor, Svg, Type};
use crate::theme::Inks;
use crate::{Theme, Words, band_code};

/// Power of every channel in every band: a panel per band, a bar per channel, the 95 % interval as
/// a whisker. Every panel has its own scale, starting at zero.
#[derive(Clone, Debug, Default)]
pub struct BandBars {
    /// Read aloud by screen readers, not drawn.
    pub title: String,
    pub description: String,
    /// Channel names, top to bottom; `good` is false for channels left out of the means.
    pub channels: Vec<(String, bool)>,
    pub bands: Vec<BandPanel>,
}

#[derive(Clone, Debug)]
pub struct BandPanel {
    /// Name in the band code, which gives letter and colour.
    pub band: String,
    /// Name to print for a band outside the code.
    pub title: String,
    /// One per channel, in order; absent where not measured.
    pub bars: Vec<Option<BandBar>>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BandBar {
    pub power_uv2: f64,
    pub ci95_uv2: Option<[f64; 2]>,
}

const WIDTH: f64 = 760.0;

impl BandBars {
    pub fn to_svg(&self, theme: Theme) -> String {
        self.to_svg_in(theme, &Words::default())
    }

    pub fn to_svg_in(&self, theme: Theme, words: &Words) -> String {
        let inks = theme.inks();
        let row = if self.channels.len() > 24 { 13.0 } else { 18.0 };
        let height = self.channels.len().max(2) as f64 * row;
        let mut svg = Svg::new(WIDTH, height + 84.0);
        let left = name_margin(self.channels.iter().map(|(name, _)| name.as_str()));
        let whole = Area { left, top: 34.0, width: WIDTH - left - 20.0, height };
        for (i, (name, good)) in self.channels.iter().enumerate() {
            let fill = if *good { inks.ink_2 } else { inks.bad };
            draw_row_name(&mut svg, left, whole.top + (i as f64 + 0.5) * row, name, fill);
        }
        if self.channels.is_empty() || self.bands.is_empty() {
            draw_no_data(&mut svg, &whole, &words.no_data, inks);
        }
        let gap = 16.0;
        let share = (whole.width + gap) / self.bands.len().max(1) as f64;
        for (i, panel) in self.bands.iter().enumerate() {
            let area = Area { left: left + i as f64 * share, width: share - gap, ..whole };
            self.draw_panel(&mut svg, &area, row, panel, theme, words);
        }
        let style = Type::new(LABEL_SIZE, inks.ink).anchor(Anchor::Middle);
        let has_interval =
            self.bands.iter().flat_map(|p| p.bars.iter().flatten()).any(|b| b.ci95_uv2.is_some());
        let label = if has_interval {
            format!("{}, {}", words.power_uv2, words.ci95)
        } else {
            words.power_uv2.clone()
        };
        svg.text(left + whole.width / 2.0, whole.bottom() + 38.0, style, &label);
        svg.finish(theme, &self.title, &self.description)
    }

    fn draw_panel(
        &self,
        svg: &mut Svg,
        area: &Area,
        row: f64,
        panel: &BandPanel,
        theme: Theme,
        words: &Words,
    ) {
        let inks = theme.inks();
        let code = band_code(&panel.band);
        let colour = code.map_or(inks.accent.to_owned(), |c| c.colour(theme).css());
        let head = words.band_title(&panel.band, &panel.title);
        svg.text(area.left, area.top - 12.0, Type::new(LABEL_SIZE, inks.ink).bold(), &head);
        let Some(top) = self.scale_top(panel) else {
            draw_no_data(svg, area, &words.no_data, inks);
            return;
        };
        let axis = Axis::linear(0.0, top, 3, "", words);
        for tick in &axis.ticks {
            let x = area.x(&axis, tick.value);
            svg.line(x, area.top, x, area.bottom(), &format!(r#"stroke="{}""#, inks.line));
        }
        for (i, ((_, good), bar)) in self.channels.iter().zip(&panel.bars).enumerate() {
            let middle = area.top + (i as f64 + 0.5) * row;
            match bar.filter(|b| b.power_uv2.is_finite()) {
                Some(bar) => draw_bar(svg, area, &axis, middle, row, bar, (&colour, *good), inks),
                None => {
                    svg.text(area.left + 4.0, middle + 4.0, Type::new(TICK_SIZE, inks.ink_2), "–")
                }
            }
        }
        draw_x_axis(svg, area, &axis, inks);
    }

    /// Top of the scale from the good channels; bad ones may run off it and then end in an arrow.
    fn scale_top(&self, panel: &BandPanel) -> Option<f64> {
        let reach = |good_only: bool| {
            let pairs = self.channels.iter().zip(&panel.bars);
            let bars =
                pairs.filter(move |((_, good), _)| *good || !good_only).filter_map(|(_, b)| *b);
            finite_range(bars.map(|b| b.ci95_uv2.map_or(b.power_uv2, |ci| ci[1].max(b.power_uv2))))
        };
        let (_, top) = reach(true).or_else(|| reach(false))?;
        Some(if top > 0.0 { top * 1.04 } else { 1.0 })
    }
}

#[expect(clippy::too_many_arguments, reason = "places and looks of one bar, used once")]
fn draw_bar(
    svg: &mut Svg,
    area: &Area,
    axis: &Axis,
    middle: f64,
    row: f64,
    bar: BandBar,
    (colour, good): (&str, bool),
    inks: &Inks,
) {
    let x = |value: f64| area.x(axis, value).clamp(area.left, area.right());
    let half = row * 0.32;
    let paint = if good {
        format!(r#"fill="{colour}" fill-opacity="0.75""#)
    } else {
        format!(r#"fill="none" stroke="{colour}" stroke-width="1" stroke-dasharray="2 2""#)
    };
    svg.rect(area.left, middle - half, x(bar.power_uv2) - area.left, 2.0 * half, &paint);
    if let Some([low, high]) = bar.ci95_uv2.filter(|ci| ci.iter().all(|v| v.is_finite())) {
        let stroke = format!(r#"stroke="{}" stroke-width="1.2""#, inks.ink);
        svg.line(x(low), middle, x(high), middle, &stroke);
        for end in [low, high].into_iter().filter(|v| *v <= axis.max) {
            svg.line(x(end), middle - half * 0.7, x(end), middle + half * 0.7, &stroke);
        }
    }
    if bar.power_uv2 > axis.max {
        let style = Type::new(TICK_SIZE, inks.bad).anchor(Anchor::End).bold();
        svg.text(area.right() - 1.0, middle + 4.0, style, "›");
    }
}
