//! In which ways somebody can pretend to be let in: what is forged, and how. Every way must be refused, and a target that sees
//! through one of them may well be taken in by another.

use data_encoding::{BASE64, BASE64URL_NOPAD};
use serde_json::{Value, json};

use super::target::Auth;

/// One way to pretend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attack {
    /// Under a name, or with a key, that was never given out; where requests are signed, the signature is right for its content.
    NeverIssued,
    /// With a credential that was given out, and one thing about it changed: a character, the claims of a token, the secret that
    /// signs.
    Tampered,
    /// With everything but a signature.
    Unsigned,
    /// Under the name of one account, signed with the secret of another.
    OthersSecret,
    /// With the signature of another body.
    OtherBody,
    /// With the signature of another address.
    OtherPath,
    /// With a key of its own, where only another's opens.
    AtOwners,
    /// With a signature that is too old.
    Stale,
    /// With a signature of a time that is still to come.
    Early,
    /// With a request that was sent before.
    Replayed,
}

/// How somebody can pretend whose key was never given out. `token` is an access token that was, where there are such, and `other`
/// shows how another merchant authorises.
pub(crate) fn of_strangers(auth: &Auth, other: Option<&Auth>, token: Option<&str>) -> Vec<Attack> {
    let mut all = vec![Attack::NeverIssued, Attack::Tampered];
    let mixed = other.and_then(|other| with_secret_of(auth, other));
    all.extend(mixed.map(|_| Attack::OthersSecret));
    match auth {
        Auth::Header(header) => {
            let (_, secret) = scheme(&header.value);
            all.extend(altered(secret).map(|_| Attack::Unsigned));
        }
        Auth::ClientCredentials(_) => {
            all.extend(token.and_then(altered).map(|_| Attack::Unsigned));
        }
        Auth::Hmac(hmac) => {
            all.push(Attack::Unsigned);
            let signs = |names: &[&str]| names.iter().any(|name| hmac.content.contains(name));
            all.extend(signs(&["{body}", "{body_sha256}"]).then_some(Attack::OtherBody));
            all.extend(signs(&["{path}"]).then_some(Attack::OtherPath));
        }
        Auth::Oauth1(_) | Auth::XPayToken(_) => {
            all.extend([Attack::OtherBody, Attack::OtherPath]);
        }
        Auth::None => {}
    }
    all
}

/// The name of one account with the secret of another; none where there is no such thing, or the two have one secret. Keys of OAuth
/// 1.0a cannot be compared, and two accounts may well have one.
pub(crate) fn with_secret_of(own: &Auth, other: &Auth) -> Option<Auth> {
    let mut mixed = own.clone();
    match (&mut mixed, other) {
        (Auth::Hmac(mixed), Auth::Hmac(other)) => {
            mixed.secret.clone_from(&other.secret);
            mixed.secret_encoding = other.secret_encoding;
        }
        (Auth::XPayToken(mixed), Auth::XPayToken(other)) => {
            mixed.shared_secret.clone_from(&other.shared_secret);
        }
        (Auth::Header(mixed), Auth::Header(other)) => {
            let (basic, secret) = scheme(&mixed.value);
            let (name, _) = pair(basic, secret)?;
            let (other_scheme, other_secret) = scheme(&other.value);
            let (_, word) = pair(other_scheme, other_secret)?;
            mixed.value = format!("{basic} {}", encoded(&name, &word));
        }
        _ => return None,
    }
    Some(mixed).filter(|mixed| mixed != own && mixed != other)
}

/// The value of a header that authorises, forged.
pub(crate) fn header(value: &str, attack: Attack) -> String {
    let (scheme, secret) = scheme(value);
    let forged = match (pair(scheme, secret), attack) {
        (Some((name, word)), Attack::NeverIssued) => encoded(&never_issued(&name), &word),
        (Some((name, word)), _) => encoded(&name, &tampered(&word)),
        (None, _) => token(secret, attack),
    };
    if scheme.is_empty() {
        forged
    } else {
        format!("{scheme} {forged}")
    }
}

