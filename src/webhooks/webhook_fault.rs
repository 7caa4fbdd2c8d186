//! What fault rules do to messages on their way. They are asked once for each try, before anything of it is signed; a try that
//! they put off is not asked about again when its time has come.

use std::time::Duration;

use super::deviant;
use crate::domain::moment::Moment;
use crate::domain::payment::told::PaymentThen;
use crate::domain::rejection::Rejection;
use crate::domain::webhook::{Handling, Message, Signature};
use crate::faults::facts::{Facts, Field, Stage};
use crate::faults::plan::{Plan, Taken};
use crate::faults::shared::Rules;
use crate::faults::webhook::{BadSignature, Webhook};
use crate::journal::Faults;
use crate::operations::space_state::with_rules;
use crate::operations::{Space, fault_context};
use crate::wire::edge::webhook::WebhookProfile;

/// What comes of the rules for one try.
#[derive(Debug, Default)]
pub(super) struct Handled {
    /// What is done instead of a try.
    pub(super) instead: Option<Instead>,
    /// How the try is made, now or when its time has come.
    pub(super) handling: Handling,
    /// What the journal is told of now.
    pub(super) faults: Option<Box<Faults>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Instead {
    Drop,
    /// Tried after so long; its line waits for it.
    Wait(Duration),
    /// Tried when so many others have been sent to the same endpoint.
    Past(u32),
}

/// Asks the rules about a try at `at`.
///
/// # Errors
/// When what they count cannot be kept. It is asked again then.
pub(super) async fn ask(
    space: &Space,
    row: &WebhookProfile,
    message: &Message,
    at: Moment,
) -> Result<Handled, Rejection> {
    if let Some(handled) = deviant::handled(space, message) {
        return Ok(handled);
    }
    if !space.faults.any() {
        return Ok(Handled::default());
    }
    let facts = facts(space, message);
    let choose =
        |rules: &Rules| rules.choose(Taken::default(), Stage::Webhook, &facts, at, &space.seed);
    let choice = with_rules(space, choose).await?;
    let nearest = choice.nearest.as_ref();
    let nearest = nearest.map(|miss| format!("{}: {}", miss.rule, miss.why));
    let mut handled = Handled::of(&Plan::of(choice.fired), row);
    if let Some(nearest) = nearest {
        handled.faults.get_or_insert_default().nearest = Some(nearest);
    }
    Ok(handled)
}

fn facts(space: &Space, message: &Message) -> Facts {
    let notice = &message.notice;
    let mut facts = Facts::new()
        .with(Field::Space, space.name.text())
        .with(Field::Event, notice.event.word())
        .with(Field::Endpoint, message.key.endpoint.text());
    if let Some(network) = notice.network {
        facts.add(Field::Network, network.word());
    }
    if let Some(payment) = notice
        .payment_then
        .as_deref()
        .and_then(PaymentThen::payment)
    {
        fault_context::made_payment(&mut facts, payment);
    }
    let owner = notice.owner;
    if let Some(account) = owner.and_then(|owner| space.config.accounts.get(owner)) {
        facts.add(Field::Client, account.client_id.as_str());
        facts.add(Field::Requestor, account.token_requestor_id.as_str());
        facts.add(Field::Merchant, account.merchant.as_str());
    }
    match notice.card_then.as_deref() {
        Some(card) => fault_context::vaulted(&mut facts, card),
        None => {
            if let Some(card) = notice.card {
                facts.add(Field::Card, card.base58());
            }
        }
    }
    if let Some(token) = notice.token_then.as_deref() {
        fault_context::token(&mut facts, token);
    }
    facts
}

impl Handled {
    /// What was put off is made as was said then.
    pub(super) fn as_said(handling: Handling) -> Self {
        let faults = (!handling.rules.is_empty()).then(|| {
            Box::new(Faults {
                fired: handling.rules.clone(),
                overruled: Vec::new(),
                nearest: None,
            })
        });
        Self {
            instead: None,
            handling,
            faults,
        }
    }

    fn of(plan: &Plan, row: &WebhookProfile) -> Self {
        if plan.is_empty() {
            return Self::default();
        }
        let mut handled = Self::default();
        let mut overruled = Vec::new();
        let drops = plan
            .webhook
            .iter()
            .any(|(_, fault)| *fault == Webhook::WebhookDrop);
        for (rule, fault) in &plan.webhook {
            // Of what is never sent nothing else can be wrong.
            let moot = drops && (*fault != Webhook::WebhookDrop || handled.instead.is_some());
            if moot || !handled.take(fault, row) {
                overruled.push(rule.to_string());
            } else if !puts_off(fault) {
                handled.handling.rules.push(rule.to_string());
            }
        }
        handled.faults = Some(Box::new(Faults {
            fired: plan.rules.iter().map(ToString::to_string).collect(),
            overruled,
            nearest: None,
        }));
        handled
    }

    /// Takes one fault in. False when an earlier one has its way, or when the profile of the endpoint has nothing to spoil.
    fn take(&mut self, fault: &Webhook, row: &WebhookProfile) -> bool {
        let handling = &mut self.handling;
        match (fault, self.instead) {
            (Webhook::WebhookDrop, _) => self.instead = Some(Instead::Drop),
            (Webhook::WebhookDelay { ms }, None) => self.instead = Some(Instead::Wait(ms.0)),
            (Webhook::WebhookDelay { ms }, Some(Instead::Wait(wait))) => {
                self.instead = Some(Instead::Wait(wait + ms.0));
            }
            (Webhook::WebhookReorder { past }, None) => self.instead = Some(Instead::Past(*past)),
            (Webhook::WebhookDelay { .. } | Webhook::WebhookReorder { .. }, Some(_)) => {
                return false;
            }
            (Webhook::WebhookDuplicate { copies }, _) => handling.copies += copies,
            (Webhook::WebhookBadSignature { how }, _) => {
                if handling.signature != Signature::Genuine || !row.signs {
                    return false;
                }
                handling.signature = match how {
                    BadSignature::OtherSecret => Signature::OtherSecret,
                    BadSignature::OtherBody => Signature::OtherBody,
                    BadSignature::Missing => Signature::Missing,
                };
            }
            (Webhook::WebhookStaleTimestamp { ms }, _) => {
                if !row.stamps {
                    return false;
                }
                handling.age += ms.0;
            }
        }
        true
    }
}

const fn puts_off(fault: &Webhook) -> bool {
    match fault {
        Webhook::WebhookDrop | Webhook::WebhookDelay { .. } | Webhook::WebhookReorder { .. } => {
            true
        }
        Webhook::WebhookDuplicate { .. }
        | Webhook::WebhookBadSignature { .. }
        | Webhook::WebhookStaleTimestamp { .. } => false,
    }
}
