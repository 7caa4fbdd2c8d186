//! What a merchant's server sends to create, capture and refund.

use std::time::Duration;

use serde_json::{Value, json};

use super::errors::{Own, StripeError};
use super::form::Form;
use super::idempotency::SERVICE;
use super::intents::draft_id;
use super::{cards, kept, metadata, money};
use crate::domain::card::{Expiry, ExpiryError, Network, PresentedNumber};
use crate::domain::money::{Amount, Currency};
use crate::domain::payment::draft::Draft;
use crate::domain::payment::reason::Warning;
use crate::domain::payment::reference::{Nti, Tlid};
use crate::domain::payment::request::{
    Authentication, Capture, Initiator, PaymentRequest, Proof, Slot, TokenClaims,
};
use crate::domain::provision::in_token_range;
use crate::limits::{HOLD, HOLD_BY_MERCHANT_VISA};

const NUMBER: &str = "payment_method_data[card][number]";
const TOKEN_NUMBER: &str = "payment_method_data[card][network_token][number]";
const CRYPTOGRAM: &str = "payment_method_options[card][network_token][cryptogram]";
pub(super) const NTI: &str = "payment_method_options[card][mit_exemption][network_transaction_id]";
const LAST4: &str = "payment_method_data[card][last4]";
const ACCOUNT: &str = "payment_method_data[card][network_token][payment_account_reference]";
/// No released document names it; where Mastercard's link is demanded a merchant has to send it somewhere.
pub(super) const TLID: &str = "payment_method_options[card][mit_exemption][transaction_link_id]";
const WITHOUT_ID: &str =
    "payment_method_options[card][mit_exemption][claim_without_transaction_id]";
const BY_PHONE: &str = "payment_method_options[card][moto]";
const STORED: &str = "payment_method_options[card][stored_credential_transaction_type]";

/// What a card is asked for that is only to be shown to be good.
const NOTHING: Amount = Amount {
    minor: 0,
    currency: Currency::USD,
};

/// What the issuer is asked when an intent is confirmed.
pub(super) fn intent(form: &Form, merchant: &str) -> Result<PaymentRequest, StripeError> {
    let amount = amount(form)?;
    let request = about_card(form, merchant)?;
    let capture = if captures_later(form) {
        Capture::Within(hold(request.initiator, request.number.network()))
    } else {
        Capture::Now
    };
    proved(PaymentRequest {
        amount,
        capture,
        ..request
    })
}

/// What the issuer is asked when a card is set up: whether it is good.
pub(super) fn setup(form: &Form, merchant: &str) -> Result<PaymentRequest, StripeError> {
    proved(about_card(form, merchant)?)
}

fn proved(request: PaymentRequest) -> Result<PaymentRequest, StripeError> {
    if request.lacks_cryptogram() {
        return Err(Own::CryptogramMissing(CRYPTOGRAM).into());
    }
    Ok(request)
}

