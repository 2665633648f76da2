use clx_signal::Band;

use crate::axis::Axis;
use crate::frame::{
    Area, LABEL_SIZE, TICK_SIZE, draw_no_data, draw_x_axis, draw_y_axis, finite_range, left_margin,
};
use crate::svg::{Anchor, Svg, Type, text_width};
use crate::theme::Inks;
use crate::{Theme, Words, band_code};

/// Power spectral density: a thin line per channel, the mean of the good ones bold, the bands
/// shaded with their letters, the alpha peak marked. Logarithmic frequency, decibels.
#[derive(Clone, Debug, Default)]
pub struct PsdPlot {
    /// Read aloud by screen readers, not drawn.
    pub title: String,
    pub description: String,
    /// Frequencies of every density, ascending, hertz.
    pub freqs_hz: Vec<f64>,
    pub lines: Vec<PsdLine>,
    pub bands: Vec<Band>,
    pub alpha_peak_hz: Option<f64>,
}

#[derive(Clone, Debug)]
pub struct PsdLine {
    pub name: String,
    /// Density at `freqs_hz`, V²/Hz; values that are not above zero are left out.
    pub density_v2_per_hz: Vec<f64>,
    /// Channels that are not good are dashed and not part of the mean.
    pub good: bool,
}

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 400.0;

impl PsdPlot {
    pub fn to_svg(&self, theme: Theme) -> String {
        self.to_svg_in(theme, &Words::default())
    }

