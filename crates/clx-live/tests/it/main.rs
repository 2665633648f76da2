//! The crate through its public surface.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod chain;
mod hostile;
mod interop;
mod loopback;
mod recorded;