/// Whether a card is good, and no money. What is said of it beside that is kept.
///
/// A card's own number is charged without its customer whether or not it was put on file, and need quote nothing (Stripe, API
/// reference, `off_session`; its test methods are charged so). A network token is charged by its network's rules.
pub(super) fn about_card(form: &Form, merchant: &str) -> Result<PaymentRequest, StripeError> {
    let (slot, number, expiry) = card(form)?;
    network(form, &number)?;
    let is_plain_card = slot == Slot::Card && !in_token_range(&number.as_pan());
    let initiator = initiator(form)?;
    let proof = Proof {
        cryptogram: form.text(CRYPTOGRAM).map(str::to_owned),
        code: form
            .text("payment_method_data[card][cvc]")
            .map(str::to_owned),
    };
    let reference = |name: &'static str| form.text(name).map(|text| (name, text));
    let nti = reference(NTI).map(|(name, text)| {
        let nti = Nti::parse(text);
        nti.ok_or_else(|| {
            bad(
                name,
                "parameter_invalid_string",
                "is no network's transaction id",
            )
        })
    });
    let tlid = reference(TLID).map(|(name, text)| {
        let due = "must be 22 characters of A-Z a-z 0-9 _ -";
        Tlid::parse(text).ok_or_else(|| bad(name, "parameter_invalid_string", due))
    });
    let eci = "payment_method_options[card][network_token][electronic_commerce_indicator]";
    Ok(PaymentRequest {
        merchant: merchant.to_owned(),
        service: SERVICE,
        initiator,
        number,
        slot,
        expiry,
        proof,
        eci: form.text(eci).map(str::to_owned),
        claims: TokenClaims {
            last4: form.text(LAST4).map(str::to_owned),
            account: form.text(ACCOUNT).map(str::to_owned),
            noticed: may_redirect(form)?.into_iter().collect(),
            ..TokenClaims::default()
        },
        token_requestor_id: None,
        amount: NOTHING,
        capture: Capture::Never,
        nti: nti.transpose()?,
        tlid: tlid.transpose()?,
        nothing_to_quote: without_id(form)? || is_plain_card,
        authentication: match form.boolean(BY_PHONE)? {
            Some(true) => Authentication::Passed,
            Some(false) | None => Authentication::NotAsked,
        },
        waited_as: None,
        asked: None,
        id: None,
        note: Some(kept::note(form)?),
    })
}

/// Methods of the account's own choice may send the customer away, for which Stripe demands a way back when the intent is
/// confirmed (<https://github.com/neilberkman/paper_tiger/pull/106>).
fn may_redirect(form: &Form) -> Result<Option<Warning>, StripeError> {
    let automatic = form.boolean("automatic_payment_methods[enabled]")? == Some(true);
    let stays = form.text("automatic_payment_methods[allow_redirects]") == Some("never");
    let returns = form.text("return_url").is_some();
    Ok((automatic && !stays && !returns).then_some(Warning::ReturnUrlMissing))
}

/// What is known of an intent before it is confirmed must be right already. A card need not come yet.
pub(super) fn unconfirmed(form: &Form) -> Result<Amount, StripeError> {
    let amount = amount(form)?;
    unconfirmed_card(form)?;
    Ok(amount)
}

/// The same of one that asks for no money.
pub(super) fn unconfirmed_card(form: &Form) -> Result<(), StripeError> {
    initiator(form)?;
    if form.has_below("payment_method_data") {
        card(form)?;
    }
    kept::note(form).map(|_| ())
}

/// The intent keeps the name and the time that it had before it was confirmed.
pub(super) fn named(request: &mut PaymentRequest, draft: &Draft) {
    noting(request, |note| {
        note["intent"] = draft_id(draft).into();
        note["created"] = draft.created.seconds().into();
    });
}

/// Changes what is kept with a payment.
pub(super) fn noting(request: &mut PaymentRequest, change: impl FnOnce(&mut Value)) {
    let mut note = kept::parsed(request.note.as_deref());
    change(&mut note);
    request.note = Some(note.to_string().into());
}

/// Why a refund is made, and what the merchant wants to keep with it.
pub(super) fn refund_note(form: &Form) -> Result<Box<str>, StripeError> {
    let reason = form.text("reason");
    let metadata = metadata::kept(form, "metadata");
    kept::bounded(&json!({ "reason": reason, "metadata": metadata }))
}

/// Whether the money moves when the merchant says so, and not at once. What is said for cards alone counts before what is said
/// for the intent (Stripe API reference, `payment_method_options.card.capture_method`).
fn captures_later(form: &Form) -> bool {
    let of_card = form.text("payment_method_options[card][capture_method]");
    of_card.or(form.text("capture_method")) == Some("manual")
}

/// How long the authorization waits for its capture.
const fn hold(initiator: Initiator, network: Option<Network>) -> Duration {
    match (initiator, network) {
        (Initiator::Merchant, Some(Network::Visa)) => HOLD_BY_MERCHANT_VISA,
        _ => HOLD,
    }
}

/// What is to be paid, which Stripe takes.
fn amount(form: &Form) -> Result<Amount, StripeError> {
    let asked = amount_asked(form)?;
    money::charged("amount", asked.minor, asked.currency)
}

