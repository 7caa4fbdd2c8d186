//! Bringing a payment service's event about as a client of the service does: by the calls after which the service tells of it.

use http::{Method, StatusCode};
use serde_json::json;

use super::config_args::ConfigArgs;
use super::payment_calls::{self, Call};
use super::remote::{Answered, Remote};
use crate::domain::merchant::{Merchant, Service};

/// What is done until the event comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Story {
    /// Money is asked for, and nobody pays.
    Ask,
    Pay,
    Decline,
    Hold,
    Capture,
    Void,
    Refund,
    /// It takes more than a payment, or none.
    Calls(&'static [Call]),
}

/// An event of a payment service, and how it comes about.
#[derive(Debug, Clone, Copy)]
pub(super) struct PaymentTrigger {
    pub(super) name: &'static str,
    service: Service,
    story: Story,
}

const fn row(name: &'static str, service: Service, story: Story) -> PaymentTrigger {
    PaymentTrigger {
        name,
        service,
        story,
    }
}

/// The events of payments. What comes when time has passed comes when the clock is moved.
const OF_PAYMENTS: [PaymentTrigger; 19] = [
    row("payment_intent.created", Service::Stripe, Story::Ask),
    row("payment_intent.succeeded", Service::Stripe, Story::Pay),
    row(
        "payment_intent.payment_failed",
        Service::Stripe,
        Story::Decline,
    ),
    row(
        "payment_intent.amount_capturable_updated",
        Service::Stripe,
        Story::Hold,
    ),
    row("payment_intent.canceled", Service::Stripe, Story::Void),
    row("charge.succeeded", Service::Stripe, Story::Pay),
    row("charge.failed", Service::Stripe, Story::Decline),
    row("charge.captured", Service::Stripe, Story::Capture),
    row("charge.refunded", Service::Stripe, Story::Refund),
    row("refund.created", Service::Stripe, Story::Refund),
    row("AUTHORISATION", Service::Adyen, Story::Pay),
    row("CAPTURE", Service::Adyen, Story::Capture),
    row("CANCELLATION", Service::Adyen, Story::Void),
    row("REFUND", Service::Adyen, Story::Refund),
    row("payment_approved", Service::Checkout, Story::Pay),
    row("payment_declined", Service::Checkout, Story::Decline),
    row("payment_captured", Service::Checkout, Story::Capture),
    row("payment_voided", Service::Checkout, Story::Void),
    row("payment_refunded", Service::Checkout, Story::Refund),
];

/// Cards of the fixture, one that pays and one that is declined.
const PAYS: &str = "4242424242424242";
const IS_DECLINED: &str = "4000000000000002";
const AMOUNT: u32 = 2_000;

/// Every event that can be brought about.
pub(super) fn all() -> impl Iterator<Item = PaymentTrigger> {
    let others = payment_calls::STRIPE.into_iter();
    let others = others.map(|(name, calls)| row(name, Service::Stripe, Story::Calls(calls)));
    OF_PAYMENTS.into_iter().chain(others)
}

impl PaymentTrigger {
    pub(super) fn find(name: &str) -> Option<Self> {
        all().find(|one| one.name == name)
    }

    /// Makes the calls, with this key or that of the first merchant. The id of what they were about comes back.
    pub(super) async fn bring_about(
        self,
        remote: &Remote,
        key: Option<&str>,
    ) -> Result<String, String> {
        let merchants = ConfigArgs::default().merchants()?;
        let merchant = merchants.iter().next().ok_or("there is no merchant")?;
        let client = Client {
            remote,
            merchant,
            service: self.service,
            key: key.unwrap_or_else(|| merchant.key_at(self.service)),
        };
        if let Story::Calls(calls) = self.story {
            return client.carry_out(calls).await;
        }
        let number = if self.story == Story::Decline {
            IS_DECLINED
        } else {
            PAYS
        };
        let held = matches!(self.story, Story::Hold | Story::Capture | Story::Void);
        let paid = client.pay(number, held, self.story == Story::Ask).await?;
        let id = client.id(paid)?;
        match self.story {
            Story::Ask | Story::Pay | Story::Decline | Story::Hold | Story::Calls(_) => {}
            Story::Capture => client.change(&id, "capture").await?,
            Story::Void => client.change(&id, "cancel").await?,
            Story::Refund => client.change(&id, "refund").await?,
        }
        Ok(id)
    }
}

/// A merchant's client of one service.
struct Client<'a> {
    remote: &'a Remote,
    merchant: &'a Merchant,
    service: Service,
    key: &'a str,
}

