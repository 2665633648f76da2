use std::collections::HashMap;
use std::io::{self, SeekFrom};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use clx_accounts::{Caller, Role, Via};
use clx_store::UploadId;
use clx_store::rows::upload;
use futures::{Stream, StreamExt};
use tokio::fs::{File, OpenOptions};
use tokio::io::{AsyncSeekExt, AsyncWriteExt};
use tokio::sync::OwnedMutexGuard;
use tracing::Instrument;

use crate::deps::{Deps, parse_id};
use crate::events::append;
use crate::intake::{Purpose, check_names, take_in};
use crate::{
    EventKind, IdempotencyKey, JobsError, NewRecording, NewUpload, Outcome, Upload, idempotency,
};

const HOUR_MS: i64 = 3_600_000;
/// Open uploads of one organisation.
const MAX_OPEN: u64 = 100;
/// A crash loses at most this much of what arrived.
const FLUSH_EVERY: u64 = 16 << 20;

/// Resumable uploads.
///
/// The offset in the row is the truth: it moves only after the bytes before it were flushed to
/// disk. Bytes behind it, left by a crash, are overwritten.
#[derive(Clone, Debug)]
pub struct Uploads {
    deps: Deps,
    /// One writer per upload in this process; the row's offset fences other processes.
    writers: Arc<Mutex<HashMap<UploadId, Arc<tokio::sync::Mutex<()>>>>>,
}

impl Uploads {
    pub(crate) fn new(deps: Deps) -> Self {
        Self { deps, writers: Arc::default() }
    }

    /// Largest length that `create` accepts.
    pub fn max_bytes(&self) -> u64 {
        self.deps.config.max_upload_bytes
    }

    /// # Errors
    /// [`JobsError::TooLarge`], [`JobsError::Invalid`], [`JobsError::Conflict`] with too many open.
    pub async fn create(
        &self,
        caller: &Caller,
        new: NewUpload,
        once: Option<IdempotencyKey>,
    ) -> Result<Outcome<Upload>, JobsError> {
        caller.require(Role::Member)?;
        if let Some(id) = idempotency::earlier(&self.deps, caller, once.as_ref()).await? {
            return Ok(Outcome::Replayed(self.view(caller, &parse_id("upload", &id)?).await?));
        }
        let row = self.new_row(caller, new)?;
        let now = row.created_at;
        let tx = self.deps.store.begin().await?;
        if upload::list_open(&*tx, &caller.org, MAX_OPEN).await?.len() as u64 >= MAX_OPEN {
            let message = format!("there are {MAX_OPEN} open uploads, finish or delete one first");
            return Err(JobsError::Conflict(message));
        }
        let staged = self.deps.store.blobs().stage_named(&row.id)?;
        upload::insert(&*tx, row.clone()).await?;
        idempotency::remember(&tx, caller, once.as_ref(), &row.id, now).await?;
        append(&tx, &caller.org, EventKind::UploadUpdated, &row.id, now).await?;
        // From here on the row may be there, even if the client goes away before the answer: the
        // file stays, and is collected as a leftover if the row is not there after all.
        staged.keep();
        tx.commit().await?;
        self.deps.bell.ring(&caller.org);
        Ok(Outcome::Created(upload_of(row)?))
    }

    /// Open uploads, newest first.
    ///
    /// # Errors
    /// [`JobsError::Store`].
    pub async fn list(&self, caller: &Caller) -> Result<Vec<Upload>, JobsError> {
        let rows = upload::list_open(self.deps.store.read(), &caller.org, MAX_OPEN).await?;
        rows.into_iter().map(upload_of).collect()
    }

    /// # Errors
    /// [`JobsError::NotFound`], also when it has expired.
    pub async fn view(&self, caller: &Caller, id: &UploadId) -> Result<Upload, JobsError> {
        let row = self.find(caller, id).await?;
        let is_unsealed = row.recording_id.is_none() && row.offset_bytes == row.length_bytes;
        // All bytes are there, but the client or this process went away before the last step.
        if is_unsealed
            && caller.require(Role::Member).is_ok()
            && let Ok(writing) = self.lock(id)
        {
            self.seal_detached(caller, row, writing).await?;
            return upload_of(self.find(caller, id).await?);
        }
        upload_of(row)
    }

