//! Which merchant calls: by its secret key, or by an access token that the key's place was given for.

use http::HeaderMap;

use super::errors::{CheckoutError, Own};
use super::idempotency::KEYS;
use crate::domain::merchant::Service;
use crate::limits::TEXT_BYTES_MAX;
use crate::operations::SpaceName;
use crate::operations::merchant_access::{self, PREFIX};
use crate::wire::edge::credentials::{authorization, bearer, space_behind};
use crate::wire::edge::oauth_client::client_of_request;
use crate::wire::edge::payment::MerchantAccount;
use crate::wire::edge::{Head, Request, RequestContext, psp};

/// What is asked for, as scopes of access tokens name it. A key may do everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Right {
    Pay,
    Read,
    Capture,
    Void,
    Refund,
    Reverse,
    NetworkTokens,
}

impl Right {
    /// Any one of these will do. The names are those of Checkout.com's client libraries.
    const fn scopes(self) -> &'static [&'static str] {
        match self {
            Self::Pay => &["gateway", "gateway:payment"],
            Self::Read => &["gateway", "gateway:payment-details"],
            Self::Capture => &["gateway", "gateway:payment-captures"],
            Self::Void => &["gateway", "gateway:payment-voids"],
            Self::Refund => &["gateway", "gateway:payment-refunds"],
            Self::Reverse => &["gateway", "gateway:payment-cancellations"],
            Self::NetworkTokens => &["vault", "vault:network-tokens"],
        }
    }
}

/// Whether this can be a list of scopes: words with one space between them. Which of them standin has a use for does not
/// matter, because a client may ask for more.
pub(super) fn is_scope(text: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || b":-_.".contains(&byte);
    let word = |word: &str| !word.is_empty() && word.bytes().all(letter);
    text.len() <= TEXT_BYTES_MAX && text.split(' ').all(word)
}

/// The key or access token. Checkout.com takes it without the word Bearer too.
pub(in crate::wire) fn key(headers: &HeaderMap) -> Option<&str> {
    bearer(headers).or_else(|| authorization(headers))
}

/// Whether the request carries a credential of Checkout.com's, good or not.
pub(in crate::wire) fn is_credential(headers: &HeaderMap) -> bool {
    let kinds = ["sk_", "pk_", PREFIX];
    key(headers).is_some_and(|key| kinds.iter().any(|kind| key.starts_with(kind)))
}

/// Whether it is a client's access token that the request carries, and no key. A key belongs to a processing channel, and a
/// client has to name one (API reference, request a payment, `processing_channel_id`).
pub(super) fn is_by_client(headers: &HeaderMap) -> bool {
    key(headers).is_some_and(|key| key.starts_with(PREFIX))
}

/// Lets a merchant in.
pub(super) fn enter<'a>(
    context: &mut RequestContext,
    request: &'a Request,
    right: Right,
) -> Result<MerchantAccount<'a>, CheckoutError> {
    let key = key(&request.headers).ok_or(Own::Unauthorized)?;
    let merchant = if key.starts_with(PREFIX) {
        let access =
            merchant_access::verify(&request.space, key, request.now).ok_or(Own::Unauthorized)?;
        context.recognise_merchant(&access.merchant.name);
        let mut scopes = access.scope.split(' ');
        if !scopes.any(|scope| right.scopes().contains(&scope)) {
            return Err(Own::Forbidden.into());
        }
        access.merchant
    } else {
        psp::enter(context, request, Service::Checkout, key).ok_or(Own::Unauthorized)?
    };
    Ok(MerchantAccount {
        merchant,
        terms: &KEYS,
    })
}

/// The space of the key, of the access token, or of the client that asks for one.
pub(super) fn space_of(head: &Head<'_>) -> Option<SpaceName> {
    if let Some(client) = client_of_request(head.headers, head.body) {
        return space_behind(&client.id);
    }
    let key = key(head.headers)?;
    merchant_access::space_of(key).or_else(|| space_behind(key))
}
