use crate::axis::Axis;
use crate::frame::{
    Area, LABEL_SIZE, TICK_SIZE, draw_no_data, draw_x_axis, draw_y_axis, finite_range,
};
use crate::svg::{Anchor, Svg, Type};
use crate::theme::Inks;
use crate::topomap::TopomapHead;
use crate::{ColourMap, Electrode, Theme, Words};

/// Independent components, a row for each: topography, spectrum, and how it was classified.
#[derive(Clone, Debug, Default)]
pub struct IcaPanel {
    /// Read aloud by screen readers, not drawn.
    pub title: String,
    pub description: String,
    /// Frequencies of every density, ascending, hertz.
    pub freqs_hz: Vec<f64>,
    pub components: Vec<IcaComponent>,
}

#[derive(Clone, Debug, Default)]
pub struct IcaComponent {
    /// Such as `IC 0`.
    pub name: String,
    /// Weights in any unit; the map's scale is centred at zero.
    pub electrodes: Vec<Electrode>,
    /// Density at the frequencies of the panel, decibels against any reference; NaN is left out.
    pub density_db: Vec<f64>,
    /// Classes with their probabilities, `0..=1`, in the order in which they are shown.
    pub classes: Vec<(String, f64)>,
    /// Taken out of the recording: named in the warning colour and marked.
    pub excluded: bool,
}

const WIDTH: f64 = 760.0;
const ROW: f64 = 190.0;

impl IcaPanel {
    pub fn to_svg(&self, theme: Theme) -> String {
        self.to_svg_in(theme, &Words::default())
    }

    pub fn to_svg_in(&self, theme: Theme, words: &Words) -> String {
        let inks = theme.inks();
        let mut svg = Svg::new(WIDTH, self.components.len().max(1) as f64 * ROW);
        if self.components.is_empty() {
            let area = Area { left: 20.0, top: 20.0, width: WIDTH - 40.0, height: ROW - 40.0 };
            draw_no_data(&mut svg, &area, &words.no_data, inks);
        }
        for (i, component) in self.components.iter().enumerate() {
            let top = i as f64 * ROW;
            if i > 0 {
                svg.line(0.0, top, WIDTH, top, &format!(r#"stroke="{}""#, inks.line));
            }
            self.draw_component(&mut svg, top, component, theme, words);
        }
        svg.finish(theme, &self.title, &self.description)
    }

    fn draw_component(
        &self,
        svg: &mut Svg,
        top: f64,
        component: &IcaComponent,
        theme: Theme,
        words: &Words,
    ) {
        let inks = theme.inks();
        let head = TopomapHead {
            title: String::new(),
            band: None,
            electrodes: component.electrodes.clone(),
            map: ColourMap::Diverging,
        };
        head.draw_field(svg, (96.0, top + 106.0), theme, words);
        let ink = if component.excluded { inks.bad } else { inks.ink };
        let style = Type::new(13.0, ink).anchor(Anchor::Middle).bold();
        let name = match component.excluded {
            true => format!("{} ({})", component.name, words.removed),
            false => component.name.clone(),
        };
        svg.text(96.0, top + 22.0, style, &name);
        let area = Area { left: 250.0, top: top + 20.0, width: 230.0, height: ROW - 72.0 };
        self.draw_spectrum(svg, &area, &component.density_db, inks, words);
        draw_classes(svg, (520.0, top + 24.0), &component.classes, inks, words);
    }

    fn draw_spectrum(
        &self,
        svg: &mut Svg,
        area: &Area,
        density_db: &[f64],
        inks: &Inks,
        words: &Words,
    ) {
        let shown =
            self.freqs_hz.iter().zip(density_db).filter(|(f, d)| **f > 0.0 && d.is_finite());
        let freqs = finite_range(shown.clone().map(|(f, _)| *f)).filter(|(low, high)| high > low);
        let (Some((low, high)), Some((fmin, fmax))) = (finite_range(shown.map(|(_, d)| *d)), freqs)
        else {
            draw_no_data(svg, area, &words.no_data, inks);
            return;
        };
        let x = Axis::log(fmin, fmax, &words.frequency_hz, words);
        let y = Axis::rounded(low, high, 4, "dB", words);
        draw_y_axis(svg, area, &y, inks);
        draw_x_axis(svg, area, &x, inks);
        let point = |(f, d): (&f64, &f64)| {
            (*f > 0.0 && d.is_finite()).then(|| (area.x(&x, *f), area.y(&y, *d)))
        };
        let points: Vec<_> = self.freqs_hz.iter().zip(density_db).map(point).collect();
        svg.curve(&points, inks.accent, r#"stroke-width="1.6""#);
    }
}

/// A bar for each class; the likeliest is full, the others pale.
fn draw_classes(
    svg: &mut Svg,
    (left, top): (f64, f64),
    classes: &[(String, f64)],
    inks: &Inks,
    words: &Words,
) {
    if classes.iter().all(|c| !c.1.is_finite()) {
        let area = Area { left, top, width: WIDTH - left - 20.0, height: ROW - 60.0 };
        draw_no_data(svg, &area, &words.no_data, inks);
        return;
    }
    let best = classes.iter().map(|c| c.1).fold(f64::NEG_INFINITY, f64::max);
    let step = ((ROW - 50.0) / classes.len() as f64).min(19.0);
    let (bars, full) = (left + 84.0, WIDTH - left - 84.0 - 60.0);
    for (i, (name, p)) in classes.iter().enumerate() {
        let y = top + (i as f64 + 0.5) * step;
        let style = Type::new(TICK_SIZE, inks.ink_2).anchor(Anchor::End);
        svg.text(bars - 8.0, y + 4.0, style, name);
        svg.rect(bars, y - 5.0, full, 10.0, &format!(r#"fill="{}""#, inks.sunken));
        let (text, opacity) = if p.is_finite() {
            let opacity = if *p == best { 1.0 } else { 0.45 };
            (format!("{} %", words.number(p * 100.0, 0)), opacity)
        } else {
            ("–".to_owned(), 0.0)
        };
        let width = if p.is_finite() { full * p.clamp(0.0, 1.0) } else { 0.0 };
        let fill = format!(r#"fill="{}" fill-opacity="{opacity}""#, inks.accent);
        svg.rect(bars, y - 5.0, width, 10.0, &fill);
        svg.text(bars + full + 8.0, y + 4.0, Type::new(TICK_SIZE, inks.ink), &text);
    }
    let style = Type::new(LABEL_SIZE, inks.ink).anchor(Anchor::Middle);
    svg.text(
        bars + full / 2.0,
        top + classes.len() as f64 * step + 18.0,
        style,
        &words.probability,
    );
}
