//! A merchant's checkout page, and a stranger's, in a headless Chromium.

use super::run;
use crate::program::require_program;

/// Takes seconds: a browser starts.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shopper_pays_with_token_and_short_cryptogram_once() {
    if require_program("chromium") {
        run("shopper.mjs", 4).await;
    }
}

/// Whoever runs a sandbox opens other pages too. Takes seconds: a browser starts.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_of_a_foreign_origin_reads_nothing_and_changes_nothing() {
    if require_program("chromium") {
        run("stranger.mjs", 5).await;
    }
}
