//! The header file (`.vhdr`): what the samples are and where they lie.

use clx_signal::{ChannelInfo, ChannelKind, Finding, SampleRate, Severity, Unit};

use super::ini::{Ini, fields, numbered};
use crate::identity::lines_naming_a_person;
use crate::samples::{Encoding, SampleKind, Scale};
use crate::{ElectrodePosition, Format, FormatError, Identity, label};

const MAX_CHANNELS: usize = 65_536;

#[derive(Debug)]
pub(super) struct Header {
    pub(super) data_file: String,
    pub(super) marker_file: Option<String>,
    pub(super) encoding: Encoding,
    pub(super) orientation: Orientation,
    pub(super) rate: SampleRate,
    /// Samples per channel that the header announces.
    pub(super) n_announced: Option<u64>,
    /// Sample counts are filled in when the data file is known.
    pub(super) channels: Vec<ChannelInfo>,
    pub(super) scales: Vec<Scale>,
    pub(super) positions: Vec<Option<ElectrodePosition>>,
    pub(super) identity: Identity,
    pub(super) findings: Vec<Finding>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Orientation {
    /// All channels of one instant together.
    Multiplexed,
    /// All instants of one channel together.
    Vectorized,
}

impl Header {
    pub(super) fn parse(ini: &Ini) -> Result<Self, FormatError> {
        refuse_other_data(ini)?;
        let mut findings = Vec::new();
        let n_channels = number(ini, "NumberOfChannels", "1 to 65536", |n: usize| {
            (1..=MAX_CHANNELS).contains(&n)
        })?;
        let interval_us = number(ini, "SamplingInterval", "above 0 µs", |us: f64| us > 0.0)?;
        let rate = SampleRate::from_hz(1e6 / interval_us).map_err(|error| {
            let value = ini.get("Common Infos", "SamplingInterval").unwrap_or_default();
            invalid(ini, "SamplingInterval", value, "a finite rate", error.to_string())
        })?;
        let (channels, scales) = channels(ini, n_channels, rate, &mut findings)?;
        let data_file = ini.get("Common Infos", "DataFile").ok_or_else(|| {
            invalid(ini, "DataFile", "", "the name of the file of samples", "nothing".to_owned())
        })?;
        Ok(Self {
            data_file: data_file.to_owned(),
            marker_file: ini.get("Common Infos", "MarkerFile").map(str::to_owned),
            encoding: encoding(ini)?,
            orientation: orientation(ini)?,
            rate,
            n_announced: ini.get("Common Infos", "DataPoints").and_then(|n| n.parse().ok()),
            positions: positions(ini, channels.len()),
            channels,
            scales,
            identity: Identity {
                patient: lines_naming_a_person(
                    ["Comment", "User Infos"].iter().flat_map(|s| ini.lines(s)),
                ),
                recording: String::new(),
            },
            findings,
        })
    }
}

/// Text tables and spectra have the same header as samples.
fn refuse_other_data(ini: &Ini) -> Result<(), FormatError> {
    let is = |key: &str, only: &str| {
        ini.get("Common Infos", key).is_none_or(|value| value.eq_ignore_ascii_case(only))
    };
    let unsupported = |feature: &str, advice| FormatError::Unsupported {
        format: Format::BrainVision,
        feature: feature.to_owned(),
        advice,
    };
    if !is("DataFormat", "BINARY") {
        return Err(unsupported(
            "samples as text (DataFormat=ASCII)",
            "export it again with binary data",
        ));
    }
    if !is("DataType", "TIMEDOMAIN") {
        return Err(unsupported("data that are no time series", "export the time series instead"));
    }
    Ok(())
}

fn encoding(ini: &Ini) -> Result<Encoding, FormatError> {
    let value = ini.get("Binary Infos", "BinaryFormat").unwrap_or("INT_16");
    let kind = match value.to_ascii_uppercase().as_str() {
        "INT_16" => SampleKind::I16,
        "UINT_16" => SampleKind::U16,
        "INT_32" => SampleKind::I32,
        "IEEE_FLOAT_32" => SampleKind::F32,
        "IEEE_FLOAT_64" => SampleKind::F64,
        _ => {
            return Err(invalid(
                ini,
                "BinaryFormat",
                value,
                "INT_16, UINT_16, INT_32, IEEE_FLOAT_32 or IEEE_FLOAT_64",
                format!("{value:?}"),
            ));
        }
    };
    let big_endian = ini
        .get("Binary Infos", "UseBigEndianOrder")
        .is_some_and(|value| value.eq_ignore_ascii_case("YES"));
    Ok(Encoding { kind, big_endian })
}

fn orientation(ini: &Ini) -> Result<Orientation, FormatError> {
    let value = ini.get("Common Infos", "DataOrientation").unwrap_or("MULTIPLEXED");
    match value.to_ascii_uppercase().as_str() {
        "MULTIPLEXED" => Ok(Orientation::Multiplexed),
        "VECTORIZED" => Ok(Orientation::Vectorized),
        _ => Err(invalid(
            ini,
            "DataOrientation",
            value,
            "MULTIPLEXED or VECTORIZED",
            format!("{value:?}"),
        )),
    }
}

fn channels(
    ini: &Ini,
    n_channels: usize,
    rate: SampleRate,
    findings: &mut Vec<Finding>,
) -> Result<(Vec<ChannelInfo>, Vec<Scale>), FormatError> {
    let entries: Vec<(usize, &str)> = ini
        .entries("Channel Infos")
        .filter_map(|(key, value)| Some((numbered(key, "Ch")?, value)))
        .collect();
    // The bytes of the file have to justify what is allocated for a channel.
    if entries.len() != n_channels {
        let value = ini.get("Common Infos", "NumberOfChannels").unwrap_or_default();
        return Err(invalid(
            ini,
            "NumberOfChannels",
            value,
            "the number of entries in [Channel Infos]",
            format!("{n_channels} with {} entries", entries.len()),
        ));
    }
    let mut infos: Vec<Option<(ChannelInfo, Scale)>> = vec![None; n_channels];
    for (n, value) in entries {
        let slot = n.checked_sub(1).and_then(|index| infos.get_mut(index));
        match slot {
            Some(slot) if slot.is_none() => *slot = Some(channel(n, value, rate, findings)),
            _ => {
                let expected = "numbered from 1 upwards, each number once";
                return Err(invalid(ini, "a channel", value, expected, format!("Ch{n}")));
            }
        }
    }
    let (mut infos, scales): (Vec<_>, Vec<_>) = infos.into_iter().flatten().unzip();
    label::name_all(&mut infos);
    Ok((infos, scales))
}

/// One line of [Channel Infos]: name, reference, resolution, unit.
fn channel(
    n: usize,
    value: &str,
    rate: SampleRate,
    findings: &mut Vec<Finding>,
) -> (ChannelInfo, Scale) {
    let mut fields = fields(value);
    let mut next = || fields.next().unwrap_or_default();
    let (label, _reference, resolution, unit) = (next(), next(), next(), next());
    let label = if label.is_empty() { format!("Ch{n}") } else { label };
    let resolution = match resolution.as_str() {
        "" => 1.0,
        text => text.parse().ok().filter(|x: &f64| x.is_finite() && *x != 0.0).unwrap_or_else(|| {
            let message = "the header gives no usable resolution; 1 is assumed, so amplitudes may be wrong";
            findings.push(
                Finding::new("channel.uncalibrated", Severity::Problem, message).on_channel(&label),
            );
            1.0
        }),
    };
    // The specification's unit where none is given.
    let (unit, factor) = label::unit(if unit.is_empty() { "µV" } else { &unit });
    let kind = match label::kind(&label, &unit) {
        ChannelKind::Eeg if unit != Unit::Volt => ChannelKind::Misc,
        kind => kind,
    };
    let info = ChannelInfo { name: String::new(), label, kind, unit, rate, n_samples: 0 };
    (info, Scale { gain: resolution * factor, offset: 0.0 })
}

/// Spherical coordinates `radius,theta,phi`: degrees from the top, negative to the left, and from
/// the right ear to the nose. A radius of 0 stands for an unknown place.
fn positions(ini: &Ini, n_channels: usize) -> Vec<Option<ElectrodePosition>> {
    let mut positions = vec![None; n_channels];
    for (key, value) in ini.entries("Coordinates") {
        let numbers: Option<Vec<f64>> = value.split(',').map(|x| x.trim().parse().ok()).collect();
        let slot = numbered(key, "Ch").and_then(|n| positions.get_mut(n.checked_sub(1)?));
        if let (Some(slot), Some([radius, theta, phi])) = (slot, numbers.as_deref()) {
            let (theta, phi) = (theta.to_radians(), phi.to_radians());
            let (x, y) = (theta.sin() * phi.cos(), theta.sin() * phi.sin());
            *slot = ElectrodePosition::checked(radius * x, radius * y, radius * theta.cos());
        }
    }
    positions
}

fn number<T: std::str::FromStr + Copy>(
    ini: &Ini,
    key: &str,
    expected: &'static str,
    valid: impl Fn(T) -> bool,
) -> Result<T, FormatError> {
    let value = ini.get("Common Infos", key).unwrap_or_default();
    let number = value.parse().ok().filter(|n| valid(*n));
    number.ok_or_else(|| invalid(ini, key, value, expected, format!("{value:?}")))
}

fn invalid(ini: &Ini, key: &str, value: &str, expected: &'static str, got: String) -> FormatError {
    FormatError::Invalid {
        format: Format::BrainVision,
        what: key.to_owned(),
        offset: if value.is_empty() { 0 } else { ini.offset_of(value) },
        expected,
        got,
    }
}
