//! Statements that a wire request was refused, each in the shape that the surface's documents give errors. A refusal counts
//! only after something comparable was accepted, and it must not repeat a card number.

use cucumber::then;
use serde_json::Value;

use super::super::binding::pointer;
use super::super::binding::template::shown;
use super::super::broken::{Broken, Held, demand, demand_at};
use super::super::world::World;
use super::error_shapes;

#[then(expr = "it is refused with {int} {string}")]
fn refused(world: &mut World, status: u16, code: String) -> Held {
    refusal(world, status, &code, None).map(drop)
}

#[then(expr = "it is refused with {int} {string} at {string}")]
fn refused_at(world: &mut World, status: u16, code: String, place: String) -> Held {
    refusal(world, status, &code, Some(&place)).map(drop)
}

#[then(expr = "it is refused with {int} {string} naming {string}")]
fn refused_naming(world: &mut World, status: u16, code: String, word: String) -> Held {
    let detail = refusal(world, status, &code, None)?;
    demand(
        detail.contains(&word),
        format!("a detail that names {word:?}"),
        detail,
    )
}

#[then(expr = "it is refused with {int} outside the API's error shape")]
fn refused_outside(world: &mut World, status: u16) -> Held {
    world.require_proof()?;
    let answer = world.answer()?;
    demand(
        answer.status == status,
        status.to_string(),
        answer.status.to_string(),
    )?;
    let shaped = answer.json().is_some_and(|document| {
        let members = ["errors", "error", "errorCode", "error_codes"];
        members.iter().any(|name| document.get(name).is_some())
    });
    demand(
        !shaped,
        "a body that is not the API's error document",
        "the API's error document",
    )
}

#[then(expr = "the method is refused")]
fn method_refused(world: &mut World) -> Held {
    let code = match world.surface.as_deref() {
        Some("visa") => "methodNotAllowed",
        Some("mastercard") => "METHOD_NOT_ALLOWED",
        Some(_) | None => "method-not-allowed",
    };
    refusal(world, 405, code, None)?;
    let allowed = world
        .answer()?
        .header("allow")
        .unwrap_or_default()
        .to_owned();
    demand(!allowed.is_empty(), "an Allow header", "none")
}

/// Checks the whole error document of the scenario's surface and gives back the detail.
fn refusal(world: &World, status: u16, code: &str, place: Option<&str>) -> Held<String> {
    world.require_proof()?;
    let answer = world.answer()?;
    let expected = format!("{status} {code}");
    demand_at(answer.status == status, "status", &expected, answer.gist())?;
    let repeated = world
        .talk
        .target
        .cards
        .iter()
        .any(|card| answer.body.contains(&card.pan));
    demand(
        !repeated,
        "an error without a card number",
        "a card number in the error",
    )?;
    let document = world.document()?;
    match world.surface.as_deref() {
        Some("oauth") => oauth(&document, code),
        Some("visa") => visa(&document, status, code, place),
        Some("mastercard") => mastercard(&document, status, code, place),
        Some("cmp") => {
            let media_type = answer.media_type().unwrap_or_default();
            demand(
                media_type == "application/vnd.api+json",
                "application/vnd.api+json",
                media_type,
            )?;
            let status = Value::from(status.to_string());
            errors(&document, &status, code, &["title", "detail"], place)
        }
        Some("payments") => error_shapes::payments(&document, code, place),
        Some("stripe") => error_shapes::stripe(&document, code, place),
        Some("adyen") => error_shapes::adyen(&document, status, code),
        Some("checkout_com") => error_shapes::checkout_com(&document, code),
        Some("acp") => error_shapes::acp(&document, code, place),
        Some("hyperswitch") => error_shapes::hyperswitch(&document, code),
        Some("calm" | "vault") | None => {
            errors(&document, &Value::from(status), code, &["detail"], place)
        }
        // Each API has a form of its own, and a new one must not fall on that of another.
        Some(other) => Err(Broken::Suite(format!(
            "no step knows the form of the errors of {other}"
        ))),
    }
}

