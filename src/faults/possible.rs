//! Whether a rule can ever fire. One that cannot is refused when it is armed: whoever arms it waits for something that never
//! happens.

use super::facts::{Facts, Field, Stage};
use super::fault::Fault;
use super::read::RuleError;
use super::rule::Rule;

impl Rule {
    /// A webhook is sent by standin and a request is not, so neither has all the facts of the other.
    pub(super) fn check_webhooks(&self) -> Result<(), RuleError> {
        let wrong = |field: Field, problem: &str| {
            Err(RuleError::at(format!("match.{}", field.word()), problem))
        };
        let parts = match &self.fault {
            Fault::Plain(plain) => vec![plain],
            Fault::Sequence(sequence) => sequence.parts(),
        };
        let of_webhooks = parts
            .iter()
            .filter(|part| part.stage() == Stage::Webhook)
            .count();
        if of_webhooks != 0 && of_webhooks != parts.len() {
            return Err(RuleError::at(
                "fault",
                "must be for webhooks or for requests, not for both",
            ));
        }
        if of_webhooks == 0 {
            return match self
                .pattern
                .fields()
                .find(|field| field.stage() == Stage::Webhook)
            {
                Some(field) => wrong(
                    field,
                    "is known of webhooks only; this fault is for requests",
                ),
                None => Ok(()),
            };
        }
        match self
            .pattern
            .fields()
            .find(|field| !field.known_of_webhooks())
        {
            Some(field) => wrong(
                field,
                "is known of requests only; this fault is for webhooks",
            ),
            None => Ok(()),
        }
    }

    /// A rule for operations to which its fault never happens would never fire.
    pub(super) fn check_operation(&self) -> Result<(), RuleError> {
        let Some(possible) = self.fault.operations() else {
            return Ok(());
        };
        let mut asked = self.pattern.asked().iter();
        let Some(asked) = asked.find(|asked| asked.field == Field::Operation) else {
            return Ok(());
        };
        let fits = |word: &&str| asked.found(&Facts::new().with(Field::Operation, word));
        if possible.iter().any(fits) {
            return Ok(());
        }
        let problem = format!(
            "is none that {} can happen to, so the rule could never fire; it happens to {}",
            self.fault.word(),
            possible.join(", ")
        );
        Err(RuleError::at("match.operation", problem))
    }
}
