//! A token requestor at Visa that shares nothing with this program: signatures by node, envelopes by `jose`.

use serde_json::json;
use standin::operations::keyring::Origin;
use standin::operations::network_keys::NetworkKeys;
use standin::seed::Seed;

use super::{installed, run};
use crate::client::options;

/// Takes seconds: npm installs the clients the first time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stock_jose_library_enrols_pays_and_steps_up() {
    let Some(folder) = installed() else {
        return;
    };
    let options = options();
    let origin = Origin::Seed(Seed::from_text(&options.seed));
    let keys = NetworkKeys::make(&origin, &options.accounts).unwrap();
    let given = json!({
        "api_key": keys.visa.api_key(),
        "shared_secret": keys.visa.shared_secret(),
        "encryption_api_key": keys.visa.encryption_api_key(),
        "encryption_shared_secret": keys.visa.encryption_shared_secret(),
    });
    std::fs::write(folder.join("visa-keys.json"), given.to_string()).unwrap();
    run("visa.mjs", 28).await;
}
