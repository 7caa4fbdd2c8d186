//! What is wrong with a target file although every member of it can be read: words that nothing uses or knows, claims that
//! contradict each other, cards that cannot be.

use std::collections::BTreeSet;

use super::super::binding::check::{self, Elsewhere};
use super::super::binding::template::{bad_formats, names};
use super::super::binding::{Control, Declared, Fact, Operation, State, vocabulary};
use super::super::mistake::Mistake;
use super::super::{capability, closest, signing};
use super::auth::AuthTable;
use super::file::File;
use super::{Account, Condition, TestCard, check_digit_holds};

/// Accounts that the suite itself asks for.
const ACCOUNTS: [&str; 3] = ["manual", "other", "on-create"];

/// Everything that is wrong.
pub(super) fn mistakes(file: &File) -> Vec<Mistake> {
    let mut found = Vec::new();
    let all: BTreeSet<Fact> = vocabulary::TOLD.iter().map(|(_, fact)| *fact).collect();
    let elsewhere = |facts| Elsewhere {
        facts,
        askers: file.askers.names().map(str::to_owned).collect(),
    };
    if let Some(binding) = &file.binding {
        let provided = file.control.iter().flat_map(Declared::facts);
        let wrong = check::binding(binding, &elsewhere(provided.collect()));
        found.extend(wrong.into_iter().map(|mistake| mistake.below("binding")));
    }
    if let Some(control) = &file.control {
        // Built-in bindings tell everything; one's own tells what it declares.
        let told = file.binding.as_ref().map_or(all, |b| b.facts().collect());
        let wrong = check::requests(control, &elsewhere(told));
        found.extend(wrong.into_iter().map(|mistake| mistake.below("control")));
        control_only(control, &mut found);
    }
    claims(file, &mut found);
    accounts(file, &mut found);
    signatures(file, &mut found);
    askers(file, &mut found);
    cards(&file.cards, &mut found);
    if file.binding.is_some()
        && !file
            .cards
            .iter()
            .any(|c| c.condition == Condition::Eligible)
    {
        let message = "needs one with condition = \"eligible\": without it nothing can be enrolled, so nothing can be judged";
        found.push(Mistake::new(&["cards"], message));
    }
    suspended(file, &mut found);
    webhooks(file, &mut found);
    allowed(file, &mut found);
    found
}

fn control_only(control: &Declared, found: &mut Vec<Mistake>) {
    for operation in control.all_operations() {
        if !matches!(operation, Operation::Control(_)) {
            let word = operation.word();
            let message = "is the merchant's own: it belongs to [binding.operations]";
            found.push(Mistake::new(&["control", "operations", word], message));
        }
    }
}

fn claims(file: &File, found: &mut Vec<Mistake>) {
    let known: Vec<&str> = capability::CAPABILITIES
        .iter()
        .map(|(name, _)| *name)
        .collect();
    let none = BTreeSet::new();
    let of_binding = file.binding.as_ref().map_or(&none, |it| &it.without);
    let of_control = file.control.as_ref().map_or(&none, |it| &it.without);
    let lists: [(&[&str], _); 4] = [
        (&["claims"], &file.claims),
        (&["without"], &file.without),
        (&["binding", "without"], of_binding),
        (&["control", "without"], of_control),
    ];
    for (member, names) in lists {
        for name in names {
            if capability::meaning(name).is_none() {
                let hint = closest::hint(name, &known);
                let hint = if hint.len() > 200 {
                    String::new()
                } else {
                    hint
                };
                found.push(Mistake::new(
                    member,
                    format!("there is no capability {name:?}{hint}"),
                ));
            }
        }
    }
    for name in file.claims.intersection(&file.without) {
        let message = format!("{name:?} is both claimed and denied in `without`");
        found.push(Mistake::new(&["claims"], message));
    }
}

