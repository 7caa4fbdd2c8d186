//! The list of impersonated APIs. Whatever speaks of surfaces reads it: fault rules, the journal, the router.

use super::vocabulary::words;

words! {
    /// An impersonated API.
    pub enum SurfaceName {
        OAuth = "oauth",
        Cmp = "cmp",
        Calm = "calm",
        Vault = "vault",
        Payments = "payments",
        Stripe = "stripe",
        Adyen = "adyen",
        CheckoutCom = "checkout_com",
        Visa = "visa",
        Mastercard = "mastercard",
        MastercardCheckout = "mastercard_checkout",
        Acp = "acp",
        Hyperswitch = "hyperswitch",
    }
}
