use std::collections::{BTreeMap, HashMap};
use std::io;
use std::pin::pin;

use bytes::Bytes;
use clx_accounts::{Caller, Role};
use clx_signal::Annotation;
use clx_store::rows::{job, recording};
use clx_store::{JobId, RecordingId, StagedFile};
use futures::{Stream, StreamExt};
use tokio::io::AsyncWriteExt;

use crate::deps::{Deps, corrupt, parse_id};
use crate::events::append;
use crate::intake::{Purpose, take_in};
use crate::model::{check_page, clean_text, next_cursor};
use crate::{
    Content, EventKind, IdempotencyKey, JobsError, Listing, NewRecording, Outcome, Recording,
    RecordingFilter, RecordingKind, RecordingState, SignalQuery, SignalWindow, SpectrogramQuery,
    SpectrogramWindow, idempotency, spectrogram, window,
};

const MAX_TITLE: usize = 255;
const RESTORE_MS: i64 = 30 * 24 * 3_600_000;

/// Recordings: what was handed over, once per organisation and content.
#[derive(Clone, Debug)]
pub struct Recordings {
    deps: Deps,
}

impl Recordings {
    pub(crate) fn new(deps: Deps) -> Self {
        Self { deps }
    }

    /// Takes in a whole file. The same content in the same organisation is `Outcome::Existing`.
    ///
    /// # Errors
    /// [`JobsError::TooLarge`], [`JobsError::Unsupported`], [`JobsError::Body`].
    pub async fn put(
        &self,
        caller: &Caller,
        new: NewRecording,
        body: impl Stream<Item = io::Result<Bytes>> + Send,
        once: Option<IdempotencyKey>,
    ) -> Result<Outcome<Recording>, JobsError> {
        caller.require(Role::Member)?;
        if let Some(id) = idempotency::earlier(&self.deps, caller, once.as_ref()).await? {
            return Ok(Outcome::Replayed(self.view(caller, &parse_id("recording", &id)?).await?));
        }
        let staged = self.stage(body).await?;
        let purpose = Purpose { upload: None, once: once.as_ref() };
        let taken = take_in(&self.deps, caller, staged, new, purpose).await?;
        let recording = self.view(caller, &taken.id).await?;
        Ok(if taken.created { Outcome::Created(recording) } else { Outcome::Existing(recording) })
    }

    /// Newest first.
    ///
    /// # Errors
    /// [`JobsError::Invalid`] for a page that cannot be.
    pub async fn list(
        &self,
        caller: &Caller,
        filter: RecordingFilter,
    ) -> Result<Listing<Recording>, JobsError> {
        let before = check_page::<RecordingId>(&filter.page)?;
        let limit = u64::from(filter.page.limit);
        let q = filter.q.as_deref().map(str::trim).filter(|q| !q.is_empty());
        if q.is_some_and(|q| q.len() > MAX_TITLE || q.contains('\0')) {
            return Err(JobsError::invalid("q", format!("needs at most {MAX_TITLE} characters")));
        }
        let before = before.as_ref().map(RecordingId::as_str);
        let db = self.deps.store.read();
        let mut rows = recording::list(db, &caller.org, q, before, limit + 1).await?;
        let next_cursor = next_cursor(&mut rows, limit, |row| &row.id);
        Ok(Listing { data: self.with_results(rows).await?, next_cursor })
    }

    /// # Errors
    /// [`JobsError::NotFound`].
    pub async fn view(&self, caller: &Caller, id: &RecordingId) -> Result<Recording, JobsError> {
        let row = self.find(caller, id).await?;
        let mut shown = self.with_results(vec![row]).await?;
        shown.pop().ok_or(JobsError::NotFound("recording"))
    }

    /// Changes the title. `if_match` is the entity tag the client read, without quotes.
    ///
    /// # Errors
    /// [`JobsError::PreconditionFailed`], [`JobsError::Invalid`], [`JobsError::NotFound`].
    pub async fn rename(
        &self,
        caller: &Caller,
        id: &RecordingId,
        title: &str,
        if_match: Option<&str>,
    ) -> Result<Recording, JobsError> {
        caller.require(Role::Member)?;
        let title = clean_text("title", title, MAX_TITLE)?;
        let tx = self.deps.store.begin().await?;
        let row = recording::find(&*tx, &caller.org, id).await?;
        let row = row.ok_or(JobsError::NotFound("recording"))?;
        let etag = etag_of(&row);
        if if_match.is_some_and(|tag| tag != etag)
            || !recording::set_title(&tx, id, &title, row.version).await?
        {
            return Err(JobsError::PreconditionFailed { etag });
        }
        append(&tx, &caller.org, EventKind::RecordingUpdated, id.as_str(), self.deps.now()).await?;
        tx.commit().await?;
        self.deps.bell.ring(&caller.org);
        self.view(caller, id).await
    }

