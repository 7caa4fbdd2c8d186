//! Aliases in every format: each looks as its format says and leads back to its value, whatever the value is.

use std::sync::Arc;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use standin::crypto::check_digit::passes_luhn;
use standin::domain::alias::{Format, Secret, Storage};
use standin::domain::card::with_check_digit;
use standin::operations::aliases::{NewAlias, create, find};
use standin::operations::{Call, SpaceName};
use tokio::runtime::Handle;

use crate::client::{Stand, options};

/// How many values each format gets; set for the hundred thousand that were once tried.
const VALUES: &str = "STANDIN_ALIAS_VALUES";

const FORMATS: [Format; 8] = [
    Format::Uuid,
    Format::RawUuid,
    Format::GenericTFour,
    Format::NumLengthPreserving,
    Format::FpeSixTFour,
    Format::FpeTFour,
    Format::Pfpt,
    Format::AlphanumericSixTFour,
];

/// Card numbers below test BINs, security codes, and texts.
fn values() -> impl Strategy<Value = String> {
    let cards = prop_oneof![Just("510026"), Just("400021")];
    let cards =
        (cards, "[0-9]{9}").prop_map(|(bin, rest)| with_check_digit(&format!("{bin}{rest}")));
    prop_oneof![4 => cards, 1 => "[0-9]{3,4}", 1 => "[a-zA-Z ]{1,30}"]
}

/// Whether an alias of a card's number looks as its format says.
fn looks_right(format: Format, value: &str, alias: &str) -> bool {
    let (first, last) = (&value[..6], &value[value.len() - 4..]);
    let digits = alias.bytes().all(|byte| byte.is_ascii_digit());
    let same_length = alias.len() == value.len();
    match format {
        Format::Uuid => alias.starts_with("tok_sandbox_") && alias.len() == 34,
        Format::RawUuid => alias.len() == 36,
        Format::GenericTFour => alias.starts_with("tok_sandbox_") && alias.ends_with(last),
        Format::NumLengthPreserving => digits && same_length,
        Format::FpeSixTFour => {
            let kept = alias.starts_with(first) && alias.ends_with(last);
            digits && same_length && kept && passes_luhn(alias)
        }
        Format::FpeTFour => digits && same_length && alias.ends_with(last) && passes_luhn(alias),
        Format::Pfpt => {
            digits && alias.len() == 19 && alias.starts_with("99") && passes_luhn(alias)
        }
        Format::AlphanumericSixTFour => {
            let kept = alias.starts_with(first) && alias.ends_with(last);
            alias.len() == 19 && kept && &alias[14..15] == "V"
        }
        Format::Custom => false,
    }
}

fn cases() -> u32 {
    let set = std::env::var_os(VALUES).and_then(|text| text.into_string().ok());
    set.map_or(2_000, |text| text.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_alias_leads_back_to_its_value() {
    let stand = Stand::start(options()).await;
    for format in FORMATS {
        let name = SpaceName::parse(&format!("{format:?}")).unwrap();
        let space = stand.server.spaces().open(&name).await.unwrap();
        let mut runner = TestRunner::new(Config {
            failure_persistence: None,
            ..Config::with_cases(cases())
        });
        let tried = runner.run(&values(), |value| {
            let alias = tokio::task::block_in_place(|| {
                Handle::current().block_on(async {
                    let mut call = Call::at(Arc::clone(&space), space.clock.now());
                    let new = |value: &str| NewAlias {
                        value: value.to_owned(),
                        format,
                        storage: Storage::Persistent,
                        chosen: None,
                    };
                    let (alias, _) = create(&mut call, new(&value)).await.unwrap();
                    let (again, _) = create(&mut call, new(&value)).await.unwrap();
                    assert_eq!(alias, again);
                    let found = find(&call, &alias).await.unwrap().unwrap();
                    let back = match found.secret {
                        Secret::Pan(pan) => pan.expose(),
                        Secret::Text(text) => text.into(),
                    };
                    assert_eq!(back, value);
                    alias
                })
            });
            let is_a_card = value.len() == 16 && value.bytes().all(|byte| byte.is_ascii_digit());
            prop_assert!(alias != value);
            prop_assert!(
                !is_a_card || looks_right(format, &value, &alias),
                "{format:?} {alias}"
            );
            Ok(())
        });
        tried.unwrap();
    }
}
