use std::io;
use std::ops::Range;

use bytes::Bytes;
use clx_store::{Blobs, OrgId};
use futures::stream::BoxStream;

use crate::JobsError;

/// Stored bytes that can be read in ranges.
#[derive(Clone, Debug)]
pub struct Content {
    pub filename: String,
    pub media_type: String,
    pub size_bytes: u64,
    /// Lower-case hexadecimal; serves as the strong entity tag.
    pub sha256: String,
    pub(crate) org: OrgId,
    pub(crate) blobs: Blobs,
}

impl Content {
    /// The bytes of `range`, in parts.
    ///
    /// # Errors
    /// [`JobsError::Invalid`] unless the range lies within the content.
    pub async fn read(
        &self,
        range: Range<u64>,
    ) -> Result<BoxStream<'static, io::Result<Bytes>>, JobsError> {
        if range.start > range.end || range.end > self.size_bytes {
            let message = format!("the content has {} bytes", self.size_bytes);
            return Err(JobsError::invalid("range", message));
        }
        Ok(self.blobs.read(&self.org, &self.sha256, range).await?)
    }
}
