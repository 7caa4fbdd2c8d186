//! How a command that goes on is told to stop.

/// Listens for Ctrl-C or SIGTERM from now on, and ends when one has come. A signal that comes before anybody listens ends the
/// process without a word, and whatever it had to take back stays.
pub(super) fn told_to_stop() -> impl Future<Output = Result<(), String>> {
    let come = tokio::spawn(signal());
    async { come.await.map_err(|error| format!("signals: {error}"))? }
}

async fn signal() -> Result<(), String> {
    let signals = |error: std::io::Error| format!("signals: {error}");
    #[cfg(unix)]
    {
        let kind = tokio::signal::unix::SignalKind::terminate();
        let mut terminate = tokio::signal::unix::signal(kind).map_err(signals)?;
        tokio::select! {
            pressed = tokio::signal::ctrl_c() => pressed.map_err(signals),
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await.map_err(signals)
}
