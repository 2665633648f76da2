//! Annotations as MNE-Python writes them: three lists and what their times count from.

use clx_signal::Annotation;

#[derive(Debug, Default)]
pub(super) struct Lists {
    pub(super) onset_s: Vec<f64>,
    /// Onset and duration together.
    pub(super) end_s: Vec<f64>,
    pub(super) texts: String,
    /// Seconds since 1970 that the onsets count from.
    pub(super) origin_s: Option<f64>,
}

impl Lists {
    /// In order of onset, in seconds by the clock from the first sample, which was taken
    /// `first_s` after the date of the recording.
    pub(super) fn annotations(&self, date_s: Option<f64>, first_s: f64) -> Vec<Annotation> {
        let shift_s = match (self.origin_s, date_s) {
            (Some(origin_s), Some(date_s)) => origin_s - date_s - first_s,
            // Without a date they count as the samples do, from the start of the acquisition.
            (_, None) => -first_s,
            (None, Some(_)) => 0.0,
        };
        let texts = self.texts.split(':');
        let times = self.onset_s.iter().zip(&self.end_s);
        let mut found: Vec<Annotation> = times
            .zip(texts)
            .filter(|((onset_s, _), _)| onset_s.is_finite())
            .map(|((onset_s, end_s), text)| Annotation {
                onset_s: onset_s + shift_s,
                duration_s: Some(end_s - onset_s).filter(|d| d.is_finite() && *d >= 0.0),
                text: text.replace("{COLON}", ":"),
                channel: None,
            })
            .collect();
        found.sort_by(|a, b| a.onset_s.total_cmp(&b.onset_s));
        found
    }
}
