//! What integrations sent to Stripe.

use super::{Bug, Refused, Warned, World};
use crate::client::Ask;

const KEY: &str = "sk_test_standin";
const MESSAGE: &str = "/error/message";
const CODE: &str = "/error/code";
const INTEGER: &str = "whole minor units only";
const STATE: &str = "the status of the intent does not allow it";
const SAME_KEY: &str = "a key goes with one request, its path and its parameters";

pub(super) fn post(path: &str, members: &[(&str, &str)]) -> Ask {
    Ask::post(format!("/v1/{path}")).bearer(KEY).form(members)
}

/// A payment by card that passes. Of a member that comes twice the later counts.
pub(super) fn charge(more: &[(&str, &str)]) -> Ask {
    let mut members = vec![
        ("amount", "1000"),
        ("currency", "usd"),
        ("confirm", "true"),
        ("payment_method_data[type]", "card"),
        ("payment_method_data[card][number]", "4242424242424242"),
        ("payment_method_data[card][exp_month]", "12"),
        ("payment_method_data[card][exp_year]", "2034"),
    ];
    members.extend(more);
    post("payment_intents", &members)
}

fn keyed(ask: Ask) -> Ask {
    ask.header("idempotency-key", "order-1")
}

fn read(path: &str) -> Ask {
    Ask::get(format!("/v1/{path}")).bearer(KEY)
}

/// A bug that is refused under all rules.
const fn refused(
    source: &'static str,
    service: &'static str,
    sends: fn(&World) -> Vec<Ask>,
    outcome: super::Outcome,
) -> Bug {
    Bug {
        source,
        service,
        sends,
        usual: outcome,
        strict: outcome,
    }
}

