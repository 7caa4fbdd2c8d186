//! What a merchant says of a payment beside the money, and finds again in the intent, its charge and its payment method:
//! read from the form once, kept with the payment as JSON, and shown from there.

use serde_json::{Map, Value, json};

use super::errors::StripeError;
use super::form::Form;
use super::metadata;
use super::requests::bad;
use crate::domain::payment::record::{MoveKind, Payment};
use crate::limits::NOTE_BYTES_MAX;

/// The longest suffix of a statement descriptor (Stripe, statement descriptors).
const SUFFIX_CHARACTERS_MAX: usize = 22;
const OPTIONS: &str = "payment_method_options[card]";
const METHOD: &str = "payment_method_data";
/// Under this name stands what the charge says otherwise than the intent.
const CHARGE: &str = "charge";

/// What is kept, as a text of a bounded length.
pub(super) fn note(form: &Form) -> Result<Box<str>, StripeError> {
    bounded(&noted(form)?)
}

pub(super) fn bounded(note: &Value) -> Result<Box<str>, StripeError> {
    let text = note.to_string();
    if text.len() > NOTE_BYTES_MAX {
        return Err(bad("metadata", "parameter_invalid_string", "is too long"));
    }
    Ok(text.into())
}

/// The same as an object.
pub(super) fn noted(form: &Form) -> Result<Value, StripeError> {
    let text = |name: &str| form.text(name);
    let session =
        text("radar_options[session]").or(text("payment_method_data[radar_options][session]"));
    Ok(json!({
        "metadata": metadata::kept(form, "metadata"),
        "description": text("description"),
        "statement_descriptor_suffix": suffix(form)?,
        "receipt_email": text("receipt_email"),
        "setup_future_usage": text("setup_future_usage"),
        "capture_method": text("capture_method").unwrap_or("automatic"),
        "confirmation_method": text("confirmation_method").unwrap_or("automatic"),
        "customer": text("customer"),
        "customer_account": text("customer_account"),
        "shipping": shipping(form)?,
        "application_fee_amount": fee(form)?,
        "automatic_payment_methods": automatic(form)?,
        "excluded_payment_method_types": excluded(form)?,
        "payment_method_types": types(form)?,
        "on_behalf_of": text("on_behalf_of"),
        "transfer_data": transfer(form)?,
        "transfer_group": text("transfer_group"),
        "radar_session": session,
        "options": options(form)?,
        "method": method(form)?,
        "usage": text("usage").unwrap_or("off_session"),
    }))
}

/// What a capture changes of it.
pub(super) fn at_capture(form: &Form, payment: &Payment) -> Result<Option<Box<str>>, StripeError> {
    let mut note = Map::new();
    let mut changes = metadata::said(form, "metadata");
    let mut metadata = of(payment)["metadata"].take();
    if let (true, Value::Object(before)) = (form.says("metadata"), &metadata) {
        for (key, _) in before {
            changes.entry(key).or_insert_with(|| "".into());
        }
    }
    metadata::change(&mut metadata, form, "metadata")?;
    if !changes.is_empty() {
        note.insert("metadata".to_owned(), changes.into());
    }
    if let Some(suffix) = suffix(form)? {
        note.insert("statement_descriptor_suffix".to_owned(), suffix.into());
    }
    if let Some(fee) = form.integer("application_fee_amount")? {
        note.insert("application_fee_amount".to_owned(), fee.into());
    }
    if let Some(amount) = form.integer("transfer_data[amount]")? {
        note.insert("transfer_amount".to_owned(), amount.into());
    }
    if note.is_empty() {
        return Ok(None);
    }
    bounded(&note.into()).map(Some)
}

/// What is known of a payment by now: what was kept with it, and what its captures have changed of that.
pub(super) fn of(payment: &Payment) -> Value {
    let mut note = parsed(payment.note.as_deref());
    let captures = payment
        .moves
        .iter()
        .filter(|made| made.kind == MoveKind::Capture);
    for capture in captures {
        let Value::Object(changes) = parsed(capture.note.as_deref()) else {
            continue;
        };
        for (name, value) in changes {
            match (name.as_str(), value) {
                ("metadata", Value::Object(changes)) => {
                    metadata::set(&mut note["metadata"], changes);
                }
                ("transfer_amount", value) if note["transfer_data"].is_object() => {
                    note["transfer_data"]["amount"] = value;
                }
                ("transfer_amount", _) => {}
                (_, value) => note[name] = value,
            }
        }
    }
    note
}

