use std::io;

use bytes::Bytes;
use clx_accounts::Caller;
use clx_signal::Annotation;
use clx_store::RecordingId;
use futures::Stream;

use crate::{
    Content, IdempotencyKey, JobsError, Listing, NewRecording, Outcome, Recording, RecordingFilter,
    SignalQuery, SignalWindow, SpectrogramQuery, SpectrogramWindow,
};

/// Recordings: what was handed over, once per organisation and content.
#[derive(Clone, Debug)]
pub struct Recordings {}

#[expect(unused_variables, reason = "bodies follow in the next commit")]
impl Recordings {
    /// Takes in a whole file. The same content in the same organisation is `Outcome::Existing`.
    pub async fn put(
        &self,
        caller: &Caller,
        new: NewRecording,
        body: impl Stream<Item = io::Result<Bytes>> + Send,
        once: Option<IdempotencyKey>,
    ) -> Result<Outcome<Recording>, JobsError> {
        todo!()
    }

    pub async fn list(
        &self,
        caller: &Caller,
        filter: RecordingFilter,
    ) -> Result<Listing<Recording>, JobsError> {
        todo!()
    }

    pub async fn view(&self, caller: &Caller, id: &RecordingId) -> Result<Recording, JobsError> {
        todo!()
    }

    /// Changes the title. `if_match` is the entity tag the client read, without quotes.
    pub async fn rename(
        &self,
        caller: &Caller,
        id: &RecordingId,
        title: &str,
        if_match: Option<&str>,
    ) -> Result<Recording, JobsError> {
        todo!()
    }

    /// Hides the recording; it can be restored for 30 days and is purged then.
    pub async fn delete(&self, caller: &Caller, id: &RecordingId) -> Result<(), JobsError> {
        todo!()
    }

    pub async fn restore(&self, caller: &Caller, id: &RecordingId) -> Result<Recording, JobsError> {
        todo!()
    }

    pub async fn content(&self, caller: &Caller, id: &RecordingId) -> Result<Content, JobsError> {
        todo!()
    }

    pub async fn annotations(
        &self,
        caller: &Caller,
        id: &RecordingId,
    ) -> Result<Vec<Annotation>, JobsError> {
        todo!()
    }

    pub async fn signal_window(
        &self,
        caller: &Caller,
        id: &RecordingId,
        query: SignalQuery,
    ) -> Result<SignalWindow, JobsError> {
        todo!()
    }

    pub async fn spectrogram_window(
        &self,
        caller: &Caller,
        id: &RecordingId,
        query: SpectrogramQuery,
    ) -> Result<SpectrogramWindow, JobsError> {
        todo!()
    }
}
