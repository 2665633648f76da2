use crate::axis::Axis;
use crate::frame::{
    Area, LABEL_SIZE, TICK_SIZE, draw_no_data, draw_x_axis, draw_y_axis, finite_range, left_margin,
};
use crate::svg::{Anchor, Svg, Type, n, text_width};
use crate::theme::Inks;
use crate::topomap::{HEAD_WIDTH, TopomapHead};
use crate::{ColourMap, Electrode, Theme, Words};

/// Averages around an event, all channels over each other, with the global field power below.
///
/// One line may be brought out with its confidence band. Times are seconds from the event.
#[derive(Clone, Debug, Default)]
pub struct ErpPlot {
    /// Read aloud by screen readers, not drawn.
    pub title: String,
    pub description: String,
    pub tmin_s: f64,
    pub rate_hz: f64,
    pub lines: Vec<ErpLine>,
    /// Index of the line that is drawn bold and named.
    pub highlight: Option<usize>,
    /// Standard deviation over channels at each sample; empty leaves the panel out.
    pub gfp_uv: Vec<f64>,
}

#[derive(Clone, Debug, Default)]
pub struct ErpLine {
    pub name: String,
    /// NaN where there is no value.
    pub mean_uv: Vec<f64>,
    /// Lower and upper end at each sample; drawn for the highlighted line only.
    pub band_uv: Option<Vec<[f64; 2]>>,
}

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 300.0;
const GFP_HEIGHT: f64 = 70.0;

impl ErpPlot {
    pub fn to_svg(&self, theme: Theme) -> String {
        self.to_svg_in(theme, &Words::default())
    }

    pub fn to_svg_in(&self, theme: Theme, words: &Words) -> String {
        let inks = theme.inks();
        let lower = if self.gfp_uv.is_empty() { 0.0 } else { GFP_HEIGHT + 12.0 };
        let mut svg = Svg::new(WIDTH, HEIGHT + lower + 82.0);
        let whole = Area { left: 20.0, top: 20.0, width: WIDTH - 40.0, height: HEIGHT + lower };
        let n_samples = self.lines.iter().map(|l| l.mean_uv.len()).max().unwrap_or(0);
        let Some((low, high)) = self.range().filter(|_| self.rate_hz > 0.0 && n_samples > 1) else {
            draw_no_data(&mut svg, &whole, &words.no_data, inks);
            return svg.finish(theme, &self.title, &self.description);
        };
        let y = Axis::rounded(low.min(0.0), high.max(0.0), 6, &words.amplitude_uv, words);
        let tmax_s = self.tmin_s + (n_samples - 1) as f64 / self.rate_hz;
        let x = Axis::linear(self.tmin_s, tmax_s, 8, &words.time_s, words);
        let left = left_margin(&y);
        let area = Area { left, top: 20.0, width: WIDTH - left - 20.0, height: HEIGHT };
        draw_y_axis(&mut svg, &area, &y, inks);
        self.draw_event(&mut svg, &area, (&x, &y), lower, inks);
        svg.open_clip(&area.as_clip());
        self.draw_lines(&mut svg, &area, (&x, &y), inks);
        svg.close_clip();
        let bottom = if self.gfp_uv.is_empty() {
            area
        } else {
            self.draw_gfp(&mut svg, &area, &x, inks, words)
        };
        draw_x_axis(&mut svg, &bottom, &x, inks);
        self.draw_legend(&mut svg, (area.left, bottom.bottom() + 58.0), inks, words);
        svg.finish(theme, &self.title, &self.description)
    }

    fn range(&self) -> Option<(f64, f64)> {
        let band = self.highlighted().and_then(|l| l.band_uv.as_ref());
        let ends = band.into_iter().flatten().flatten().copied();
        finite_range(self.lines.iter().flat_map(|l| l.mean_uv.iter().copied()).chain(ends))
    }

    fn highlighted(&self) -> Option<&ErpLine> {
        self.lines.get(self.highlight?)
    }

    fn time(&self, sample: usize) -> f64 {
        self.tmin_s + sample as f64 / self.rate_hz
    }

    fn points(
        &self,
        area: &Area,
        (x, y): (&Axis, &Axis),
        values: &[f64],
    ) -> Vec<Option<(f64, f64)>> {
        let point =
            |(i, v): (usize, &f64)| v.is_finite().then(|| (area.x(x, self.time(i)), area.y(y, *v)));
        values.iter().enumerate().map(point).collect()
    }

