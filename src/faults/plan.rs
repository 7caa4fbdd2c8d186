//! What comes of several faults that fire for one request. Waits add up and changes to a body are all made; of what there
//! can be only one of, the rule that was armed first has its way, and the journal says which ones it overruled.

use std::sync::Arc;
use std::time::Duration;

use super::answer::Answer;
use super::choose::Fired;
use super::commit::{Commit, Seen};
use super::cryptogram::Cryptogram;
use super::fault::Effect;
use super::outcome::Outcome;
use super::time::Place;
use super::transport::Transport;
use super::webhook::Webhook;

/// Everything that is to be done to one request or webhook.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Plan {
    /// How long the answer waits.
    pub wait: Duration,
    pub outcome: Option<Outcome>,
    pub commit: Option<Commit>,
    pub cryptogram: Option<Cryptogram>,
    /// The error status that takes the place of an answer. Nothing is done then.
    pub status: Option<StandIn>,
    /// Changes to the answer: [`Answer::edit`], and its content type.
    pub edits: Vec<Answer>,
    pub pace: Option<Pace>,
    pub transport: Option<Transport>,
    /// What goes wrong with a webhook, and which rule wants it.
    pub webhook: Vec<(Arc<str>, Webhook)>,
    /// Every rule that fired, in the order in which they were armed.
    pub rules: Vec<Arc<str>>,
    /// Those that had nothing left to do: another had the only place, or nothing was done that they could have been about. The
    /// latter have not fired.
    pub overruled: Vec<Arc<str>>,
}

/// What is out of reach for a request, because nothing is done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Taken {
    /// An error takes the place of the answer, so nothing in it can be changed.
    status: bool,
    /// Nothing is done, so nothing can come of it.
    withheld: bool,
}

impl Taken {
    /// Whether an effect can still be had.
    pub(super) fn leaves(self, effect: &Effect) -> bool {
        match effect {
            Effect::Outcome(_) | Effect::Cryptogram(_) => !self.withheld,
            Effect::Answer(answer) => stands_in(answer) || !self.status,
            Effect::Wait(_)
            | Effect::Stall { .. }
            | Effect::Drip { .. }
            | Effect::Transport(_)
            | Effect::Commit(_)
            | Effect::Webhook(_) => true,
        }
    }

    /// Notes an effect that is had.
    pub(super) fn note(&mut self, effect: &Effect) {
        self.withheld |= withholds(effect);
        self.status |= matches!(effect, Effect::Answer(answer) if stands_in(answer));
    }
}

/// Whether nothing is done because of it. Such an effect goes before all others, whenever its rule was armed.
pub(super) fn withholds(effect: &Effect) -> bool {
    match effect {
        Effect::Commit(Commit::LostBeforeCommit { .. }) => true,
        Effect::Answer(answer) => stands_in(answer),
        Effect::Commit(Commit::LostAfterCommit { .. })
        | Effect::Outcome(_)
        | Effect::Wait(_)
        | Effect::Stall { .. }
        | Effect::Drip { .. }
        | Effect::Transport(_)
        | Effect::Cryptogram(_)
        | Effect::Webhook(_) => false,
    }
}

/// Whether it takes the place of an answer, and does not change one.
const fn stands_in(answer: &Answer) -> bool {
    matches!(answer, Answer::Status { .. })
}

/// An error status, with how long the client is told to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StandIn {
    pub status: u16,
    pub retry_after: Option<Duration>,
}

/// How the answer slows down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    Stall {
        at: Place,
        lasts: Duration,
    },
    Drip {
        at: Place,
        bytes: u32,
        every: Duration,
    },
}

impl Plan {
    pub fn of(fired: Vec<Fired>) -> Self {
        let mut plan = Self::default();
        plan.add(fired);
        plan
    }

    /// What is out of reach by now.
    pub fn taken(&self) -> Taken {
        let lost = matches!(self.commit, Some(Commit::LostBeforeCommit { .. }));
        Taken {
            status: self.status.is_some(),
            withheld: lost || self.status.is_some(),
        }
    }