fn oauth(document: &Value, code: &str) -> Held<String> {
    let error = document
        .get("error")
        .map_or_else(|| "no member error".to_owned(), shown);
    demand_at(error == code, "/error", code, error)?;
    let description = document
        .get("error_description")
        .and_then(Value::as_str)
        .unwrap_or_default();
    demand(!description.is_empty(), "an error_description", "none")?;
    Ok(description.to_owned())
}

/// Visa's gateway lets nobody in with a `responseStatus`; everything behind it answers with an `errorResponse`.
fn visa(document: &Value, status: u16, code: &str, place: Option<&str>) -> Held<String> {
    let (part, word) = match status {
        401 => ("responseStatus", "code"),
        _ => ("errorResponse", "reason"),
    };
    let error = document
        .get(part)
        .ok_or_else(|| Broken::wrong(format!("the member {part}"), "none"))?;
    let found = error.get(word).map_or_else(|| format!("no {word}"), shown);
    demand(found == code, format!("the {word} {code}"), found)?;
    let found = error
        .get("status")
        .map_or_else(|| "no status".to_owned(), Value::to_string);
    demand(
        found == status.to_string(),
        format!("the member status {status}"),
        found,
    )?;
    let text = error
        .get("message")
        .and_then(Value::as_str)
        .unwrap_or_default();
    demand(!text.trim().is_empty(), "a message in the error", "none")?;
    if let Some(place) = place {
        let details = error.get("details").and_then(Value::as_array);
        let named: Vec<String> = details
            .into_iter()
            .flatten()
            .filter_map(|detail| detail.get("location").map(shown))
            .collect();
        let expected = format!("a detail at the location {place}");
        demand(
            named.iter().any(|location| location == place),
            expected,
            named.join(", "),
        )?;
    }
    Ok(text.to_owned())
}

/// Mastercard's gateway answers with a status of its own and one list; the application with status 500 and another list, or
/// with one error that stands for itself.
fn mastercard(document: &Value, status: u16, code: &str, place: Option<&str>) -> Held<String> {
    let (lists, word, text): (&[&str], _, _) = match status {
        500 => (&["/errors", "/Errors"], "reasonCode", "description"),
        _ => (&["/Errors/Error"], "ReasonCode", "Description"),
    };
    let list = lists
        .iter()
        .find_map(|place| document.pointer(place)?.as_array());
    let alone = [document.clone()];
    let items = list.map_or(&alone[..], Vec::as_slice);
    let error = items
        .iter()
        .find(|error| error.get(word).and_then(Value::as_str) == Some(code));
    let found: Vec<String> = items
        .iter()
        .filter_map(|error| error.get(word))
        .map(shown)
        .collect();
    let error =
        error.ok_or_else(|| Broken::wrong(format!("the {word} {code}"), found.join(", ")))?;
    let said = error.get(text).and_then(Value::as_str).unwrap_or_default();
    demand(
        !said.trim().is_empty(),
        format!("a {text} in the error"),
        "none",
    )?;
    if let Some(place) = place {
        demand(
            said.starts_with(place),
            format!("a {text} of {place}"),
            said,
        )?;
    }
    Ok(said.to_owned())
}

fn errors(
    document: &Value,
    status: &Value,
    code: &str,
    texts: &[&str],
    place: Option<&str>,
) -> Held<String> {
    let error = pointer::at(document, "/errors/0")
        .ok_or_else(|| Broken::wrong("a list of errors at /errors", "nothing there"))?;
    let found = error
        .get("code")
        .map_or_else(|| "no code".to_owned(), shown);
    demand(found == code, format!("the code {code}"), found)?;
    let found = error
        .get("status")
        .map_or_else(|| "no status".to_owned(), Value::to_string);
    demand(
        error.get("status") == Some(status),
        format!("the member status {status}"),
        found,
    )?;
    for name in texts {
        let text = error.get(*name).and_then(Value::as_str).unwrap_or_default();
        demand(
            !text.trim().is_empty(),
            format!("a {name} in the error"),
            "none",
        )?;
    }
    if let Some(place) = place {
        let found = pointer::at(error, "/source/pointer").map_or_else(|| "none".to_owned(), shown);
        demand(found == place, format!("the pointer {place}"), found)?;
    }
    Ok(error.get("detail").map(shown).unwrap_or_default())
}
