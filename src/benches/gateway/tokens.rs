//! What a million tokens cost in memory, each with its own card, and whether minting gets slower among them.

use std::sync::Arc;
use std::time::Duration;

use standin::clock::{MANUAL_START, Source};
use standin::domain::account::Accounts;
use standin::domain::card::{Expiry, Pan, with_check_digit};
use standin::domain::cryptogram::CryptogramKind;
use standin::domain::id::{Owner, TokenReference};
use standin::domain::persona::Personas;
use standin::journal::Journals;
use standin::limits::Room;
use standin::operations::cards::{self, Created, NewCard};
use standin::operations::cryptograms::{self, Want};
use standin::operations::keyring::{Keyring, Origin};
use standin::operations::network_keys::NetworkKeys;
use standin::operations::{Call, SharedConfig, Space, SpaceName, Spaces, provisioning};
use standin::seed::Seed;
use standin::store::Engine;
use tokio::sync::mpsc::unbounded_channel;
use tokio::time::Instant;

use crate::process::resident_bytes;

const FEW: usize = 1_000;
const MANY: usize = 1_000_000;
const MINTS: usize = 100_000;

pub(crate) fn run() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(measure());
}

async fn measure() {
    let space = space(Engine::Memory).await;
    let me = std::process::id();
    let mut tokens = Vec::with_capacity(MANY);
    provision(&space, &mut tokens, FEW).await;
    let few = latency(&space, &tokens).await;
    let before = resident_bytes(me);
    let begun = Instant::now();
    provision(&space, &mut tokens, MANY).await;
    let rate = (MANY - FEW) as f64 / begun.elapsed().as_secs_f64();
    let bytes = resident_bytes(me).saturating_sub(before) as f64 / (MANY - FEW) as f64;
    let many = latency(&space, &tokens).await;
    println!("provisioning {MANY} cards and tokens: {rate:.0} a second");
    println!("memory: {bytes:.0} bytes for a token with its card (wanted 400)");
    println!("minting p99: {few:.1?} among {FEW} tokens, {many:.1?} among {MANY}");
}

pub(crate) async fn space(engine: Engine) -> Arc<Space> {
    let accounts = Accounts::parse(include_str!("../../../fixtures/accounts.toml"));
    let accounts = accounts.unwrap().into();
    let config = SharedConfig {
        networks: NetworkKeys::make(&Origin::Machine, &accounts)
            .unwrap()
            .into(),
        accounts,
        personas: Personas::parse(include_str!("../../../fixtures/cards.toml"))
            .unwrap()
            .into(),
        merchants: Default::default(),
        responses: Default::default(),
        settings: Default::default(),
        deviation: None,
        keyring: Keyring::new(Origin::Machine),
        verified: Default::default(),
        token_keys: Default::default(),
        names: Default::default(),
        armed: Vec::new(),
        engine,
        records: Room::new(usize::MAX),
        journals: Journals::new(0),
        metrics: Default::default(),
        proxy: Default::default(),
    };
    let clock = Source::Manual(MANUAL_START);
    let spaces = Spaces::new(
        Arc::new(config),
        Seed::from_text("standin"),
        clock,
        unbounded_channel().0,
    );
    let spaces = spaces.await.unwrap();
    spaces.open(&SpaceName::default_space()).await.unwrap()
}

/// Fills up to `count` tokens, one card each, of the test range 400021.
async fn provision(space: &Arc<Space>, tokens: &mut Vec<TokenReference>, count: usize) {
    for place in tokens.len()..count {
        tokens.push(token(space, place).await);
    }
}

/// A token with a card of its own.
pub(crate) async fn token(space: &Arc<Space>, place: usize) -> TokenReference {
    let mut call = Call::at(Arc::clone(space), space.clock.now());
    let pan = Pan::parse(&with_check_digit(&format!("400021{place:09}"))).unwrap();
    let card = NewCard {
        pan,
        expiry: Expiry::new(12, 40).unwrap(),
        has_cvc: false,
        origin: "cmp".to_owned(),
        details: None,
    };
    let (Created::New(card) | Created::Existing(card)) =
        cards::create(&mut call, Owner(0), card).await.unwrap();
    let done = provisioning::provision(&mut call, &card.id).await.unwrap();
    done.token.reference
}

/// The 99th percentile of minting a cryptogram for tokens all over the store.
async fn latency(space: &Arc<Space>, tokens: &[TokenReference]) -> Duration {
    let want = Want {
        kind: CryptogramKind::Long,
        limit: None,
    };
    let mut spans = Vec::with_capacity(MINTS);
    for mint in 0..MINTS {
        let mut call = Call::at(Arc::clone(space), space.clock.now());
        let token = tokens[mint.wrapping_mul(7_919) % tokens.len()];
        let begun = Instant::now();
        cryptograms::mint(&mut call, &token, want).await.unwrap();
        spans.push(begun.elapsed());
    }
    spans.sort();
    spans[MINTS * 99 / 100]
}
