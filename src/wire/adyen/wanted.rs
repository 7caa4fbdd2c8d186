//! Whether a merchant wants its shopper authenticated (3-D Secure 2), and where. Without a word of it nobody is: the account's
//! rule is the one that Adyen calls "Prefer Not" (Adyen, testing 3D Secure 2 authentication).

use crate::domain::payment::enrolled::Flow;
use crate::domain::payment::request::{Initiator, PaymentRequest, Slot};
use crate::limits::{RETURN_ADDRESS_BYTES_MAX, TEXT_BYTES_MAX};
use crate::operations::SharedConfig;
use crate::operations::challenges::enrolled;
use crate::wire::edge::challenge::is_address;
use crate::wire::edge::read::{Flaw, Members};

/// Where the shopper is authenticated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In the shop's own page or app.
    Native,
    /// On a page of Adyen's, to which the shopper is sent.
    Redirect,
}

/// What a payment says of it.
#[derive(Debug)]
pub(super) struct Wanted {
    place: Option<Place>,
    return_url: Option<String>,
}

/// Is found in `authenticationData`, and where older integrations have it, in `additionalData`.
pub(super) fn wanted(body: &Members<'_>, additional: Option<&Members<'_>>) -> Wanted {
    let data = body.object("authenticationData");
    let data = data.as_ref();
    let attempt = data.and_then(|data| {
        if data.boolean("authenticationOnly") == Some(true) {
            data.flaw("authenticationOnly", Flaw::Value, "must be false here");
        }
        data.word(
            "attemptAuthentication",
            &[("always", true), ("never", false)],
        )
    });
    let request = data.and_then(|data| data.object("threeDSRequestData"));
    let native = request.as_ref().and_then(|request| {
        request.word("nativeThreeDS", &[("preferred", true), ("disabled", false)])
    });
    let said = |name: &str| additional?.word(name, &[("true", true), ("false", false)]);
    let always = attempt.or(said("executeThreeD")).unwrap_or(false);
    let native = native.or(said("allow3DS2")).unwrap_or(false);
    // A shopper who orders by telephone, or stands at a terminal, cannot be sent anywhere.
    let interaction = body.string("shopperInteraction", TEXT_BYTES_MAX);
    let is_away = matches!(interaction, Some("Moto" | "POS"));
    // Somebody else has authenticated the shopper.
    let is_done = body.has("mpiData");
    let place = if native {
        Place::Native
    } else {
        Place::Redirect
    };
    Wanted {
        place: Some(place).filter(|_| always && !is_away && !is_done),
        return_url: return_url(body),
    }
}

fn return_url(body: &Members<'_>) -> Option<String> {
    let name = "returnUrl";
    let url = body.string(name, RETURN_ADDRESS_BYTES_MAX)?;
    if !is_address(url) {
        body.flaw(name, Flaw::Value, "must be an address");
    }
    Some(url.to_owned())
}

/// What is to be done with a shopper before anybody is asked for money.
#[derive(Debug)]
pub(super) struct Due {
    pub(super) place: Place,
    pub(super) flow: Flow,
    pub(super) return_url: Option<String>,
}

impl Wanted {
    /// None when the payment can go on at once.
    pub(super) fn due(self, config: &SharedConfig, payment: &PaymentRequest) -> Option<Due> {
        let place = self.place?;
        if payment.initiator != Initiator::Customer || payment.slot != Slot::Card {
            return None;
        }
        let flow = enrolled(config, payment)?.flow;
        (flow != Flow::NotEnrolled).then_some(Due {
            place,
            flow,
            return_url: self.return_url,
        })
    }
}
