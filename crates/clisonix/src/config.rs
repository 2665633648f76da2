//! Settings: `config.default.toml`, overridden by a file, by the environment, by flags.
//!
//! `CLX_STORE__DATABASE_URL` sets `database_url` of `[store]`. Nothing reads the environment later.

use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clx_accounts::AccountsConfig;
use clx_gateway::GatewayConfig;
use clx_jobs::JobsConfig;
use clx_store::StoreConfig;
use clx_telemetry::TelemetryConfig;
use serde::Deserialize;
use toml::{Table, Value};

/// Every setting with its default and its explanation.
pub(crate) const DEFAULT: &str = include_str!("../config.default.toml");

const PREFIX: &str = "CLX_";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    pub(crate) server: ServerConfig,
    pub(crate) gateway: GatewayConfig,
    pub(crate) store: StoreConfig,
    pub(crate) accounts: AccountsConfig,
    pub(crate) jobs: JobsConfig,
    pub(crate) telemetry: TelemetryConfig,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ServerConfig {
    pub(crate) api_listen: SocketAddr,
    pub(crate) web_listen: Option<SocketAddr>,
}

impl Config {
    /// Reads all sources; `flags` are `("store.data_dir", value)` and win.
    pub(crate) fn load(
        file: Option<&Path>,
        environment: impl Iterator<Item = (String, String)>,
        flags: &[(&str, Value)],
    ) -> Result<Self> {
        let mut table: Table = DEFAULT.parse().context("config.default.toml")?;
        if let Some(path) = file {
            let text = fs::read_to_string(path).with_context(|| format!("{}", path.display()))?;
            merge(&mut table, text.parse().with_context(|| format!("{}", path.display()))?);
        }
        for (path, value) in from_environment(environment) {
            set(&mut table, &path, value);
        }
        for (path, value) in flags {
            let path: Vec<String> = path.split('.').map(str::to_owned).collect();
            set(&mut table, &path, value.clone());
        }
        parse(table)
    }

    /// Where the trained models are kept.
    pub(crate) fn models_dir(&self) -> PathBuf {
        if self.jobs.models_dir.as_os_str().is_empty() {
            return self.store.data_dir.join("models");
        }
        self.jobs.models_dir.clone()
    }
}

/// Reads each section by itself, so that one start reports every fault.
fn parse(mut table: Table) -> Result<Config> {
    let mut faults = Vec::new();
    // No listener is written as an empty address.
    if let Some(Value::Table(server)) = table.get_mut("server")
        && server.get("web_listen").and_then(Value::as_str) == Some("")
    {
        server.remove("web_listen");
    }
    let mut sections: BTreeMap<String, Value> = table.into_iter().collect();
    let mut take = |name: &str| sections.remove(name).unwrap_or(Value::Table(Table::new()));
    let config = (
        section(&mut faults, "server", take("server")),
        section(&mut faults, "gateway", take("gateway")),
        section(&mut faults, "store", take("store")),
        section(&mut faults, "accounts", take("accounts")),
        section(&mut faults, "jobs", take("jobs")),
        section(&mut faults, "telemetry", take("telemetry")),
    );
    faults.extend(sections.keys().map(|name| format!("[{name}] is no section of the settings")));
    let (_, gateway, store, accounts, jobs, telemetry) = &config;
    let checked = [
        ("gateway", gateway.as_ref().map(GatewayConfig::faults)),
        ("store", store.as_ref().map(StoreConfig::faults)),
        ("accounts", accounts.as_ref().map(AccountsConfig::faults)),
        ("jobs", jobs.as_ref().map(JobsConfig::faults)),
        ("telemetry", telemetry.as_ref().map(TelemetryConfig::faults)),
    ];
    for (section, found) in checked {
        let found = found.into_iter().flatten();
        faults.extend(found.map(|(name, message)| format!("{section}.{name}: {message}")));
    }
    match config {
        (Some(server), Some(gateway), Some(store), Some(accounts), Some(jobs), Some(telemetry))
            if faults.is_empty() =>
        {
            Ok(Config { server, gateway, store, accounts, jobs, telemetry })
        }
        _ => bail!("settings:\n  {}", faults.join("\n  ")),
    }
}

fn section<T: for<'de> Deserialize<'de>>(
    faults: &mut Vec<String>,
    name: &str,
    value: Value,
) -> Option<T> {
    match value.try_into() {
        Ok(section) => Some(section),
        Err(error) => {
            faults.push(format!("[{name}] {}", error.to_string().trim()));
            None
        }
    }
}