    pub fn to_svg_in(&self, theme: Theme, words: &Words) -> String {
        let inks = theme.inks();
        let mut svg = Svg::new(WIDTH, HEIGHT);
        let lines: Vec<(Vec<Option<f64>>, bool)> =
            self.lines.iter().map(|line| (self.decibels(line), line.good)).collect();
        let mean = self.mean_db();
        let shown = lines.iter().flat_map(|(db, _)| db.iter().flatten().copied());
        let freqs = finite_range(self.freqs_hz.iter().copied().filter(|f| *f > 0.0));
        match (finite_range(shown), freqs) {
            (Some((low, high)), Some((fmin, fmax))) if fmax > fmin => {
                let y = Axis::rounded(low, high, 6, &words.density_db, words);
                let x = Axis::log(fmin, fmax, &words.frequency_hz, words);
                let area = Area {
                    left: left_margin(&y),
                    top: 34.0,
                    width: WIDTH - left_margin(&y) - 20.0,
                    height: HEIGHT - 34.0 - 76.0,
                };
                self.draw_bands(&mut svg, &area, &x, theme);
                draw_y_axis(&mut svg, &area, &y, inks);
                draw_x_axis(&mut svg, &area, &x, inks);
                let faint = (6.0 / self.lines.len() as f64).clamp(0.25, 0.6);
                svg.open_clip(&area.as_clip());
                for (db, good) in &lines {
                    let style = if *good {
                        format!(r#"stroke-width="0.8" stroke-opacity="{faint:.2}""#)
                    } else {
                        r#"stroke-width="0.8" stroke-opacity="0.8" stroke-dasharray="3 3""#
                            .to_owned()
                    };
                    let stroke = if *good { inks.ink_2 } else { inks.bad };
                    svg.curve(&self.points(&area, &x, &y, db), stroke, &style);
                }
                svg.curve(&self.points(&area, &x, &y, &mean), inks.accent, r#"stroke-width="2""#);
                svg.close_clip();
                self.draw_alpha_peak(&mut svg, &area, (&x, &y), &mean, inks, words);
                self.draw_legend(&mut svg, &area, inks, words);
            }
            _ => {
                let area =
                    Area { left: 20.0, top: 20.0, width: WIDTH - 40.0, height: HEIGHT - 40.0 };
                draw_no_data(&mut svg, &area, &words.no_data, inks);
            }
        }
        svg.finish(theme, &self.title, &self.description)
    }

    fn decibels(&self, line: &PsdLine) -> Vec<Option<f64>> {
        line.density_v2_per_hz.iter().map(|d| to_db(*d)).collect()
    }

    /// Mean over the good lines of the density itself, in decibels afterwards.
    fn mean_db(&self) -> Vec<Option<f64>> {
        let good: Vec<&PsdLine> = self.lines.iter().filter(|l| l.good).collect();
        (0..self.freqs_hz.len())
            .map(|i| {
                let values = good.iter().filter_map(|l| l.density_v2_per_hz.get(i));
                let values: Vec<f64> = values.copied().filter(|v| v.is_finite()).collect();
                if values.is_empty() {
                    return None;
                }
                to_db(values.iter().sum::<f64>() / values.len() as f64)
            })
            .collect()
    }

    fn points(
        &self,
        area: &Area,
        x: &Axis,
        y: &Axis,
        db: &[Option<f64>],
    ) -> Vec<Option<(f64, f64)>> {
        self.freqs_hz
            .iter()
            .zip(db)
            .map(|(f, d)| d.filter(|_| *f > 0.0).map(|d| (area.x(x, *f), area.y(y, d))))
            .collect()
    }

    fn draw_bands(&self, svg: &mut Svg, area: &Area, x: &Axis, theme: Theme) {
        for band in &self.bands {
            let (fmin, fmax) = (band.fmin_hz.max(x.min), band.fmax_hz.min(x.max));
            let Some(code) = band_code(band.name).filter(|_| fmax > fmin) else { continue };
            let (left, right) = (area.x(x, fmin), area.x(x, fmax));
            let colour = code.colour(theme).css();
            let fill = format!(r#"fill="{colour}" fill-opacity="0.08""#);
            svg.rect(left, area.top, right - left, area.height, &fill);
            svg.rect(
                left + 0.5,
                area.top - 4.0,
                right - left - 1.0,
                4.0,
                &format!(r#"fill="{colour}""#),
            );
            let style = Type::new(13.0, theme.inks().ink).anchor(Anchor::Middle).bold();
            svg.text((left + right) / 2.0, area.top - 10.0, style, &code.letter.to_string());
        }
    }

    fn draw_alpha_peak(
        &self,
        svg: &mut Svg,
        area: &Area,
        (x, y): (&Axis, &Axis),
        mean: &[Option<f64>],
        inks: &Inks,
        words: &Words,
    ) {
        let Some(peak_hz) = self.alpha_peak_hz.filter(|p| *p >= x.min && *p <= x.max) else {
            return;
        };
        let at = area.x(x, peak_hz);
        let dash = format!(r#"stroke="{}" stroke-width="1" stroke-dasharray="2 3""#, inks.ink);
        svg.line(at, area.top, at, area.bottom(), &dash);
        let nearest = self
            .freqs_hz
            .iter()
            .zip(mean)
            .min_by(|a, b| (a.0 - peak_hz).abs().total_cmp(&(b.0 - peak_hz).abs()));
        if let Some((_, Some(db))) = nearest {
            svg.circle(
                at,
                area.y(y, *db),
                3.5,
                &format!(r#"fill="{}" stroke="{}" stroke-width="1.5""#, inks.accent, inks.raised),
            );
        }
        let text = format!("{} {} Hz", words.alpha_peak, words.number(peak_hz, 2));
        let room = area.right() - at > text_width(&text, TICK_SIZE) + 12.0;
        let (dx, anchor) = if room { (6.0, Anchor::Start) } else { (-6.0, Anchor::End) };
        svg.text(at + dx, area.top + 16.0, Type::new(TICK_SIZE, inks.ink).anchor(anchor), &text);
    }

    fn draw_legend(&self, svg: &mut Svg, area: &Area, inks: &Inks, words: &Words) {
        let y = area.bottom() + 62.0;
        let mut x = area.left;
        let mut entry = |text: &str, stroke: &str, style: &str| {
            svg.line(x, y - 4.0, x + 22.0, y - 4.0, &format!(r#"stroke="{stroke}" {style}"#));
            svg.text(x + 28.0, y, Type::new(LABEL_SIZE, inks.ink_2), text);
            x += 28.0 + text_width(text, LABEL_SIZE) + 24.0;
        };
        let good = self.lines.iter().filter(|l| l.good).count();
        if good > 0 {
            entry(&format!("{} (n = {good})", words.mean), inks.accent, r#"stroke-width="2""#);
            entry(&words.channel, inks.ink_2, r#"stroke-width="0.8" stroke-opacity="0.6""#);
        }
        if good < self.lines.len() {
            entry(&words.excluded, inks.bad, r#"stroke-width="0.8" stroke-dasharray="3 3""#);
        }
    }
}

/// V²/Hz to dB re 1 µV²/Hz; `None` unless the density is finite and above zero.
fn to_db(density_v2_per_hz: f64) -> Option<f64> {
    let microvolts = density_v2_per_hz * 1e12;
    (microvolts.is_finite() && microvolts > 0.0).then(|| 10.0 * microvolts.log10())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_square_microvolt_per_hertz_is_zero_decibels() {
        assert!(to_db(1e-12).unwrap().abs() < 1e-12);
        assert_eq!(to_db(0.0), None);
        assert_eq!(to_db(f64::NAN), None);
    }
}
