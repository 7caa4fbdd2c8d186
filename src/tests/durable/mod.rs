//! The program with a folder of its own: killed, locked out, and with a disk that fails.

mod disk;
mod folder;
mod kill;

use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::json;
use standin::domain::card::with_check_digit;
use tokio::process::{Child, Command};

use crate::cli::base_url;
use crate::client::{Answer, Ask, Client};

/// A server that keeps its state in `data` below a folder.
struct Serving {
    process: Child,
    client: Client,
}

/// The arguments of such a server.
fn arguments(folder: &Path, data: &Path) -> Vec<String> {
    let ready = folder.join("ready");
    let _not_there_yet = std::fs::remove_file(&ready);
    let given = [
        "serve",
        "--clock",
        "manual",
        "--quiet",
        "--log",
        "off",
        "--listen",
        "127.0.0.1:0",
    ];
    let mut all: Vec<_> = given.iter().map(|one| (*one).to_owned()).collect();
    for (name, path) in [("--ready-file", &ready), ("--data", &data.to_owned())] {
        all.extend([name.to_owned(), path.display().to_string()]);
    }
    all
}

impl Serving {
    /// Starts `program`, which becomes the server, and waits until that answers.
    async fn start(mut program: Command, folder: &Path) -> Self {
        program.kill_on_drop(true).stdin(Stdio::null());
        program.stdout(Stdio::null()).stderr(Stdio::null());
        let process = program.spawn().unwrap();
        let client = Client::new(&base_url(&folder.join("ready")).await);
        Self { process, client }
    }

    async fn in_folder(folder: &Path) -> Self {
        let mut program = Command::new(env!("CARGO_BIN_EXE_standin"));
        program.args(arguments(folder, &folder.join("data")));
        Self::start(program, folder).await
    }
}

/// A card number that no other number gives.
fn pan(number: u64) -> String {
    with_check_digit(&format!("400021{number:09}"))
}

pub(crate) fn create(access: &str, number: u64) -> Ask {
    let card = json!({ "pan": pan(number), "exp_month": 12, "exp_year": 30 });
    Ask::post("/cards").bearer(access).attributes(&card)
}

/// A payment with a token that one cryptogram proves.
pub(crate) fn pay(token: &Answer, cryptogram: &Answer, key: &str) -> Ask {
    let attributes = &token.json()["data"]["attributes"];
    let body = json!({
        "amount": 1_000,
        "currency": "EUR",
        "network_token": {
            "number": attributes["network_token"],
            "exp_month": attributes["exp_month"],
            "exp_year": attributes["exp_year"],
            "cryptogram": cryptogram.at("/data/attributes/cryptogram/value"),
        },
    });
    let ask = Ask::post("/payments").bearer("standin_key");
    ask.header("idempotency-key", key).json(&body)
}

/// Where a path of a mount that only a process sees can be reached from outside.
fn seen_by(process: u32, path: &Path) -> PathBuf {
    let inside = path.strip_prefix("/").unwrap();
    Path::new("/proc")
        .join(process.to_string())
        .join("root")
        .join(inside)
}