    /// Appends `body` at `offset`, which must be where the upload stands. What arrived before a
    /// broken body is kept and safe. The part that completes the upload makes the recording; an
    /// empty part at the end makes it too, if a crash came between.
    ///
    /// # Errors
    /// [`JobsError::Offset`], [`JobsError::TooLarge`] for more than was announced,
    /// [`JobsError::Body`], [`JobsError::Unsupported`] (the upload is gone then).
    pub async fn append(
        &self,
        caller: &Caller,
        id: &UploadId,
        offset: u64,
        body: impl Stream<Item = io::Result<Bytes>> + Send,
    ) -> Result<Upload, JobsError> {
        caller.require(Role::Member)?;
        let writing = self.lock(id)?;
        let row = self.find(caller, id).await?;
        if row.offset_bytes as u64 != offset {
            return Err(JobsError::Offset { expected: row.offset_bytes as u64, got: offset });
        }
        if row.recording_id.is_none() {
            let mut arriving = Arriving::open(&self.deps, row, writing).await?;
            let written = arriving.part()?.write(body).await;
            let Part { row, writing, .. } = arriving.flush().await?;
            written?;
            if row.offset_bytes == row.length_bytes {
                self.seal_detached(caller, row, writing).await?;
            }
        }
        self.view(caller, id).await
    }

    /// Seals on a task of its own: a client that goes away now does not stop it half way.
    async fn seal_detached(
        &self,
        caller: &Caller,
        row: upload::Model,
        writing: OwnedMutexGuard<()>,
    ) -> Result<(), JobsError> {
        let (uploads, caller) = (self.clone(), caller.clone());
        let sealing = async move {
            let sealed = uploads.seal(&caller, row).await;
            drop(writing);
            sealed
        };
        // Its log lines still belong to the request.
        let sealing = tokio::spawn(sealing.in_current_span());
        let ended = |join| JobsError::Internal(format!("the sealing of an upload ended: {join}"));
        sealing.await.map_err(ended)?
    }

    /// # Errors
    /// [`JobsError::NotFound`].
    pub async fn delete(&self, caller: &Caller, id: &UploadId) -> Result<(), JobsError> {
        caller.require(Role::Member)?;
        let writing = self.lock(id)?;
        self.find(caller, id).await?;
        self.remove(caller, id).await?;
        drop(writing);
        Ok(())
    }

    /// Makes recordings of uploads whose last byte arrived before a crash.
    pub(crate) async fn seal_complete(&self) -> Result<(), JobsError> {
        for row in upload::list_unsealed(self.deps.store.read()).await? {
            let caller = Caller {
                org: parse_id("organisation", &row.org_id)?,
                user: parse_id("user", &row.user_id)?,
                role: Role::Member,
                via: Via::Internal,
            };
            if let Err(error) = self.seal(&caller, row).await {
                tracing::warn!(%error, "a complete upload could not be made into a recording");
            }
        }
        Ok(())
    }

    async fn seal(&self, caller: &Caller, row: upload::Model) -> Result<(), JobsError> {
        let id: UploadId = parse_id("upload", &row.id)?;
        let staged = self.deps.store.blobs().staged(&row.id);
        let new = NewRecording {
            filename: row.filename,
            title: None,
            keep_identity: row.keep_identity,
            synthetic: false,
        };
        let purpose = Purpose { upload: Some(&row.id), once: None };
        let taken = take_in(&self.deps, caller, staged, new, purpose).await;
        if let Err(JobsError::Unsupported(_)) = &taken {
            self.remove(caller, &id).await?;
        }
        taken.map(drop)
    }

    async fn remove(&self, caller: &Caller, id: &UploadId) -> Result<(), JobsError> {
        let tx = self.deps.store.begin().await?;
        upload::delete(&tx, id.as_str()).await?;
        append(&tx, &caller.org, EventKind::UploadDeleted, id.as_str(), self.deps.now()).await?;
        tx.commit().await?;
        self.deps.store.blobs().staged(id.as_str()).remove();
        self.deps.bell.ring(&caller.org);
        Ok(())
    }

    async fn find(&self, caller: &Caller, id: &UploadId) -> Result<upload::Model, JobsError> {
        let row = upload::find(self.deps.store.read(), &caller.org, id).await?;
        let alive = row.filter(|row| row.expires_at > self.deps.now());
        alive.ok_or(JobsError::NotFound("upload"))
    }

    fn new_row(&self, caller: &Caller, new: NewUpload) -> Result<upload::Model, JobsError> {
        let limit_bytes = self.max_bytes();
        if new.length_bytes > limit_bytes {
            return Err(JobsError::TooLarge { limit_bytes });
        }
        if new.length_bytes == 0 {
            return Err(JobsError::invalid("length", "must be above 0"));
        }
        let names = NewRecording { filename: new.filename, ..NewRecording::default() };
        let now = self.deps.now();
        Ok(upload::Model {
            id: UploadId::new().into_string(),
            org_id: caller.org.to_string(),
            user_id: caller.user.to_string(),
            filename: check_names(names)?.filename,
            keep_identity: new.keep_identity,
            length_bytes: new.length_bytes as i64,
            offset_bytes: 0,
            recording_id: None,
            created_at: now,
            expires_at: expiry(&self.deps, now),
        })
    }

