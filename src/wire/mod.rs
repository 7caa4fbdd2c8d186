//! The impersonated surfaces. Each speaks one API in its own words: it authenticates, reads, asks `operations`, and words
//! the answer. What is the same for all of them is in `edge`; they know nothing of each other. What
//! stands in front of two of them is beside them.
//!
//! This is the list of them. A surface is a folder that exports one value, `SURFACE`.

pub mod acp;
pub mod adyen;
pub mod calm;
pub mod checkout_com;
pub mod cmp;
pub mod edge;
pub mod hyperswitch;
pub mod mastercard;
pub mod mastercard_checkout;
mod mastercard_gateway;
pub mod oauth;
pub mod payments;
pub mod stripe;
pub mod vault;
pub mod visa;

use std::sync::LazyLock;

use http::HeaderMap;

use crate::domain::surface::SurfaceName;
use crate::domain::webhook::Profile;
use edge::webhook::WebhookProfile;
use edge::{Claim, Surface};

/// The value of a surface.
pub fn surface(name: SurfaceName) -> &'static Surface {
    match name {
        SurfaceName::OAuth => &oauth::SURFACE,
        SurfaceName::Cmp => &cmp::SURFACE,
        SurfaceName::Calm => &calm::SURFACE,
        SurfaceName::Vault => &vault::SURFACE,
        SurfaceName::Payments => &payments::SURFACE,
        SurfaceName::Stripe => &stripe::SURFACE,
        SurfaceName::Adyen => &adyen::SURFACE,
        SurfaceName::CheckoutCom => &checkout_com::SURFACE,
        SurfaceName::Visa => &visa::SURFACE,
        SurfaceName::Mastercard => &mastercard::SURFACE,
        SurfaceName::MastercardCheckout => &mastercard_checkout::SURFACE,
        SurfaceName::Acp => &acp::SURFACE,
        SurfaceName::Hyperswitch => &hyperswitch::SURFACE,
    }
}

/// Every surface.
pub fn surfaces() -> impl Iterator<Item = &'static Surface> {
    SurfaceName::ALL.iter().copied().map(surface)
}

/// How receivers of a profile are told.
pub fn webhook_profile(profile: Profile) -> Option<&'static WebhookProfile> {
    WebhookProfile::find(surfaces(), profile)
}

/// The surface that a request is addressed to, by its path and, where two share one, by the kind of credential. Whether the
/// credential is any good is for the surface to say. `path` has no space prefix.
pub fn addressed(path: &str, headers: &HeaderMap) -> Option<&'static Surface> {
    let all = |_| true;
    claimed(path, headers, all)
}

/// The same, where it can only be one of these.
pub fn addressed_among(
    names: &[SurfaceName],
    path: &str,
    headers: &HeaderMap,
) -> Option<&'static Surface> {
    claimed(path, headers, |name| names.contains(&name))
}

/// What a surface claims.
type Claimed = (&'static Surface, &'static Claim);

/// Every claim, by the byte with which the first part of a path begins, so that a request is held against a few.
static CLAIMS: LazyLock<Vec<Vec<Claimed>>> = LazyLock::new(|| {
    let of = |surface: &'static Surface| surface.claims.iter().map(move |claim| (surface, claim));
    let begins = |byte| {
        surfaces()
            .flat_map(of)
            .filter(move |(_, claim)| claim.begins(byte))
    };
    (0..=u8::MAX).map(|byte| begins(byte).collect()).collect()
});

fn claimed(
    path: &str,
    headers: &HeaderMap,
    among: impl Fn(SurfaceName) -> bool,
) -> Option<&'static Surface> {
    let path = path.trim_start_matches('/');
    let first = path.split('/').next().unwrap_or_default();
    let claims = CLAIMS.get(usize::from(*first.as_bytes().first()?))?;
    let mut by_path = None;
    for (surface, claim) in claims {
        if !claim.is_of(first) || !among(surface.name) {
            continue;
        }
        match claim.credential {
            // Whose credential it is says more than where it leads.
            Some(own) if own(headers) => return Some(surface),
            Some(_) => {}
            None => by_path = by_path.or(Some(*surface)),
        }
    }
    by_path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_surface_is_listed_under_its_name() {
        for name in SurfaceName::ALL.iter().copied() {
            assert_eq!(surface(name).name, name);
        }
    }

    #[test]
    fn every_route_is_found_by_its_method_and_path() {
        for surface in surfaces() {
            let table = edge::RouteTable::new(surface.routes);
            for route in surface.routes {
                let part = |part: &'static str| if part.starts_with('{') { "0" } else { part };
                let path: Vec<_> = route.path.split('/').map(part).collect();
                let found = table.find(route.method, &path.join("/"));
                let edge::Found::Route(found, _) = found else {
                    panic!("{} {} is not found", route.method, route.path);
                };
                assert!(
                    std::ptr::eq(found, route),
                    "{} {} leads to that of {}",
                    route.method,
                    route.path,
                    found.path
                );
            }
        }
    }

    #[test]
    fn every_webhook_profile_is_the_row_of_one_surface() {
        for profile in Profile::ALL {
            let rows = surfaces().flat_map(|surface| surface.webhooks);
            let rows = rows.filter(|row| row.profile == profile).count();
            assert_eq!(rows, 1, "{}", profile.word());
        }
    }

    #[test]
    fn every_route_is_claimed_by_its_surface_alone() {
        for surface in surfaces() {
            for route in surface.routes {
                let first = route.path.split('/').nth(1).unwrap();
                let first = if first.starts_with('{') { "v72" } else { first };
                let mut own = surface.claims.iter();
                assert!(
                    own.any(|claim| claim.is_of(first)),
                    "{:?} does not claim {}",
                    surface.name,
                    route.path
                );
                let shared = |claim: &edge::Claim| claim.credential.is_none();
                let owners = surfaces().filter(|other| {
                    let mut claims = other.claims.iter();
                    claims.any(|claim| shared(claim) && claim.is_of(first))
                });
                let owners: Vec<_> = owners.map(|owner| owner.name).collect();
                assert_eq!(owners.len(), 1, "{}: {owners:?}", route.path);
            }
        }
    }
}