fn accounts(file: &File, found: &mut Vec<Mistake>) {
    let mut asked: BTreeSet<&str> = ACCOUNTS.into();
    asked.extend(file.keys.keys().map(String::as_str));
    let mut used: BTreeSet<String> = BTreeSet::new();
    for (table, declared) in [("binding", &file.binding), ("control", &file.control)] {
        for (at, account) in declared.iter().flat_map(Declared::accounts) {
            used.insert(account.clone());
            let known = file.accounts.contains_key(&account)
                || file.keys.contains_key(&account)
                || ["none", "other", "manual"].contains(&account.as_str());
            if !known {
                let mut names: Vec<&str> = file.accounts.keys().map(String::as_str).collect();
                names.extend(file.keys.keys().map(String::as_str));
                names.push("none");
                let hint = closest::hint(&account, &names);
                let at: Vec<&str> = at.iter().map(String::as_str).collect();
                let message = format!("there is no account {account:?}{hint}");
                found.push(Mistake::new(&at, message).below(table));
            }
        }
    }
    let by_oauth = file.auth.is_oauth();
    for (name, Account { client_id, .. }) in &file.accounts {
        if !by_oauth {
            let message = format!("{client_id:?} is never used: [auth] is not of the kind oauth");
            found.push(Mistake::new(&["accounts", name], message));
        } else if !asked.contains(name.as_str()) && !used.contains(name) {
            let hint = closest::hint(name, &ACCOUNTS);
            let message = format!("no operation asks as {name:?}, so it is never used{hint}");
            found.push(Mistake::new(&["accounts", name], message));
        }
    }
    if by_oauth && !file.accounts.contains_key("manual") {
        let message = "kind \"oauth\" needs [accounts.manual] with client_id and client_secret";
        found.push(Mistake::new(&["auth"], message));
    }
}

/// Each way to authorise, with the table in which it stands.
fn ways(file: &File) -> impl Iterator<Item = (&'static str, &AuthTable)> {
    let other = file.other.iter().map(|other| ("other", other));
    std::iter::once(("auth", &file.auth)).chain(other)
}

fn signatures(file: &File, found: &mut Vec<Mistake>) {
    for (table, auth) in ways(file) {
        let texts = auth.texts();
        for (at, text) in &texts {
            let mut known: Vec<&str> = signing::NAMES.to_vec();
            known.extend(file.askers.names());
            known.extend((at[0] == "headers").then_some("signature"));
            let mut say = |message: String| found.push(Mistake::new(at, message).below(table));
            for name in names(text) {
                let name = name.trim_end_matches('?');
                if !known.contains(&name) {
                    let near = closest::nearest(name, &known);
                    let hint =
                        near.map_or_else(String::new, |it| format!("; did you mean {{{it}}}?"));
                    say(format!("there is no variable {{{name}}} here{hint}"));
                }
            }
            bad_formats(text).into_iter().for_each(&mut say);
        }
        let mut shown = texts.iter().filter(|(at, _)| at[0] == "headers");
        let signed = shown.any(|(_, text)| names(text).iter().any(|it| it == "signature"));
        if !texts.is_empty() && !signed {
            let message = "no header holds the {signature}";
            found.push(Mistake::new(&[table, "headers"], message));
        }
    }
    for (policy, set) in [
        ("signature_life", file.policies.signature_life.is_some()),
        ("nonce_once", file.policies.nonce_once),
    ] {
        if set && !file.auth.signs() {
            let message = "is never used: [auth] is of no kind that signs requests";
            found.push(Mistake::new(&["policies", policy], message));
        }
    }
}

fn askers(file: &File, found: &mut Vec<Mistake>) {
    let mut accounts: Vec<&str> = file.accounts.keys().map(String::as_str).collect();
    accounts.extend(file.keys.keys().map(String::as_str));
    let other = file.other.is_some() || file.accounts.contains_key("other");
    let used = |variable: &str| {
        let mut declared = file.binding.iter().chain(&file.control);
        let signed = ways(file).flat_map(|(_, auth)| auth.texts());
        let mut signed = signed.flat_map(|(_, text)| names(text));
        declared.any(|declared| declared.names(variable)) || signed.any(|name| name == variable)
    };
    found.extend(file.askers.mistakes(&accounts, other, used));
}

