//! What Visa sends a token requestor of its own accord: thin pings, after which the requestor reads status or metadata again
//! (the documentation of a third-party receiver). Delivery is not decided here.

use serde_json::json;

use crate::crypto::xpay::{Form, PayToken, SignedRequest};
use crate::domain::moment::Moment;
use crate::domain::notice::{Event, Notice};
use crate::domain::webhook::Profile;
use crate::operations::network_keys::VisaKeys;
use crate::wire::edge::webhook::{WebhookProfile, Worded};

pub(super) const PROFILE: WebhookProfile = WebhookProfile {
    profile: Profile::Visa,
    word: |telling| {
        let keys = &telling.space.config.networks.visa;
        let ping = ping(telling.notice(), telling.base, keys, telling.at)?;
        Some(Worded {
            body: ping.body,
            path_and_query: Some(ping.path_and_query),
            headers: ping.headers.into(),
        })
    },
    sign: |_| Vec::new(),
    within: None,
    signs: true,
    stamps: true,
    over: "timestamp, path, query and BODY, in x-pay-token",
};

/// A request that is to be sent with POST.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ping {
    /// To be put behind the scheme and host of the receiver.
    pub(super) path_and_query: String,
    pub(super) headers: [(&'static str, String); 2],
    pub(super) body: String,
}

/// The only event type that any source shows.
const STATUS_UPDATED: &str = "TOKEN_STATUS_UPDATED";

/// What the requestor is told of an event, if anything. `base_path` is the path that the requestor registered, without a
/// slash at its end; `now` is when the request is signed. The signature is the one that Visa's clients make, which no source shows for this direction.
pub(super) fn ping(notice: &Notice, base_path: &str, keys: &VisaKeys, now: Moment) -> Option<Ping> {
    let date = notice.at.seconds();
    let (path, query, body) = match notice.event {
        Event::Activated | Event::Suspended | Event::Resumed | Event::Deleted => (
            format!("{base_path}/provisionedToken"),
            format!("apiKey={}&eventType={STATUS_UPDATED}", keys.api_key()),
            json!({ "vProvisionedTokenID": notice.token()?.hex(), "date": date }),
        ),
        Event::ExpiryUpdated | Event::PanReplaced => (
            format!("{base_path}/panMetadata"),
            format!("apiKey={}", keys.api_key()),
            json!({ "vPanEnrollmentID": notice.card?.hex(), "date": date }),
        ),
        Event::Provisioned
        | Event::ProvisioningFailed
        | Event::Used
        | Event::Card(_)
        | Event::Payment(_) => {
            return None;
        }
    };
    let body = body.to_string();
    let request = SignedRequest {
        paths: &[&path],
        query: &query,
        body: body.as_bytes(),
    };
    let timestamp_s = u64::try_from(now.seconds()).unwrap_or_default();
    let token = PayToken::sign(keys.signing(), Form::Xv2, timestamp_s, &request);
    Some(Ping {
        path_and_query: format!("{path}?{query}"),
        headers: [
            ("content-type", "application/json".to_owned()),
            ("x-pay-token", token.to_header()),
        ],
        body,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::xpay::Policy;
    use crate::domain::card::Network;
    use crate::domain::id::{CardId, Owner, TokenReference};
    use crate::domain::notice::Subject;

    const NOW: Moment = Moment::from_seconds(1_700_000_000);

    fn ping_of(event: Event) -> Option<Ping> {
        let notice = Notice {
            event,
            subject: Subject::Token(TokenReference::from_bytes([1; 16])),
            card: Some(CardId::from_bytes([2; 16])),
            owner: Some(Owner(0)),
            network: Some(Network::Visa),
            at: NOW,
            change: None,
            token_then: None,
            card_then: None,
            payment_then: None,
            cause: None,
        };
        ping(&notice, "/hooks/visa", &keys(), NOW)
    }

    fn keys() -> VisaKeys {
        VisaKeys::new("KEY123", "secret", "ENCKEY", "sealing")
    }

    #[test]
    fn a_change_of_status_pings_with_the_token_and_a_change_of_data_with_the_card() {
        for event in [
            Event::Activated,
            Event::Suspended,
            Event::Resumed,
            Event::Deleted,
        ] {
            let told = ping_of(event).unwrap();
            let target =
                "/hooks/visa/provisionedToken?apiKey=KEY123&eventType=TOKEN_STATUS_UPDATED";
            assert_eq!(told.path_and_query, target, "{event:?}");
            let id = "01".repeat(16);
            let body = format!(r#"{{"vProvisionedTokenID":"{id}","date":1700000000}}"#);
            assert_eq!(told.body, body, "{event:?}");
        }
        for event in [Event::ExpiryUpdated, Event::PanReplaced] {
            let told = ping_of(event).unwrap();
            assert_eq!(
                told.path_and_query, "/hooks/visa/panMetadata?apiKey=KEY123",
                "{event:?}"
            );
            let id = "02".repeat(16);
            let body = format!(r#"{{"vPanEnrollmentID":"{id}","date":1700000000}}"#);
            assert_eq!(told.body, body, "{event:?}");
        }
        for event in [Event::Provisioned, Event::ProvisioningFailed, Event::Used] {
            assert_eq!(ping_of(event), None);
        }
    }

    #[test]
    fn the_receiver_can_check_the_signature() {
        let told = ping_of(Event::Suspended).unwrap();
        let (path, query) = told.path_and_query.split_once('?').unwrap();
        let token = PayToken::parse(&told.headers[1].1).unwrap();
        let policy = Policy {
            tolerance_s: 0,
            older_form: false,
        };
        let check = |body: &str| {
            let request = SignedRequest {
                paths: &[path],
                query,
                body: body.as_bytes(),
            };
            token.verify(keys().signing(), &request, 1_700_000_000, policy)
        };
        assert_eq!(check(&told.body), Ok(()));
        assert!(check(&format!("{} ", told.body)).is_err());
    }
}