    /// Whether nothing is to be done.
    /// Whether the answer does not arrive, or another one than was made.
    pub const fn loses_answer(&self) -> bool {
        self.commit.is_some() || self.transport.is_some()
    }

    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The error that takes the place of the surface's answer.
    pub fn stand_in(&self) -> Option<StandIn> {
        let lost = self.commit.filter(|commit| {
            let (Commit::LostBeforeCommit { seen } | Commit::LostAfterCommit { seen }) = commit;
            *seen == Seen::GatewayTimeout
        });
        let timeout = lost.map(|_| StandIn {
            status: 504,
            retry_after: None,
        });
        timeout.or(self.status)
    }

    /// Adds what fired at a later stage. What was there before has its way.
    pub fn add(&mut self, fired: Vec<Fired>) {
        for Fired { rule, effect } in fired {
            let taken = match effect {
                Effect::Wait(wait) => {
                    self.wait += wait;
                    true
                }
                Effect::Outcome(outcome) => first(&mut self.outcome, outcome),
                Effect::Commit(commit) => first(&mut self.commit, commit),
                Effect::Cryptogram(cryptogram) => first(&mut self.cryptogram, cryptogram),
                Effect::Transport(transport) => first(&mut self.transport, transport),
                Effect::Stall { at, lasts } => first(&mut self.pace, Pace::Stall { at, lasts }),
                Effect::Drip { at, bytes, every } => {
                    first(&mut self.pace, Pace::Drip { at, bytes, every })
                }
                Effect::Answer(Answer::Status {
                    status,
                    retry_after,
                }) => {
                    let retry_after = retry_after.map(|wait| wait.0);
                    first(
                        &mut self.status,
                        StandIn {
                            status,
                            retry_after,
                        },
                    )
                }
                Effect::Answer(
                    edit @ (Answer::WrongContentType { .. }
                    | Answer::MissingField { .. }
                    | Answer::ExtraField { .. }
                    | Answer::WrongValue { .. }),
                ) => {
                    self.edits.push(edit);
                    true
                }
                Effect::Webhook(webhook) => {
                    self.webhook.push((Arc::clone(&rule), webhook));
                    true
                }
            };
            if !taken {
                self.overruled.push(Arc::clone(&rule));
            }
            self.rules.push(rule);
        }
    }
}

fn first<T>(slot: &mut Option<T>, value: T) -> bool {
    if slot.is_some() {
        return false;
    }
    *slot = Some(value);
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::rejection::Rejection;
    use crate::faults::read::Wait;

    #[test]
    fn waits_add_up_and_the_first_outcome_has_its_way() {
        let fired = |rule: &str, effect| Fired {
            rule: rule.into(),
            effect,
        };
        let refuse = |reason| Effect::Outcome(Outcome::Refuse { reason });
        let status = |status, retry_after| {
            Effect::Answer(Answer::Status {
                status,
                retry_after,
            })
        };
        let missing = || {
            Effect::Answer(Answer::MissingField {
                field: "/id".to_owned(),
            })
        };
        let mut plan = Plan::of(vec![
            fired("a", Effect::Wait(Duration::from_millis(100))),
            fired("b", refuse(Rejection::Declined)),
            fired("c", Effect::Wait(Duration::from_millis(50))),
            fired("d", status(503, Some(Wait::millis(1_500)))),
            fired("e", missing()),
        ]);
        plan.add(vec![
            fired("f", refuse(Rejection::SystemError)),
            fired("g", status(500, None)),
            fired("h", missing()),
        ]);
        assert_eq!(plan.wait, Duration::from_millis(150));
        assert_eq!(
            plan.outcome,
            Some(Outcome::Refuse {
                reason: Rejection::Declined
            })
        );
        let want = StandIn {
            status: 503,
            retry_after: Some(Duration::from_millis(1_500)),
        };
        assert_eq!(plan.status, Some(want));
        assert_eq!(plan.edits.len(), 2);
        assert_eq!(plan.rules.len(), 8);
        let overruled: [Arc<str>; 2] = ["f".into(), "g".into()];
        assert_eq!(plan.overruled, overruled);
        assert!(Plan::default().is_empty() && !plan.is_empty());
    }
}
