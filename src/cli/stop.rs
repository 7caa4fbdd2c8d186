//! How a command that goes on is told to stop.

/// Waits for Ctrl-C or SIGTERM.
pub(super) async fn told_to_stop() -> Result<(), String> {
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