fn from_environment(
    environment: impl Iterator<Item = (String, String)>,
) -> impl Iterator<Item = (Vec<String>, Value)> {
    environment.filter_map(|(name, text)| {
        let path: Vec<String> =
            name.strip_prefix(PREFIX)?.split("__").map(str::to_lowercase).collect();
        // Other programs' variables may share the prefix; a setting always names its section.
        (path.len() >= 2).then(|| (path, scalar(&text)))
    })
}

/// `true`, `12` and `0.5` become what they look like, everything else text.
fn scalar(text: &str) -> Value {
    let parsed = format!("x = {text}").parse::<Table>().ok().and_then(|mut t| t.remove("x"));
    match parsed {
        Some(value @ (Value::Boolean(_) | Value::Integer(_) | Value::Float(_))) => value,
        _ => Value::String(text.to_owned()),
    }
}

fn set(table: &mut Table, path: &[String], value: Value) {
    match path {
        [] => {}
        [name] => {
            table.insert(name.clone(), value);
        }
        [name, rest @ ..] => {
            let entry = table.entry(name.clone()).or_insert_with(|| Value::Table(Table::new()));
            if let Value::Table(inner) = entry {
                set(inner, rest, value);
            }
        }
    }
}

fn merge(table: &mut Table, other: Table) {
    for (name, value) in other {
        match (table.get_mut(&name), value) {
            (Some(Value::Table(inner)), Value::Table(value)) => merge(inner, value),
            (_, value) => {
                table.insert(name, value);
            }
        }
    }
}

/// A path as a setting.
pub(crate) fn path_value(path: &Path) -> Value {
    Value::String(path.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(environment: &[(&str, &str)], flags: &[(&str, Value)]) -> Result<Config> {
        let environment = environment.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        Config::load(None, environment, flags)
    }

    #[test]
    fn the_defaults_are_complete() {
        assert_eq!(load(&[], &[]).unwrap().server.api_listen.port(), 8000);
    }

    #[test]
    fn the_environment_overrides_defaults_and_flags_override_both() {
        let environment = [("CLX_SERVER__API_LISTEN", "127.0.0.1:9000")];
        assert_eq!(load(&environment, &[]).unwrap().server.api_listen.port(), 9000);
        let flags = [("server.api_listen", Value::from("127.0.0.1:9001"))];
        assert_eq!(load(&environment, &flags).unwrap().server.api_listen.port(), 9001);
    }

    #[test]
    fn every_fault_is_reported_at_once() {
        let faults = load(&[("CLX_GATEWAY__HTTPS", "maybe"), ("CLX_JOBS__NOPE", "1")], &[]);
        let text = faults.unwrap_err().to_string();
        assert!(text.contains("[gateway]") && text.contains("[jobs]"), "{text}");
    }

    #[test]
    fn values_out_of_bounds_are_reported_at_once_by_the_path_of_the_setting() {
        let wrong = [
            ("gateway.request_timeout_s", "30"),
            ("gateway.max_json_bytes", "0"),
            ("gateway.max_event_streams", "0"),
            ("store.readers", "0"),
            ("store.data_dir", ""),
            ("store.database_url", "mysql://root:secret@localhost/x"),
            ("accounts.session_days", "0"),
            ("accounts.owner_email", "owner"),
            ("accounts.org_name", " "),
            ("jobs.max_upload_bytes", "0"),
            ("jobs.upload_expiry_hours", "0"),
            ("jobs.workers", "1025"),
            ("jobs.max_attempts", "0"),
            ("jobs.lease_s", "0"),
            ("jobs.poll_ms", "0"),
            ("jobs.max_waiting_jobs", "0"),
            ("telemetry.log", "clx=loud=2"),
        ];
        let variable = |path: &str| format!("CLX_{}", path.replace('.', "__").to_uppercase());
        let environment: Vec<(String, String)> =
            wrong.iter().map(|(path, value)| (variable(path), (*value).to_owned())).collect();
        let text = Config::load(None, environment.into_iter(), &[]).unwrap_err().to_string();
        for (path, _) in wrong {
            assert!(text.contains(&format!("\n  {path}: ")), "{path} is missing:\n{text}");
        }
        assert!(!text.contains("secret"), "{text}");
    }

    #[test]
    fn an_unknown_section_is_a_fault() {
        assert!(load(&[("CLX_NOWHERE__X", "1")], &[]).is_err());
    }

    #[test]
    fn an_empty_web_address_turns_the_second_port_off() {
        assert!(load(&[("CLX_SERVER__WEB_LISTEN", "")], &[]).unwrap().server.web_listen.is_none());
    }
}
