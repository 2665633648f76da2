//! What most analyses of EEG start with: the channels and times asked for, without bad channels,
//! filtered, at one rate, against one reference.

mod bads;
mod filter;
pub(crate) mod stretch;

use clx_eeg::bads::BadReason;
use clx_eeg::{reference, site};
use clx_formats::RecordingReader;
use clx_signal::{Annotation, ChannelInfo, ChannelKind, Finding, Gap, SampleRate, Severity, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::bads::{find_bads, settle_bads};
use self::filter::Filter;
use self::stretch::{Stretch, read};
use crate::{AnalysisError, Context, Inputs};

/// How the signal is made ready, before anything is measured.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct PrepareParams {
    /// Names of the channels to use; empty: every EEG channel.
    #[schemars(length(max = 1024))]
    pub(crate) channels: Vec<String>,
    /// Start of the stretch that is analysed, seconds; absent: the first sample.
    #[schemars(range(min = 0.0))]
    pub(crate) tmin_s: Option<f64>,
    /// End of the stretch, seconds; absent: the last sample.
    #[schemars(range(min = 0.0))]
    pub(crate) tmax_s: Option<f64>,
    /// Lower edge of the pass band, hertz; absent: none.
    pub(crate) highpass_hz: Option<f64>,
    /// Upper edge of the pass band, hertz; absent: none. Where half the rate is lower, none either.
    pub(crate) lowpass_hz: Option<f64>,
    /// Mains frequency whose multiples are taken out, hertz; absent: none.
    #[schemars(range(min = 10.0, max = 400.0))]
    pub(crate) line_hz: Option<f64>,
    /// Sample rate to come down to, hertz; absent, or above the recording's: as recorded.
    #[schemars(range(min = 1.0))]
    pub(crate) rate_hz: Option<f64>,
    pub(crate) reference: Referencing,
    pub(crate) bads: BadChannelRule,
    /// Channels known to be bad, whatever is found.
    #[schemars(length(max = 1024))]
    pub(crate) bad_channels: Vec<String>,
}

/// What the voltages are measured against.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Referencing {
    /// As the recorder wrote them.
    #[default]
    AsRecorded,
    /// The mean of all channels that are used.
    Average,
    /// The mean of M1 and M2, else A1 and A2, else TP9 and TP10.
    Mastoids,
}

/// What is done about bad channels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum BadChannelRule {
    /// Only the channels that `bad_channels` names are left out.
    Named,
    /// Channels that PREP finds bad are left out too.
    #[default]
    Exclude,
    /// Bad channels are replaced by what their neighbours make of them (spherical splines).
    Interpolate,
}

/// What was done before anything was measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Preparation {
    /// Channels that were used, in order.
    pub(crate) channels: Vec<String>,
    pub(crate) rate_hz: f64,
    /// Start of the stretch, seconds from the first sample of the recording.
    pub(crate) tmin_s: f64,
    pub(crate) duration_s: f64,
    pub(crate) highpass_hz: Option<f64>,
    pub(crate) lowpass_hz: Option<f64>,
    /// Every frequency that was taken out, hertz.
    pub(crate) notch_hz: Vec<f64>,
    pub(crate) reference: Referencing,
    /// Channels left out because they are bad, with every reason.
    pub(crate) excluded: Vec<BadChannel>,
    /// Channels replaced by splines, with every reason.
    pub(crate) interpolated: Vec<BadChannel>,
}

/// A channel that is not used as it was recorded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct BadChannel {
    pub(crate) channel: String,
    /// Empty for one that the user named.
    pub(crate) reasons: Vec<BadReason>,
}

/// Channels ready to be measured: one rate, one length, volts.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) channels: Vec<ChannelInfo>,
    pub(crate) samples: Vec<Vec<f32>>,
    pub(crate) rate: SampleRate,
    /// Onsets in seconds from the first sample of the stretch.
    pub(crate) annotations: Vec<Annotation>,
    pub(crate) gaps: Vec<Gap>,
    pub(crate) preparation: Preparation,
    pub(crate) findings: Vec<Finding>,
}

impl Prepared {
    pub(crate) fn names(&self) -> Vec<String> {
        self.channels.iter().map(|c| c.name.clone()).collect()
    }

    /// Where each electrode lies on the head seen from above; `None` unless every name is a site.
    pub(crate) fn positions(&self) -> Option<Vec<[f64; 2]>> {
        self.channels.iter().map(|c| site::position(&c.name)).collect()
    }
}

