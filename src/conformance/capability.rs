//! The words with which a scenario says what it needs and a target what it has. A word that is not here is a lint error,
//! because a capability nobody can claim would remove a check for ever.

/// Each capability and what a target that has it can do.
pub(crate) const CAPABILITIES: &[(&str, &str)] = &[
    ("store", "put a card on file before a token is asked for"),
    ("enrol", "ask the network for a token"),
    ("read", "read a token"),
    ("cryptogram-long", "issue long cryptograms"),
    ("cryptogram-short", "issue short cryptograms"),
    (
        "cryptogram-amount",
        "issue a cryptogram for an amount and a currency",
    ),
    ("eci", "tell the indicator that goes with a cryptogram"),
    ("delete", "delete a token for the merchant"),
    ("update-card", "change the expiry of a card on file"),
    ("delete-card", "take a card off file for the merchant"),
    (
        "reference",
        "name a token by a reference of its own or of its card",
    ),
    ("token-number", "tell the token number"),
    (
        "token-last4",
        "tell the last four digits of the token number",
    ),
    ("token-expiry", "tell the token's expiry"),
    ("par", "tell the payment account reference"),
    (
        "unknown-card",
        "say how something that was never issued is named",
    ),
    (
        "structured-card",
        "take number and month of a card in one body of JSON, of XML or of a form",
    ),
    (
        "zero-refused",
        "refuse a payment of nothing (policies.zero_refused)",
    ),
    (
        "link-checked",
        "compare the transaction link that is quoted with the payment (policies.link_checked)",
    ),
    (
        "cryptogram-by-card",
        "be asked for a cryptogram by the name of a card, which need not have a token",
    ),
    ("access", "be asked without a key, or with a wrong one"),
    ("network-told", "tell the network of the card"),
    ("paid-amount", "tell the amount of a payment in minor units"),
    ("list", "list the merchant's tokens"),
    ("list-cards", "list the merchant's cards on file"),
    (
        "card-on-file",
        "enrol a card by the name that it has on file",
    ),
    ("field", "say in a refusal which member is wrong"),
    ("suspend", "suspend a token for the merchant"),
    ("resume", "resume a token for the merchant"),
    ("card-last4", "tell the last four digits of the card number"),
    (
        "structured",
        "take cards and enrolments in a body of JSON, of XML or of a form",
    ),
    (
        "structured-pay",
        "take payments in a body of JSON, of XML or of a form",
    ),
    (
        "idempotent-enrol",
        "take an idempotency key with an enrolment",
    ),
    ("idempotent-pay", "take an idempotency key with a payment"),
    (
        "idempotent-stored",
        "take an idempotency key with a charge of the token on file",
    ),
    (
        "idempotent-capture",
        "take an idempotency key with a capture",
    ),
    ("idempotent-refund", "take an idempotency key with a refund"),
    (
        "structured-enrol",
        "take enrolments of cards on file in a body of JSON, of XML or of a form",
    ),
    (
        "structured-proof",
        "be asked for a long cryptogram in a body of JSON, of XML or of a form",
    ),
    ("paid-currency", "be told the currency of a payment"),
    ("amount-captured", "be told how much is captured"),
    ("amount-refunded", "be told how much is refunded"),
    ("currency-refunded", "be told in which currency is refunded"),
    (
        "three-decimals",
        "pay in a currency of three decimals (allows.currencies)",
    ),
    (
        "expired-refused",
        "refuse a card whose month has passed (policies.expired_cards = refused)",
    ),
    (
        "other-merchant",
        "let another merchant of the target ask too: [other], or [accounts.other]",
    ),
    (
        "same-token-again",
        "give a card that is enrolled again the token that it has (policies.enrol_again = same)",
    ),
    (
        "tokens-go-with-card",
        "delete a card's tokens when it is taken off file (policies.deleted_card_tokens = deleted)",
    ),
    (
        "deleted-card-tokens",
        "say that a card's tokens are deleted when it is taken off file (policies.deleted_card_tokens = deleted)",
    ),
    (
        "tokens-outlive-card",
        "keep a card's tokens when it is taken off file (policies.deleted_card_tokens = kept)",
    ),
    (
        "signature-life",
        "say how old the signature of a request may be (policies.signature_life)",
    ),
    (
        "nonce-once",
        "take a signed request once (policies.nonce_once)",
    ),
    (
        "cryptogram-life",
        "say how long a cryptogram can be used (policies.cryptogram_life)",
    ),
    (
        "event-suspend",
        "let a test have network or issuer suspend a token",
    ),
    (
        "event-resume",
        "let a test have network or issuer resume a token",
    ),
    (
        "event-delete",
        "let a test have network or issuer delete a token",
    ),
    (
        "event-expiry",
        "let a test have the network move a token's expiry",
    ),
    (
        "event-card",
        "let a test have the network replace the card number behind a token",
    ),
    (
        "event-decline",
        "let a test have the issuer decline the next payment of a token",
    ),
    ("clock", "let a test move the time"),
    ("listen", "register an endpoint for webhooks"),
    ("unlisten", "take an endpoint for webhooks away"),
    ("spaces", "keep a world of its own for each credential"),
    (
        "trouble-cards",
        "answer VGS's published numbers for trouble as VGS says",
    ),
    (
        "listed-cards-only",
        "refuse card numbers that are not test numbers",
    ),
    (
        "faults",
        "go wrong on demand: arm fault rules at the control plane",
    ),
    (
        "webhooks",
        "tell of tokens by webhook: an operation listen, and [webhooks]",
    ),
    (
        "webhooks-updated",
        "tell of a new expiry or card number by webhook (webhooks.types.updated)",
    ),
    (
        "webhooks-ordered",
        "tell of one token in the order of what happened (webhooks.ordered)",
    ),
    (
        "webhooks-retried",
        "send a webhook again that was refused (webhooks.retries)",
    ),
    ("webhooks-signed", "sign webhooks (webhooks.signature)"),
    (
        "webhooks-timed",
        "sign the machine's time with a webhook (webhooks.signature, and its clock)",
    ),
    (
        "webhooks-state",
        "tell by webhook in which state the token is (webhooks.state)",
    ),
    ("card.eligible", "a test card that can be enrolled"),
    ("card.visa", "a Visa test card that can be enrolled"),
    (
        "card.mastercard",
        "a Mastercard test card that can be enrolled",
    ),
    (
        "card.card-not-allowed",
        "a test card that the network does not tokenise",
    ),
    ("card.declined", "a test card that the issuer declines"),
    (
        "card.verification-failed",
        "a test card that the issuer cannot verify",
    ),
    ("pay-long", "pay with a token and a long cryptogram"),
    (
        "pay-short",
        "pay with a token and a short cryptogram in the fields of a card",
    ),
    (
        "pay-stored",
        "pay without the customer, quoting an earlier payment",
    ),
    (
        "pay-elsewhere",
        "pay with a token at a merchant it was not issued for",
    ),
    ("pay-later", "authorize what is captured later"),
    ("capture", "say in the answer whether a capture is possible"),
    (
        "void",
        "say in the answer whether a payment can be taken back",
    ),
    ("refund", "say in the answer whether a refund is possible"),
    ("read-payment", "read a payment"),
    (
        "account.payments",
        "a merchant's key at standin's own payment API",
    ),
    ("account.stripe", "a merchant's key at Stripe"),
    ("account.adyen", "a merchant's key at Adyen"),
    ("account.checkout_com", "a merchant's key at Checkout.com"),
    (
        "account.acp",
        "a key with which payments are delegated by the Agentic Commerce Protocol",
    ),
    (
        "account.hyperswitch",
        "the key with which hyperswitch speaks to the token service",
    ),
    (
        "account.other-payments",
        "another merchant's key at standin's own payment API",
    ),
    ("account.other-stripe", "another merchant's key at Stripe"),
    ("account.other-adyen", "another merchant's key at Adyen"),
    (
        "account.other-checkout_com",
        "another merchant's key at Checkout.com",
    ),
    (
        "card.step-up",
        "a test card whose cardholder has to be verified first",
    ),
    (
        "keys.visa",
        "give the keys of a token requestor at Visa (--keys DIR)",
    ),
    (
        "keys.mastercard",
        "give the keys of a token requestor at Mastercard (--keys DIR)",
    ),
    (
        "account.on-create",
        "an account that provisions when a card is created",
    ),
];

