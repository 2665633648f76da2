//! The progress bar, on standard error and only where a person watches.

use std::io::IsTerminal;

use clx_analysis::Progress;
use indicatif::{ProgressBar, ProgressStyle};

#[derive(Debug)]
pub(crate) struct Bar(ProgressBar);

impl Bar {
    pub(crate) fn new(title: &str, quiet: bool) -> Self {
        if quiet || !std::io::stderr().is_terminal() {
            return Self(ProgressBar::hidden());
        }
        let style =
            ProgressStyle::with_template("{prefix}  {bar:28} {percent:>3} %  {msg}  {eta} left")
                .unwrap_or_else(|_| ProgressStyle::default_bar());
        Self(ProgressBar::new(1000).with_style(style).with_prefix(title.to_owned()))
    }

    pub(crate) fn show(&self, progress: Progress<'_>) {
        self.0.set_position((progress.fraction * 1000.0) as u64);
        self.0.set_message(progress.stage.to_owned());
    }

    pub(crate) fn finish(&self) {
        self.0.finish_and_clear();
    }
}
