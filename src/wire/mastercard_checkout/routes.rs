//! What Checkout Solutions answers, route by route. What each route does is in the file of its subject.

use super::{cards, credentials, keys};
use crate::wire::edge::{Route, routes};

/// Every route that a card on file needs, and the keys that go with them. A card on file is a token of MDES, so the domain's
/// words are those of tokens.
pub(super) const ROUTES: &[Route] = routes![
    POST "/src/api/digital/payments/cards" Provision => cards::enrol,
    GET "/src/api/digital/payments/cards/{cardId}" ReadToken => cards::read,
    DELETE "/src/api/digital/payments/cards/{cardId}" DeleteToken => cards::delete,
    GET "/src/api/digital/payments/cards/{cardId}/transactions" ReadPayment => cards::transactions,
    POST "/src/api/digital/payments/transaction/credentials" IssueCryptogram => credentials::checkout,
    GET "/keys" ReadKeys => keys::list,
];
