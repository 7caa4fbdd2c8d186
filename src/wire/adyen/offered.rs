//! `/paymentMethods`: what a shop's page may offer, which is cards (Adyen, Checkout API, `PaymentMethodsRequest`).

use http::StatusCode;
use serde_json::json;

use super::auth::enter;
use super::errors::AdyenError;
use super::messages::{self, brand, request_reference};
use super::requests;
use crate::domain::card::Network;
use crate::wire::edge::document::object;
use crate::wire::edge::read::{Flaw, Members};
use crate::wire::edge::{Answer, Request, RequestContext};

const SCHEME: &str = "scheme";

/// What the merchant wants to offer: methods and brands by their names.
struct Wanted {
    allowed: Option<Vec<String>>,
    blocked: Vec<String>,
}

impl Wanted {
    /// A brand, which is allowed with its method or by itself.
    fn offers(&self, brand: &str) -> bool {
        let named = |names: &[String]| names.iter().any(|name| name == SCHEME || name == brand);
        self.allowed.as_deref().is_none_or(named) && !named(&self.blocked)
    }
}

pub(super) async fn offered(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, AdyenError> {
    let account = enter(context, request)?;
    let body = object(request)?;
    let wanted = requests::members(&body, account.merchant, wanted)?;
    let brands = Network::ALL.map(|network| brand(Some(network)));
    let brands: Vec<_> = brands
        .into_iter()
        .filter(|name| wanted.offers(name))
        .collect();
    let cards = json!({ "brands": brands, "name": "Cards", "type": SCHEME });
    let methods: Vec<_> = (!brands.is_empty()).then_some(cards).into_iter().collect();
    let reference = request_reference(request, context);
    let answer = json!({ "paymentMethods": methods });
    Ok(messages::answer(StatusCode::OK, &reference, &answer))
}

fn wanted(body: &Members<'_>) -> Option<Wanted> {
    Some(Wanted {
        allowed: names(body, "allowedPaymentMethods"),
        blocked: names(body, "blockedPaymentMethods").unwrap_or_default(),
    })
}

fn names(body: &Members<'_>, name: &str) -> Option<Vec<String>> {
    let items = body.get(name)?.as_array();
    let texts = items.and_then(|items| {
        let texts = items.iter().map(|item| item.as_str().map(str::to_owned));
        texts.collect::<Option<Vec<_>>>()
    });
    if texts.is_none() {
        body.flaw(name, Flaw::Type, "must be a list of strings");
    }
    // A list of nothing is as good as none.
    texts.filter(|texts: &Vec<String>| !texts.is_empty())
}