/// The same of its charge, which keeps what it was made with when the intent is changed later (Stripe, metadata).
pub(super) fn of_charge(payment: &Payment) -> Value {
    let mut note = of(payment);
    if let Value::Object(own) = note[CHARGE].take() {
        for (name, value) in own {
            note[name] = value;
        }
    }
    note
}

/// What can be said again once somebody has paid.
const SAID_AGAIN: [&str; 5] = [
    "description",
    "metadata",
    "receipt_email",
    "shipping",
    "transfer_group",
];

/// The payment with what the form says again of its intent, or of its charge.
pub(super) fn said_again(
    mut payment: Payment,
    form: &Form,
    of_intent: bool,
) -> Result<Payment, StripeError> {
    let charge = of_charge(&payment);
    let mut note = of(&payment);
    let mut own = Map::new();
    for name in SAID_AGAIN {
        own.insert(name.to_owned(), charge[name].clone());
    }
    let mut own = Value::Object(own);
    if of_intent {
        say_again(&mut note, form)?;
    } else {
        say_again(&mut own, form)?;
    }
    note[CHARGE] = own;
    payment.note = Some(bounded(&note)?);
    // What captures have changed is in the note by now.
    for made in &mut payment.moves {
        if made.kind == MoveKind::Capture {
            made.note = None;
        }
    }
    Ok(payment)
}

fn say_again(note: &mut Value, form: &Form) -> Result<(), StripeError> {
    for name in ["description", "receipt_email", "transfer_group"] {
        if form.says(name) {
            note[name] = form.text(name).into();
        }
    }
    if form.says("shipping") || form.has_below("shipping") {
        note["shipping"] = shipping(form)?.into();
    }
    metadata::change(&mut note["metadata"], form, "metadata")
}

/// A note as it was written down, or what there is of none.
pub(super) fn parsed(text: Option<&str>) -> Value {
    serde_json::from_str(text.unwrap_or("{}")).unwrap_or_default()
}

fn suffix(form: &Form) -> Result<Option<&str>, StripeError> {
    let name = "statement_descriptor_suffix";
    let fits = |text: &&str| {
        text.chars().count() <= SUFFIX_CHARACTERS_MAX
            && text.chars().any(|c| c.is_ascii_alphabetic())
            && !text.contains(['<', '>', '\\', '\'', '"', '*'])
    };
    match form.text(name) {
        Some(text) if !fits(&text) => {
            let due =
                "must have 22 characters at most, a letter among them and none of < > \\ ' \" *";
            Err(bad(name, "parameter_invalid_string", due))
        }
        text => Ok(text),
    }
}

/// Whether what is paid with is kept to be paid with again. What is said for cards counts before what is said for all.
pub(super) fn sets_up(form: &Form) -> bool {
    let of_card = form.text("payment_method_options[card][setup_future_usage]");
    let usage = of_card.or(form.text("setup_future_usage"));
    usage.is_some_and(|usage| usage != "none")
}

/// What is said of a card or token beside its number, as it is shown.
pub(super) fn method(form: &Form) -> Result<Value, StripeError> {
    Ok(json!({
        "allow_redisplay": form.text("payment_method_data[allow_redisplay]").unwrap_or("unspecified"),
        "billing_details": billing(form),
        "code": form.text(super::cards::CODE).is_some(),
        "customer": form.text("customer").filter(|_| sets_up(form)),
        "id": null,
        "metadata": metadata::kept(form, "payment_method_data[metadata]"),
        "preferred": form.text("payment_method_data[card][networks][preferred]"),
    }))
}

