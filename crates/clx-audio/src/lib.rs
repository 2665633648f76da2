//! What is known about sound and music: loudness, tempo, key, descriptors, structure.

pub mod overview;
