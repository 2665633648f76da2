use crate::axis::Axis;
use crate::frame::{Area, TICK_SIZE, draw_no_data, draw_x_axis, name_margin};
use crate::svg::{Anchor, Svg, Type, n};
use crate::{Theme, Words};

/// Depth of sleep, in the order of the plot from top to bottom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SleepStage {
    Wake,
    Rem,
    N1,
    N2,
    N3,
}

/// Sleep stages over a night as a stair, REM brought out by a bar, and how often things happened in it.
#[derive(Clone, Debug, Default)]
pub struct HypnogramPlot {
    /// Read aloud by screen readers, not drawn.
    pub title: String,
    pub description: String,
    /// Length of an epoch, seconds; 30 as a rule.
    pub epoch_s: f64,
    /// One per epoch; absent where no stage was scored.
    pub stages: Vec<Option<SleepStage>>,
    /// How sure the scoring of each epoch is, `0..=1`; empty leaves the strip out.
    pub confidence: Vec<f64>,
    /// Drawn below the stair, or alone where no stage is known.
    pub rows: Vec<NightRow>,
}

/// How often something happened during a night.
#[derive(Clone, Debug, Default)]
pub struct NightRow {
    pub name: String,
    /// One bar for each of equally long stretches of the night; no number: not looked for there.
    pub per_min: Vec<f64>,
}

const WIDTH: f64 = 760.0;
const ROW: f64 = 30.0;
const EVENTS_ROW: f64 = 48.0;
const STAGES: [SleepStage; 5] =
    [SleepStage::Wake, SleepStage::Rem, SleepStage::N1, SleepStage::N2, SleepStage::N3];

impl HypnogramPlot {
    pub fn to_svg(&self, theme: Theme) -> String {
        self.to_svg_in(theme, &Words::default())
    }

