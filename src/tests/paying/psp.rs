//! Paying at any of the payment services: the same purchase in each one's words, and what each answers in a line.

use serde_json::{Value, json};
use standin::domain::merchant::Service;

use super::shop::Token;
use crate::client::{Answer, Ask};

/// Where somebody pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Psp {
    Own,
    Stripe,
    Adyen,
    Checkout,
}

/// What is bought, and how it is proven.
#[derive(Debug, Clone)]
pub(super) struct Purchase {
    pub(super) number: String,
    pub(super) month: i64,
    pub(super) year: i64,
    /// Whether the number goes into a field for network tokens or into that for a card's number.
    pub(super) as_token: bool,
    pub(super) cryptogram: Option<String>,
    pub(super) code: Option<String>,
    pub(super) minor: u64,
    pub(super) currency: &'static str,
    pub(super) by_merchant: bool,
    pub(super) nti: Option<String>,
    pub(super) tlid: Option<String>,
    pub(super) later: bool,
}

impl Purchase {
    /// With a token and a long cryptogram.
    pub(super) fn long(token: &Token, cryptogram: &str) -> Self {
        Self {
            number: token.number.clone(),
            month: token.month,
            year: token.year,
            as_token: true,
            cryptogram: Some(cryptogram.to_owned()),
            code: None,
            minor: 2_500,
            currency: "USD",
            by_merchant: false,
            nti: None,
            tlid: None,
            later: false,
        }
    }

    /// With a token and a short cryptogram, where a card's number and security code would go.
    pub(super) fn short(token: &Token, code: &str) -> Self {
        Self {
            as_token: false,
            cryptogram: None,
            code: Some(code.to_owned()),
            ..Self::long(token, "")
        }
    }

    /// By the merchant, who quotes an earlier payment.
    pub(super) fn merchant(token: &Token, nti: Option<&str>, tlid: Option<&str>) -> Self {
        Self {
            cryptogram: None,
            by_merchant: true,
            nti: nti.map(str::to_owned),
            tlid: tlid.map(str::to_owned),
            ..Self::long(token, "")
        }
    }
}

/// What a payment service said, as far as all say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) approved: bool,
    /// Status and the words for a refusal.
    pub(super) line: String,
    pub(super) id: Option<String>,
    pub(super) nti: Option<String>,
    pub(super) tlid: Option<String>,
}

impl Psp {
    pub(super) const ALL: [Self; 4] = [Self::Own, Self::Stripe, Self::Adyen, Self::Checkout];

