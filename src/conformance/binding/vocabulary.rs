//! The variables that templates may name, and what each stands for: those of the card and the payment are always there, and
//! the others once an answer has told them.

use super::super::operation::Control;
use super::{Fact, Operation};

/// What is always there.
pub(crate) const ALWAYS: &[(&str, &str)] = &[
    ("pan", "the card number"),
    ("exp_month", "the card's month, 1 to 12"),
    ("exp_year2", "the card's year in two digits"),
    ("exp_year4", "the card's year in four digits"),
    (
        "expiry",
        "the card's month as YYYY-MM; {expiry:MM/YY} and the like",
    ),
    ("cvc", "the card's security code, if it has one: {cvc?}"),
    ("card_last4", "the last four digits of the card number"),
    (
        "network",
        "visa or mastercard, or your word for it in [words.network]",
    ),
    ("token_service", "vts or mdes"),
    (
        "amount",
        "the amount in major units, a number; {amount:.2} for a text with two decimals",
    ),
    (
        "amount_text",
        "the amount in major units as a text with the currency's decimals: 12.50, 1200",
    ),
    (
        "amount_minor",
        "the amount in the currency's minor units, a whole number",
    ),
    ("currency", "the currency, such as EUR"),
    ("currency_lower", "the currency in small letters"),
    (
        "merchant",
        "what the service calls the merchant, where the account says so",
    ),
    ("uuid", "a UUID that is new in every request"),
    (
        "nonce",
        "32 hexadecimal digits that are new in every request",
    ),
    (
        "idempotency_key",
        "new for every operation, and kept when the suite repeats one on purpose",
    ),
    (
        "order",
        "a name for what is paid, new for every operation; the same under the same idempotency key",
    ),
    ("now", "the time in Unix seconds"),
    ("now_ms", "the time in Unix milliseconds"),
    ("now_iso", "the time as 2026-01-31T23:59:59Z"),
    ("base", "the base_url"),
    ("control", "the control_url"),
    (
        "customer",
        "a name for the customer, one for each scenario of a run",
    ),
    ("token_month", "the token's month, 1 to 12"),
    ("token_month2", "the token's month in two digits"),
    ("token_year", "the token's year in four digits, a number"),
    ("token_year2", "the token's year in two digits"),
    ("token_year4", "the token's year in four digits, a text"),
    (
        "token_expiry",
        "the token's month as YYYY-MM; {token_expiry:MMYY} and the like",
    ),
    ("at_space", "@ and the scenario's space, or nothing"),
];

/// What an answer must have told before.
pub(crate) const TOLD: &[(&str, Fact)] = &[
    ("card", Fact::Card),
    ("reference", Fact::Reference),
    ("token_number", Fact::TokenNumber),
    ("token_last4", Fact::TokenLast4),
    ("par", Fact::Par),
    ("cryptogram", Fact::Cryptogram),
    ("eci", Fact::Eci),
    ("payment", Fact::Payment),
    ("nti", Fact::Nti),
    ("tlid", Fact::Tlid),
    ("endpoint", Fact::Endpoint),
    ("secret", Fact::Secret),
    ("state", Fact::State),
];

