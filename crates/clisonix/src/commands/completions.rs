use std::io;

use anyhow::Result;
use clap::CommandFactory;
use clap_complete::Shell;

use crate::args::Args;

pub(crate) fn run(shell: Shell) -> Result<()> {
    clap_complete::generate(shell, &mut Args::command(), "clisonix", &mut io::stdout());
    Ok(())
}
