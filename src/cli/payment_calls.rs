//! Events of Stripe that take more than a payment, or none, each with the calls after which Stripe tells of it.

use http::Method;

/// One call of a client. `{0}` stands for the id in the first answer, `{1}` for that in the second; of a list it is the first
/// one's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Call {
    method: Verb,
    path: &'static str,
    form: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verb {
    Get,
    Post,
    Delete,
}

impl Call {
    pub(super) const fn method(&self) -> Method {
        match self.method {
            Verb::Get => Method::GET,
            Verb::Post => Method::POST,
            Verb::Delete => Method::DELETE,
        }
    }

    /// Where it goes, once it is known what the calls before it made.
    pub(super) fn path(&self, ids: &[String]) -> String {
        filled(self.path, ids)
    }

    pub(super) fn form(&self, ids: &[String]) -> String {
        filled(self.form, ids)
    }
}

fn filled(text: &str, ids: &[String]) -> String {
    let places = ids.iter().enumerate();
    places.fold(text.to_owned(), |text, (place, id)| {
        text.replace(&format!("{{{place}}}"), id)
    })
}

const fn post(path: &'static str, form: &'static str) -> Call {
    let method = Verb::Post;
    Call { method, path, form }
}

const CUSTOMER: Call = post("/v1/customers", "name=Jenny+Rosen");
const SETUP: Call = post("/v1/setup_intents", "");
const METHOD: Call = post(
    "/v1/payment_methods",
    "type=card&card[number]=4242424242424242&card[exp_month]=12&card[exp_year]=2034&card[cvc]=123",
);
const ATTACH: Call = post("/v1/payment_methods/{1}/attach", "customer={0}");
const DISPUTED: Call = post(
    "/v1/charges",
    "amount=2000&currency=usd&source=tok_createDispute",
);
const ITS_DISPUTE: Call = Call {
    method: Verb::Get,
    path: "/v1/disputes?charge={0}",
    form: "",
};

/// See the module.
pub(super) const STRIPE: [(&str, &[Call]); 17] = [
    (
        "payment_intent.requires_action",
        &[post(
            "/v1/payment_intents",
            "amount=2000&currency=usd&confirm=true&payment_method=pm_card_authenticationRequired&return_url=https://localhost/",
        )],
    ),
    ("setup_intent.created", &[SETUP]),
    (
        "setup_intent.requires_action",
        &[post(
            "/v1/setup_intents",
            "confirm=true&payment_method=pm_card_authenticationRequired&return_url=https://localhost/",
        )],
    ),
    (
        "setup_intent.succeeded",
        &[post(
            "/v1/setup_intents",
            "confirm=true&payment_method=pm_card_visa",
        )],
    ),
    (
        "setup_intent.setup_failed",
        &[post(
            "/v1/setup_intents",
            "confirm=true&payment_method=pm_card_chargeDeclined",
        )],
    ),
    (
        "setup_intent.canceled",
        &[SETUP, post("/v1/setup_intents/{0}/cancel", "")],
    ),
    ("customer.created", &[CUSTOMER]),
    (
        "customer.updated",
        &[CUSTOMER, post("/v1/customers/{0}", "name=Jenny+Smith")],
    ),
    (
        "customer.deleted",
        &[
            CUSTOMER,
            Call {
                method: Verb::Delete,
                path: "/v1/customers/{0}",
                form: "",
            },
        ],
    ),
    ("payment_method.attached", &[CUSTOMER, METHOD, ATTACH]),
    (
        "payment_method.detached",
        &[
            CUSTOMER,
            METHOD,
            ATTACH,
            post("/v1/payment_methods/{1}/detach", ""),
        ],
    ),
    (
        "payment_method.updated",
        &[
            CUSTOMER,
            METHOD,
            ATTACH,
            post("/v1/payment_methods/{1}", "card[exp_year]=2035"),
        ],
    ),
    ("charge.dispute.created", &[DISPUTED]),
    ("charge.dispute.funds_withdrawn", &[DISPUTED]),
    (
        "charge.dispute.updated",
        &[
            DISPUTED,
            ITS_DISPUTE,
            post(
                "/v1/disputes/{1}",
                "evidence[product_description]=Comfortable+cotton+t-shirt",
            ),
        ],
    ),
    (
        "charge.dispute.funds_reinstated",
        &[
            DISPUTED,
            ITS_DISPUTE,
            post(
                "/v1/disputes/{1}",
                "evidence[uncategorized_text]=winning_evidence",
            ),
        ],
    ),
    (
        "charge.dispute.closed",
        &[DISPUTED, ITS_DISPUTE, post("/v1/disputes/{1}/close", "")],
    ),
];