fn fee(form: &Form) -> Result<Option<u64>, StripeError> {
    let name = "application_fee_amount";
    let (fee, amount) = (form.integer(name)?, form.integer("amount")?);
    if fee.zip(amount).is_some_and(|(fee, amount)| fee > amount) {
        let due = "must not be more than the amount";
        return Err(bad(name, "parameter_invalid_integer", due));
    }
    Ok(fee)
}

fn automatic(form: &Form) -> Result<Option<Value>, StripeError> {
    let enabled = form.boolean("automatic_payment_methods[enabled]")?;
    let redirects = form.text("automatic_payment_methods[allow_redirects]");
    Ok(enabled.map(
        |enabled| json!({ "allow_redirects": redirects.unwrap_or("always"), "enabled": enabled }),
    ))
}

/// Cards are all that anybody pays with here.
fn types(form: &Form) -> Result<Vec<&str>, StripeError> {
    let name = "payment_method_types";
    let types: Vec<_> = form.below(name).map(|(_, kind)| kind).collect();
    match types.is_empty() {
        true => Ok(vec!["card"]),
        false if types.contains(&"card") => Ok(types),
        false => Err(bad(
            name,
            "parameter_invalid_enum",
            "must have card among them",
        )),
    }
}

fn excluded(form: &Form) -> Result<Option<Vec<&str>>, StripeError> {
    let name = "excluded_payment_method_types";
    let types: Vec<_> = form.below(name).map(|(_, kind)| kind).collect();
    if types.contains(&"card") {
        let due = "must not have card among them, because nothing else is imitated";
        return Err(bad(name, "parameter_invalid_enum", due));
    }
    Ok((!types.is_empty()).then_some(types))
}

fn transfer(form: &Form) -> Result<Option<Value>, StripeError> {
    let destination = form.text("transfer_data[destination]");
    let amount = form.integer("transfer_data[amount]")?;
    Ok(destination.map(|destination| {
        let mut data = json!({ "destination": destination });
        if let Some(amount) = amount {
            data["amount"] = amount.into();
        }
        data
    }))
}

/// The address and the name are required of a shipment (Stripe API reference).
pub(super) fn shipping(form: &Form) -> Result<Option<Value>, StripeError> {
    if !form.has_below("shipping") {
        return Ok(None);
    }
    form.required("shipping[name]")?;
    if !form.has_below("shipping[address]") {
        form.required("shipping[address]")?;
    }
    Ok(Some(json!({
        "address": address(form, "shipping[address]"),
        "carrier": form.text("shipping[carrier]"),
        "name": form.text("shipping[name]"),
        "phone": form.text("shipping[phone]"),
        "tracking_number": form.text("shipping[tracking_number]"),
    })))
}

fn billing(form: &Form) -> Value {
    let text = |name: &str| form.text(&format!("{METHOD}[billing_details][{name}]"));
    let place = "payment_method_data[billing_details][address]";
    json!({
        "address": form.has_below(place).then(|| address(form, place)),
        "email": text("email"),
        "name": text("name"),
        "phone": text("phone"),
    })
}

pub(super) fn address(form: &Form, place: &str) -> Value {
    let members = ["city", "country", "line1", "line2", "postal_code", "state"];
    let members = members.into_iter().map(|name| {
        let value = form.text(&format!("{place}[{name}]"));
        (name.to_owned(), value.into())
    });
    Value::Object(members.collect())
}

/// What is shown of the options for cards.
fn options(form: &Form) -> Result<Value, StripeError> {
    let text = |name: &str| form.text(&format!("{OPTIONS}[{name}]"));
    let mut card = json!({ "request_three_d_secure": "automatic" });
    for name in [
        "capture_method",
        "network",
        "request_extended_authorization",
        "request_incremental_authorization",
        "request_multicapture",
        "request_overcapture",
        "setup_future_usage",
        "statement_descriptor_suffix_kana",
        "statement_descriptor_suffix_kanji",
    ] {
        if let Some(value) = text(name) {
            card[name] = value.into();
        }
    }
    let again = form.boolean("payment_method_options[card][require_cvc_recollection]")?;
    if let Some(again) = again {
        card["require_cvc_recollection"] = again.into();
    }
    Ok(card)
}