    /// Hides the recording and stops its jobs; it can be restored for 30 days and is purged then.
    ///
    /// # Errors
    /// [`JobsError::NotFound`].
    pub async fn delete(&self, caller: &Caller, id: &RecordingId) -> Result<(), JobsError> {
        caller.require(Role::Member)?;
        let now = self.deps.now();
        let tx = self.deps.store.begin().await?;
        let row = recording::find(&*tx, &caller.org, id).await?;
        row.ok_or(JobsError::NotFound("recording"))?;
        let active = job::list_active(&*tx, id).await?;
        for job in &active {
            job::cancel(&tx, &parse_id("job", &job.id)?, now).await?;
        }
        recording::set_deleted(&tx, id, Some(now)).await?;
        for job in &active {
            append(&tx, &caller.org, EventKind::JobUpdated, &job.id, now).await?;
        }
        append(&tx, &caller.org, EventKind::RecordingDeleted, id.as_str(), now).await?;
        tx.commit().await?;
        active.iter().for_each(|job| self.deps.bell.stop(&job.id));
        self.deps.bell.ring(&caller.org);
        Ok(())
    }

    /// Undoes `delete`. A recording that was deleted before it was read is read now.
    ///
    /// # Errors
    /// [`JobsError::NotFound`]; [`JobsError::Conflict`] if the content was handed over again.
    pub async fn restore(&self, caller: &Caller, id: &RecordingId) -> Result<Recording, JobsError> {
        caller.require(Role::Member)?;
        let now = self.deps.now();
        let tx = self.deps.store.begin().await?;
        let row = recording::find_with_deleted(&*tx, &caller.org, id).await?;
        let row = row.ok_or(JobsError::NotFound("recording"))?;
        if let Some(deleted_at) = row.deleted_at {
            if now - deleted_at > RESTORE_MS {
                return Err(JobsError::NotFound("recording"));
            }
            let twin = recording::find_by_content(&*tx, &caller.org, &row.sha256).await?;
            if let Some(twin) = twin {
                let message = format!("the same content was handed over again as {}", twin.id);
                return Err(JobsError::Conflict(message));
            }
            recording::set_deleted(&tx, id, None).await?;
            if row.state == "processing" {
                crate::work::enqueue_ingest(&self.deps, &tx, caller, id, now).await?;
            }
            append(&tx, &caller.org, EventKind::RecordingUpdated, id.as_str(), now).await?;
            tx.commit().await?;
            self.deps.bell.ring(&caller.org);
            self.deps.bell.work.notify_one();
        }
        self.view(caller, id).await
    }

    /// # Errors
    /// [`JobsError::NotFound`].
    pub async fn content(&self, caller: &Caller, id: &RecordingId) -> Result<Content, JobsError> {
        let row = self.find(caller, id).await?;
        Ok(Content {
            filename: row.filename,
            media_type: row.media_type,
            size_bytes: row.size_bytes as u64,
            sha256: row.sha256,
            org: caller.org.clone(),
            blobs: self.deps.store.blobs().clone(),
        })
    }

    /// # Errors
    /// [`JobsError::NotFound`], [`JobsError::Conflict`] while the content is being read.
    pub async fn annotations(
        &self,
        caller: &Caller,
        id: &RecordingId,
    ) -> Result<Vec<Annotation>, JobsError> {
        let row = self.find_ready(caller, id).await?;
        let Some(sha256) = row.annotations_sha256 else { return Ok(Vec::new()) };
        let stored = self.deps.store.blobs().read_all(&caller.org, &sha256).await?;
        serde_json::from_slice(&stored).map_err(|error| corrupt("list of annotations", error))
    }

    /// Minimum and maximum of the signal per column of the screen.
    ///
    /// # Errors
    /// [`JobsError::NotFound`], [`JobsError::Invalid`], [`JobsError::Conflict`] while the content is
    /// being read.
    pub async fn signal_window(
        &self,
        caller: &Caller,
        id: &RecordingId,
        query: SignalQuery,
    ) -> Result<SignalWindow, JobsError> {
        let files = self.signal_files(caller, id).await?;
        self.deps.cores.run(move || window::read(files, &query)).await
    }

