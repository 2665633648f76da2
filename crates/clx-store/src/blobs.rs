//! Content of any size, addressed by its SHA-256 within an organisation.
//!
//! A file is staged, hashed, flushed to disk and put in its place *before* the transaction that
//! refers to it commits: there is never a row without its bytes. The reverse, bytes without a row,
//! is what a crash between the two leaves; [`Blobs::collect`] removes those when they are old.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures::StreamExt;
use futures::stream::BoxStream;
use object_store::local::LocalFileSystem;
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{OrgId, StoreError};

const HASH_BUFFER: usize = 1 << 20;

/// Digest and size of stored content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlobRef {
    /// Lower-case hexadecimal.
    pub sha256: String,
    pub size_bytes: u64,
}

/// A file of the staging area. A new one is removed when dropped unless it is kept; one that was
/// found by its name stays until it is removed. Sealed content stays either way.
#[derive(Debug)]
pub struct StagedFile {
    path: PathBuf,
    keep: bool,
}

impl StagedFile {
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Leaves the file for a later request, which finds it by its name.
    pub fn keep(mut self) {
        self.keep = true;
    }

    /// Removes the staged name; content that was sealed from it stays.
    pub fn remove(mut self) {
        self.keep = false;
    }

    /// # Errors
    /// Whatever the file system says.
    pub fn open(&self) -> io::Result<File> {
        OpenOptions::new().read(true).write(true).open(&self.path)
    }
}

impl Drop for StagedFile {
    fn drop(&mut self) {
        if !self.keep
            && let Err(error) = fs::remove_file(&self.path)
        {
            // It may have been renamed when it was sealed.
            if error.kind() != io::ErrorKind::NotFound {
                tracing::warn!(%error, "a staged file could not be removed");
            }
        }
    }
}

/// The content files and the staging area beside them.
#[derive(Clone, Debug)]
pub struct Blobs {
    objects: Arc<LocalFileSystem>,
    root: PathBuf,
    staging: PathBuf,
}

impl Blobs {
    pub(crate) fn open(data_dir: &Path) -> Result<Self, StoreError> {
        let fault = |path: &Path, source| StoreError::DataDir { path: path.to_owned(), source };
        let root = data_dir.join("blobs");
        let staging = data_dir.join("staging");
        for path in [&root, &staging] {
            fs::create_dir_all(path).map_err(|source| fault(path, source))?;
        }
        let root = root.canonicalize().map_err(|source| fault(&root, source))?;
        let objects = Arc::new(LocalFileSystem::new_with_prefix(&root)?);
        Ok(Self { objects, root, staging })
    }

