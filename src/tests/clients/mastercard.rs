//! Mastercard's own clients from npm: mastercard-oauth1-signer signs, mastercard-client-encryption seals and opens. They are
//! configured with the folder that `standin keys` writes and a server reads, both as a user runs them.

use super::{installed, run_against};
use crate::cli::{Folder, Served, printed};
use crate::client::Ask;

/// Takes seconds: npm installs the clients the first time, and two processes make keys.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_forms_of_mastercard_s_own_client_are_served() {
    if installed().is_none() {
        return;
    }
    let folder = Folder::new("mastercard-keys");
    let keys = folder.0.to_str().unwrap();
    printed(&["keys", "--dir", keys]);
    let served = Served::new("mastercard-client", &["--keys", keys, "--judge", "shop"]).await;
    run_against("mastercard.mjs", &[&served.base, keys], 29).await;
    // It does nothing wrong but what it is refused for, each time in another way.
    let report = Ask::get("/_standin/judge");
    let report = served.client().send(report).await.expect(200).json();
    assert_eq!(report["verdict"], "clean", "{report:#}");
    let (code, _, errors) = served.terminate().await;
    assert_eq!((code, errors.as_str()), (Some(0), ""));
}
