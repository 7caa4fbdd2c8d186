//! The JSON Schema of the settings, from the types that are read. What is written in a form of its own is described here.

use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};

use super::settings::Settings;
use crate::domain::alias::{Format, Storage};
use crate::domain::notice::Event;
use crate::domain::webhook::Profile;
use crate::limits::HEAD_BYTES_MIN;

/// The schema.
pub fn schema() -> Value {
    let generator = SchemaSettings::draft07().into_generator();
    let mut root = generator.into_root_schema_for::<Settings>().to_value();
    root["title"] = json!("Settings of standin (standin.toml)");
    root
}

pub(super) fn span(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "pattern": "^([0-9].*|[pP].+)$", "examples": ["30s", "PT24H"] })
}

pub(super) fn size(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "anyOf": [
            { "type": "integer", "minimum": 0 },
            { "type": "string", "pattern": "^[0-9][0-9. ]*([kKmMgGtT]?[iI]?[bB]?)$" },
        ],
        "examples": [4_194_304, "4 MiB", "64KiB"],
    })
}

pub(super) fn head_size(generator: &mut SchemaGenerator) -> Schema {
    let mut schema = size(generator);
    schema.insert(
        "anyOf".to_owned(),
        json!([
            { "type": "integer", "minimum": HEAD_BYTES_MIN },
            { "type": "string", "pattern": "^[0-9][0-9. ]*([kKmMgGtT]?[iI]?[bB]?)$" },
        ]),
    );
    schema
}

/// What a closed list of values is written as.
fn words(all: impl IntoIterator<Item = impl serde::Serialize>) -> Schema {
    let words = all.into_iter();
    let words: Vec<Value> = words
        .filter_map(|one| serde_json::to_value(one).ok())
        .collect();
    json_schema!({ "enum": words })
}

pub(super) fn profile(_: &mut SchemaGenerator) -> Schema {
    words(Profile::ALL)
}

pub(super) fn events(_: &mut SchemaGenerator) -> Schema {
    let mut known: Vec<String> = Event::ALL
        .iter()
        .map(|event| event.word().to_owned())
        .collect();
    // A payment service calls its events by names of its own, and these are taken too.
    known.sort();
    json_schema!({ "type": "array", "items": { "anyOf": [{ "enum": known }, { "type": "string" }] } })
}

pub(super) fn format(_: &mut SchemaGenerator) -> Schema {
    words([
        Format::Uuid,
        Format::RawUuid,
        Format::GenericTFour,
        Format::NumLengthPreserving,
        Format::FpeSixTFour,
        Format::FpeTFour,
        Format::Pfpt,
        Format::AlphanumericSixTFour,
        Format::Custom,
    ])
}

pub(super) fn storage(_: &mut SchemaGenerator) -> Schema {
    words([Storage::Persistent, Storage::Volatile])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn valid(text: &str) -> bool {
        let validator = jsonschema::validator_for(&schema()).unwrap();
        let table: toml::Table = text.parse().unwrap();
        validator.is_valid(&serde_json::to_value(table).unwrap())
    }

    /// The schema and the reader agree about every right and wrong file here.
    #[test]
    fn schema_and_reader_take_the_same() {
        let whole = toml::to_string(&Settings::default()).unwrap();
        for text in [
            "",
            whole.as_str(),
            "[gateway]\non_create_delay = \"15s\"\nexpiry_year_scripts = true\n",
            "[cmp]\ndigits = \"numbers\"\nunusable_token = \"424\"\n",
            "[journal]\nbytes_max = \"4 MiB\"\n",
            "[journal]\nbytes_max = 4096\n",
            "[clients]\nhead_bytes_max = \"64KiB\"\nbody_wait = \"PT1M\"\n",
            "[payments]\nvelocity = { payments = 3, within = \"1h\" }\n",
            "[cryptograms]\nguesses = { wrong = 3, locked_for = \"1h\" }\n",
            "[[webhooks.endpoint]]\nurl = \"http://127.0.0.1:9/\"\nprofile = \"stripe\"\nevents = [\"suspended\"]\n",
            "[[proxy.vault]]\nname = \"a\"\nusername = \"b\"\npassword = \"c\"\n",
            "[[proxy.route]]\nhost = \"a\"\n[[proxy.route.rule]]\naction = \"redact\"\nphase = \"request\"\nformat = \"FPE_T_FOUR\"\n",
        ] {
            let read = Settings::parse(text);
            assert!(read.is_ok(), "{text}{read:?}");
            assert!(valid(text), "the schema: {text}");
        }
    }

    #[test]
    fn schema_and_reader_refuse_the_same() {
        for text in [
            "[gatway]\n",
            "gateway = 3\n",
            "[gateway]\ndelay = \"1s\"\n",
            "[gateway]\non_create_delay = 5\n",
            "[gateway]\non_create_delay = \"soon\"\n",
            "[gateway]\nexpiry_year_scripts = \"yes\"\n",
            "[cmp]\ndigits = \"stringz\"\n",
            "[mastercard]\ngcm_iv_bytes = 16\n",
            "[journal]\nbytes_max = -1\n",
            "[journal]\nbytes_max = \"much\"\n",
            "[clients]\nconnections_max = 0\n",
            "[clients]\nhead_bytes_max = 100\n",
            "[payments]\nvelocity = { payments = 3 }\n",
            "[cryptograms]\nguesses = { wrong = 0, locked_for = \"1h\" }\n",
            "[cryptograms]\nguesses = { wrong = 3 }\n",
            "[webhooks]\nallow = \"host\"\n",
            "[[webhooks.endpoint]]\nspace = \"x\"\n",
            "[[webhooks.endpoint]]\nurl = \"http://127.0.0.1:9/\"\nprofile = \"strype\"\n",
            "[[proxy.vault]]\nname = \"a\"\n",
            "[[proxy.route]]\nhost = \"a\"\n[[proxy.route.rule]]\naction = \"hide\"\nphase = \"request\"\n",
        ] {
            assert!(Settings::parse(text).is_err(), "{text}");
            assert!(!valid(text), "the schema: {text}");
        }
    }
}
