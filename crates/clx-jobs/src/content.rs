use std::io;
use std::ops::Range;

use bytes::Bytes;
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
}

#[expect(unused_variables, reason = "bodies follow in the next commit")]
impl Content {
    /// The bytes of `range`, which must lie within `0..size_bytes`, in parts.
    pub async fn read(
        &self,
        range: Range<u64>,
    ) -> Result<BoxStream<'static, io::Result<Bytes>>, JobsError> {
        todo!()
    }
}