/// Every fact, its name in a target file, and what it is.
pub(crate) const FACTS: &[(Fact, &str, &str)] = &[
    (Fact::Card, "card", "what the card on file is called"),
    (Fact::Reference, "reference", "what the token is called"),
    (Fact::State, "state", "the token's state, in your word"),
    (
        Fact::Reason,
        "reason",
        "why it was refused, in your word; only a refusal has to tell it",
    ),
    (Fact::TokenNumber, "token_number", "the token number"),
    (
        Fact::TokenLast4,
        "token_last4",
        "the last four digits of the token number",
    ),
    (
        Fact::TokenExpires,
        "token_expires",
        "the token's expiry in one text, YYYY-MM unless ` as FORMAT` says otherwise",
    ),
    (
        Fact::TokenExpMonth,
        "token_exp_month",
        "the month of the token's expiry, where it has a member of its own",
    ),
    (
        Fact::TokenExpYear,
        "token_exp_year",
        "the year of the token's expiry, two digits or four, where it has a member of its own",
    ),
    (Fact::Par, "par", "the payment account reference"),
    (
        Fact::CardLast4,
        "card_last4",
        "the last four digits of the card number",
    ),
    (Fact::Cryptogram, "cryptogram", "the cryptogram"),
    (Fact::Eci, "eci", "the electronic commerce indicator"),
    (
        Fact::Outcome,
        "outcome",
        "whether a payment was approved, in your word",
    ),
    (Fact::Payment, "payment", "what the payment is called"),
    (Fact::Nti, "nti", "the network transaction id"),
    (
        Fact::Tlid,
        "tlid",
        "the transaction link id, which only Mastercard gives",
    ),
    (
        Fact::Network,
        "network",
        "the network of card and token, in your word of [binding.words.network] if there is one",
    ),
    (
        Fact::PaidAmount,
        "paid_amount",
        "what a payment was made for, in minor units unless ` as major` says otherwise",
    ),
    (Fact::Tokens, "tokens", "the merchant's tokens, a list"),
    (Fact::Cards, "cards", "the merchant's cards on file, a list"),
    (
        Fact::Field,
        "field",
        "which member of the request is wrong, in a refusal: its name, a pointer or a sentence that has the name in it",
    ),
    (
        Fact::Endpoint,
        "endpoint",
        "what an endpoint for webhooks is called",
    ),
    (
        Fact::Secret,
        "secret",
        "what webhooks to the endpoint are signed with",
    ),
];

/// What the variables are that only some operations have.
pub(crate) const BESIDES: &[(&str, &str)] = &[
    (
        "actor",
        "issuer or network, or your word for it in [binding.words.actor]",
    ),
    ("new_month", "the month to which the expiry moves, 1 to 12"),
    ("new_year", "the year to which the expiry moves, a number"),
    (
        "new_expiry",
        "the month to which the expiry moves, as YYYY-MM; {new_expiry:MM/YY} and the like",
    ),
    ("seconds", "how many seconds are to pass"),
    ("url", "where webhooks are to be sent"),
    ("cursor", "where the list goes on (pages.cursor): {cursor?}"),
    ("page", "the number of the page that is asked for, from 1"),
    ("offset", "how many items have been read before, from 0"),
    (
        "page_size",
        "how many items are asked for at once (pages.size)",
    ),
];

/// What a fact is called in a target file.
pub(crate) fn name_of(fact: Fact) -> &'static str {
    let found = FACTS.iter().find(|(known, _, _)| *known == fact);
    found.map_or("", |(_, name, _)| name)
}

/// What a fact is.
pub(crate) fn meaning_of(fact: Fact) -> &'static str {
    let found = FACTS.iter().find(|(known, _, _)| *known == fact);
    found.map_or("", |(_, _, meaning)| *meaning)
}

/// What one operation has besides.
pub(crate) fn besides(operation: Operation) -> &'static [&'static str] {
    match operation {
        Operation::Control(control) => match control {
            Control::Suspend
            | Control::Resume
            | Control::Delete
            | Control::Card
            | Control::Decline => &["actor"],
            Control::Expiry => &["actor", "new_month", "new_year", "new_expiry"],
            Control::Clock => &["seconds"],
            Control::Listen => &["url"],
            Control::Unlisten => &["url"],
        },
        Operation::List | Operation::ListCards => &["cursor", "page", "offset", "page_size"],
        Operation::Store
        | Operation::Enrol
        | Operation::Read
        | Operation::CryptogramLong
        | Operation::CryptogramShort
        | Operation::Delete
        | Operation::UpdateCard
        | Operation::DeleteCard
        | Operation::Suspend
        | Operation::Resume
        | Operation::Psp(_) => &[],
    }
}

/// The fact from which a variable comes.
pub(crate) fn fact(variable: &str) -> Option<Fact> {
    let found = TOLD.iter().find(|(name, _)| *name == variable);
    found.map(|(_, fact)| *fact)
}

/// Whether the variable is always there.
pub(crate) fn is_always(variable: &str) -> bool {
    ALWAYS.iter().any(|(name, _)| *name == variable)
}

/// All names, for whoever misspells one.
pub(crate) fn all(operation: Operation) -> Vec<&'static str> {
    let always = ALWAYS.iter().map(|(name, _)| *name);
    let told = TOLD.iter().map(|(name, _)| *name);
    let besides = besides(operation).iter().copied();
    always.chain(told).chain(besides).collect()
}
