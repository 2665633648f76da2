//! A `clisonix serve` process in a folder of its own.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde::Deserialize;

/// What `clisonix serve --json` prints once it listens.
#[derive(Debug, Deserialize)]
pub(crate) struct Started {
    pub(crate) api: String,
    pub(crate) sign_in: Option<String>,
}

pub(crate) struct Server {
    process: Child,
    pub(crate) started: Started,
}

impl Server {
    /// Starts on a free port; returns when it listens.
    pub(crate) fn start(data_dir: &Path, database_url: Option<&str>) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_clisonix"));
        command
            .args(["serve", "--json", "--listen", "127.0.0.1:0", "--web-listen", ""])
            .arg("--data-dir")
            .arg(data_dir)
            // Short leases, so that a job of a killed process is taken over within the test's time.
            .env("CLX_JOBS__LEASE_S", "2")
            .env("CLX_JOBS__MAX_ATTEMPTS", "1000")
            .env("CLX_TELEMETRY__LOG", "error")
            .stdout(Stdio::piped());
        if let Some(url) = database_url {
            command.env("CLX_STORE__DATABASE_URL", url);
        }
        let mut process = command.spawn().expect("the binary was built for this test");
        let stdout = process.stdout.take().expect("stdout is piped");
        let line = BufReader::new(stdout).lines().next();
        let line = line.expect("the server prints a line").expect("the line is UTF-8");
        let started = serde_json::from_str(&line).expect("the line is JSON");
        Self { process, started }
    }

    /// The end that no process can prepare for.
    pub(crate) fn kill(mut self) {
        self.process.kill().expect("the process runs");
        self.process.wait().expect("the process ends");
    }
}
