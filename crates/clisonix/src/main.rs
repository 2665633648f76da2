//! The Clisonix binary: command line, configuration, wiring and shutdown.
//!
//! Each subcommand has a file under `commands/`. Exit codes: 0 everything asked was done, 1 part of
//! it failed (the reason is on standard error), 2 the command line itself was wrong.

mod args;
mod commands;
mod companions;
mod config;
mod files;
mod human;
mod out;
mod progress;
mod samples;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};

fn main() -> ExitCode {
    let args = Args::parse();
    let done = match args.command {
        Command::Analyze(command) => commands::analyze::run(&command),
        Command::Run(command) => commands::run::run(&command),
        Command::Compose(command) => commands::compose::run(&command),
        Command::Convert(command) => commands::convert::run(&command),
        Command::Analyses(command) => commands::analyses::run(&command),
        Command::Formats(command) => commands::formats::run(&command),
        Command::Live(command) => commands::live::run(&command),
        Command::Models(command) => commands::models::run(&command),
        Command::Serve(command) => commands::serve::run(&command),
        Command::Openapi => commands::openapi::run(),
        Command::Completions { shell } => commands::completions::run(shell),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if out::is_closed(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("clisonix: {error:#}");
            ExitCode::FAILURE
        }
    }
}
