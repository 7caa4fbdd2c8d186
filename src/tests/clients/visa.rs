//! A token requestor at Visa that shares nothing with this program: signatures by node, envelopes by `jose`.

use serde_json::json;
use standin::operations::keyring::Origin;
use standin::operations::network_keys::NetworkKeys;
use standin::seed::Seed;

use super::{installed, run};
use crate::client::options;

/// How many steps the script makes.
pub(crate) const STEPS: u64 = 28;

/// Writes down what the script is let in with, at a server of the usual options. None when there is no client.
pub(crate) fn ready() -> Option<()> {
    let folder = installed()?;
    let options = options();
    let origin = Origin::Seed(Seed::from_text(&options.seed));
    let keys = NetworkKeys::make(&origin, &options.accounts).unwrap();
    let given = json!({
        "api_key": keys.visa.api_key(),
        "shared_secret": keys.visa.shared_secret(),
        "encryption_api_key": keys.visa.encryption_api_key(),
        "encryption_shared_secret": keys.visa.encryption_shared_secret(),
    });
    // Put there in one piece, as another test may be reading it.
    let own = format!("visa-keys-{:?}", std::thread::current().id());
    std::fs::write(folder.join(&own), given.to_string()).unwrap();
    std::fs::rename(folder.join(own), folder.join("visa-keys.json")).unwrap();
    Some(())
}

/// Takes seconds: npm installs the clients the first time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stock_jose_library_enrols_pays_and_steps_up() {
    if ready().is_some() {
        run("visa.mjs", STEPS).await;
    }
}
