//! What `expand` may name: the members of each object that lead to another one (the types of the npm package `stripe`, which
//! call them expandable), through at most four levels (Stripe, API reference, expanding responses).

use serde_json::Value;

use super::errors::{Own, StripeError};
use super::form::Form;
use super::objects;
use crate::wire::edge::RequestContext;
use crate::wire::edge::payment::MerchantAccount;

const LEVELS_MAX: usize = 4;

/// What is answered, and so what can be expanded in it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Object {
    Intent,
    Charge,
    Refund,
    Setup,
    Attempt,
    Method,
    Customer,
    BalanceTransaction,
    Dispute,
    /// Those of a charge.
    RefundList,
    /// Nothing of it leads to another object.
    Plain,
    /// One of which standin knows no more than its name: whatever is expanded in it is let pass.
    Foreign,
}

use Object::{
    Attempt, BalanceTransaction, Charge, Customer, Dispute, Foreign, Intent, Method, Plain, Refund,
    RefundList, Setup,
};

const OF_DISPUTE: &[(&str, Object)] = &[
    ("balance_transactions", BalanceTransaction),
    ("charge", Charge),
    ("payment_intent", Intent),
];

impl Object {
    const fn members(self) -> &'static [(&'static str, Self)] {
        match self {
            Intent => &[
                ("application", Plain),
                ("charges", Charge),
                ("customer", Customer),
                ("latest_charge", Charge),
                ("on_behalf_of", Foreign),
                ("payment_method", Method),
                ("review", Foreign),
                ("source", Foreign),
                ("transfer_data.destination", Foreign),
            ],
            Charge => &[
                ("application", Plain),
                ("application_fee", Foreign),
                ("balance_transaction", BalanceTransaction),
                ("customer", Customer),
                ("data", Charge),
                ("dispute", Dispute),
                ("failure_balance_transaction", Foreign),
                ("invoice", Foreign),
                ("on_behalf_of", Foreign),
                ("payment_intent", Intent),
                ("refunds", RefundList),
                ("review", Foreign),
                ("source_transfer", Foreign),
                ("transfer", Foreign),
                ("transfer_data.destination", Foreign),
            ],
            Refund => &[
                ("balance_transaction", BalanceTransaction),
                ("charge", Charge),
                ("failure_balance_transaction", Foreign),
                ("payment_intent", Intent),
                ("source_transfer_reversal", Foreign),
                ("transfer_reversal", Foreign),
            ],
            Setup => &[
                ("application", Plain),
                ("customer", Customer),
                ("latest_attempt", Attempt),
                ("mandate", Foreign),
                ("on_behalf_of", Foreign),
                ("payment_method", Method),
                ("single_use_mandate", Foreign),
            ],
            Attempt => &[
                ("application", Plain),
                ("customer", Customer),
                ("on_behalf_of", Foreign),
                ("payment_method", Method),
                ("setup_intent", Setup),
            ],
            Method => &[("customer", Customer)],
            Customer => &[
                ("cash_balance", Foreign),
                ("default_source", Method),
                ("invoice_settings.default_payment_method", Method),
                ("sources", Foreign),
                ("subscriptions", Foreign),
                ("tax", Foreign),
                ("tax_ids", Foreign),
                ("test_clock", Foreign),
            ],
            BalanceTransaction => &[("source", Foreign)],
            Dispute => OF_DISPUTE,
            RefundList => &[("data", Refund)],
            Plain | Foreign => &[],
        }
    }

    /// Whether the path leads from object to object.
    fn leads(self, path: &str) -> bool {
        if matches!(self, Foreign) {
            return true;
        }
        self.members().iter().any(|(member, next)| {
            path.strip_prefix(member).is_some_and(|rest| {
                rest.is_empty() || rest.strip_prefix('.').is_some_and(|rest| next.leads(rest))
            })
        })
    }
}

/// Looks at what is to be expanded in one object.
///
/// # Errors
/// When it cannot be.
pub(super) fn of_one(form: &Form, object: Object) -> Result<(), StripeError> {
    check(form, |path| object.leads(path), |_| false)
}

