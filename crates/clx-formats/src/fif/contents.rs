//! What one pass over the tags finds.

use clx_signal::Gap;

use super::annotations::Lists;
use super::channel::Channel;
use super::tags::{Tag, Tags, encoding};
use crate::samples::Encoding;
use crate::{Format, FormatError, Identity};

/// Numbers of tags and of the blocks they stand in, by the FIFF specification and MNE's additions.
mod number {
    pub(super) const BLOCK_START: i32 = 104;
    pub(super) const BLOCK_END: i32 = 105;
    pub(super) const REF_FILE_NAME: i32 = 118;
    pub(super) const N_CHANNELS: i32 = 200;
    pub(super) const RATE: i32 = 201;
    pub(super) const CHANNEL: i32 = 203;
    pub(super) const DATE: i32 = 204;
    pub(super) const COMMENT: i32 = 206;
    pub(super) const FIRST_SAMPLE: i32 = 208;
    pub(super) const EXPERIMENTER: i32 = 212;
    pub(super) const CHANNEL_NAME: i32 = 258;
    pub(super) const BUFFER: i32 = 300;
    pub(super) const SKIP_BUFFERS: i32 = 301;
    pub(super) const SKIP_SAMPLES: i32 = 303;
    pub(super) const SUBJECT_FIRST: i32 = 400;
    pub(super) const SUBJECT_LAST: i32 = 410;
    pub(super) const PROJECT_PERSONS: i32 = 503;
    pub(super) const ONSETS: i32 = 3568;
    pub(super) const ENDS: i32 = 3569;

    pub(super) const IN_INFO: i32 = 101;
    pub(super) const IN_RAW: [i32; 3] = [102, 112, 119];
    pub(super) const IN_SUBJECT: i32 = 106;
    pub(super) const IN_CHANNEL: i32 = 113;
    pub(super) const IN_REF: i32 = 118;
    pub(super) const IN_ANNOTATIONS: i32 = 3810;
}

const MAX_DEPTH: usize = 64;
/// A hundred thousand annotations with their texts.
const MAX_LIST_BYTES: u64 = 16 << 20;
const MAX_TEXT_BYTES: u64 = 1 << 16;

#[derive(Debug, Default)]
pub(super) struct Contents {
    pub(super) n_channels: Option<i32>,
    pub(super) rate_hz: Option<f64>,
    pub(super) channels: Vec<Channel>,
    /// Seconds since 1970 and microseconds.
    pub(super) date: Option<(i64, i64)>,
    /// Samples before the first one, from the start of the acquisition.
    pub(super) first_sample: i64,
    pub(super) buffers: Vec<Buffer>,
    pub(super) gaps: Vec<Gap>,
    pub(super) lists: Lists,
    pub(super) identity: Identity,
    /// Tags that point to a person.
    pub(super) personal: Vec<Tag>,
    pub(super) continues: bool,
    pub(super) is_cut: bool,
}

/// Samples that lie together, one frame of all channels after the other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Buffer {
    pub(super) at: u64,
    pub(super) encoding: Encoding,
    /// Number of its first sample, and of the one after its last.
    pub(super) first: u64,
    pub(super) end: u64,
}

/// State of the pass beside what it finds.
#[derive(Default)]
struct Pass {
    blocks: Vec<i32>,
    n_named: usize,
    /// Buffers, and samples, that the file leaves out before the next buffer.
    skipped_buffers: i64,
    skipped_samples: i64,
}