    pub fn to_svg_in(&self, theme: Theme, words: &Words) -> String {
        let inks = theme.inks();
        let staged = self.stages.iter().any(Option::is_some);
        let counted = self.rows.iter().any(|r| r.per_min.iter().any(|v| v.is_finite()));
        let height = if staged || !counted { STAGES.len() as f64 * ROW } else { 0.0 };
        let strip = if self.confidence.is_empty() || !staged { 0.0 } else { 26.0 };
        let rows = self.rows.len() as f64 * EVENTS_ROW;
        let mut svg = Svg::new(WIDTH, height + strip + rows + 70.0);
        let names = words.stage_names.iter().chain([&words.confidence]);
        let left =
            name_margin(names.chain(self.rows.iter().map(|row| &row.name)).map(String::as_str));
        // The scales of the rows stand at the right.
        let right = if self.rows.is_empty() { 20.0 } else { 44.0 };
        let area = Area { left, top: 16.0, width: WIDTH - left - right, height };
        let duration_s = self.epoch_s * self.stages.len() as f64;
        if duration_s.is_nan() || duration_s <= 0.0 || !(staged || counted) {
            draw_no_data(&mut svg, &area, &words.no_data, inks);
            return svg.finish(theme, &self.title, &self.description);
        }
        let x = Axis::time(0.0, duration_s, 9, words);
        if staged {
            for (i, name) in words.stage_names.iter().enumerate() {
                let y = area.top + (i as f64 + 0.5) * ROW;
                svg.line(area.left, y, area.right(), y, &format!(r#"stroke="{}""#, inks.line));
                let style = Type::new(TICK_SIZE, inks.ink_2).anchor(Anchor::End);
                svg.text(area.left - 8.0, y + 4.0, style, name);
            }
            self.draw_stair(&mut svg, &area, &x, inks);
        }
        if strip > 0.0 {
            let with_strip = Area { height: area.height + strip, ..area };
            self.draw_confidence(&mut svg, &with_strip, &x, inks, words);
        }
        for (i, row) in self.rows.iter().enumerate() {
            let top = area.bottom() + strip + i as f64 * EVENTS_ROW;
            row.draw(&mut svg, &Area { top, height: EVENTS_ROW, ..area }, inks, words);
        }
        let below = Area { height: area.height + strip + rows, ..area };
        draw_x_axis(&mut svg, &below, &x, inks);
        svg.finish(theme, &self.title, &self.description)
    }

    /// Stages with first epoch and end of each run.
    fn runs(&self) -> Vec<(Option<SleepStage>, usize, usize)> {
        let mut at = 0;
        let run = |run: &[Option<SleepStage>]| {
            let start = at;
            at += run.len();
            (run[0], start, at)
        };
        self.stages.chunk_by(|a, b| a == b).map(run).collect()
    }

    fn draw_stair(&self, svg: &mut Svg, area: &Area, x: &Axis, inks: &crate::theme::Inks) {
        let height = |stage: SleepStage| area.top + (stage as usize as f64 + 0.5) * ROW;
        let at = |epoch: usize| area.x(x, epoch as f64 * self.epoch_s);
        let mut d = String::new();
        let mut pen_down = false;
        let runs = self.runs();
        for &(stage, start, end) in &runs {
            let Some(stage) = stage else {
                pen_down = false;
                continue;
            };
            let letter = if pen_down { 'L' } else { 'M' };
            d.push_str(&format!("{letter}{} {}H{}", n(at(start)), n(height(stage)), n(at(end))));
            pen_down = true;
        }
        let stroke = format!(r#"fill="none" stroke="{}" stroke-width="1.4""#, inks.ink);
        svg.path(&d, &format!(r#"{stroke} stroke-linejoin="miter""#));
        for (_, start, end) in runs.iter().filter(|r| r.0 == Some(SleepStage::Rem)) {
            let y = height(SleepStage::Rem) - 3.0;
            svg.rect(
                at(*start),
                y,
                at(*end) - at(*start),
                6.0,
                &format!(r#"fill="{}""#, inks.accent),
            );
        }
    }

    fn draw_confidence(
        &self,
        svg: &mut Svg,
        area: &Area,
        x: &Axis,
        inks: &crate::theme::Inks,
        words: &Words,
    ) {
        let (base, full) = (area.bottom() - 3.0, 18.0);
        let style = Type::new(TICK_SIZE, inks.ink_2).anchor(Anchor::End);
        svg.text(area.left - 8.0, base - 5.0, style, &words.confidence);
        let points: Vec<Option<(f64, f64)>> = self
            .confidence
            .iter()
            .enumerate()
            .map(|(i, c)| {
                let middle = area.x(x, (i as f64 + 0.5) * self.epoch_s);
                c.is_finite().then(|| (middle, base - full * c.clamp(0.0, 1.0)))
            })
            .collect();
        svg.line(
            area.left,
            base - full,
            area.right(),
            base - full,
            &format!(r#"stroke="{}""#, inks.line),
        );
        svg.curve(&points, inks.ink_2, r#"stroke-width="1""#);
    }
}

impl NightRow {
    fn draw(&self, svg: &mut Svg, area: &Area, inks: &crate::theme::Inks, words: &Words) {
        let (base, full) = (area.bottom() - 4.0, area.height - 14.0);
        let style = Type::new(TICK_SIZE, inks.ink_2).anchor(Anchor::End);
        svg.text(area.left - 8.0, base - full / 2.0 + 4.0, style, &self.name);
        let line = format!(r#"stroke="{}""#, inks.line);
        svg.line(area.left, base, area.right(), base, &line);
        let highest = self.per_min.iter().copied().filter(|v| v.is_finite()).fold(0.0, f64::max);
        if highest <= 0.0 {
            return;
        }
        svg.line(area.left, base - full, area.right(), base - full, &line);
        let scale = Type::new(TICK_SIZE, inks.ink_2);
        let decimals = if highest < 10.0 { 1 } else { 0 };
        svg.text(area.right() + 6.0, base - full + 4.0, scale, &words.number(highest, decimals));
        let step = area.width / self.per_min.len() as f64;
        let mut d = String::new();
        for (i, value) in self.per_min.iter().enumerate().filter(|(_, v)| **v > 0.0) {
            let height = full * value / highest;
            let (from, width) = (area.left + i as f64 * step, (step - 0.4).max(0.3));
            d.push_str(&format!(
                "M{} {}v{}h{}v{}z",
                n(from),
                n(base),
                n(-height),
                n(width),
                n(height)
            ));
        }
        svg.path(&d, &format!(r#"fill="{}""#, inks.accent));
    }
}
