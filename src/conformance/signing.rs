//! Signs requests with a shared secret, as a target file says how, and reads signatures of webhooks that are made so.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::binding::template::{Variables, fill_text};
use super::http::Sent;
use super::target::Hmac;
use super::target::webhooks::Encoding;
use crate::crypto::digest::sha256;
use crate::crypto::encoding::{base64, from_base64, from_hex, hex};
use crate::crypto::mac::{HmacKey, hmac_sha256};

/// Puts the headers of a signature into a request. `moment` has the variables of time and chance.
///
/// # Errors
/// A text that names what is wrong with the templates.
pub(crate) fn sign(hmac: &Hmac, sent: &mut Sent, moment: Variables) -> Result<(), String> {
    let path: hyper::Uri = sent.url.parse().map_err(|e| format!("{}: {e}", sent.url))?;
    let path = path.path_and_query().map_or("/", |path| path.as_str());
    let body = sent.body.clone().unwrap_or_default();
    let mut variables = moment;
    for (name, value) in [
        ("method", json!(sent.method)),
        ("path", json!(path)),
        ("body_sha256", json!(hex(&sha256(body.as_bytes())))),
        ("body", json!(body)),
        ("key_id", json!(hmac.key_id)),
    ] {
        variables.insert(name.to_owned(), value);
    }
    let content = fill_text(&hmac.content, &variables)?;
    let key = key(&hmac.secret, hmac.secret_encoding)?;
    let code = hmac_sha256(&key, &[content.as_bytes()]);
    variables.insert("signature".to_owned(), json!(written(&code, hmac.encoding)));
    for (name, template) in &hmac.headers {
        sent.set_header(name, Some(fill_text(template, &variables)?));
    }
    Ok(())
}

/// A key as it is written somewhere.
///
/// # Errors
/// A text when it is not written so.
pub(crate) fn key(secret: &str, encoding: Encoding) -> Result<HmacKey, String> {
    let bytes = match encoding {
        Encoding::Text => secret.as_bytes().to_vec(),
        Encoding::Hex => {
            from_hex(secret).map_err(|_| "the secret is not hexadecimal".to_owned())?
        }
        Encoding::Base64 => {
            from_base64(secret).map_err(|_| "the secret is not base64".to_owned())?
        }
    };
    Ok(HmacKey::new(&bytes))
}

/// Bytes as they are written.
pub(crate) fn written(bytes: &[u8], encoding: Encoding) -> String {
    match encoding {
        Encoding::Hex | Encoding::Text => hex(bytes),
        Encoding::Base64 => base64(bytes),
    }
}

/// What templates of a signature may name, for whoever reads a target file.
pub(crate) fn moment(now_ms: i64, nonce: &str) -> BTreeMap<String, Value> {
    let mut moment = Variables::new();
    super::binding::refresh(&mut moment, now_ms, nonce);
    moment
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_signed_as_the_file_says() {
        let hmac: Hmac = toml::from_str(
            "key_id = \"k1\"\nsecret = \"s\"\ncontent = \"{method} {path} {now} {body}\"\nheaders = { x-key = \"{key_id}\", x-sig = \"v1={signature}\", x-at = \"{now}\" }",
        )
        .unwrap();
        let mut sent = Sent::new("POST", "http://h:1/a?b=c").body("{}");
        sign(
            &hmac,
            &mut sent,
            moment(7000, "00112233445566778899aabbccddeeff"),
        )
        .unwrap();
        let code = hmac_sha256(&HmacKey::new(b"s"), &[b"POST /a?b=c 7 {}"]);
        let header = |name: &str| {
            let found = sent.headers.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| value.clone())
        };
        assert_eq!(header("x-sig"), Some(format!("v1={}", hex(&code))));
        assert_eq!(header("x-key").as_deref(), Some("k1"));
        assert_eq!(header("x-at").as_deref(), Some("7"));
    }
}
