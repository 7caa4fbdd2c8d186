//! Which payment a merchant may quote when it charges a token on file.

use cucumber::{given, when};
use serde_json::{Value, json};

use super::super::binding::template::{Variables, shown};
use super::super::binding::{Fact, Operation, Outcome, Psp};
use super::super::broken::{Broken, Held, demand};
use super::super::world::{Who, World};
use super::paying::{approved, change, mint};

#[given(expr = "the merchant has charged the token on file")]
async fn has_charged(world: &mut World) -> Held {
    let seen = stored(world).await?;
    approved(&seen)
}

#[when(expr = "the merchant charges the token on file and quotes a payment that never was")]
async fn quotes_invented(world: &mut World) -> Held {
    let told = &world.card(Who::One)?.variables;
    if !told.contains_key("nti") && !told.contains_key("tlid") {
        let why = "no id of a payment was told that could be quoted (facts.nti, facts.tlid)";
        return Err(Broken::NotDeclared(why.to_owned()));
    }
    alter(world, |variables| {
        for name in ["nti", "tlid"] {
            if let Some(value) = variables.get(name).map(shown) {
                variables.insert(name.to_owned(), json!(invented(&value)));
            }
        }
    })
    .await
}

#[when(expr = "the merchant charges the token on file and quotes the link of the other card")]
async fn quotes_foreign_link(world: &mut World) -> Held {
    let theirs = world.card(Who::Other)?.variables.get("tlid").cloned();
    let theirs = theirs.ok_or_else(|| {
        Broken::NotDeclared("no transaction link id was told (facts.tlid)".to_owned())
    })?;
    alter(world, |variables| {
        variables.insert("tlid".to_owned(), theirs);
    })
    .await
}

#[when(expr = "the merchant charges the token on file and quotes a payment that was refused")]
async fn quotes_refused(world: &mut World) -> Held {
    mint(world, Operation::CryptogramLong, Who::One).await?;
    let seen = world.perform(Operation::Psp(Psp::Long), Who::One).await?;
    if seen.outcome != Some(Outcome::Declined) {
        let why = "a payment that the issuer declines was not refused";
        return Err(Broken::Unready(why.to_owned()));
    }
    let nti = seen.facts.get(&Fact::Nti).cloned();
    let nti = nti.ok_or_else(|| {
        Broken::NotDeclared("a payment that is refused tells no network transaction id".to_owned())
    })?;
    alter(world, |variables| {
        variables.insert("nti".to_owned(), nti);
        variables.remove("tlid");
    })
    .await
}

#[when(expr = "the merchant charges the token on file with the month that has passed")]
async fn charges_late(world: &mut World) -> Held {
    change(world, super::numbers::to_the_month_that_passed)?;
    stored(world).await.map(drop)
}

#[when(expr = "the customer pays with a long cryptogram that was never issued")]
async fn pays_invented(world: &mut World) -> Held {
    mint(world, Operation::CryptogramLong, Who::One).await?;
    change(world, |variables| {
        if let Some(value) = variables.get("cryptogram").map(shown) {
            variables.insert("cryptogram".to_owned(), json!(invented(&value)));
        }
    })?;
    world
        .perform(Operation::Psp(Psp::Long), Who::One)
        .await
        .map(drop)
}

#[when(expr = "the merchant refunds {float} {word} of what was not captured")]
async fn refunds_uncaptured(world: &mut World, amount: f64, currency: String) -> Held {
    super::paying::charge(world, amount, &currency)?;
    world
        .perform(Operation::Psp(Psp::Refund), Who::One)
        .await
        .map(drop)
}

#[given(expr = "the merchant has refunded {float} {word}")]
async fn has_refunded(world: &mut World, amount: f64, currency: String) -> Held {
    super::paying::charge(world, amount, &currency)?;
    let seen = world.perform(Operation::Psp(Psp::Refund), Who::One).await?;
    demand(seen.accepted, "success", seen.summary())
}

/// Charges the token on file, quoting the payment that the target wants quoted.
pub(super) async fn stored(world: &mut World) -> Held<super::super::binding::Observed> {
    quote_as_wanted(world)?;
    world.perform(Operation::Psp(Psp::Stored), Who::One).await
}

/// The payment that the target wants quoted is the one that is quoted next.
pub(super) fn quote_as_wanted(world: &mut World) -> Held {
    let first = world.card(Who::One)?.variables.clone();
    if !world.talk.target.policies.quotes_latest() {
        change(world, |variables| {
            for name in ["nti", "tlid"] {
                quote(variables, name, first.get(&format!("first_{name}")));
            }
        })?;
    }
    Ok(())
}

fn quote(variables: &mut Variables, name: &str, value: Option<&Value>) {
    if let Some(value) = value {
        variables.insert(name.to_owned(), value.clone());
    }
}

/// Charges the token with something changed.
async fn alter(world: &mut World, doing: impl FnOnce(&mut Variables)) -> Held {
    change(world, doing)?;
    world
        .perform(Operation::Psp(Psp::Stored), Who::One)
        .await
        .map(drop)
}

/// As long and of the same characters, and yet another: the middle is turned round, and its digits are moved by one.
pub(super) fn invented(value: &str) -> String {
    let characters: Vec<char> = value.chars().collect();
    let keep = characters.len().min(4) / 2;
    let last = characters.len().saturating_sub(keep);
    let turned = |at: usize| {
        let mirrored = keep + last.saturating_sub(at + 1);
        characters.get(mirrored).copied().unwrap_or('0')
    };
    (0..characters.len())
        .map(|at| {
            let found = if (keep..last).contains(&at) {
                turned(at)
            } else {
                characters[at]
            };
            match found {
                '0'..='8' if (keep..last).contains(&at) => char::from(found as u8 + 1),
                '9' if (keep..last).contains(&at) => '0',
                other => other,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::invented;

    #[test]
    fn what_is_invented_looks_like_what_it_is_not() {
        for value in [
            "123456789012345",
            "AAECAwQFBgcICQoLDA0ODw==",
            "MCC0000011128",
            "0000000",
        ] {
            let other = invented(value);
            assert_ne!(other, value);
            assert_eq!(other.len(), value.len());
        }
    }
}
