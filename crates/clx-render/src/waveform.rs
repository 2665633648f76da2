use crate::axis::{Axis, nice_step};
use crate::frame::{
    Area, LABEL_SIZE, TICK_SIZE, draw_no_data, draw_row_name, draw_x_axis, name_margin,
};
use crate::svg::{Anchor, Svg, Type, n};
use crate::theme::Inks;
use crate::{Theme, Words};

/// Traces below one another on one clock, drawn from the smallest and largest value per column.
/// All tracks share one gain, shown by a scale bar.
#[derive(Clone, Debug, Default)]
pub struct WaveformPlot {
    /// Read aloud by screen readers, not drawn.
    pub title: String,
    pub description: String,
    pub tmin_s: f64,
    pub tmax_s: f64,
    pub tracks: Vec<WaveformTrack>,
    /// Unit of the values, such as `µV`; empty for values without one.
    pub unit: String,
    /// Instants to mark: time and text.
    pub marks: Vec<(f64, String)>,
}

#[derive(Clone, Debug)]
pub struct WaveformTrack {
    pub name: String,
    /// Smallest value of each column; NaN where there is no data.
    pub min: Vec<f32>,
    /// Largest value of each column.
    pub max: Vec<f32>,
    pub good: bool,
}

const WIDTH: f64 = 760.0;

impl WaveformPlot {
    pub fn to_svg(&self, theme: Theme) -> String {
        self.to_svg_in(theme, &Words::default())
    }

    pub fn to_svg_in(&self, theme: Theme, words: &Words) -> String {
        let inks = theme.inks();
        let row = match self.tracks.len() {
            0..=3 => 70.0,
            4..=12 => 34.0,
            _ => 22.0,
        };
        let top = if self.marks.is_empty() { 12.0 } else { 28.0 };
        let rows = self.tracks.len().max(3) as f64 * row;
        let mut svg = Svg::new(WIDTH, top + rows + 50.0);
        let left = name_margin(self.tracks.iter().map(|t| t.name.as_str()));
        let area = Area { left, top, width: WIDTH - left - 70.0, height: rows };
        let times = Axis::time(self.tmin_s, self.tmax_s, 8, words);
        match self.span() {
            None => draw_no_data(&mut svg, &area, &words.no_data, inks),
            Some(span) => {
                // A track may reach a little into its neighbours, as on paper.
                let gain = row * 1.1 / span;
                self.draw_marks(&mut svg, &area, &times, inks);
                for (i, track) in self.tracks.iter().enumerate() {
                    let middle = top + (i as f64 + 0.5) * row;
                    let ink = if track.good { inks.ink } else { inks.bad };
                    draw_row_name(
                        &mut svg,
                        left,
                        middle,
                        &track.name,
                        if track.good { inks.ink_2 } else { inks.bad },
                    );
                    draw_track(&mut svg, &area, (middle, row), gain, track, ink);
                }
                self.draw_gain(&mut svg, &area, gain, row, inks, words);
            }
        }
        draw_x_axis(&mut svg, &area, &times, inks);
        svg.finish(theme, &self.title, &self.description)
    }

    /// The median over good tracks of the robust span, so that one wild channel does not flatten all.
    fn span(&self) -> Option<f64> {
        let pick = |wanted_good: bool| -> Vec<f64> {
            let tracks = self.tracks.iter().filter(|t| t.good || !wanted_good);
            let mut spans: Vec<f64> = tracks.filter_map(robust_span).collect();
            spans.sort_by(f64::total_cmp);
            spans
        };
        let spans = Some(pick(true)).filter(|s| !s.is_empty()).unwrap_or_else(|| pick(false));
        let middle = *spans.get(spans.len() / 2)?;
        Some(if middle > 0.0 {
            middle
        } else {
            spans.last().copied().filter(|s| *s > 0.0).unwrap_or(1.0)
        })
    }

