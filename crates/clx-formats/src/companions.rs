use crate::ByteSource;

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
