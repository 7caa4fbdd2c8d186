//! Which parameters Stripe knows, call by call (the types of the npm package `stripe`, and what its Active Merchant adapter
//! sends where Stripe opens fields on request). One that it does not know is refused by its full name, before anything else is
//! looked at.

use super::errors::{Own, StripeError};
use super::form::Form;

/// What a payment intent is made from. Everything below a name that stands here is known too.
pub(super) const CREATE: &[&str] = &[
    "amount",
    "amount_details",
    "application_fee_amount",
    "automatic_payment_methods",
    "confirm",
    "confirmation_method",
    "currency",
    "customer",
    "customer_account",
    "description",
    "excluded_payment_method_types",
    "hooks",
    "metadata",
    "on_behalf_of",
    "payment_details",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_data",
    "transfer_group",
];

/// What may come when an intent is confirmed, in the call that creates it or later.
pub(super) const CONFIRM: &[&str] = &[
    "capture_method",
    "confirmation_token",
    "error_on_requires_action",
    "expand",
    "mandate",
    "mandate_data",
    "off_session",
    "payment_method",
    "payment_method_configuration",
    "payment_method_types",
    "payment_method_data[allow_redisplay]",
    "payment_method_data[billing_details]",
    "payment_method_data[card][cvc]",
    "payment_method_data[card][exp_month]",
    "payment_method_data[card][exp_year]",
    "payment_method_data[card][last4]",
    "payment_method_data[card][networks]",
    "payment_method_data[card][network_token][exp_month]",
    "payment_method_data[card][network_token][exp_year]",
    "payment_method_data[card][network_token][number]",
    "payment_method_data[card][network_token][payment_account_reference]",
    "payment_method_data[card][number]",
    "payment_method_data[metadata]",
    "payment_method_data[radar_options]",
    "payment_method_data[type]",
    "payment_method_options[card][capture_method]",
    "payment_method_options[card][cvc_token]",
    "payment_method_options[card][installments]",
    "payment_method_options[card][mandate_options]",
    "payment_method_options[card][mit_exemption][claim_without_transaction_id]",
    "payment_method_options[card][mit_exemption][ds_transaction_id]",
    "payment_method_options[card][mit_exemption][network_transaction_id]",
    "payment_method_options[card][mit_exemption][transaction_link_id]",
    "payment_method_options[card][moto]",
    "payment_method_options[card][network]",
    "payment_method_options[card][network_token][cryptogram]",
    "payment_method_options[card][network_token][electronic_commerce_indicator]",
    "payment_method_options[card][request_extended_authorization]",
    "payment_method_options[card][request_incremental_authorization]",
    "payment_method_options[card][request_multicapture]",
    "payment_method_options[card][request_overcapture]",
    "payment_method_options[card][request_three_d_secure]",
    "payment_method_options[card][require_cvc_recollection]",
    "payment_method_options[card][setup_future_usage]",
    "payment_method_options[card][statement_descriptor_suffix_kana]",
    "payment_method_options[card][statement_descriptor_suffix_kanji]",
    "payment_method_options[card][stored_credential_transaction_type]",
    "payment_method_options[card][three_d_secure]",
    "radar_options",
    "receipt_email",
    "return_url",
    "setup_future_usage",
    "shipping",
    "use_stripe_sdk",
];

pub(super) const CAPTURE: &[&str] = &[
    "amount_details",
    "amount_to_capture",
    "application_fee_amount",
    "expand",
    "final_capture",
    "hooks",
    "metadata",
    "payment_details",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_data",
];

pub(super) const CANCEL: &[&str] = &["cancellation_reason", "expand"];

pub(super) const REFUND: &[&str] = &[
    "amount",
    "charge",
    "currency",
    "customer",
    "expand",
    "instructions_email",
    "metadata",
    "origin",
    "payment_intent",
    "reason",
    "refund_application_fee",
    "reverse_transfer",
];

/// What may stand in the query when something is read.
pub(super) const READ: &[&str] = &["client_secret", "expand"];

