//! The space itself: how it is, its clock, and beginning again.

use http::Method;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::door::Door;
use super::tools::{Effect, Nothing, Row, Told};

pub(super) fn rows() -> Vec<Row> {
    vec![
        Row::new(
            "server_status",
            "Is the server there, which version is it, what time is it in the space, and what does it have to be configured \
             with: base URL, service accounts, keys of merchants. Call this first.",
            Effect::Reads,
            status,
        ),
        Row::new(
            "move_clock",
            "Let time pass in the space and do what becomes due: tokens expire, webhooks are tried again, authorizations end. \
             Give `advance` (a span such as PT24H or 90m) or `set` (an instant such as 2030-01-01T00:00:00Z). With neither \
             it only tells the time.",
            Effect::Changes,
            clock,
        ),
        Row::new(
            "reset_space",
            "Put the space back to its beginning: records, clock, faults and journal. The same calls give the same bytes again.",
            Effect::Changes,
            reset,
        ),
    ]
}

async fn status(door: Door, _: Nothing) -> Told {
    let health = door.get("health").await?;
    let clock = door.get("clock").await?;
    let space = door.remote.space();
    let base = match space {
        Some(space) => format!("{}/~{space}", door.remote.server()),
        None => door.remote.server().to_owned(),
    };
    Ok(json!({
        "status": health["status"],
        "version": health["version"],
        "space": space.unwrap_or("default"),
        "base_url": base,
        "clock": clock,
        "accounts": {
            "client_ids": ["standin-manual", "standin-on-create"],
            "client_secret": "standin-secret",
            "token_url": format!("{base}/auth/realms/vgs/protocol/openid-connect/token"),
        },
        "merchant_keys": {
            "stripe": "sk_test_standin", "adyen": "standin-adyen",
            "checkout_com": "sk_sbox_standinstandinstandinstandi", "own": "standin_key",
        },
    }))
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Move {
    /// How long: PT24H, P1D, 90m.
    advance: Option<String>,
    /// Until when: 2030-01-01T00:00:00Z.
    set: Option<String>,
    /// Allow `set` to go back.
    force: Option<bool>,
}

async fn clock(door: Door, wanted: Move) -> Told {
    let mut body = json!({});
    match (wanted.advance, wanted.set) {
        (None, None) => return door.get("clock").await,
        (Some(span), None) => body["advance"] = json!(span),
        (None, Some(instant)) => body["set"] = json!(instant),
        (Some(_), Some(_)) => return Err("give advance or set, and not both".to_owned()),
    }
    if let Some(force) = wanted.force {
        body["force"] = json!(force);
    }
    door.post("clock", &body).await
}

async fn reset(door: Door, _: Nothing) -> Told {
    door.remote.ask(Method::POST, "reset", None).await?;
    door.get("clock").await
}
