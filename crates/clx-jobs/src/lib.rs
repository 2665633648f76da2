//! Recordings, uploads, the durable job queue with its workers, and artefacts.
