//! From a staged file to a recording.
//!
//! The order matters. The header is de-identified on the staged file and the digest taken after
//! that, so the content address is that of the bytes that are kept and no other copy ever gets an
//! address. The content is in its place on disk before the transaction that names it commits.

use std::fs::File;
use std::io::{BufReader, Read};

use clx_accounts::{Caller, Role};
use clx_formats::{
    Deidentified, Format, FormatError, SNIFF_BYTES, companion_of, deidentify_file, sniff,
};
use clx_store::rows::{blob, recording, upload};
use clx_store::{BlobRef, RecordingId, StagedFile, Tx};

use crate::deps::{Deps, blocking};
use crate::events::append;
use crate::model::clean_text;
use crate::{EventKind, IdempotencyKey, JobsError, NewRecording, idempotency, work};

const MAX_NAME: usize = 255;

/// What works for a recording of several files.
const ZIP_THEM: &str = "put all files of the recording into one ZIP archive without compression (zip -0) and upload that";

/// A recording row that is there now, and whether it was made just now.
pub(crate) struct TakenIn {
    pub(crate) id: RecordingId,
    pub(crate) created: bool,
}

/// What the intake is for, besides the file.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Purpose<'a> {
    /// The upload that this completes.
    pub(crate) upload: Option<&'a str>,
    pub(crate) once: Option<&'a IdempotencyKey>,
}

/// Takes a whole staged file in: checks the format, de-identifies, stores, makes the recording and
/// queues its ingest.
pub(crate) async fn take_in(
    deps: &Deps,
    caller: &Caller,
    staged: StagedFile,
    new: NewRecording,
    purpose: Purpose<'_>,
) -> Result<TakenIn, JobsError> {
    caller.require(Role::Member)?;
    let new = check_names(new)?;
    let blobs = deps.store.blobs().clone();
    let org = caller.org.clone();
    let (filename, keep_identity) = (new.filename.clone(), new.keep_identity);
    // The staged name lives until the commit: whoever finds it after a crash takes it in again.
    let (blob, format, staged) = blocking(move || {
        let format = prepare(&staged, &filename, keep_identity)?;
        Ok((blobs.seal(&org, &staged)?, format, staged))
    })
    .await?;
    let now = deps.now();
    let tx = deps.store.begin().await?;
    blob::note(&tx, &caller.org, &blob, now).await?;
    let taken = record(deps, &tx, caller, new, &blob, format, now).await?;
    if let Some(id) = purpose.upload
        && !upload::complete(&tx, id, &taken.id).await?
    {
        return Err(JobsError::Conflict("the upload was completed or deleted meanwhile".into()));
    }
    idempotency::remember(&tx, caller, purpose.once, taken.id.as_str(), now).await?;
    if let Some(id) = purpose.upload {
        append(&tx, &caller.org, EventKind::UploadUpdated, id, now).await?;
    }
    append(&tx, &caller.org, EventKind::RecordingUpdated, taken.id.as_str(), now).await?;
    tx.commit().await?;
    staged.remove();
    deps.bell.ring(&caller.org);
    deps.bell.work.notify_one();
    Ok(taken)
}

/// Writes the recording and queues its ingest, unless the organisation has this content.
async fn record(
    deps: &Deps,
    tx: &Tx,
    caller: &Caller,
    new: NewRecording,
    blob: &BlobRef,
    format: Format,
    now: i64,
) -> Result<TakenIn, JobsError> {
    if let Some(row) = recording::find_by_content(&**tx, &caller.org, &blob.sha256).await? {
        return Ok(TakenIn { id: crate::deps::parse_id("recording", &row.id)?, created: false });
    }
    let id = RecordingId::new();
    let title = new.title.unwrap_or_else(|| stem(&new.filename).to_owned());
    let row = recording::Model {
        id: id.to_string(),
        org_id: caller.org.to_string(),
        sha256: blob.sha256.clone(),
        size_bytes: blob.size_bytes as i64,
        title,
        filename: new.filename,
        kind: None,
        format: None,
        media_type: format.media_type().to_owned(),
        duration_s: None,
        state: "processing".to_owned(),
        error: None,
        synthetic: new.synthetic,
        channels: "[]".to_owned(),
        start_text: None,
        findings: "[]".to_owned(),
        annotations_sha256: None,
        pyramid_sha256: None,
        version: 1,
        created_at: now,
        deleted_at: None,
    };
    recording::insert(&**tx, row).await?;
    work::enqueue_ingest(deps, tx, caller, &id, now).await?;
    Ok(TakenIn { id, created: true })
}

