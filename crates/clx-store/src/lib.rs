//! Where state lives: rows in SQLite or PostgreSQL, bytes in an object store.
