//! Each part of a request wrong in its turn: every member of its body, every name in its path, the body as a whole and the method.
//! What is needed and what may be absent is the target's to say; that it fails by itself is not, and that it takes what cannot be.

use super::super::binding::{
    Bend, Binding, Leaf, Member, Observed, Operation, Outcome, Psp, Twist,
};
use super::super::broken::{Broken, Held, demand};
use super::super::world::{Who, World};
use super::bent::{is_done, knows_no_method};
use super::paying::mint;
use super::words::Deed;
use cucumber::{then, when};

/// A request that was wrong, and what came back.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// What was wrong, in words.
    what: String,
    /// It is nothing that could be meant.
    impossible: bool,
    is_method: bool,
    /// What came back, or that nothing did.
    seen: Result<Observed, String>,
}

/// What stands in the place of a member about which nothing is known.
const ANY: [Twist; 4] = [Twist::Without, Twist::Null, Twist::Object, Twist::TooLong];
/// What stands in the place of a member that holds a variable, those that are impossible first: what is done with them would be
/// done once.
const KNOWN: [Twist; 9] = [
    Twist::Object,
    Twist::List,
    Twist::True,
    Twist::Words,
    Twist::Null,
    Twist::EmptyText,
    Twist::TooLong,
    Twist::Nought,
    Twist::Without,
];
/// Names that nobody has.
const NAMES: [&str; 4] = ["%00", "..%2F..%2F..", "%C3%BC%F0%9F%92%B3%27%22", "%FF"];
/// No name is so long.
const LONG_NAME: usize = 2000;
/// Variables of numbers, months, currencies and names that the target has given out, which can be nothing else.
const PLAIN: [&str; 23] = [
    "pan",
    "card",
    "reference",
    "payment",
    "token_number",
    "cryptogram",
    "amount",
    "amount_minor",
    "amount_text",
    "currency",
    "currency_lower",
    "exp_month",
    "exp_year2",
    "exp_year4",
    "expiry",
    "token_month",
    "token_month2",
    "token_year",
    "token_year2",
    "token_year4",
    "token_expiry",
    "endpoint",
    "url",
];

#[when(expr = "the merchant {deed}, with each part of the request wrong in turn")]
async fn each_wrong(world: &mut World, deed: Deed) -> Held {
    let operation = deed.0;
    let binding = world.binding.and_then(|place| world.bindings.get(place));
    let declared = binding.and_then(|binding: &Binding| binding.declared_for(operation));
    let declared = declared.ok_or_else(|| {
        let why =
            "the requests are signed and sealed by the harness itself, which makes no mistakes";
        Broken::NotDeclared(why.to_owned())
    })?;
    let members = declared.members(operation);
    let names = declared.names_in_path(operation);
    let plans = plans(&members);
    let long = "9".repeat(LONG_NAME);
    let wrong_names = names.iter().flat_map(|name| {
        let each = NAMES.into_iter().chain([long.as_str()]);
        each.map(move |wrong| {
            let shown: String = wrong.chars().take(20).collect();
            let what = format!("{shown} as the {name} in the path");
            (what, Bend::Path(name.clone(), wrong.to_owned()), false)
        })
    });
    for (what, bend, impossible) in plans.into_iter().chain(wrong_names) {
        send(world, operation, what, bend, impossible).await?;
        // One failure is enough, and whoever is silent each time is not waited for seventy times.
        if world.tried.parts.last().is_some_and(Part::is_failure) {
            break;
        }
    }
    Ok(())
}

impl Part {
    /// The target was silent, or has failed by itself. Whoever knows no such method may say so.
    fn is_failure(&self) -> bool {
        match &self.seen {
            Ok(seen) => seen.fault && !(self.is_method && knows_no_method(seen)),
            Err(_) => true,
        }
    }
}

