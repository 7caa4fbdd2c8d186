//! What is to happen to the bytes of a connection: a short script of steps, and the handle by which a request arms its own
//! connection with one. Nothing here touches a socket.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::time::Duration;

use bytes::Bytes;
use parking_lot::Mutex;

/// One step of a script. Steps are carried out in order; once all have been, bytes pass as if there had been none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Lets so many bytes of what the server writes through.
    Pass(u64),
    /// Lets the head of an HTTP/1.1 answer through, up to and with its empty line.
    PassHead,
    /// Sends these bytes in front of whatever the server writes next.
    Send(Bytes),
    /// Lets `bytes` through at a time, `every` so often, until the answer has been written.
    Drip { bytes: usize, every: Duration },
    /// Waits before the next step.
    Sleep(Duration),
    /// Lets nothing more through and closes the connection after this time.
    Stall(Duration),
    /// Ends the connection in good order (FIN), with whatever is still to be written left out.
    Close,
    /// Ends the connection with a reset (RST).
    Reset,
}

/// What has become of a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// None was armed, or it has not been carried out to its end yet.
    Open,
    /// Every step has been carried out.
    Done,
    /// The answer was over before the script was: it was shorter than the script had been made for.
    FellShort,
}

/// Arms one connection. Cheap to clone; every request of the connection has one.
#[derive(Debug, Clone, Default)]
pub struct FaultHandle(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    armed: AtomicBool,
    finishing: AtomicBool,
    fate: AtomicU8,
    steps: Mutex<VecDeque<Step>>,
}

impl FaultHandle {
    /// Adds steps to the connection's script. They begin with the next byte that the server writes, so a request arms while it
    /// is being answered and the answer before it has been sent. On HTTP/2 all streams of the connection are hit.
    pub fn arm(&self, steps: impl IntoIterator<Item = Step>) {
        let mut queue = self.0.steps.lock();
        queue.extend(steps);
        if !queue.is_empty() {
            self.0.finishing.store(false, Ordering::Relaxed);
            self.0.fate.store(Fate::Open as u8, Ordering::Relaxed);
            self.0.armed.store(true, Ordering::Release);
        }
    }

    /// One relaxed load: all that an unarmed connection pays for each read and write.
    pub fn is_armed(&self) -> bool {
        self.0.armed.load(Ordering::Relaxed)
    }

    /// Says that the answer has been handed over whole. Once it is flushed, steps that still wait for bytes are dropped, so
    /// that they do not hit the next answer on the same connection.
    pub fn finish(&self) {
        self.0.finishing.store(true, Ordering::Release);
    }

    pub fn fate(&self) -> Fate {
        match self.0.fate.load(Ordering::Relaxed) {
            1 => Fate::Done,
            2 => Fate::FellShort,
            _ => Fate::Open,
        }
    }

    pub(super) fn is_finishing(&self) -> bool {
        self.0.finishing.load(Ordering::Acquire)
    }

    /// The next step. None disarms, and only then can a step that is added meanwhile not be missed.
    pub(super) fn next(&self) -> Option<Step> {
        let mut queue = self.0.steps.lock();
        let step = queue.pop_front();
        if step.is_none() {
            self.0.fate.store(Fate::Done as u8, Ordering::Relaxed);
            self.0.armed.store(false, Ordering::Release);
        }
        step
    }

    /// Drops the rest of the script.
    pub(super) fn abandon(&self, fate: Fate) {
        let mut queue = self.0.steps.lock();
        queue.clear();
        self.0.fate.store(fate as u8, Ordering::Relaxed);
        self.0.armed.store(false, Ordering::Release);
    }

    /// The connection is over and stays armed for good, so that every read and write is refused.
    pub(super) fn end(&self) {
        self.0.steps.lock().clear();
        self.0.fate.store(Fate::Done as u8, Ordering::Relaxed);
    }
}
