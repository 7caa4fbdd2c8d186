//! Who is let through, as somebody outside sees it.

use serde_json::{Value, json};
use standin::server::{Gate, Options};

use crate::client::{Ask, Stand, options};

/// Method and path of everything that the served description documents, with something in place of each parameter.
pub(super) async fn documented(stand: &Stand) -> Vec<(String, String)> {
    let document = stand.send(Ask::get("/_standin/openapi.json")).await;
    let document = document.expect(200).json();
    let paths = document["paths"].as_object().unwrap();
    let methods = |(path, item): (&String, &Value)| -> Vec<_> {
        // Which versions there are is told by the path.
        let path = path.replace("{version}", "v72").replace(['{', '}'], "");
        let verbs = item.as_object().unwrap().keys();
        let verbs = verbs.filter(|verb| *verb != "parameters");
        verbs
            .map(|verb| (verb.to_uppercase(), path.clone()))
            .collect()
    };
    let all: Vec<_> = paths.iter().flat_map(methods).collect();
    assert!(all.len() > 80, "{}", all.len());
    all
}

/// What changes something on the control plane.
async fn changes(stand: &Stand) -> Vec<(String, String)> {
    let mut all = documented(stand).await;
    all.retain(|(method, path)| method != "GET" && path.starts_with("/_standin/"));
    assert!(all.len() >= 14, "{all:?}");
    all
}

#[tokio::test]
async fn every_route_of_every_surface_refuses_a_foreign_host_before_it_looks_at_anything() {
    let stand = Stand::start(options()).await;
    // Whether it is ready may be asked by any address of a container, and says nothing else.
    let mut all = documented(&stand).await;
    all.retain(|(_, path)| path != "/_standin/ready");
    for (method, path) in all {
        let ask = Ask::new(&method, &path).header("host", "evil.example");
        let answer = stand.send(ask).await;
        assert_eq!(answer.status, 421, "{method} {path}");
        let text = answer.text();
        assert!(text.contains("--allow-host evil.example"), "{path}: {text}");
    }
}

#[tokio::test]
async fn a_page_of_another_origin_asks_for_nothing_anywhere() {
    let stand = Stand::start(options()).await;
    for (method, path) in documented(&stand).await {
        for (name, value) in [
            ("origin", "http://evil.example"),
            ("sec-fetch-site", "cross-site"),
        ] {
            let ask = Ask::new(&method, &path)
                .header(name, value)
                .json(&json!({}));
            let error = stand.send(ask).await.expect(403).json();
            assert_eq!(error["error"]["code"], "origin_foreign", "{method} {path}");
        }
    }
}

/// A form can be posted across origins without asking first; JSON cannot.
#[tokio::test]
async fn the_control_plane_takes_json_and_nothing_that_a_form_can_send() {
    let stand = Stand::start(options()).await;
    let mut refused = 0;
    for (method, path) in changes(&stand).await {
        for kind in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
        ] {
            let ask = Ask::new(&method, &path).body(kind, "{}");
            let answer = stand.send(ask).await;
            if method == "DELETE" {
                // No form can send it.
                continue;
            }
            assert_eq!(answer.status, 415, "{method} {path}: {}", answer.text());
            refused += 1;
        }
    }
    assert!(refused >= 24, "{refused}");
}

#[tokio::test]
async fn the_control_plane_lets_no_page_read_across_origins() {
    let stand = Stand::start(options()).await;
    for (method, path) in documented(&stand).await {
        if !path.starts_with("/_standin/") {
            continue;
        }
        for asked in [method.as_str(), "OPTIONS"] {
            let ask = Ask::new(asked, &path)
                .header("origin", "http://evil.example")
                .header("access-control-request-method", &*method);
            let answer = stand.send(ask).await;
            let names = answer.headers.iter().map(|(name, _)| name);
            let allowing = names.filter(|name| name.starts_with("access-control"));
            assert_eq!(allowing.count(), 0, "{asked} {path}");
        }
    }
}

#[tokio::test]
async fn a_control_plane_with_a_token_asks_for_it_and_the_surfaces_do_not() {
    let gate = Gate {
        hosts: Vec::new(),
        control_token: Some("s3cret".to_owned()),
    };
    let stand = Stand::start(Options { gate, ..options() }).await;
    for path in [
        "/_standin/clock",
        "/_standin/journal",
        "/~x/_standin/tokens",
    ] {
        stand.client.send(Ask::get(path)).await.expect(401);
        stand
            .client
            .send(Ask::get(path).bearer("wrong"))
            .await
            .expect(401);
        stand
            .client
            .send(Ask::get(path).bearer("s3cret"))
            .await
            .expect(200);
    }
    stand
        .client
        .send(Ask::token("standin-manual", None))
        .await
        .expect(200);
}
