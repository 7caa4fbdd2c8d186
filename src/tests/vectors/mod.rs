//! The known answers of `fixtures/vectors/cryptograms.json` against the code, and against a re-implementation in Python
//! that was written from `fixtures/vectors/README.md`.

mod own;
mod packs;

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use standin::crypto::encoding::{from_base64, hex};
use standin::domain::alias::{Format, alias};
use standin::domain::card::{Expiry, Pan};
use standin::domain::cryptogram::{Claims, Long, Short, TokenKey};
use standin::domain::id::{CardId, Owner, Partition, TokenReference};
use standin::domain::known_alias::standing_alias;
use standin::domain::moment::Moment;
use standin::domain::money::{Amount, Currency};
use standin::domain::provision::{token_number, token_reference};
use standin::domain::token::CardRecord;
use standin::seed::{Purpose, Seed};

use crate::program::require_program;

const ANSWERS: &str = include_str!("../../../fixtures/vectors/cryptograms.json");
const PROGRAM: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/src/tests/vectors/recompute.py"
);

fn text<'a>(row: &'a Value, key: &str) -> &'a str {
    row[key]
        .as_str()
        .unwrap_or_else(|| panic!("{key} must be a text in {row}"))
}

fn count(row: &Value, key: &str) -> u32 {
    let number = row[key]
        .as_u64()
        .unwrap_or_else(|| panic!("{key} must be a count in {row}"));
    u32::try_from(number).unwrap()
}

fn rows<'a>(row: &'a Value, key: &str) -> &'a [Value] {
    let rows = row[key]
        .as_array()
        .unwrap_or_else(|| panic!("{key} must be a list in {row}"));
    assert!(!rows.is_empty(), "{key} is empty");
    rows
}

fn space(row: &Value) -> Seed {
    Seed::from_text(text(row, "seed_text")).space(text(row, "space"))
}

/// The row with every answer as the code gives it.
fn card(row: &Value) -> Value {
    let seed = space(row);
    let pan = Pan::parse(text(row, "pan")).unwrap();
    let partition = Partition::of_account(&seed, &pan);
    let inputs: [&[u8]; 4] = [
        text(row, "client_id").as_bytes(),
        text(row, "pan").as_bytes(),
        text(row, "origin").as_bytes(),
        &count(row, "ordinal").to_be_bytes(),
    ];
    let id = CardId::at(partition, seed.derive16(Purpose::CardId, &inputs));
    let mut card = CardRecord {
        id,
        owner: Owner(0),
        pan,
        expiry: Expiry::new(12, 30).unwrap(),
        has_cvc: false,
        created: Moment::EPOCH,
        updated: Moment::EPOCH,
        token: None,
        tokens_asked: 0,
        more: None,
    };
    let space_key = Seed::from_text(text(row, "seed_text"))
        .derive(Purpose::Space, &[text(row, "space").as_bytes()]);
    let mut answer = row.clone();
    answer["space_seed"] = json!(hex(&space_key));
    answer["partition"] = json!(hex(&partition.0.to_be_bytes()));
    answer["card_id"] = json!(id.hex());
    answer["card_id_base58"] = json!(id.base58());
    answer["payment_account_reference"] = json!(card.payment_account_reference(&seed));
    answer["standing_alias"] = json!(standing_alias(&card.pan));
    let tokens = rows(row, "tokens").iter().map(|row| {
        card.tokens_asked = count(row, "ordinal");
        token(&seed, &card, row)
    });
    answer["tokens"] = tokens.collect();
    answer
}

fn token(seed: &Seed, card: &CardRecord, row: &Value) -> Value {
    let reference = token_reference(seed, card);
    let network = card.pan.network().unwrap();
    let number = |attempt| {
        token_number(seed, network, &reference, attempt)
            .unwrap()
            .expose()
    };
    let key = TokenKey::derive(seed, &reference);
    let mut answer = row.clone();
    answer["reference"] = json!(reference.hex());
    answer["reference_base58"] = json!(reference.base58());
    answer["number_at_attempt_0"] = json!(number(0));
    answer["number_at_attempt_1"] = json!(number(1));
    answer["token_key"] = json!(hex(&seed.derive(Purpose::TokenKey, &[reference.bytes()])));
    answer["long"] = rows(row, "long")
        .iter()
        .map(|row| long(&key, row))
        .collect();
    let short = rows(row, "short").iter().map(|row| {
        let mut answer = row.clone();
        answer["digits"] = json!(Short::mint(&key, count(row, "counter")).digits());
        answer
    });
    answer["short"] = short.collect();
    answer
}

