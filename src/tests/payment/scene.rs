//! A payment that is approved, and how to spoil it in each way that the decision table knows.

use std::time::Duration;

use standin::domain::card::{Expiry, Network, Pan, PresentedNumber, TokenNumber};
use standin::domain::cryptogram::{Claims, CryptogramKind, Long, Short, TokenKey};
use standin::domain::id::{CardId, CredentialId, Owner, Partition, TokenReference};
use standin::domain::lifecycle::{State, TokenStatus};
use standin::domain::moment::Moment;
use standin::domain::money::{Amount, Currency};
use standin::domain::payment;
use standin::domain::payment::allowance::{Allowance, Credential};
use standin::domain::payment::authorize::{Decision, authorize, ledger_id};
use standin::domain::payment::checks::Loaded;
use standin::domain::payment::instrument::{Instrument, Reach, TokenFacts};
use standin::domain::payment::issuer::AmountTrigger;
use standin::domain::payment::ledger::{Guesses, Ledger, Velocity};
use standin::domain::payment::reason::{DeclineReason, Warning};
use standin::domain::payment::record::Payment;
use standin::domain::payment::reference::Tlid;
use standin::domain::payment::request::{
    Authentication, Capture, Initiator, PaymentRequest, Proof, Slot,
};
use standin::domain::payment::rules::{Rules, TlidRule};
use standin::domain::persona::IssuerAnswer;
use standin::domain::provision::token_number;
use standin::domain::token::{
    LatestChange, LiveShort, TokenRecord, Usage, payment_account_reference,
};
use standin::limits::HOLD;
use standin::seed::Seed;

pub(crate) const MERCHANT: &str = "standin-merchant";
const REQUESTOR: &str = "40000000001";
const HOUR: Duration = Duration::from_secs(3600);

pub(crate) fn seed() -> Seed {
    Seed::from_text("payments")
}

pub(crate) fn now() -> Moment {
    Moment::parse("2026-11-21T09:00:00Z").unwrap()
}

pub(crate) fn dollars(minor: u64) -> Amount {
    Amount::new(minor, Currency::parse("USD").unwrap()).unwrap()
}

fn euros(minor: u64) -> Amount {
    Amount::new(minor, Currency::parse("EUR").unwrap()).unwrap()
}

fn pan(network: Network) -> Pan {
    Pan::parse(match network {
        Network::Visa => "4111111111111111",
        Network::Mastercard => "5555555555554444",
        Network::Amex => "340000104332183",
        Network::Discover => "6011000025883707",
    })
    .unwrap()
}

/// What the merchant presents, before it is minted.
#[derive(Debug, Clone)]
struct Presented {
    kind: CryptogramKind,
    issued: Moment,
    limit: Option<Amount>,
    genuine: bool,
    in_its_field: bool,
    there: bool,
}

/// One authorization, ready to be decided.
#[derive(Debug, Clone)]
pub(crate) struct Scene {
    pub(crate) request: PaymentRequest,
    facts: TokenFacts,
    known: Result<(), DeclineReason>,
    credential: Credential,
    quoted: Option<Payment>,
    presented: Presented,
    pub(crate) issuer: IssuerAnswer,
    pub(crate) armed: Option<DeclineReason>,
    pub(crate) rules: Rules,
    ledger: Ledger,
}

impl Scene {
    /// A payment that the customer starts, with a cryptogram of the kind.
    pub(crate) fn customer(network: Network, kind: CryptogramKind) -> Self {
        let (seed, pan) = (seed(), pan(network));
        let home = Partition::of_account(&seed, &pan);
        let reference = TokenReference::at(home, [network as u8; 16]);
        let number = token_number(&seed, network, &reference, 0).unwrap();
        let facts = TokenFacts {
            token: token(network, reference, number),
            card: None,
            token_requestor_id: REQUESTOR.to_owned(),
            reach: Reach::Merchant(MERCHANT.to_owned()),
            account: payment_account_reference(&seed, &pan),
            issued: None,
        };
        let request = PaymentRequest {
            merchant: MERCHANT.to_owned(),
            service: "payments",
            initiator: Initiator::Customer,
            number: PresentedNumber::parse(&number.expose()).unwrap(),
            slot: Slot::Token,
            expiry: facts.token.expiry,
            proof: Proof::default(),
            eci: Some(
                if network == Network::Mastercard {
                    "06"
                } else {
                    "07"
                }
                .to_owned(),
            ),
            claims: payment::request::TokenClaims::default(),
            token_requestor_id: Some(REQUESTOR.to_owned()),
            amount: dollars(10_050),
            capture: Capture::Within(HOLD),
            nti: None,
            tlid: None,
            nothing_to_quote: false,
            authentication: Authentication::NotAsked,
            waited_as: None,
            asked: None,
            id: None,
            note: None,
        };
        let ledger = ledger_id(&seed, &request, &Instrument::Token(Box::new(facts.clone())));
        Self {
            request,
            facts,
            known: Ok(()),
            credential: Credential::new(CredentialId::at(home, [9; 16]), allowance(), now()),
            quoted: None,
            presented: Presented {
                kind,
                issued: now().minus(HOUR),
                limit: Some(dollars(10_050)),
                genuine: true,
                in_its_field: true,
                there: true,
            },
            issuer: IssuerAnswer::Approved,
            armed: None,
            rules: rules(),
            ledger: Ledger::new(ledger),
        }
    }