/// A token, forged.
pub(crate) fn token(value: &str, attack: Attack) -> String {
    match attack {
        Attack::Unsigned => unsigned(value).unwrap_or_else(|| tampered(value)),
        Attack::Tampered => altered(value).unwrap_or_else(|| tampered(value)),
        Attack::NeverIssued
        | Attack::OthersSecret
        | Attack::OtherBody
        | Attack::OtherPath
        | Attack::AtOwners
        | Attack::Stale
        | Attack::Early
        | Attack::Replayed => never_issued(value),
    }
}

/// A word of the same shape that was never given out: its letters and digits are turned round.
pub(crate) fn never_issued(value: &str) -> String {
    let turned: String = value.chars().rev().collect();
    if turned == value {
        format!("{value}x")
    } else {
        turned
    }
}

/// A word with one letter or digit changed, in its middle, because the last one may decode to the same.
pub(crate) fn tampered(value: &str) -> String {
    let letters: Vec<char> = value.chars().collect();
    let middle = letters.len() / 2;
    let mut places = (middle..letters.len()).chain((0..middle).rev());
    let plain = |place: &usize| letters.get(*place).is_some_and(char::is_ascii_alphanumeric);
    let Some(place) = places.find(plain) else {
        return format!("{value}x");
    };
    let changed = |(at, letter): (usize, &char)| match letter {
        _ if at != place => *letter,
        'a' | 'A' | '0' => char::from(*letter as u8 + 1),
        'b'..='z' => 'a',
        'B'..='Z' => 'A',
        _ => '0',
    };
    letters.iter().enumerate().map(changed).collect()
}

/// A signed token (RFC 7519) whose claims are others than were signed.
pub(crate) fn altered(token: &str) -> Option<String> {
    let [header, claims, signature] = parts(token)?;
    let mut read = decoded(claims)?;
    let claims = read.as_object_mut()?;
    // It must be another one whatever it claims, and still be in time.
    let later = claims.get("exp").and_then(Value::as_i64);
    claims.insert(
        "exp".to_owned(),
        json!(later.unwrap_or(4_000_000_000) + 86_400),
    );
    let claims = BASE64URL_NOPAD.encode(read.to_string().as_bytes());
    Some(format!("{header}.{claims}.{signature}"))
}

