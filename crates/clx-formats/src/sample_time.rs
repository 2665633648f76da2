use clx_signal::{Annotation, Gap};

/// Turns onsets, in seconds by the clock from the first sample, into sample time.
///
/// `annotations` are in order of onset. One that begins inside a gap moves to the gap.
pub(crate) fn remove_gaps(annotations: &mut [Annotation], gaps: &[Gap]) {
    let mut skipped_s = 0.0;
    let mut gaps = gaps.iter().peekable();
    for annotation in annotations {
        let clock_s = annotation.onset_s;
        while let Some(gap) = gaps.next_if(|g| clock_s >= g.at_s + skipped_s + g.duration_s) {
            skipped_s += gap.duration_s;
        }
        let latest_s = gaps.peek().map_or(f64::INFINITY, |gap| gap.at_s);
        annotation.onset_s = (clock_s - skipped_s).min(latest_s);
    }
}