/// What everything that is said over a binding or to a surface needs besides: a network's own API is closed without keys.
pub(crate) fn needed_for(over: &str) -> Option<&'static str> {
    match over {
        "visa" => Some("keys.visa"),
        "mastercard" => Some("keys.mastercard"),
        _ => None,
    }
}

/// What a target that has the capability can do, if there is such a capability.
pub(crate) fn meaning(name: &str) -> Option<&'static str> {
    CAPABILITIES
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, meaning)| *meaning)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::binding::Binding;
    use super::super::target::Target;
    use super::*;

    #[test]
    fn everything_claimed_has_a_meaning_and_the_other_way_round() {
        let mut claimed = Target::standin("http://127.0.0.1:1")
            .unwrap()
            .capabilities();
        claimed.retain(|name| name != "account.manual" && name != "account.other");
        let target = Target::standin("http://127.0.0.1:1").unwrap();
        let mut bindings = Binding::built_in().unwrap();
        bindings
            .extend(Binding::paired(None, |account| target.keys.contains_key(account)).unwrap());
        for binding in bindings {
            claimed.extend(binding.capabilities());
        }
        let known: BTreeSet<String> = CAPABILITIES
            .iter()
            .map(|(name, _)| (*name).to_owned())
            .collect();
        // What standin's own surfaces have no need of, and a target file can declare.
        for word in super::super::binding::Operation::all().map(|operation| operation.word()) {
            claimed.insert(word.to_owned());
        }
        for word in [
            "idempotent-enrol",
            "idempotent-pay",
            "other-merchant",
            "cryptogram-life",
            "signature-life",
            "nonce-once",
            "tokens-outlive-card",
            "deleted-card-tokens",
            "zero-refused",
            "link-checked",
            "network-told",
            "paid-amount",
            "idempotent-stored",
            "idempotent-capture",
            "idempotent-refund",
            "structured-enrol",
            "structured-proof",
            "paid-currency",
            "amount-captured",
            "amount-refunded",
            "currency-refunded",
            "three-decimals",
            "expired-refused",
            "webhooks-timed",
            "webhooks-state",
            "card-on-file",
            "field",
        ] {
            claimed.insert(word.to_owned());
        }
        assert_eq!(claimed, known);
    }
}
