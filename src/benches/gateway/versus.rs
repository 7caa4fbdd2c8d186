//! GET card and POST cryptogram, journal on, beside a bare hyper server that answers the same bytes.
//!
//! Each server is a process of its own, on a core of its own, and its processor time per request is what counts; the client
//! never sleeps. The median of several starts is told, because how a process lies in memory is drawn anew at each.

use std::time::Duration;

use serde_json::json;

use crate::cases::prepare;
use crate::pairs::Ratios;
use crate::server::{Server, pin_client};

pub(crate) const CONNECTIONS: usize = 32;
/// Of each connection. Together they are more than any table of ours remembers.
pub(crate) const CARDS: usize = 625;
pub(crate) const STARTS: usize = 5;
/// By then the keys have been made.
pub(crate) const SETTLED: Duration = Duration::from_secs(1);
const STANDIN: &str = "127.0.0.1:24121";
const BARE: &str = "127.0.0.1:24122";
/// Processor time of bare hyper over that of standin: what is wanted at least of GET and POST.
const WANTED: [f64; 2] = [0.85, 0.75];

pub(crate) fn run() {
    pin_client();
    let mut ratios = [Ratios::default(), Ratios::default()];
    let mut names = Vec::new();
    for _ in 0..STARTS {
        let standin = Server::standin(STANDIN, &[]);
        std::thread::sleep(SETTLED);
        let cases = prepare(standin.address, "default", CONNECTIONS, CARDS);
        let file = std::env::temp_dir().join(format!("standin-bench-{}.json", std::process::id()));
        let answers = cases.iter();
        let answers = answers.map(|case| json!({ "headers": case.headers, "body": case.answer }));
        std::fs::write(&file, json!(answers.collect::<Vec<_>>()).to_string()).unwrap();
        let bare = Server::bare(BARE, file.to_str().unwrap());
        names = cases.iter().map(|case| case.name).collect();
        for (case, ratios) in cases.iter().zip(&mut ratios) {
            ratios.add(&standin, case, &bare, case);
        }
        std::fs::remove_file(&file).unwrap();
    }
    println!("{CONNECTIONS} connections, {STARTS} starts, medians");
    for ((name, ratios), wanted) in names.iter().zip(&mut ratios).zip(WANTED) {
        ratios.tell(name, "bare hyper", wanted);
    }
}
