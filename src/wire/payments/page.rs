//! The checkout of a merchant that has never heard of network tokens: three fields, number, expiry and security code. A
//! network token and a short cryptogram go in where a card's would.

use askama::Template;
use http::{StatusCode, Uri};

use super::errors::PaymentsError;
use super::idempotency::KEYS;
use super::messages::payment_id;
use crate::domain::card::{Expiry, PresentedNumber};
use crate::domain::merchant::Merchant;
use crate::domain::money::{Amount, Currency};
use crate::domain::number::digits;
use crate::domain::payment::record::Payment;
use crate::domain::payment::request::{
    Authentication, Capture, Initiator, PaymentRequest, Proof, Slot, TokenClaims,
};
use crate::operations::SharedConfig;
use crate::operations::authorize::authorize;
use crate::pages::{Kind, page};
use crate::wire::edge::{Answer, Malformed, Request, RequestContext};

/// What is for sale when the address of the page does not say.
const AMOUNT: &str = "2500";
const CURRENCY: &str = "USD";

/// What the page sells, and for whom: `?merchant=other-merchant&amount=2500&currency=USD`, amounts in minor units.
struct Sale<'a> {
    merchant: &'a Merchant,
    amount: Amount,
}

/// What the customer typed, to be shown again, and what is wrong with it.
#[derive(Default)]
struct Typed {
    number: String,
    expiry: String,
    problems: Vec<(&'static str, String)>,
}

pub(super) async fn show(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, PaymentsError> {
    let sale = sale(context, request)?;
    let form = form(&sale, &Typed::default(), None)?;
    Ok(page(StatusCode::OK, Kind::Still, form))
}

pub(super) async fn submit(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, PaymentsError> {
    let sale = sale(context, request)?;
    if !request.is_of_type("application/x-www-form-urlencoded") {
        return Err(unusable("the checkout takes a form"));
    }
    let mut typed = Typed::default();
    let Some(payment_request) = read(&request.body, &sale, &mut typed) else {
        let problems: Vec<_> = typed
            .problems
            .iter()
            .map(|(field, why)| format!("{field} {why}"))
            .collect();
        context.note(problems.join("; ").into());
        let form = form(&sale, &typed, None)?;
        return Ok(page(StatusCode::UNPROCESSABLE_ENTITY, Kind::Still, form));
    };
    let payment = authorize(&mut context.call, payment_request, None).await?;
    if let Some(reason) = payment.decline {
        context.note(reason.word().into());
        let form = form(&sale, &typed, Some(&payment))?;
        return Ok(page(StatusCode::PAYMENT_REQUIRED, Kind::Still, form));
    }
    let receipt = receipt(&sale, &payment)?;
    Ok(page(StatusCode::OK, Kind::Still, receipt))
}

fn sale<'a>(context: &mut RequestContext, request: &'a Request) -> Result<Sale<'a>, PaymentsError> {
    let config: &SharedConfig = &request.space.config;
    let unusable = |what: &str| unusable(&format!("the address of the page: {what}"));
    let merchant = match query(&request.uri, "merchant") {
        Some(name) => config.merchants.named(&name),
        None => config.merchants.iter().next(),
    };
    let merchant = merchant.ok_or_else(|| unusable("there is no such merchant"))?;
    let currency = query(&request.uri, "currency").unwrap_or_else(|| CURRENCY.to_owned());
    let currency =
        Currency::parse(&currency).map_err(|why| unusable(&format!("currency {why}")))?;
    let minor = query(&request.uri, "amount").unwrap_or_else(|| AMOUNT.to_owned());
    let minor = digits(&minor).ok_or_else(|| unusable("amount must be minor units"))?;
    let amount = Amount::new(minor, currency).map_err(|why| unusable(&format!("amount {why}")))?;
    context.name_merchant(&merchant.name);
    Ok(Sale { merchant, amount })
}

fn unusable(what: &str) -> PaymentsError {
    PaymentsError::Malformed(Malformed::Other(what.to_owned()))
}

fn query(uri: &Uri, name: &str) -> Option<String> {
    let mut pairs = form_urlencoded::parse(uri.query()?.as_bytes());
    pairs
        .find(|(n, _)| n == name)
        .map(|(_, value)| value.into_owned())
}

/// What the form asks for. People type spaces.
fn read(body: &[u8], sale: &Sale<'_>, typed: &mut Typed) -> Option<PaymentRequest> {
    let field = |name: &str| {
        let mut pairs = form_urlencoded::parse(body);
        let value = pairs
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.into_owned());
        value.unwrap_or_default().trim().to_owned()
    };
    typed.number = field("number");
    typed.expiry = field("expiry");
    let code = field("cvc");
    let plain: String = typed
        .number
        .chars()
        .filter(|c| *c != ' ' && *c != '-')
        .collect();
    let number = PresentedNumber::parse(&plain).ok();
    if number.is_none() {
        typed
            .problems
            .push(("number", "is not a card number".to_owned()));
    }
    let expiry = expiry(&typed.expiry);
    if expiry.is_none() {
        typed
            .problems
            .push(("expiry", "must be month and year, such as 12/28".to_owned()));
    }
    if !(3..=4).contains(&code.len()) || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        typed
            .problems
            .push(("cvc", "must be three or four digits".to_owned()));
        return None;
    }
    Some(PaymentRequest {
        merchant: sale.merchant.name.clone(),
        service: KEYS.service,
        initiator: Initiator::Customer,
        number: number?,
        slot: Slot::Card,
        expiry: expiry?,
        proof: Proof {
            cryptogram: None,
            code: Some(code),
        },
        eci: None,
        claims: TokenClaims::default(),
        token_requestor_id: None,
        amount: sale.amount,
        capture: Capture::Now,
        nti: None,
        tlid: None,
        nothing_to_quote: false,
        authentication: Authentication::NotAsked,
        waited_as: None,
        asked: None,
        id: None,
        note: Some("checkout".into()),
    })
}

