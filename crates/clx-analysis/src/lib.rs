//! The catalogue of analyses: one file each, with typed parameters, output and schema.
