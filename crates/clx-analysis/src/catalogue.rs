//! Every analysis, by family.

use std::sync::LazyLock;

use crate::Analysis;

mod audio;
mod brainsync;
mod breath;
mod channel;
mod eeg;
mod heart;
mod skin;
mod sleep;

/// All analyses, sorted by id.
pub fn catalogue() -> &'static [Analysis] {
    static CATALOGUE: LazyLock<Vec<Analysis>> = LazyLock::new(|| {
        let families = [
            audio::entries(),
            brainsync::entries(),
            breath::entries(),
            eeg::entries(),
            heart::entries(),
            skin::entries(),
            sleep::entries(),
        ];
        let mut all: Vec<Analysis> = families.into_iter().flatten().collect();
        all.sort_by_key(|analysis| analysis.id);
        all
    });
    &CATALOGUE
}

/// The analysis called `id`.
pub fn find(id: &str) -> Option<&'static Analysis> {
    catalogue().iter().find(|analysis| analysis.id == id)
}
