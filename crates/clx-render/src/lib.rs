//! Makes pictures: plots, topomaps and spectrograms as SVG and PNG.