pub(super) const BUGS: &[Bug] = &[
    refused(
        "https://github.com/Debetux/opencart-stripe/issues/10",
        INTEGER,
        |_| vec![charge(&[("amount", "9175.2")])],
        Refused(400, MESSAGE, "Invalid integer: 9175.2"),
    ),
    refused(
        "https://github.com/stripe-samples/react-elements-netlify-serverless/issues/4",
        INTEGER,
        |_| vec![charge(&[("amount", "NaN")])],
        Refused(400, MESSAGE, "Invalid integer: NaN"),
    ),
    refused(
        "https://github.com/stripe/stripe-cli/issues/585",
        INTEGER,
        |_| vec![charge(&[("amount", "1.0038e+06")])],
        Refused(400, MESSAGE, "Invalid integer: 1.0038e+06"),
    ),
    refused(
        "https://github.com/stripe/react-stripe-js/issues/408",
        INTEGER,
        |_| vec![charge(&[("amount", "7840.000000000001")])],
        Refused(400, MESSAGE, "Invalid integer: 7840.000000000001"),
    ),
    refused(
        "https://github.com/ingenesis/shopp/issues/3286",
        "the amount of a capture is in minor units too",
        |world| {
            let path = format!("payment_intents/{}/capture", world.held);
            vec![post(&path, &[("amount_to_capture", "1.09")])]
        },
        Refused(400, MESSAGE, "Invalid integer: 1.09"),
    ),
    refused(
        "https://github.com/stripe/stripe-node/issues/1324",
        "the status can only be read",
        |_| vec![charge(&[("status", "succeeded")])],
        Refused(400, MESSAGE, "Received unknown parameter: status"),
    ),
    refused(
        "https://github.com/stripe/stripe-react-native/issues/874",
        "an unknown parameter is refused by name",
        |_| vec![charge(&[("customers", "cus_1")])],
        Refused(400, CODE, "parameter_unknown"),
    ),
    refused(
        "https://github.com/stripe/stripe-python/issues/853",
        "what is for headers is no parameter",
        |_| vec![charge(&[("idempotency_key", "order-1")])],
        Refused(400, MESSAGE, "Received unknown parameter: idempotency_key"),
    ),
    refused(
        "https://github.com/flutter-stripe/flutter_stripe/issues/1450",
        "a client secret goes with a publishable key",
        |world| {
            let path = format!("payment_intents/{}/confirm", world.open);
            vec![post(&path, &[("client_secret", "pi_1_secret_2")])]
        },
        Refused(400, MESSAGE, "Received unknown parameter: client_secret"),
    ),
    refused(
        "https://github.com/craftcms/commerce-stripe/issues/22",
        "an empty text unsets, and what cannot be unset is refused",
        |_| vec![charge(&[("customer", "")])],
        Refused(400, CODE, "parameter_invalid_empty"),
    ),
    refused(
        "https://github.com/gitpod-io/gitpod/issues/13035",
        "one object has no data to expand",
        |world| {
            vec![read(&format!(
                "payment_intents/{}?expand[]=data",
                world.paid
            ))]
        },
        Refused(400, MESSAGE, "This property cannot be expanded (data)."),
    ),
    refused(
        "https://github.com/Valour-Software/Valour/pull/1533",
        "metadata is there anyway and leads nowhere",
        |_| vec![charge(&[("expand[]", "metadata")])],
        Refused(400, MESSAGE, "This property cannot be expanded (metadata)."),
    ),
    refused(
        "https://github.com/stripe/stripe-dotnet/issues/1351",
        "in a list everything stands below data",
        |_| vec![read("charges?expand[]=customer")],
        Refused(
            400,
            MESSAGE,
            "This property cannot be expanded (customer). You may want to try expanding 'data.customer' instead.",
        ),
    ),
    refused(
        "https://github.com/cartalyst/stripe/issues/218",
        "a boolean is true or false",
        |_| vec![charge(&[("automatic_payment_methods[enabled]", "1")])],
        Refused(400, MESSAGE, "Invalid boolean: 1"),
    ),
    refused(
        "https://github.com/exercism/website/issues/7062",
        STATE,
        |world| vec![post(&format!("payment_intents/{}/cancel", world.paid), &[])],
        Refused(
            400,
            MESSAGE,
            "You cannot cancel this PaymentIntent because it has a status of succeeded. Only a PaymentIntent with one of the following statuses may be canceled: requires_payment_method, requires_confirmation, requires_action, requires_capture, processing.",
        ),
    ),
    refused(
        "https://github.com/FlowFuse/flowfuse/issues/1948",
        "metadata has fifty pairs at most",
        |_| {
            let names: Vec<_> = (0..51).map(|place| format!("metadata[{place}]")).collect();
            let pairs: Vec<_> = names.iter().map(|name| (name.as_str(), "1")).collect();
            vec![charge(&pairs)]
        },
        Refused(
            400,
            MESSAGE,
            "Metadata can have up to 50 keys, but you've set 51.",
        ),
    ),
    refused(
        "https://github.com/stripe/stripe-cli/issues/47",
        "what is to be expanded is an array",
        |world| {
            vec![read(&format!(
                "payment_intents/{}?expand=latest_charge",
                world.paid
            ))]
        },
        Refused(400, MESSAGE, "Invalid array"),
    ),
    refused(
        "https://github.com/fjordllc/bootcamp/issues/4268",
        SAME_KEY,
        |_| vec![keyed(charge(&[])), keyed(charge(&[("amount", "2000")]))],
        Refused(400, "/error/type", "idempotency_error"),
    ),
    refused(
        "https://github.com/vendurehq/vendure/issues/2364",
        SAME_KEY,
        |_| {
            let other = charge(&[("metadata[email]", "a@b.test")]);
            vec![keyed(charge(&[])), keyed(other)]
        },
        Refused(400, "/error/type", "idempotency_error"),
    ),
    refused(
        "https://github.com/stripe/stripe-ruby/issues/598",
        SAME_KEY,
        |world| {
            let capture = post(&format!("payment_intents/{}/capture", world.held), &[]);
            vec![keyed(charge(&[])), keyed(capture)]
        },
        Refused(400, "/error/type", "idempotency_error"),
    ),
    refused(
        "https://github.com/activemerchant/active_merchant/pull/3554",
        SAME_KEY,
        |world| {
            let refund = post("refunds", &[("payment_intent", world.paid.as_str())]);
            vec![keyed(charge(&[])), keyed(refund)]
        },
        Refused(400, "/error/type", "idempotency_error"),
    ),
    refused(
        "https://github.com/exercism/website/issues/7062",
        STATE,
        |world| vec![post(&format!("payment_intents/{}/cancel", world.paid), &[])],
        Refused(400, CODE, "payment_intent_unexpected_state"),
    ),
    refused(
        "https://github.com/stripe/stripe-php/issues/818",
        STATE,
        |world| {
            vec![post(
                &format!("payment_intents/{}/capture", world.paid),
                &[],
            )]
        },
        Refused(400, CODE, "payment_intent_unexpected_state"),
    ),
    refused(
        "https://github.com/cartalyst/stripe/issues/211",
        STATE,
        |world| {
            vec![post(
                &format!("payment_intents/{}/capture", world.open),
                &[],
            )]
        },
        Refused(400, CODE, "payment_intent_unexpected_state"),
    ),
    refused(
        "https://github.com/Sylius/StripePlugin/issues/23",
        "what has been refunded is not refunded again",
        |world| {
            vec![post(
                "refunds",
                &[("payment_intent", world.refunded.as_str())],
            )]
        },
        Refused(400, CODE, "charge_already_refunded"),
    ),
    Bug {
        source: "https://github.com/opencollective/opencollective-frontend/pull/12346",
        service: "methods that may redirect need a return_url",
        sends: |_| vec![charge(&[("automatic_payment_methods[enabled]", "true")])],
        usual: Warned(200, "return_url_missing"),
        strict: Refused(400, "/error/param", "return_url"),
    },
    refused(
        "https://github.com/stripe/example-mobile-backend/pull/37",
        "return_url comes with the confirmation",
        |_| {
            let back = ("return_url", "https://shop.test/");
            vec![charge(&[("confirm", "false"), back])]
        },
        Refused(400, "/error/param", "return_url"),
    ),
];
