//! Every defect of a client that a judge looks for: one row each.

use serde::Serialize;

macro_rules! defects {
    ($($name:ident $word:literal $sentence:literal $clause:literal)*) => {
        /// What a client does wrong.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        pub enum Defect {
            $(
                #[serde(rename = $word)]
                $name,
            )*
        }

        impl Defect {
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// By this word reports call it.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word),* }
            }

            /// What the client did.
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$name => $sentence),* }
            }

            /// What says that it must not.
            pub const fn clause(self) -> &'static str {
                match self { $(Self::$name => $clause),* }
            }
        }
    };
}

defects! {
    // Credentials.
    SignatureRepeated "signature_repeated" "A request was refused for its signature and sent again unchanged." "RFC 9110, 15.5.2: a request that was refused with 401 is repeated with new or replaced credentials"
    CredentialRepeated "credential_repeated" "A request was refused for its credentials and sent again with the same ones." "RFC 9110, 15.5.2: a request that was refused with 401 is repeated with new or replaced credentials"

    // Idempotency.
    KeyOtherBody "key_other_body" "An idempotency key came again with another body." "draft-ietf-httpapi-idempotency-key-header, 2.2: a key must not be reused with another payload"
    KeyOtherRequest "key_other_request" "An idempotency key came again for another request." "draft-ietf-httpapi-idempotency-key-header, 2.2: a key is unique to one request"
    RetriedWithNewKey "retried_with_new_key" "A payment whose reply was lost was sent again with another idempotency key." "Stripe, API reference, idempotent requests: a request that failed in the network is retried with the same key"
    RetriedWithoutKey "retried_without_key" "A payment whose reply was lost was sent again without an idempotency key." "Stripe, API reference, idempotent requests: a request that failed in the network is retried with the same key"

    // Cryptograms.
    CryptogramReused "cryptogram_reused" "A payment carried a cryptogram that an earlier payment had spent." "EMVCo, payment tokenisation framework: a token cryptogram is good for one transaction"
    CryptogramTooOld "cryptogram_too_old" "A payment carried a cryptogram that was past its life." "VGS, network tokens: a cryptogram is asked for when it is needed, and expires"
    CryptogramMixedUp "cryptogram_mixed_up" "A payment carried a cryptogram that is not this token's, or in the field of another kind." "EMVCo, payment tokenisation framework: a token cryptogram is made for one token"
    CryptogramMissing "cryptogram_missing" "The customer paid with a token, and no cryptogram came with it." "EMVCo, payment tokenisation framework: a payment of the cardholder's carries a token cryptogram"
    CryptogramForLess "cryptogram_for_less" "A payment was for more than its cryptogram had been asked for, or in another currency." "VGS, cryptograms: the amount and currency of the payment are those that the cryptogram was asked for"
    CryptogramKept "cryptogram_kept" "A payment that the merchant started carried a cryptogram." "PCI DSS 3.3.1: what proves one payment is not stored for a later one"
    SecurityCodeKept "security_code_kept" "A payment that the merchant started carried a card's security code." "PCI DSS 3.3.1.2: the card verification code is not stored after authorization"
    WrongIndicator "wrong_indicator" "A payment carried the electronic commerce indicator of another network." "Visa and Mastercard, electronic commerce indicators: 05 to 07, and 00 to 02"

    // A series of payments.
    SeriesWithoutReference "series_without_reference" "A payment that the merchant started quoted no network transaction id." "Visa, stored credential framework: a later payment quotes the first one's transaction id"
    SeriesWithWrongReference "series_with_wrong_reference" "A payment that the merchant started quoted a network transaction id that is none of this card's approved payments." "Visa, stored credential framework: a later payment quotes the first one's transaction id"
    LinkIdMissing "link_id_missing" "A payment that the merchant started at Mastercard quoted no transaction link id, or another one." "Mastercard, transaction link identifier: quoted in every later payment of a series"
    FinalDeclineRetried "final_decline_retried" "A card that was declined for good was tried again." "Visa, decline codes of category 1, and Mastercard, merchant advice code 03: do not try again"

    // Tokens.
    CardNumberForToken "card_number_for_token" "A card's number was paid with although there is an active token for it." "VGS, network tokens: a card that has an active token is paid with by its token"
    TokenUsedAfterDeletion "token_used_after_deletion" "A token was used after its deletion had been told, and the client had taken the message." "VGS, network token events: a deleted token is used no more"
    TokenUsedWhileSuspended "token_used_while_suspended" "A token was used after its suspension had been told, and the client had taken the message." "VGS, network token events: a suspended token is not used until it is resumed"
    OldExpiryKept "old_expiry_kept" "A payment carried a token's old expiry after the new one had been told, and the client had taken the message." "VGS, network token events: the new expiry is used from then on"

    // How it asks.
    RetryAfterIgnored "retry_after_ignored" "The server was asked again before the time that its Retry-After had named." "RFC 9110, 10.2.3: Retry-After says how long the client ought to wait"
    RefusedUnchanged "refused_unchanged" "A request that was refused as wrong was sent again unchanged." "RFC 9110, 15.5.1: a request that was refused with 400 is not repeated without modification"
    CardNumberInUrl "card_number_in_url" "A card number stood in a URL." "PCI DSS 3.5.1 and OWASP: what stands in a URL is logged on the way"
    CardNumberInText "card_number_in_text" "A card number stood in a reference, a description, metadata or an idempotency key." "PCI DSS 3.5.1: a card number stands where it is protected, and free text is not"

    // How it is told.
    BadSignatureAccepted "bad_signature_accepted" "A webhook message that was signed wrongly, or not at all, was taken." "Standard Webhooks, verifying signatures: a message whose signature does not match is refused"
    StaleMessageAccepted "stale_message_accepted" "A webhook message whose signature was too old was taken." "Standard Webhooks, verifying timestamps: a message outside the tolerance is refused"
    DuplicateRefused "duplicate_refused" "A webhook message that had been taken before was refused when it came again." "Standard Webhooks, idempotency: a message that came before is answered as it was"
    ReceiverRedirects "receiver_redirects" "A webhook message was answered with a redirect." "Standard Webhooks: an answer other than 2xx, redirects included, is a failure"
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_has_a_word_of_its_own_a_sentence_and_a_clause() {
        let words: BTreeSet<_> = Defect::ALL.iter().map(|defect| defect.word()).collect();
        assert_eq!(words.len(), Defect::ALL.len());
        for defect in Defect::ALL {
            assert!(defect.sentence().ends_with('.'), "{defect:?}");
            assert!(defect.clause().contains(':'), "{defect:?}");
        }
    }
}