    /// A payment that the merchant starts, and that quotes an approved one of the customer's.
    pub(crate) fn merchant(network: Network) -> Self {
        let mut scene = Self::customer(network, CryptogramKind::Long);
        let first = scene.decide();
        assert_eq!(first.payment.decline, None);
        scene.follow(first);
        scene.ledger.recent.clear();
        scene
    }

    /// Goes on with what a decision used up: cryptograms, count and credential.
    pub(crate) fn keep(&mut self, decision: &Decision) {
        self.ledger = decision.ledger.clone();
        if let Some(token) = &decision.token {
            self.facts.token.usage = token.usage.clone();
        }
        if let Some(credential) = decision.credentials.first() {
            self.credential = credential.clone();
        }
    }

    /// Goes on with a payment of the merchant's that quotes the one decided.
    pub(crate) fn follow(&mut self, decision: Decision) {
        self.keep(&decision);
        self.credential.payments = 0;
        self.credential.used_minor = 0;
        self.presented.there = false;
        self.request.initiator = Initiator::Merchant;
        self.request.nti = decision.payment.nti.clone();
        self.request.tlid = decision.payment.tlid.clone();
        self.quoted = Some(decision.payment);
    }

    /// Lifts the amount and the single use off the cryptogram and the credential.
    pub(crate) fn without_limit(&mut self) {
        self.presented.limit = None;
        self.credential.allowance = Allowance {
            single_use: false,
            amount: None,
            ..allowance()
        };
    }

    /// Makes everything wrong that the reasons name.
    pub(crate) fn spoil_all(&mut self, reasons: &[DeclineReason]) {
        // The lowest row first, so that where two spoil the same thing the higher one has the last word.
        for reason in reasons.iter().rev() {
            self.spoil(*reason);
        }
    }

    fn spoil(&mut self, reason: DeclineReason) {
        use DeclineReason as R;
        match reason {
            R::UnknownToken | R::UnknownCard => self.known = Err(reason),
            R::Inactive => self.facts.token.status = TokenStatus::plain(State::Inactive),
            R::Suspended => self.facts.token.status = TokenStatus::plain(State::Suspended),
            R::Deleted => self.facts.token.status = TokenStatus::plain(State::Deleted),
            R::ExpiryMismatch => self.request.expiry = self.request.expiry.plus_months(1),
            R::Expired => {
                self.facts.token.expiry = Expiry::new(1, 2026).unwrap();
                self.request.expiry = self.facts.token.expiry;
            }
            R::DomainMismatch => self.facts.reach = Reach::Merchant("another".to_owned()),
            R::RequestorMismatch => self.facts.token_requestor_id = "50000000009".to_owned(),
            R::CredentialMerchantMismatch => {
                self.credential.allowance.merchants = vec!["another".to_owned()];
            }
            R::CredentialRevoked => self.credential.revoked = Some(now()),
            R::CredentialExpired => self.credential.allowance.expires = Some(now()),
            R::CredentialConsumed => self.credential.payments = 1,
            R::CredentialCurrencyMismatch => {
                self.credential.allowance.amount = Some(euros(10_050));
            }
            R::CredentialAmountExceeded => self.credential.allowance.amount = Some(dollars(10_049)),
            R::CryptogramMissing => self.presented.there = false,
            R::CryptogramLocked => self.ledger.locked_until = Some(now().plus(HOUR)),
            R::CryptogramWrongKind => self.presented.in_its_field = false,
            R::CryptogramInvalid => self.presented.genuine = false,
            R::CryptogramExpired => self.presented.issued = now().minus(HOUR * 24 + HOUR),
            R::CryptogramReplayed => assert!(self.facts.token.usage.spent.spend(0)),
            R::CurrencyMismatch => self.presented.limit = Some(euros(10_050)),
            R::AmountExceeded => self.presented.limit = Some(dollars(10_049)),
            R::NtiMissing => self.request.nti = None,
            R::NtiUnknown => self.quoted = None,
            R::NtiNotApproved => self.change_quoted(|quoted| quoted.decline = Some(R::Lost)),
            R::NtiForeign => self.change_quoted(|quoted| quoted.account = None),
            R::TlidMissing => self.request.tlid = None,
            R::TlidMismatch => self.request.tlid = Tlid::parse("not-the-one-0123456789"),
            R::Lost => self.issuer = IssuerAnswer::Lost,
            R::Stolen => self.issuer = IssuerAnswer::Stolen,
            R::SuspectedFraud => self.issuer = IssuerAnswer::SuspectedFraud,
            R::PaymentsStopped => self.issuer = IssuerAnswer::PaymentsStopped,
            R::StepUpRequired => self.issuer = IssuerAnswer::StepUpRequired,
            R::DoNotHonour => self.issuer = IssuerAnswer::DoNotHonour,
            R::InsufficientFunds => {
                let answer = IssuerAnswer::InsufficientFunds;
                let minor = self.request.amount.minor;
                self.rules.amounts.push(AmountTrigger { minor, answer });
            }
            R::VelocityExceeded => self.ledger.recent.extend([now().minus(HOUR); 3]),
            R::IssuerUnavailable => self.issuer = IssuerAnswer::Unavailable,
        }
    }

