//! A change that is asked for while payments are under way. A payment that writes back what it has read must not undo it.

use std::cell::Cell;
use std::sync::Arc;

use cucumber::{then, when};

use super::super::behind::{did_not_come_about, offering};
use super::super::binding::template::Variables;
use super::super::binding::{Binding, Fact, Observed, Operation, Psp};
use super::super::broken::{Broken, Held};
use super::super::conversation::Conversation;
use super::super::world::{Who, World};
use super::lifecycle::by;
use super::paying::mint;
use super::races::{Talks, heed_all, is_declined, succeeded, turned_away};
use super::words::{Act, Actor, Deed};

/// In how many windows the customer pays.
const WINDOWS: usize = 2;
/// How often the customer pays in each window beyond what was prepared, as long as the change is not answered. Some targets take
/// several requests for one.
const FURTHER_MAX: usize = 12;
const PAY: Operation = Operation::Psp(Psp::Long);

#[when(expr = "the merchant {deed} while {int} payments are under way")]
async fn done_amid_payments(world: &mut World, deed: Deed, payments: usize) -> Held {
    amid_payments(world, deed.0, &Variables::new(), payments).await
}

#[when(expr = "the {actor} {act} the token while {int} payments are under way")]
async fn happens_amid_payments(world: &mut World, actor: Actor, act: Act, payments: usize) -> Held {
    amid_payments(world, Operation::Control(act.0), &by(actor.0), payments).await
}

/// The customer pays in two windows, one payment after another, until the change is answered. Each payment has a cryptogram of its
/// own, so that none is declined for want of one; the first have it beforehand, so that they meet.
async fn amid_payments(
    world: &mut World,
    change: Operation,
    more: &Variables,
    payments: usize,
) -> Held {
    let mut ready = vec![Vec::new(); WINDOWS];
    for payment in 0..payments {
        mint(world, Operation::CryptogramLong, Who::One).await?;
        let variables = world.card(Who::One)?.variables.clone();
        ready[payment % WINDOWS].push(variables);
    }
    let bindings = Arc::clone(&world.bindings);
    let binding = world.its(&bindings)?;
    let target = Arc::clone(&world.talk.target);
    let declared = if matches!(change, Operation::Control(_)) {
        Some(offering(Some(binding), &target, change)?)
    } else {
        None
    };
    let mut variables = world.card(Who::One)?.variables.clone();
    variables.extend(more.clone());
    let answered = Cell::new(false);
    let mut talks = Talks::new(world, WINDOWS + 1);
    let Some((own, others)) = talks.each.split_first_mut() else {
        return Ok(());
    };
    let changing = async {
        let seen = match declared {
            Some(declared) => declared.perform(change, &variables, own).await,
            None => binding.perform(change, &variables, own).await,
        };
        answered.set(true);
        seen
    };
    let paying = others.iter_mut().zip(ready);
    let paying = paying.map(|(talk, ready)| window(binding, talk, ready, &answered));
    let paying = futures::future::join_all(paying);
    let (changed, paid) = futures::future::join(changing, paying).await;
    talks.end(world);
    let paid = paid.into_iter().flatten();
    heed_all(world, std::iter::once(changed).chain(paid).collect())
}

/// Pays with what is ready, and then with a new cryptogram each time until the change is answered, none is to be had or no answer
/// comes.
async fn window(
    binding: &Binding,
    talk: &mut Conversation,
    ready: Vec<Variables>,
    answered: &Cell<bool>,
) -> Vec<Held<Observed>> {
    let mut seen = Vec::new();
    let mut variables = Variables::new();
    for prepared in ready {
        seen.push(binding.perform(PAY, &prepared, talk).await);
        variables = prepared;
        if seen.last().is_some_and(Result::is_err) {
            break;
        }
    }
    for _ in 0..FURTHER_MAX {
        if answered.get() || seen.last().is_some_and(Result::is_err) {
            break;
        }
        let long = Operation::CryptogramLong;
        let minted = binding.perform(long, &variables, talk).await;
        let told = minted.as_ref().ok();
        let told = told.filter(|it| it.accepted && it.facts.contains_key(&Fact::Cryptogram));
        let is_told = told.map(|told| told.tell(&mut variables)).is_some();
        seen.push(minted);
        if !is_told {
            break;
        }
        seen.push(binding.perform(PAY, &variables, talk).await);
    }
    seen
}

