//! The test cards and what each does.

use axum::response::Response;
use serde_json::Value;

use super::caller::{Caller, json};
use crate::domain::card::Pan;
use crate::domain::known_alias::standing_alias;
use crate::domain::persona::Persona;

pub(super) async fn list(Caller(call): Caller) -> Response {
    let personas = &call.space.config.personas;
    let cards: Vec<_> = personas.cards().iter().map(row).collect();
    json(&serde_json::json!({ "cards": cards, "expiry_years": personas.expiry_years() }))
}

/// A persona as the fixture has it, with the alias that it has in every space.
fn row(persona: &Persona) -> Value {
    let mut row = serde_json::to_value(persona).unwrap_or_default();
    if let Some(pan) = persona.pan.as_ref().and_then(|pan| Pan::parse(pan).ok()) {
        row["alias"] = standing_alias(&pan).into();
    }
    row
}
