//! Every analysis, by family.

use std::sync::LazyLock;

use crate::Analysis;

mod audio;
mod brainsync;
mod eeg;

/// All analyses, sorted by id.
pub fn catalogue() -> &'static [Analysis] {
    static CATALOGUE: LazyLock<Vec<Analysis>> = LazyLock::new(|| {
        let mut all = [audio::entries(), brainsync::entries(), eeg::entries()]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>();
        all.sort_by_key(|analysis| analysis.id);
        all
    });
    &CATALOGUE
}

/// The analysis called `id`.
pub fn find(id: &str) -> Option<&'static Analysis> {
    catalogue().iter().find(|analysis| analysis.id == id)
}
