/// Which part of a list is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// `next_cursor` of the listing before.
    pub cursor: Option<String>,
    /// 1..=100.
    pub limit: u32,
}

impl Default for Page {
    fn default() -> Self {
        Self { cursor: None, limit: 50 }
    }
}

/// A part of a list, newest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Listing<T> {
    pub data: Vec<T>,
    /// Present if there is more.
    pub next_cursor: Option<String>,
}

/// A client's promise that a repeated request is the same request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// As the client sent it, at most 255 characters.
    pub key: String,
    /// Method and path template: `POST /v1/jobs`.
    pub route: String,
    /// Digest of everything in the request that matters, lower-case hexadecimal.
    pub params_hash: String,
}

/// What came of a request that makes something.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome<T> {
    Created(T),
    /// It was there before: the same content in the same organisation.
    Existing(T),
    /// The same request, by its idempotency key, made it before; this is how it stands now.
    Replayed(T),
}

impl<T> Outcome<T> {
    pub fn into_inner(self) -> T {
        match self {
            Self::Created(value) | Self::Existing(value) | Self::Replayed(value) => value,
        }
    }

    pub fn get(&self) -> &T {
        match self {
            Self::Created(value) | Self::Existing(value) | Self::Replayed(value) => value,
        }
    }
}
