//! The impersonated surfaces. Each speaks one API in its own words: it authenticates, parses, asks `operations`, and words
//! the answer. Surfaces share what is below them and the mechanisms of this folder, and know nothing of each other.

pub mod acp;
pub mod address;
pub mod adyen;
pub mod body;
pub mod calm;
pub mod checkout_com;
pub mod cmp;
mod context;
mod failure;
mod fingerprint;
pub mod hyperswitch;
mod idempotency;
pub mod mastercard;
pub mod mastercard_checkout;
pub mod oauth;
pub mod payments;
mod psp;
pub mod request;
pub mod stripe;
pub mod vault;
pub mod visa;

pub use context::{Refused, RequestContext, Told};
pub use request::Received;

/// One impersonated API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Surface {
    OAuth,
    Cmp,
    Calm,
    Vault,
    Payments,
    Stripe,
    Adyen,
    CheckoutCom,
    Visa,
    Mastercard,
    MastercardCheckout,
    Acp,
    Hyperswitch,
}

impl Surface {
    pub const ALL: [Self; 13] = [
        Self::OAuth,
        Self::Cmp,
        Self::Calm,
        Self::Vault,
        Self::Payments,
        Self::Stripe,
        Self::Adyen,
        Self::CheckoutCom,
        Self::Visa,
        Self::Mastercard,
        Self::MastercardCheckout,
        Self::Acp,
        Self::Hyperswitch,
    ];

    /// The word for it in journals, rules and the control plane.
    pub const fn word(self) -> &'static str {
        match self {
            Self::OAuth => "oauth",
            Self::Cmp => "cmp",
            Self::Calm => "calm",
            Self::Vault => "vault",
            Self::Payments => "payments",
            Self::Stripe => "stripe",
            Self::Adyen => "adyen",
            Self::CheckoutCom => "checkout_com",
            Self::Visa => "visa",
            Self::Mastercard => "mastercard",
            Self::MastercardCheckout => "mastercard_checkout",
            Self::Acp => "acp",
            Self::Hyperswitch => "hyperswitch",
        }
    }

    /// Its routes. Each handler expects the space of the request's space as an extension.
    pub fn router(self) -> axum::Router {
        match self {
            Self::OAuth => oauth::routes::router(),
            Self::Cmp => cmp::routes::router(),
            Self::Calm => calm::routes::router(),
            Self::Vault => vault::routes::router(),
            Self::Payments => payments::routes::router(),
            Self::Stripe => stripe::routes::router(),
            Self::Adyen => adyen::routes::router(),
            Self::CheckoutCom => checkout_com::routes::router(),
            Self::Visa => visa::routes::router(),
            Self::Mastercard => mastercard::routes::router(),
            Self::MastercardCheckout => mastercard_checkout::routes::router(),
            Self::Acp => acp::routes::router(),
            Self::Hyperswitch => hyperswitch::routes::router(),
        }
    }

    /// What it says when something around it fails, under whichever status.
    pub fn failure(self, status: http::StatusCode) -> axum::response::Response {
        failure::response(self, status)
    }

    /// What it says of a body that is larger than it may be.
    pub fn too_large(self) -> axum::response::Response {
        match self {
            Self::OAuth => oauth::errors::too_large(),
            Self::Cmp => cmp::errors::too_large(),
            Self::Calm => calm::errors::too_large(),
            Self::Vault => vault::errors::too_large(),
            Self::Payments => payments::errors::too_large(),
            Self::Stripe => stripe::errors::too_large(),
            Self::Adyen => adyen::errors::too_large(),
            Self::CheckoutCom => checkout_com::errors::too_large(),
            Self::Visa => visa::errors::too_large(),
            Self::Mastercard => mastercard::errors::too_large(),
            Self::MastercardCheckout => mastercard_checkout::errors::too_large(),
            Self::Acp => acp::errors::too_large(),
            Self::Hyperswitch => hyperswitch::errors::too_large(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_surface_stands_where_its_number_says() {
        for (place, surface) in Surface::ALL.into_iter().enumerate() {
            assert_eq!(surface as usize, place, "{}", surface.word());
        }
    }
}
