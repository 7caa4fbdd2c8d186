//! One seed and the same calls give the same bytes, whoever else is calling; and no two things get the same value.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::json;
use standin::clock::{MANUAL_START, Source};
use standin::crypto::encoding::from_base64;
use standin::domain::card::{Expiry, Pan, TokenNumber, with_check_digit};
use standin::domain::cryptogram::CryptogramKind;
use standin::domain::id::{CardId, Owner, TokenReference};
use standin::domain::token::TokenRecord;
use standin::journal::Journals;
use standin::limits::Room;
use standin::operations::cards::{self, Created, NewCard};
use standin::operations::cryptograms::{Want, mint};
use standin::operations::keyring::{Keyring, Origin};
use standin::operations::network_keys::NetworkKeys;
use standin::operations::{Call, SharedConfig, Space, SpaceName, Spaces, provisioning};
use standin::seed::Seed;
use standin::store::{Durability, Engine};
use tokio::sync::mpsc::unbounded_channel;

use crate::cli::Folder;
use crate::client::{Ask, Client, Stand, options};

const CLIENTS: usize = 32;

/// What one client does with its own cards; every body that it gets, and the headers of each.
async fn kinds(client: Client, number: usize) -> Vec<String> {
    let mut seen = Vec::new();
    let account = ["standin-manual", "standin-on-create", "standin-unique"][number % 3];
    let given = client.send(Ask::token(account, None)).await;
    let token = given.at("/access_token");
    seen.push(given.text());
    for network in ["400021", "510026"] {
        let pan = with_check_digit(&format!("{network}{number:09}"));
        let attributes = json!({ "pan": pan, "exp_month": 12, "exp_year": 30, "cvc": "123" });
        let create = Ask::post("/cards").bearer(&token).attributes(&attributes);
        let created = client.send(create).await.expect(201);
        let card = format!("/cards/{}", created.at("/data/id"));
        let alias = created.at("/data/attributes/pan_alias");
        let enrolment = json!({ "pan_alias": alias, "exp_month": 12, "exp_year": 30 });
        let cryptogram = || Ask::post(format!("{card}/cryptogram"));
        let asks = [
            Ask::post(format!("{card}/network-tokens")),
            cryptogram(),
            cryptogram().attributes(&json!({ "cryptogram_type": "DTVV" })),
            cryptogram().attributes(&json!({ "amount": 10.5, "currency_code": "EUR" })),
            Ask::post("/network-tokens").json(&enrolment),
            Ask::get(&card),
            Ask::delete(format!("{card}/network-tokens")),
            Ask::post(format!("{card}/network-tokens")),
            cryptogram(),
            Ask::get(format!("/network-tokens/{alias}")),
            Ask::get(format!("/aliases/{alias}")),
            Ask::get("/cards/nothing"),
        ];
        seen.push(created.head() + &created.text());
        for ask in asks {
            let answer = client.send(ask.bearer(&token)).await;
            seen.push(answer.head() + &answer.text());
        }
    }
    seen
}

/// All clients at once against a server of this seed.
async fn everything(seed: &str, engine: Engine) -> Vec<Vec<String>> {
    let stand = Stand::start(standin::server::Options {
        seed: seed.to_owned(),
        engine,
        ..options()
    })
    .await;
    let running: Vec<_> = (0..CLIENTS)
        .map(|number| tokio::spawn(kinds(stand.client.clone(), number)))
        .collect();
    let mut all = Vec::new();
    for client in running {
        all.push(client.await.unwrap());
    }
    stand.server.stop().await;
    all
}

/// Takes a few seconds, because four servers are asked almost a thousand things each.
#[tokio::test(flavor = "multi_thread")]
async fn one_seed_gives_the_same_bytes_to_all_who_call_at_once() {
    let one = everything("seed", Engine::Memory).await;
    let two = everything("seed", Engine::Memory).await;
    for (number, (one, two)) in one.iter().zip(&two).enumerate() {
        for (place, (one, two)) in one.iter().zip(two).enumerate() {
            assert_eq!(one, two, "client {number}, answer {place}");
        }
    }
    assert_eq!(one, two);
    let folder = Folder::new("same");
    let file = folder.engine("seed", Durability::Process).await;
    assert_eq!(one, everything("seed", file).await);
    let other = everything("another seed", Engine::Memory).await;
    for (one, other) in one.iter().zip(&other) {
        for (one, other) in one.iter().zip(other) {
            let says_nothing = one.starts_with("< 204") || one.contains("No such card");
            assert_eq!(one == other, says_nothing, "{one}");
        }
    }
}