/// The same claims in a token that says of itself that it is not signed (RFC 7519, section 6).
pub(crate) fn unsigned(token: &str) -> Option<String> {
    let [_, claims, _] = parts(token)?;
    let header = BASE64URL_NOPAD.encode(br#"{"alg":"none","typ":"JWT"}"#);
    Some(format!("{header}.{claims}."))
}

fn parts(token: &str) -> Option<[&str; 3]> {
    let parts: Vec<&str> = token.split('.').collect();
    let parts: [&str; 3] = parts.try_into().ok()?;
    let header = decoded(parts[0])?;
    header.get("alg").is_some().then_some(parts)
}

fn decoded(part: &str) -> Option<Value> {
    serde_json::from_slice(&BASE64URL_NOPAD.decode(part.as_bytes()).ok()?).ok()
}

/// The scheme that stands before a credential, or nothing.
fn scheme(value: &str) -> (&str, &str) {
    value.split_once(' ').unwrap_or(("", value))
}

/// Name and password of a Basic credential (RFC 7617).
fn pair(scheme: &str, secret: &str) -> Option<(String, String)> {
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(BASE64.decode(secret.as_bytes()).ok()?).ok()?;
    let (name, word) = text.split_once(':')?;
    Some((name.to_owned(), word.to_owned()))
}

fn encoded(name: &str, word: &str) -> String {
    BASE64.encode(format!("{name}:{word}").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_attack_is_another_credential_of_the_same_shape() {
        let claims = BASE64URL_NOPAD.encode(br#"{"exp":5,"sub":"m1"}"#);
        let head = BASE64URL_NOPAD.encode(br#"{"alg":"RS256"}"#);
        let jwt = format!("Bearer {head}.{claims}.c2ln");
        let later = BASE64URL_NOPAD.encode(br#"{"exp":86405,"sub":"m1"}"#);
        let none = BASE64URL_NOPAD.encode(br#"{"alg":"none","typ":"JWT"}"#);
        let basic = |pair: &str| format!("Basic {}", BASE64.encode(pair.as_bytes()));
        let rows = [
            ("Bearer abc", Attack::NeverIssued, "Bearer cba".to_owned()),
            ("Bearer abc", Attack::Tampered, "Bearer aac".to_owned()),
            ("key-7", Attack::Tampered, "kea-7".to_owned()),
            ("k0-", Attack::Tampered, "k1-".to_owned()),
            ("--", Attack::Tampered, "--x".to_owned()),
            ("aa", Attack::NeverIssued, "aax".to_owned()),
            (&basic("me:pw"), Attack::NeverIssued, basic("em:pw")),
            (&basic("me:pw"), Attack::Tampered, basic("me:pa")),
            (
                &jwt,
                Attack::Tampered,
                format!("Bearer {head}.{later}.c2ln"),
            ),
            (&jwt, Attack::Unsigned, format!("Bearer {none}.{claims}.")),
        ];
        for (value, attack, forged) in rows {
            assert_eq!(header(value, attack), forged, "{value} {attack:?}");
        }
    }

    #[test]
    fn every_kind_of_authentication_has_strangers_of_its_own() {
        let hmac = |content: &str| {
            let text =
                format!("key_id = \"k\"\nsecret = \"s\"\ncontent = \"{content}\"\nheaders = {{}}");
            of_strangers(&Auth::Hmac(toml::from_str(&text).unwrap()), None, None)
        };
        assert_eq!(
            hmac("{method} {path} {body}"),
            [
                Attack::NeverIssued,
                Attack::Tampered,
                Attack::Unsigned,
                Attack::OtherBody,
                Attack::OtherPath
            ]
        );
        assert_eq!(hmac("{now}").len(), 3);
        let oauth = Auth::ClientCredentials(toml::from_str("token_url = \"/t\"").unwrap());
        assert_eq!(of_strangers(&oauth, None, Some("opaque")).len(), 2);
        let head = BASE64URL_NOPAD.encode(br#"{"alg":"RS256"}"#);
        let jwt = format!("{head}.e30.c2ln");
        assert_eq!(of_strangers(&oauth, None, Some(&jwt)).len(), 3);
    }

    #[test]
    fn a_secret_is_another_accounts_where_the_two_differ() {
        let hmac = |key: &str, secret: &str| {
            let text = format!(
                "key_id = \"{key}\"\nsecret = \"{secret}\"\ncontent = \"{{now}}\"\nheaders = {{}}"
            );
            Auth::Hmac(toml::from_str(&text).unwrap())
        };
        assert_eq!(
            with_secret_of(&hmac("a", "s"), &hmac("b", "t")),
            Some(hmac("a", "t"))
        );
        assert_eq!(with_secret_of(&hmac("a", "s"), &hmac("b", "s")), None);
        let ways = of_strangers(&hmac("a", "s"), Some(&hmac("b", "t")), None);
        assert!(ways.contains(&Attack::OthersSecret), "{ways:?}");
        let x_pay = |key: &str, secret: &str| {
            let text = format!("api_key = \"{key}\"\nshared_secret = \"{secret}\"");
            Auth::XPayToken(toml::from_str(&text).unwrap())
        };
        assert_eq!(
            with_secret_of(&x_pay("a", "s"), &x_pay("b", "t")),
            Some(x_pay("a", "t"))
        );
        assert_eq!(with_secret_of(&x_pay("a", "s"), &hmac("b", "t")), None);
    }
}
