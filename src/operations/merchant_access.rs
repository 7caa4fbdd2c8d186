//! Access tokens of merchants at a payment service that gives them in place of a key. A token says whom it lets in, to what
//! and until when, under a MAC of the space's, so nothing is kept.

use super::space::{SharedConfig, Space};
use super::space_name::SpaceName;
use crate::crypto::encoding::{base64_url, from_base64_url_exact};
use crate::crypto::mac::same;
use crate::domain::merchant::Merchant;
use crate::domain::moment::Moment;
use crate::limits::MERCHANT_ACCESS_LIFETIME;
use crate::seed::Purpose;

/// What such a token begins with, so that it is told from a key and from the gateway's tokens.
pub const PREFIX: &str = "cko_";

/// Whom a token lets in.
#[derive(Debug)]
pub struct MerchantAccess<'a> {
    pub merchant: &'a Merchant,
    /// Words that the service gives a meaning.
    pub scope: String,
}

/// The merchant whose client and secret these are. A client may name a space behind `@`, which is not looked at here.
pub fn authenticate<'a>(
    config: &'a SharedConfig,
    client: &str,
    secret: &str,
) -> Option<&'a Merchant> {
    let (client, _) = client.split_once('@').unwrap_or((client, ""));
    let mut merchants = config.merchants.iter();
    let merchant = merchants.find(|merchant| merchant.checkout_client == client)?;
    same(merchant.checkout_secret.as_bytes(), secret.as_bytes()).then_some(merchant)
}

/// A token for a merchant, made at `now`.
pub fn issue(space: &Space, merchant: &Merchant, scope: &str, now: Moment) -> String {
    let expires = now.plus(MERCHANT_ACCESS_LIFETIME);
    let claims = [
        &merchant.name,
        space.name.text(),
        &expires.seconds().to_string(),
        scope,
    ]
    .join("\n");
    let claims = base64_url(claims.as_bytes());
    format!("{PREFIX}{claims}.{}", mac(space, &claims))
}

/// Whom the token lets into this space at `now`. None when it is not of this space or has expired.
pub fn verify<'a>(space: &'a Space, token: &str, now: Moment) -> Option<MerchantAccess<'a>> {
    let (claims, signature) = token.strip_prefix(PREFIX)?.split_once('.')?;
    if !same(mac(space, claims).as_bytes(), signature.as_bytes()) {
        return None;
    }
    let [name, _, expires, scope] = read(claims)?;
    if Moment::from_seconds(expires.parse().ok()?) <= now {
        return None;
    }
    let merchant = space.config.merchants.named(&name)?;
    Some(MerchantAccess { merchant, scope })
}

/// The space that a token says it is for, believed only as far as choosing a space to verify it at.
pub fn space_of(token: &str) -> Option<SpaceName> {
    let (claims, _) = token.strip_prefix(PREFIX)?.split_once('.')?;
    let [_, space, ..] = read(claims)?;
    SpaceName::parse(&space).ok()
}

fn read(claims: &str) -> Option<[String; 4]> {
    let text = String::from_utf8(from_base64_url_exact(claims).ok()?).ok()?;
    let lines: Vec<_> = text.split('\n').map(str::to_owned).collect();
    lines.try_into().ok()
}

fn mac(space: &Space, claims: &str) -> String {
    let bytes = space
        .seed
        .derive16(Purpose::MerchantAccess, &[claims.as_bytes()]);
    base64_url(&bytes)
}