fn long(key: &TokenKey, row: &Value) -> Value {
    let limit = (!row["limit"].is_null()).then(|| {
        // Some are the ends of what fifteen bits can hold, and no currencies.
        let letters = text(&row["limit"], "currency").bytes();
        let packed = letters.fold(0, |sum, letter| sum * 26 + u16::from(letter - b'A'));
        let currency = Currency::unpack(packed).unwrap();
        Amount::new(row["limit"]["minor"].as_u64().unwrap(), currency).unwrap()
    });
    let claims = Claims {
        counter: count(row, "counter"),
        issued: Moment::from_seconds(i64::from(count(row, "issued"))),
        limit,
    };
    let long = Long::mint(key, claims);
    assert_eq!(long.open(key), Ok(claims), "{row}");
    let mut answer = row.clone();
    answer["base64"] = json!(long.base64());
    answer["hex"] = json!(hex(&from_base64(&long.base64()).unwrap()));
    answer
}

fn vault_alias(row: &Value) -> Value {
    let wanted: Format = serde_json::from_value(row["format"].clone()).unwrap();
    let (text, format) = alias(
        &space(row),
        text(row, "value"),
        wanted,
        count(row, "attempt"),
    );
    let mut answer = row.clone();
    answer["alias"] = json!(text);
    answer["format_given"] = serde_json::to_value(format).unwrap();
    answer
}

#[test]
fn the_code_gives_the_known_answers() {
    let known: Value = serde_json::from_str(ANSWERS).unwrap();
    let mut given = known.clone();
    given["cards"] = rows(&known, "cards").iter().map(card).collect();
    given["aliases"] = rows(&known, "aliases").iter().map(vault_alias).collect();
    let mut wrong = Vec::new();
    differences("", &known, &given, &mut wrong);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Names each value that differs, because the whole is too long to read.
fn differences(place: &str, known: &Value, given: &Value, wrong: &mut Vec<String>) {
    match (known, given) {
        (Value::Object(left), Value::Object(right)) => {
            assert_eq!(
                left.len(),
                right.len(),
                "{place} has members that are not given"
            );
            for (key, value) in right {
                differences(&format!("{place}/{key}"), &left[key], value, wrong);
            }
        }
        (Value::Array(left), Value::Array(right)) => {
            assert_eq!(left.len(), right.len(), "{place}");
            for (at, (left, right)) in left.iter().zip(right).enumerate() {
                differences(&format!("{place}/{at}"), left, right, wrong);
            }
        }
        (left, right) if left == right => {}
        (left, right) => wrong.push(format!("{place}: known {left}, given {right}")),
    }
}

/// The vectors would be worth little if they all went the same way.
#[test]
fn the_known_answers_reach_every_branch() {
    let known: Value = serde_json::from_str(ANSWERS).unwrap();
    let cards = rows(&known, "cards");
    let tokens = || cards.iter().flat_map(|card| rows(card, "tokens"));
    let longs = || tokens().flat_map(|token| rows(token, "long"));
    for network in ["4", "5", "3", "6"] {
        assert!(
            cards
                .iter()
                .any(|card| text(card, "pan").starts_with(network)),
            "{network}"
        );
    }
    assert!(
        cards
            .iter()
            .any(|card| text(card, "origin").starts_with("calm:"))
    );
    assert!(
        cards.iter().any(|card| text(card, "seed_text").len() > 64),
        "a key over a block"
    );
    assert!(cards.iter().any(|card| count(card, "ordinal") > 0));
    assert!(tokens().any(|token| count(token, "ordinal") > 0));
    assert!(longs().any(|long| long["limit"].is_null()));
    assert!(longs().any(|long| !long["limit"].is_null()));
    let fallen_back = |row: &Value| row["format"] != row["format_given"];
    assert!(rows(&known, "aliases").iter().any(fallen_back));
    let references = tokens().map(|token| TokenReference::from_hex(text(token, "reference")));
    let references: std::collections::HashSet<_> = references.map(Option::unwrap).collect();
    assert_eq!(references.len(), tokens().count());
}

fn recompute(answers: &str) -> (bool, String) {
    let mut python = Command::new("python3");
    python
        .arg(PROGRAM)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut running = python.spawn().unwrap();
    running
        .stdin
        .take()
        .unwrap()
        .write_all(answers.as_bytes())
        .unwrap();
    let done = running.wait_with_output().unwrap();
    let said = [done.stdout, done.stderr].concat();
    (done.status.success(), String::from_utf8(said).unwrap())
}

/// Starts Python a few times, which may take a second on a busy machine.
#[test]
fn the_recipe_holds_in_another_language() {
    if !require_program("python3") {
        return;
    }
    let (same, said) = recompute(ANSWERS);
    assert!(same && said.ends_with("values agree\n"), "{said}");

    let known: Value = serde_json::from_str(ANSWERS).unwrap();
    for changed in [
        "/cards/0/tokens/0/long/0/base64",
        "/cards/0/card_id",
        "/aliases/0/alias",
    ] {
        let mut bent = known.clone();
        *bent.pointer_mut(changed).unwrap() = json!("something else");
        let (same, said) = recompute(&bent.to_string());
        assert!(
            !same && said.contains("something else"),
            "{changed}: {said}"
        );
    }
    let (same, said) = recompute("{\"cards\": [], \"aliases\": []}");
    assert!(!same, "nothing compared, yet: {said}");
}
