//! What is shown of a product: names, colours, and the assets that are fetched by their ids. All cards look alike here; the
//! pictures are plain areas of colour drawn for standin, so nobody's artwork.

use serde_json::{Value, json};

use crate::crypto::digest::sha256;
use crate::crypto::encoding::hex;

/// One picture, in base64.
struct Asset {
    media_type: &'static str,
    width: &'static str,
    height: &'static str,
    data: &'static str,
}

/// Brand logo, issuer logo, icon and card background.
const ASSETS: [Asset; 4] = [
    Asset {
        media_type: "image/png",
        width: "48",
        height: "48",
        data: "iVBORw0KGgoAAAANSUhEUgAAADAAAAAwCAIAAADYYG7QAAAAO0lEQVR42u3OQQ0AAAgEoAthAYPYv5YtnA82ApDqeSVCQkJCQkJC\
        QkJCQkJCQkJCQkJCQkJCQkJCQncWC4MCPSEgdTwAAAAASUVORK5CYII=",
    },
    Asset {
        media_type: "image/png",
        width: "48",
        height: "48",
        data: "iVBORw0KGgoAAAANSUhEUgAAADAAAAAwCAIAAADYYG7QAAAAOklEQVR42u3OQQ0AAAgEoMtjWRPY1RbOBxsBSE2/EiEhISEhISEh\
        ISEhISEhISEhISEhISEhISGhOwuyKQa1wczDywAAAABJRU5ErkJggg==",
    },
    Asset {
        media_type: "image/png",
        width: "16",
        height: "16",
        data: "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAFklEQVR42mP4s1iQJMQwqmFUw/DVAACU2rAQzzo+sgAAAABJRU5E\
        rkJggg==",
    },
    Asset {
        media_type: "image/png",
        width: "96",
        height: "60",
        data: "iVBORw0KGgoAAAANSUhEUgAAAGAAAAA8CAIAAAAWtijjAAAAZUlEQVR42u3QgRAAAAgEsIdIIJD8tRLoItjdCJbq4REFggQJEiRI\
        kCBBCBIkSJAgQYIEIUiQIEGCBAkShCBBggQJEiRIkCAECRIkSJAgQYIQJEiQIEGCBAlCkCBBggQJEiRIELcF4icFl6lWGQUAAAAA\
        SUVORK5CYII=",
    },
];

impl Asset {
    /// Follows from the content, because an asset never changes under its id.
    fn id(&self) -> String {
        let digest = hex(&sha256(self.data.as_bytes())[..16]);
        let (a, b, c) = (&digest[..8], &digest[8..12], &digest[12..16]);
        format!("{a}-{b}-{c}-{}-{}", &digest[16..20], &digest[20..])
    }
}

/// `productConfig`: everything that is required, and the rest where there is something to say.
pub(super) fn config() -> Value {
    let [brand, issuer, icon, background] = &ASSETS;
    json!({
        "brandLogoAssetId": brand.id(),
        "issuerLogoAssetId": issuer.id(),
        "isCoBranded": false,
        "cardBackgroundCombinedAssetId": background.id(),
        "iconAssetId": icon.id(),
        "foregroundColor": "FFFFFF",
        "issuerName": "standin",
        "shortDescription": "standin test card",
        "longDescription": "A test card of standin, which no bank has issued",
        "customerServiceUrl": "https://example.com",
        "customerServiceEmail": "nobody@example.com",
        "customerServicePhoneNumber": "5550100",
    })
}

/// The asset of an id, if there is one.
pub(super) fn asset(id: &str) -> Option<Value> {
    let asset = ASSETS.iter().find(|asset| asset.id() == id)?;
    Some(json!({ "mediaContents": [{
        "type": asset.media_type,
        "data": asset.data,
        "height": asset.height,
        "width": asset.width,
    }]}))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::encoding::from_base64;

    #[test]
    fn every_asset_that_is_named_is_there_and_is_a_picture() {
        let config = config();
        let named = config.as_object().unwrap().iter();
        let named: Vec<_> = named
            .filter(|(name, _)| name.ends_with("AssetId"))
            .map(|(_, id)| id.as_str().unwrap())
            .collect();
        assert_eq!(named.len(), ASSETS.len());
        for id in named {
            assert_eq!(id.len(), 36);
            let found = asset(id).unwrap();
            let data = found["mediaContents"][0]["data"].as_str().unwrap();
            assert!(from_base64(data).unwrap().starts_with(b"\x89PNG"), "{id:?}");
        }
        assert_eq!(asset(""), None);
    }
}