    fn draw_marks(&self, svg: &mut Svg, area: &Area, times: &Axis, inks: &Inks) {
        let mut free_from = f64::NEG_INFINITY;
        for (at_s, text) in &self.marks {
            if !(times.min..=times.max).contains(at_s) {
                continue;
            }
            let x = area.x(times, *at_s);
            let stroke =
                format!(r#"stroke="{}" stroke-width="1" stroke-dasharray="2 2""#, inks.accent);
            svg.line(x, area.top - 4.0, x, area.bottom(), &stroke);
            if x >= free_from {
                svg.text(x + 2.0, area.top - 8.0, Type::new(TICK_SIZE, inks.accent), text);
                free_from = x + crate::svg::text_width(text, TICK_SIZE) + 8.0;
            }
        }
    }

    fn draw_gain(
        &self,
        svg: &mut Svg,
        area: &Area,
        gain: f64,
        row: f64,
        inks: &Inks,
        words: &Words,
    ) {
        let value = nice_step(row * 0.8 / gain);
        let x = area.right() + 10.0;
        let (middle, half) = (area.top + row / 2.0, value * gain / 2.0);
        let stroke = format!(r#"stroke="{}" stroke-width="1.4""#, inks.ink);
        svg.line(x, middle - half, x, middle + half, &stroke);
        for end in [middle - half, middle + half] {
            svg.line(x - 3.0, end, x + 3.0, end, &stroke);
        }
        let decimals = (-value.log10().floor()).clamp(0.0, 9.0) as usize;
        let text = format!("{} {}", words.number(value, decimals), self.unit);
        svg.text(
            x + 8.0,
            middle + 4.0,
            Type::new(LABEL_SIZE, inks.ink).anchor(Anchor::Start),
            text.trim(),
        );
    }
}

fn finite_columns(track: &WaveformTrack) -> impl Iterator<Item = (f64, f64)> {
    let columns = track.min.iter().zip(&track.max);
    columns
        .map(|(low, high)| (f64::from(*low), f64::from(*high)))
        .filter(|(low, high)| low.is_finite() && high.is_finite())
}

/// From the 2nd percentile of the minima to the 98th of the maxima.
fn robust_span(track: &WaveformTrack) -> Option<f64> {
    let (mut lows, mut highs): (Vec<f64>, Vec<f64>) = finite_columns(track).unzip();
    lows.sort_by(f64::total_cmp);
    highs.sort_by(f64::total_cmp);
    let n = lows.len();
    let low = lows.get((0.02 * n as f64) as usize)?;
    let high = highs.get(((0.98 * n as f64) as usize).min(n - 1))?;
    Some(high - low)
}

fn draw_track(
    svg: &mut Svg,
    area: &Area,
    (middle, row): (f64, f64),
    gain: f64,
    track: &WaveformTrack,
    ink: &str,
) {
    let mut middles: Vec<f64> = finite_columns(track).map(|(a, b)| (a + b) / 2.0).collect();
    if middles.is_empty() {
        return;
    }
    middles.sort_by(f64::total_cmp);
    let centre = middles[middles.len() / 2];
    let columns = track.min.len();
    let step = area.width / columns as f64;
    // A bad channel stays in its own row, or it would hide its neighbours.
    let (top, bottom) = if track.good {
        (area.top, area.bottom())
    } else {
        (middle - row / 2.0, middle + row / 2.0)
    };
    let y = |value: f32| (middle - (f64::from(value) - centre) * gain).clamp(top, bottom);
    let mut d = String::new();
    let mut pen_down = false;
    for (i, (low, high)) in track.min.iter().zip(&track.max).enumerate() {
        if !(low.is_finite() && high.is_finite()) {
            pen_down = false;
            continue;
        }
        let x = area.left + (i as f64 + 0.5) * step;
        d.push_str(&format!("{}{} {}", if pen_down { "L" } else { "M" }, n(x), n(y(*high))));
        if low != high || !pen_down {
            d.push_str(&format!("V{}", n(y(*low))));
        }
        pen_down = true;
    }
    let style = format!(r#"fill="none" stroke="{ink}" stroke-width="0.8" stroke-linejoin="round""#);
    svg.path(&d, &style);
}
