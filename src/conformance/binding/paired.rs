//! A binding that mints tokens together with a payment service at which they are spent: the two halves of a payment. What
//! is asked of the psp goes to the service under its own account, everything else to the minting side.

use std::collections::BTreeSet;

use super::super::broken::Held;
use super::super::conversation::Conversation;
use super::template::Variables;
use super::{Binding, Declared, Observed, Operation, check};

/// The payment services in the binary.
const PSPS: [&str; 4] = [
    include_str!("psps/payments.toml"),
    include_str!("psps/stripe.toml"),
    include_str!("psps/adyen.toml"),
    include_str!("psps/checkout_com.toml"),
];
/// What a payment service must be told of a token.
const NEEDED: [&str; 3] = ["cryptogram-long", "token-number", "token-expiry"];

/// See the module.
#[derive(Debug)]
pub(crate) struct Paired {
    /// Both names with a plus between them.
    pub(super) name: String,
    pub(super) gateway: Box<Binding>,
    pub(super) psp: Declared,
}

/// Each binding that tells enough of its tokens, with each service where the target has an account.
pub(super) fn all(
    own: Option<&Declared>,
    has_account: impl Fn(&str) -> bool,
) -> Result<Vec<Binding>, String> {
    let mut pairs = Vec::new();
    for psp in psps()? {
        if !has_account(&psp.account) {
            continue;
        }
        let mut gateways = Binding::built_in()?;
        gateways.extend(own.cloned().map(Binding::Declared));
        for gateway in gateways {
            let told = gateway.capabilities();
            if NEEDED.iter().all(|needed| told.contains(*needed)) {
                pairs.push(Binding::Paired(Paired {
                    name: format!("{}+{}", gateway.name(), psp.name),
                    gateway: Box::new(gateway),
                    psp: psp.clone(),
                }));
            }
        }
    }
    Ok(pairs)
}

fn psps() -> Result<Vec<Declared>, String> {
    PSPS.iter().map(|text| check::read_psp(text)).collect()
}

impl Paired {
    /// The payment service.
    pub(super) const fn psp(&self) -> &Declared {
        &self.psp
    }

    pub(super) fn capabilities(&self) -> BTreeSet<String> {
        let mut both = self.gateway.capabilities();
        // Of the payment service's own, only what is about paying: it mints no tokens.
        both.extend(self.psp.capabilities());
        both
    }

    pub(super) async fn perform(
        &self,
        operation: Operation,
        variables: &Variables,
        conversation: &mut Conversation,
    ) -> Held<Observed> {
        if operation.is_psp() {
            return self.psp.perform(operation, variables, conversation).await;
        }
        self.gateway
            .perform(operation, variables, conversation)
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_services_take_every_way_of_paying() {
        let psps = psps().unwrap();
        let names: Vec<&str> = psps.iter().map(|psp| psp.name.as_str()).collect();
        assert_eq!(names, ["payments", "stripe", "adyen", "checkout_com"]);
        for psp in &psps {
            let offered: BTreeSet<String> = psp.operations().collect();
            for way in [
                "pay-long",
                "pay-short",
                "pay-stored",
                "pay-elsewhere",
                "pay-later",
            ] {
                assert!(offered.contains(way), "{} {way}", psp.name);
            }
        }
    }

    #[test]
    fn what_tells_no_token_number_is_no_half_of_a_payment() {
        let pairs = all(None, |_| true).unwrap();
        assert!(pairs.iter().any(|pair| pair.name() == "cmp+adyen"));
        assert!(pairs.iter().all(|pair| !pair.name().starts_with("calm")));
    }
}