    /// Whose key opens it.
    const fn service(self) -> Service {
        match self {
            Self::Own => Service::Own,
            Self::Stripe => Service::Stripe,
            Self::Adyen => Service::Adyen,
            Self::Checkout => Service::Checkout,
        }
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Stripe => "stripe",
            Self::Adyen => "adyen",
            Self::Checkout => "checkout",
        }
    }

    /// The purchase at the merchant of this name, `standin` or `other`.
    pub(super) fn ask(self, merchant: &str, purchase: &Purchase) -> Ask {
        match self {
            Self::Own => own(merchant, purchase),
            Self::Stripe => stripe(merchant, purchase),
            Self::Adyen => adyen(merchant, purchase),
            Self::Checkout => checkout(merchant, purchase),
        }
    }

    pub(super) fn read(self, answer: &Answer) -> Said {
        let (status, body) = (answer.status, answer.json());
        match self {
            Self::Own => own_said(status, &body),
            Self::Stripe => stripe_said(status, &body),
            Self::Adyen => adyen_said(status, &body),
            Self::Checkout => checkout_said(status, &body),
        }
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn own_said(status: u16, body: &Value) -> Said {
    Said {
        approved: body["approved"] == true,
        line: format!("{status} {}", body["reason"].as_str().unwrap_or("approved")),
        id: text(&body["id"]),
        nti: text(&body["network_transaction_id"]),
        tlid: text(&body["transaction_link_id"]),
    }
}

fn stripe_said(status: u16, body: &Value) -> Said {
    let error = &body["error"];
    let intent = if error.is_null() {
        body
    } else {
        &error["payment_intent"]
    };
    let card = &body["latest_charge"]["payment_method_details"]["card"];
    let names = ["type", "code", "decline_code", "advice_code", "param"];
    Said {
        approved: status == 200,
        line: format!("{status} {}", words(error, &names)),
        id: text(&intent["id"]),
        nti: text(&card["network_transaction_id"]),
        tlid: text(&card["transaction_link_id"]),
    }
}

fn adyen_said(status: u16, body: &Value) -> Said {
    let more = &body["additionalData"];
    let names = [
        "resultCode",
        "refusalReason",
        "refusalReasonCode",
        "errorCode",
        "message",
    ];
    let raw = words(more, &["refusalReasonRaw", "merchantAdviceCode"]);
    Said {
        approved: body["resultCode"] == "Authorised",
        line: format!("{status} {} {raw}", words(body, &names))
            .trim_end()
            .to_owned(),
        id: text(&body["pspReference"]),
        nti: text(&more["networkTxReference"]),
        tlid: text(&more["transactionLinkId"]),
    }
}

fn checkout_said(status: u16, body: &Value) -> Said {
    let names = ["status", "response_code", "response_summary", "error_type"];
    let code = body["error_codes"][0].as_str().unwrap_or_default();
    Said {
        approved: body["approved"] == true,
        line: format!("{status} {} {code}", words(body, &names))
            .trim_end()
            .to_owned(),
        id: text(&body["id"]),
        nti: text(&body["scheme_id"]),
        tlid: text(&body["processing"]["scheme_transaction_link_id"]),
    }
}

/// The members that are there, with slashes between.
fn words(object: &Value, names: &[&str]) -> String {
    let found = names.iter().filter_map(|name| object[*name].as_str());
    found.collect::<Vec<_>>().join(" / ")
}

fn own(merchant: &str, purchase: &Purchase) -> Ask {
    let mut instrument = json!({
        "number": purchase.number, "exp_month": purchase.month, "exp_year": purchase.year,
    });
    if let Some(cryptogram) = &purchase.cryptogram {
        instrument["cryptogram"] = cryptogram.as_str().into();
    }
    if let Some(code) = &purchase.code {
        instrument["security_code"] = code.as_str().into();
    }
    let mut body = json!({
        "amount": purchase.minor,
        "currency": purchase.currency,
        "capture": if purchase.later { "later" } else { "now" },
        "initiator": if purchase.by_merchant { "merchant" } else { "customer" },
    });
    for (name, quoted) in [
        ("network_transaction_id", &purchase.nti),
        ("transaction_link_id", &purchase.tlid),
    ] {
        if let Some(quoted) = quoted {
            body[name] = quoted.as_str().into();
        }
    }
    body[if purchase.as_token {
        "network_token"
    } else {
        "card"
    }] = instrument;
    Ask::post("/payments")
        .bearer(&format!("{merchant}_key"))
        .json(&body)
}

fn stripe(merchant: &str, purchase: &Purchase) -> Ask {
    let [minor, month, year] = [
        purchase.minor.to_string(),
        purchase.month.to_string(),
        purchase.year.to_string(),
    ];
    let currency = purchase.currency.to_lowercase();
    let (number_at, month_at, year_at) = if purchase.as_token {
        (
            "payment_method_data[card][network_token][number]",
            "payment_method_data[card][network_token][exp_month]",
            "payment_method_data[card][network_token][exp_year]",
        )
    } else {
        (
            "payment_method_data[card][number]",
            "payment_method_data[card][exp_month]",
            "payment_method_data[card][exp_year]",
        )
    };
    let mut members = vec![
        ("amount", minor.as_str()),
        ("currency", &currency),
        ("confirm", "true"),
        ("expand[]", "latest_charge"),
        ("payment_method_data[type]", "card"),
        (number_at, &purchase.number),
        (month_at, &month),
        (year_at, &year),
    ];
    let mit = "payment_method_options[card][mit_exemption]";
    let (nti_at, tlid_at) = (
        format!("{mit}[network_transaction_id]"),
        format!("{mit}[transaction_link_id]"),
    );
    let cryptogram_at = "payment_method_options[card][network_token][cryptogram]";
    let optional = [
        (cryptogram_at, &purchase.cryptogram),
        ("payment_method_data[card][cvc]", &purchase.code),
        (nti_at.as_str(), &purchase.nti),
        (tlid_at.as_str(), &purchase.tlid),
    ];
    members.extend(
        optional
            .iter()
            .filter_map(|(name, value)| Some((*name, value.as_deref()?))),
    );
    if purchase.by_merchant {
        members.push(("off_session", "true"));
    }
    if purchase.later {
        members.push(("capture_method", "manual"));
    }
    Ask::post("/v1/payment_intents")
        .bearer(&format!("sk_test_{merchant}"))
        .form(&members)
}

fn adyen(merchant: &str, purchase: &Purchase) -> Ask {
    let account = if merchant == "standin" {
        "StandinMerchant"
    } else {
        "OtherMerchant"
    };
    let mut method = json!({
        "type": if purchase.as_token { "networkToken" } else { "scheme" },
        "number": purchase.number,
        "expiryMonth": format!("{:02}", purchase.month),
        "expiryYear": purchase.year.to_string(),
    });
    if let Some(code) = &purchase.code {
        method["cvc"] = code.as_str().into();
    }
    let mut more = json!({ "manualCapture": purchase.later.to_string() });
    for (name, value) in [
        ("networkTxReference", &purchase.nti),
        ("transactionLinkId", &purchase.tlid),
    ] {
        if let Some(value) = value {
            more[name] = value.as_str().into();
        }
    }
    let mut body = json!({
        "merchantAccount": account,
        "amount": { "value": purchase.minor, "currency": purchase.currency },
        "reference": "order-1",
        "paymentMethod": method,
        "shopperInteraction": if purchase.by_merchant { "ContAuth" } else { "Ecommerce" },
        "recurringProcessingModel": if purchase.by_merchant { "UnscheduledCardOnFile" } else { "CardOnFile" },
        "additionalData": more,
    });
    if let Some(cryptogram) = &purchase.cryptogram {
        body["mpiData"] = json!({
            "tokenAuthenticationVerificationValue": cryptogram,
            "directoryResponse": "Y", "authenticationResponse": "Y", "eci": "07",
        });
    }
    Ask::post("/v72/payments")
        .header("x-api-key", format!("{merchant}-adyen"))
        .json(&body)
}

fn checkout(merchant: &str, purchase: &Purchase) -> Ask {
    let key = if merchant == "standin" {
        "standinstandinstandinstandi"
    } else {
        "otherotherotherotherotherot"
    };
    let mut source = if purchase.as_token {
        let kind = if purchase.number.starts_with('4') {
            "vts"
        } else {
            "mdes"
        };
        json!({ "type": "network_token", "token": purchase.number, "token_type": kind })
    } else {
        json!({ "type": "card", "number": purchase.number })
    };
    source["expiry_month"] = purchase.month.into();
    source["expiry_year"] = purchase.year.into();
    for (name, value) in [
        ("cryptogram", &purchase.cryptogram),
        ("cvv", &purchase.code),
    ] {
        if let Some(value) = value {
            source[name] = value.as_str().into();
        }
    }
    let mut body = json!({
        "source": source,
        "amount": purchase.minor,
        "currency": purchase.currency,
        "reference": "order-1",
        "capture": !purchase.later,
        "merchant_initiated": purchase.by_merchant,
        "payment_type": if purchase.by_merchant { "Unscheduled" } else { "Regular" },
    });
    if let Some(nti) = &purchase.nti {
        body["previous_payment_id"] = nti.as_str().into();
    }
    if let Some(tlid) = &purchase.tlid {
        body["processing"] = json!({ "scheme_transaction_link_id": tlid });
    }
    Ask::post("/payments")
        .bearer(&format!("sk_sbox_{key}"))
        .json(&body)
}

/// The decline table, the race and the rest pay at each of these.
#[test]
fn every_payment_service_is_paid_at() {
    let services = Psp::ALL.map(Psp::service);
    for service in Service::ALL {
        assert!(services.contains(service), "nobody pays at {service:?}");
    }
}
