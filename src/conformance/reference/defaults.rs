//! What the reference says that holds without a key is what holds: a file with it and a file without are read alike.

use toml::{Table, Value};

use super::super::target::Target;
use super::written;

/// A file that uses nearly everything.
const BLUEGATE: &str = include_str!("../../../fixtures/targets/bluegate/target.toml");
const KEY: &str = "fixtures/vectors/crypto/mastercard_test_key.pem";
const SIGNS: &str = "kind = \"hmac\"\nkey_id = \"k\"\nsecret = \"s\"\ncontent = \"{body}\"\nheaders.sig = \"{signature}\"";
/// What is said in words, because it is no value that could be written instead. Everything else must be one.
const IN_WORDS: [&str; 21] = [
    "none",
    "200 to 299",
    "no limit",
    "no limits",
    "not said",
    "either is taken",
    "either is taken; refusing is advised",
    "either is taken; deleting is advised",
    "everything",
    "every currency",
    "no other merchant",
    "nothing is waited for",
    "the list is whole",
    "what was asked for is waited for",
    "those of the operation",
    "the binding's",
    "the name of [binding]",
    "the suite's own words",
    "the authorities of browsers alone",
    "what --concurrency says",
    "what `listen` tells",
];
/// Begins of what is said in words.
const BEGINS: [&str; 4] = [
    "needed",
    "none; ",
    // It follows from the operations; the test of signatures tries both.
    "machine; own where",
    "that of Standard Webhooks; ",
];

/// The value that a statement is, and another that the same key may have.
fn values(name: &str, kind: &str, without: &str) -> (Value, Value) {
    let stated = without.split([',', ';']).next().unwrap_or_default();
    let text = |text: &str| Value::from(text);
    match kind {
        "true or false" => (Value::from(stated == "true"), Value::from(stated != "true")),
        "number" => {
            let stated: i64 = stated.parse().unwrap();
            (Value::from(stated), Value::from(stated - 1))
        }
        _ => {
            let other = match (name, kind) {
                ("listen", _) => "127.0.0.1:9",
                ("account", _) => "none",
                ("series_quotes", _) => "latest",
                (_, "time") => "7s",
                (_, "variable") => "token_number",
                (_, "method") => "RSA-PSS",
                (_, "client") => "basic",
                (_, "encoding") => "base64",
                (_, "notation") => "xml",
                (_, _) => "text/x-other",
            };
            let stated = if stated == "nothing" { "" } else { stated };
            (text(stated), text(other))
        }
    }
}

/// The way to the key `zzz`.
fn way(value: &Value) -> Option<Vec<String>> {
    let inner: Vec<(String, &Value)> = match value {
        Value::Table(members) => members
            .iter()
            .map(|(name, it)| (name.clone(), it))
            .collect(),
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items.map(|(at, item)| (at.to_string(), item)).collect()
        }
        Value::String(_)
        | Value::Integer(_)
        | Value::Float(_)
        | Value::Boolean(_)
        | Value::Datetime(_) => return None,
    };
    inner.into_iter().find_map(|(name, member)| {
        if name == "zzz" {
            return Some(Vec::new());
        }
        let mut rest = way(member)?;
        rest.insert(0, name);
        Some(rest)
    })
}

/// The table at the end of the way.
fn at<'a>(mut place: &'a mut Value, way: &[String]) -> &'a mut Table {
    for part in way {
        place = match place {
            Value::Array(items) => &mut items[part.parse::<usize>().unwrap()],
            Value::Table(members) => members
                .entry(part.clone())
                .or_insert_with(|| Value::Table(Table::new())),
            Value::String(_)
            | Value::Integer(_)
            | Value::Float(_)
            | Value::Boolean(_)
            | Value::Datetime(_) => panic!("{part} is in no table"),
        };
    }
    place.as_table_mut().unwrap()
}

/// What a file is read as. What is secret is not shown, and decides nothing here.
fn read(file: &Value) -> String {
    let text = toml::to_string(file).unwrap();
    let target = Target::from_toml(&text, "t");
    format!("{:?}", target.unwrap_or_else(|why| panic!("{why}")))
}

#[test]
fn what_is_said_to_hold_without_a_key_is_what_holds() {
    let mut tried = 0;
    for table in written().unwrap().tables {
        let header: Value = Value::Table(format!("{}\nzzz = 1\n", table.header).parse().unwrap());
        let way = way(&header).unwrap();
        let mut file = Value::Table(BLUEGATE.parse().unwrap());
        if table.header.starts_with("[auth]") {
            let sample = table.sample.iter();
            let sample = sample.map(|(name, value)| format!("{name} = {value}\n"));
            let own = format!("{}\n{}", table.header, sample.collect::<String>());
            let own: Table = own.replace("key.pem", KEY).parse().unwrap();
            *at(&mut file, &way) = own["auth"].as_table().unwrap().clone();
            if own["auth"]["kind"].as_str() == Some("oauth") {
                let account: Table = "client_id = \"c\"\nclient_secret = \"s\"".parse().unwrap();
                let whole = ["accounts", "manual"].map(str::to_owned);
                *at(&mut file, &whole) = account;
            }
        }
        // Some policies are of signatures.
        if table.header.starts_with("[policies]") {
            let signs: Table = SIGNS.parse().unwrap();
            *at(&mut file, &["auth".to_owned()]) = signs;
        }
        for [name, kind, without, _] in &table.keys {
            let in_words = IN_WORDS.contains(&without.as_str());
            if in_words || BEGINS.iter().any(|begin| without.starts_with(begin)) {
                continue;
            }
            tried += 1;
            let (stated, other) = values(name, kind, without);
            at(&mut file, &way).remove(name);
            let plain = read(&file);
            at(&mut file, &way).insert(name.clone(), stated);
            let is_alike = read(&file) == plain;
            assert!(is_alike, "{} {name}: not {without}", table.title);
            at(&mut file, &way).insert(name.clone(), other);
            let is_seen = read(&file) != plain;
            assert!(is_seen, "{} {name} changes nothing", table.title);
            at(&mut file, &way).remove(name);
        }
    }
    assert!(tried > 25, "{tried}");
}