/// The same in a list, where everything stands below `data`.
pub(super) fn of_list(form: &Form, object: Object) -> Result<(), StripeError> {
    let leads = |path: &str| {
        path.strip_prefix("data.")
            .is_some_and(|rest| object.leads(rest))
    };
    check(form, leads, |path| object.leads(path))
}

fn check(
    form: &Form,
    leads: impl Fn(&str) -> bool,
    leads_below: impl Fn(&str) -> bool,
) -> Result<(), StripeError> {
    // https://github.com/stripe/stripe-cli/issues/47
    if form.text("expand").is_some() {
        return Err(Own::NotAnArray("expand").into());
    }
    let wanted = form.below("expand").map(|(_, path)| path);
    let wrong = |path: &&str| path.split('.').count() > LEVELS_MAX || !leads(path);
    let Some(path) = wanted.into_iter().find(wrong) else {
        return Ok(());
    };
    let path: String = path.chars().take(200).collect();
    let mut message = format!("This property cannot be expanded ({path}).");
    // https://github.com/stripe/stripe-dotnet/issues/1351
    if leads_below(&path) {
        message += &format!(" You may want to try expanding 'data.{path}' instead.");
    }
    Err(Own::Expansion(message).into())
}

/// The answer with the objects in place of their names, where that is asked for.
pub(super) async fn written_out(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    form: &Form,
    mut body: Value,
) -> Result<Value, StripeError> {
    let paths: Vec<Vec<&str>> = form
        .below("expand")
        .map(|(_, path)| path.split('.').collect())
        .collect();
    for path in paths {
        // Each time a name further on is looked at.
        for _ in 0..LEVELS_MAX {
            let mut places = Vec::new();
            names(&body, &path, String::new(), &mut places);
            let mut found = false;
            for place in places {
                found |= write_out(context, account, &mut body, &place).await?;
            }
            if !found {
                break;
            }
        }
    }
    Ok(body)
}

/// Where something is to be written out.
enum Place {
    /// A name stands there in place of an object.
    Name(String),
    /// A charge, which has its refunds only where they are asked for (Stripe's changelog, 2022-11-15).
    Refunds(String),
}

async fn write_out(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    body: &mut Value,
    place: &Place,
) -> Result<bool, StripeError> {
    match place {
        Place::Name(at) => {
            let name = body.pointer(at).and_then(Value::as_str);
            let object = objects::object(context, account, name.unwrap_or_default()).await?;
            if let (Some(object), Some(there)) = (object, body.pointer_mut(at)) {
                *there = object;
                return Ok(true);
            }
        }
        Place::Refunds(at) => {
            let id = body.pointer(at).and_then(|charge| charge["id"].as_str());
            let refunds = objects::refunds(context, account, id.unwrap_or_default()).await?;
            if let (Some(refunds), Some(charge)) = (refunds, body.pointer_mut(at)) {
                charge["refunds"] = refunds;
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// What on the path is not written out yet.
fn names(value: &Value, path: &[&str], at: String, places: &mut Vec<Place>) {
    match (value, path) {
        (Value::String(_), _) => places.push(Place::Name(at)),
        (Value::Array(rows), _) => {
            for (place, row) in rows.iter().enumerate() {
                names(row, path, format!("{at}/{place}"), places);
            }
        }
        (Value::Object(members), [first, rest @ ..]) => match members.get(*first) {
            Some(inner) => names(inner, rest, format!("{at}/{first}"), places),
            None if *first == "refunds" => places.push(Place::Refunds(at)),
            None => {}
        },
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_from_object_to_object() {
        for (object, path, want) in [
            (Intent, "latest_charge", true),
            (Intent, "latest_charge.balance_transaction", true),
            (Intent, "latest_charge.payment_intent.latest_charge", true),
            (Intent, "charges.data.balance_transaction", true),
            (Intent, "customer.default_source", true),
            (Intent, "transfer_data.destination", true),
            (Setup, "payment_method.customer", true),
            (Customer, "invoice_settings.default_payment_method", true),
            (Method, "card", false),
            (Intent, "metadata", false),
            (Intent, "latest_charges", false),
            (Intent, "latest_charge.amount", false),
            (Charge, "latest_charge", false),
            (Refund, "charge.customer", true),
            (Plain, "url", false),
        ] {
            assert_eq!(object.leads(path), want, "{object:?} {path}");
        }
    }
}
