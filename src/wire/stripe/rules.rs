//! What becomes of a parameter that Stripe knows, and of one that it does not.

use super::errors::{Own, StripeError};
use super::form::Form;
use super::metadata;
use super::requests::bad;
use crate::domain::number::digits;

/// What a parameter must be to be taken.
#[derive(Debug, Clone, Copy)]
pub(super) enum Rule {
    /// What it says is read elsewhere: in `requests`, in `kept`, or where the call is answered. Names below it are known too.
    Read,
    /// One of these words.
    Word(&'static [&'static str]),
    Flag,
    /// A flag that takes these words as well.
    FlagOr(&'static [&'static str]),
    /// This word; others are known and not imitated.
    Only(&'static str, &'static str),
    /// A flag for something that there is not.
    Never(&'static str),
    Number,
    Email,
    /// At most so many characters, where that is not what every parameter may have.
    Text(usize),
    Digits(usize),
    /// The name of such an object, of which standin makes none.
    NoSuch(&'static str),
    /// Not imitated, for this reason.
    Refused(&'static str),
}

/// A name and what becomes of it. Of two rows that fit, the first counts.
pub(super) type Row = (&'static str, Rule);

/// What an empty value unsets, with everything below it (`Emptyable` in those types, and the texts of an intent).
const UNSETTABLE: &[&str] = &[
    "address",
    "amount_details",
    "billing_details",
    "description",
    "email",
    "excluded_payment_method_types",
    "hooks",
    "invoice_settings[default_payment_method]",
    "mandate_data",
    "metadata",
    "name",
    "payment_details",
    "payment_method_data[billing_details]",
    "payment_method_data[metadata]",
    "payment_method_options[card][capture_method]",
    "payment_method_options[card][installments]",
    "payment_method_options[card][mandate_options]",
    "payment_method_options[card][setup_future_usage]",
    "payment_method_options[card][statement_descriptor_suffix_kana]",
    "payment_method_options[card][statement_descriptor_suffix_kanji]",
    "phone",
    "preferred_locales",
    "receipt_email",
    "setup_future_usage",
    "shipping",
    "tax_exempt",
];

/// Whether the name is one of these, or below one.
fn is_among(known: &[&str], name: &str) -> bool {
    known.iter().any(|known| {
        let rest = name.strip_prefix(known);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
    })
}

/// Whether every parameter is one of these, has a value unless an empty one unsets it, and is of a form that can be taken: in
/// this order, whatever the order of the parameters is.
pub(super) fn check(form: &Form, known: &[&[Row]]) -> Result<(), StripeError> {
    check_beside(form, known, UNSETTABLE)?;
    metadata::check(form)
}

/// The same of a query, which asks and unsets nothing.
pub(super) fn check_query(query: &Form, known: &[&[Row]]) -> Result<(), StripeError> {
    check_beside(query, known, &[])
}

/// So much of what was sent as an error repeats.
fn short(text: &str) -> String {
    text.chars().take(200).collect()
}

fn check_beside(form: &Form, known: &[&[Row]], unsettable: &[&str]) -> Result<(), StripeError> {
    let mut found = Vec::new();
    let unsets = |name: &str, value: &str| value.is_empty() && is_among(unsettable, name);
    for (name, value) in form.pairs() {
        // What it unsets may be known by its members alone.
        let mut rows = known.iter().flat_map(|rows| rows.iter());
        if unsets(name, value) && rows.any(|(row, _)| row.starts_with(name.as_str())) {
            continue;
        }
        let (known, rule) = row(known, name).ok_or_else(|| Own::UnknownParameter(short(name)))?;
        found.push((*known, *rule, value.as_str()));
    }
    let mut pairs = form.pairs().iter();
    let empty = pairs.find(|(name, value)| value.is_empty() && !unsets(name, value));
    if let Some((name, _)) = empty {
        return Err(Own::Empty(short(name)).into());
    }
    let mut with_value = found.into_iter().filter(|(.., value)| !value.is_empty());
    with_value.try_for_each(|(known, rule, value)| obey(form, known, rule, value))
}

/// The row that a parameter is known by.
fn row<'a>(known: &[&'a [Row]], name: &str) -> Option<&'a Row> {
    let mut rows = known.iter().flat_map(|rows| rows.iter());
    rows.find(|(known, rule)| match name.strip_prefix(known) {
        Some("") => true,
        Some(rest) => rest.starts_with('[') && matches!(rule, Rule::Read | Rule::Refused(_)),
        None => false,
    })
}

/// The longest text of any parameter (Stripe's OpenAPI description, `maxLength`; metadata has limits of its own).
const CHARACTERS_MAX: usize = 5_000;