/// What was asked for, be it as little as it may: earlier releases took less.
pub(super) fn amount_asked(form: &Form) -> Result<Amount, StripeError> {
    form.required("amount")?;
    let minor = form.integer("amount")?.unwrap_or_default();
    let text = form.required("currency")?;
    let currency = Currency::parse(&text.to_ascii_uppercase());
    let currency = currency.map_err(|_| {
        bad(
            "currency",
            "parameter_invalid_enum",
            "must be the three letters of a currency (ISO 4217)",
        )
    })?;
    Ok(Amount { minor, currency })
}

/// The number, its expiry, and whether it came as a network token.
pub(super) fn card(form: &Form) -> Result<(Slot, PresentedNumber, Expiry), StripeError> {
    match form.required("payment_method_data[type]")? {
        "card" => {}
        _ => {
            return Err(bad(
                "payment_method_data[type]",
                "parameter_invalid_enum",
                "must be card",
            ));
        }
    }
    let as_token = form.text(TOKEN_NUMBER);
    let (slot, name, month, year) = match as_token {
        Some(_) => (
            Slot::Token,
            TOKEN_NUMBER,
            "payment_method_data[card][network_token][exp_month]",
            "payment_method_data[card][network_token][exp_year]",
        ),
        None => (
            Slot::Card,
            NUMBER,
            "payment_method_data[card][exp_month]",
            "payment_method_data[card][exp_year]",
        ),
    };
    let number = PresentedNumber::parse(form.required(name)?).map_err(|why| match slot {
        Slot::Card => cards::wrong_number(name),
        Slot::Token => bad(
            name,
            "incorrect_number",
            &format!("the token's number {why}"),
        ),
    })?;
    let integer = |name| -> Result<i64, StripeError> {
        form.required(name)?;
        let number = form.integer(name)?.unwrap_or_default();
        Ok(i64::try_from(number).unwrap_or(i64::MAX))
    };
    let expiry = Expiry::new(integer(month)?, integer(year)?).map_err(|why| match why {
        ExpiryError::Month => cards::wrong_month(month),
        ExpiryError::Year => cards::wrong_year(year),
    })?;
    Ok((slot, number, expiry))
}

/// Who starts the payment is what the client says most plainly: the kind of its stored credential, then whether the customer
/// is there, and then that an exemption for payments of the merchant's is asked for. With the customer there an earlier
/// payment may be quoted too, and excuses nobody from a cryptogram.
pub(super) fn initiator(form: &Form) -> Result<Initiator, StripeError> {
    let off_session = form.off_session()?;
    let excused = form.text(NTI).is_some() || without_id(form)?;
    Ok(match (form.text(STORED), off_session) {
        (Some(kind), _) if kind.starts_with("stored_off_session") => Initiator::Merchant,
        (Some(_), _) | (None, Some(false)) => Initiator::Customer,
        (None, Some(true)) => Initiator::Merchant,
        (None, None) if excused => Initiator::Merchant,
        (None, None) => Initiator::Customer,
    })
}

/// Whether the merchant has an agreement that is older than the ids of transactions.
fn without_id(form: &Form) -> Result<bool, StripeError> {
    Ok(form.boolean(WITHOUT_ID)?.unwrap_or(false))
}

/// The network that is wanted must be one of the card's, which has one.
fn network(form: &Form, number: &PresentedNumber) -> Result<(), StripeError> {
    let name = "payment_method_options[card][network]";
    let own = number.network().map(Network::word);
    match form.text(name) {
        Some(wanted) if own != Some(wanted) => Err(bad(
            name,
            "parameter_invalid_enum",
            "is none of the card's networks",
        )),
        Some(_) | None => Ok(()),
    }
}

pub(super) fn bad(name: &'static str, code: &'static str, due: &str) -> StripeError {
    let message = format!("{name}: {due}");
    Own::Parameter {
        name,
        code,
        message,
    }
    .into()
}