    fn lock(&self, id: &UploadId) -> Result<OwnedMutexGuard<()>, JobsError> {
        let mut writers = self.writers.lock().unwrap_or_else(PoisonError::into_inner);
        // Those nobody holds are of finished requests.
        writers.retain(|_, writer| Arc::strong_count(writer) > 1);
        let writer = Arc::clone(writers.entry(id.clone()).or_default());
        let busy = || JobsError::Conflict("another part of this upload is being written".into());
        writer.try_lock_owned().map_err(|_held| busy())
    }
}

/// A part that is flushed even if its request is dropped half way, as happens when a client goes
/// away: what arrived is not sent twice.
struct Arriving(Option<Part>);

impl Arriving {
    async fn open(
        deps: &Deps,
        row: upload::Model,
        writing: OwnedMutexGuard<()>,
    ) -> Result<Self, JobsError> {
        Ok(Self(Some(Part::open(deps, row, writing).await?)))
    }

    fn part(&mut self) -> Result<&mut Part, JobsError> {
        self.0.as_mut().ok_or_else(|| JobsError::Internal("the part was taken".into()))
    }

    async fn flush(&mut self) -> Result<Part, JobsError> {
        self.part()?.flush().await?;
        self.0.take().ok_or_else(|| JobsError::Internal("the part was taken".into()))
    }
}

impl Drop for Arriving {
    fn drop(&mut self) {
        let Some(mut part) = self.0.take() else { return };
        let flushing = async move {
            if let Err(error) = part.flush().await {
                tracing::warn!(%error, "the end of a broken upload was lost");
            }
        };
        tokio::spawn(flushing.in_current_span());
    }
}

/// A part of an upload on its way to disk.
struct Part {
    deps: Deps,
    file: File,
    row: upload::Model,
    /// Bytes written since the last flush.
    unflushed: u64,
    /// Keeps other parts of the upload out.
    writing: OwnedMutexGuard<()>,
}

impl Part {
    async fn open(
        deps: &Deps,
        row: upload::Model,
        writing: OwnedMutexGuard<()>,
    ) -> Result<Self, JobsError> {
        let staged = deps.store.blobs().staged(&row.id);
        let mut file = OpenOptions::new().write(true).open(staged.path()).await?;
        file.seek(SeekFrom::Start(row.offset_bytes as u64)).await?;
        Ok(Self { deps: deps.clone(), file, row, unflushed: 0, writing })
    }

    async fn write(
        &mut self,
        body: impl Stream<Item = io::Result<Bytes>> + Send,
    ) -> Result<(), JobsError> {
        let mut body = pin!(body);
        while let Some(bytes) = body.next().await {
            let bytes = bytes.map_err(JobsError::Body)?;
            let room = (self.row.length_bytes - self.row.offset_bytes) as u64 - self.unflushed;
            if bytes.len() as u64 > room {
                return Err(JobsError::TooLarge { limit_bytes: self.row.length_bytes as u64 });
            }
            self.file.write_all(&bytes).await?;
            self.unflushed += bytes.len() as u64;
            if self.unflushed >= FLUSH_EVERY {
                self.flush().await?;
            }
        }
        Ok(())
    }

    /// Puts what was written safely on disk, and only then says so in the row.
    async fn flush(&mut self) -> Result<(), JobsError> {
        if self.unflushed == 0 {
            return Ok(());
        }
        self.file.flush().await?;
        self.file.sync_data().await?;
        let now = self.deps.now();
        let from = self.row.offset_bytes;
        let to = from + self.unflushed as i64;
        let tx = self.deps.store.begin().await?;
        if !upload::advance(&tx, &self.row.id, from, to, expiry(&self.deps, now)).await? {
            return Err(JobsError::Conflict("the upload was changed meanwhile".into()));
        }
        tx.commit().await?;
        self.row.offset_bytes = to;
        self.unflushed = 0;
        Ok(())
    }
}

fn expiry(deps: &Deps, now: i64) -> i64 {
    now + i64::from(deps.config.upload_expiry_hours) * HOUR_MS
}

fn upload_of(row: upload::Model) -> Result<Upload, JobsError> {
    Ok(Upload {
        id: parse_id("upload", &row.id)?,
        filename: row.filename,
        length_bytes: row.length_bytes as u64,
        offset_bytes: row.offset_bytes as u64,
        recording: row.recording_id.map(|id| parse_id("recording", &id)).transpose()?,
        created_at_ms: row.created_at,
        expires_at_ms: row.expires_at,
    })
}
