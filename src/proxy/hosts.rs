//! The real names of the imitated services. A row says whose a name is and where that is published.

use http::HeaderMap;

use crate::domain::surface::SurfaceName;
use crate::wire::edge::Surface;
use crate::wire::{addressed_among, surface};

/// One name, or many that differ in one place.
#[derive(Debug)]
pub struct RealHost {
    /// In small letters. `*` stands for one or more letters of one label.
    pub name: &'static str,
    /// Who answers there; the first where the path is nobody's.
    pub surfaces: &'static [SurfaceName],
    /// What paths begin with there and not at the surface.
    pub base: &'static str,
    pub source: &'static str,
}

const fn row(
    name: &'static str,
    surfaces: &'static [SurfaceName],
    source: &'static str,
) -> RealHost {
    RealHost {
        name,
        surfaces,
        base: "",
        source,
    }
}

const fn below(base: &'static str, row: RealHost) -> RealHost {
    RealHost { base, ..row }
}

use SurfaceName as S;

const CMP: &str = "VGS, card management API: servers";
const AUTH: &str = "VGS, authentication guide: token URL";
const CALM: &str = "VGS, enrolment guide: host of the sample request, <ENVIRONMENT> filled in";
const VAULT: &str = "VGS, vault API: servers";
const VAULT_V2: &str = "VGS Collect for React Native: host of the vault API, version 2";
const INBOUND: &str = "VGS, inbound connection: host of a vault";
const VISA: &str = "Visa Developer: base URLs of sandbox, certification and production";
const MASTERCARD: &str = "Mastercard Developers, MDES and Checkout Solutions: base URLs";
const MASTERCARD_KEYS: &str = "Mastercard Developers, Checkout Solutions: address of the key set";
const STRIPE: &str = "Stripe, API reference: base URL";
const ADYEN: &str = "Adyen, Checkout API: test endpoint";
const ADYEN_LIVE: &str = "Adyen, live endpoints: URL prefixes of the Checkout API";
const ADYEN_AGENTS: &str = "Adyen, agentic payments with ACP: endpoint URL for delegated payments";
const CHECKOUT: &str = "Checkout.com, API reference: base URLs, with and without a client's prefix";
const CHECKOUT_ACCESS: &str = "Checkout.com, OAuth: access token URLs";

const CHECKOUT_APIS: &[S] = &[S::CheckoutCom, S::Acp];
const NETWORKS: &[S] = &[S::Mastercard, S::MastercardCheckout];

/// Every real name that is answered.
pub const HOSTS: &[RealHost] = &[
    row("sandbox.vgsapi.com", &[S::Cmp], CMP),
    row("vgsapi.com", &[S::Cmp], CMP),
    row("live.vgsapi.com", &[S::Cmp], "VGS agent toolkit: live host"),
    row("auth.verygoodsecurity.com", &[S::OAuth], AUTH),
    row("calm.sandbox.verygoodsecurity.app", &[S::Calm], CALM),
    row("calm.live.verygoodsecurity.app", &[S::Calm], CALM),
    row("api.sandbox.verygoodvault.com", &[S::Vault], VAULT),
    row("api.live.verygoodvault.com", &[S::Vault], VAULT),
    row(
        "*.sandbox.vault-api.verygoodvault.com",
        &[S::Vault],
        VAULT_V2,
    ),
    row("*.live.vault-api.verygoodvault.com", &[S::Vault], VAULT_V2),
    // Where nothing else is behind a vault's own name: VGS's samples create cards through it.
    row("*.sandbox.verygoodproxy.com", &[S::Cmp], INBOUND),
    row("*.live.verygoodproxy.com", &[S::Cmp], INBOUND),
    row("sandbox.api.visa.com", &[S::Visa], VISA),
    row("cert.api.visa.com", &[S::Visa], VISA),
    row("api.visa.com", &[S::Visa], VISA),
    row("sandbox.api.mastercard.com", NETWORKS, MASTERCARD),
    row("api.mastercard.com", NETWORKS, MASTERCARD),
    row(
        "sandbox.src.mastercard.com",
        &[S::MastercardCheckout],
        MASTERCARD_KEYS,
    ),
    row(
        "src.mastercard.com",
        &[S::MastercardCheckout],
        MASTERCARD_KEYS,
    ),
    row("api.stripe.com", &[S::Stripe], STRIPE),
    below(
        "/checkout",
        row("checkout-test.adyen.com", &[S::Adyen], ADYEN),
    ),
    below(
        "/checkout",
        row("*-checkout-live.adyenpayments.com", &[S::Adyen], ADYEN_LIVE),
    ),
    row("pal-test.adyen.com", &[S::Acp], ADYEN_AGENTS),
    // Its libraries hand payments over at the same address as everything else.
    row("api.sandbox.checkout.com", CHECKOUT_APIS, CHECKOUT),
    row("*.api.sandbox.checkout.com", CHECKOUT_APIS, CHECKOUT),
    row("api.checkout.com", CHECKOUT_APIS, CHECKOUT),
    row("*.api.checkout.com", CHECKOUT_APIS, CHECKOUT),
    row(
        "access.sandbox.checkout.com",
        &[S::CheckoutCom],
        CHECKOUT_ACCESS,
    ),
    row(
        "*.access.sandbox.checkout.com",
        &[S::CheckoutCom],
        CHECKOUT_ACCESS,
    ),
    row("access.checkout.com", &[S::CheckoutCom], CHECKOUT_ACCESS),
    row("*.access.checkout.com", &[S::CheckoutCom], CHECKOUT_ACCESS),
];

