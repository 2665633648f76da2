//! Grids of coloured cells as PNG, and the scale bars that explain them.

use resvg::tiny_skia::{Pixmap, PremultipliedColorU8};

use crate::axis::Axis;
use crate::frame::{LABEL_SIZE, TICK_SIZE};
use crate::svg::{Anchor, Svg, Type, text_width};
use crate::theme::Inks;
use crate::{ColourMap, Rgb};

/// PNG of `width × height` cells; `cell(column, row)` with row 0 at the top. Empty cells are clear.
pub(crate) fn grid_png(
    width: usize,
    height: usize,
    cell: impl Fn(usize, usize) -> Option<Rgb>,
) -> Option<Vec<u8>> {
    let mut pixmap = Pixmap::new(u32::try_from(width).ok()?, u32::try_from(height).ok()?)?;
    for (i, pixel) in pixmap.pixels_mut().iter_mut().enumerate() {
        if let Some(Rgb(r, g, b)) = cell(i % width, i / width) {
            *pixel = PremultipliedColorU8::from_rgba(r, g, b, 255)?;
        }
    }
    pixmap.encode_png().ok()
}

/// A horizontal bar of the colour map with ticks below and the label under them.
pub(crate) fn draw_scale_below(
    svg: &mut Svg,
    (left, top, width): (f64, f64, f64),
    map: ColourMap,
    axis: &Axis,
    inks: &Inks,
) {
    if let Some(png) = grid_png(256, 1, |column, _| map.at(column as f64 / 255.0)) {
        svg.png(left, top, width, 8.0, &png, "");
    }
    let stroke = format!(r#"stroke="{}" stroke-width="1""#, inks.border);
    svg.rect(left, top, width, 8.0, &format!(r#"fill="none" {stroke}"#));
    let mut free_from = f64::NEG_INFINITY;
    for tick in &axis.ticks {
        let x = left + axis.share(tick.value) * width;
        svg.line(x, top + 8.0, x, top + 11.0, &stroke);
        let half = text_width(&tick.label, TICK_SIZE) / 2.0;
        if x - half >= free_from {
            let style = Type::new(TICK_SIZE, inks.ink_2).anchor(Anchor::Middle);
            svg.text(x, top + 23.0, style, &tick.label);
            free_from = x + half + 4.0;
        }
    }
    if !axis.label.is_empty() {
        let style = Type::new(LABEL_SIZE, inks.ink).anchor(Anchor::Middle);
        svg.text(left + width / 2.0, top + 40.0, style, &axis.label);
    }
}

/// A vertical bar, low end at the bottom, ticks and turned label at its right.
pub(crate) fn draw_scale_beside(
    svg: &mut Svg,
    (left, top, height): (f64, f64, f64),
    map: ColourMap,
    axis: &Axis,
    inks: &Inks,
) {
    if let Some(png) = grid_png(1, 256, |_, row| map.at(1.0 - row as f64 / 255.0)) {
        svg.png(left, top, 10.0, height, &png, "");
    }
    let stroke = format!(r#"stroke="{}" stroke-width="1""#, inks.border);
    svg.rect(left, top, 10.0, height, &format!(r#"fill="none" {stroke}"#));
    for tick in &axis.ticks {
        let y = top + height * (1.0 - axis.share(tick.value));
        svg.line(left + 10.0, y, left + 14.0, y, &stroke);
        svg.text(left + 18.0, y + 4.0, Type::new(TICK_SIZE, inks.ink_2), &tick.label);
    }
    let style = Type::new(LABEL_SIZE, inks.ink).anchor(Anchor::Middle).turned(-90.0);
    svg.text(left + 60.0, top + height / 2.0, style, &axis.label);
}
