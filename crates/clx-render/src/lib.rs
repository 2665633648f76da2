//! Makes pictures: plots, topomaps and spectrograms as SVG and PNG.
//!
//! Each plot is a struct of typed inputs; `to_svg(theme)` draws it with English labels and
//! `to_svg_in(theme, &words)` in another language. Pure: the same input gives the same bytes.
//! Missing data stay missing: a gap in a line, a hollow electrode, or the words "no data".
//! Nothing here computes a result, only how a result looks.

mod axis;
mod bands;
mod chroma;
mod colour;
mod connectivity;
mod erp;
mod error;
mod frame;
mod hypnogram;
mod ica;
mod loudness;
mod png;
mod psd;
mod quality;
mod raster;
mod response;
mod rhythm;
mod rr;
mod schedule;
mod spectrogram;
mod spline;
mod svg;
mod tfr;
mod theme;
mod topomap;
mod trace;
mod waveform;
mod words;

pub use bands::{BandBar, BandBars, BandPanel};
pub use chroma::ChromaPlot;
pub use colour::{BAND_CODES, BandCode, ColourMap, Rgb, band_code, tables_as_typescript};
pub use connectivity::ConnectivityCircle;
pub use erp::{ErpLine, ErpPlot, TopomapSeries};
pub use error::RenderError;
pub use hypnogram::{HypnogramPlot, NightRow, SleepStage};
pub use ica::{IcaComponent, IcaPanel};
pub use loudness::LoudnessPlot;
pub use png::{FONTS, svg_to_png};
pub use psd::{PsdLine, PsdPlot};
pub use quality::{QualityRow, QualityStrip};
pub use response::ResponsePlot;
pub use rhythm::RhythmPlot;
pub use rr::RrSpectrumPlot;
pub use schedule::SchedulePlot;
pub use spectrogram::SpectrogramPlot;
pub use tfr::TfrPlot;
pub use theme::Theme;
pub use topomap::{Electrode, Topomap, TopomapHead};
pub use trace::{TraceLine, TraceMarks, TracePlot};
pub use waveform::{WaveformPlot, WaveformTrack};
pub use words::{NAMES, Words};
