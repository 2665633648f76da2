/// Why a picture could not be drawn.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RenderError {
    #[error("the SVG does not parse: {0}")]
    Svg(String),
    #[error("a picture is 1 to 16384 pixels a side, asked for {width} x {height}")]
    Size { width: f32, height: f32 },
    #[error("PNG encoding failed: {0}")]
    Png(String),
}
