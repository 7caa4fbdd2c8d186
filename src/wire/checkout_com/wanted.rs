//! Whether a payment is to be made with its customer authenticated (3-D Secure): the member `3ds` of a request and where the
//! customer comes back to (Checkout.com, API reference, request a payment).

use serde_json::{Value, json};

use crate::domain::payment::enrolled::Flow;
use crate::domain::payment::request::{Authentication, Initiator, PaymentRequest};
use crate::limits::{RETURN_ADDRESS_BYTES_MAX, TEXT_BYTES_MAX};
use crate::operations::SharedConfig;
use crate::operations::challenges::enrolled;
use crate::wire::edge::challenge::is_address;
use crate::wire::edge::read::{Flaw, Members};

/// Under this name stands in a payment's note what is shown of it.
pub(super) const THREE_DS: &str = "3ds";

/// What a payment says of it.
#[derive(Debug)]
pub(super) struct Wanted {
    enabled: bool,
    /// Rather without than not at all.
    attempt_n3d: bool,
    /// The customer was authenticated elsewhere, and here is the proof. It is not looked at.
    elsewhere: bool,
    pub(super) back: Back,
}

/// Where the customer comes back to.
#[derive(Debug, Default)]
pub(super) struct Back {
    pub(super) success_url: Option<String>,
    pub(super) failure_url: Option<String>,
}

pub(super) fn wanted(body: &Members<'_>) -> Wanted {
    let secure = body.object(THREE_DS);
    let secure = secure.as_ref();
    let yes = |name: &str| secure.and_then(|secure| secure.boolean(name)) == Some(true);
    let text = |name: &str| secure.and_then(|secure| secure.string(name, TEXT_BYTES_MAX));
    Wanted {
        enabled: yes("enabled"),
        attempt_n3d: yes("attempt_n3d"),
        elsewhere: text("cryptogram").is_some(),
        back: Back {
            success_url: address(body, "success_url"),
            failure_url: address(body, "failure_url"),
        },
    }
}

fn address(body: &Members<'_>, name: &str) -> Option<String> {
    let url = body.string(name, RETURN_ADDRESS_BYTES_MAX)?;
    if !is_address(url) {
        body.flaw(name, Flaw::Value, "must be an address");
    }
    Some(url.to_owned())
}

/// What becomes of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// It goes on at once.
    On,
    /// Its customer is sent away first.
    Away,
}

impl Wanted {
    /// Decides, and notes with the payment what is shown of it.
    pub(super) fn way(&self, config: &SharedConfig, payment: &mut PaymentRequest) -> Way {
        if !self.enabled || payment.initiator != Initiator::Customer {
            return Way::On;
        }
        if self.elsewhere {
            payment.authentication = Authentication::Passed;
            return Way::On;
        }
        let row = enrolled(config, payment);
        if row.is_none_or(|row| row.flow != Flow::NotEnrolled) {
            note(payment, &json!({ "downgraded": false, "enrolled": "Y" }));
            return Way::Away;
        }
        if !self.attempt_n3d {
            payment.authentication = Authentication::Impossible;
        }
        note(
            payment,
            &json!({ "downgraded": self.attempt_n3d, "enrolled": "N" }),
        );
        Way::On
    }
}

fn note(payment: &mut PaymentRequest, shown: &Value) {
    let note = payment.note.as_deref().unwrap_or("{}");
    let mut note: Value = serde_json::from_str(note).unwrap_or_default();
    note[THREE_DS] = shown.clone();
    payment.note = Some(note.to_string().into());
}
