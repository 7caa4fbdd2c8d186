//! Pictures and texts of cards: what `cardMetaData` names and `getContent` hands out. All cards of a network look alike here.

use serde_json::{Value, json};

use crate::crypto::digest::sha256;
use crate::crypto::encoding::{base64, hex};

/// The picture of a card: drawn here, so nobody's artwork.
const CARD_ART: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1536\" height=\"969\" viewBox=\"0 0 1536 969\">\
<rect width=\"1536\" height=\"969\" rx=\"72\" fill=\"#14213d\"/>\
<rect x=\"136\" y=\"330\" width=\"210\" height=\"160\" rx=\"24\" fill=\"#fca311\"/>\
<text x=\"136\" y=\"830\" font-family=\"sans-serif\" font-size=\"96\" fill=\"#ffffff\">standin test card</text></svg>";
const MIME_TYPE: &str = "image/svg+xml";

/// Names the card art: the first sixteen bytes of its digest.
fn card_art_guid() -> String {
    hex(&sha256(CARD_ART.as_bytes())[..16])
}

/// What is shown of a card before and after it has a token.
pub(super) fn card_metadata() -> Value {
    json!({
        "backgroundColor": "0x14213d",
        "foregroundColor": "0xffffff",
        "labelColor": "0xffffff",
        "shortDescription": "standin test card",
        "longDescription": "A test card of standin, which no bank has issued",
        "contactName": "standin",
        "contactEmail": "nobody@example.com",
        "contactNumber": "5550100",
        "contactWebsite": "https://example.com",
        "cardData": [{
            "guid": card_art_guid(),
            "contentType": "digitalCardArt",
            "content": [{ "mimeType": MIME_TYPE, "width": "1536", "height": "969" }],
        }],
    })
}

/// The content under a name, if there is any.
pub(super) fn find(guid: &str) -> Option<Value> {
    (guid == card_art_guid()).then(|| {
        json!({
            "altText": "standin test card",
            "contentType": "digitalCardArt",
            "content": [{
                "mimeType": MIME_TYPE,
                "width": "1536",
                "height": "969",
                "encodedData": base64(CARD_ART.as_bytes()),
            }],
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_art_that_is_named_is_there() {
        let named = &card_metadata()["cardData"][0]["guid"];
        let found = find(named.as_str().unwrap()).unwrap();
        assert_eq!(found["content"][0]["mimeType"], MIME_TYPE);
        assert_eq!(find(""), None);
    }
}
