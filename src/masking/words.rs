//! The vocabulary of secrets, as parts of names. Words are in lower case; a phrase is written without what joins its parts,
//! so that `client_secret`, `clientSecret`, `Client-Secret` and `clientsecret` are one. Words are singular; that several are
//! meant is seen by the `s` behind them.

/// A name that ends in one of these, up to what is said about it, is a secret's: `cvc`, `card_cvc`, `cardcvc`, `cvc2`.
pub(super) const SECRETS: [&str; 50] = [
    "cvc",
    "cvv",
    "trackdata",
    "secret",
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "assertion",
    "securitycode",
    "securitydigits",
    "verificationcode",
    "verificationvalue",
    "verificationnumber",
    "dynamicdatavalue",
    "issuerauthcode",
    "onetimecode",
    // Mastercard's `de48se43Data`; trailing digits of parts do not count.
    "desedata",
    "accesstoken",
    "refreshtoken",
    "idtoken",
    "authtoken",
    "apitoken",
    "paytoken",
    "bearertoken",
    "controltoken",
    "sessiontoken",
    "securetoken",
    "securitytoken",
    "csrftoken",
    "xsrftoken",
    "accesskey",
    "apikey",
    "authkey",
    "clientkey",
    "decryptionkey",
    "encryptedkey",
    "encryptionkey",
    "ephemeralkey",
    "hmackey",
    "masterkey",
    "privatekey",
    "secretkey",
    "sharedkey",
    "signingkey",
    "symmetrickey",
    "tokenkey",
    "webhookkey",
    "wrappedkey",
    "sessionkey",
];
/// The same, as a whole part only: they are ends of ordinary words, such as `spin` and `soundtrack`.
pub(super) const SECRET_PARTS: [&str; 11] = [
    // `cv2`; trailing digits of parts do not count.
    "csc", "cid", "cv", "cvn", "cvd", "pin", "otp", "track", "pwd", "cookie", "bearer",
];
/// The same, of what a cryptogram is called. As an object it keeps what is said of it: kind, indicator, times.
pub(super) const CRYPTOGRAMS: [&str; 7] = [
    "cryptogram",
    "cavv",
    "tavv",
    "dtvv",
    "dtvc",
    "authenticationvalue",
    "authenticationverificationvalue",
];
/// The same, as a whole part only.
pub(super) const CRYPTOGRAM_PARTS: [&str; 2] = ["ucaf", "aav"];
/// The same, of card and token numbers, which keep their first six and last four digits.
pub(super) const NUMBERS: [&str; 4] = ["cardno", "cardnumber", "accountnumber", "tokennumber"];
/// The same, as a whole part only.
pub(super) const NUMBER_PARTS: [&str; 4] = ["pan", "dpan", "fpan", "mpan"];
/// The last word of a name under which a card stands: as an object, or as nothing but its number.
pub(super) const CARD: &str = "card";
/// A header or a member that carries credentials. As an object it is a payment's authorization, whose members speak for
/// themselves.
pub(super) const CREDENTIALS: &str = "authorization";

/// Behind the word for a secret these say that the name is of something about it: `cvc_check`, `token_type`,
/// `secret_last4`, `api_key_id`, `client_secret_expires_at`.
pub(super) const ABOUT: [&str; 54] = [
    "alg",
    "algorithm",
    "allowed",
    "at",
    "attempts",
    "brand",
    "check",
    "checks",
    "count",
    "created",
    "date",
    "eci",
    "endpoint",
    "error",
    "errors",
    "expiration",
    "expired",
    "expires",
    "expiry",
    "format",
    "id",
    "ids",
    "indicator",
    "kind",
    "label",
    "last",
    "length",
    "limit",
    "match",
    "matched",
    "method",
    "methods",
    "name",
    "policy",
    "present",
    "provided",
    "reason",
    "ref",
    "reference",
    "references",
    "required",
    "response",
    "result",
    "results",
    "sequence",
    "source",
    "state",
    "status",
    "supported",
    "type",
    "updated",
    "url",
    "verified",
    "version",
];

/// What an amount is called: a `value` inside it is money.
pub(super) const AMOUNTS: [&str; 9] = [
    "amount", "balance", "cost", "discount", "fee", "price", "subtotal", "tax", "total",
];

/// Parts of what a network's own reference to a payment is called. It has as many digits as some card numbers.
pub(super) const REFERENCES: [&str; 9] = [
    "banknet",
    "nti",
    "retrieval",
    "scheme",
    "stan",
    "tlid",
    "trace",
    "transaction",
    "tx",
];

/// In the query of an absolute URL these are credentials too; in a body they are payment tokens and reasons.
pub(super) const QUERY_CREDENTIALS: [&str; 8] = [
    "auth",
    "hmac",
    "key",
    "sig",
    "sign",
    "signature",
    "token",
    "webhooktoken",
];

/// A header whose name ends in one of these carries a credential, where a body has payment tokens and names of records.
pub(super) const HEADER_CREDENTIALS: [&str; 6] =
    ["auth", "credential", "jwt", "key", "session", "token"];
/// Unless this stands before it: `idempotency-key`, `sec-websocket-key`, `x-publishable-key`.
pub(super) const HEADER_PUBLIC: [&str; 5] = [
    "idempotency",
    "public",
    "publishable",
    "surrogate",
    "websocket",
];

/// What a private key in JSON calls its parts (RFC 7518, sections 6.2.2, 6.3.2 and 6.4.1).
pub(super) const JWK_SECRETS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
