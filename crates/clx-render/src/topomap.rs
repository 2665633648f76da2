use crate::axis::Axis;
use crate::frame::{LABEL_SIZE, TICK_SIZE, finite_range};
use crate::raster::{draw_scale_below, grid_png};
use crate::spline::{SphericalSpline, on_sphere};
use crate::svg::{Anchor, Svg, Type, n};
use crate::theme::Inks;
use crate::{ColourMap, Theme, Words, band_code};

/// Heads seen from above (nose up, left ear at the left), one per band or measure.
///
/// Between the electrodes values come from a spherical spline (Perrin et al. 1989); with fewer
/// than four electrodes only the electrodes themselves are coloured. Every head has its own scale.
#[derive(Clone, Debug, Default)]
pub struct Topomap {
    /// Read aloud by screen readers, not drawn.
    pub title: String,
    pub description: String,
    pub heads: Vec<TopomapHead>,
    /// Label of the scale bars with the unit, such as `Power (µV²)`.
    pub label: String,
}

#[derive(Clone, Debug)]
pub struct TopomapHead {
    /// Shown above the head when `band` is absent; a band shows its letter and name.
    pub title: String,
    /// Name of a band of the band code, if the head shows one.
    pub band: Option<String>,
    pub electrodes: Vec<Electrode>,
    /// `Diverging` centres the scale at zero.
    pub map: ColourMap,
}

#[derive(Clone, Debug)]
pub struct Electrode {
    pub name: String,
    /// Place on the unit head: x to the right, y to the front, radius 1 the equator.
    pub position: [f64; 2],
    /// NaN for an electrode without a measurement: drawn hollow, not used.
    pub value: f64,
}

pub(crate) const HEAD_WIDTH: f64 = 152.0;
const RADIUS: f64 = 60.0;
const PIXELS: usize = 160;
const ROW_HEIGHT: f64 = 226.0;

impl Topomap {
    pub fn to_svg(&self, theme: Theme) -> String {
        self.to_svg_in(theme, &Words::default())
    }

    pub fn to_svg_in(&self, theme: Theme, words: &Words) -> String {
        let per_row = self.heads.len().clamp(1, 5);
        let rows = self.heads.len().div_ceil(per_row).max(1);
        let mut svg = Svg::new(per_row as f64 * HEAD_WIDTH, rows as f64 * ROW_HEIGHT);
        for (i, head) in self.heads.iter().enumerate() {
            let left = (i % per_row) as f64 * HEAD_WIDTH;
            let top = (i / per_row) as f64 * ROW_HEIGHT;
            head.draw(&mut svg, (left, top), None, &self.label, theme, words);
        }
        if self.heads.is_empty() {
            let style = Type::new(LABEL_SIZE, theme.inks().ink_2).anchor(Anchor::Middle);
            svg.text(HEAD_WIDTH / 2.0, ROW_HEIGHT / 2.0, style, &words.no_data);
        }
        svg.finish(theme, &self.title, &self.description)
    }
}

impl TopomapHead {
    /// `scale`: ends of the colour map; absent: those of this head.
    pub(crate) fn draw(
        &self,
        svg: &mut Svg,
        (left, top): (f64, f64),
        scale: Option<(f64, f64)>,
        label: &str,
        theme: Theme,
        words: &Words,
    ) {
        let (cx, cy) = (left + HEAD_WIDTH / 2.0, top + 102.0);
        self.draw_title(svg, cx, top + 18.0, theme, words);
        let Some((low, high)) = self.draw_head(svg, (cx, cy), scale, theme, words) else { return };
        let axis = Axis::linear(low, high, 3, label, words);
        draw_scale_below(svg, (cx - 52.0, top + 178.0, 104.0), self.map, &axis, theme.inks());
    }

    /// The head alone about its centre, without title and scale.
    pub(crate) fn draw_field(
        &self,
        svg: &mut Svg,
        centre: (f64, f64),
        theme: Theme,
        words: &Words,
    ) {
        self.draw_head(svg, centre, None, theme, words);
    }

