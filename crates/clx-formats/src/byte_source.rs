use std::io::{Read, Seek};

/// Bytes that can be read from any position: a file, a blob, a buffer.
pub trait ByteSource: Read + Seek + Send + Sync {}

impl<T: Read + Seek + Send + Sync> ByteSource for T {}
