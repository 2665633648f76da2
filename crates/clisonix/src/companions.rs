//! The other files of a recording, in the folder of the file that was named.

use std::cell::RefCell;
use std::ffi::OsStr;
use std::fs::File;
use std::io::BufReader;
use std::path::{Component, Path, PathBuf};

use clx_formats::{ByteSource, Companions};

/// The folder of an opened file; remembers what was opened from it.
#[derive(Debug)]
pub(crate) struct Beside<'a> {
    header: &'a Path,
    opened: RefCell<Vec<PathBuf>>,
}

impl<'a> Beside<'a> {
    pub(crate) fn new(header: &'a Path) -> Self {
        Self { header, opened: RefCell::default() }
    }

    /// What was opened, in that order.
    pub(crate) fn into_opened(self) -> Vec<PathBuf> {
        self.opened.into_inner()
    }
}

impl Companions for Beside<'_> {
    fn open(&self, name: &str) -> Option<Box<dyn ByteSource>> {
        // The name comes from the file: it must not lead out of the folder.
        let mut parts = Path::new(name).components();
        let (Some(Component::Normal(only)), None) = (parts.next(), parts.next()) else {
            return None;
        };
        if only != OsStr::new(name) || name.contains(['/', '\\', ':', '\0']) {
            return None;
        }
        let path = self.header.with_file_name(only);
        let file = File::open(&path).ok().filter(|f| f.metadata().is_ok_and(|m| m.is_file()))?;
        self.opened.borrow_mut().push(path);
        Some(Box::new(BufReader::with_capacity(1 << 20, file)))
    }

    fn stem(&self) -> Option<String> {
        Some(self.header.file_stem()?.to_string_lossy().into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_the_same_folder_are_opened() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("set");
        std::fs::create_dir(&inner).unwrap();
        for path in [folder.path().join("outside.eeg"), inner.join("a.eeg"), inner.join("a.vhdr")] {
            std::fs::write(path, "x").unwrap();
        }
        let header = inner.join("a.vhdr");
        let beside = Beside::new(&header);
        assert_eq!(beside.stem().as_deref(), Some("a"));
        for refused in ["../outside.eeg", "..", "", ".", "/etc/hostname", "absent.eeg", "./a.eeg"] {
            assert!(beside.open(refused).is_none(), "{refused}");
        }
        assert!(beside.open("a.eeg").is_some());
        assert_eq!(beside.into_opened(), [inner.join("a.eeg")]);
    }
}
