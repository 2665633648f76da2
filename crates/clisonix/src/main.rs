//! The Clisonix binary: command line, configuration, wiring and shutdown.
fn main() {}
