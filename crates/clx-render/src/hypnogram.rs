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

/// Sleep stages over a night as a stair; REM is brought out by a bar.
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
}

const WIDTH: f64 = 760.0;
const ROW: f64 = 30.0;
const STAGES: [SleepStage; 5] =
    [SleepStage::Wake, SleepStage::Rem, SleepStage::N1, SleepStage::N2, SleepStage::N3];

impl HypnogramPlot {
    pub fn to_svg(&self, theme: Theme) -> String {
        self.to_svg_in(theme, &Words::default())
    }

    pub fn to_svg_in(&self, theme: Theme, words: &Words) -> String {
        let inks = theme.inks();
        let strip = if self.confidence.is_empty() { 0.0 } else { 26.0 };
        let height = STAGES.len() as f64 * ROW;
        let mut svg = Svg::new(WIDTH, height + strip + 70.0);
        let left =
            name_margin(words.stage_names.iter().chain([&words.confidence]).map(String::as_str));
        let area = Area { left, top: 16.0, width: WIDTH - left - 20.0, height };
        let duration_s = self.epoch_s * self.stages.len() as f64;
        if duration_s.is_nan() || duration_s <= 0.0 || self.stages.iter().all(Option::is_none) {
            draw_no_data(&mut svg, &area, &words.no_data, inks);
            return svg.finish(theme, &self.title, &self.description);
        }
        for (i, name) in words.stage_names.iter().enumerate() {
            let y = area.top + (i as f64 + 0.5) * ROW;
            svg.line(area.left, y, area.right(), y, &format!(r#"stroke="{}""#, inks.line));
            let style = Type::new(TICK_SIZE, inks.ink_2).anchor(Anchor::End);
            svg.text(area.left - 8.0, y + 4.0, style, name);
        }
        let x = Axis::time(0.0, duration_s, 9, words);
        self.draw_stair(&mut svg, &area, &x, inks);
        let below = Area { height: area.height + strip, ..area };
        if strip > 0.0 {
            self.draw_confidence(&mut svg, &below, &x, inks, words);
        }
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
