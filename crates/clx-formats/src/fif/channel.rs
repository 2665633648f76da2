//! The description of one channel, a structure of 96 bytes.

use clx_signal::{ChannelKind, Unit};

use crate::ElectrodePosition;
use crate::samples::Scale;

#[derive(Debug)]
pub(super) struct Channel {
    pub(super) label: String,
    pub(super) kind: ChannelKind,
    pub(super) unit: Unit,
    pub(super) scale: Scale,
    pub(super) position: Option<ElectrodePosition>,
}

impl Channel {
    /// Source: FIFF specification 1.3, `fiffChInfoRec`.
    pub(super) fn parse(bytes: &[u8; 96]) -> Self {
        let word = |at: usize| [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
        let int = |at| i32::from_be_bytes(word(at));
        let float = |at| f64::from(f32::from_be_bytes(word(at)));
        let code = int(8);
        let kind = kind(code);
        let (range, cal) = (float(12), float(16));
        let gain = range * cal;
        let position = (code == EEG)
            .then(|| ElectrodePosition::checked(float(24), float(28), float(32)))
            .flatten();
        Self {
            label: crate::text::text(&bytes[80..96]),
            kind,
            // The numbers of a trigger channel are codes, whatever the file says of them.
            unit: if kind == ChannelKind::Stim {
                Unit::Other(String::new())
            } else {
                unit(int(72))
            },
            scale: Scale { gain: if gain.is_finite() { gain } else { 1.0 }, offset: 0.0 },
            position,
        }
    }
}

const EEG: i32 = 2;

fn kind(code: i32) -> ChannelKind {
    match code {
        // Electrodes inside of the head record EEG as well: 802 sEEG, 803 DBS, 902 ECoG.
        EEG | 802 | 803 | 902 => ChannelKind::Eeg,
        3 => ChannelKind::Stim,
        202 => ChannelKind::Eog,
        302 => ChannelKind::Emg,
        402 => ChannelKind::Ecg,
        602 => ChannelKind::Resp,
        _ => ChannelKind::Misc,
    }
}

fn unit(code: i32) -> Unit {
    let text = match code {
        107 => return Unit::Volt,
        3 => "s",
        101 => "Hz",
        106 => "C",
        109 => "Ohm",
        110 => "S",
        112 => "T",
        114 => "degC",
        201 => "T/m",
        202 => "Am",
        _ => "",
    };
    Unit::Other(text.to_owned())
}
