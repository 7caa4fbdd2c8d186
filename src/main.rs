//! Arguments in, exit code out. Everything else is in the library, where it can be tested.

use std::process::ExitCode;

/// It gives memory back by itself, in a thread of its own, some seconds after it was let go: after a flood the system's
/// allocator keeps all of it. `cargo bench --bench gateway flood` shows how much.
#[cfg(not(target_env = "msvc"))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    standin::cli::run()
}
