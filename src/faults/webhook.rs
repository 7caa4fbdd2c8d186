//! What goes wrong with a webhook on its way: it is the sender's side of every bug in a receiver.

use serde::Serialize;

use super::fault::{Fault, Kind, Parameter, Plain, Takes};
use super::read::Wait;
use crate::domain::vocabulary::{all_words, words};

/// A fault of one webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Webhook {
    /// Never sent, and not tried again.
    WebhookDrop,
    /// Sent later, by the space's clock.
    WebhookDelay {
        ms: Wait,
    },
    /// Sent `copies` times more, with the same identifier.
    WebhookDuplicate {
        copies: u32,
    },
    /// Held back until `past` later ones have been sent.
    WebhookReorder {
        past: u32,
    },
    WebhookBadSignature {
        how: BadSignature,
    },
    /// Its signed timestamp lies `ms` in the past.
    WebhookStaleTimestamp {
        ms: Wait,
    },
}

words! {
    /// How a signature is bad.
    pub enum BadSignature {
        /// Made with another secret.
        OtherSecret = "other_secret",
        /// Made over another body.
        OtherBody = "other_body",
        /// Not there.
        Missing = "missing",
    }
}

const COPIES_MAX: u32 = 100;

pub(super) const KINDS: &[Kind] = &[
    Kind {
        word: "webhook_drop",
        about: "the webhook is never sent",
        parameters: &[],
        example: "webhook_drop",
        read: |_| Ok(plain(Webhook::WebhookDrop)),
    },
    Kind {
        word: "webhook_delay",
        about: "the webhook comes later, by the space's clock",
        parameters: &[Parameter::required(
            "ms",
            Takes::Wait,
            "how much later, up to 31 days",
        )],
        example: "webhook_delay 30s",
        read: |fields| {
            Ok(plain(Webhook::WebhookDelay {
                ms: fields.need("ms")?,
            }))
        },
    },
    Kind {
        word: "webhook_duplicate",
        about: "the webhook comes more than once",
        parameters: &[Parameter::optional(
            "copies",
            Takes::Number,
            "how many more, up to 100",
            "1",
        )],
        example: "webhook_duplicate 2",
        read: |fields| match fields.or("copies", 1)? {
            copies @ 1..=COPIES_MAX => Ok(plain(Webhook::WebhookDuplicate { copies })),
            _ => Err(fields.problem("copies", "must be from 1 to 100")),
        },
    },
    Kind {
        word: "webhook_reorder",
        about: "the webhook is held back until later ones have been sent",
        parameters: &[Parameter::optional(
            "past",
            Takes::Number,
            "how many later ones, up to 100",
            "1",
        )],
        example: "webhook_reorder 1",
        read: |fields| match fields.or("past", 1)? {
            past @ 1..=COPIES_MAX => Ok(plain(Webhook::WebhookReorder { past })),
            _ => Err(fields.problem("past", "must be from 1 to 100")),
        },
    },
    Kind {
        word: "webhook_bad_signature",
        about: "the webhook's signature does not verify",
        parameters: &[Parameter::optional(
            "how",
            Takes::Word(all_words::<BadSignature>),
            "other_secret, other_body or missing",
            "other_secret",
        )],
        example: "webhook_bad_signature missing",
        read: |fields| {
            Ok(plain(Webhook::WebhookBadSignature {
                how: fields.or("how", BadSignature::OtherSecret)?,
            }))
        },
    },
    Kind {
        word: "webhook_stale_timestamp",
        about: "the webhook is signed as if it had been sent long ago",
        parameters: &[Parameter::optional(
            "ms",
            Takes::Wait,
            "how long ago",
            "1 hour",
        )],
        example: "webhook_stale_timestamp 10s",
        read: |fields| {
            let ms = fields.or("ms", Wait::millis(3_600_000))?;
            Ok(plain(Webhook::WebhookStaleTimestamp { ms }))
        },
    },
];

const fn plain(webhook: Webhook) -> Fault {
    Fault::Plain(Plain::Webhook(webhook))
}
