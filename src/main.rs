//! Arguments in, exit code out. Everything else is in the library, where it can be tested.

use std::process::ExitCode;

fn main() -> ExitCode {
    standin::cli::run()
}
