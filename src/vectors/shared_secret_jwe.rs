//! Envelopes between two holders of one secret, as Visa's token service and its clients make them.

use rand::Rng as _;
use serde_json::{Map, Value, json};

use super::VectorsError;
use super::material::{Material, NOW_S};
use super::pack::{Cases, Code, Pack, VALID};
use crate::crypto::aes::gcm_seal;
use crate::crypto::digest::sha256;
use crate::crypto::encoding::{base64_url, from_base64_url};
use crate::crypto::jwe::JweError;

const PLAINTEXT: &str = r#"{"paymentInstrument":{"note":"café"}}"#;

/// What an envelope is made of.
#[derive(Clone)]
struct Sealing<'a> {
    /// Wraps the content key.
    key: Vec<u8>,
    content_key: Vec<u8>,
    /// For chance.
    material: &'a Material,
    name: &'static str,
    header: Map<String, Value>,
    plaintext: &'a str,
}

impl Sealing<'_> {
    fn set(mut self, member: &str, value: impl Into<Value>) -> Self {
        self.header.insert(member.to_owned(), value.into());
        self
    }

    fn without(mut self, member: &str) -> Self {
        self.header.shift_remove(member);
        self
    }

    /// The five parts. What the header says of the key's wrapping is put in where it has a place for it.
    fn parts(&self) -> Result<Vec<String>, JweError> {
        let mut rng = self.material.rng(self.name);
        let (mut key_iv, mut iv) = ([0; 12], [0; 12]);
        rng.fill_bytes(&mut key_iv);
        rng.fill_bytes(&mut iv);
        let (encrypted_key, key_tag) =
            gcm_seal(&self.key, &key_iv, b"", &self.content_key).map_err(JweError::Content)?;
        let mut header = self.header.clone();
        for (member, bytes) in [("iv", &key_iv[..]), ("tag", &key_tag[..])] {
            if header.get(member).is_some_and(Value::is_null) {
                header.insert(member.to_owned(), base64_url(bytes).into());
            }
        }
        let header = base64_url(Value::Object(header).to_string().as_bytes());
        let content = &self.content_key;
        let (ciphertext, tag) =
            gcm_seal(content, &iv, header.as_bytes(), self.plaintext.as_bytes())
                .map_err(JweError::Content)?;
        let mut parts = vec![header];
        parts.extend([&encrypted_key[..], &iv, &ciphertext, &tag].map(base64_url));
        Ok(parts)
    }

    fn input(&self) -> Result<Value, JweError> {
        Ok(json!({ "envelope": self.parts()?.join("."), "plaintext": self.plaintext }))
    }
}

/// Name, code and reason of each case.
const WORDS: &str = r#"
plain | valid | as a client with a JOSE library seals
visa | valid | as Visa seals, with more in the header
least | valid | the least JSON there is
text | valid | what is sealed need not be JSON
long | valid | eight kibibytes
other-order | valid | the header may have any order
unknown-member | valid | what is not known in the header is ignored
content-type | valid | cty is allowed
alg-dir | algorithm | alg says that there is no wrapped key
alg-none | algorithm | alg says that there is no encryption
alg-rsa | algorithm | alg is one of another key
alg-smaller | algorithm | alg is of half the key length
alg-case | algorithm | algorithms are told apart by case
no-alg | header | alg is missing
alg-list | header | alg is a list
enc-smaller | content_encryption | enc is of half the key length
enc-cbc | content_encryption | enc is another mode
no-enc | header | enc is missing
other-kid | key_id | kid names another key, although this one opens it
no-kid | no_key_id | kid is missing
zip | compression | the content says that it is compressed
crit | critical | an extension must be understood that nobody knows
no-wrap-iv | key_wrap | the nonce of the key is missing
no-wrap-tag | key_wrap | the tag of the key is missing
short-wrap-iv | key_wrap | the nonce of the key has eight bytes
short-wrap-tag | key_wrap | the tag of the key has twelve bytes
other-wrap-tag | key | the tag of the key is another one
other-secret | key | wrapped under another secret
unhashed-secret | key | wrapped under the secret itself, filled up with zeros
hashed-twice | key | wrapped under the hash of the hash
short-content-key | key | the content key has sixteen bytes
bent-key | key | one bit of the wrapped key is another
short-key | key | the wrapped key is cut short
bent-iv | content | one bit of the nonce is another
short-iv | content | the nonce has eight bytes
bent-content | content | one bit of the content is another
short-content | content | the content is cut short
bent-tag | content | one bit of the tag is another
short-tag | content | the tag has twelve bytes
added-to-header | content | the header was changed after sealing
mixed | content | header and key are of another envelope
four-parts | parts | the tag is missing
six-parts | parts | there is a part too many
header-no-json | header | the header is no JSON
empty | parts | there is nothing
"#;