impl Client<'_> {
    /// The id in the last answer comes back.
    async fn carry_out(&self, calls: &[Call]) -> Result<String, String> {
        let mut ids = Vec::new();
        for call in calls {
            let (path, form) = (call.path(&ids), call.form(&ids));
            let answer = self.ask(call.method(), &path, form).await?;
            ids.push(self.id(answer)?);
        }
        Ok(ids.pop().unwrap_or_default())
    }

    async fn post(&self, path: &str, body: String) -> Result<Answered, String> {
        self.ask(Method::POST, path, body).await
    }

    async fn ask(&self, method: Method, path: &str, body: String) -> Result<Answered, String> {
        let bearer = format!("Bearer {}", self.key);
        let (kind, name, value) = match self.service {
            Service::Stripe => (
                "application/x-www-form-urlencoded",
                "authorization",
                bearer.as_str(),
            ),
            Service::Adyen => ("application/json", "x-api-key", self.key),
            Service::Own | Service::Checkout => {
                ("application/json", "authorization", bearer.as_str())
            }
        };
        let headers = [("content-type", kind), (name, value)];
        self.remote.exchange(method, path, &headers, body).await
    }

    async fn pay(&self, number: &str, held: bool, only_asked: bool) -> Result<Answered, String> {
        match self.service {
            Service::Stripe if only_asked => {
                let body = format!("amount={AMOUNT}&currency=usd");
                self.post("/v1/payment_intents", body).await
            }
            Service::Stripe => {
                let capture = if held { "manual" } else { "automatic" };
                let card = "payment_method_data[card]";
                let body = format!(
                    "amount={AMOUNT}&currency=usd&confirm=true&capture_method={capture}\
                     &payment_method_data[type]=card&{card}[number]={number}\
                     &{card}[exp_month]=12&{card}[exp_year]=2034&{card}[cvc]=123"
                );
                self.post("/v1/payment_intents", body).await
            }
            Service::Adyen => {
                let body = json!({
                    "merchantAccount": self.merchant.adyen_account,
                    "amount": { "currency": "USD", "value": AMOUNT },
                    "reference": "standin-trigger",
                    "returnUrl": "https://localhost/",
                    "additionalData": { "manualCapture": held.to_string() },
                    "paymentMethod": {
                        "type": "scheme", "number": number,
                        "expiryMonth": "12", "expiryYear": "2034", "cvc": "123",
                    },
                });
                self.post("/v72/payments", body.to_string()).await
            }
            Service::Own | Service::Checkout => {
                let body = json!({
                    "amount": AMOUNT, "currency": "USD", "capture": !held,
                    "reference": "standin-trigger",
                    "source": {
                        "type": "card", "number": number,
                        "expiry_month": 12, "expiry_year": 2034, "cvv": "123",
                    },
                });
                self.post("/payments", body.to_string()).await
            }
        }
    }

    /// What names the payment or its like, also where it stands in an error because it was declined.
    fn id(&self, answer: Answered) -> Result<String, String> {
        let places: &[&str] = match self.service {
            Service::Stripe if answer.status == StatusCode::PAYMENT_REQUIRED => {
                &["/error/payment_intent/id", "/error/setup_intent/id"]
            }
            // The first one of a list.
            Service::Stripe => &["/id", "/data/0/id"],
            Service::Own | Service::Checkout => &["/id"],
            Service::Adyen => &["/pspReference"],
        };
        let mut places = places.iter();
        let found = places.find_map(|place| answer.body.pointer(place)?.as_str());
        let found = found.map(str::to_owned);
        if let Some(id) = found.filter(|_| answer.is_of_a_payment()) {
            return Ok(id);
        }
        answer.granted()?;
        Err("the server answered with the name of no payment; is it the right --server?".to_owned())
    }

    async fn change(&self, id: &str, what: &str) -> Result<(), String> {
        let (path, body) = match self.service {
            Service::Stripe if what == "refund" => {
                ("/v1/refunds".to_owned(), format!("payment_intent={id}"))
            }
            Service::Stripe => (format!("/v1/payment_intents/{id}/{what}"), String::new()),
            Service::Adyen => {
                let mut body = json!({ "merchantAccount": self.merchant.adyen_account });
                if what != "cancel" {
                    body["amount"] = json!({ "currency": "USD", "value": AMOUNT });
                }
                (format!("/v72/payments/{id}/{what}s"), body.to_string())
            }
            Service::Own | Service::Checkout => {
                let what = if what == "cancel" { "void" } else { what };
                (format!("/payments/{id}/{what}s"), "{}".to_owned())
            }
        };
        self.post(&path, body).await?.granted().map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::payment::event::PaymentEvent;
    use crate::domain::webhook_profile::Profile;

    #[test]
    fn every_event_of_every_service_can_be_brought_about_but_for_what_time_does() {
        for profile in [Profile::Stripe, Profile::Adyen, Profile::Checkout] {
            for event in PaymentEvent::ALL.iter().copied() {
                let Some(name) = profile.name_of(event) else {
                    continue;
                };
                let waits = event == PaymentEvent::Expired;
                assert!(waits || PaymentTrigger::find(name).is_some(), "{name}");
            }
        }
    }
}