fn cards(cards: &[TestCard], found: &mut Vec<Mistake>) {
    let mut seen: Vec<&str> = Vec::new();
    for (place, card) in cards.iter().enumerate() {
        let place = place.to_string();
        let mut say = |member: &str, message: String| {
            found.push(Mistake::new(&["cards", &place, member], message));
        };
        let pan = card.pan.as_str();
        if !(12..=19).contains(&pan.len()) || !pan.bytes().all(|byte| byte.is_ascii_digit()) {
            say("pan", "is not 12 to 19 digits".to_owned());
        } else if !check_digit_holds(pan) {
            say(
                "pan",
                "has a wrong check digit, so no target can take it".to_owned(),
            );
        } else if !card.network.owns(pan) {
            let network = card.network.word();
            say(
                "network",
                format!("is not that of the number: no number of {network} begins so"),
            );
        }
        if seen.contains(&pan) {
            say("pan", "stands in another [[cards]] already".to_owned());
        }
        seen.push(pan);
        if !(1..=12).contains(&card.exp_month) {
            say("exp_month", format!("{} is no month", card.exp_month));
        }
        if !(2000..2100).contains(&card.exp_year) {
            say(
                "exp_year",
                format!("{} is not a year in four digits", card.exp_year),
            );
        }
        let code = card.cvc.as_deref().unwrap_or("123");
        if !(3..=4).contains(&code.len()) || !code.bytes().all(|byte| byte.is_ascii_digit()) {
            say("cvc", "is not three or four digits".to_owned());
        }
    }
}

/// Whoever can have a token suspended, and reads what has become of it, sees a word that must be known.
fn suspended(file: &File, found: &mut Vec<Mistake>) {
    let Some(binding) = &file.binding else { return };
    let operations = [Operation::Suspend, Operation::Control(Control::Suspend)];
    let of = |operation: &Operation| {
        let mut all = file.binding.iter().chain(&file.control);
        all.any(|declared| declared.offers(*operation))
    };
    let is_told = binding.tells(Operation::Read, Fact::State);
    let is_known = binding.states.contains_key(&State::Suspended);
    if let Some(operation) = operations.iter().find(|operation| of(operation))
        && is_told
        && !is_known
    {
        let word = operation.word();
        let message = format!(
            "suspended is missing, and there is an operation {word}: which word does a suspended token have?"
        );
        found.push(Mistake::new(&["binding", "states"], message));
    }
}

fn webhooks(file: &File, found: &mut Vec<Mistake>) {
    let listen = Operation::Control(Control::Listen);
    let mut all = file.binding.iter().chain(&file.control);
    let listens = all.any(|declared| declared.offers(listen));
    let mut all = file.binding.iter().chain(&file.control);
    let secret = all.any(|declared| declared.tells(listen, Fact::Secret));
    match &file.webhooks {
        Some(webhooks) => {
            found.extend(webhooks.mistakes(secret));
            if !listens {
                let message = "no operation `listen` registers an endpoint, so they are never used";
                found.push(Mistake::new(&["webhooks"], message));
            }
        }
        None if listens => {
            let message = "an endpoint can be registered (listen), but no [webhooks] says how a message is read: type, types and token";
            found.push(Mistake::new(&["webhooks"], message));
        }
        None => {}
    }
}

fn allowed(file: &File, found: &mut Vec<Mistake>) {
    for currency in &file.allows.currencies {
        if currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
            let message = format!("{currency:?} is not a currency such as EUR");
            found.push(Mistake::new(&["allows", "currencies"], message));
        }
    }
    if file.limits.requests_per_second == Some(0) || file.limits.concurrency == Some(0) {
        let message = "none at all would ask nothing";
        found.push(Mistake::new(&["limits"], message));
    }
}
