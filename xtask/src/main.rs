//! `cargo xtask`: the checks of CI and the files that are generated from the code.
#![expect(clippy::print_stdout, reason = "a developer's tool prints to its terminal")]

mod ci;
mod layers;
mod openapi;
mod reach;
mod sh;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Automation of the Clisonix workspace")]
struct Args {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Everything CI checks, fastest first.
    Ci {
        /// Leave out the web app and the tests that drive it in a browser.
        #[arg(long)]
        no_web: bool,
    },
    /// Check that crates depend on lower layers only and that I/O stays where it belongs.
    Layers,
    /// Build the binary and send it generated requests for every operation of its API.
    ApiCheck,
    /// Write the OpenAPI document and the web client's types.
    Openapi {
        /// Only compare the committed document with that of the binary as last built.
        #[arg(long)]
        check: bool,
    },
}

fn main() -> anyhow::Result<()> {
    match Args::parse().task {
        Task::Ci { no_web } => ci::run(no_web),
        Task::Layers => layers::check(),
        Task::ApiCheck => {
            // What the tests build, so that the two share their artefacts.
            sh::run(&sh::root(), &["cargo", "test", "--workspace", "--no-run", "--quiet"])?;
            ci::api_check()
        }
        Task::Openapi { check: true } => openapi::check(),
        Task::Openapi { check: false } => openapi::write(),
    }
}
