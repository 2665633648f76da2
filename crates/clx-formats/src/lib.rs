//! Bytes to recordings and audio, and back.
