//! Numbers that many threads add to at the same time. Each thread adds to its own, because processors that change one number in
//! turn wait for each other longer than the addition takes; whoever reads adds them up.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Threads that have the same stripe share it.
const STRIPES: usize = 8;

/// As far apart as processors fetch memory.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Stripe<T>(T);

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Stripes<T>([Stripe<T>; STRIPES]);

impl<T> Stripes<T> {
    /// The calling thread's.
    pub(super) fn own(&self) -> &T {
        let place = OWN.with(|place| *place);
        &self.0[place % STRIPES].0
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &T> {
        self.0.iter().map(|stripe| &stripe.0)
    }
}

static NEXT: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    static OWN: usize = NEXT.fetch_add(1, Ordering::Relaxed);
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU64;

    use super::*;

    #[test]
    fn what_every_thread_adds_is_there() {
        let stripes = Stripes::<AtomicU64>::default();
        std::thread::scope(|scope| {
            for _ in 0..2 * STRIPES {
                scope.spawn(|| {
                    for _ in 0..1_000 {
                        stripes.own().fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
        });
        let counts: Vec<_> = stripes
            .all()
            .map(|one| one.load(Ordering::Relaxed))
            .collect();
        assert_eq!(counts.iter().sum::<u64>(), 2_000 * STRIPES as u64);
        assert!(counts.iter().filter(|count| **count > 0).count() > 1);
    }
}