pub(super) fn pack(material: &Material) -> Result<Pack, VectorsError> {
    let (kid, secret) = (material.letters("kid"), material.letters("envelopes"));
    let header =
        json!({ "alg": "A256GCMKW", "enc": "A256GCM", "kid": kid, "iv": null, "tag": null });
    let plain = Sealing {
        key: sha256(secret.as_bytes()).to_vec(),
        content_key: material.bytes("content key").to_vec(),
        material,
        name: "envelope",
        header: header.as_object().cloned().unwrap_or_default(),
        plaintext: PLAINTEXT,
    };
    let mut cases = Cases::new(WORDS);
    valid(&mut cases, &plain)?;
    headers(&mut cases, &plain)?;
    keys(&mut cases, &plain, &secret)?;
    changed(&mut cases, &plain)?;
    Ok(Pack {
        name: "shared-secret-jwe",
        about: "Compact JWE under a shared secret, as Visa's token service and its clients seal payloads",
        sources: &[
            "RFC 7516 and RFC 7518, section 4.7 (A256GCMKW) and 5.3 (A256GCM)",
            "visa/mcp, packages/api-client: the key is the SHA-256 of the secret",
        ],
        rules: &[
            "There are five parts in base64url without padding. The first is a JSON object.",
            "The header has no crit and no zip.",
            "alg is A256GCMKW and enc is A256GCM. The header is never asked to choose.",
            "kid is there and is the name of this key.",
            "iv and tag of the header have 12 and 16 bytes.",
            "The key is the SHA-256 of the UTF-8 bytes of the secret. It unwraps a content key of 32 bytes.",
            "iv has 12 bytes and tag 16; the first part, as it was sent, is the associated data. What comes out is the plaintext.",
        ],
        codes: &[
            Code(VALID, "opens to the plaintext"),
            Code("parts", "there are not five parts"),
            Code(
                "header",
                "the header is no JSON object with the members that it needs",
            ),
            Code("critical", "an extension is marked as critical"),
            Code("compression", "the content is to be compressed"),
            Code("algorithm", "alg is not A256GCMKW"),
            Code("content_encryption", "enc is not A256GCM"),
            Code("no_key_id", "the header names no key"),
            Code("key_id", "the header names another key"),
            Code(
                "key_wrap",
                "iv or tag of the header is missing or has another length",
            ),
            Code(
                "key",
                "the content key does not unwrap, or has another length",
            ),
            Code("content", "the content does not open"),
        ],
        keys: json!({ "kid": kid, "secret": secret }),
        cases,
    })
}

fn valid(cases: &mut Cases, plain: &Sealing<'_>) -> Result<(), JweError> {
    let mut add = |name, sealing: Sealing<'_>| sealing.input().map(|input| cases.add(name, input));
    let other = |plaintext| Sealing {
        plaintext,
        name: "another envelope",
        ..plain.clone()
    };
    let long = "0123456789abcdef".repeat(512);
    let visa = plain.clone().set("typ", "JOSE");
    let visa = visa.set("channelSecurityContext", "SHARED_SECRET");
    let mut reversed = plain.clone();
    reversed.header = plain.header.clone().into_iter().rev().collect();
    add("plain", plain.clone())?;
    add("visa", visa.set("iat", NOW_S.to_string()))?;
    add("least", other("{}"))?;
    add("text", other("plain text\n"))?;
    add("long", other(&long))?;
    add("other-order", reversed)?;
    add("unknown-member", plain.clone().set("x-note", "ignored"))?;
    add("content-type", plain.clone().set("cty", "application/json"))?;
    Ok(())
}

