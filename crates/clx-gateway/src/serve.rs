use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::Request;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tower::Service;

use crate::{App, router};

/// Time for the head of a request; slower clients are cut off.
const HEAD_TIMEOUT: Duration = Duration::from_secs(20);
/// Time for open requests to finish once the server stops.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);
/// Connections open at the same time on one listener; further ones wait in the system's queue.
const MAX_CONNECTIONS: usize = 4096;
const METRICS_UPKEEP: Duration = Duration::from_secs(5);

/// Serves the same router on every listener until `shutdown`: then event streams end, open
/// requests get [`DRAIN_TIMEOUT`], and this returns.
///
/// # Errors
/// When a listener's address cannot be read.
pub async fn serve(
    app: App,
    listeners: Vec<TcpListener>,
    shutdown: CancellationToken,
) -> io::Result<()> {
    let router = router(app.clone());
    let mut tasks = JoinSet::new();
    for listener in listeners {
        let address = listener.local_addr()?;
        tracing::info!(server.address = %address, "listening");
        tasks.spawn(accept(listener, router.clone(), shutdown.clone()));
    }
    let metrics = app.services.metrics.clone();
    let upkeep = tokio::spawn(async move {
        loop {
            tokio::time::sleep(METRICS_UPKEEP).await;
            metrics.upkeep();
        }
    });
    shutdown.cancelled().await;
    app.stopping.cancel();
    upkeep.abort();
    while tasks.join_next().await.is_some() {}
    Ok(())
}

async fn accept(listener: TcpListener, router: Router, shutdown: CancellationToken) {
    let graceful = GracefulShutdown::new();
    let slots = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    loop {
        let next = async {
            let slot = slots.clone().acquire_owned().await;
            (slot, listener.accept().await)
        };
        let (slot, accepted) = tokio::select! {
            next = next => next,
            () = shutdown.cancelled() => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                let connection = connection(stream, peer, router.clone(), &graceful);
                tokio::spawn(async move {
                    connection.await;
                    drop(slot);
                });
            }
            Err(error) => {
                // Out of file descriptors, or a client that left: waiting helps, stopping does not.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    drop(listener);
    if tokio::time::timeout(DRAIN_TIMEOUT, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests were still open after {DRAIN_TIMEOUT:?} and are cut off");
    }
}

fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    graceful: &GracefulShutdown,
) -> impl Future<Output = ()> + use<> {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "nodelay is not available");
    }
    let service = tower::service_fn(move |request: Request<hyper::body::Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().call(request)
    });
    // HTTP/1 only: telling the versions apart waits without a limit for a client that says nothing.
    let mut builder = auto::Builder::new(TokioExecutor::new()).http1_only();
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT);
    let served = builder
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service))
        .into_owned();
    let served = graceful.watch(served);
    async move {
        if let Err(error) = served.await {
            tracing::debug!(%error, "a connection ended with an error");
        }
    }
}
