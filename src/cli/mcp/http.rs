//! Streamable HTTP: several clients, at an address of this machine. A page in a browser is none of them: a stranger's `Host`
//! and every `Origin` are refused.

use std::net::SocketAddr;
use std::sync::Arc;

use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use tokio::net::TcpListener;

use super::super::out::{Failed, say};
use super::super::remote::Remote;
use super::super::stop::told_to_stop;
use super::door::{Door, Files};
use crate::limits::BODY_BYTES_MAX;

/// Where clients find the door.
const PATH: &str = "/mcp";

pub(super) async fn serve(remote: &Remote, address: SocketAddr) -> Result<(), Failed> {
    if !address.ip().is_loopback() {
        return Err(Failed::Told(format!(
            "--http {address}: whoever reaches it drives the server, so it must be an address of this machine, such as 4112"
        )));
    }
    let listener = TcpListener::bind(address).await;
    let listener = listener.map_err(|error| format!("cannot listen on {address}: {error}"))?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    say!("answers at http://{address}{PATH}")?;
    let door = Door::new(remote.clone(), Files::AreClosed);
    let config = StreamableHttpServerConfig::default()
        .with_max_request_body_bytes(BODY_BYTES_MAX)
        .enforce_origin_validation();
    let service = StreamableHttpService::new(
        move || Ok(door.clone()),
        Arc::new(LocalSessionManager::default()),
        config,
    );
    let router = axum::Router::new().nest_service(PATH, service);
    tokio::select! {
        ended = accept(listener, router) => Ok(ended?),
        stopped = told_to_stop() => stopped.map_err(Failed::Told),
    }
}

async fn accept(listener: TcpListener, router: axum::Router) -> Result<(), String> {
    loop {
        let (stream, _) = listener.accept().await.map_err(|error| error.to_string())?;
        let service = TowerToHyperService::new(router.clone());
        tokio::spawn(async move {
            let http = Builder::new(TokioExecutor::new());
            // A client that breaks off has said all it wanted.
            let _broke_off = http.serve_connection(TokioIo::new(stream), service).await;
        });
    }
}
