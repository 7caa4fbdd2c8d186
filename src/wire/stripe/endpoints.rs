//! `/v1/webhook_endpoints`: a merchant says where it wants to be told of its payments, and of which events. The secret is
//! shown when an endpoint is made, and never again (Stripe, API reference, webhook endpoints).

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::auth::enter;
use super::calls::{form, no_such, ok, query_of};
use super::errors::StripeError;
use super::event_names::is_known;
use super::expansions::{self, Object};
use super::form::Form;
use super::lists::Rows;
use super::requests::bad;
use super::{kept, metadata, parameters, rules};
use crate::domain::notice::Event;
use crate::domain::payment::event::PaymentEvent;
use crate::domain::rejection::Rejection;
use crate::domain::webhook::{Endpoint, EndpointId, Profile};
use crate::operations::endpoints::{AtService, EndpointRefusal, NewEndpoint};
use crate::operations::webhooks::{RegisterError, change, register};
use crate::wire::edge::payment::MerchantAccount;
use crate::wire::edge::{Answer, Request, RequestContext, fingerprint};

const EVENTS: &str = "enabled_events";

pub(super) async fn create(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let account = enter(context, request)?;
    let form = form(request)?;
    rules::check(&form, &[parameters::ENDPOINT])?;
    expansions::of_one(&form, Object::Plain)?;
    let url = form.required("url")?.to_owned();
    let (names, events) = enabled(&form)?;
    let note = json!({
        "api_version": form.text("api_version"),
        "created": context.call.now.seconds(),
        "description": form.text("description"),
        "enabled_events": names,
        "metadata": metadata::kept(&form, "metadata"),
    });
    let note = kept::bounded(&note)?;
    let fingerprint = fingerprint::of_form(request.uri.path(), form.pairs());
    account
        .carry_out(context, request, fingerprint, async |_, _| {
            let new = NewEndpoint {
                url,
                profile: Profile::Stripe,
                secret: None,
                events: Some(events),
                account: None,
                at_service: Some(AtService {
                    merchant: account.merchant.name.clone(),
                    note,
                }),
            };
            let made = register(&request.space, new).await.map_err(refused)?;
            let mut shown = shown(&made);
            shown["secret"] = made.secret.as_str().into();
            Ok(ok(&shown))
        })
        .await
}

fn refused(error: RegisterError) -> StripeError {
    match error {
        RegisterError::Rejected(rejection) => rejection.into(),
        RegisterError::Refused(refusal @ EndpointRefusal::Full) => {
            bad("url", "parameter_invalid_string", &refusal.to_string())
        }
        RegisterError::Refused(refusal) => bad("url", "url_invalid", &refusal.to_string()),
    }
}

/// The names that were given, and the events that these are. Of what standin does not imitate nothing is ever told.
fn enabled(form: &Form) -> Result<(Vec<&str>, BTreeSet<Event>), StripeError> {
    let names: Vec<_> = form.below(EVENTS).map(|(_, name)| name).collect();
    if names.is_empty() {
        form.required(EVENTS)?;
        return Err(bad(EVENTS, "parameter_invalid_empty", "must be a list"));
    }
    let mut events = BTreeSet::new();
    for name in &names {
        let own = |event: &&PaymentEvent| {
            let called = Profile::Stripe.name_of(**event);
            called.is_some_and(|called| ["*", called].contains(name))
        };
        events.extend(
            PaymentEvent::ALL
                .iter()
                .filter(own)
                .copied()
                .map(Event::Payment),
        );
        if !is_known(name) {
            let due =
                format!("{name} is no type of event; it is * or, say, payment_intent.succeeded");
            return Err(bad(EVENTS, "parameter_invalid_enum", &due));
        }
    }
    Ok((names, events))
}

pub(super) async fn list(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let account = enter(context, request)?;
    let query = query_of(request, parameters::LIST)?;
    expansions::of_list(&query, Object::Plain)?;
    let rows = Rows {
        what: "webhook_endpoint",
        url: "/v1/webhook_endpoints".into(),
        rows: own(request, account)
            .await?
            .iter()
            .rev()
            .map(shown)
            .collect(),
    };
    Ok(ok(&rows.page(&query)?))
}

pub(super) async fn read(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let account = enter(context, request)?;
    let query = query_of(request, parameters::READ)?;
    expansions::of_one(&query, Object::Plain)?;
    Ok(ok(&shown(&find(request, account).await?)))
}

pub(super) async fn update(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let account = enter(context, request)?;
    let form = form(request)?;
    rules::check(&form, &[parameters::UPDATED_ENDPOINT])?;
    expansions::of_one(&form, Object::Plain)?;
    let found = find(request, account).await?;
    let mut note = note_of(&found);
    let mut changed = found.clone();
    if form.has_below(EVENTS) || form.text(EVENTS).is_some() {
        let (names, events) = enabled(&form)?;
        note["enabled_events"] = json!(names);
        changed.events = Some(events);
    }
    if form.says("description") {
        note["description"] = form.text("description").into();
    }
    metadata::change(&mut note["metadata"], &form, "metadata")?;
    changed.note = Some(kept::bounded(&note)?);
    if let Some(url) = form.text("url") {
        url.clone_into(&mut changed.url);
    }
    match form.boolean("disabled")? {
        Some(true) => changed.disabled = Some("the merchant has disabled it".into()),
        Some(false) => changed.disabled = None,
        None => {}
    }
    let fingerprint = fingerprint::of_form(request.uri.path(), form.pairs());
    account
        .carry_out(context, request, fingerprint, async |context, _| {
            let changed = change(&mut context.call, changed).await.map_err(refused)?;
            Ok(ok(&shown(&changed)))
        })
        .await
}

pub(super) async fn delete(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let account = enter(context, request)?;
    let found = find(request, account).await?;
    let store = &request.space.store;
    store
        .remove_endpoint(found.id)
        .await
        .map_err(Rejection::from)?;
    Ok(ok(&json!({
        "id": found.id.text(),
        "object": "webhook_endpoint",
        "deleted": true,
    })))
}

async fn find(request: &Request, account: MerchantAccount<'_>) -> Result<Endpoint, StripeError> {
    let id = EndpointId::parse(&request.id);
    let mut own = own(request, account).await?.into_iter();
    let found = own.find(|endpoint| Some(endpoint.id) == id);
    found.ok_or_else(|| no_such("webhook endpoint", "id", &request.id))
}

/// Those that the merchant has registered here.
async fn own(
    request: &Request,
    account: MerchantAccount<'_>,
) -> Result<Vec<Endpoint>, StripeError> {
    let endpoints = request.space.store.endpoints().await;
    let mut endpoints = endpoints.map_err(Rejection::from)?;
    endpoints.retain(|endpoint| {
        endpoint.profile == Profile::Stripe
            && endpoint.note.is_some()
            && endpoint.merchant.as_ref() == Some(&account.merchant.name)
    });
    Ok(endpoints)
}

fn note_of(endpoint: &Endpoint) -> Value {
    kept::parsed(endpoint.note.as_deref())
}

fn shown(endpoint: &Endpoint) -> Value {
    let note = note_of(endpoint);
    json!({
        "id": endpoint.id.text(),
        "object": "webhook_endpoint",
        "api_version": note["api_version"],
        "application": null,
        "created": note["created"],
        "description": note["description"],
        "enabled_events": note["enabled_events"],
        "livemode": false,
        "metadata": note["metadata"],
        "status": if endpoint.disabled.is_some() { "disabled" } else { "enabled" },
        "url": endpoint.url,
    })
}
