//! Data that is read when somebody first asks for it. The lists that ship with the program take longer to read than all the
//! rest of its start, and a server that is asked for its health needs none of them.

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, LazyLock};

type Made<T> = LazyLock<T, Box<dyn FnOnce() -> T + Send>>;

/// See the module. Copies share what was read.
pub struct OnFirstUse<T>(Arc<Made<T>>);

impl<T: Send + 'static> OnFirstUse<T> {
    pub fn new(make: impl FnOnce() -> T + Send + 'static) -> Self {
        Self(Arc::new(LazyLock::new(Box::new(make))))
    }
}

impl<T: Send + 'static> From<T> for OnFirstUse<T> {
    fn from(value: T) -> Self {
        Self::new(|| value)
    }
}

impl<T: Default + Send + 'static> Default for OnFirstUse<T> {
    fn default() -> Self {
        Self::new(T::default)
    }
}

impl<T> Clone for OnFirstUse<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Deref for OnFirstUse<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for OnFirstUse<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnFirstUse")
    }
}