    fn change_quoted(&mut self, change: impl FnOnce(&mut Payment)) {
        change(self.quoted.as_mut().unwrap());
    }

    pub(crate) fn decide(&self) -> Decision {
        self.try_decide().unwrap()
    }

    pub(crate) fn try_decide(&self) -> Result<Decision, Warning> {
        let mut scene = self.clone();
        scene.present();
        let instrument = match scene.known {
            Ok(()) => Instrument::Token(Box::new(scene.facts)),
            Err(DeclineReason::UnknownCard) => Instrument::UnknownCard,
            Err(_) => Instrument::UnknownToken,
        };
        let loaded = Loaded {
            instrument,
            ledger: scene.ledger,
            credentials: vec![scene.credential],
            quoted: scene.quoted,
            issuer: scene.issuer,
            published: None,
            armed: scene.armed,
            nti_attempt: 0,
        };
        authorize(now(), &seed(), scene.request, loaded, &scene.rules)
    }

    /// Mints what is to be presented, with counter zero, and puts it into a field.
    fn present(&mut self) {
        let presented = &self.presented;
        if !presented.there {
            return;
        }
        let token = &mut self.facts.token;
        let key = TokenKey::derive(&seed(), &token.reference);
        let stranger = TokenKey::derive(&Seed::from_text("another"), &token.reference);
        let text = match presented.kind {
            CryptogramKind::Long => {
                let claims = Claims {
                    counter: 0,
                    issued: presented.issued,
                    limit: presented.limit,
                };
                let key = if presented.genuine { &key } else { &stranger };
                Long::mint(key, claims).base64()
            }
            CryptogramKind::Short => {
                token.usage.short = vec![LiveShort {
                    counter: 0,
                    issued: presented.issued,
                    limit: presented.limit,
                }];
                let counters = if presented.genuine { 0..1 } else { 1..99 };
                let listed = Short::mint(&key, 0);
                let mut codes = counters.map(|counter| Short::mint(&key, counter));
                let code = codes.find(|code| presented.genuine || *code != listed);
                code.unwrap().digits()
            }
        };
        let in_code = (presented.kind == CryptogramKind::Short) == presented.in_its_field;
        self.request.proof = Proof {
            cryptogram: (!in_code).then(|| text.clone()),
            code: in_code.then_some(text),
        };
    }
}

fn token(network: Network, reference: TokenReference, number: TokenNumber) -> TokenRecord {
    TokenRecord {
        reference,
        card: CardId::at(reference.partition(), [3; 16]),
        owner: Owner(0),
        network,
        number: Some(number),
        expiry: Expiry::new(12, 2028).unwrap(),
        status: TokenStatus::plain(State::Active),
        latest: LatestChange::Provisioned,
        failure: None,
        created: now(),
        updated: now(),
        usage: Usage {
            next: 1,
            ..Usage::default()
        },
    }
}

fn allowance() -> Allowance {
    Allowance {
        merchants: vec![MERCHANT.to_owned()],
        amount: Some(dollars(10_050)),
        expires: Some(now().plus(HOUR)),
        single_use: true,
    }
}

fn rules() -> Rules {
    Rules {
        tlid: TlidRule::Decline,
        velocity: Some(Velocity {
            payments: 3,
            within: HOUR * 24,
        }),
        guesses: Some(Guesses {
            wrong: 3,
            locked_for: HOUR,
        }),
        tell_use: true,
        ..Rules::default()
    }
}

impl Scene {
    pub(crate) fn set_reach(&mut self, reach: Reach) {
        self.facts.reach = reach;
    }

    pub(crate) fn set_ledger(&mut self, ledger: Ledger) {
        self.ledger = ledger;
    }

    pub(crate) fn set_merchants(&mut self, merchants: Vec<String>) {
        self.credential.allowance.merchants = merchants;
    }
}
