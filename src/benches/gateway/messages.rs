//! What a webhook message costs in processor time, over a connection that is kept: the same cards get and lose a token at a
//! server that tells nobody and at one that tells ten receivers. The receivers are one bare server, whose time is its own.

use std::io::Write;
use std::time::Duration;

use serde_json::json;

use crate::cases::{api, ask, bearer, parse, read};
use crate::server::{Server, pin_client};
use crate::versus::SETTLED;

const TOLD: &str = "127.0.0.1:24129";
const RECEIVER: &str = "127.0.0.1:24130";
const ENDPOINTS: usize = 10;
/// Each is a token that comes and one that goes: two messages for each endpoint.
const PAIRS: usize = 1_000;
/// Microseconds.
const WANTED: f64 = 40.0;

pub(crate) fn run() {
    pin_client();
    let folder = std::env::temp_dir().join(format!("standin-messages-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let answers = folder.join("answers.json");
    // A bare server has one answer for GET and one for everything else.
    let nothing = json!({ "headers": {}, "body": "" });
    std::fs::write(&answers, json!([nothing, nothing]).to_string()).unwrap();
    let _receiver = Server::bare(RECEIVER, answers.to_str().unwrap());
    let config = folder.join("standin.toml");
    let mut text = std::fs::File::create(&config).unwrap();
    for place in 0..ENDPOINTS {
        writeln!(
            text,
            "[[webhooks.endpoint]]\nurl = \"http://{RECEIVER}/{place}\"\naccount = \"standin-manual\"\nprofile = \"standard\""
        )
        .unwrap();
    }
    let alone = spent(&[]);
    let told = spent(&["--config", config.to_str().unwrap()]);
    std::fs::remove_dir_all(&folder).unwrap();
    let messages = (PAIRS * 2 * ENDPOINTS) as f64;
    println!(
        "a webhook message: {:.0} us of processor time (wanted {WANTED:.0}); a served pair {:.0} us untold, {:.0} us told to {ENDPOINTS} receivers",
        (told - alone).as_secs_f64() * 1e6 / messages,
        alone.as_secs_f64() * 1e6 / PAIRS as f64,
        told.as_secs_f64() * 1e6 / PAIRS as f64,
    );
}

/// Processor time for all pairs and the messages about them.
fn spent(more: &[&str]) -> Duration {
    let server = Server::standin(TOLD, more);
    std::thread::sleep(SETTLED);
    let mut line = std::net::TcpStream::connect(server.address).unwrap();
    let bearer = bearer(&mut line, "default");
    let card = r#"{"data":{"attributes":{"pan":"4111111111111111","exp_month":12,"exp_year":40}}}"#;
    let (_, body) = ask(&mut line, &api(&bearer, "POST", "/cards", card));
    let id = parse(&body)["data"]["id"].as_str().unwrap().to_owned();
    let path = format!("/cards/{id}/network-tokens");
    let (provision, delete) = (
        api(&bearer, "POST", &path, ""),
        api(&bearer, "DELETE", &path, ""),
    );
    let before = server.spent();
    for _ in 0..PAIRS {
        ask(&mut line, &provision);
        ask(&mut line, &delete);
    }
    let mut after = server.spent();
    loop {
        std::thread::sleep(Duration::from_millis(300));
        let now = server.spent();
        if now.since(after).all < Duration::from_millis(2) {
            break;
        }
        after = now;
    }
    let messages = read(server.address, "/_standin/webhooks/messages");
    assert_eq!(messages["waiting"], json!([]), "not everything has arrived");
    assert_eq!(messages["dead"], json!([]), "a message was not taken");
    after.since(before).all
}