/// Tells the format by content and blanks the identity fields in place.
fn prepare(staged: &StagedFile, filename: &str, keep_identity: bool) -> Result<Format, JobsError> {
    let mut file = staged.open()?;
    let mut head = Vec::with_capacity(SNIFF_BYTES);
    (&mut file).take(SNIFF_BYTES as u64).read_to_end(&mut head)?;
    let format = sniff(&head).ok_or_else(|| unsupported(&head, filename))?;
    if format.may_be_a_set() {
        check_complete(staged.open()?)?;
    }
    if !keep_identity && !format.is_audio() {
        blank(format, &mut file)?;
    }
    Ok(format)
}

/// A header whose samples lie in another file is not taken in: an upload is one file.
///
/// What else may be wrong with the file the first reading says.
fn check_complete(file: File) -> Result<(), JobsError> {
    match clx_formats::open(Box::new(BufReader::new(file))) {
        Err(FormatError::Companion { format, what, name }) => Err(JobsError::Unsupported(format!(
            "{format}: {what} are in another file, which is not in the upload; {ZIP_THEM}; \
                 missing is {name:?}"
        ))),
        _ => Ok(()),
    }
}

/// A file whose identity fields cannot be blanked is not taken in, unless they are to be kept.
fn blank(format: Format, file: &mut File) -> Result<(), JobsError> {
    match deidentify_file(format, file) {
        Ok(Deidentified::Blank) => Ok(()),
        Ok(Deidentified::Left(reason)) => {
            Err(JobsError::Unsupported(format!("{reason}, or upload it with its identity kept")))
        }
        Err(FormatError::Io(error)) => Err(error.into()),
        Err(error) => Err(JobsError::Unsupported(error.to_string())),
    }
}

fn unsupported(head: &[u8], filename: &str) -> JobsError {
    if let Some(format) = companion_of(filename) {
        let header = format.extension();
        return JobsError::Unsupported(format!(
            "the file can only be read with its header: files with this ending belong to a \
             .{header} file ({format}); {ZIP_THEM}"
        ));
    }
    let supported: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
    let start = hex::encode(head.get(..8).unwrap_or(head));
    JobsError::Unsupported(format!(
        "the content is in no format that can be read, it starts with the bytes {start}; \
         supported are {}",
        supported.join(", ")
    ))
}

/// A file name without folders and a title without control characters.
pub(crate) fn check_names(mut new: NewRecording) -> Result<NewRecording, JobsError> {
    let name = new.filename.rsplit(['/', '\\']).next().unwrap_or_default().trim().to_owned();
    new.filename = clean_text("filename", &name, MAX_NAME)?;
    if let Some(title) = &new.title {
        new.title = Some(clean_text("title", title, MAX_NAME)?);
    }
    Ok(new)
}

fn stem(filename: &str) -> &str {
    match filename.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => filename,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_loses_its_folders_and_nothing_else() {
        let cases = [
            ("rec.edf", "rec.edf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\data\\night 1.edf", "night 1.edf"),
        ];
        for (given, expected) in cases {
            let new = NewRecording { filename: given.into(), ..NewRecording::default() };
            assert_eq!(check_names(new).unwrap().filename, expected);
        }
        for refused in ["", "/", "a\0b", "line\nbreak", &"x".repeat(256)] {
            let new = NewRecording { filename: refused.to_string(), ..NewRecording::default() };
            assert!(check_names(new).is_err(), "{refused:?}");
        }
    }

    #[test]
    fn the_title_of_a_file_is_its_name_without_the_ending() {
        assert_eq!(stem("night.1.edf"), "night.1");
        assert_eq!(stem(".hidden"), ".hidden");
        assert_eq!(stem("song"), "song");
    }
}
