//! The members of a payment, also those that nothing is done with (Adyen, Checkout API, `PaymentRequest`; its libraries' types say the
//! same). Adyen refuses a payment with a member that it does not know.

use serde_json::{Map, Value};

use crate::wire::edge::read::{Flaw, Members};

/// The oldest version whose list this is.
const SINCE: u8 = 68;

const TEXTS: [&str; 28] = [
    "channel",
    "checkoutAttemptId",
    "conversionId",
    "countryCode",
    "dateOfBirth",
    "deliverAt",
    "deliveryDate",
    "deviceFingerprint",
    "entityType",
    "industryUsage",
    "mcc",
    "merchantOrderReference",
    "orderReference",
    "origin",
    "recurringExpiry",
    "recurringFrequency",
    "redirectFromIssuerMethod",
    "redirectToIssuerMethod",
    "sessionValidity",
    "shopperConversionId",
    "shopperEmail",
    "shopperIP",
    "shopperLocale",
    "shopperReference",
    "shopperStatement",
    "socialSecurityNumber",
    "store",
    "telephoneNumber",
];
const OBJECTS: [&str; 25] = [
    "accountInfo",
    "additionalAmount",
    "applicationInfo",
    "bankAccount",
    "billingAddress",
    "browserInfo",
    "company",
    "dccQuote",
    "deliveryAddress",
    "enhancedSchemeData",
    "fundOrigin",
    "fundRecipient",
    "installments",
    "localizedShopperStatement",
    "mandate",
    "merchantRiskIndicator",
    "order",
    "paymentValidations",
    "platformChargebackLogic",
    "riskData",
    "shopperName",
    "shopperTaxInfo",
    "surcharge",
    "thirdPartyTokenRedundancyInfo",
    "threeDS2RequestData",
];
const LISTS: [&str; 3] = ["lineItems", "splits", "subMerchants"];
/// What is read elsewhere, and numbers and truth values, which Adyen takes as texts too.
const OTHERS: [&str; 21] = [
    "additionalData",
    "amount",
    "authenticationData",
    "captureDelayHours",
    "enableOneClick",
    "enablePayOut",
    "enableRecurring",
    "fraudOffset",
    "merchantAccount",
    "metadata",
    "mpiData",
    "paymentMethod",
    "recurringProcessingModel",
    "reference",
    "returnUrl",
    "shopperInteraction",
    "storePaymentMethod",
    "threeDSAuthenticationOnly",
    "threeDSRequestData",
    "trustedShopper",
    "secureRemoteCommerceCheckoutData",
];

/// The members that this version of the API does not know, in the order in which they came.
pub(super) fn unknown(body: &Map<String, Value>, version: u8) -> Option<String> {
    let known = [&TEXTS[..], &OBJECTS, &LISTS, &OTHERS].concat();
    let names = body.keys().map(String::as_str);
    let unknown: Vec<_> = names.filter(|name| !known.contains(name)).collect();
    (version >= SINCE && !unknown.is_empty()).then(|| unknown.join(", "))
}

/// Tells of each member that cannot be what it should.
pub(super) fn check(body: &Members<'_>) {
    for name in TEXTS {
        if body
            .get(name)
            .is_some_and(|value| value.is_object() || value.is_array())
        {
            body.flaw(name, Flaw::Type, "must be a string");
        }
    }
    for name in OBJECTS {
        body.object(name);
    }
    for name in LISTS {
        if body.get(name).is_some_and(|value| !value.is_array()) {
            body.flaw(name, Flaw::Type, "must be a list");
        }
    }
}
