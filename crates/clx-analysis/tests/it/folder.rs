//! Artefacts kept in memory.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{self, Cursor, Seek, SeekFrom, Write};
use std::sync::{Arc, Mutex};

use clx_analysis::{ArtifactSink, ArtifactWrite};

type Bytes = Arc<Mutex<Cursor<Vec<u8>>>>;

#[derive(Default)]
pub(crate) struct Folder(RefCell<BTreeMap<String, Bytes>>);

impl Folder {
    pub(crate) fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let files = self.0.borrow();
        files.iter().map(|(n, f)| (n.clone(), f.lock().unwrap().get_ref().clone())).collect()
    }
}

impl ArtifactSink for Folder {
    fn create(&self, name: &str, _media_type: &str) -> io::Result<Box<dyn ArtifactWrite>> {
        let file = Arc::new(Mutex::new(Cursor::new(Vec::new())));
        self.0.borrow_mut().insert(name.to_owned(), file.clone());
        Ok(Box::new(File(file)))
    }
}

struct File(Bytes);

impl Write for File {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for File {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.lock().unwrap().seek(to)
    }
}