/// A space without a server before it.
async fn spaces() -> Spaces {
    let options = options();
    let seed = Seed::from_text(&options.seed);
    let origin = Origin::Seed(seed.clone());
    let config = SharedConfig {
        networks: NetworkKeys::make(&origin, &options.accounts)
            .unwrap()
            .into(),
        accounts: options.accounts,
        personas: options.personas,
        merchants: Default::default(),
        responses: Default::default(),
        settings: options.settings,
        deviation: None,
        keyring: Keyring::new(origin),
        verified: Default::default(),
        token_keys: Default::default(),
        names: Default::default(),
        armed: Vec::new(),
        engine: Engine::Memory,
        records: Room::new(usize::MAX),
        journals: Journals::new(0),
        metrics: Default::default(),
        proxy: Default::default(),
    };
    Spaces::new(
        Arc::new(config),
        seed,
        Source::Manual(MANUAL_START),
        unbounded_channel().0,
    )
    .await
    .unwrap()
}

/// What one card brought: its token's number, the token, the card itself and a long cryptogram.
type Values = (TokenNumber, TokenReference, CardId, String);

/// Makes the cards of a part of the whole, each with a token and a long cryptogram, and one in ten with a short one.
async fn make(space: Arc<Space>, counts: std::ops::Range<usize>) -> Vec<Values> {
    let mut made = Vec::with_capacity(counts.len());
    for count in counts {
        let mut call = Call::at(Arc::clone(&space), space.clock.now());
        let bin = if count % 2 == 0 { "400021" } else { "510026" };
        let card = NewCard {
            // No number in the middle of these BINs is listed by itself, so each does what the BIN does.
            pan: Pan::parse(&with_check_digit(&format!("{bin}5{count:08}"))).unwrap(),
            expiry: Expiry::new(12, 30).unwrap(),
            has_cvc: false,
            origin: "cmp".to_owned(),
            details: None,
        };
        let Created::New(card) = cards::create(&mut call, Owner(0), card).await.unwrap() else {
            panic!("the account does not look for duplicates");
        };
        let token = provisioning::provision(&mut call, &card.id)
            .await
            .unwrap()
            .token;
        let want = |kind| Want { kind, limit: None };
        let long = mint(&mut call, &token.reference, want(CryptogramKind::Long))
            .await
            .unwrap()
            .value;
        assert_eq!(
            (long.len(), from_base64(&long).unwrap().len()),
            (28, 20),
            "{count:?}"
        );
        if count % 10 == 0 {
            let short = mint(&mut call, &token.reference, want(CryptogramKind::Short))
                .await
                .unwrap();
            let digits = short.value.bytes().all(|byte| byte.is_ascii_digit());
            assert!(digits && short.value.len() == 3, "{}", short.value);
        }
        made.push((token.number.unwrap(), token.reference, card.id, long));
    }
    made
}

/// Takes some seconds unoptimised: a hundred thousand cards, tokens and cryptograms are made. They are made by the
/// operations, because over HTTP it would be five times as long and show nothing more.
#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_thousand_tokens_and_cryptograms_without_a_collision() {
    const COUNT: usize = 100_000;
    let spaces = spaces().await;
    let space = spaces.open(&SpaceName::default_space()).await.unwrap();
    let halves = [0..COUNT / 2, COUNT / 2..COUNT];
    let halves = halves.map(|half| tokio::spawn(make(Arc::clone(&space), half)));
    let mut made = Vec::new();
    for half in halves {
        made.extend(half.await.unwrap());
    }
    let numbers: HashSet<_> = made.iter().map(|(number, ..)| number).collect();
    let references: HashSet<_> = made.iter().map(|(_, reference, ..)| reference).collect();
    let ids: HashSet<_> = made.iter().map(|(_, _, card, _)| card).collect();
    let longs: HashSet<_> = made.iter().map(|(.., long)| long).collect();
    for size in [numbers.len(), references.len(), ids.len(), longs.len()] {
        assert_eq!(size, COUNT);
    }
    let all = space.store.scan::<TokenRecord>(None, COUNT).await.unwrap();
    assert_eq!((all.rows.len(), all.more), (COUNT, false));
}