fn headers(cases: &mut Cases, plain: &Sealing<'_>) -> Result<(), JweError> {
    let mut add = |name, sealing: Sealing<'_>| sealing.input().map(|input| cases.add(name, input));
    let set = |member, value: Value| plain.clone().set(member, value);
    add("alg-dir", set("alg", "dir".into()))?;
    add("alg-none", set("alg", "none".into()))?;
    add("alg-rsa", set("alg", "RSA-OAEP-256".into()))?;
    add("alg-smaller", set("alg", "A128GCMKW".into()))?;
    add("alg-case", set("alg", "a256gcmkw".into()))?;
    add("no-alg", plain.clone().without("alg"))?;
    add("alg-list", set("alg", json!(["A256GCMKW"])))?;
    add("enc-smaller", set("enc", "A128GCM".into()))?;
    add("enc-cbc", set("enc", "A256CBC-HS512".into()))?;
    add("no-enc", plain.clone().without("enc"))?;
    add("other-kid", set("kid", "another".into()))?;
    add("no-kid", plain.clone().without("kid"))?;
    add("zip", set("zip", "DEF".into()))?;
    add("crit", set("crit", json!(["x-note"])).set("x-note", "1"))?;
    add("no-wrap-iv", plain.clone().without("iv"))?;
    add("no-wrap-tag", plain.clone().without("tag"))?;
    add("short-wrap-iv", set("iv", base64_url(&[7; 8]).into()))?;
    add("short-wrap-tag", set("tag", base64_url(&[7; 12]).into()))?;
    add("other-wrap-tag", set("tag", base64_url(&[7; 16]).into()))?;
    Ok(())
}

fn keys(cases: &mut Cases, plain: &Sealing<'_>, secret: &str) -> Result<(), JweError> {
    let mut add = |name, key: Vec<u8>, content_key: Vec<u8>| {
        let sealing = Sealing {
            key,
            content_key,
            ..plain.clone()
        };
        sealing.input().map(|input| cases.add(name, input))
    };
    let right = plain.content_key.clone();
    let other = plain.material.bytes("another secret").to_vec();
    add("other-secret", other, right.clone())?;
    let mut unhashed = secret.as_bytes().to_vec();
    unhashed.resize(32, 0);
    add("unhashed-secret", unhashed, right.clone())?;
    let twice = sha256(&plain.key).to_vec();
    add("hashed-twice", twice, right.clone())?;
    add("short-content-key", plain.key.clone(), right[..16].to_vec())?;
    Ok(())
}

fn changed(cases: &mut Cases, plain: &Sealing<'_>) -> Result<(), JweError> {
    let parts = plain.parts()?;
    let mut add = |name, parts: &[String]| {
        let input = json!({ "envelope": parts.join("."), "plaintext": PLAINTEXT });
        cases.add(name, input);
    };
    let with = |place: usize, text: String| {
        let mut parts = parts.clone();
        parts[place] = text;
        parts
    };
    let bent = |place: usize| {
        let mut bytes = from_base64_url(&parts[place]).unwrap_or_default();
        if let Some(first) = bytes.first_mut() {
            *first ^= 1;
        }
        with(place, base64_url(&bytes))
    };
    let cut = |place: usize, bytes: usize| {
        let whole = from_base64_url(&parts[place]).unwrap_or_default();
        with(place, base64_url(&whole[..bytes.min(whole.len())]))
    };
    add("bent-key", &bent(1));
    add("short-key", &cut(1, 16));
    add("bent-iv", &bent(2));
    add("short-iv", &cut(2, 8));
    add("bent-content", &bent(3));
    add("short-content", &cut(3, 8));
    add("bent-tag", &bent(4));
    add("short-tag", &cut(4, 12));
    let mut more = plain.header.clone();
    more.insert("x-note".to_owned(), "added".into());
    let rewritten = Sealing {
        header: more,
        ..plain.clone()
    };
    add("added-to-header", &with(0, rewritten.parts()?[0].clone()));
    let other = Sealing {
        name: "yet another",
        content_key: plain.material.bytes("yet another").to_vec(),
        ..plain.clone()
    };
    let other = other.parts()?;
    let mixed: Vec<_> = other[..2].iter().chain(&parts[2..]).cloned().collect();
    add("mixed", &mixed);
    add("four-parts", &parts[..4]);
    let mut six = parts.clone();
    six.push(parts[4].clone());
    add("six-parts", &six);
    add("header-no-json", &with(0, base64_url(b"alg=A256GCMKW")));
    add("empty", &[String::new()]);
    Ok(())
}
