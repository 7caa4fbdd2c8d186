//! The Standard Webhooks library's verifier.

use super::run;

/// Takes seconds when npm has to install the clients first.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_standards_own_library_verifies_what_is_sent() {
    run("webhooks.mjs", 3).await;
}
