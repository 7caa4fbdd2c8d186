//! The Standard Webhooks library's verifier, and those of the payment services.

use super::run;

/// Takes seconds when npm has to install the clients first.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_standards_own_library_verifies_what_is_sent() {
    run("webhooks.mjs", 3).await;
}

/// Takes seconds, as above.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn payment_services_own_libraries_verify_what_is_told_of_payments() {
    run("payment_webhooks.mjs", 9).await;
}
