use clx_signal::{Annotation, Finding, Gap, SampleRate, Severity};

use crate::mat::{Struct, Value};

/// What EEGLAB calls the place where samples were cut out or recordings joined.
const BOUNDARY: &str = "boundary";

/// Events as annotations, in order, and the gaps they tell of.
#[derive(Debug, Default)]
pub(super) struct Events {
    pub(super) annotations: Vec<Annotation>,
    pub(super) gaps: Vec<Gap>,
}

impl Events {
    pub(super) fn read(event: Value, rate: SampleRate, findings: &mut Vec<Finding>) -> Self {
        let mut events = Self::default();
        let Value::Struct(list) = event else { return events };
        let mut n_left_out = 0;
        for row in list.rows() {
            match annotation(&list, row, rate) {
                Some((annotation, gap)) => {
                    events.annotations.push(annotation);
                    events.gaps.extend(gap);
                }
                None => n_left_out += 1,
            }
        }
        if n_left_out > 0 {
            let message = format!("{n_left_out} events have no usable latency and are left out");
            findings.push(Finding::new("annotations.damaged", Severity::Warning, message));
        }
        events.sort();
        events
    }

    /// The edges between `n_epochs` epochs of `n_points` samples; how far they are apart in time is
    /// not known.
    pub(super) fn add_epochs(&mut self, n_epochs: u64, n_points: u64, rate: SampleRate) {
        for epoch in 1..n_epochs {
            let at_s = (epoch * n_points) as f64 / rate.hz();
            self.gaps.push(Gap { at_s, duration_s: 0.0 });
            self.annotations.push(Annotation {
                onset_s: at_s,
                duration_s: None,
                text: BOUNDARY.to_owned(),
                channel: None,
            });
        }
        self.sort();
    }

    fn sort(&mut self) {
        self.annotations.sort_by(|a, b| a.onset_s.total_cmp(&b.onset_s));
        self.gaps.sort_by(|a, b| a.at_s.total_cmp(&b.at_s));
        self.gaps.dedup_by(|later, earlier| {
            let same = later.at_s == earlier.at_s;
            if same {
                earlier.duration_s = earlier.duration_s.max(later.duration_s);
            }
            same
        });
    }
}

/// One event; a boundary inside the recording is a gap as well.
fn annotation(list: &Struct, row: &[Value], rate: SampleRate) -> Option<(Annotation, Option<Gap>)> {
    let field = |name: &str| list.column(name).and_then(|column| row.get(column));
    let latency = field("latency").and_then(Value::number).filter(|x| x.is_finite())? - 1.0;
    let duration = field("duration").and_then(Value::number).filter(|x| x.is_finite());
    let duration_s = duration.filter(|x| *x >= 0.0).map(|x| x / rate.hz());
    let text = match field("type") {
        Some(Value::Number(code)) => code.to_string(),
        Some(value) => value.text().unwrap_or_default().to_owned(),
        None => String::new(),
    };
    let onset_s = latency / rate.hz();
    if !text.eq_ignore_ascii_case(BOUNDARY) {
        return Some((Annotation { onset_s, duration_s, text, channel: None }, None));
    }
    // It lies half a sample before the first sample after it. Its duration is that of what is
    // missing, so it covers no samples.
    let at_s = latency.ceil() / rate.hz();
    let gap = (at_s > 0.0).then(|| Gap { at_s, duration_s: duration_s.unwrap_or(0.0) });
    Some((Annotation { onset_s, duration_s: None, text, channel: None }, gap))
}