    /// A new empty file in the staging area.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn stage(&self) -> Result<StagedFile, StoreError> {
        self.stage_named(&format!("tmp-{}", Uuid::now_v7().simple()))
    }

    /// A new empty file of a name that later requests can give again.
    ///
    /// # Errors
    /// [`StoreError::Io`], also if it exists.
    pub fn stage_named(&self, name: &str) -> Result<StagedFile, StoreError> {
        let path = self.staging.join(name);
        OpenOptions::new().write(true).create_new(true).open(&path)?;
        sync_folder(&self.staging)?;
        Ok(StagedFile { path, keep: false })
    }

    /// The staged file of that name, which must exist to be used.
    pub fn staged(&self, name: &str) -> StagedFile {
        StagedFile { path: self.staging.join(name), keep: true }
    }

    /// Hashes and flushes a staged file and gives it a second name in its place. Blocks for as long
    /// as reading the file takes; call it on a blocking thread.
    ///
    /// The staged name goes when `staged` is dropped. Until then a crash loses nothing: whoever
    /// finds the file seals it again, to the same address.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn seal(&self, org: &OrgId, staged: &StagedFile) -> Result<BlobRef, StoreError> {
        let file = staged.open()?;
        let blob = digest(&file)?;
        file.sync_all()?;
        let folder = self.root.join(org.as_str());
        fs::create_dir_all(&folder)?;
        let place = folder.join(&blob.sha256);
        match fs::hard_link(&staged.path, &place) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            // Some file systems have no second names.
            Err(_unsupported) => fs::rename(&staged.path, &place)?,
        }
        // An old time stamp would make the object look like a leftover to `collect`.
        OpenOptions::new().write(true).open(&place)?.set_modified(SystemTime::now())?;
        sync_folder(&folder)?;
        sync_folder(&self.root)?;
        Ok(blob)
    }

    /// Stores bytes that are in memory.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn put(&self, org: &OrgId, bytes: &[u8]) -> Result<BlobRef, StoreError> {
        let staged = self.stage()?;
        staged.open()?.write_all(bytes)?;
        self.seal(org, &staged)
    }

    /// The content as a file to seek in.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn open_file(&self, org: &OrgId, sha256: &str) -> Result<File, StoreError> {
        Ok(File::open(self.path(org, sha256))?)
    }

    /// The whole content; for small things such as results.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub async fn read_all(&self, org: &OrgId, sha256: &str) -> Result<Bytes, StoreError> {
        Ok(self.objects.get(&object_path(org, sha256)).await?.bytes().await?)
    }

    /// The bytes of `range`, in parts.
    ///
    /// # Errors
    /// [`StoreError::Object`].
    pub async fn read(
        &self,
        org: &OrgId,
        sha256: &str,
        range: Range<u64>,
    ) -> Result<BoxStream<'static, io::Result<Bytes>>, StoreError> {
        if range.is_empty() {
            return Ok(futures::stream::empty().boxed());
        }
        let options = GetOptions { range: Some(GetRange::Bounded(range)), ..GetOptions::default() };
        let found = self.objects.get_opts(&object_path(org, sha256), options).await?;
        Ok(found.into_stream().map(|part| part.map_err(io::Error::other)).boxed())
    }

    pub fn exists(&self, org: &OrgId, sha256: &str) -> bool {
        self.path(org, sha256).is_file()
    }

    /// Organisation and digest of every stored object that was last written before `before`.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn list_older(&self, before: SystemTime) -> Result<Vec<(OrgId, String)>, StoreError> {
        let mut found = Vec::new();
        for folder in fs::read_dir(&self.root)? {
            let folder = folder?;
            let Some(org) = folder.file_name().to_str().and_then(|name| name.parse::<OrgId>().ok())
            else {
                continue;
            };
            for entry in fs::read_dir(folder.path())? {
                let entry = entry?;
                if entry.metadata()?.modified()? < before
                    && let Some(name) = entry.file_name().to_str()
                {
                    found.push((org.clone(), name.to_owned()));
                }
            }
        }
        Ok(found)
    }

    /// Removes an object that no row names, unless somebody stored it again since `before`.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn collect(&self, org: &OrgId, sha256: &str, before: SystemTime) -> Result<(), StoreError> {
        let path = self.path(org, sha256);
        // The rename takes whatever is there now; if that is fresh, it goes back.
        let aside = self.staging.join(format!("tmp-{}", Uuid::now_v7().simple()));
        fs::rename(&path, &aside)?;
        if fs::metadata(&aside)?.modified()? >= before {
            fs::rename(&aside, &path)?;
        } else {
            fs::remove_file(&aside)?;
        }
        Ok(())
    }

    /// Removes temporary files that nothing has written to for `age`: leftovers of a crash.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn sweep_staging(&self, age: Duration) -> Result<usize, StoreError> {
        let before = SystemTime::now() - age;
        let mut removed = 0;
        for entry in fs::read_dir(&self.staging)? {
            let entry = entry?;
            let temporary = entry.file_name().to_str().is_some_and(|name| name.starts_with("tmp-"));
            if temporary && entry.metadata()?.modified()? < before {
                fs::remove_file(entry.path())?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    fn path(&self, org: &OrgId, sha256: &str) -> PathBuf {
        self.root.join(org.as_str()).join(sha256)
    }
}

fn object_path(org: &OrgId, sha256: &str) -> object_store::path::Path {
    object_store::path::Path::from_iter([org.as_str(), sha256])
}

fn digest(mut file: &File) -> io::Result<BlobRef> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; HASH_BUFFER];
    let mut size_bytes = 0;
    loop {
        let n = file.read(&mut buffer)?;
        if n == 0 {
            return Ok(BlobRef { sha256: hex::encode(hash.finalize()), size_bytes });
        }
        hash.update(&buffer[..n]);
        size_bytes += n as u64;
    }
}

/// Makes a rename or creation in `folder` survive a power cut.
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    // FIPS 180-4 example "abc".
    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    fn blobs() -> (tempfile::TempDir, Blobs, OrgId) {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(folder.path()).unwrap();
        (folder, blobs, OrgId::new())
    }

    #[tokio::test]
    async fn content_is_found_by_its_sha_256() {
        let (_folder, blobs, org) = blobs();
        let blob = blobs.put(&org, b"abc").unwrap();
        assert_eq!(blob, BlobRef { sha256: ABC.into(), size_bytes: 3 });
        assert_eq!(blobs.read_all(&org, ABC).await.unwrap(), "abc");
        assert_eq!(blobs.put(&org, b"abc").unwrap(), blob, "storing it again is fine");
        assert!(!blobs.exists(&OrgId::new(), ABC), "content belongs to its organisation");
        assert_eq!(fs::read_dir(&blobs.staging).unwrap().count(), 0);
    }

    #[test]
    fn a_sealed_file_can_be_sealed_again_until_its_staged_name_goes() {
        let (_folder, blobs, org) = blobs();
        let staged = blobs.stage_named("upl_x").unwrap();
        staged.open().unwrap().write_all(b"abc").unwrap();
        staged.keep();
        for _ in 0..2 {
            assert_eq!(blobs.seal(&org, &blobs.staged("upl_x")).unwrap().sha256, ABC);
        }
        blobs.staged("upl_x").remove();
        assert!(blobs.seal(&org, &blobs.staged("upl_x")).is_err());
        assert!(blobs.exists(&org, ABC));
    }

    #[test]
    fn collect_spares_what_was_stored_again() {
        let (_folder, blobs, org) = blobs();
        blobs.put(&org, b"abc").unwrap();
        blobs.collect(&org, ABC, SystemTime::now() - Duration::from_secs(3600)).unwrap();
        assert!(blobs.exists(&org, ABC));
        blobs.collect(&org, ABC, SystemTime::now() + Duration::from_secs(1)).unwrap();
        assert!(!blobs.exists(&org, ABC));
    }

    #[test]
    fn a_new_staged_file_goes_with_its_handle() {
        let (_folder, blobs, _org) = blobs();
        let path = blobs.stage().unwrap().path().to_owned();
        assert!(!path.exists());
    }
}
