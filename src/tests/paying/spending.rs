//! What holds at every payment service: a cryptogram pays once, a series goes on without one, a token that its issuer
//! holds pays nothing, and one key has one effect.

use super::psp::{Psp, Purchase};
use super::shop::{MASTERCARD, Shop, VISA};

#[tokio::test]
async fn a_cryptogram_pays_once_and_the_series_goes_on() {
    let shop = Shop::open().await;
    for psp in Psp::ALL {
        for pan in [VISA, MASTERCARD] {
            let token = shop.token(pan).await;
            let cryptogram = shop.cryptogram(&token, "TAVV").await;
            let customer = Purchase::long(&token, &cryptogram);
            let first = shop.pay(psp, &customer).await;
            assert!(first.approved, "{psp:?} {}", first.line);
            assert_eq!(first.tlid.is_some(), pan == MASTERCARD);
            assert!(!shop.pay(psp, &customer).await.approved, "{psp:?} replay");
            let nti = first.nti.as_deref();
            assert!(
                nti.is_some_and(|nti| nti.len() == if pan == VISA { 15 } else { 13 }),
                "{pan:?}"
            );
            // What one service was told can be quoted at another: the network knows its ids.
            for other in Psp::ALL {
                let series = Purchase::merchant(&token, nti, first.tlid.as_deref());
                let later = shop.pay(other, &series).await;
                assert!(later.approved, "{psp:?} then {other:?}: {}", later.line);
                assert_eq!(later.tlid, first.tlid, "a series keeps its link");
                assert_ne!(later.nti, first.nti, "{other:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_short_cryptogram_is_good_for_one_security_code() {
    let shop = Shop::open().await;
    for psp in Psp::ALL {
        let token = shop.token(VISA).await;
        let code = shop.cryptogram(&token, "DTVV").await;
        let purchase = Purchase::short(&token, &code);
        let first = shop.pay(psp, &purchase).await;
        assert!(first.approved, "{psp:?} {}", first.line);
        assert!(!shop.pay(psp, &purchase).await.approved, "{psp:?} again");
    }
}

#[tokio::test]
async fn a_suspended_token_pays_nothing_until_it_is_resumed() {
    let shop = Shop::open().await;
    for psp in Psp::ALL {
        let token = shop.token(VISA).await;
        let mut cryptograms = Vec::new();
        for _ in 0..3 {
            cryptograms.push(shop.cryptogram(&token, "TAVV").await);
        }
        let pay = async |cryptogram: &str| shop.pay(psp, &Purchase::long(&token, cryptogram)).await;
        let first = pay(&cryptograms[0]).await;
        assert!(first.approved, "{psp:?}");
        shop.event(&token, "suspend").await;
        assert!(!pay(&cryptograms[1]).await.approved, "{psp:?}");
        let series = Purchase::merchant(&token, first.nti.as_deref(), None);
        assert!(!shop.pay(psp, &series).await.approved, "{psp:?}");
        shop.event(&token, "resume").await;
        assert!(
            !pay(&cryptograms[1]).await.approved,
            "{psp:?}: the attempt spent its cryptogram"
        );
        assert!(pay(&cryptograms[2]).await.approved, "{psp:?}");
        assert!(shop.pay(psp, &series).await.approved, "{psp:?}");
    }
}

#[tokio::test]
async fn a_key_has_one_effect_at_every_service() {
    let shop = Shop::open().await;
    for psp in Psp::ALL {
        let header = if psp == Psp::Checkout {
            "cko-idempotency-key"
        } else {
            "idempotency-key"
        };
        let token = shop.token(VISA).await;
        let cryptogram = shop.cryptogram(&token, "TAVV").await;
        let purchase = Purchase::long(&token, &cryptogram);
        let send = async |purchase: &Purchase| {
            let ask = psp.ask("standin", purchase).header(header, "order-77");
            shop.send(ask).await
        };
        let first = send(&purchase).await;
        assert!(psp.read(&first).approved, "{psp:?}");
        if psp == Psp::Adyen {
            assert_eq!(first.header("idempotency-key"), Some("order-77"), "{psp:?}");
        }
        for _ in 0..2 {
            let again = send(&purchase).await;
            assert_eq!(
                (again.status, &again.body),
                (first.status, &first.body),
                "{psp:?}"
            );
        }
        let dearer = Purchase {
            minor: 2_501,
            ..purchase.clone()
        };
        let other = send(&dearer).await;
        assert!(
            (400..=422).contains(&other.status),
            "{psp:?}: {}",
            other.text()
        );
        // Without the key it is another payment, and the cryptogram is gone.
        assert!(!shop.pay(psp, &purchase).await.approved, "{psp:?}");
    }
}
