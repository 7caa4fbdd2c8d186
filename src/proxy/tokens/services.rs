//! How each payment service that takes cryptograms wants a token. Which ones do VGS tells by the name of the host.

use form_urlencoded::Serializer;
use serde_json::{Value, json};

use crate::domain::card::Network;
use crate::operations::cryptograms::Minted;
use crate::proxy::hosts::fits;

/// A service that takes cryptograms.
pub(super) struct Service {
    hosts: &'static [&'static str],
    /// The payment with token and cryptogram in place of the card. None where it cannot be read.
    pub(super) long: fn(&str, &Minted) -> Option<String>,
}

const SERVICES: [Service; 2] = [
    Service {
        hosts: &["api.stripe.com"],
        long: stripe,
    },
    Service {
        hosts: &["*.adyen.com", "*.adyenpayments.com"],
        long: adyen,
    },
];

/// The service at a host, if it takes cryptograms.
pub(super) fn find(host: &str) -> Option<&'static Service> {
    let mut services = SERVICES.iter();
    services.find(|service| service.hosts.iter().any(|name| fits(name, host)))
}

/// What the networks' indicator is without authentication of the cardholder.
const fn indicator(network: Network) -> &'static str {
    match network {
        Network::Mastercard => "06",
        Network::Visa | Network::Amex | Network::Discover => "07",
    }
}

const CARD: &str = "payment_method_data[card]";
const OPTIONS: &str = "payment_method_options[card][network_token]";

fn stripe(body: &str, minted: &Minted) -> Option<String> {
    let token = &minted.token;
    let number = token.number?.expose();
    let mut form = Serializer::new(String::new());
    let mut found = false;
    for (name, value) in form_urlencoded::parse(body.as_bytes()) {
        let member = name.strip_prefix(CARD);
        let other = match member {
            Some("[number]") => number.clone(),
            Some("[exp_month]") => token.expiry.month().to_string(),
            Some("[exp_year]") => token.expiry.year().to_string(),
            Some("[cvc]") => continue,
            Some(_) | None => {
                form.append_pair(&name, &value);
                continue;
            }
        };
        found |= member == Some("[number]");
        let name = format!("{CARD}[network_token]{}", member.unwrap_or_default());
        form.append_pair(&name, &other);
    }
    form.append_pair(&format!("{OPTIONS}[cryptogram]"), &minted.value);
    form.append_pair(
        &format!("{OPTIONS}[electronic_commerce_indicator]"),
        indicator(token.network),
    );
    found.then(|| form.finish())
}

fn adyen(body: &str, minted: &Minted) -> Option<String> {
    let token = &minted.token;
    let mut payment: Value = serde_json::from_str(body).ok()?;
    let method = payment.get_mut("paymentMethod")?.as_object_mut()?;
    method.insert("type".to_owned(), "networkToken".into());
    method.insert("number".to_owned(), token.number?.expose().into());
    let month = format!("{:02}", token.expiry.month());
    method.insert("expiryMonth".to_owned(), month.into());
    method.insert(
        "expiryYear".to_owned(),
        token.expiry.year().to_string().into(),
    );
    method.shift_remove("cvc");
    let data = json!({
        "tokenAuthenticationVerificationValue": minted.value,
        "directoryResponse": "Y",
        "authenticationResponse": "Y",
        "eci": indicator(token.network),
    });
    payment.as_object_mut()?.insert("mpiData".to_owned(), data);
    Some(payment.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_that_take_cryptograms_are_known_by_their_host() {
        for (host, takes) in [
            ("api.stripe.com", true),
            ("checkout-test.adyen.com", true),
            ("a-b-checkout-live.adyenpayments.com", true),
            ("api.checkout.com", false),
            ("evil-api.stripe.com", false),
        ] {
            assert_eq!(find(host).is_some(), takes, "{host}");
        }
    }
}
