//! Organisations, users, sessions and API keys; owns the caller of every operation.