/// What is to be wrong: in words, as a change of the request, and whether nothing could be meant by it.
fn plans(members: &[Member]) -> Vec<(String, Bend, bool)> {
    let mut sure = Vec::new();
    let mut rest = vec![("another method".to_owned(), Bend::Method, true)];
    let months = ["exp_month", "exp_year2", "exp_year4", "expiry"];
    let names_month = |member: &Member| {
        let mut names = member.variables.iter();
        names.any(|name| months.contains(&name.as_str()))
    };
    let is_card = members.iter().any(names_month);
    // What takes a number alone may keep any text, as a vault of aliases does.
    let is_kept_as_text = |member: &Member| !is_card && member.variables == ["pan"];
    for (place, member) in members.iter().enumerate() {
        let known = member
            .variables
            .iter()
            .any(|name| PLAIN.contains(&name.as_str()));
        let has_variable = !member.variables.is_empty();
        let twists: &[Twist] = if has_variable { &KNOWN } else { &ANY };
        for twist in twists {
            let typed = matches!(twist, Twist::Object | Twist::List | Twist::True) && member.typed;
            let text = matches!(twist, Twist::True | Twist::Words) && !is_kept_as_text(member);
            let impossible = known && (typed || text);
            let what = if *twist == Twist::Without {
                format!("a request without {}", member.name)
            } else {
                format!("{} as {}", word(*twist), member.name)
            };
            let plan = (what, Bend::Leaf(Leaf::Nth(place), *twist), impossible);
            if impossible {
                sure.push(plan)
            } else {
                rest.push(plan)
            }
        }
    }
    if members.iter().any(|member| member.typed) {
        sure.push(("a body that is cut off".to_owned(), Bend::Cut, true));
        sure.push(("a list as the body".to_owned(), Bend::List, true));
        sure.push((
            "thousands of lists as the body".to_owned(),
            Bend::Deep,
            true,
        ));
    }
    if !members.is_empty() {
        rest.push(("no body".to_owned(), Bend::Empty, false));
        rest.push(("a body of no type".to_owned(), Bend::Untyped, false));
    }
    sure.extend(rest);
    sure
}

const fn word(twist: Twist) -> &'static str {
    match twist {
        Twist::Without => "nothing",
        Twist::Object => "an object",
        Twist::List => "a list",
        Twist::Null => "null",
        Twist::True => "true",
        Twist::EmptyText => "an empty text",
        Twist::TooLong => "thousands of digits",
        Twist::Words => "a text that means nothing",
        Twist::Nought => "a text with a NUL character",
    }
}

async fn send(
    world: &mut World,
    operation: Operation,
    what: String,
    bend: Bend,
    impossible: bool,
) -> Held {
    if impossible && operation.pays() {
        renew(world, operation).await?;
    }
    let is_method = bend == Bend::Method;
    let variables = world.card(Who::One)?.variables.clone();
    world.talk.bend = Some(bend);
    let sent = world.perform_with(operation, &variables).await;
    world.talk.bend = None;
    let seen = match sent {
        Ok(seen) => Ok(seen),
        Err(Broken::NoAnswer(why)) => Err(why),
        // A form is no list, and an attribute holds no elements.
        Err(Broken::NotDeclared(_)) => return Ok(()),
        Err(broken) => return Err(broken),
    };
    world.tried.parts.push(Part {
        what,
        impossible,
        is_method,
        seen,
    });
    Ok(())
}

/// A cryptogram that may have been used is no reason to refuse anything else.
async fn renew(world: &mut World, operation: Operation) -> Held {
    let last = world
        .tried
        .parts
        .last()
        .and_then(|part| part.seen.as_ref().ok());
    let may_be_spent = last.is_some_and(|seen| seen.accepted || seen.outcome.is_some());
    let kind = if operation == Operation::Psp(Psp::Short) {
        Operation::CryptogramShort
    } else {
        Operation::CryptogramLong
    };
    // What quotes an earlier payment spends none.
    if !may_be_spent || operation == Operation::Psp(Psp::Stored) {
        return Ok(());
    }
    mint(world, kind, Who::One).await
}

#[then(expr = "the target never fails by itself")]
async fn never_fails(world: &mut World) -> Held {
    let parts = parts(world)?.to_vec();
    for part in &parts {
        match &part.seen {
            Ok(seen) => {
                let expected = format!("no failure of the target because of {}", part.what);
                demand(!part.is_failure(), expected, seen.summary())?;
            }
            Err(why) => {
                // Whoever is silent to everybody has not failed at this.
                super::cards::enrolled_card(world, Who::One, None).await?;
                let expected = format!("an answer to {}", part.what);
                return Err(Broken::wrong(expected, why.clone()));
            }
        }
    }
    Ok(())
}

