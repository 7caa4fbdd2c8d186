//! What a customer pays with, as it is named by an intent: looked up before somebody pays with it, and put on file, or spent,
//! after that (Stripe, saving payment details; the refusals are those that are reported of it).

use super::calls::no_such;
use super::errors::StripeError;
use super::form::Form;
use super::intents::{customer_id, parse_customer_id, parse_method_id, saved_id};
use super::{kept, requests, tokens};
use crate::domain::id::MethodId;
use crate::domain::payment::customer::Customer;
use crate::domain::payment::event::PaymentEvent;
use crate::domain::payment::method::{MethodRefusal, PaymentMethod};
use crate::domain::payment::record::Payment;
use crate::domain::payment::request::{Initiator, PaymentRequest};
use crate::domain::rejection::Rejection;
use crate::operations::counter::{self, ChangeError};
use crate::operations::payment_methods::{self, MethodError};
use crate::wire::edge::RequestContext;
use crate::wire::edge::payment::MerchantAccount;

/// https://github.com/liberapay/liberapay.com/issues/2686
const USED: &str =
    "it has been used without a customer, or was taken from one, and cannot be used again";
/// https://github.com/getlago/lago-api/pull/3826
const OF_ANOTHER: &str = "the customer does not have this payment method";
const OF_SOMEBODY: &str = "it belongs to a customer, who has to be named in customer";

impl From<MethodError> for StripeError {
    fn from(error: MethodError) -> Self {
        match error {
            ChangeError::Refused(refusal) => refused(refusal),
            ChangeError::Rejected(why) => why.into(),
            // Whoever asks has found it a moment ago.
            ChangeError::Unknown => Rejection::Contention.into(),
        }
    }
}

/// Why a payment method cannot be used so.
pub(super) fn refused(refusal: MethodRefusal) -> StripeError {
    let why = match refusal {
        MethodRefusal::OfAnother => OF_ANOTHER,
        MethodRefusal::Used => USED,
        MethodRefusal::OfNobody => "it belongs to no customer",
    };
    cannot(why)
}

fn cannot(why: &'static str) -> StripeError {
    requests::bad("payment_method", "payment_method_unexpected_state", why)
}

pub(super) async fn find(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    id: &str,
) -> Result<Option<PaymentMethod>, Rejection> {
    let Some(id) = parse_method_id(id) else {
        return Ok(None);
    };
    let found = counter::find::<PaymentMethod>(&context.call, account.counter(), &id).await?;
    let found = found.map(|found| found.record);
    Ok(found.filter(|method| !tokens::is_token(method)))
}

/// What a customer pays with if nothing else is named: what it says, or what it has had longest.
pub(super) async fn default_of(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    customer: &str,
) -> Result<Option<PaymentMethod>, Rejection> {
    let Some(customer) = find_customer(context, account, customer).await? else {
        return Ok(None);
    };
    let said = Form::of(&customer.said);
    let named = [super::customers::DEFAULT_SOURCE, super::customers::DEFAULT];
    if let Some(id) = named.into_iter().find_map(|name| said.text(name)) {
        // One that was taken from the customer pays no more.
        let found = find(context, account, id).await?;
        return Ok(found.filter(|method| method.customer == Some(customer.id)));
    }
    let mut all = counter::all::<PaymentMethod>(&context.call, account.counter()).await?;
    all.retain(|method| method.customer == Some(customer.id));
    Ok(all.into_iter().min_by_key(|method| method.created))
}

/// A customer that is still there.
pub(super) async fn find_customer(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    id: &str,
) -> Result<Option<Customer>, Rejection> {
    let Some(id) = parse_customer_id(id) else {
        return Ok(None);
    };
    let found = counter::find::<Customer>(&context.call, account.counter(), &id).await?;
    let found = found.map(|found| found.record);
    Ok(found.filter(|customer| !customer.deleted))
}

/// Whether the customer that a form names is one.
pub(super) async fn check_customer(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    form: &Form,
) -> Result<(), StripeError> {
    let Some(id) = form.text("customer") else {
        return Ok(());
    };
    let found = find_customer(context, account, id).await?;
    found.ok_or_else(|| no_such("customer", "customer", id))?;
    Ok(())
}