/// Reads and prepares a recording; progress goes from 0 to `share`.
pub(crate) fn prepare(
    inputs: Inputs,
    params: &PrepareParams,
    cx: &Context<'_>,
    share: f64,
) -> Result<Prepared, AnalysisError> {
    let mut reader = inputs.recording()?;
    let picks = pick(&reader, params)?;
    let infos: Vec<ChannelInfo> =
        picks.iter().map(|&i| reader.header().channels[i].clone()).collect();
    let rate = infos[0].rate;
    let stretch = Stretch::of(&reader, [params.tmin_s, params.tmax_s], rate, picks.len())?;
    let mut samples = read(&mut reader, &picks, &stretch, cx, [0.0, 0.5 * share])?;
    let mut findings = reader.findings().to_vec();
    let bads = find_bads(&infos, &samples, rate, params, &mut findings)?;
    cx.step(0.6 * share, "filtering")?;
    let filter = Filter::design(rate, params, &mut findings)?;
    let breaks = stretch.breaks(rate);
    for (i, channel) in samples.iter_mut().enumerate() {
        // A channel that is replaced anyway may hold values that are no numbers.
        if bads[i].is_none() {
            *channel = filter.apply(channel, &breaks)?;
        }
        cx.step(share * (0.6 + 0.35 * i as f64 / infos.len() as f64), "filtering")?;
    }
    let n = samples.iter().zip(&bads).filter(|(_, bad)| bad.is_none()).map(|(x, _)| x.len()).max();
    let Some(n) = n.filter(|&n| n > 0) else {
        let text = "no good EEG channel is left; name channels, or keep those found bad";
        return Err(AnalysisError::Input(text.to_owned()));
    };
    let mut prepared = Prepared {
        preparation: Preparation {
            channels: Vec::new(),
            rate_hz: filter.rate_out.hz(),
            tmin_s: stretch.tmin_s,
            duration_s: n as f64 / filter.rate_out.hz(),
            highpass_hz: filter.highpass_hz,
            lowpass_hz: filter.lowpass_hz,
            notch_hz: filter.notch_hz.clone(),
            reference: params.reference,
            excluded: Vec::new(),
            interpolated: Vec::new(),
        },
        annotations: stretch.annotations(reader.annotations()?),
        gaps: stretch.gaps.clone(),
        rate: filter.rate_out,
        channels: infos,
        samples,
        findings,
    };
    settle_bads(&mut prepared, bads, n, params.bads)?;
    refer(&mut prepared)?;
    for info in &mut prepared.channels {
        (info.rate, info.n_samples) = (filter.rate_out, n as u64);
    }
    prepared.preparation.channels = prepared.names();
    cx.step(share, "measuring")?;
    Ok(prepared)
}

/// The channels asked for, or every EEG channel of the rate that most have.
fn pick(reader: &RecordingReader, params: &PrepareParams) -> Result<Vec<usize>, AnalysisError> {
    let channels = &reader.header().channels;
    if !params.channels.is_empty() {
        let find = |name: &String| {
            channels.iter().position(|c| c.name == *name || c.label == *name).ok_or_else(|| {
                let have: Vec<&str> = channels.iter().take(40).map(|c| c.name.as_str()).collect();
                let have = have.join(", ");
                AnalysisError::Params(format!(
                    "channels: there is no `{name}`; the recording has {have}"
                ))
            })
        };
        let picks: Vec<usize> = params.channels.iter().map(find).collect::<Result<_, _>>()?;
        let first = channels[picks[0]].rate;
        if let Some(&other) = picks.iter().find(|&&i| channels[i].rate != first) {
            return Err(AnalysisError::Params(format!(
                "channels: all must have one rate; {} has {} Hz and {} has {} Hz",
                channels[picks[0]].name,
                first.hz(),
                channels[other].name,
                channels[other].rate.hz()
            )));
        }
        return Ok(picks);
    }
    let eeg: Vec<usize> = (0..channels.len())
        .filter(|&i| channels[i].kind == ChannelKind::Eeg && channels[i].unit == Unit::Volt)
        .collect();
    let count = |rate| eeg.iter().filter(|&&i| channels[i].rate == rate).count();
    let rate = eeg
        .iter()
        .map(|&i| channels[i].rate)
        .reduce(|best, rate| if count(rate) > count(best) { rate } else { best });
    let Some(rate) = rate else {
        let text = "the recording has no EEG channel in volts; name the channels to use";
        return Err(AnalysisError::Input(text.to_owned()));
    };
    Ok(eeg.into_iter().filter(|&i| channels[i].rate == rate).collect())
}

fn refer(prepared: &mut Prepared) -> Result<(), AnalysisError> {
    let members: Vec<usize> = match prepared.preparation.reference {
        Referencing::AsRecorded => return Ok(()),
        Referencing::Average => (0..prepared.channels.len()).collect(),
        Referencing::Mastoids => {
            let names: Vec<&str> = prepared.channels.iter().map(|c| c.name.as_str()).collect();
            let Some(pair) = reference::mastoids(&names) else {
                let text = "reference: no mastoid channels (M1 and M2, A1 and A2, or TP9 and TP10) among those used; `average` works without them";
                return Err(AnalysisError::Params(text.to_owned()));
            };
            pair.to_vec()
        }
    };
    if members.len() < 2 {
        let text =
            "an average reference of one channel would be that channel; it was left as recorded";
        prepared.findings.push(Finding::new("reference.single", Severity::Warning, text));
        prepared.preparation.reference = Referencing::AsRecorded;
        return Ok(());
    }
    reference::subtract_mean_of(&mut prepared.samples, &members)?;
    Ok(())
}