    /// Returns the ends of the colour map, if there was anything to draw.
    fn draw_head(
        &self,
        svg: &mut Svg,
        (cx, cy): (f64, f64),
        scale: Option<(f64, f64)>,
        theme: Theme,
        words: &Words,
    ) -> Option<(f64, f64)> {
        let inks = theme.inks();
        let measured: Vec<&Electrode> =
            self.electrodes.iter().filter(|e| e.value.is_finite()).collect();
        let Some((low, high)) = self.range(&measured).map(|own| scale.unwrap_or(own)) else {
            draw_outline(svg, cx, cy, inks);
            let style = Type::new(LABEL_SIZE, inks.ink_2).anchor(Anchor::Middle);
            svg.text(cx, cy + 4.0, style, &words.no_data);
            return None;
        };
        if let Some(png) = self.field(&measured, low, high) {
            let circle = format!(r#"<circle cx="{}" cy="{}" r="{}"/>"#, n(cx), n(cy), n(RADIUS));
            svg.open_clip(&circle);
            svg.png(cx - RADIUS, cy - RADIUS, RADIUS * 2.0, RADIUS * 2.0, &png, "");
            svg.close_clip();
        }
        draw_outline(svg, cx, cy, inks);
        self.draw_electrodes(svg, (cx, cy), (low, high), measured.len() < 4, inks);
        Some((low, high))
    }

    fn draw_title(&self, svg: &mut Svg, cx: f64, y: f64, theme: Theme, words: &Words) {
        let style = Type::new(13.0, theme.inks().ink).anchor(Anchor::Middle).bold();
        match self.band.as_deref().and_then(band_code) {
            Some(code) => {
                svg.text(cx, y, style, &words.band_title(code.name, &self.title));
                let bar = format!(r#"fill="{}""#, code.colour(theme).css());
                svg.rect(cx - 16.0, y + 5.0, 32.0, 3.0, &bar);
            }
            None => svg.text(cx, y, style, &self.title),
        }
    }

    fn range(&self, measured: &[&Electrode]) -> Option<(f64, f64)> {
        let (low, high) = finite_range(measured.iter().map(|e| e.value))?;
        let half = low.abs().max(high.abs());
        Some(match self.map {
            ColourMap::Diverging if half > 0.0 => (-half, half),
            _ if high > low => (low, high),
            _ => (low - 0.5 * low.abs().max(1.0), high + 0.5 * high.abs().max(1.0)),
        })
    }

    fn field(&self, measured: &[&Electrode], low: f64, high: f64) -> Option<Vec<u8>> {
        let places: Vec<[f64; 3]> = measured.iter().map(|e| on_sphere(e.position)).collect();
        let values: Vec<f64> = measured.iter().map(|e| e.value).collect();
        let spline = SphericalSpline::fit(&places, &values)?;
        let step = 2.0 / (PIXELS - 1) as f64;
        grid_png(PIXELS, PIXELS, |column, row| {
            let place = [column as f64 * step - 1.0, 1.0 - row as f64 * step];
            // A little beyond the rim, so that the clipped edge has no gaps.
            if place[0].hypot(place[1]) > 1.03 {
                return None;
            }
            self.map.at((spline.at(on_sphere(place)) - low) / (high - low))
        })
    }

    fn draw_electrodes(
        &self,
        svg: &mut Svg,
        (cx, cy): (f64, f64),
        (low, high): (f64, f64),
        alone: bool,
        inks: &Inks,
    ) {
        for electrode in &self.electrodes {
            let [x, y] = electrode.position;
            let (x, y) = (cx + x * RADIUS, cy - y * RADIUS);
            match self.map.at((electrode.value - low) / (high - low)) {
                Some(colour) if alone => {
                    let style = format!(r#"fill="{}" stroke="{}""#, colour.css(), inks.ink);
                    svg.circle(x, y, 7.0, &style);
                    let style = Type::new(TICK_SIZE, inks.ink).anchor(Anchor::Middle);
                    svg.text(x, y + 19.0, style, &electrode.name);
                }
                // Dark dot with a light rim: visible on either end of the colour map.
                Some(_) => {
                    svg.circle(
                        x,
                        y,
                        2.0,
                        r##"fill="#1a1c22" stroke="#ffffff" stroke-width="0.8""##,
                    );
                }
                None => {
                    let style = format!(
                        r#"fill="{}" stroke="{}" stroke-width="1.2""#,
                        inks.raised, inks.bad
                    );
                    svg.circle(x, y, 2.6, &style);
                }
            }
        }
    }
}

fn draw_outline(svg: &mut Svg, cx: f64, cy: f64, inks: &Inks) {
    let stroke = format!(r#"fill="none" stroke="{}" stroke-width="1.4""#, inks.ink);
    svg.circle(cx, cy, RADIUS, &stroke);
    let rim = cy - RADIUS;
    let nose = format!(
        "M{} {}L{} {}L{} {}",
        n(cx - 8.0),
        n(rim + 0.6),
        n(cx),
        n(rim - 9.0),
        n(cx + 8.0),
        n(rim + 0.6)
    );
    svg.path(&nose, &format!(r#"{stroke} stroke-linejoin="round""#));
    for side in [-1.0, 1.0] {
        let x = cx + side * RADIUS;
        let ear = format!(
            "M{} {}C{} {} {} {} {} {}",
            n(x),
            n(cy - 11.0),
            n(x + side * 9.0),
            n(cy - 14.0),
            n(x + side * 9.0),
            n(cy + 14.0),
            n(x),
            n(cy + 11.0)
        );
        svg.path(&ear, &stroke);
    }
}
