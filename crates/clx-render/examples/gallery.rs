//! Draws every plot in both themes from made-up numbers: `cargo run --example gallery -- DIR`.

#[path = "../tests/it/samples.rs"]
mod samples;

use std::path::{Path, PathBuf};

use clx_render::{Theme, svg_to_png};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let dir = PathBuf::from(std::env::args().nth(1).ok_or("usage: gallery DIR")?);
    for theme in [Theme::Light, Theme::Dark] {
        save(&dir, "psd", theme, &samples::psd().to_svg(theme))?;
        save(&dir, "topomap", theme, &samples::topomap().to_svg(theme))?;
        save(&dir, "topomap-few", theme, &samples::few_electrodes().to_svg(theme))?;
        save(&dir, "waveform", theme, &samples::waveform().to_svg(theme))?;
        save(&dir, "quality", theme, &samples::quality().to_svg(theme))?;
        save(&dir, "bands", theme, &samples::bands().to_svg(theme))?;
        save(&dir, "spectrogram", theme, &samples::spectrogram().to_svg(theme))?;
        save(&dir, "rhythm", theme, &samples::rhythm().to_svg(theme))?;
        save(&dir, "loudness", theme, &samples::loudness().to_svg(theme))?;
        save(&dir, "chroma", theme, &samples::chroma().to_svg(theme))?;
        save(&dir, "schedule", theme, &samples::schedule().to_svg(theme))?;
        save(&dir, "erp", theme, &samples::erp().to_svg(theme))?;
        save(&dir, "topomap-series", theme, &samples::topomap_series().to_svg(theme))?;
        save(&dir, "connectivity", theme, &samples::connectivity().to_svg(theme))?;
        save(&dir, "tfr", theme, &samples::tfr().to_svg(theme))?;
        save(&dir, "hypnogram", theme, &samples::hypnogram().to_svg(theme))?;
        save(&dir, "night", theme, &samples::night().to_svg(theme))?;
        save(&dir, "trace", theme, &samples::trace().to_svg(theme))?;
        save(&dir, "rr-spectrum", theme, &samples::rr_spectrum().to_svg(theme))?;
        save(&dir, "ica", theme, &samples::ica().to_svg(theme))?;
    }
    Ok(())
}

fn save(dir: &Path, name: &str, theme: Theme, svg: &str) -> Result<(), Box<dyn std::error::Error>> {
    let stem = format!("{name}-{theme:?}").to_lowercase();
    std::fs::write(dir.join(format!("{stem}.svg")), svg)?;
    std::fs::write(dir.join(format!("{stem}.png")), svg_to_png(svg, 1.5)?)?;
    Ok(())
}