fn expiry(text: &str) -> Option<Expiry> {
    let (month, year) = text.split_once('/')?;
    Expiry::new(digits(month.trim())?, digits(year.trim())?).ok()
}

/// One field of the form.
struct Field<'a> {
    name: &'static str,
    label: &'static str,
    value: &'a str,
    autocomplete: &'static str,
    length: u8,
    placeholder: &'static str,
    problem: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "checkout.html", config = "src/pages/askama.toml")]
struct Form<'a> {
    shop: &'a str,
    price: String,
    fields: [Field<'a>; 3],
    /// The reference of a payment that was declined.
    declined: Option<String>,
}

#[derive(Template)]
#[template(path = "receipt.html", config = "src/pages/askama.toml")]
struct Receipt<'a> {
    shop: &'a str,
    price: String,
    last4: String,
    reference: String,
}

fn form(
    sale: &Sale<'_>,
    typed: &Typed,
    declined: Option<&Payment>,
) -> Result<String, PaymentsError> {
    let field = |name: &'static str, label, value, length| {
        let problem = typed.problems.iter().find(|(field, _)| *field == name);
        Field {
            name,
            label,
            value,
            autocomplete: match name {
                "number" => "cc-number",
                "expiry" => "cc-exp",
                _ => "cc-csc",
            },
            length,
            placeholder: if name == "expiry" { "MM/YY" } else { "" },
            problem: problem.map(|(_, why)| why.as_str()),
        }
    };
    written(&Form {
        shop: &sale.merchant.title,
        price: price(sale.amount),
        fields: [
            field("number", "Card number", &typed.number, 23),
            field("expiry", "Expiry", &typed.expiry, 7),
            field("cvc", "Security code", "", 4),
        ],
        declined: declined.map(|payment| payment_id(&payment.id)),
    })
}

fn receipt(sale: &Sale<'_>, payment: &Payment) -> Result<String, PaymentsError> {
    written(&Receipt {
        shop: &sale.merchant.title,
        price: price(sale.amount),
        last4: payment.paid_with.last4(),
        reference: payment_id(&payment.id),
    })
}

fn written(template: &impl Template) -> Result<String, PaymentsError> {
    template
        .render()
        .map_err(|error| unusable(&error.to_string()))
}

/// Major units with their currency, such as `25.00 USD`.
fn price(amount: Amount) -> String {
    let decimals = amount.currency.decimals();
    let scale = 10_u64.pow(u32::try_from(decimals).unwrap_or(0));
    let whole = amount.minor / scale;
    let code = amount.currency.code();
    if decimals == 0 {
        return format!("{whole} {code}");
    }
    format!("{whole}.{:0decimals$} {code}", amount.minor % scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_written_for_people() {
        let amount = |minor, code| Amount::new(minor, Currency::parse(code).unwrap()).unwrap();
        assert_eq!(price(amount(2_505, "USD")), "25.05 USD");
        assert_eq!(price(amount(500, "JPY")), "500 JPY");
        assert_eq!(price(amount(1_234, "KWD")), "1.234 KWD");
        assert_eq!(expiry("12/28"), Expiry::new(12, 2028).ok());
        assert_eq!(expiry(" 1 / 2030"), Expiry::new(1, 2030).ok());
        for text in ["", "1228", "13/28", "12/", "a/b"] {
            assert_eq!(expiry(text), None, "{text}");
        }
    }
}
