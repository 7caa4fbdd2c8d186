//! What each capability opens, and how a file comes to have it.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::super::binding::Operation;
use super::super::capability::CAPABILITIES;
use super::super::scenario::Case;

/// Writes every capability.
pub(super) fn describe(out: &mut String, cases: &[Case]) {
    out.push_str("\n## Capabilities\n\nWhat a check needs. Most follow from the rest of the file; `claims` adds one, and `without` takes one away. A check that needs one\nwhich is not there is told as not declared, with this as the reason.\n\n");
    for (name, meaning) in CAPABILITIES {
        let has = has_it(name).unwrap_or_default();
        let _ = writeln!(
            out,
            "- `{name}`: {meaning}. A file has it by {has}. {}",
            opens(name, cases)
        );
    }
}

/// How a target file comes to have it.
pub(super) fn has_it(name: &str) -> Option<String> {
    if Operation::all().any(|operation| operation.word() == name) && name != "pay-elsewhere" {
        return Some(format!("the operation `{name}`"));
    }
    if let Some(condition) = name.strip_prefix("card.") {
        return Some(match condition {
            "visa" | "mastercard" => format!("an eligible card of {condition} in `[[cards]]`"),
            _ => format!("a card with `condition = \"{condition}\"`"),
        });
    }
    if let Some(account) = name.strip_prefix("account.") {
        return Some(if account == "on-create" {
            "`[accounts.on-create]`".to_owned()
        } else {
            format!("`[keys.{account}]`")
        });
    }
    let enrol = |fact: &str| format!("`facts.{fact}` of enrol");
    Some(match name {
        "reference" => enrol("reference"),
        "token-number" => enrol("token_number"),
        "token-last4" => enrol("token_last4"),
        "card-last4" => enrol("card_last4"),
        "par" => enrol("par"),
        "network-told" => enrol("network"),
        "token-expiry" => "`facts.token_expires` or `facts.token_exp_year` of enrol".to_owned(),
        "eci" => "`facts.eci` of cryptogram-long".to_owned(),
        "paid-amount" => "`facts.paid_amount` of pay-long".to_owned(),
        "cryptogram-amount" => "an amount in the requests of cryptogram-long".to_owned(),
        "cryptogram-by-card" => "cryptogram-long whose requests do not name {reference}".to_owned(),
        "access" => "itself".to_owned(),
        "unknown-card" => "`binding.unknown`".to_owned(),
        "structured" => {
            "a body of JSON, XML or a form in the last request of store, or else of enrol"
                .to_owned()
        }
        "structured-card" => {
            "the last request of store, or else of enrol, which names {pan} and the month"
                .to_owned()
        }
        "structured-pay" => {
            "a body of JSON, XML or a form in the last request of pay-long".to_owned()
        }
        "idempotent-enrol" => "{idempotency_key} in enrol".to_owned(),
        "idempotent-pay" => "{idempotency_key} in pay-long".to_owned(),
        "idempotent-stored" => "{idempotency_key} in pay-stored".to_owned(),
        "idempotent-capture" => "{idempotency_key} in capture".to_owned(),
        "idempotent-refund" => "{idempotency_key} in refund".to_owned(),
        "structured-enrol" => {
            "store, and a body of JSON, XML or a form in the last request of enrol".to_owned()
        }
        "structured-proof" => {
            "a body of JSON, XML or a form in the last request of cryptogram-long".to_owned()
        }
        "paid-currency" => "a currency in pay-long".to_owned(),
        "amount-captured" => "an amount in capture".to_owned(),
        "amount-refunded" => "an amount in refund".to_owned(),
        "currency-refunded" => "{currency} or {currency_lower} in refund".to_owned(),
        "card-on-file" => "store, and {card} in enrol".to_owned(),
        "field" => "`facts.field` of store, or else of enrol".to_owned(),
        _ => return of_file(name),
    })
}

/// How it follows from what stands outside the operations.
fn of_file(name: &str) -> Option<String> {
    Some(match name {
        "other-merchant" => "`[other]` or `[accounts.other]`".to_owned(),
        "same-token-again" => "`policies.enrol_again = \"same\"`".to_owned(),
        "tokens-go-with-card" => {
            "`policies.deleted_card_tokens`, unless it is `\"kept\"`".to_owned()
        }
        "deleted-card-tokens" => "`policies.deleted_card_tokens = \"deleted\"`".to_owned(),
        "tokens-outlive-card" => "`policies.deleted_card_tokens = \"kept\"`".to_owned(),
        "signature-life" => "`policies.signature_life`".to_owned(),
        "nonce-once" => "`policies.nonce_once`".to_owned(),
        "cryptogram-life" => "`policies.cryptogram_life`".to_owned(),
        "zero-refused" => "`policies.zero_refused`".to_owned(),
        "link-checked" => "`policies.link_checked`".to_owned(),
        "expired-refused" => "`policies.expired_cards = \"refused\"`".to_owned(),
        "three-decimals" => "KWD or another such currency in `allows.currencies`".to_owned(),
        "spaces" => "`spaces = true`".to_owned(),
        "webhooks" => "`[webhooks]` and the operation `listen`".to_owned(),
        "webhooks-updated" => "`webhooks.types.updated`".to_owned(),
        "webhooks-ordered" => "`webhooks.ordered`".to_owned(),
        "webhooks-retried" => "`webhooks.retries`".to_owned(),
        "webhooks-timed" => "`[webhooks.signature]` with a time, `clock = \"machine\"` where there is an operation clock, and not `spaces`".to_owned(),
        "webhooks-state" => "`webhooks.state`".to_owned(),
        "webhooks-signed" => "`[webhooks.signature]`".to_owned(),
        "pay-elsewhere" => {
            "the operation `pay-elsewhere`, or pay-long with another merchant".to_owned()
        }
        "trouble-cards" | "listed-cards-only" | "faults" => "`claims` alone".to_owned(),
        "keys.visa" | "keys.mastercard" => {
            "`claims`, and `--keys DIR` on the command line".to_owned()
        }
        _ => return None,
    })
}

/// The checks that need it.
fn opens(name: &str, cases: &[Case]) -> String {
    let needing = cases
        .iter()
        .filter(|case| case.tagged("cap").any(|needed| needed == name));
    let (pinning, judging): (Vec<&Case>, Vec<&Case>) =
        needing.partition(|case| case.surface().is_some());
    let surfaces: BTreeSet<&str> = pinning.iter().filter_map(|case| case.surface()).collect();
    let mut said: Vec<String> = judging
        .iter()
        .map(|case| format!("`{}`", case.id))
        .collect();
    said.extend(
        surfaces
            .iter()
            .map(|surface| format!("checks of features/wire/{surface}")),
    );
    match (said.is_empty(), name) {
        (false, _) => format!("Opens {}.", said.join(", ")),
        (true, "keys.visa" | "keys.mastercard") => {
            "Opens everything over the binding of that network.".to_owned()
        }
        (true, _) => "Opens no check by itself.".to_owned(),
    }
}