impl Contents {
    pub(super) fn read(tags: &mut Tags<'_>) -> Result<Self, FormatError> {
        let mut found = Self::default();
        let mut pass = Pass::default();
        loop {
            match tags.next() {
                Ok(Some(tag)) => found.take(tags, &tag, &mut pass)?,
                Ok(None) => return Ok(found),
                // A file that was cut in its samples keeps those before.
                Err(_) if !found.buffers.is_empty() => {
                    found.is_cut = true;
                    return Ok(found);
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn take(&mut self, tags: &mut Tags<'_>, tag: &Tag, pass: &mut Pass) -> Result<(), FormatError> {
        match tag.kind {
            number::BLOCK_START => {
                if pass.blocks.len() == MAX_DEPTH {
                    return Err(invalid(
                        tag,
                        "the depth of blocks",
                        "at most 64",
                        "more".to_owned(),
                    ));
                }
                pass.blocks.push(tags.int(tag)?.unwrap_or(0));
                return Ok(());
            }
            number::BLOCK_END => {
                pass.blocks.pop();
                return Ok(());
            }
            _ => {}
        }
        let block = pass.blocks.last().copied();
        let is_subject = block == Some(number::IN_SUBJECT)
            && (number::SUBJECT_FIRST..=number::SUBJECT_LAST).contains(&tag.kind);
        if is_subject || matches!(tag.kind, number::EXPERIMENTER | number::PROJECT_PERSONS) {
            self.personal.push(*tag);
        }
        match block {
            Some(number::IN_INFO) => self.info(tags, tag),
            Some(number::IN_SUBJECT) => self.subject(tags, tag),
            Some(number::IN_CHANNEL) => self.channel_name(tags, tag, pass),
            Some(number::IN_ANNOTATIONS) => self.annotations(tags, tag),
            Some(number::IN_REF) => {
                self.continues |= tag.kind == number::REF_FILE_NAME;
                Ok(())
            }
            Some(block) if number::IN_RAW.contains(&block) => self.raw(tags, tag, pass),
            _ => Ok(()),
        }
    }

    fn info(&mut self, tags: &mut Tags<'_>, tag: &Tag) -> Result<(), FormatError> {
        match tag.kind {
            number::N_CHANNELS => self.n_channels = tags.int(tag)?,
            number::RATE => self.rate_hz = tags.numbers(tag, 8)?.first().copied(),
            number::CHANNEL => {
                if let Some(bytes) = tags.data(tag, 96)?.first_chunk() {
                    self.channels.push(Channel::parse(bytes));
                }
            }
            number::DATE => {
                let parts = tags.numbers(tag, 16)?;
                self.date = match parts[..] {
                    [seconds] => Some((seconds as i64, 0)),
                    [seconds, micros] => Some((seconds as i64, micros as i64)),
                    _ => None,
                };
            }
            number::EXPERIMENTER => self.identity.recording = tags.text(tag, MAX_TEXT_BYTES)?,
            _ => {}
        }
        Ok(())
    }

    /// Everything that is said of the person, in the order of the file.
    fn subject(&mut self, tags: &mut Tags<'_>, tag: &Tag) -> Result<(), FormatError> {
        if !(number::SUBJECT_FIRST..=number::SUBJECT_LAST).contains(&tag.kind) {
            return Ok(());
        }
        let text = match tag.data_type {
            10 => tags.text(tag, MAX_TEXT_BYTES)?,
            _ => {
                let numbers = tags.numbers(tag, 64)?;
                let known = if numbers.iter().any(|x| *x != 0.0) { &numbers[..] } else { &[] };
                known.iter().map(f64::to_string).collect::<Vec<_>>().join("-")
            }
        };
        if !text.is_empty() && self.identity.patient.len() < MAX_TEXT_BYTES as usize {
            if !self.identity.patient.is_empty() {
                self.identity.patient.push(' ');
            }
            self.identity.patient.push_str(&text);
        }
        Ok(())
    }

    /// Names of more than 15 characters stand in blocks of their own, in the order of the channels.
    fn channel_name(
        &mut self,
        tags: &mut Tags<'_>,
        tag: &Tag,
        pass: &mut Pass,
    ) -> Result<(), FormatError> {
        if tag.kind == number::CHANNEL_NAME {
            let name = tags.text(tag, MAX_TEXT_BYTES)?;
            if let Some(channel) = self.channels.get_mut(pass.n_named) {
                channel.label = name;
            }
            pass.n_named += 1;
        }
        Ok(())
    }

    fn annotations(&mut self, tags: &mut Tags<'_>, tag: &Tag) -> Result<(), FormatError> {
        match tag.kind {
            number::ONSETS => self.lists.onset_s = tags.numbers(tag, MAX_LIST_BYTES)?,
            number::ENDS => self.lists.end_s = tags.numbers(tag, MAX_LIST_BYTES)?,
            number::COMMENT => self.lists.texts = tags.text(tag, MAX_LIST_BYTES)?,
            number::DATE => {
                let parts = tags.numbers(tag, 16)?;
                self.lists.origin_s = parts
                    .first()
                    .map(|seconds| seconds + parts.get(1).copied().unwrap_or(0.0) * 1e-6);
            }
            _ => {}
        }
        Ok(())
    }

    fn raw(&mut self, tags: &mut Tags<'_>, tag: &Tag, pass: &mut Pass) -> Result<(), FormatError> {
        match tag.kind {
            number::FIRST_SAMPLE if self.buffers.is_empty() => {
                self.first_sample = i64::from(tags.int(tag)?.unwrap_or(0));
            }
            number::SKIP_BUFFERS => pass.skipped_buffers += i64::from(tags.int(tag)?.unwrap_or(0)),
            number::SKIP_SAMPLES => pass.skipped_samples += i64::from(tags.int(tag)?.unwrap_or(0)),
            number::BUFFER => self.buffer(tag, pass)?,
            _ => {}
        }
        Ok(())
    }

    fn buffer(&mut self, tag: &Tag, pass: &mut Pass) -> Result<(), FormatError> {
        let Some(encoding) = encoding(tag.data_type) else {
            return Err(FormatError::Unsupported {
                format: Format::Fif,
                feature: format!("samples of type {}", tag.data_type),
                advice: "save it as single precision, fmt='single' in MNE-Python",
            });
        };
        let frame_bytes = (self.channels.len() * encoding.width()).max(1) as u64;
        let n = tag.len / frame_bytes;
        let first = self.buffers.last().map_or(0, |b| b.end);
        // A skip counts in buffers of the size of the one that follows it.
        let skipped = pass.skipped_buffers.saturating_mul(n as i64) + pass.skipped_samples;
        (pass.skipped_buffers, pass.skipped_samples) = (0, 0);
        if skipped > 0 && first == 0 {
            self.first_sample = self.first_sample.saturating_add(skipped);
        } else if skipped > 0 {
            let rate_hz = self.rate_hz.unwrap_or(1.0);
            let gap = Gap { at_s: first as f64 / rate_hz, duration_s: skipped as f64 / rate_hz };
            self.gaps.push(gap);
        }
        if n > 0 && !self.channels.is_empty() {
            self.buffers.push(Buffer { at: tag.at, encoding, first, end: first + n });
        }
        Ok(())
    }
}

fn invalid(tag: &Tag, what: &str, expected: &'static str, got: String) -> FormatError {
    FormatError::Invalid {
        format: Format::Fif,
        what: what.to_owned(),
        offset: tag.at,
        expected,
        got,
    }
}
