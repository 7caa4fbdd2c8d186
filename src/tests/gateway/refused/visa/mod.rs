//! What Visa's token service refuses: callers, paths, bodies.

mod members;

use super::{Row, Scene, deep, huge, row};
use crate::client::{Ask, JSON};
use crate::requestor::Requestor;
use http::Method;

const ENROL: &str = "/vts/panEnrollments";
const PROVISION: &str = "/vts/provisionedTokens";

pub(super) async fn rows(scene: &Scene) -> Vec<Row> {
    let requestor = Requestor::of(&scene.stand, "default");
    let place = Place::find(scene, &requestor).await;
    let mut rows = strangers(&requestor, &place);
    rows.extend(paths(&requestor, &place));
    rows.extend(bodies(&requestor));
    rows.extend(members::members(&requestor, &place));
    rows.extend(members::cards(&requestor));
    rows
}

/// What the scene has, in Visa's names.
struct Place {
    card: String,
    /// The path of the token.
    token: String,
    /// A card of another network.
    foreign_card: String,
}

impl Place {
    async fn find(scene: &Scene, requestor: &Requestor) -> Self {
        let listed = Ask::get(format!("/_standin/tokens/{}", scene.reference));
        let listed = scene.stand.send(listed).await.expect(200);
        let token = format!("{PROVISION}/{}", listed.at("/reference_hex"));
        let shown = scene.stand.send(requestor.get(&token)).await.expect(200);
        let id = scene.tokenless.trim_start_matches("/cards/CRD");
        let foreign_card = standin::domain::id::CardId::from_base58(id).unwrap().hex();
        Self {
            card: format!("{ENROL}/{}", shown.at("/vPanEnrollmentID")),
            token,
            foreign_card: format!("{ENROL}/{foreign_card}"),
        }
    }
}

/// The ways of not being let in. The client is told no more than Visa's gateway tells; why it was, is in the journal.
fn strangers(requestor: &Requestor, place: &Place) -> Vec<Row> {
    let ask = || Ask::get(&place.token);
    let key = requestor.keys.api_key();
    let good = requestor.sign(ask());
    let with = |value: &str| {
        let path = good.path.clone();
        Ask::get(path).header("x-pay-token", value)
    };
    let token = good.headers.last().unwrap().1.clone();
    let (head, mac) = token.rsplit_once(':').unwrap();
    let at = |now_s: u64| Requestor {
        now_s,
        ..requestor.clone()
    };
    let now = requestor.now_s;
    let tampered = requestor.change(place.token.rsplit('/').next().unwrap(), "suspend");
    let tampered = Ask {
        body: String::from_utf8(tampered.body.to_vec())
            .unwrap()
            .replace("CONFIRMED", "CONFUSED")
            .into(),
        ..tampered
    };
    let unsigned = Ask::get(format!("{}?apiKey={key}", place.token));
    let moved = Ask {
        path: good.path.replace("apiKey", "x=1&apiKey"),
        ..good.clone()
    };
    let other_method = Ask {
        method: Method::DELETE,
        ..good.clone()
    };
    let elsewhere = requestor.sign_with_key(ask(), &format!("{key}@elsewhere"));
    let elsewhere = Ask {
        path: format!("/~default{}", elsewhere.path),
        ..elsewhere
    };
    let row = |what, ask, code| row(what, ask, 401, code);
    vec![
        row("no key", Ask::get(&place.token), "9201"),
        row(
            "an unknown key",
            requestor.sign_with_key(ask(), "KEY123"),
            "9201",
        ),
        row("a key of another space", elsewhere, "9201"),
        row("no token", unsigned, "9159"),
        row("no token at all", with("x.y"), "9159"),
        row("no timestamp", with(&format!("xv2::{mac}")), "9159"),
        row("a short mac", with(&token[..token.len() - 2]), "9159"),
        row(
            "another mac",
            with(&format!("{head}:{}", "0".repeat(64))),
            "9159",
        ),
        row("the older form", with(&token.replace("xv2", "x")), "9159"),
        row("a stale token", at(now - 481).sign(ask()), "9159"),
        row("a token of tomorrow", at(now + 481).sign(ask()), "9159"),
        row("a tampered body", tampered, "Token Validation Failed"),
        row("a tampered query", moved, "9159"),
        super::row(
            "a signed wrong method",
            other_method,
            405,
            "methodNotAllowed",
        ),
    ]
}

fn paths(requestor: &Requestor, place: &Place) -> Vec<Row> {
    let unknown = "0".repeat(32);
    let mut rows = Vec::new();
    for (what, path) in [
        ("unknown enrolment", format!("{ENROL}/{unknown}")),
        ("no enrolment's name", format!("{ENROL}/nobody")),
        ("a card of another network", place.foreign_card.clone()),
        ("unknown token", format!("{PROVISION}/{unknown}")),
        (
            "an enrolment for a token",
            place.card.replace(ENROL, PROVISION),
        ),
        ("no text in the path", format!("{PROVISION}/%ff")),
        ("unknown content", "/vts/cps/getContent/nothing".to_owned()),
        ("no such resource", "/vts/nothing".to_owned()),
    ] {
        rows.push(row(what, requestor.get(&path), 404, "notFound"));
    }
    let list = requestor.get(PROVISION);
    rows.push(row("a list", list, 405, "methodNotAllowed"));
    for verb in ["suspend", "resume", "delete"] {
        let ask = requestor.change(&unknown, verb);
        rows.push(row(
            &format!("{verb} an unknown token"),
            ask,
            404,
            "notFound",
        ));
    }
    let resume = requestor.change(place.token.rsplit('/').next().unwrap(), "resume");
    rows.push(row(
        "resume an active token",
        resume,
        403,
        "invalidTokenStatus",
    ));
    rows
}

fn bodies(requestor: &Requestor) -> Vec<Row> {
    let send = |kind: &str, body: &[u8]| requestor.sign(Ask::post(ENROL).body(kind, body.to_vec()));
    let untyped = Ask {
        body: "{}".into(),
        ..Ask::post(ENROL)
    };
    vec![
        row(
            "wrong media type",
            send("text/plain", b"{}"),
            415,
            "application/json",
        ),
        row(
            "no media type",
            requestor.sign(untyped),
            415,
            "unsupportedMediaType",
        ),
        row("no body", send(JSON, b""), 400, "not JSON"),
        row("broken JSON", send(JSON, b"{\"locale\":"), 400, "not JSON"),
        row("a list", send(JSON, b"[1]"), 400, "must be a JSON object"),
        row("text", send(JSON, b"\"x\""), 400, "must be a JSON object"),
        row("deep JSON", send(JSON, deep().as_bytes()), 400, "not JSON"),
        row("not UTF-8", send(JSON, b"\"\xe9\""), 400, "not JSON"),
        row("a huge body", send(JSON, huge().as_bytes()), 413, "1 MiB"),
    ]
}
