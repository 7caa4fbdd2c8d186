//! Commands that ask a server, at one that does not do what it is asked for: whatever it answers, no command takes it for done,
//! and each says what the server has said.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Command;

use crate::cli::Folder;

/// Every command that asks a server, with all that it needs. `FILE` stands for a file that is there.
const COMMANDS: [&str; 27] = [
    "fault add delay 5ms",
    "fault add --preset slow_friday",
    "fault list",
    "fault rm one",
    "fault rm --all",
    "journal",
    "journal --json",
    "journal --format har",
    "journal --format ndjson",
    "journal --follow",
    "verify --match status=200",
    "verify --match status=200 --json",
    "judge report",
    "health",
    "doctor",
    "listen",
    "postman",
    "env",
    "snapshot save FILE",
    "snapshot load FILE",
    "trigger suspend --token NTK1",
    "trigger suspend --token NTK1 --json",
    "trigger replace-pan --card CRD1",
    "trigger payment_intent.succeeded",
    "trigger CAPTURE",
    "trigger payment_refunded",
    "trigger customer.created",
];

/// What the server answers, and what is in what a command says of it.
const ANSWERS: [(&str, &str, &str, &str); 13] = [
    (
        "401",
        "application/json",
        r#"{"error":{"code":"control_token","message":"not without its token"}}"#,
        "not without its token",
    ),
    (
        "403",
        "application/json",
        r#"{"error":{"code":"x","message":"not for you"}}"#,
        "not for you",
    ),
    (
        "404",
        "application/json",
        r#"{"error":{"code":"x","message":"not there"}}"#,
        "not there",
    ),
    (
        "409",
        "application/json",
        r#"{"error":{"code":"x","message":"not as things stand"}}"#,
        "not as things stand",
    ),
    (
        "422",
        "application/json",
        r#"{"error":{"code":"x","message":"not in these words"}}"#,
        "not in these words",
    ),
    (
        "503",
        "application/json",
        r#"{"ready":false,"reason":"not at this hour"}"#,
        "not at this hour",
    ),
    ("302", "text/plain", "", "answered 302"),
    ("500", "text/plain", "out of paper", "out of paper"),
    (
        "502",
        "text/html",
        "<html>bad gateway</html>",
        "answered 502 Bad Gateway and a page",
    ),
    (
        "200",
        "text/html",
        "<html>welcome</html>",
        "is it the right --server?",
    ),
    (
        "200",
        "application/json",
        "welcome",
        "is it the right --server?",
    ),
    ("200", "application/json", "{}", "is it the right --server?"),
    // It hangs up.
    ("", "", "", "gave no answer"),
];

/// Answers everything alike, on a thread of its own for as long as the process.
fn server(status: &'static str, kind: &'static str, body: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            std::thread::spawn(move || answer(stream, status, kind, body));
        }
    });
    format!("http://{address}")
}

fn answer(mut stream: TcpStream, status: &str, kind: &str, body: &str) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|read| read == 1) {
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).to_lowercase();
    let length = head.split("content-length: ").nth(1);
    let length = length.and_then(|rest| rest.lines().next()?.parse().ok());
    let mut sent = vec![0; length.unwrap_or(0)];
    let _whole = stream.read_exact(&mut sent);
    if status.is_empty() {
        return;
    }
    let length = body.len();
    let answer = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    );
    let _unheard = stream.write_all(answer.as_bytes());
}

/// Takes half a minute on a small machine: a process for every command and answer.
#[test]
fn no_command_takes_a_refusal_for_done() {
    let folder = Folder::new("refusing");
    let file = folder.0.join("world.ndjson");
    std::fs::write(&file, "{}\n").unwrap();
    let servers = ANSWERS.map(|(status, kind, body, said)| (server(status, kind, body), said));
    let mut wrong = Vec::new();
    let mut asked = 0;
    for (place, command) in COMMANDS.iter().enumerate() {
        for (number, (server, said)) in servers.iter().enumerate() {
            let words = command.split(' ').map(|word| match word {
                "FILE" => file.to_str().unwrap(),
                word => word,
            });
            let mut program = Command::new(env!("CARGO_BIN_EXE_standin"));
            program.args(words).args(["--server", server]);
            program.current_dir(&folder.0).env("HOME", &folder.0);
            let ended = program.output().unwrap();
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            let (out, err) = (text(&ended.stdout), text(&ended.stderr));
            // What a doctor finds is its result; whatever else is wrong is no result.
            let heard = if *command == "doctor" { &out } else { &err };
            let code = ended.status.code().unwrap_or(0);
            let expected = if ["health", "doctor"].contains(command) {
                1
            } else {
                2
            };
            if code != expected || !heard.contains(said) {
                wrong.push(format!(
                    "{place}/{number} standin {command}: {code}, wanted {said:?}\n{out}{err}"
                ));
            }
            asked += 1;
        }
    }
    assert_eq!(asked, COMMANDS.len() * ANSWERS.len());
    assert!(
        wrong.is_empty(),
        "{} wrong\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    let kept = std::fs::read_to_string(&file).unwrap();
    assert_eq!(kept, "{}\n", "a refusal was saved over a file");
}
