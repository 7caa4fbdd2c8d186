//! What the webhooks that have arrived come to: which happenings they tell of, in which order, and how often.

use super::super::broken::{Broken, Held, demand};
use super::super::listener::Message;
use super::super::target::webhooks::Kind;
use super::super::told::{Reading, Tale};

/// Decides what each message tells whose word stands for several kinds: the first of what has happened that no other message has
/// told. One that comes again under its id tells the same again.
pub(super) fn settle(tales: &mut [Tale], happened: &[Kind]) {
    let mut left = happened.to_vec();
    let mut settled: Vec<Tale> = Vec::new();
    for tale in tales {
        let known = |other: &&Tale| tale.id.is_some() && other.id == tale.id;
        if let Some(first) = settled.iter().find(known) {
            tale.kind = first.kind;
            continue;
        }
        let place = left.iter().position(|kind| tale.kinds.contains(kind));
        if let Some(place) = place {
            tale.kind = Some(left.remove(place));
        }
        settled.push(tale.clone());
    }
}

/// Nothing is told that did not happen, nor anything twice. Without an id, one that comes again is not known from a second one.
pub(super) fn phantoms(tales: &[Tale], happened: &[Kind], tells_id: bool) -> Held {
    let mut left = happened.to_vec();
    for tale in distinct(tales) {
        let Some(kind) = tale.kind else { continue };
        demand(
            tale.id.is_some() || !tells_id,
            "an id in every webhook",
            shown(tales),
        )?;
        let Some(place) = left.iter().position(|happened| *happened == kind) else {
            let word = kind.word();
            return Err(Broken::wrong(
                format!("no webhook that the token was {word}, or no second one under another id"),
                shown(tales),
            ));
        };
        if tells_id {
            left.remove(place);
        }
    }
    Ok(())
}

/// That something was not told says nothing where nothing is told at all.
pub(super) fn require_told<T>(told: &[T]) -> Held {
    if told.is_empty() {
        let why = "no webhook has arrived, so it cannot be seen what webhooks leave out";
        return Err(Broken::Unready(why.to_owned()));
    }
    Ok(())
}

/// The kinds of those that were taken and are one of these, in the order in which each first arrived.
pub(super) fn of_these(tales: &[Tale], wanted: &[Kind]) -> Vec<Kind> {
    let taken: Vec<Tale> = tales.iter().filter(|tale| tale.taken).cloned().collect();
    let kinds = distinct(&taken).into_iter().filter_map(|tale| tale.kind);
    kinds.filter(|kind| wanted.contains(kind)).collect()
}

/// One for each id: a message may come twice.
pub(super) fn distinct(tales: &[Tale]) -> Vec<Tale> {
    let mut found: Vec<Tale> = Vec::new();
    for tale in tales {
        let known = |other: &Tale| tale.id.is_some() && other.id == tale.id;
        if !found.iter().any(known) {
            found.push(tale.clone());
        }
    }
    found
}

/// Whatever was refused has come again under its id, and as it was.
pub(super) fn repeated(tales: &[Tale]) -> Held {
    let mut refused = tales.iter().filter(|tale| !tale.taken).peekable();
    demand(
        refused.peek().is_some(),
        "a webhook that was refused",
        "none",
    )?;
    refused.try_for_each(|refused| {
        demand(refused.id.is_some(), "an id in every webhook", shown(tales))?;
        let mut taken = tales.iter().filter(|tale| tale.taken);
        let again = taken.find(|tale| tale.id == refused.id);
        let again = again.ok_or_else(|| {
            Broken::wrong("every refused webhook again under its id", shown(tales))
        })?;
        demand(again.body == refused.body, "the same body", "another")
    })
}

/// What the messages tell. One that cannot be read may be about anything, so it is not set aside.
pub(super) fn readable(reading: &Reading, messages: &[Message]) -> Held<Vec<Tale>> {
    let tales: Vec<Tale> = messages
        .iter()
        .flat_map(|message| reading.read(message))
        .collect();
    match tales.iter().find(|tale| tale.unreadable) {
        Some(tale) => {
            let length = tale.body.len();
            let actual = format!("one of {length} bytes that are no document, and without a type");
            Err(Broken::wrong("webhooks that can be read", actual))
        }
        None => Ok(tales),
    }
}