    /// Lines through zero volts and through the event.
    fn draw_event(
        &self,
        svg: &mut Svg,
        area: &Area,
        (x, y): (&Axis, &Axis),
        lower: f64,
        inks: &Inks,
    ) {
        let stroke = format!(r#"stroke="{}" stroke-width="1""#, inks.border);
        let zero = area.y(y, 0.0);
        svg.line(area.left, zero, area.right(), zero, &stroke);
        if (x.min..=x.max).contains(&0.0) {
            let at = area.x(x, 0.0);
            svg.line(
                at,
                area.top,
                at,
                area.bottom() + lower,
                &format!(r#"{stroke} stroke-dasharray="4 3""#),
            );
        }
    }

    fn draw_lines(&self, svg: &mut Svg, area: &Area, axes: (&Axis, &Axis), inks: &Inks) {
        let faint = (10.0 / self.lines.len() as f64).clamp(0.3, 0.8);
        let style = format!(r#"stroke-width="0.8" stroke-opacity="{faint:.2}""#);
        for (_, line) in self.lines.iter().enumerate().filter(|(i, _)| Some(*i) != self.highlight) {
            svg.curve(&self.points(area, axes, &line.mean_uv), inks.ink_2, &style);
        }
        let Some(line) = self.highlighted() else { return };
        if let Some(band) = &line.band_uv {
            let side = |i: usize| -> Vec<f64> { band.iter().map(|b| b[i]).collect() };
            let (low, high) =
                (self.points(area, axes, &side(0)), self.points(area, axes, &side(1)));
            draw_between(
                svg,
                &low,
                &high,
                &format!(r#"fill="{}" fill-opacity="0.22""#, inks.accent),
            );
        }
        svg.curve(&self.points(area, axes, &line.mean_uv), inks.accent, r#"stroke-width="2.2""#);
    }

    /// The panel of the global field power, whose area is returned.
    fn draw_gfp(&self, svg: &mut Svg, above: &Area, x: &Axis, inks: &Inks, words: &Words) -> Area {
        let area = Area { top: above.bottom() + 12.0, height: GFP_HEIGHT, ..*above };
        match finite_range(self.gfp_uv.iter().copied()) {
            Some((_, high)) => {
                let y = Axis::rounded(0.0, high, 2, "", words);
                draw_y_axis(svg, &area, &y, inks);
                let top = self.points(&area, (x, &y), &self.gfp_uv);
                let base: Vec<_> =
                    top.iter().map(|p| p.map(|(at, _)| (at, area.bottom()))).collect();
                draw_between(
                    svg,
                    &base,
                    &top,
                    &format!(r#"fill="{}" fill-opacity="0.3""#, inks.ink_2),
                );
                svg.curve(&top, inks.ink, r#"stroke-width="1.2""#);
                let style = Type::new(TICK_SIZE, inks.ink).anchor(Anchor::Start);
                svg.text(area.left + 6.0, area.top + 12.0, style, &words.field_power_uv);
            }
            None => draw_no_data(svg, &area, &words.no_data, inks),
        }
        area
    }

    fn draw_legend(&self, svg: &mut Svg, (left, y): (f64, f64), inks: &Inks, words: &Words) {
        let mut x = left;
        let mut entry = |text: &str, stroke: &str, width: f64| {
            let style = format!(r#"stroke="{stroke}" stroke-width="{}""#, n(width));
            svg.line(x, y - 4.0, x + 22.0, y - 4.0, &style);
            svg.text(x + 28.0, y, Type::new(LABEL_SIZE, inks.ink_2), text);
            x += 28.0 + text_width(text, LABEL_SIZE) + 24.0;
        };
        if let Some(line) = self.highlighted() {
            entry(&line.name, inks.accent, 2.2);
            if line.band_uv.is_some() {
                entry(&words.ci95, inks.accent, 8.0);
            }
        }
        let others = self.lines.len() - usize::from(self.highlighted().is_some());
        if others > 0 {
            entry(&format!("{} (n = {others})", words.channel), inks.ink_2, 0.8);
        }
    }
}

/// Fills between two lines over the same places; where either is missing the area is interrupted.
fn draw_between(
    svg: &mut Svg,
    low: &[Option<(f64, f64)>],
    high: &[Option<(f64, f64)>],
    style: &str,
) {
    let both: Vec<_> = low.iter().zip(high).map(|(l, h)| Some(((*l)?, (*h)?))).collect();
    let mut d = String::new();
    for run in both.split(Option::is_none) {
        let (low, high): (Vec<_>, Vec<_>) = run.iter().flatten().copied().unzip();
        for (i, (x, y)) in low.iter().chain(high.iter().rev()).enumerate() {
            d.push(if i == 0 { 'M' } else { 'L' });
            d.push_str(&format!("{} {}", n(*x), n(*y)));
        }
        if !low.is_empty() {
            d.push('Z');
        }
    }
    if !d.is_empty() {
        svg.path(&d, style);
    }
}

/// Heads at several latencies side by side, all on one scale centred at zero.
#[derive(Clone, Debug, Default)]
pub struct TopomapSeries {
    /// Read aloud by screen readers, not drawn.
    pub title: String,
    pub description: String,
    /// Seconds and the electrodes at that time.
    pub heads: Vec<(f64, Vec<Electrode>)>,
    /// Label of the scale bars with the unit, such as `Amplitude (µV)`.
    pub label: String,
}

const ROW_HEIGHT: f64 = 226.0;

impl TopomapSeries {
    pub fn to_svg(&self, theme: Theme) -> String {
        self.to_svg_in(theme, &Words::default())
    }

    pub fn to_svg_in(&self, theme: Theme, words: &Words) -> String {
        let per_row = self.heads.len().clamp(1, 5);
        let rows = self.heads.len().div_ceil(per_row).max(1);
        let mut svg = Svg::new(per_row as f64 * HEAD_WIDTH, rows as f64 * ROW_HEIGHT);
        let values = self.heads.iter().flat_map(|(_, e)| e.iter().map(|e| e.value.abs()));
        let half = finite_range(values).map(|(_, high)| if high > 0.0 { high } else { 1.0 });
        for (i, (latency_s, electrodes)) in self.heads.iter().enumerate() {
            let head = TopomapHead {
                title: format!("{} ms", words.number(latency_s * 1e3, 0)),
                band: None,
                electrodes: electrodes.clone(),
                map: ColourMap::Diverging,
            };
            let place = ((i % per_row) as f64 * HEAD_WIDTH, (i / per_row) as f64 * ROW_HEIGHT);
            head.draw(&mut svg, place, half.map(|h| (-h, h)), &self.label, theme, words);
        }
        if self.heads.is_empty() {
            let style = Type::new(LABEL_SIZE, theme.inks().ink_2).anchor(Anchor::Middle);
            svg.text(HEAD_WIDTH / 2.0, ROW_HEIGHT / 2.0, style, &words.no_data);
        }
        svg.finish(theme, &self.title, &self.description)
    }
}
