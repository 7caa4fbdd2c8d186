//! A merchant's checkout page in a headless Chromium.

use super::run;
use crate::program::require_program;

/// Takes seconds: a browser starts.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shopper_pays_with_token_and_short_cryptogram_once() {
    if require_program("chromium") {
        run("shopper.mjs", 4).await;
    }
}
