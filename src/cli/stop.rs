//! How a command that goes on is told to stop.

/// Hears Ctrl-C and SIGTERM from this call on, and ends when one has come. A signal that comes before anybody hears it ends the
/// process without a word, and whatever it had to take back stays.
pub(super) fn told_to_stop() -> impl Future<Output = Result<(), String>> {
    let signals = |error: std::io::Error| format!("signals: {error}");
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let heard = [SignalKind::interrupt(), SignalKind::terminate()].map(signal);
        async move {
            let [interrupt, terminate] = heard;
            let mut interrupt = interrupt.map_err(signals)?;
            let mut terminate = terminate.map_err(signals)?;
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            Ok(())
        }
    }
    #[cfg(not(unix))]
    async move {
        tokio::signal::ctrl_c().await.map_err(signals)
    }
}
