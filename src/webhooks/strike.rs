//! What fault rules do to letters on their way. They are asked once for each try, before anything of it is signed; a try that
//! they put off is not asked about again when its time has come.

use std::time::Duration;

use super::sign;
use crate::domain::moment::Moment;
use crate::domain::webhook::{Endpoint, Handling, Letter, Signature};
use crate::faults::facts::{Facts, Field, Stage};
use crate::faults::plan::Plan;
use crate::faults::webhook::{BadSignature, Webhook};
use crate::journal::Faults;
use crate::operations::{Desk, inquiry};

/// What comes of the rules for one try.
#[derive(Debug, Default)]
pub(super) struct Struck {
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
pub(super) async fn ask(desk: &Desk, endpoint: &Endpoint, letter: &Letter, at: Moment) -> Struck {
    if !desk.faults.any() {
        return Struck::default();
    }
    let facts = facts(desk, letter).await;
    let choice = desk.faults.choose(Stage::Webhook, &facts, at, &desk.seed);
    let nearest = choice.nearest.as_ref();
    let nearest = nearest.map(|miss| format!("{}: {}", miss.rule, miss.why));
    let mut struck = Struck::of(&Plan::of(choice.fired), endpoint);
    if let Some(nearest) = nearest {
        struck.faults.get_or_insert_default().nearest = Some(nearest);
    }
    struck
}

async fn facts(desk: &Desk, letter: &Letter) -> Facts {
    let notice = &letter.notice;
    let mut facts = Facts::new()
        .with(Field::Space, desk.name.text())
        .with(Field::Event, notice.event.word())
        .with(Field::Endpoint, letter.key.endpoint.text())
        .with(Field::Network, notice.network.word());
    if let Some(account) = desk.world.accounts.get(notice.owner) {
        facts.add(Field::Client, account.client_id.as_str());
        facts.add(Field::Requestor, account.token_requestor_id.as_str());
        facts.add(Field::Merchant, account.merchant.as_str());
    }
    let card = desk.store.get(&notice.card).await;
    inquiry::card_of(&mut facts, &notice.card, card.as_ref());
    if let Some(reference) = &notice.token {
        match desk.store.get(reference).await {
            Some(token) => inquiry::token(&mut facts, &token.record),
            None => facts.add(Field::Token, reference.base58()),
        }
    }
    facts
}

impl Struck {
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

    fn of(plan: &Plan, endpoint: &Endpoint) -> Self {
        if plan.is_empty() {
            return Self::default();
        }
        let mut struck = Self::default();
        let mut overruled = Vec::new();
        let drops = plan
            .webhook
            .iter()
            .any(|(_, fault)| *fault == Webhook::WebhookDrop);
        for (rule, fault) in &plan.webhook {
            // Of what is never sent nothing else can be wrong.
            let moot = drops && (*fault != Webhook::WebhookDrop || struck.instead.is_some());
            if moot || !struck.take(fault, endpoint) {
                overruled.push(rule.to_string());
            } else if !puts_off(fault) {
                struck.handling.rules.push(rule.to_string());
            }
        }
        struck.faults = Some(Box::new(Faults {
            fired: plan.rules.iter().map(ToString::to_string).collect(),
            overruled,
            nearest: None,
        }));
        struck
    }

    /// Takes one fault in. False when an earlier one has its way, or when the manner of the endpoint has nothing to spoil.
    fn take(&mut self, fault: &Webhook, endpoint: &Endpoint) -> bool {
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
                if handling.signature != Signature::Genuine || !sign::signs(endpoint.profile) {
                    return false;
                }
                handling.signature = match how {
                    BadSignature::OtherSecret => Signature::OtherSecret,
                    BadSignature::OtherBody => Signature::OtherBody,
                    BadSignature::Missing => Signature::Missing,
                };
            }
            (Webhook::WebhookStaleTimestamp { ms }, _) => {
                if !sign::stamps(endpoint.profile) {
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
