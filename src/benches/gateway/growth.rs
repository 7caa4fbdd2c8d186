//! Whether a request gets dearer as a server fills up: with the cards of a space, with spaces, with what the journal keeps.
//! A full server is held against an almost empty one in the same run; all that it holds is asked for in turn.
//!
//! `cargo bench --bench gateway growth` makes a million cards, which takes some minutes; a number behind it makes so many
//! instead.

use std::path::Path;
use std::time::Duration;

use crate::cases::{Case, prepare, read};
use crate::pairs::Ratios;
use crate::server::{Server, pin_client};
use crate::spin::spin;
use crate::versus::{CONNECTIONS, SETTLED};

const CARDS: usize = 1_000_000;
const SPACES: usize = 9_984;
const SMALL: &str = "127.0.0.1:24127";
const LARGE: &str = "127.0.0.1:24128";
const MEBIBYTE: usize = 1 << 20;
/// A seventh more processor time is allowed for a thousand or a million times the cards or spaces, a twentieth for the journal.
const FLAT: f64 = 1.0 / 1.15;
const FLAT_JOURNAL: f64 = 1.0 / 1.05;
const ROUNDS: usize = 5;

pub(crate) fn run() {
    pin_client();
    let given = std::env::args().skip(1).find_map(|word| word.parse().ok());
    cards(given.unwrap_or(CARDS));
    spaces();
    journal();
}

fn cards(count: usize) {
    let (small, large) = (started(SMALL, &[]), started(LARGE, &[]));
    let few = prepare(small.address, "default", 1, 1);
    let many = prepare(large.address, "default", CONNECTIONS, count / CONNECTIONS);
    let few = alike(few);
    tell(
        &format!("{count} cards"),
        "one card",
        &large,
        &many,
        &small,
        &few,
        FLAT,
    );
}

fn spaces() {
    let (small, large) = (started(SMALL, &[]), started(LARGE, &[]));
    let few = alike(prepare(small.address, "default", 1, 1));
    let mut many: Vec<Case> = Vec::new();
    for place in 0..SPACES / CONNECTIONS {
        // A space for each connection, and its cases added to those that are there.
        let mut round: Option<Vec<Case>> = None;
        for connection in 0..CONNECTIONS {
            let space = format!("s{place}-{connection}");
            let cases = prepare(large.address, &space, 1, 1);
            round = Some(match round {
                None => cases,
                Some(before) => beside(before, cases),
            });
        }
        let round = round.unwrap_or_default();
        many = if many.is_empty() {
            round
        } else {
            many.into_iter()
                .zip(round)
                .map(|(all, more)| all.and(more))
                .collect()
        };
    }
    tell(
        &format!("{SPACES} spaces"),
        "one space",
        &large,
        &many,
        &small,
        &few,
        FLAT,
    );
}

fn journal() {
    let folder = std::env::temp_dir().join(format!("standin-growth-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let bounded = |address, mebibytes: usize| {
        let file = folder.join(format!("{mebibytes}.toml"));
        let bytes = mebibytes * MEBIBYTE;
        std::fs::write(&file, format!("[journal]\nbytes_max = {bytes}\n")).unwrap();
        started(address, &["--config", path(&file)])
    };
    let (small, large) = (bounded(SMALL, 4), bounded(LARGE, 256));
    let few = prepare(small.address, "default", CONNECTIONS, 1);
    let many = prepare(large.address, "default", CONNECTIONS, 1);
    // Until it lets go what is oldest.
    let mut lines = many[0].open(large.address);
    while read(large.address, "/_standin/journal?rows=0")["evicted"] == 0 {
        spin(&mut lines, Duration::from_secs(1));
    }
    drop(lines);
    tell(
        "256 MiB of journal",
        "4 MiB",
        &large,
        &many,
        &small,
        &few,
        FLAT_JOURNAL,
    );
    std::fs::remove_dir_all(&folder).unwrap();
}

fn path(file: &Path) -> &str {
    file.to_str().unwrap()
}

fn started(address: &str, more: &[&str]) -> Server {
    let server = Server::standin(address, more);
    std::thread::sleep(SETTLED);
    server
}

/// The same card asked for by every connection.
fn alike(cases: Vec<Case>) -> Vec<Case> {
    let repeated = |mut case: Case| {
        case.lines = vec![case.lines[0].clone(); CONNECTIONS];
        case
    };
    cases.into_iter().map(repeated).collect()
}

/// The connections of both, in whole requests.
fn beside(before: Vec<Case>, more: Vec<Case>) -> Vec<Case> {
    let pairs = before.into_iter().zip(more);
    pairs.map(|(before, more)| before.beside(more)).collect()
}

fn tell(
    much: &str,
    little: &str,
    large: &Server,
    many: &[Case],
    small: &Server,
    few: &[Case],
    wanted: f64,
) {
    println!("{much} beside {little}, {ROUNDS} rounds, medians");
    for (many, few) in many.iter().zip(few) {
        let mut ratios = Ratios::default();
        for _ in 0..ROUNDS {
            ratios.add(large, many, small, few);
        }
        ratios.tell(many.name, little, wanted);
    }
}
