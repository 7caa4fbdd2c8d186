//! What a merchant's server sends, read member by member.

use serde_json::{Value, json};

use super::errors::AdyenError;
use crate::domain::card::{Expiry, ExpiryError, PresentedNumber};
use crate::domain::merchant::Merchant;
use crate::domain::money::{AMOUNT_MINOR_MAX, Amount, Currency};
use crate::domain::payment::reference::{Nti, Tlid};
use crate::domain::payment::request::{Capture, Initiator, PaymentRequest, Proof, Slot};
use crate::limits::TEXT_BYTES_MAX;
use crate::wire::body::{Flaw, Members, Problems};
use crate::wire::request::Request;

/// The body as JSON.
pub(super) fn document(request: &Request) -> Result<Value, AdyenError> {
    if !request.is_of_type("application/json") {
        return Err(AdyenError::MediaType);
    }
    let body: Value = serde_json::from_slice(&request.body)
        .map_err(|error| AdyenError::Document(format!("Unexpected input: {error}")))?;
    if body.is_object() {
        return Ok(body);
    }
    Err(AdyenError::Document(
        "Unexpected input: the body must be an object".to_owned(),
    ))
}

/// Hands the members of the body to `read`, once they name an account of the merchant's.
pub(super) fn members<T>(
    body: &Value,
    merchant: &Merchant,
    read: impl FnOnce(&Members<'_>) -> Option<T>,
) -> Result<T, AdyenError> {
    let problems = Problems::default();
    let empty = serde_json::Map::new();
    let body = Members::new(body.as_object().unwrap_or(&empty), "", &problems);
    let account = body.required_string("merchantAccount", TEXT_BYTES_MAX);
    if account.is_some_and(|account| account != merchant.adyen_account) {
        return Err(AdyenError::Account);
    }
    let wanted = read(&body);
    match (wanted, problems.into_vec().into_iter().next()) {
        (Some(wanted), None) => Ok(wanted),
        (_, Some(problem)) => Err(AdyenError::Member(problem)),
        (None, None) => Err(AdyenError::Document("Unexpected input".to_owned())),
    }
}

/// A payment.
pub(super) fn payment(body: &Members<'_>, merchant: &Merchant) -> Option<PaymentRequest> {
    let amount = required_amount(body);
    let reference = body.required_string("reference", TEXT_BYTES_MAX);
    let additional = body.object("additionalData");
    let additional_text = |name: &str| {
        let members = additional.as_ref()?;
        members.string(name, TEXT_BYTES_MAX)
    };
    if !body.has("paymentMethod") {
        body.missing("paymentMethod");
    }
    let method = body.object("paymentMethod");
    let mpi = body.object("mpiData");
    let slots = [("networkToken", Slot::Token), ("scheme", Slot::Card)];
    let slot = method.as_ref().and_then(|method| {
        if !method.has("type") {
            method.missing("type");
        }
        method.word("type", &slots)
    });
    let number = method.as_ref().and_then(|method| {
        method.required_string("number", TEXT_BYTES_MAX)?;
        method.parsed("number", PresentedNumber::parse)
    });
    let expiry = method.as_ref().and_then(expiry);
    let (by_additional, by_method) = (additional.as_ref(), method.as_ref());
    let nti = reference_in(by_additional, "networkTxReference", nti)
        .or_else(|| reference_in(by_method, "networkPaymentReference", nti));
    let tlid = reference_in(by_additional, "transactionLinkId", tlid);
    let mpi_text = |name: &str| {
        mpi.as_ref()?
            .string(name, TEXT_BYTES_MAX)
            .map(str::to_owned)
    };
    let proof = Proof {
        cryptogram: mpi_text("tokenAuthenticationVerificationValue").or_else(|| mpi_text("cavv")),
        code: method
            .as_ref()
            .and_then(|method| method.string("cvc", TEXT_BYTES_MAX))
            .map(str::to_owned),
    };
    let manual = additional_text("manualCapture") == Some("true");
    let later = body
        .integer("captureDelayHours")
        .is_some_and(|hours| hours > 0);
    Some(PaymentRequest {
        merchant: merchant.name.clone(),
        service: super::routes::SERVICE,
        initiator: initiator(body, &proof),
        number: number?,
        slot: slot?,
        expiry: expiry?,
        proof,
        eci: mpi_text("eci"),
        token_requestor_id: None,
        amount: amount?,
        capture: if manual || later {
            Capture::Later
        } else {
            Capture::Now
        },
        nti,
        tlid,
        id: None,
        note: Some(json!({ "reference": reference? }).to_string().into()),
    })
}

fn nti(text: &str) -> Result<Nti, &'static str> {
    Nti::parse(text).ok_or("is no network's transaction id")
}

fn tlid(text: &str) -> Result<Tlid, &'static str> {
    Tlid::parse(text).ok_or("must be 22 characters of A-Z a-z 0-9 _ -")
}

fn reference_in<T>(
    members: Option<&Members<'_>>,
    name: &str,
    parse: fn(&str) -> Result<T, &'static str>,
) -> Option<T> {
    members?.parsed(name, parse)
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
    let part = |name: &str| -> Option<i64> {
        let text = method.required_string(name, TEXT_BYTES_MAX)?;
        let number = text.parse().ok();
        let wide = name != "expiryYear" || text.len() == 4;
        if number.is_none() || !wide {
            method.flaw(name, Flaw::Value, "is no month or year");
            return None;
        }
        number
    };
    let (month, year) = (part("expiryMonth"), part("expiryYear"));
    match Expiry::new(month?, year?) {
        Ok(expiry) => Some(expiry),
        Err(why) => {
            let name = match why {
                ExpiryError::Month => "expiryMonth",
                ExpiryError::Year => "expiryYear",
            };
            method.flaw(name, Flaw::Value, why.to_string());
            None
        }
    }
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

fn required_amount(body: &Members<'_>) -> Option<Amount> {
    if !body.has("amount") {
        body.missing("amount");
    }
    let amount = body.object("amount")?;
    if !amount.has("currency") {
        amount.missing("currency");
    }
    let currency = amount.parsed("currency", Currency::parse);
    let minor = amount.required_integer("value")?;
    match u64::try_from(minor)
        .ok()
        .filter(|minor| *minor <= AMOUNT_MINOR_MAX)
    {
        Some(minor) => Amount::new(minor, currency?).ok(),
        None => {
            amount.flaw("value", Flaw::Value, "must be minor units");
            None
        }
    }
}
