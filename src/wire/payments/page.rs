//! The checkout of a merchant that has never heard of network tokens: three fields, number, expiry and security code. A
//! network token and a short cryptogram go in where a card's would.

use std::fmt::Write as _;

use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use http::{HeaderValue, StatusCode, Uri};

use super::errors::PaymentsError;
use super::messages::payment_id;
use super::routes::KEYS;
use crate::domain::card::{Expiry, PresentedNumber};
use crate::domain::merchant::Merchant;
use crate::domain::money::{Amount, Currency};
use crate::domain::number::digits;
use crate::domain::payment::claims::Claims;
use crate::domain::payment::record::Payment;
use crate::domain::payment::request::{
    Authentication, Capture, Initiator, PaymentRequest, Proof, Slot,
};
use crate::operations::SharedConfig;
use crate::operations::authorize::authorize;
use crate::wire::edge::{Answer, Malformed, Request, RequestContext, answer};

/// What is for sale when the address of the page does not say.
const AMOUNT: &str = "2500";
const CURRENCY: &str = "USD";
/// No script runs and nothing is fetched.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

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
    Ok(html(StatusCode::OK, form(&sale, &Typed::default(), None)))
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
        let page = form(&sale, &typed, None);
        return Ok(html(StatusCode::UNPROCESSABLE_ENTITY, page));
    };
    let payment = authorize(&mut context.call, payment_request, None).await?;
    if let Some(reason) = payment.decline {
        context.note(reason.word().into());
        let page = form(&sale, &typed, Some(&payment));
        return Ok(html(StatusCode::PAYMENT_REQUIRED, page));
    }
    Ok(html(StatusCode::OK, receipt(&sale, &payment)))
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
        claims: Claims::default(),
        token_requestor_id: None,
        amount: sale.amount,
        capture: Capture::Now,
        nti: None,
        tlid: None,
        older_agreement: false,
        authentication: Authentication::NotAsked,
        asked: None,
        id: None,
        note: Some("checkout".into()),
    })
}

fn expiry(text: &str) -> Option<Expiry> {
    let (month, year) = text.split_once('/')?;
    Expiry::new(digits(month.trim())?, digits(year.trim())?).ok()
}

fn form(sale: &Sale<'_>, typed: &Typed, declined: Option<&Payment>) -> String {
    let mut alert = String::new();
    if let Some(payment) = declined {
        let _infallible = write!(
            alert,
            "<p role=\"alert\" id=\"outcome\" data-outcome=\"declined\">Payment declined. Try another card.</p>\
             <p class=\"small\">Reference <span id=\"reference\">{}</span></p>",
            payment_id(&payment.id)
        );
    }
    let field = |name: &str, label: &str, value: &str, hints: &str| {
        let problem = typed.problems.iter().find(|(field, _)| *field == name);
        let problem = problem.map(|(_, why)| {
            format!("<span class=\"problem\" id=\"{name}-problem\">{label} {why}</span>")
        });
        format!(
            "<label for=\"{name}\">{label}</label><input id=\"{name}\" name=\"{name}\" value=\"{}\" inputmode=\"numeric\" required {hints}>{}",
            escape(value),
            problem.unwrap_or_default()
        )
    };
    let number = field(
        "number",
        "Card number",
        &typed.number,
        "autocomplete=\"cc-number\" maxlength=\"23\"",
    );
    let expiry = field(
        "expiry",
        "Expiry",
        &typed.expiry,
        "autocomplete=\"cc-exp\" maxlength=\"7\" placeholder=\"MM/YY\"",
    );
    let code = field(
        "cvc",
        "Security code",
        "",
        "autocomplete=\"cc-csc\" maxlength=\"4\"",
    );
    let body = format!(
        "{alert}<form method=\"post\">{number}{expiry}{code}<button id=\"pay\">Pay {}</button></form>",
        price(sale.amount)
    );
    whole_page(sale, "Checkout", &body)
}

fn receipt(sale: &Sale<'_>, payment: &Payment) -> String {
    let body = format!(
        "<p role=\"status\" id=\"outcome\" data-outcome=\"approved\">Payment approved</p>\
         <p>{} paid with a card ending in {}.</p><p class=\"small\">Reference <span id=\"reference\">{}</span></p>",
        price(sale.amount),
        payment.paid_with.last4(),
        payment_id(&payment.id)
    );
    whole_page(sale, "Thank you", &body)
}

fn whole_page(sale: &Sale<'_>, title: &str, body: &str) -> String {
    let shop = escape(&sale.merchant.title);
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title} - {shop}</title>\
         <style>{STYLE}</style></head><body><main><h1>{shop}</h1><h2>{title}</h2>{body}\
         <p class=\"small\">A test shop. No money moves.</p></main></body></html>\n"
    )
}

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;background:Canvas;color:CanvasText;color-scheme:light dark}\
main{max-width:24rem;margin:3rem auto;padding:0 1rem}label{display:block;margin-top:1rem}\
input,button{font:inherit;width:100%;padding:.5rem;box-sizing:border-box}button{margin-top:1.5rem}\
[role=alert],.problem{color:#c0262d}[role=status]{color:#1a7f37;font-weight:600}.small{font-size:.85rem;opacity:.8}";

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

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

fn html(status: StatusCode, page: String) -> Answer {
    let mut answer = answer(status, "text/html; charset=utf-8", page);
    let headers = answer.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_and_texts_are_written_for_people() {
        let amount = |minor, code| Amount::new(minor, Currency::parse(code).unwrap()).unwrap();
        assert_eq!(price(amount(2_505, "USD")), "25.05 USD");
        assert_eq!(price(amount(500, "JPY")), "500 JPY");
        assert_eq!(price(amount(1_234, "KWD")), "1.234 KWD");
        assert_eq!(
            escape("<a b=\"c\">&'"),
            "&lt;a b=&quot;c&quot;&gt;&amp;&#39;"
        );
        assert_eq!(expiry("12/28"), Expiry::new(12, 2028).ok());
        assert_eq!(expiry(" 1 / 2030"), Expiry::new(1, 2030).ok());
        for text in ["", "1228", "13/28", "12/", "a/b"] {
            assert_eq!(expiry(text), None, "{text}");
        }
    }
}