/// Surfaces that no name of the world belongs to, and why.
pub const WITHOUT: &[(SurfaceName, &str)] = &[
    (S::Payments, "standin's own API"),
    (S::Hyperswitch, "its URLs are configured by whoever runs it"),
];

/// The row of a name.
pub fn find(host: &str) -> Option<&'static RealHost> {
    HOSTS.iter().find(|row| fits(row.name, host))
}

/// Whether a name is a vault's own, where requests come in from outside; then the vault.
pub(super) fn vault_of(host: &str) -> Option<&str> {
    let (vault, zone) = host.split_once('.')?;
    let zones = ["sandbox.verygoodproxy.com", "live.verygoodproxy.com"];
    (!vault.is_empty() && zones.contains(&zone)).then_some(vault)
}

/// Whether a name, in small letters, is one of those that a pattern stands for.
pub(super) fn fits(pattern: &str, host: &str) -> bool {
    let Some((before, behind)) = pattern.split_once('*') else {
        return pattern == host;
    };
    let middle = host.strip_prefix(before);
    let middle = middle.and_then(|rest| rest.strip_suffix(behind));
    middle.is_some_and(|middle| !middle.is_empty() && !middle.contains('.'))
}

impl RealHost {
    /// The path as the surface knows it.
    pub(super) fn path<'a>(&self, path: &'a str) -> &'a str {
        match path.strip_prefix(self.base) {
            Some(rest) if rest.starts_with('/') => rest,
            Some(_) | None => path,
        }
    }

    /// Who answers a path there.
    pub(super) fn surface(&self, path: &str, headers: &HeaderMap) -> &'static Surface {
        let claimed = addressed_among(self.surfaces, path, headers);
        claimed.unwrap_or_else(|| surface(self.surfaces.first().copied().unwrap_or(S::Cmp)))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_surface_has_a_name_in_the_world_or_a_reason_why_not() {
        for name in SurfaceName::ALL.iter().copied() {
            let named = HOSTS.iter().any(|row| row.surfaces.contains(&name));
            let without = WITHOUT.iter().any(|(other, _)| *other == name);
            assert_ne!(named, without, "{}", name.word());
        }
    }

    #[test]
    fn every_row_is_found_by_its_own_name_and_has_a_source() {
        let mut names = HashSet::new();
        for row in HOSTS {
            let host = row.name.replace('*', "prefix-1");
            let found = find(&host).unwrap();
            assert_eq!(found.name, row.name, "{host}");
            assert!(!row.source.is_empty() && !row.surfaces.is_empty());
            assert!(names.insert(row.name), "{} twice", row.name);
            assert_eq!(row.name, row.name.to_lowercase());
        }
    }

    /// checkout-sdk-node 5.2.1, api/agentic-commerce: the path stands behind the same host as that of a payment.
    #[test]
    fn payments_are_handed_over_where_the_service_takes_them() {
        let path = "/agentic_commerce/delegate_payment";
        for host in [
            "api.sandbox.checkout.com",
            "abc.api.checkout.com",
            "pal-test.adyen.com",
        ] {
            let found = find(host).unwrap().surface(path, &HeaderMap::new());
            assert_eq!(found.name, S::Acp, "{host}");
        }
        let payments = find("api.checkout.com").unwrap();
        let found = payments.surface("/payments/pay_1", &HeaderMap::new());
        assert_eq!(found.name, S::CheckoutCom);
    }

    #[test]
    fn names_that_only_look_like_one_are_nobodys() {
        for host in [
            "stripe.com",
            "api.stripe.com.evil.example",
            "xapi.stripe.com",
            "files.stripe.com",
            ".api.checkout.com",
            "a.b.api.checkout.com",
            "-checkout-live.adyenpayments.com",
            "a.x-checkout-live.adyenpayments.com",
            "vgsapi.com.",
            "",
        ] {
            assert!(find(host).is_none(), "{host}");
        }
    }

    #[test]
    fn a_path_finds_its_surface_with_and_without_the_hosts_base() {
        let none = HeaderMap::new();
        for (host, path, want, surface) in [
            (
                "checkout-test.adyen.com",
                "/v72/payments",
                "/v72/payments",
                S::Adyen,
            ),
            (
                "a-b-checkout-live.adyenpayments.com",
                "/checkout/v72/payments",
                "/v72/payments",
                S::Adyen,
            ),
            (
                "checkout-test.adyen.com",
                "/checkouts",
                "/checkouts",
                S::Adyen,
            ),
            ("api.mastercard.com", "/mdes/x", "/mdes/x", S::Mastercard),
            (
                "api.mastercard.com",
                "/src/api",
                "/src/api",
                S::MastercardCheckout,
            ),
            ("api.mastercard.com", "/other", "/other", S::Mastercard),
            (
                "api.stripe.com",
                "/_standin/reset",
                "/_standin/reset",
                S::Stripe,
            ),
            ("api.checkout.com", "/payments", "/payments", S::CheckoutCom),
        ] {
            let row = find(host).unwrap();
            assert_eq!(row.path(path), want, "{host}");
            assert_eq!(row.surface(want, &none).name, surface, "{host}{path}");
        }
    }

    #[test]
    fn a_vault_is_named_by_its_own_name() {
        assert_eq!(vault_of("tnt1.sandbox.verygoodproxy.com"), Some("tnt1"));
        assert_eq!(vault_of("tnt1.live.verygoodproxy.com"), Some("tnt1"));
        assert_eq!(vault_of(".live.verygoodproxy.com"), None);
        assert_eq!(vault_of("a.b.live.verygoodproxy.com"), None);
    }
}
