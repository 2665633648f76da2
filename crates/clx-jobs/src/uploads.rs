use std::io;

use bytes::Bytes;
use clx_accounts::Caller;
use clx_store::UploadId;
use futures::Stream;

use crate::{IdempotencyKey, JobsError, NewUpload, Outcome, Upload};

/// Resumable uploads.
#[derive(Clone, Debug)]
pub struct Uploads {}

#[expect(unused_variables, reason = "bodies follow in the next commit")]
impl Uploads {
    /// Largest length that `create` accepts.
    pub fn max_bytes(&self) -> u64 {
        todo!()
    }

    pub async fn create(
        &self,
        caller: &Caller,
        new: NewUpload,
        once: Option<IdempotencyKey>,
    ) -> Result<Outcome<Upload>, JobsError> {
        todo!()
    }

    /// Open uploads, newest first.
    pub async fn list(&self, caller: &Caller) -> Result<Vec<Upload>, JobsError> {
        todo!()
    }

    pub async fn view(&self, caller: &Caller, id: &UploadId) -> Result<Upload, JobsError> {
        todo!()
    }

    /// Appends `body` at `offset`, which must be where the upload stands. What arrived before a
    /// broken body is kept and safe. The part that completes the upload makes the recording.
    pub async fn append(
        &self,
        caller: &Caller,
        id: &UploadId,
        offset: u64,
        body: impl Stream<Item = io::Result<Bytes>> + Send,
    ) -> Result<Upload, JobsError> {
        todo!()
    }

    pub async fn delete(&self, caller: &Caller, id: &UploadId) -> Result<(), JobsError> {
        todo!()
    }
}
