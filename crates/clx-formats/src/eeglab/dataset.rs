//! The fields of a dataset.

use clx_signal::{ChannelInfo, ChannelKind, Finding, SampleRate, Severity, Unit};

use super::events::Events;
use super::ica;
use crate::identity::lines_naming_a_person;
use crate::mat::{Mat, Stored, Struct, Value};
use crate::{ElectrodePosition, Format, FormatError, IcaDecomposition, Identity, label};

const MAX_CHANNELS: f64 = 65_536.0;
const MAX_EPOCHS: f64 = 100_000.0;

/// Whether a variable, or a field of one, is read. A dataset is one structure, or its fields are
/// the variables; so the names of both levels are here.
pub(super) fn is_read(name: &str) -> bool {
    const DATASET: [&str; 18] = [
        "EEG",
        "nbchan",
        "pnts",
        "trials",
        "srate",
        "xmin",
        "data",
        "datfile",
        "chanlocs",
        "event",
        "subject",
        "comments",
        "icaweights",
        "icasphere",
        "icawinv",
        "icachansind",
        "ALLEEG",
        "setname",
    ];
    const INSIDE: [&str; 9] =
        ["labels", "type", "X", "Y", "Z", "theta", "radius", "latency", "duration"];
    DATASET.contains(&name) || INSIDE.contains(&name)
}

#[derive(Debug)]
pub(super) struct Dataset {
    pub(super) rate: SampleRate,
    n_points: u64,
    n_epochs: u64,
    pub(super) data: Data,
    pub(super) channels: Vec<ChannelInfo>,
    pub(super) positions: Vec<Option<ElectrodePosition>>,
    pub(super) events: Events,
    pub(super) ica: Option<IcaDecomposition>,
    pub(super) identity: Identity,
}

/// Where the samples are.
#[derive(Debug)]
pub(super) enum Data {
    Inside { variable: usize, stored: Stored },
    One(f64),
    File(String),
}

impl Dataset {
    pub(super) fn read(mat: &mut Mat, findings: &mut Vec<Finding>) -> Result<Self, FormatError> {
        let mut fields = Fields::find(mat)?;
        let n_channels = fields.whole("nbchan", None, MAX_CHANNELS)?.max(1);
        let n_points = fields.whole("pnts", None, 1e15)?;
        let n_epochs = fields.whole("trials", Some(1), MAX_EPOCHS)?.max(1);
        let srate = fields.take("srate").1.number().unwrap_or(f64::NAN);
        let rate = SampleRate::from_hz(srate)
            .map_err(|error| invalid("srate", "finite and above 0 Hz", error.to_string()))?;
        let data = fields.data([n_channels, n_points, n_epochs])?;
        let (channels, positions) =
            channels(fields.take("chanlocs").1, n_channels as usize, rate, findings);
        let mut events = Events::read(fields.take("event").1, rate, findings);
        if n_epochs > 1 {
            events.add_epochs(n_epochs, n_points, rate);
            let xmin_s = fields.take("xmin").1.number().unwrap_or(0.0);
            findings.push(Finding::new(
                "recording.epochs",
                Severity::Info,
                format!(
                    "the dataset holds {n_epochs} epochs of {} s, each from {xmin_s} s about its event; they are read one after the other",
                    n_points as f64 / rate.hz()
                ),
            ));
        }
        let ica = ica::read(mat, &mut fields, channels.len(), findings)?;
        let identity = Identity {
            patient: fields.take("subject").1.text().unwrap_or_default().to_owned(),
            recording: match fields.take("comments").1.text() {
                Some(comments) => lines_naming_a_person(comments.lines()),
                None => String::new(),
            },
        };
        Ok(Self { rate, n_points, n_epochs, data, channels, positions, events, ica, identity })
    }

    /// Per channel, all epochs together.
    pub(super) fn n_samples(&self) -> u64 {
        self.n_points.saturating_mul(self.n_epochs)
    }
}

/// Fields of the dataset by name.
pub(super) struct Fields {
    /// Each with the variable that it is or lies in.
    list: Vec<(String, usize, Value)>,
}

impl Fields {
    fn find(mat: &mut Mat) -> Result<Self, FormatError> {
        let position = |mat: &Mat, name: &str| mat.variables.iter().position(|v| v.name == name);
        let names: Vec<String> = mat.variables.iter().map(|v| v.name.clone()).collect();
        if let Some(variable) = position(mat, "EEG")
            && let Value::Struct(mut dataset) = std::mem::take(&mut mat.variables[variable].value)
        {
            // Some tools wrap the structure once more.
            if let Some(column) = dataset.column("EEG")
                && let Value::Struct(inner) = std::mem::take(&mut dataset.values[column])
            {
                dataset = inner;
            }
            return Ok(Self::of_struct(*dataset, variable));
        }
        if position(mat, "nbchan").is_none() || position(mat, "data").is_none() {
            let several = position(mat, "ALLEEG").is_some();
            let got = if several { "ALLEEG, several datasets".into() } else { names.join(", ") };
            return Err(invalid("the variables", "one EEGLAB dataset (EEG, or its fields)", got));
        }
        let list = mat.variables.iter_mut().enumerate();
        let list = list.map(|(i, v)| (v.name.clone(), i, std::mem::take(&mut v.value))).collect();
        Ok(Self { list })
    }

    /// The first of an array of datasets.
    fn of_struct(dataset: Struct, variable: usize) -> Self {
        let values = dataset.values.into_vec();
        let list = dataset.fields.into_iter().zip(values).map(|(f, v)| (f, variable, v)).collect();
        Self { list }
    }