    /// Power over time and frequency of one channel, as large as the picture that shows it.
    ///
    /// # Errors
    /// As [`Recordings::signal_window`].
    pub async fn spectrogram_window(
        &self,
        caller: &Caller,
        id: &RecordingId,
        query: SpectrogramQuery,
    ) -> Result<SpectrogramWindow, JobsError> {
        let files = self.signal_files(caller, id).await?;
        self.deps.cores.run(move || spectrogram::read(files, &query)).await
    }

    async fn signal_files(
        &self,
        caller: &Caller,
        id: &RecordingId,
    ) -> Result<window::SignalFiles, JobsError> {
        let row = self.find_ready(caller, id).await?;
        let blobs = self.deps.store.blobs();
        let channels = channels_of(&row)?;
        Ok(window::SignalFiles {
            content: blobs.open_file(&caller.org, &row.sha256)?,
            pyramid: match &row.pyramid_sha256 {
                Some(sha256) => Some(blobs.open_file(&caller.org, sha256)?),
                None => None,
            },
            duration_s: row.duration_s.unwrap_or_default(),
            channels,
        })
    }

    async fn find(&self, caller: &Caller, id: &RecordingId) -> Result<recording::Model, JobsError> {
        let row = recording::find(self.deps.store.read(), &caller.org, id).await?;
        row.ok_or(JobsError::NotFound("recording"))
    }

    async fn find_ready(
        &self,
        caller: &Caller,
        id: &RecordingId,
    ) -> Result<recording::Model, JobsError> {
        let row = self.find(caller, id).await?;
        match row.state.as_str() {
            "ready" => Ok(row),
            "failed" => Err(JobsError::Conflict("the content could not be read".into())),
            _ => Err(JobsError::Conflict("the content is still being read".into())),
        }
    }

    async fn stage(
        &self,
        body: impl Stream<Item = io::Result<Bytes>> + Send,
    ) -> Result<StagedFile, JobsError> {
        let limit_bytes = self.deps.config.max_upload_bytes;
        let staged = self.deps.store.blobs().stage()?;
        let mut file = tokio::fs::OpenOptions::new().write(true).open(staged.path()).await?;
        let mut body = pin!(body);
        let mut size_bytes = 0;
        while let Some(bytes) = body.next().await {
            let bytes = bytes.map_err(JobsError::Body)?;
            size_bytes += bytes.len() as u64;
            if size_bytes > limit_bytes {
                return Err(JobsError::TooLarge { limit_bytes });
            }
            file.write_all(&bytes).await?;
        }
        file.flush().await?;
        Ok(staged)
    }

    async fn with_results(&self, rows: Vec<recording::Model>) -> Result<Vec<Recording>, JobsError> {
        let ids = rows.iter().map(|row| row.id.clone()).collect();
        let mut results: HashMap<String, BTreeMap<String, JobId>> = HashMap::new();
        for latest in job::list_latest(self.deps.store.read(), ids).await? {
            let id = parse_id("job", &latest.id)?;
            results.entry(latest.recording_id).or_default().insert(latest.analysis, id);
        }
        rows.into_iter()
            .map(|row| {
                let results = results.remove(&row.id).unwrap_or_default();
                recording_of(row, results)
            })
            .collect()
    }
}

fn etag_of(row: &recording::Model) -> String {
    format!("{}-{}", row.id, row.version)
}

fn channels_of(row: &recording::Model) -> Result<Vec<crate::Channel>, JobsError> {
    serde_json::from_str(&row.channels).map_err(|error| corrupt("list of channels", error))
}

fn recording_of(
    row: recording::Model,
    results: BTreeMap<String, JobId>,
) -> Result<Recording, JobsError> {
    Ok(Recording {
        etag: etag_of(&row),
        channels: channels_of(&row)?,
        findings: serde_json::from_str(&row.findings)
            .map_err(|error| corrupt("list of findings", error))?,
        id: parse_id("recording", &row.id)?,
        kind: match row.kind.as_deref() {
            Some("eeg") => Some(RecordingKind::Eeg),
            Some("audio") => Some(RecordingKind::Audio),
            _ => None,
        },
        state: match row.state.as_str() {
            "ready" => RecordingState::Ready,
            "failed" => RecordingState::Failed,
            _ => RecordingState::Processing,
        },
        title: row.title,
        filename: row.filename,
        format: row.format,
        media_type: row.media_type,
        size_bytes: row.size_bytes as u64,
        sha256: row.sha256,
        duration_s: row.duration_s,
        error: row.error,
        synthetic: row.synthetic,
        start: row.start_text,
        results,
        created_at_ms: row.created_at,
    })
}