/// The kinds of what has arrived.
pub(super) fn shown(tales: &[Tale]) -> String {
    if tales.is_empty() {
        return "no webhook about the token".to_owned();
    }
    let kinds = tales.iter().map(|tale| {
        let refused = if tale.taken { "" } else { " (refused)" };
        let id = tale.id.as_deref().unwrap_or("no id");
        format!("{} as {id}{refused}", tale.word)
    });
    kinds.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tale(id: &str, kind: Kind, body: &str, taken: bool) -> Tale {
        Tale {
            kind: Some(kind),
            kinds: vec![kind],
            word: kind.word().to_owned(),
            token: Some("t".to_owned()),
            id: Some(id.to_owned()),
            state: None,
            body: body.as_bytes().to_vec().into(),
            taken,
            unreadable: false,
        }
    }

    #[test]
    fn without_an_id_nothing_is_known_to_come_again() {
        let nameless = |kind, taken| Tale {
            id: None,
            ..tale("", kind, "{}", taken)
        };
        let one = |taken| nameless(Kind::Suspended, taken);
        assert!(repeated(&[one(false), one(true)]).is_err());
        let twice = [one(true), one(true)];
        assert_eq!(phantoms(&twice, &[Kind::Suspended], false), Ok(()));
        assert!(phantoms(&twice[..1], &[Kind::Suspended], true).is_err());
        assert!(phantoms(&twice, &[Kind::Resumed], false).is_err());
    }

    #[test]
    fn one_word_for_two_kinds_tells_what_has_happened() {
        let usable = |id: &str| Tale {
            kinds: vec![Kind::Provisioned, Kind::Resumed],
            ..tale(id, Kind::Provisioned, "", true)
        };
        let off = tale("2", Kind::Suspended, "", true);
        let happened = [Kind::Provisioned, Kind::Suspended, Kind::Resumed];
        let rows: [(&[Tale], &[Kind]); 4] = [
            (&[usable("1"), off.clone(), usable("3")], &happened),
            // The first that comes is the first that happened, in whichever order they were sent.
            (
                &[off.clone(), usable("3")],
                &[Kind::Suspended, Kind::Provisioned],
            ),
            (
                &[usable("1"), usable("1"), usable("3")],
                &[Kind::Provisioned, Kind::Provisioned, Kind::Resumed],
            ),
            // One more than has happened is a phantom of the first kind.
            (
                &[usable("1"), usable("3"), usable("4")],
                &[Kind::Provisioned, Kind::Resumed, Kind::Provisioned],
            ),
        ];
        for (tales, kinds) in rows {
            let mut tales = tales.to_vec();
            settle(&mut tales, &happened);
            let told: Vec<Kind> = tales.iter().filter_map(|tale| tale.kind).collect();
            assert_eq!(told, kinds);
        }
    }

    #[test]
    fn what_was_refused_must_come_again_as_it_was() {
        let one = |id, body, taken| tale(id, Kind::Suspended, body, taken);
        let refused = || one("1", "{}", false);
        assert_eq!(repeated(&[refused(), one("1", "{}", true)]), Ok(()));
        for wrong in [
            vec![one("1", "{}", true)],
            vec![refused()],
            vec![refused(), one("2", "{}", true)],
            vec![refused(), one("1", "{ }", true)],
            vec![refused(), refused()],
        ] {
            assert!(repeated(&wrong).is_err(), "{}", shown(&wrong));
        }
    }

    #[test]
    fn only_what_was_taken_was_told_and_each_once() {
        let tales = [
            tale("1", Kind::Suspended, "", true),
            tale("2", Kind::Resumed, "", false),
            tale("3", Kind::Deleted, "", true),
            tale("1", Kind::Suspended, "", true),
            tale("2", Kind::Resumed, "", true),
        ];
        let wanted = [Kind::Suspended, Kind::Resumed];
        assert_eq!(of_these(&tales, &wanted), wanted);
    }
}
