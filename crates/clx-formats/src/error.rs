use crate::Format;

/// Why bytes could not be read as a recording or as audio, or written as one.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FormatError {
    /// No known format starts like this.
    #[error(
        "the file is not in a known format: it starts with {head}; supported are EDF, EDF+, BDF, BDF+, BrainVision, EEGLAB, FIF, GDF, XDF, WFDB, OpenBCI text, tables of numbers (CSV), WAV, FLAC, MP3, Ogg Vorbis, Opus, AAC and M4A, and ZIP archives of a recording"
    )]
    Unrecognised { head: String },
    /// The format is known, this feature of it is not handled.
    #[error("{format} with {feature} is not supported; {advice}")]
    Unsupported { format: Format, feature: String, advice: &'static str },
    /// A file that belongs to the recording is not there.
    #[error(
        "{format}: {what} are in another file, which cannot be opened; open the header in the folder of its other files, or put all files of the recording into one ZIP archive without compression; missing is {name:?}"
    )]
    Companion { format: Format, what: &'static str, name: String },
    /// The bytes contradict their format.
    #[error("{format}: {what} at byte {offset} must be {expected}, got {got}")]
    Invalid { format: Format, what: String, offset: u64, expected: &'static str, got: String },
    /// The file ends before its header does.
    #[error("{format}: the file ends at byte {len}, but {what} needs {needed} bytes")]
    Truncated { format: Format, what: &'static str, len: u64, needed: u64 },
    /// A request outside the recording.
    #[error("{what} must be {expected}, got {got}")]
    Request { what: &'static str, expected: String, got: String },
    /// More than this reader is willing to hold in memory.
    #[error("{what} of {got} exceeds the limit of {limit}")]
    Limit { what: &'static str, got: u64, limit: u64 },
    /// The source itself failed.
    #[error("reading or writing failed: {0}")]
    Io(#[from] std::io::Error),
}
