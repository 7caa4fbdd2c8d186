//! Signs requests with a shared secret, as a target file says how, and reads signatures of webhooks that are made so.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::binding::template::{Variables, fill_text, names};
use super::forged::{Attack, never_issued, tampered};
use super::http::Sent;
use super::target::webhooks::Encoding;
use super::target::{Auth, Hmac};
use crate::crypto::digest::sha256;
use crate::crypto::encoding::{base64, from_base64, from_hex, hex};
use crate::crypto::mac::{HmacKey, hmac_sha256};

/// What templates of a signature may name besides the variables of whoever asks.
pub(crate) const NAMES: [&str; 10] = [
    "method",
    "path",
    "body",
    "body_sha256",
    "key_id",
    "now",
    "now_ms",
    "now_iso",
    "uuid",
    "nonce",
];

/// Signs a request, or forges a signature in one way. `moment` has the variables of time and chance, and of whoever asks.
///
/// # Errors
/// A text that names what is wrong with the templates, the key or the request's URL.
pub(crate) fn show(
    auth: &Auth,
    attack: Option<Attack>,
    sent: &mut Sent,
    moment: Variables,
) -> Result<(), String> {
    let mut signed = sent.clone();
    match attack {
        Some(Attack::OtherBody) => {
            let body = signed.body.take().unwrap_or_default();
            signed.body = Some(format!("{body} "));
        }
        Some(Attack::OtherPath) => signed.url.push_str("/other"),
        _ => {}
    }
    let (never, spoilt) = (
        attack == Some(Attack::NeverIssued),
        attack == Some(Attack::Tampered),
    );
    let now_s = moment
        .get("now")
        .and_then(Value::as_i64)
        .unwrap_or_default();
    match auth {
        Auth::Hmac(hmac) => {
            let mut hmac = hmac.clone();
            if never {
                hmac.key_id = never_issued(&hmac.key_id);
            }
            if spoilt {
                hmac.secret = other_secret(&hmac);
            }
            let withheld = attack == Some(Attack::Unsigned);
            sign(&hmac, &mut signed, moment, withheld)?;
        }
        Auth::Oauth1(oauth1) => {
            let mut oauth1 = oauth1.clone();
            if never {
                oauth1.consumer_key = never_issued(&oauth1.consumer_key);
            }
            let nonce = moment.get("nonce").and_then(Value::as_str);
            oauth1.sign(&mut signed, now_s, nonce.unwrap_or_default())?;
            if spoilt {
                spoil(&mut signed);
            }
        }
        Auth::XPayToken(x_pay) => {
            let mut x_pay = x_pay.clone();
            if never {
                x_pay.api_key = never_issued(&x_pay.api_key);
            }
            if spoilt {
                x_pay.shared_secret = tampered(&x_pay.shared_secret);
            }
            x_pay.sign(&mut signed, now_s)?;
        }
        Auth::Header(_) | Auth::ClientCredentials(_) | Auth::None => {}
    }
    // The request is what was to be sent, whatever was signed.
    sent.headers = signed.headers;
    if attack != Some(Attack::OtherPath) {
        sent.url = signed.url;
    } else if let Auth::XPayToken(x_pay) = auth {
        x_pay.name_key(sent);
    }
    Ok(())
}

/// A secret that can be read as the right one can, and is another.
fn other_secret(hmac: &Hmac) -> String {
    match hmac.secret_encoding {
        Encoding::Text | Encoding::Hex => tampered(&hmac.secret),
        Encoding::Base64 => base64(tampered(&hmac.secret).as_bytes()),
    }
}

/// Changes the signature of OAuth 1.0a in its header.
fn spoil(sent: &mut Sent) {
    const MARK: &str = "oauth_signature=\"";
    for (name, value) in &mut sent.headers {
        let place = value.find(MARK).filter(|_| name == "authorization");
        let Some((head, code)) = place.and_then(|at| value.split_at_checked(at + MARK.len()))
        else {
            continue;
        };
        let (code, rest) = code.split_once('"').unwrap_or((code, ""));
        *value = format!("{head}{}\"{rest}", tampered(code));
    }
}

/// Puts the headers of a signature into a request. `moment` has the variables of time and chance. Where the signature is
/// withheld, everything else is there.
///
/// # Errors
/// A text that names what is wrong with the templates.
fn sign(hmac: &Hmac, sent: &mut Sent, moment: Variables, withheld: bool) -> Result<(), String> {
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
    let code = match withheld {
        true => String::new(),
        false => written(&code, hmac.encoding),
    };
    variables.insert("signature".to_owned(), json!(code));
    for (name, template) in &hmac.headers {
        // A header that tells nothing else is not sent.
        let empty = withheld && names(template) == ["signature"];
        let value = fill_text(template, &variables)?;
        sent.set_header(name, Some(value).filter(|_| !empty));
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
            false,
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

    /// The headers of a request that is signed so.
    fn shown(headers: &str, attack: Option<Attack>) -> (String, Vec<(String, String)>) {
        let hmac: Hmac = toml::from_str(&format!(
            "key_id = \"key7\"\nsecret = \"word\"\ncontent = \"{{account}} {{method}} {{path}} {{body}}\"\nheaders = {{ {headers} }}"
        ))
        .unwrap();
        let mut sent = Sent::new("POST", "http://h:1/a").body("{}");
        let mut moment = moment(7000, "00112233445566778899aabbccddeeff");
        moment.insert("account".to_owned(), json!("acc"));
        show(&Auth::Hmac(hmac), attack, &mut sent, moment).unwrap();
        assert_eq!(sent.body.as_deref(), Some("{}"));
        (sent.url, sent.headers)
    }

    #[test]
    fn a_forgery_is_wrong_in_one_thing() {
        let two = "x-key = \"{key_id}\", x-sig = \"{signature}\"";
        let signed = |secret: &str, content: &str| {
            let code = hmac_sha256(&HmacKey::new(secret.as_bytes()), &[content.as_bytes()]);
            hex(&code)
        };
        let right = signed("word", "acc POST /a {}");
        let rows = [
            (None, Some("key7"), Some(right.clone())),
            (Some(Attack::NeverIssued), Some("7yek"), Some(right.clone())),
            (
                Some(Attack::Tampered),
                Some("key7"),
                Some(signed("woad", "acc POST /a {}")),
            ),
            (Some(Attack::Unsigned), Some("key7"), None),
            (
                Some(Attack::OtherBody),
                Some("key7"),
                Some(signed("word", "acc POST /a {} ")),
            ),
            (
                Some(Attack::OtherPath),
                Some("key7"),
                Some(signed("word", "acc POST /a/other {}")),
            ),
        ];
        for (attack, key, signature) in rows {
            let (url, headers) = shown(two, attack);
            let header = |name: &str| {
                let found = headers.iter().find(|(known, _)| known == name);
                found.map(|(_, value)| value.clone())
            };
            assert_eq!(url, "http://h:1/a");
            assert_eq!(header("x-key").as_deref(), key, "{attack:?}");
            assert_eq!(header("x-sig"), signature, "{attack:?}");
        }
        let (_, headers) = shown("auth = \"K {key_id}:{signature}\"", Some(Attack::Unsigned));
        assert_eq!(headers, [("auth".to_owned(), "K key7:".to_owned())]);
    }
}
