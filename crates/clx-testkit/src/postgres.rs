//! A PostgreSQL server of the test's own: fresh folder, free port, gone when dropped.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A running server that nobody else uses.
#[derive(Debug)]
pub struct Postgres {
    folder: TempDir,
    bin: PathBuf,
    port: u16,
}

/// Starts a server, or says loudly that PostgreSQL is not installed.
///
/// # Panics
/// When it is installed but does not start: that is a fault, not an absence. Else as
/// [`absent`](crate::absent).
pub fn postgres() -> Option<Postgres> {
    let Some(bin) = installed() else {
        crate::absent("PostgreSQL is not installed, its tests did not run");
        return None;
    };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let port = free_port();
    let server = Postgres { folder, bin, port };
    server.start();
    Some(server)
}

impl Postgres {
    /// Makes an empty database and returns its URL. The name is proof that the server is ours: a
    /// stranger's server on that port would not have it.
    pub fn database(&self, name: &str) -> String {
        let port = self.port.to_string();
        let out = self.run(&["createdb", "-h", "127.0.0.1", "-p", &port, "-U", "clisonix", name]);
        assert!(out.status.success(), "createdb: {}", String::from_utf8_lossy(&out.stderr));
        format!("postgres://clisonix@127.0.0.1:{}/{name}", self.port)
    }

    fn start(&self) {
        if is_root() {
            // The server refuses to run as root; its own user must reach the folder.
            let path = self.folder.path().display().to_string();
            let owned = Command::new("chown").args(["postgres", &path]).output();
            assert!(owned.is_ok_and(|o| o.status.success()), "chown {path} to postgres");
        }
        let data = self.data();
        let init = self.run(&["initdb", "-D", &data, "-U", "clisonix", "-A", "trust", "-N"]);
        assert!(init.status.success(), "initdb: {}", String::from_utf8_lossy(&init.stderr));
        let log = self.folder.path().join("log").display().to_string();
        let options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories={}",
            self.port,
            self.folder.path().display()
        );
        let start = self.run(&["pg_ctl", "-D", &data, "-l", &log, "-o", &options, "-w", "start"]);
        assert!(
            start.status.success(),
            "pg_ctl: {}",
            fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
        );
    }

    fn data(&self) -> String {
        self.folder.path().join("data").display().to_string()
    }

    /// Runs one of the server's programs as a user it accepts.
    fn run(&self, words: &[&str]) -> Output {
        let program = self.bin.join(words[0]);
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        // pg_ctl leaves the server behind; a captured pipe would wait for it for ever.
        if words[0] == "pg_ctl" {
            command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
            let status = command.args(&words[1..]).current_dir("/").status();
            let status = status.expect("PostgreSQL's programs can be started");
            return Output { status, stdout: Vec::new(), stderr: Vec::new() };
        }
        let output = command.args(&words[1..]).current_dir("/").output();
        output.expect("PostgreSQL's programs can be started")
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.run(&["pg_ctl", "-D", &self.data(), "-m", "immediate", "stop"]);
    }
}

fn installed() -> Option<PathBuf> {
    let mut versions: Vec<PathBuf> = fs::read_dir(Path::new("/usr/lib/postgresql"))
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|bin| bin.join("initdb").exists())
        .collect();
    versions.sort();
    versions.pop()
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("a bound listener has an address").port()
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout.starts_with(b"0\n"))
}
