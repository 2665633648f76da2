use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{self, fontdb};

use crate::RenderError;

/// IBM Plex Sans Regular, Italic and Bold and IBM Plex Mono Regular (SIL Open Font License).
pub const FONTS: [&[u8]; 4] = [
    include_bytes!("../fonts/IBMPlexSans-Regular.ttf"),
    include_bytes!("../fonts/IBMPlexSans-Italic.ttf"),
    include_bytes!("../fonts/IBMPlexSans-Bold.ttf"),
    include_bytes!("../fonts/IBMPlexMono-Regular.ttf"),
];

/// Largest picture, pixels per side.
const MAX_SIDE: f32 = 16_384.0;

static FONT_DATABASE: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    for font in FONTS {
        fonts.load_font_data(font.to_vec());
    }
    fonts.set_sans_serif_family("IBM Plex Sans");
    fonts.set_monospace_family("IBM Plex Mono");
    Arc::new(fonts)
});

/// Draws an SVG as PNG, `scale` pixels per SVG unit, with the embedded fonts only.
///
/// # Errors
/// [`RenderError::Svg`] if `svg` does not parse, [`RenderError::Size`] if the picture would be
/// empty or larger than 16,384 pixels a side.
pub fn svg_to_png(svg: &str, scale: f32) -> Result<Vec<u8>, RenderError> {
    let options = usvg::Options {
        font_family: "IBM Plex Sans".to_owned(),
        fontdb: Arc::clone(&FONT_DATABASE),
        ..usvg::Options::default()
    };
    let tree = usvg::Tree::from_str(svg, &options).map_err(|e| RenderError::Svg(e.to_string()))?;
    let size = tree.size();
    let (width, height) = (size.width() * scale, size.height() * scale);
    let wrong_size = || RenderError::Size { width, height };
    if !(width >= 1.0 && height >= 1.0 && width <= MAX_SIDE && height <= MAX_SIDE) {
        return Err(wrong_size());
    }
    let mut pixmap =
        Pixmap::new(width.ceil() as u32, height.ceil() as u32).ok_or_else(wrong_size)?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
    pixmap.encode_png().map_err(|e| RenderError::Png(e.to_string()))
}