/// The payment method that a form names, if it may be paid with so.
pub(super) async fn chosen(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    form: &Form,
) -> Result<Option<PaymentMethod>, StripeError> {
    let name = "payment_method";
    let Some(id) = form.text(name) else {
        return Ok(None);
    };
    if form.has_below("payment_method_data") {
        let due = "cannot come together with payment_method_data";
        return Err(requests::bad(name, "parameter_unknown", due));
    }
    let found = find(context, account, id).await?;
    let method = found.ok_or_else(|| no_such("PaymentMethod", name, id))?;
    let customer = form.text("customer");
    match method.customer.as_ref().map(customer_id) {
        Some(holder) if customer == Some(holder.as_str()) => Ok(Some(method)),
        Some(_) if customer.is_none() => Err(cannot(OF_SOMEBODY)),
        Some(_) => Err(cannot(OF_ANOTHER)),
        None if method.used => Err(cannot(USED)),
        // What nobody has agreed to be charged with later cannot be.
        None if customer.is_some() && form.off_session()? == Some(true) => Err(cannot(OF_ANOTHER)),
        None => Ok(Some(method)),
    }
}

/// The form with the card of a payment method in place of its name, and what a payment of the merchant's quotes.
pub(super) fn filled(form: &Form, method: Option<&PaymentMethod>) -> Result<Form, StripeError> {
    let Some(method) = method else {
        return Ok(Form::of(form.pairs()));
    };
    let mut pairs = form.pairs().to_vec();
    pairs.retain(|(name, _)| name != "payment_method");
    pairs.extend(method.said.iter().cloned());
    if requests::initiator(form)? == Initiator::Merchant && form.text(requests::NTI).is_none() {
        let nti = method.nti.as_ref().map(|nti| (requests::NTI, nti.text()));
        let tlid = method.tlid.as_ref();
        let tlid = tlid.map(|tlid| (requests::TLID, tlid.text()));
        let quoted = nti.into_iter().chain(tlid);
        pairs.extend(quoted.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }
    Ok(Form::of(&pairs))
}

/// The payment is shown with the name of what it is made with.
pub(super) fn named(request: &mut PaymentRequest, method: Option<&PaymentMethod>) {
    let Some(method) = method else {
        return;
    };
    requests::noting(request, |note| {
        note["method"]["id"] = saved_id(&method.id).into();
        if let Some(customer) = &method.customer {
            note["method"]["customer"] = customer_id(customer).into();
        }
    });
}

/// What becomes of a payment method that somebody has paid with, or asked whether it is good. `form` is what was asked for,
/// with the card in it.
pub(super) async fn keep(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    payment: &Payment,
    form: &Form,
    method: Option<&PaymentMethod>,
) -> Result<(), StripeError> {
    if !payment.approved() {
        return Ok(());
    }
    let sets_up = payment.verification || kept::sets_up(form);
    let customer = form.text("customer").and_then(parse_customer_id);
    let (call, counter) = (&context.call, account.counter());
    match method {
        Some(method) => {
            let event = match (sets_up, customer, method.customer) {
                (true, Some(_), None) => Some(PaymentEvent::MethodAttached),
                _ => None,
            };
            let step = |method: PaymentMethod| {
                let said = without_code(&method.said);
                let method = match (sets_up, customer) {
                    (true, Some(customer)) => method.attached(customer, Some(payment))?,
                    (true, None) => method.set_up(Some(payment)),
                    (false, _) => method.spent(),
                };
                Ok(method.saying(said))
            };
            payment_methods::change_and_tell(call, counter, &method.id, step, event).await?;
        }
        None if sets_up => {
            // It is called as the payment shows it.
            let id = MethodId::from_bytes(*payment.id.bytes());
            let said = without_code(form.pairs());
            let fresh = payment_methods::fresh(call, counter, id, said);
            let fresh = match customer {
                Some(customer) => fresh.attached(customer, Some(payment)).map_err(refused)?,
                None => fresh.set_up(Some(payment)),
            };
            payment_methods::keep(call, counter, fresh).await?;
        }
        None => {}
    }
    Ok(())
}

/// What is kept of a card: a security code is good until it is used.
fn without_code(pairs: &[(String, String)]) -> Vec<(String, String)> {
    let of_card = pairs
        .iter()
        .filter(|(name, _)| name.starts_with("payment_method_data[") && name != super::cards::CODE);
    of_card.cloned().collect()
}
