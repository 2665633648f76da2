//! The server: configuration, wiring, start, shutdown.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use clx_accounts::Accounts;
use clx_gateway::{App, Services};
use clx_jobs::{JobsConfig, Library, Workers};
use clx_store::{Clock, Store};
use clx_telemetry::Metrics;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use toml::Value;

use crate::args::Serve;
use crate::config::{self, Config, path_value};
use crate::{out, samples};

pub(crate) fn run(command: &Serve) -> Result<()> {
    if command.print_config {
        return Ok(out::raw(config::DEFAULT.as_bytes())?);
    }
    let config = Config::load(command.config.as_deref(), std::env::vars(), &flags(command))?;
    clx_telemetry::init_logs(&config.telemetry)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(serve(config, command))
}

fn flags(command: &Serve) -> Vec<(&'static str, Value)> {
    let text = |value: &Option<String>| value.clone().map(Value::String);
    [
        ("store.data_dir", command.data_dir.as_deref().map(path_value)),
        ("server.api_listen", text(&command.listen)),
        ("server.web_listen", text(&command.web_listen)),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name, value?)))
    .collect()
}

async fn serve(config: Config, command: &Serve) -> Result<()> {
    let jobs = JobsConfig { models_dir: config.models_dir(), ..config.jobs };
    let store = Store::open(config.store).await.context("opening the store")?;
    let clock = Clock::System;
    let accounts = Accounts::new(store.clone(), config.accounts, clock.clone());
    let link = accounts.bootstrap().await?;
    let library = Library::new(store.clone(), jobs.clone(), clock);
    library.recover().await?;

    let mut listeners = vec![bind(config.server.api_listen).await?];
    if let Some(address) = config.server.web_listen {
        listeners.push(bind(address).await?);
    }
    let api = listeners[0].local_addr()?;
    let web = listeners.last().map_or(Ok(api), TcpListener::local_addr)?;
    let sign_in = link.map(|token| format!("http://{web}/sign-in#token={}", token.expose()));
    announce(api, web, sign_in.as_deref(), command.json)?;

    let workers = jobs.run_jobs.then(|| Workers::start(&library));
    if command.samples {
        // Making them takes a second or two, for which nobody should wait.
        tokio::spawn(add_samples(accounts.clone(), library.clone()));
    }
    let stop = CancellationToken::new();
    tokio::spawn(stop_on_signal(stop.clone()));
    let services =
        Services { store: store.clone(), accounts, library, metrics: Metrics::install()? };
    clx_gateway::serve(App::new(services, config.gateway), listeners, stop).await?;
    if let Some(workers) = workers {
        workers.stop().await;
    }
    store.close().await?;
    Ok(())
}

async fn add_samples(accounts: Accounts, library: Library) {
    let added = async {
        let caller = accounts.internal_caller().await?;
        samples::add(&library, &caller).await
    };
    if let Err(error) = added.await {
        tracing::error!("the samples could not be added: {error:#}");
    }
}

async fn bind(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!("listening on {address}; choose another with --listen or --web-listen")
    })
}

fn announce(api: SocketAddr, web: SocketAddr, sign_in: Option<&str>, as_json: bool) -> Result<()> {
    if as_json {
        let started = json!({
            "api": format!("http://{api}/v1"),
            "web": format!("http://{web}"),
            "sign_in": sign_in,
        });
        out::line(format_args!("{started}"))?;
        return Ok(());
    }
    out::line(format_args!("Clisonix {}", env!("CARGO_PKG_VERSION")))?;
    out::line(format_args!("  web app  http://{web}"))?;
    out::line(format_args!("  API      http://{api}/v1"))?;
    if let Some(link) = sign_in {
        out::line(format_args!("  sign in  {link}"))?;
        out::line(format_args!(
            "           works once, within 24 hours; set a password in the settings"
        ))?;
    }
    Ok(())
}

/// Ends the server on Ctrl-C and on the signal that service managers send.
async fn stop_on_signal(stop: CancellationToken) {
    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
    stop.cancel();
}
