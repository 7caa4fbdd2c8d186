//! What a merchant's server sends, read member by member.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::errors::{AdyenError, Own};
use super::idempotency::KEYS;
use super::metadata::metadata;
use super::wanted::{Wanted, wanted};
use super::{sealed, shapes};
use crate::domain::card::{Expiry, Network, PresentedNumber};
use crate::domain::merchant::Merchant;
use crate::domain::money::{Amount, Currency};
use crate::domain::payment::reason::Warning;
use crate::domain::payment::request::{
    Authentication, Capture, ClaimedNetwork, Initiator, PaymentRequest, Proof, Slot, TokenClaims,
};
use crate::limits::{HOLD_ADYEN, TEXT_BYTES_MAX};
use crate::wire::edge::document;
use crate::wire::edge::read::{Flaw, Members};

/// Hands the members of the body to `read`, once they name an account of the merchant's.
pub(super) fn members<T>(
    body: &Map<String, Value>,
    merchant: &Merchant,
    read: impl FnOnce(&Members<'_>) -> Option<T>,
) -> Result<T, AdyenError> {
    let named = body.get(ACCOUNT).and_then(Value::as_str);
    let another = |name: &str| name.len() <= TEXT_BYTES_MAX && name != merchant.adyen_account;
    if named.is_some_and(another) {
        return Err(Own::Account.into());
    }
    document::read(body, |body| {
        body.required_string(ACCOUNT, TEXT_BYTES_MAX);
        read(body)
    })
}

const ACCOUNT: &str = "merchantAccount";

/// From this version on a network token's cryptogram has a member of its own; what comes as `cavv` is that of 3-D Secure
/// (https://github.com/activemerchant/active_merchant/pull/5055).
const OWN_MEMBER_SINCE: u8 = 68;

/// A payment.
pub(super) fn payment(
    body: &Members<'_>,
    merchant: &Merchant,
    version: u8,
) -> Option<(PaymentRequest, Wanted)> {
    let amount = required_amount(body);
    let reference = body.required_string("reference", TEXT_BYTES_MAX);
    let additional = body.object("additionalData");
    let additional_text = |name: &str| {
        let members = additional.as_ref()?;
        members.string(name, TEXT_BYTES_MAX)
    };
    let opened = sealed::opened(body);
    let method = opened.as_ref().map(|opened| sealed::members(body, opened));
    let metadata = metadata(body);
    shapes::check(body);
    let mpi = body.object("mpiData");
    let slots = [("networkToken", Slot::Token), ("scheme", Slot::Card)];
    let (by_additional, by_method) = (additional.as_ref(), method.as_ref());
    let slot = by_method.and_then(|method| method.required_word("type", &slots));
    let number =
        by_method.and_then(|method| method.required_parsed("number", PresentedNumber::parse));
    let expiry = by_method.and_then(expiry);
    let nti = by_additional
        .and_then(|members| members.nti("networkTxReference"))
        .or_else(|| by_method?.nti("networkPaymentReference"));
    let tlid = by_additional.and_then(|members| members.tlid("transactionLinkId"));
    let mpi_text = |name: &str| {
        mpi.as_ref()?
            .string(name, TEXT_BYTES_MAX)
            .map(str::to_owned)
    };
    let cavv = mpi_text("cavv");
    let (own, secure) = if version < OWN_MEMBER_SINCE {
        (cavv, None)
    } else {
        (None, cavv)
    };
    let proof = Proof {
        cryptogram: mpi_text("tokenAuthenticationVerificationValue").or(own),
        code: by_method
            .and_then(|method| method.security_code("cvc", number.as_ref()))
            .map(str::to_owned),
    };
    let secure = slot == Some(Slot::Token) && secure.is_some();
    let claims = claims(by_method, mpi.as_ref(), secure, &proof);
    let holder = by_method.and_then(|method| method.string("holderName", TEXT_BYTES_MAX));
    let asked = additional_text("RequestedTestAcquirerResponseCode").or(holder);
    let capture = capture(body, additional_text("manualCapture") == Some("true"));
    let secure_wanted = wanted(body, by_additional);
    let request = PaymentRequest {
        merchant: merchant.name.clone(),
        service: KEYS.service,
        initiator: initiator(body, &proof),
        number: number?,
        slot: slot?,
        expiry: expiry?,
        proof,
        eci: mpi_text("eci"),
        claims,
        token_requestor_id: None,
        amount: amount?,
        capture,
        nti,
        tlid,
        nothing_to_quote: false,
        authentication: Authentication::NotAsked,
        waited_as: None,
        asked: asked.map(str::to_owned),
        id: None,
        note: Some(note(reference?, metadata)),
    };
    Some((request, secure_wanted))
}

/// What is kept with a payment.
fn note(reference: &str, metadata: Option<Map<String, Value>>) -> Box<str> {
    let mut note = json!({ "reference": reference });
    if let Some(metadata) = metadata.filter(|metadata| !metadata.is_empty()) {
        note["metadata"] = metadata.into();
    }
    note.to_string().into()
}

/// What is said beside the number. `secure` is whether a value of 3-D Secure came for a token.
fn claims(
    method: Option<&Members<'_>>,
    mpi: Option<&Members<'_>>,
    secure: bool,
    proof: &Proof,
) -> TokenClaims {
    let brand = method.and_then(|method| method.string("brand", TEXT_BYTES_MAX));
    let said = |name: &str| mpi?.string(name, TEXT_BYTES_MAX);
    let answers = ["directoryResponse", "authenticationResponse"].map(said);
    // Y is for yes, and A for an attempt that counts as one (Adyen, Checkout API, mpiData).
    let not = answers
        .into_iter()
        .flatten()
        .any(|answer| !["Y", "A"].contains(&answer));
    let noticed = [
        (secure, Warning::SecureValueIgnored),
        (not && proof.cryptogram.is_some(), Warning::NotAuthenticated),
    ];
    TokenClaims {
        network: brand.map(claimed_network),
        noticed: noticed
            .into_iter()
            .filter_map(|(found, warning)| found.then_some(warning))
            .collect(),
        ..TokenClaims::default()
    }
}

/// Adyen's names of brands; a wallet's or a kind of card stands behind a network's.
fn claimed_network(brand: &str) -> ClaimedNetwork {
    let starts = [
        ("visa", Network::Visa),
        ("mc", Network::Mastercard),
        ("amex", Network::Amex),
        ("discover", Network::Discover),
    ];
    let found = starts.iter().find(|(start, _)| brand.starts_with(start));
    found.map_or(ClaimedNetwork::Another, |(_, network)| {
        ClaimedNetwork::One(*network)
    })
}

/// A delay is that of a capture which happens by itself (Adyen, payments: `captureDelayHours`); by hand there is none.
fn capture(body: &Members<'_>, manual: bool) -> Capture {
    let hours = body.integer("captureDelayHours").unwrap_or(0);
    if hours < 0 {
        body.flaw("captureDelayHours", Flaw::Value, "must not be negative");
    }
    match u64::try_from(hours) {
        _ if manual => Capture::Within(HOLD_ADYEN),
        Ok(hours @ 1..) => {
            let delay = Duration::from_secs(hours.saturating_mul(60 * 60));
            Capture::After(delay.min(HOLD_ADYEN))
        }
        Ok(0) | Err(_) => Capture::Now,
    }
}

/// `ContAuth` is a payment of the merchant's, unless the shopper of a card on file is there and proves it.
fn initiator(body: &Members<'_>, proof: &Proof) -> Initiator {
    let interactions = ["Ecommerce", "ContAuth", "Moto", "POS"].map(|word| (word, word));
    let models = ["CardOnFile", "Subscription", "UnscheduledCardOnFile"].map(|word| (word, word));
    let continued = body.word("shopperInteraction", &interactions) == Some("ContAuth");
    let on_file = body.word("recurringProcessingModel", &models) == Some("CardOnFile");
    let proven = *proof != Proof::default();
    if continued && !(on_file && proven) {
        Initiator::Merchant
    } else {
        Initiator::Customer
    }
}

/// Month and year are strings, the year of four digits.
fn expiry(method: &Members<'_>) -> Option<Expiry> {
    let month = method.required_digits("expiryMonth");
    let year = method.required_digits("expiryYear");
    if year.is_some_and(|year| year < 1_000) {
        method.flaw("expiryYear", Flaw::Value, "must have four digits");
        return None;
    }
    method.expiry("expiryMonth", month?, "expiryYear", year?)
}

/// The amount of a capture or refund, and the merchant's own reference.
pub(super) fn modification(body: &Members<'_>) -> Option<(Amount, Option<String>)> {
    let reference = body.string("reference", TEXT_BYTES_MAX).map(str::to_owned);
    Some((required_amount(body)?, reference))
}

/// A cancellation has no amount.
pub(super) fn reference(body: &Members<'_>) -> Option<Option<String>> {
    Some(body.string("reference", TEXT_BYTES_MAX).map(str::to_owned))
}

/// The reference of the payment that is to be cancelled, and that of the cancellation.
pub(super) fn technical(body: &Members<'_>) -> Option<(String, Option<String>)> {
    let payment = body.required_string("paymentReference", TEXT_BYTES_MAX);
    let reference = reference(body)?;
    Some((payment?.to_owned(), reference))
}

fn required_amount(body: &Members<'_>) -> Option<Amount> {
    let amount = body.required_object("amount")?;
    let currency = amount.required_parsed("currency", Currency::parse);
    let minor = amount.required_minor_units("value");
    Amount::new(minor?, currency?).ok()
}
