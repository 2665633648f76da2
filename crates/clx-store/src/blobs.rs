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
/// How often [`Blobs::seal`] gives a file its place before it reports that somebody keeps taking it.
const PLACE_ATTEMPTS: usize = 3;
/// Start of the name of a staged file that nobody finds again after a crash.
const TEMPORARY: &str = "tmp-";
/// Name in the staging area of what [`Blobs::collect`] looks at: `aside-<organisation>-<digest>`.
const ASIDE: &str = "aside-";

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
        let blobs = Self { objects, root, staging };
        blobs.put_back_all()?;
        Ok(blobs)
    }

    /// A new empty file in the staging area.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn stage(&self) -> Result<StagedFile, StoreError> {
        self.stage_named(&format!("{TEMPORARY}{}", Uuid::now_v7().simple()))
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
        // An old time stamp would make the object look like a leftover to `collect`.
        file.set_modified(SystemTime::now())?;
        place(&staged.path, &folder.join(&blob.sha256))?;
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

    /// Removes an object that no row names, unless somebody stored it again since `before`. That it
    /// is not there is fine: another process collects the same folder.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn collect(&self, org: &OrgId, sha256: &str, before: SystemTime) -> Result<(), StoreError> {
        // The rename takes whatever is there now; if that is fresh, it goes back. The name says
        // where to, so that a crash in between is repaired when the store is opened.
        let aside = self.staging.join(format!("{ASIDE}{org}-{sha256}"));
        let looked_at = fs::rename(self.path(org, sha256), &aside).and_then(|()| {
            if fs::metadata(&aside)?.modified()? >= before {
                self.put_back(&aside, org, sha256)
            } else {
                fs::remove_file(&aside)
            }
        });
        match looked_at {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    fn put_back(&self, aside: &Path, org: &OrgId, sha256: &str) -> io::Result<()> {
        let place = self.path(org, sha256);
        fs::rename(aside, &place)?;
        sync_folder(&self.root.join(org.as_str()))
    }

    /// Puts back what a crash left aside; if it is a leftover, it is collected another time.
    fn put_back_all(&self) -> Result<(), StoreError> {
        for entry in fs::read_dir(&self.staging)? {
            let entry = entry?;
            let name = entry.file_name();
            let named = name.to_str().and_then(|name| name.strip_prefix(ASIDE)?.rsplit_once('-'));
            if let Some((org, sha256)) = named
                && let Ok(org) = org.parse::<OrgId>()
            {
                fs::create_dir_all(self.root.join(org.as_str()))?;
                self.put_back(&entry.path(), &org, sha256)?;
            }
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
            let temporary =
                entry.file_name().to_str().is_some_and(|name| name.starts_with(TEMPORARY));
            if temporary && entry.metadata()?.modified()? < before {
                fs::remove_file(entry.path())?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    /// Names in the staging area that [`Blobs::stage_named`] was given, of files that nothing has
    /// written to since `before`.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn list_staged_older(&self, before: SystemTime) -> Result<Vec<String>, StoreError> {
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.staging)? {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            let ours = name.starts_with(TEMPORARY) || name.starts_with(ASIDE);
            if !ours && entry.metadata()?.modified()? < before {
                found.push(name);
            }
        }
        Ok(found)
    }

    fn path(&self, org: &OrgId, sha256: &str) -> PathBuf {
        self.root.join(org.as_str()).join(sha256)
    }
}

/// Gives a staged file its second name, or makes the file that already has it as young as a new one.
///
/// [`Blobs::collect`] of another thread or process may be taking that file aside: if it is not there
/// after its time was set, `collect` may have looked before that and removed it, and the second name
/// is given again.
fn place(staged: &Path, place: &Path) -> io::Result<()> {
    place_by(staged, place, make_young)
}

fn place_by(
    staged: &Path,
    place: &Path,
    make_young: impl Fn(&Path) -> io::Result<()>,
) -> io::Result<()> {
    for _ in 0..PLACE_ATTEMPTS {
        match fs::hard_link(staged, place) {
            Ok(()) => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            // Some file systems have no second names.
            Err(_unsupported) => return fs::rename(staged, place),
        }
        match make_young(place) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ if place.is_file() => return Ok(()),
            _ => {}
        }
    }
    let message = format!("the stored file went away {PLACE_ATTEMPTS} times while it was stored");
    Err(io::Error::other(message))
}

fn make_young(path: &Path) -> io::Result<()> {
    OpenOptions::new().write(true).open(path)?.set_modified(SystemTime::now())
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

    /// Two threads, started together again and again: one stores what the other collects.
    #[test]
    fn what_is_stored_while_it_is_collected_stays() {
        const ROUNDS: usize = 200;
        let (_folder, blobs, org) = blobs();
        let path = blobs.path(&org, ABC);
        let before = SystemTime::now() - Duration::from_secs(3600);
        let start = std::sync::Barrier::new(2);
        let mut lost = 0;
        std::thread::scope(|threads| {
            threads.spawn(|| {
                for _ in 0..ROUNDS {
                    start.wait();
                    blobs.collect(&org, ABC, before).unwrap();
                    start.wait();
                }
            });
            for _ in 0..ROUNDS {
                let staged = blobs.stage().unwrap();
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(&path, b"abc").unwrap();
                let old = OpenOptions::new().write(true).open(&path).unwrap();
                old.set_modified(SystemTime::UNIX_EPOCH).unwrap();
                start.wait();
                let placed = place(staged.path(), &path);
                start.wait();
                lost += u32::from(placed.is_err() || !path.is_file());
                fs::remove_file(&path).ok();
            }
        });
        assert_eq!(lost, 0, "of {ROUNDS}");
    }

    /// `collect` looked at the old time and removed the file just as it was made young.
    #[test]
    fn a_file_that_is_collected_while_it_is_stored_again_is_placed_anew() {
        let (_folder, blobs, org) = blobs();
        blobs.put(&org, b"abc").unwrap();
        let (staged, path) = (blobs.stage().unwrap(), blobs.path(&org, ABC));
        place_by(staged.path(), &path, |place| fs::remove_file(place)).unwrap();
        assert!(path.is_file());
        // It is not tried for ever: here something else has the name.
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        assert!(place_by(staged.path(), &path, |_| Ok(())).is_err());
    }

    #[test]
    fn what_a_crash_left_aside_is_put_back_when_the_store_is_opened() {
        let (folder, blobs, org) = blobs();
        blobs.put(&org, b"abc").unwrap();
        let aside = blobs.staging.join(format!("aside-{org}-{ABC}"));
        fs::rename(blobs.path(&org, ABC), &aside).unwrap();
        assert!(!blobs.exists(&org, ABC));
        let blobs = Blobs::open(folder.path()).unwrap();
        assert!(blobs.exists(&org, ABC) && !aside.exists());
    }

    #[test]
    fn collecting_what_is_gone_is_fine() {
        let (_folder, blobs, org) = blobs();
        blobs.collect(&org, ABC, SystemTime::now()).unwrap();
    }

    #[test]
    fn a_new_staged_file_goes_with_its_handle() {
        let (_folder, blobs, _org) = blobs();
        let path = blobs.stage().unwrap().path().to_owned();
        assert!(!path.exists());
    }
}
