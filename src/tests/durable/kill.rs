//! The server is killed at random moments while 32 clients write. Whatever it had answered is there when it starts again: no
//! card is missing, the same request gets the same bytes, and no cryptogram pays twice.
//!
//! Ten cycles, or as many as the variable `STANDIN_KILL_CYCLES` says; then it prints what it saw.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rand::{RngExt as _, SeedableRng};
use rand_chacha::ChaCha20Rng;
use tokio::time::Instant;

use super::{Serving, create, pay};
use crate::cli::Folder;
use crate::client::{Answer, Ask, Client};

const WRITERS: usize = 32;
const CYCLES: u32 = 10;

/// What a client was told.
struct Told {
    card: String,
    payment: Option<Paid>,
}

struct Paid {
    ask: Ask,
    /// The same cryptogram, for another order.
    again: Ask,
    answer: Answer,
}

/// Writes until the server is gone.
async fn write(client: Client, access: String, numbers: Arc<AtomicU64>) -> Vec<Told> {
    let mut told = Vec::new();
    loop {
        let number = numbers.fetch_add(1, Ordering::Relaxed);
        let Ok(created) = client.attempt(&create(&access, number)).await else {
            return told;
        };
        let card = created.expect(201).at("/data/id");
        told.push(Told {
            card: card.clone(),
            payment: None,
        });
        let post = |path: &str| Ask::post(format!("/cards/{card}/{path}")).bearer(&access);
        let Ok(token) = client.attempt(&post("network-tokens")).await else {
            return told;
        };
        let Ok(cryptogram) = client.attempt(&post("cryptogram")).await else {
            return told;
        };
        let (token, cryptogram) = (token.expect(200), cryptogram.expect(200));
        let ask = pay(&token, &cryptogram, &format!("order-{number}"));
        let again = pay(&token, &cryptogram, &format!("other-{number}"));
        let Ok(answer) = client.attempt(&ask).await else {
            return told;
        };
        let answer = answer.expect(201);
        told.last_mut().unwrap().payment = Some(Paid { ask, again, answer });
    }
}

/// How much of what clients were told is not so.
async fn lost(client: &Client, access: &str, told: &[Told]) -> usize {
    let mut lost = 0;
    for Told { card, payment } in told {
        let read = Ask::get(format!("/cards/{card}")).bearer(access);
        lost += usize::from(client.send(read).await.status != 200);
        if let Some(paid) = payment {
            let same = client.send(paid.ask.clone()).await;
            lost += usize::from(same.text() != paid.answer.text());
            let again = client.send(paid.again.clone()).await.json();
            lost += usize::from(again["reason"] != "cryptogram_replayed");
        }
    }
    lost
}

/// Told to stop, it answers what it has begun and nothing that it answered is lost. Takes seconds.
#[tokio::test(flavor = "multi_thread")]
async fn told_to_stop_under_load_it_ends_well_and_soon() {
    let folder = Folder::new("drained");
    let mut serving = Serving::in_folder(&folder.0).await;
    let access = serving.client.token("standin-manual", None).await;
    let numbers = Arc::new(AtomicU64::new(0));
    let write = || write(serving.client.clone(), access.clone(), Arc::clone(&numbers));
    let writers: Vec<_> = (0..WRITERS).map(|_| tokio::spawn(write())).collect();
    while numbers.load(Ordering::Relaxed) < 2 * WRITERS as u64 {
        tokio::task::yield_now().await;
    }
    let process = serving.process.id().unwrap().to_string();
    let told = std::process::Command::new("kill")
        .args(["-TERM", &process])
        .status();
    assert!(told.unwrap().success());
    let begun = Instant::now();
    let ended = serving.process.wait().await.unwrap();
    assert_eq!(ended.code(), Some(0));
    assert!(
        begun.elapsed() < standin::limits::DRAIN_WAIT,
        "{:?}",
        begun.elapsed()
    );
    let mut told = Vec::new();
    for writer in writers {
        told.extend(writer.await.unwrap());
    }
    assert!(!told.is_empty());
    let serving = Serving::in_folder(&folder.0).await;
    let access = serving.client.token("standin-manual", None).await;
    assert_eq!(lost(&serving.client, &access, &told).await, 0);
}

/// Takes some seconds: the server is started eleven times.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_was_answered_is_lost() {
    let asked = std::env::var_os("STANDIN_KILL_CYCLES");
    let cycles = asked
        .as_ref()
        .map_or(CYCLES, |cycles| cycles.to_string_lossy().parse().unwrap());
    let folder = Folder::new("kill");
    let numbers = Arc::new(AtomicU64::new(0));
    let mut chance = ChaCha20Rng::seed_from_u64(17);
    let mut serving = Serving::in_folder(&folder.0).await;
    let (mut answered, mut missing, mut reopened) = (0, 0, Vec::new());
    for _ in 0..cycles {
        let access = serving.client.token("standin-manual", None).await;
        let writers: Vec<_> = (0..WRITERS)
            .map(|_| {
                let (client, numbers) = (serving.client.clone(), Arc::clone(&numbers));
                tokio::spawn(write(client, access.clone(), numbers))
            })
            .collect();
        // However slow the machine is, each writer has written something, and all are in the middle of more.
        let kill_at = numbers.load(Ordering::Relaxed) + chance.random_range(64..320);
        while numbers.load(Ordering::Relaxed) < kill_at {
            tokio::time::sleep(Duration::from_micros(chance.random_range(100..2_000))).await;
        }
        serving.process.start_kill().unwrap();
        serving.process.wait().await.unwrap();
        let mut told = Vec::new();
        for writer in writers {
            told.extend(writer.await.unwrap());
        }
        let started = Instant::now();
        serving = Serving::in_folder(&folder.0).await;
        reopened.push(started.elapsed());
        let access = serving.client.token("standin-manual", None).await;
        missing += lost(&serving.client, &access, &told).await;
        let paid = told.iter().filter(|told| told.payment.is_some()).count();
        answered += told.len() + paid;
    }
    reopened.sort();
    let p99 = reopened[(reopened.len() * 99).div_ceil(100) - 1];
    let said = format!(
        "{cycles} kills: {answered} cards and payments answered, {missing} lost; started again within {p99:?} (p99)\n"
    );
    if asked.is_some() {
        std::io::stderr().write_all(said.as_bytes()).unwrap();
    }
    assert!(answered > cycles as usize * WRITERS, "{said}");
    assert_eq!(missing, 0, "{said}");
}