    /// A field with the variable that it lies in; empty when it is missing.
    pub(super) fn take(&mut self, name: &str) -> (usize, Value) {
        match self.list.iter_mut().find(|(field, ..)| field == name) {
            Some((_, variable, value)) => (*variable, std::mem::take(value)),
            None => (0, Value::Empty),
        }
    }

    fn whole(&mut self, name: &str, missing: Option<u64>, limit: f64) -> Result<u64, FormatError> {
        let value = self.list.iter().find(|(field, ..)| field == name);
        let number = value.and_then(|(.., value)| value.number());
        match (number, missing) {
            (Some(x), _) if x.fract() == 0.0 && (0.0..=limit).contains(&x) => Ok(x as u64),
            (None, Some(missing)) => Ok(missing),
            (number, _) => {
                let got = number.map_or("no number".to_owned(), |x| x.to_string());
                Err(invalid(name, "a whole number within the limits of a recording", got))
            }
        }
    }

    /// `dims`: channels, points and epochs that the dataset announces.
    fn data(&mut self, dims: [u64; 3]) -> Result<Data, FormatError> {
        let n = dims.iter().try_fold(1_u64, |n, &d| n.checked_mul(d));
        let (variable, value) = self.take("data");
        let datfile = self.take("datfile").1;
        match value {
            Value::Stored(stored) if Some(stored.n()) == n && stored.dims[0] == dims[0] => {
                Ok(Data::Inside { variable, stored: *stored })
            }
            Value::Number(x) if n == Some(1) => Ok(Data::One(x)),
            Value::Empty if n == Some(0) => Ok(Data::One(0.0)),
            Value::Stored(stored) => {
                let got = format!("{:?} with nbchan, pnts and trials {dims:?}", stored.dims);
                Err(invalid("the dimensions of data", "nbchan × pnts × trials", got))
            }
            other => {
                let name = other.text().filter(|t| !t.is_empty()).or_else(|| datfile.text());
                let name = name.filter(|name| name.contains('.')).ok_or_else(|| {
                    invalid("data", "samples, or the name of their file", "neither".to_owned())
                })?;
                if name.to_lowercase().ends_with(".dat") {
                    return Err(FormatError::Unsupported {
                        format: Format::Eeglab,
                        feature: "samples in an old .dat file".to_owned(),
                        advice: "load it into EEGLAB and save it again, which writes a .fdt file",
                    });
                }
                Ok(Data::File(name.to_owned()))
            }
        }
    }
}

pub(super) fn invalid(what: &str, expected: &'static str, got: String) -> FormatError {
    FormatError::Invalid { format: Format::Eeglab, what: what.to_owned(), offset: 0, expected, got }
}

/// Channels by `chanlocs`, which may be missing.
fn channels(
    chanlocs: Value,
    n_channels: usize,
    rate: SampleRate,
    findings: &mut Vec<Finding>,
) -> (Vec<ChannelInfo>, Vec<Option<ElectrodePosition>>) {
    let described = match &chanlocs {
        Value::Struct(list) => list.rows().map(|row| location(list, row)).collect(),
        _ => Vec::new(),
    };
    if described.len() != n_channels {
        let message = format!(
            "the dataset has {n_channels} channels and describes {} of them; the others are numbered",
            described.len()
        );
        findings.push(Finding::new("channels.described", Severity::Warning, message));
    }
    let mut channels = Vec::with_capacity(n_channels);
    let mut positions = Vec::with_capacity(n_channels);
    let mut described = described.into_iter();
    for index in 0..n_channels {
        let (label, kind, position) = described.next().unwrap_or_default();
        let label = if label.is_empty() { format!("E{}", index + 1) } else { label };
        channels.push(ChannelInfo {
            name: String::new(),
            kind: kind.unwrap_or_else(|| label::kind(&label, &Unit::Volt)),
            label,
            unit: Unit::Volt,
            rate,
            n_samples: 0,
        });
        positions.push(position);
    }
    label::name_all(&mut channels);
    (channels, positions)
}

/// Label, kind and position of one channel.
fn location(
    list: &Struct,
    row: &[Value],
) -> (String, Option<ChannelKind>, Option<ElectrodePosition>) {
    let field = |name: &str| list.column(name).and_then(|column| row.get(column));
    let number = |name: &str| field(name).and_then(Value::number);
    let label = match field("labels") {
        Some(Value::Number(n)) => n.to_string(),
        Some(value) => value.text().unwrap_or_default().to_owned(),
        None => String::new(),
    };
    let kind = match field("type").and_then(Value::text).unwrap_or_default().to_lowercase().as_str()
    {
        "eeg" => Some(ChannelKind::Eeg),
        "eog" | "veog" | "heog" => Some(ChannelKind::Eog),
        "ecg" | "ekg" => Some(ChannelKind::Ecg),
        "emg" => Some(ChannelKind::Emg),
        "resp" => Some(ChannelKind::Resp),
        "stim" | "trig" | "trigger" => Some(ChannelKind::Stim),
        "misc" | "aux" | "eye" | "gsr" | "bio" | "ref" => Some(ChannelKind::Misc),
        _ => None,
    };
    // EEGLAB's X points to the nose and its Y to the left ear.
    let cartesian = || ElectrodePosition::checked(-number("Y")?, number("X")?, number("Z")?);
    // On the plane: degrees from the nose to the right, and 0.5 for a quarter circle from the top.
    let polar = || {
        let azimuth = number("theta")?.to_radians();
        let elevation = (90.0 - 180.0 * number("radius")?).to_radians();
        let (x, y) = (elevation.cos() * azimuth.sin(), elevation.cos() * azimuth.cos());
        ElectrodePosition::checked(x, y, elevation.sin())
    };
    (label, kind, cartesian().or_else(polar))
}