/// No rule says whether a payment that goes on meanwhile is approved. A target that refuses the change has not lost it, so nothing
/// can be said of it.
#[then(expr = "the change succeeds, and each payment is approved or declined")]
fn changed_amid_payments(world: &mut World) -> Held {
    world.require_proof()?;
    let behind = |seen: &&Observed| matches!(seen.operation, Operation::Control(_));
    let behind = world.several.iter().find(behind);
    if let Some(seen) = behind.filter(|seen| !seen.accepted) {
        return Err(did_not_come_about(seen));
    }
    let success = |seen: &Observed| {
        if seen.operation == PAY {
            seen.is_approved()
        } else {
            seen.accepted && !seen.fault
        }
    };
    let refused = |seen: &Observed| seen.operation == PAY && is_declined(seen) || turned_away(seen);
    let done = succeeded(&world.several, success, refused)?;
    let of_payment = |seen: &Observed| [PAY, Operation::CryptogramLong].contains(&seen.operation);
    if done.iter().all(|seen| of_payment(seen)) {
        let why = "the target changes no token while payments are under way";
        return Err(Broken::Unready(why.to_owned()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::super::scripted::{self, PAYING, Said};
    use super::*;

    const PROVEN: Said = (200, r#"{"proof":"AgAAAAAAAIR8CQrXcIhbQAAAAAA="}"#);
    const PAID: Said = (200, r#"{"paid":"yes","id":"p1"}"#);
    const DECLINED: Said = (200, r#"{"paid":"no"}"#);
    const BUSY: Said = (409, "{}");
    const BROKEN: Said = (500, "{}");
    const DONE: Said = (204, "");
    const ABSENT: Said = (404, "{}");
    const DELETING: &str = "\n[operations.delete]\naccept = [204]\nrequests = [{ method = \"DELETE\", path = \"/tokens/1\" }]\n";

    /// One after another, so that each answer is to the request that is meant.
    #[tokio::test]
    async fn a_change_amid_payments_must_have_been_made() {
        let text = format!("{PAYING}{DELETING}");
        let rows: [(&'static [Said], bool, bool); 6] = [
            (&[PAID, DONE, DECLINED], true, false),
            (&[PAID, DONE, ABSENT], true, false),
            (&[PAID, BUSY, PAID], false, true),
            (&[PAID, BROKEN, PAID], false, false),
            (&[PAID, DONE, BROKEN], false, false),
            (&[DECLINED, ABSENT, DECLINED], false, true),
        ];
        for (answers, held, unready) in rows {
            let mut world = scripted::world(&text, answers).await;
            world.proof.push("a token".to_owned());
            for operation in [PAY, Operation::Delete, PAY] {
                let seen = world.perform(operation, Who::One).await.unwrap();
                world.several.push(seen);
            }
            let said = changed_amid_payments(&mut world);
            assert_eq!(said.is_ok(), held, "{answers:?}: {said:?}");
            let cannot_say = matches!(said, Err(Broken::Unready(_)));
            assert_eq!(cannot_say, unready, "{answers:?}: {said:?}");
        }
    }

    #[tokio::test]
    async fn a_customer_pays_until_the_change_is_answered() {
        const ANSWERS: &[Said] = &[PAID, PROVEN, PAID, PROVEN, PAID, ABSENT, BROKEN];
        let text = format!("{PAYING}{DELETING}");
        for (answered, wanted) in [(true, 1), (false, 6)] {
            let mut world = scripted::world(&text, ANSWERS).await;
            let bindings = Arc::clone(&world.bindings);
            let binding = world.its(&bindings).unwrap();
            let ready = vec![world.card(Who::One).unwrap().variables.clone()];
            let answered = Cell::new(answered);
            let seen = window(binding, &mut world.talk, ready, &answered).await;
            let seen: Vec<Observed> = seen.into_iter().collect::<Held<_>>().unwrap();
            assert_eq!(seen.len(), wanted, "{seen:?}");
            // The last is the cryptogram that was not to be had.
            assert_eq!(
                seen.iter().filter(|seen| seen.is_approved()).count(),
                wanted.div_ceil(2)
            );
        }
    }
}