/// A payment that is declined is as good.
#[then(expr = "what cannot be is refused each time")]
fn impossible_refused(world: &mut World) -> Held {
    world.require_proof()?;
    for part in parts(world)?.iter().filter(|part| part.impossible) {
        let Ok(seen) = &part.seen else { continue };
        let declined = seen.outcome == Some(Outcome::Declined) && !seen.fault;
        let unknown = part.is_method && knows_no_method(seen);
        let refused = declined || unknown || seen.refuses_what_was_asked();
        let expected = format!("a refusal of {}, with a status of 400 to 499", part.what);
        demand(refused && !is_done(seen), expected, seen.summary())?;
    }
    Ok(())
}

fn parts(world: &World) -> Held<&[Part]> {
    if world.tried.parts.is_empty() {
        let why = "the request has no part that could be wrong";
        return Err(Broken::NotDeclared(why.to_owned()));
    }
    Ok(&world.tried.parts)
}

#[cfg(test)]
mod tests {
    use super::super::super::binding::observed;
    use super::super::super::scripted::{self, PAYING, Said};
    use super::*;

    fn member(name: &str, variable: Option<&str>, typed: bool) -> Member {
        Member {
            name: name.to_owned(),
            variables: variable.into_iter().map(str::to_owned).collect(),
            typed,
        }
    }

    #[test]
    fn what_is_impossible_comes_first_and_is_only_said_of_what_is_known() {
        let plans = plans(&[
            member("/amount", Some("amount_minor"), true),
            member("/cvc", Some("cvc"), true),
            member("/note", None, true),
        ]);
        let count = |impossible: bool| plans.iter().filter(|plan| plan.2 == impossible).count();
        // Four of the amount, three bodies and the method.
        assert_eq!((count(true), count(false)), (8, 5 + 9 + 4 + 2));
        assert!(plans.iter().take(7).all(|plan| plan.2));
        assert!(
            plans
                .iter()
                .all(|(what, _, impossible)| !impossible || !what.contains("/cvc"))
        );
        let vault = super::plans(&[member("/value", Some("pan"), true)]);
        let words = |plan: &&(String, Bend, bool)| plan.0.starts_with("a text that means nothing");
        assert!(vault.iter().filter(words).all(|plan| !plan.2), "{vault:?}");
        let form = super::plans(&[member("amount", Some("amount_minor"), false)]);
        assert_eq!(form.iter().filter(|plan| plan.2).count(), 3, "{form:?}");
    }

    /// What is said of a part that is impossible, and came to this.
    async fn said(part: Part) -> (bool, bool) {
        const LIVE: Said = (200, r#"{"state":"LIVE","id":"t1"}"#);
        let mut world = scripted::world(PAYING, &[LIVE]).await;
        world.proof.push("enrol".to_owned());
        world.tried.parts.push(part);
        let fails = never_fails(&mut world).await.is_ok();
        (fails, impossible_refused(&mut world).is_ok())
    }

    #[tokio::test]
    async fn a_failure_silence_and_a_success_are_told_from_a_refusal() {
        let pay = Operation::Psp(Psp::Long);
        let mut paid = observed(pay, 200);
        paid.outcome = Some(Outcome::Approved);
        let mut declined = observed(pay, 200);
        declined.outcome = Some(Outcome::Declined);
        for (seen, is_method, wanted) in [
            (Ok(observed(pay, 400)), false, (true, true)),
            (Ok(declined), false, (true, true)),
            (Ok(paid), false, (true, false)),
            (Ok(observed(pay, 500)), false, (false, false)),
            (Ok(observed(pay, 501)), false, (false, false)),
            (Ok(observed(pay, 501)), true, (true, true)),
            (Ok(observed(pay, 200)), false, (true, false)),
            (Err("closed".to_owned()), false, (false, true)),
        ] {
            let (what, impossible) = ("a list as the body".to_owned(), true);
            let part = Part {
                what,
                impossible,
                is_method,
                seen,
            };
            assert_eq!(said(part.clone()).await, wanted, "{part:?}");
        }
    }
}
