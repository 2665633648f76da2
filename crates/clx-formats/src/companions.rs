use clx_signal::{Finding, Severity};

use crate::{ByteSource, Format, FormatError};

/// The other files of a recording that consists of several, by the names its header gives.
///
/// Implemented for `()`, which has none, and for the members of a ZIP archive. An implementation
/// that opens files must not leave the folder of the header: names come from hostile bytes.
pub trait Companions {
    /// The file called `name`, which holds no folder.
    fn open(&self, name: &str) -> Option<Box<dyn ByteSource>>;

    /// Name of the header's own file without its ending. Headers refer to it, and a set that was
    /// renamed as a whole is found by it.
    fn stem(&self) -> Option<String> {
        None
    }
}

impl Companions for () {
    fn open(&self, _name: &str) -> Option<Box<dyn ByteSource>> {
        None
    }
}

/// The file that a header names, or one named like the header with the same ending, which is what
/// a renamed set has.
pub(crate) fn find(
    companions: &dyn Companions,
    format: Format,
    what: &'static str,
    path: &str,
    findings: &mut Vec<Finding>,
) -> Result<Box<dyn ByteSource>, FormatError> {
    let stem = companions.stem();
    // BrainVision writes `$b` for the name of the header without its ending.
    let name = match &stem {
        Some(stem) => bare_name(path).replace("$b", stem),
        None => bare_name(path).to_owned(),
    };
    if let Some(source) = companions.open(&name) {
        return Ok(source);
    }
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    let renamed = stem.zip(ending).map(|(stem, ending)| format!("{stem}.{ending}"));
    if let Some(source) = renamed.and_then(|name| companions.open(&name)) {
        let message = format!(
            "the header names another file for {what}; the one with the header's own name is used"
        );
        findings.push(Finding::new("file.renamed", Severity::Info, message));
        return Ok(source);
    }
    Err(FormatError::Companion { format, what, name })
}

/// The format of recordings in which a file called `name` lies beside the header.
///
/// For the message about a file that is nothing on its own; what a file is follows from its content.
///
/// ```
/// # use clx_formats::{Format, companion_of};
/// assert_eq!(companion_of("sub-01.eeg"), Some(Format::BrainVision));
/// assert_eq!(companion_of("night.edf"), None);
/// ```
pub fn companion_of(name: &str) -> Option<Format> {
    match name.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
        "eeg" | "vmrk" => Some(Format::BrainVision),
        "fdt" => Some(Format::Eeglab),
        "dat" | "atr" => Some(Format::Wfdb),
        _ => None,
    }
}

/// The last part of a path of any system: what is left of `C:\data\a.eeg` in this folder.
pub(crate) fn bare_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_any_system_loses_its_folders() {
        for (path, name) in [
            ("a.eeg", "a.eeg"),
            ("/home/x/a.eeg", "a.eeg"),
            ("C:\\data\\a b.eeg ", "a b.eeg"),
            ("..\\", ""),
        ] {
            assert_eq!(bare_name(path), name);
        }
    }
}
