//! Heads that say two things, or nothing: refused with a sentence, and nothing is sent anywhere.

use super::{CREDENTIALS, Elsewhere, Proxied, reasons};

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

fn settings(elsewhere: &Elsewhere) -> String {
    format!(
        "[proxy.upstreams]\n\"own.test\" = \"{}\"\n",
        elsewhere.address
    )
}

/// Heads, the status that each is answered with, and what the answer says.
const UNCLEAR: [(&str, u16, &str); 19] = [
    (
        "CONNECT own.test HTTP/1.1\r\nhost: own.test\r\n",
        400,
        "HOST:PORT",
    ),
    (
        "CONNECT http://own.test/ HTTP/1.1\r\nhost: own.test\r\n",
        400,
        "",
    ),
    (
        "CONNECT /own.test:443 HTTP/1.1\r\nhost: own.test\r\n",
        400,
        "",
    ),
    (
        "CONNECT own.test:99999 HTTP/1.1\r\nhost: own.test\r\n",
        400,
        "",
    ),
    (
        "CONNECT own.test:443 HTTP/1.1\r\nhost: evil.example:443\r\n",
        400,
        "another host",
    ),
    (
        "CONNECT own.test:443 HTTP/1.1\r\nhost: own.test\r\nhost: own.test\r\n",
        400,
        "more than once",
    ),
    (
        "CONNECT own.test:443 HTTP/1.1\r\nhost: own.test\r\ncontent-length: 5\r\n",
        400,
        "no body",
    ),
    (
        "CONNECT own.test:443 HTTP/1.1\r\nhost: own.test\r\ntransfer-encoding: chunked\r\n",
        400,
        "no body",
    ),
    (
        "CONNECT user@own.test:443 HTTP/1.1\r\nhost: own.test\r\n",
        400,
        "",
    ),
    (
        "CONNECT own .test:443 HTTP/1.1\r\nhost: own.test\r\n",
        400,
        "",
    ),
    ("CONNECT\r\nhost: own.test\r\n", 400, ""),
    (
        "GET http://own.test/ HTTP/1.1\r\nhost: evil.example\r\n",
        400,
        "another host",
    ),
    (
        "GET http://own.test:8080/ HTTP/1.1\r\nhost: own.test\r\n",
        400,
        "another host",
    ),
    (
        "GET ftp://own.test/ HTTP/1.1\r\nhost: own.test\r\n",
        400,
        "http://",
    ),
    (
        "GET / HTTP/1.1\r\nhost: own.test\r\n",
        400,
        "standin's proxy",
    ),
    (
        "POST http://own.test/ HTTP/1.1\r\nhost: own.test\r\ncontent-length: 1\r\ncontent-length: 2\r\n",
        400,
        "",
    ),
    (
        "POST http://own.test/ HTTP/1.1\r\nhost: own.test\r\ncontent-length: +1\r\n",
        400,
        "",
    ),
    (
        "POST http://own.test/ HTTP/1.1\r\nhost: own.test\r\ntransfer-encoding: gzip, chunked\r\n",
        501,
        "chunked",
    ),
    (
        "POST http://own.test/ HTTP/1.1\r\nhost: own.test\r\ntransfer-encoding : chunked\r\n",
        400,
        "",
    ),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_that_is_not_clear_is_refused_and_goes_nowhere() {
    let elsewhere = Elsewhere::that(OK).await;
    let proxied = Proxied::with(&settings(&elsewhere)).await;
    let auth = format!("proxy-authorization: {CREDENTIALS}\r\n");
    for (head, status, says) in UNCLEAR {
        let said = proxied.said(&format!("{head}{auth}\r\n")).await;
        let began = format!("HTTP/1.1 {status} ");
        assert!(
            said.starts_with(&began) && said.contains(says),
            "{head}: {said}"
        );
    }
    assert_eq!(elsewhere.said(), Vec::<String>::new());
    // What is clear goes there.
    let said = proxied.said(&format!("GET http://own.test/x?y HTTP/1.1\r\nhost: own.test\r\n{auth}connection: x-one, close\r\nx-one: 1\r\nx-two: 2\r\n\r\n")).await;
    assert!(
        said.starts_with("HTTP/1.1 200 OK") && said.ends_with("ok"),
        "{said}"
    );
    assert!(said.contains("vgs-upstream-status-code: 200"), "{said}");
    let [heard] = elsewhere.said().try_into().unwrap();
    let heard: String = heard;
    assert!(
        heard.starts_with("GET /x?y HTTP/1.1\r\n") && heard.contains("host: own.test\r\n"),
        "{heard}"
    );
    assert!(
        heard.contains("x-two: 2") && !heard.contains("x-one") && !heard.contains("proxy-"),
        "{heard}"
    );
}

/// RFC 9112, section 11.2: what one side takes for the end of a request and the other does not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_hidden_in_a_body_stays_in_it() {
    let elsewhere = Elsewhere::that(OK).await;
    let proxied = Proxied::with(&settings(&elsewhere)).await;
    let auth = format!("proxy-authorization: {CREDENTIALS}\r\n");
    let hidden = "GET /hidden HTTP/1.1\r\nhost: own.test\r\n\r\n";
    for (framing, body) in [
        (
            "content-length: 6\r\ntransfer-encoding: chunked\r\n",
            format!("0\r\n\r\n{hidden}"),
        ),
        (
            "transfer-encoding: chunked\r\ncontent-length: 6\r\n",
            format!("0\r\n\r\n{hidden}"),
        ),
        (
            "transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n",
            format!("0\r\n\r\n{hidden}"),
        ),
        ("content-length: 44, 44\r\n", hidden.to_owned()),
        (
            "transfer-encoding: chunked\r\n",
            format!("0\r\nx: y\r\n\r\n{hidden}"),
        ),
    ] {
        proxied
            .said(&format!(
                "POST http://own.test/ HTTP/1.1\r\nhost: own.test\r\n{auth}{framing}\r\n{body}"
            ))
            .await;
    }
    for heard in elsewhere.said() {
        let requests = heard.matches(" HTTP/1.1\r\n").count();
        assert_eq!(requests, 1, "{heard}");
        assert!(!heard.contains("/hidden"), "{heard}");
        let both = heard.contains("content-length") && heard.contains("transfer-encoding");
        assert!(!both, "{heard}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_gets_in_without_the_credentials_of_a_vault() {
    let elsewhere = Elsewhere::that(OK).await;
    let proxied = Proxied::with(&settings(&elsewhere)).await;
    for auth in [
        "",
        "proxy-authorization: Basic VVNzdGFuZGluOndyb25n\r\n",
        "proxy-authorization: Bearer x\r\n",
        "authorization: Basic VVNzdGFuZGluOnN0YW5kaW4tc2VjcmV0\r\n",
    ] {
        for head in [
            "CONNECT own.test:443 HTTP/1.1\r\nhost: own.test:443\r\n",
            "CONNECT api.stripe.com:443 HTTP/1.1\r\nhost: api.stripe.com:443\r\n",
            "GET http://own.test/ HTTP/1.1\r\nhost: own.test\r\n",
        ] {
            let said = proxied.said(&format!("{head}{auth}\r\n")).await;
            assert!(said.starts_with("HTTP/1.1 407 "), "{head}{auth}: {said}");
            assert!(said.contains("proxy-authenticate: Basic realm="), "{said}");
        }
    }
    assert!(elsewhere.said().is_empty());
    // Each is in the journal, and what any page of a browser can send is not.
    assert_eq!(reasons(proxied.client(), "").await.len(), 12);
    proxied
        .said("GET / HTTP/1.1\r\nhost: own.test\r\n\r\n")
        .await;
    assert_eq!(reasons(proxied.client(), "").await.len(), 12);
    assert_eq!(
        proxied.proxy.certificates_made(),
        2,
        "its own address and localhost"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_world_is_refused_by_name_and_metadata_always() {
    let settings = "[proxy.upstreams]\n\"meta.test\" = \"169.254.169.254:80\"\n\"six.test\" = \"[fd00:ec2::254]:80\"\n\"far.test\" = \"192.0.2.1:80\"\n\"mapped.test\" = \"[::ffff:169.254.169.254]:80\"\n";
    let proxied = Proxied::with(settings).await;
    let auth = format!("proxy-authorization: {CREDENTIALS}\r\n");
    for (host, status, says) in [
        ("canary.example", 403, "--proxy-allow canary.example"),
        ("169.254.169.254", 403, "--proxy-allow"),
        ("meta.test", 403, "where nothing is ever sent"),
        ("six.test", 403, "where nothing is ever sent"),
        ("mapped.test", 403, "where nothing is ever sent"),
        ("far.test", 403, "away from this machine"),
    ] {
        for head in [
            format!("CONNECT {host}:80 HTTP/1.1\r\nhost: {host}:80\r\n"),
            format!("GET http://{host}/latest HTTP/1.1\r\nhost: {host}\r\n"),
        ] {
            let said = proxied.said(&format!("{head}{auth}\r\n")).await;
            assert!(
                said.starts_with(&format!("HTTP/1.1 {status} ")),
                "{head}: {said}"
            );
            assert!(said.contains(says), "{head}: {said}");
        }
    }
    assert_eq!(reasons(proxied.client(), "").await.len(), 12, "once each");
    let told = proxied.proxy.told();
    assert_eq!(told.refused["canary.example"], 2);
    assert_eq!(told.refused.len(), 6, "{told:?}");
    assert!(
        told.answered.is_empty() && told.passed.is_empty(),
        "{told:?}"
    );
}