fn obey(form: &Form, name: &'static str, rule: Rule, value: &str) -> Result<(), StripeError> {
    let most = if let Rule::Text(most) = rule {
        most
    } else {
        CHARACTERS_MAX
    };
    if value.len() > most && value.chars().count() > most {
        let due = format!("must be at most {most} characters");
        return Err(bad(name, "parameter_invalid_string", &due));
    }
    match rule {
        Rule::Read | Rule::Text(_) => Ok(()),
        Rule::Word(words) if words.contains(&value) => Ok(()),
        Rule::Word(words) => {
            let due = format!("must be one of {}", words.join(", "));
            Err(bad(name, "parameter_invalid_enum", &due))
        }
        Rule::Only(word, _) if word == value => Ok(()),
        Rule::Only(_, why) => Err(bad(name, "parameter_unknown", why)),
        Rule::FlagOr(words) if words.contains(&value) => Ok(()),
        Rule::Flag | Rule::FlagOr(_) => form.boolean(name).map(|_| ()),
        Rule::Never(why) => match form.boolean(name)? {
            Some(true) => Err(bad(name, "parameter_unknown", why)),
            Some(false) | None => Ok(()),
        },
        Rule::Number => form.integer(name).map(|_| ()),
        Rule::Email if is_address(value) => Ok(()),
        // In these words and no others (https://github.com/exercism/website/issues/7721).
        Rule::Email => Err(Own::Parameter {
            name,
            code: "email_invalid",
            message: format!("Invalid email address: {}", short(value)),
        }
        .into()),
        Rule::Digits(count) if value.len() == count && digits::<u32>(value).is_some() => Ok(()),
        Rule::Digits(count) => {
            let due = format!("must be {count} digits");
            Err(bad(name, "parameter_invalid_string", &due))
        }
        Rule::NoSuch(what) => Err(Own::NoSuch {
            what,
            name,
            id: value.chars().take(100).collect(),
        }
        .into()),
        Rule::Refused(why) => Err(bad(name, "parameter_unknown", why)),
    }
}

/// A host of one word is none (https://github.com/fjordllc/bootcamp/issues/4134), and no space is trimmed
/// (https://github.com/fjordllc/bootcamp/issues/3927).
fn is_address(text: &str) -> bool {
    let fits = |part: &str| !part.is_empty() && !part.contains(['@', ' ']);
    let Some((name, host)) = text.split_once('@') else {
        return false;
    };
    let has_domain = host
        .rsplit_once('.')
        .is_some_and(|(owner, domain)| fits(owner) && fits(domain));
    fits(name) && has_domain
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::stripe::parameters::{CAPTURE, CONFIRM, CREATE, READ};

    #[test]
    fn a_query_unsets_nothing() {
        let email: &[Row] = &[("email", Rule::Read)];
        let form = Form::parse(b"email=");
        assert!(check(&form, &[email]).is_ok());
        let refused = check_query(&form, &[email]).unwrap_err();
        assert!(
            matches!(&refused, StripeError::Own(Own::Empty(name)) if name == "email"),
            "{refused:?}"
        );
    }

    #[test]
    fn an_address_has_a_name_and_a_domain() {
        let email: &[Row] = &[("email", Rule::Email)];
        let check = |text: &str| {
            check(
                &Form::of(&[("email".to_owned(), text.to_owned())]),
                &[email],
            )
        };
        for fine in ["", "a@shop.example", "a.b+c@mail.shop.example"] {
            assert!(check(fine).is_ok(), "{fine}");
        }
        for wrong in [
            "notmail",
            "a@",
            "@shop.example",
            "a@com",
            "a@.com",
            "a@shop.",
            " a@shop.example",
            "a@b@shop.example",
        ] {
            let refused = check(wrong).unwrap_err();
            let StripeError::Own(Own::Parameter { code, message, .. }) = refused else {
                panic!("{wrong}: {refused:?}");
            };
            assert_eq!(code, "email_invalid");
            assert_eq!(message, format!("Invalid email address: {wrong}"));
        }
    }

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

    /// A known parameter does what it says or is refused by its name (Stripe's API reference for each).
    #[test]
    fn what_is_known_and_cannot_be_done_is_refused_by_its_name() {
        let refused = |text: &str| {
            let form = Form::parse(text.as_bytes());
            let error = check(&form, &[CREATE, CONFIRM]).unwrap_err();
            let StripeError::Own(own) = error else {
                panic!("{text} {error:?}");
            };
            if let Own::Parameter { name, code, .. } = own {
                (name, code)
            } else if let Own::NoSuch { name, .. } = own {
                (name, "resource_missing")
            } else if let Own::NotABoolean { name, .. } = own {
                (name, "boolean")
            } else if let Own::NotAnInteger { name, .. } = own {
                (name, "integer")
            } else {
                panic!("{text} {own:?}")
            }
        };
        let card = "payment_method_options[card]";
        for (name, value, code) in [
            ("capture_method", "sometimes", "parameter_invalid_enum"),
            ("confirmation_method", "sometimes", "parameter_invalid_enum"),
            ("setup_future_usage", "maybe", "parameter_invalid_enum"),
            ("error_on_requires_action", "yes", "boolean"),
            ("use_stripe_sdk", "1", "boolean"),
            ("application_fee_amount", "ten", "integer"),
            ("mandate", "mandate_1", "resource_missing"),
            ("confirmation_token", "ctoken_1", "resource_missing"),
            ("mandate_data", "x", "parameter_unknown"),
            ("amount_details", "x", "parameter_unknown"),
            ("statement_descriptor", "SHOP", "parameter_unknown"),
            (
                "payment_method_data[card][last4]",
                "12",
                "parameter_invalid_string",
            ),
        ] {
            assert_eq!(refused(&format!("{name}={value}")), (name, code));
        }
        for (name, value, code) in [
            ("capture_method", "automatic", "parameter_invalid_enum"),
            (
                "stored_credential_transaction_type",
                "stored",
                "parameter_invalid_enum",
            ),
            ("request_multicapture", "always", "parameter_invalid_enum"),
            (
                "mit_exemption][claim_without_transaction_id",
                "1",
                "boolean",
            ),
            ("installments][enabled", "true", "parameter_unknown"),
            (
                "network_token][electronic_commerce_indicator",
                "5",
                "parameter_invalid_string",
            ),
        ] {
            let full = format!("{card}[{name}]");
            let (named, got) = refused(&format!("{full}={value}"));
            assert_eq!((named, got), (full.as_str(), code));
        }
        let form = Form::parse(b"confirm=false");
        assert!(check(&form, &[CREATE, CONFIRM]).is_ok());
    }
}
