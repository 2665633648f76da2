//! Makes pictures: plots, topomaps and spectrograms as SVG and PNG.

mod theme;

pub use theme::Theme;
