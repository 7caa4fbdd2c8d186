//! Commands that ask a server that speaks TLS with a certificate of a private authority.

use std::process::{Command, Output, Stdio};

use rustls::pki_types::PrivateKeyDer;
use standin::clock::machine_now;
use standin::crypto::authority::Authority;

use crate::cli::{Folder, Served};

fn pem(label: &str, der: &[u8]) -> String {
    let text = data_encoding::BASE64.encode(der);
    format!("-----BEGIN {label}-----\n{text}\n-----END {label}-----\n")
}

/// The files of an authority, and of a server that it vouches for.
struct Files {
    authority: String,
    stranger: String,
    chain: String,
    key: String,
}

impl Files {
    fn write(folder: &Folder) -> Self {
        let now_s = machine_now().seconds();
        let [own, stranger] = ["own", "stranger"].map(|name| Authority::make(name, now_s).unwrap());
        let leaf = own.leaf("127.0.0.1", now_s).unwrap();
        let chain: String = leaf.iter().map(|one| pem("CERTIFICATE", one)).collect();
        let key = PrivateKeyDer::from(own.leaf_key());
        let write = |name: &str, text: &str| {
            let path = folder.0.join(name);
            std::fs::write(&path, text).unwrap();
            path.to_str().unwrap().to_owned()
        };
        Self {
            authority: write("authority.pem", own.pem()),
            stranger: write("stranger.pem", stranger.pem()),
            chain: write("chain.pem", &chain),
            key: write("key.pem", &pem("PRIVATE KEY", key.secret_der())),
        }
    }
}

fn asks(words: &str, more: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_standin"));
    program
        .args(words.split(' '))
        .args(more)
        .stdin(Stdio::null());
    program.env_remove("SSL_CERT_FILE").env_remove("STANDIN_CA");
    program.envs(variables.iter().copied()).output().unwrap()
}

fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}

const ASKED: [&str; 10] = [
    "health",
    "doctor",
    "fault add delay 1ms as slow",
    "fault list",
    "fault rm slow",
    "journal --format har",
    "verify --match status=299 --at-most 0",
    "postman",
    "trigger payment_intent.succeeded",
    "trigger REFUND",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_with_a_private_authority_is_asked_by_whoever_is_told_of_it() {
    let folder = Folder::new("over-tls");
    let files = Files::write(&folder);
    let path = |name: &str| folder.0.join(name).to_str().unwrap().to_owned();
    let world = path("world.ndjson");
    let tls = ["--tls-cert", &files.chain, "--tls-key", &files.key];
    let served = Served::new("over-tls-server", &tls).await;
    assert!(
        served.base.starts_with("https://127.0.0.1:"),
        "{}",
        served.base
    );
    let server = ["--server", &served.base];
    let believing = [&server[..], &["--ca", &files.authority]].concat();
    let saved = ["save", "load"].map(|what| format!("snapshot {what} {world}"));
    for words in ASKED.into_iter().chain(saved.iter().map(String::as_str)) {
        let done = asks(words, &believing, &[]);
        assert!(done.status.success(), "{words}: {}", said(&done));
    }
    for variable in ["STANDIN_CA", "SSL_CERT_FILE"] {
        let done = asks("health", &server, &[(variable, &files.authority)]);
        assert_eq!(said(&done), "ready\n", "{variable}");
    }
    let [localhost, plain] = [
        served.base.replace("127.0.0.1", "localhost"),
        served.base.replace("https:", "http:"),
    ];
    let unnamed = asks(
        "health",
        &["--server", &localhost, "--ca", &files.authority],
        &[],
    );
    assert_eq!(
        unnamed.status.code(),
        Some(1),
        "the certificate has no such name"
    );
    for (more, why) in [
        (
            server.to_vec(),
            "name the authority of its certificate with --ca FILE",
        ),
        (
            [&server[..], &["--ca", &files.stranger]].concat(),
            "name the authority of its certificate with --ca FILE",
        ),
        (
            [&server[..], &["--ca", &world]].concat(),
            "no PEM certificate in it",
        ),
        (
            vec!["--server", &plain],
            "does it begin with http:// or https:// as it should?",
        ),
    ] {
        let refused = asks("fault list", &more, &[]);
        assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
        assert!(said(&refused).contains(why), "{}", said(&refused));
    }
    served.terminate().await;
}

/// `serve --tls` makes its authority once and keeps it where commands are told to look.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_makes_its_own_authority_is_believed_by_its_folder() {
    let folder = Folder::new("own-tls");
    let keys = folder.0.join("keys");
    let keys = keys.to_str().unwrap();
    let without = asks("serve --tls --listen 127.0.0.1:0", &[], &[]);
    assert_eq!(without.status.code(), Some(2));
    assert!(
        said(&without).contains("name a folder with --keys or --data"),
        "{}",
        said(&without)
    );
    let data = ["--tls", "--data", keys, "--allow-host", "standin.test"];
    let mut authorities = Vec::new();
    for round in ["first", "again"] {
        let served = Served::new(&format!("own-tls-{round}"), &data).await;
        let localhost = served.base.replace("127.0.0.1", "localhost");
        for server in [&served.base, &localhost] {
            let done = asks("health", &["--server", server, "--ca", keys], &[]);
            assert_eq!(said(&done), "ready\n", "{server}");
            let by_variable = asks("fault list", &["--server", server], &[("STANDIN_CA", keys)]);
            assert_eq!(said(&by_variable), "no rule is armed\n", "{server}");
            let stranger = asks("health", &["--server", server], &[]);
            assert!(said(&stranger).contains("--ca FILE"), "{}", said(&stranger));
        }
        let pem = std::fs::read_to_string(format!("{keys}/proxy-authority.pem"));
        authorities.push(pem.unwrap());
        served.terminate().await;
    }
    assert_eq!(authorities[0], authorities[1]);
}
