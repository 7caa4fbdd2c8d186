//! What came to the endpoint that the probe has registered, and what of it is not as the file says.

use super::super::binding::template::shown;
use super::super::binding::{Control, Operation, Source};
use super::super::listener::Message;
use super::super::steps::lifecycle::told_of;
use super::super::target;
use super::super::target::webhooks::Kind;
use super::super::told::{Reading, Tale};
use super::super::world::Who;
use super::report::{Came, Webhooks};
use super::session::Session;
use crate::report::Masked;

impl Session {
    /// What has arrived, when all has of which the file says that it is told, and after `webhooks.wait` in any case.
    pub(super) async fn arrived(&mut self) -> Webhooks {
        let (Some(listener), Some(declared)) = (&self.listener, &self.target.webhooks) else {
            return Webhooks::default();
        };
        let secrets = &self.world.talk.secrets;
        let card = self.world.card(Who::One).ok();
        let secret = card.and_then(|card| card.variables.get("secret"));
        let reading = match Reading::new(declared, secret.map(shown)) {
            Ok(reading) => reading,
            Err(why) => {
                return Webhooks {
                    came: Vec::new(),
                    problems: vec![secrets.text(&why)],
                };
            }
        };
        let mut due = self.due();
        due.retain(|kind| declared.types.contains_key(kind));
        let lacking = |messages: &[Message]| {
            let tales = messages.iter().flat_map(|message| reading.read(message));
            let told: Vec<Kind> = tales.flat_map(|tale| tale.kinds).collect();
            let due = due.iter().filter(|kind| !told.contains(kind));
            due.copied().collect::<Vec<Kind>>()
        };
        let enough = |messages: &[Message]| !messages.is_empty() && lacking(messages).is_empty();
        let messages = listener.messages(declared.wait.0, enough).await;
        let mut problems = Vec::new();
        for kind in lacking(&messages) {
            let (word, wait) = (kind.word(), declared.wait.0);
            problems.push(format!("no webhook of types.{word} came within {wait:?}"));
        }
        let each = messages
            .iter()
            .map(|message| (message, reading.read(message)));
        let each: Vec<(&Message, Vec<Tale>)> = each.collect();
        let mut tokens = each
            .iter()
            .flat_map(|(_, tales)| tales)
            .filter_map(|tale| tale.token.as_ref());
        if let Some(first) = tokens.clone().next()
            && !tokens.any(|token| self.world.ledger.knows(token))
        {
            let variable = &declared.token_is;
            problems.push(format!("webhooks.token told {first:?}, which is the {{{variable}}} of no token that was made: see webhooks.token_is"));
        }
        let came = each.iter().flat_map(|(message, tales)| {
            let signed = reading.signature.as_ref().map(|_| reading.signed(message));
            let signed = signed.map(|signed| signed.map_err(|broken| broken.to_string()));
            let read = tales.iter().map(move |tale| (tale, signed.clone()));
            read.map(|(tale, signed)| self.came(declared, tale, signed))
        });
        Webhooks {
            came: came.collect(),
            problems: problems.iter().map(|why| secrets.text(why)).collect(),
        }
    }

    /// What must be told of, as far as the file declares a word for it.
    fn due(&self) -> Vec<Kind> {
        let accepted = |operation: Operation| {
            let mut entries = self.entries.iter();
            entries.any(|entry| entry.operation == operation.word() && entry.accepted == Some(true))
        };
        if !accepted(Operation::Control(Control::Listen)) {
            return Vec::new();
        }
        let events = [Control::Suspend, Control::Resume, Control::Delete];
        let events = events
            .into_iter()
            .filter(|one| accepted(Operation::Control(*one)));
        let events = events.filter_map(told_of);
        let enrolled = accepted(Operation::Enrol).then_some(Kind::Provisioned);
        enrolled.into_iter().chain(events).collect()
    }

    fn came(
        &self,
        declared: &target::Webhooks,
        tale: &Tale,
        signed: Option<Result<(), String>>,
    ) -> Came {
        let secrets = &self.world.talk.secrets;
        let mut problems: Vec<String> = Vec::new();
        // One of no declared type may be about something else than tokens.
        if tale.kind.is_some() && tale.token.is_none() {
            problems.push(nothing("token", &declared.token));
        }
        if !declared.id.is_empty() && tale.id.is_none() {
            problems.push(nothing("id", &declared.id));
        }
        let is_signed = signed.as_ref().map(Result::is_ok);
        if let Some(Err(why)) = signed {
            problems.push(format!("webhooks.signature: {why}"));
        }
        let masked =
            |text: &Option<String>| -> Option<Masked> { Some(secrets.text(text.as_ref()?)) };
        Came {
            said: secrets.text(&tale.word),
            read_as: tale.kind.map(Kind::word),
            token: masked(&tale.token),
            id: masked(&tale.id),
            signed: is_signed,
            problems: problems.iter().map(|why| secrets.text(why)).collect(),
        }
    }
}

fn nothing(member: &str, places: &[Source]) -> String {
    let places: Vec<&str> = places.iter().map(Source::written).collect();
    let places = places.join(", ");
    format!("webhooks.{member} came to nothing: looked for at {places}")
}
