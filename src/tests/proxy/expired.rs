//! What a server says of an authority that nobody believes any more.

use standin::clock::machine_now;
use standin::crypto::authority::Authority;

use super::run::ran;
use crate::cli::{Folder, Served, standin};

const YEARS_11_S: i64 = 11 * 365 * 24 * 60 * 60;

/// Takes seconds, because servers start.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_authority_that_has_expired_is_said_and_none_is_made_in_its_place() {
    let folder = Folder::new("expired");
    let made = Authority::make("test", machine_now().seconds() - YEARS_11_S).unwrap();
    let (pem, key) = (
        folder.0.join("proxy-authority.pem"),
        folder.0.join("proxy-authority-key.pem"),
    );
    std::fs::write(&pem, made.pem()).unwrap();
    std::fs::write(&key, made.key_pem()).unwrap();
    let data = folder.0.to_str().unwrap();
    let serve = ["--data", data, "--proxy", "127.0.0.1:0"];
    let refused = standin(&[&["serve", "--listen", "127.0.0.1:0"], &serve[..]].concat());
    let why = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success());
    for says in [
        "proxy-authority.pem: the certificate was good until ",
        " and has expired; take proxy-authority.pem and proxy-authority-key.pem out of the folder",
    ] {
        assert!(why.contains(says), "{why}");
    }
    assert_eq!(std::fs::read_to_string(&pem).unwrap(), made.pem());
    // A run has an authority of its own, whatever a folder keeps.
    let done = ran(&["--", "true"]);
    assert_eq!(done.code, Some(0), "{}", done.err);
    std::fs::remove_file(&pem).unwrap();
    std::fs::remove_file(&key).unwrap();
    let served = Served::new("renewed", &serve).await;
    assert_ne!(std::fs::read_to_string(&pem).unwrap(), made.pem());
    let (code, _, errors) = served.terminate().await;
    assert_eq!((code, errors.as_str()), (Some(0), ""));
}
