//! By what somebody proves that the control plane may be used, sent in every way in which it can be sent, rightly or by mistake,
//! and looked for in everything that is shown of it.

use standin::crypto::encoding::base64;
use standin::operations::settings::Settings;
use standin::server::{Gate, Options};

use crate::client::{Ask, FORM, Stand, options};

const TOKEN: &str = "control-token-of-this-test-alone";

/// What is shown of what was asked.
const SHOWN: [&str; 6] = [
    "/_standin/journal?rows=1000",
    "/_standin/journal?rows=1000&format=ndjson",
    "/_standin/journal?rows=1000&format=har",
    "/_standin/journal/0",
    "/_standin/journal/events?from=0",
    "/_standin/judge",
];

/// Every way in, at a path.
fn ways(path: &str, cookie: &str) -> Vec<Ask> {
    let get = || Ask::get(path);
    let post = || Ask::post(path);
    let form = |name: &str| post().form(&[(name, TOKEN)]);
    let pair = base64(format!("control:{TOKEN}").as_bytes());
    let name = base64(format!("{TOKEN}:").as_bytes());
    vec![
        get().bearer(TOKEN),
        get().header("authorization", format!("bearer {TOKEN}")),
        get().header("authorization", TOKEN),
        get().header("authorization", format!("Basic {pair}")),
        get().header("authorization", format!("Basic {name}")),
        get().header("proxy-authorization", format!("Basic {pair}")),
        get().header("standin-control-token", TOKEN),
        post().header("standin-control-token", TOKEN),
        get().header("x-control", TOKEN),
        get().header("x-note", pair),
        get().header("cookie", cookie),
        get().header("cookie2", cookie),
        get().header("referer", format!("http://127.0.0.1/?token={TOKEN}")),
        Ask::get(format!("{path}?token={TOKEN}")),
        Ask::get(format!("{path}?control_token={TOKEN}")),
        Ask::get(format!("{path}?{TOKEN}")),
        Ask::get(format!("{path}/{TOKEN}")),
        form("token"),
        form("x"),
        post().body("application/json", format!(r#"{{"x":"{TOKEN}"}}"#)),
        post().body("text/plain", format!("it is {TOKEN}, is it not")),
        post().body(FORM, TOKEN),
    ]
}

#[tokio::test]
async fn no_proof_of_who_asks_shows_in_journal_or_archive() {
    let mut settings = Settings::default();
    settings.journal.judge = Some("shop".to_owned());
    let stand = Stand::start(Options {
        settings,
        gate: Gate {
            hosts: Vec::new(),
            control_token: Some(TOKEN.to_owned()),
        },
        ..options()
    })
    .await;
    let sign_in = Ask::post("/_standin/session").form(&[("token", TOKEN)]);
    let given = stand.send(sign_in).await.expect(303);
    let cookie = given.header("set-cookie").unwrap();
    let (cookie, _) = cookie.split_once(';').unwrap();
    let (_, proof) = cookie.split_once('=').unwrap();
    let mut sent = 0;
    for path in [
        "/_standin/nowhere",
        "/_standin/session",
        "/_standin/verify",
        "/nowhere",
        "/mcp",
        "/cards",
        "/v1/payment_intents",
        "/payments",
        "/vts/provisionedTokens",
        "/v71/payments",
    ] {
        for ask in ways(path, cookie) {
            stand.send(ask).await;
            sent += 1;
        }
    }
    assert_eq!(sent, 220);
    for path in SHOWN {
        let shown = stand.send(Ask::get(path).bearer(TOKEN)).await;
        let shown = shown.expect(200).text();
        for secret in [TOKEN, proof] {
            let spelled: [String; 2] = [secret.to_owned(), base64(secret.as_bytes())];
            for secret in spelled {
                let at = shown.find(&secret);
                let near = at.map(|at| &shown[at.saturating_sub(200)..at + secret.len()]);
                assert_eq!(near, None, "{path}");
            }
        }
    }
    let journal = stand.send(Ask::get(SHOWN[0]).bearer(TOKEN)).await.json();
    let entries = journal["entries"].as_array().unwrap();
    // What the control plane answers is not in the journal, and whatever else was asked is.
    assert!(entries.len() > 150, "{} entries", entries.len());
    let header = |name: &str| {
        let mut values = entries
            .iter()
            .filter_map(|one| one["headers"][name].as_str());
        values.next().map(str::to_owned)
    };
    assert_eq!(header("standin-control-token").as_deref(), Some("***"));
    assert_eq!(header("proxy-authorization").as_deref(), Some("Basic ***"));
    assert_eq!(header("cookie").as_deref(), Some("***"));
}
