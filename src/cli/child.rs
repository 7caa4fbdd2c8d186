//! A command that runs for us: what we are told to do, it is told.

#[cfg(unix)]
mod unix {
    use std::io::IsTerminal as _;
    use std::os::unix::process::ExitStatusExt as _;
    use std::process::ExitStatus;

    use rustix::process::{Pid, Signal, kill_process};
    use tokio::signal::unix::{SignalKind, signal};

    /// What a program is told from outside.
    #[derive(Debug)]
    pub(in crate::cli) struct Signals {
        interrupt: tokio::signal::unix::Signal,
        quit: tokio::signal::unix::Signal,
        terminate: tokio::signal::unix::Signal,
        hang_up: tokio::signal::unix::Signal,
    }

    impl Signals {
        pub(in crate::cli) fn new() -> std::io::Result<Self> {
            Ok(Self {
                interrupt: signal(SignalKind::interrupt())?,
                quit: signal(SignalKind::quit())?,
                terminate: signal(SignalKind::terminate())?,
                hang_up: signal(SignalKind::hangup())?,
            })
        }

        /// The next one.
        pub(in crate::cli) async fn next(&mut self) -> Signal {
            tokio::select! {
                _ = self.interrupt.recv() => Signal::INT,
                _ = self.quit.recv() => Signal::QUIT,
                _ = self.terminate.recv() => Signal::TERM,
                _ = self.hang_up.recv() => Signal::HUP,
            }
        }
    }

    /// Tells the process too. What is typed at a terminal it has been told already.
    pub(in crate::cli) fn pass_on(id: Option<u32>, signal: Signal) {
        let typed = signal == Signal::INT || signal == Signal::QUIT;
        if typed && std::io::stdin().is_terminal() {
            return;
        }
        let pid = id
            .and_then(|id| i32::try_from(id).ok())
            .and_then(Pid::from_raw);
        if let Some(pid) = pid {
            // It may have ended meanwhile.
            let _gone = kill_process(pid, signal);
        }
    }

    /// The signal that ended a process.
    pub(in crate::cli) fn signal_of(status: ExitStatus) -> Option<i32> {
        status.signal()
    }
}

#[cfg(not(unix))]
mod other {
    use std::process::ExitStatus;

    /// Consoles tell every program of theirs, so nothing is left to be passed on.
    #[derive(Debug)]
    pub(in crate::cli) struct Signals;

    impl Signals {
        pub(in crate::cli) fn new() -> std::io::Result<Self> {
            Ok(Self)
        }

        pub(in crate::cli) async fn next(&mut self) {
            let _heard = tokio::signal::ctrl_c().await;
        }
    }

    pub(in crate::cli) fn pass_on(_: Option<u32>, (): ()) {}

    pub(in crate::cli) fn signal_of(_: ExitStatus) -> Option<i32> {
        None
    }
}

#[cfg(not(unix))]
pub(super) use other::{Signals, pass_on, signal_of};
#[cfg(unix)]
pub(super) use unix::{Signals, pass_on, signal_of};