/// What an empty value unsets, with everything below it (`Emptyable` in those types, and the texts of an intent).
const UNSETTABLE: &[&str] = &[
    "amount_details",
    "description",
    "excluded_payment_method_types",
    "hooks",
    "mandate_data",
    "metadata",
    "payment_details",
    "payment_method_data[billing_details]",
    "payment_method_data[metadata]",
    "payment_method_options[card][installments]",
    "payment_method_options[card][mandate_options]",
    "payment_method_options[card][setup_future_usage]",
    "payment_method_options[card][statement_descriptor_suffix_kana]",
    "payment_method_options[card][statement_descriptor_suffix_kanji]",
    "receipt_email",
    "setup_future_usage",
    "shipping",
];

/// Whether the name is one of these, or below one.
fn is_among(known: &[&str], name: &str) -> bool {
    known.iter().any(|known| {
        let rest = name.strip_prefix(known);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
    })
}

/// Whether every parameter is one of these, and has a value unless an empty one unsets it.
pub(super) fn check(form: &Form, known: &[&[&str]]) -> Result<(), StripeError> {
    let is_known = |name: &str| known.iter().any(|names| is_among(names, name));
    let short = |name: &str| name.chars().take(200).collect();
    let pairs = || form.pairs().iter();
    if let Some((name, _)) = pairs().find(|(name, _)| !is_known(name)) {
        return Err(Own::UnknownParameter(short(name)).into());
    }
    let is_empty =
        |(name, value): &&(String, String)| value.is_empty() && !is_among(UNSETTABLE, name);
    match pairs().find(is_empty) {
        None => Ok(()),
        Some((name, _)) => Err(Own::Empty(short(name)).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_unset_is_not_empty() {
        let refused = |text: &str| {
            let form = Form::parse(text.as_bytes());
            match check(&form, &[CREATE, CONFIRM, CAPTURE, READ]) {
                Ok(()) => None,
                Err(StripeError::Own(Own::Empty(name))) => Some(name),
                Err(other) => panic!("{other:?}"),
            }
        };
        for fine in [
            "metadata=&metadata[a]=&description=",
            "shipping=&shipping[address][line2]=&receipt_email=&setup_future_usage=",
            "payment_method_data[billing_details][name]=&amount_details[tax]=",
        ] {
            assert_eq!(refused(fine), None, "{fine}");
        }
        for name in [
            "amount",
            "amount_to_capture",
            "currency",
            "confirm",
            "capture_method",
            "client_secret",
            "expand[]",
            "off_session",
            "payment_method",
            "payment_method_data[type]",
            "payment_method_data[card][number]",
            "payment_method_options[card][network_token][cryptogram]",
            "statement_descriptor",
        ] {
            assert_eq!(refused(&format!("{name}=")).as_deref(), Some(name));
            assert_eq!(refused(&format!("{name}=1&{name}=")).as_deref(), Some(name));
            assert_eq!(refused(name).as_deref(), Some(name));
        }
        let form = Form::parse(b"no_such=&amount=");
        let unknown = check(&form, &[CREATE]).unwrap_err();
        assert!(matches!(
            unknown,
            StripeError::Own(Own::UnknownParameter(_))
        ));
    }

    #[test]
    fn what_is_not_known_is_named_in_full() {
        let refused = |text: &str| {
            let form = Form::parse(text.as_bytes());
            match check(&form, &[CREATE, CONFIRM]) {
                Ok(()) => None,
                Err(StripeError::Own(Own::UnknownParameter(name))) => Some(name),
                Err(other) => panic!("{other:?}"),
            }
        };
        for fine in [
            "",
            "amount=1&metadata[a]=b&expand[]=latest_charge&expand[0]=x",
            "shipping[address][city]=x&payment_method_data[card][number]=4",
        ] {
            assert_eq!(refused(fine), None, "{fine}");
        }
        for (wrong, name) in [
            ("amount=1&amout=2", "amout"),
            ("amounts=2", "amounts"),
            (
                "payment_method_data[card][pan]=4",
                "payment_method_data[card][pan]",
            ),
            ("payment_method_data[card]=4", "payment_method_data[card]"),
            (
                "payment_method_options[sepa][x]=4",
                "payment_method_options[sepa][x]",
            ),
        ] {
            assert_eq!(refused(wrong).as_deref(), Some(name));
        }
    }
}
