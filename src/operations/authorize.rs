//! Authorizing a payment: load what the decision needs, let the domain decide, commit payment, ledger, spent cryptogram and
//! used credential in one step. A request that has been here before gets the payment that it made then.

use super::observing::{leg, paid};
use super::settings::TransactionLink;
use super::space::{Call, SharedConfig};
use super::{disputes, fault_context};
use crate::domain::card::Pan;
use crate::domain::deviation::Deviation;
use crate::domain::id::{CredentialId, LedgerId, PaymentId, TokenReference};
use crate::domain::notice::Notice;
use crate::domain::payment::allowance::Credential;
use crate::domain::payment::authorize::{Decision, authorize as decide, ledger_id};
use crate::domain::payment::checks::Loaded;
use crate::domain::payment::instrument::{Instrument, Reach, TokenFacts};
use crate::domain::payment::ledger::{Guesses, Ledger, Velocity};
use crate::domain::payment::proof::Lifetimes;
use crate::domain::payment::published::{Published, find, not_authenticated};
use crate::domain::payment::reason::{DeclineReason, Warning};
use crate::domain::payment::record::Payment;
use crate::domain::payment::reference::Nti;
use crate::domain::payment::request::{Authentication, PaymentRequest};
use crate::domain::payment::rules::{Rules, TlidRule};
use crate::domain::payment::told;
use crate::domain::persona::{IssuerAnswer, Persona};
use crate::domain::rejection::Rejection;
use crate::domain::token::{CardRecord, TokenRecord, payment_account_reference};
use crate::limits::{COMMIT_ATTEMPTS_MAX, NTI_ATTEMPTS_MAX};
use crate::store::{
    Batch, Commit, NtiEntry, NumberEntry, RequestEntry, RequestKey, StoreError, Task, TaskKind,
    Versioned,
};

/// What was read, and in which versions.
struct Found {
    loaded: Loaded,
    token: Option<Versioned<TokenRecord>>,
    ledger: Option<u32>,
    credentials: Vec<u32>,
}

/// Authorizes a payment within the allowance of `credential`, if one is named. A declined payment is a payment too and no
/// error.
///
/// # Errors
/// When the records cannot be reached, and under strict rules when something would be let pass with a warning.
pub async fn authorize(
    call: &mut Call,
    request: PaymentRequest,
    credential: Option<CredentialId>,
) -> Result<Payment, AuthorizeError> {
    // That nobody came back is nothing that anybody asks for.
    if request.authentication != Authentication::Lapsed {
        call.consult(request.operation(), |facts| {
            fault_context::asked_payment(facts, &request);
        })
        .await?;
    }
    let rules = rules(&call.space.config);
    for _ in 0..COMMIT_ATTEMPTS_MAX {
        let found = load(call, &request, credential).await?;
        let ledger = found.loaded.ledger.id;
        if let Some(payment) = made_before(call, &request, &ledger).await? {
            return Ok(payment);
        }
        let unseen = call.looks_away(Deviation::SpendsAtOnce).await;
        let mut decision = decide_with_own_id(call, &request, &found.loaded, &rules).await?;
        let events = told::of_authorization(&decision.payment);
        let told = disputes::told(&call.space.config, events, &mut decision.payment, call.now);
        let payment = decision.payment.clone();
        let token = found.token.as_ref().map(|found| found.record.reference);
        let batch = batch(decision, found, call.caused(told));
        let done = call.space.store.commit(batch).await? == Commit::Done;
        if done {
            call.observe(|seen| paid(seen, &request, token, payment.decline));
        }
        if done || unseen {
            call.warn(payment.warnings.iter().copied());
            call.note(leg(&payment));
            return Ok(payment);
        }
    }
    Err(Rejection::Contention.into())
}

/// Why a payment is not even declined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthorizeError {
    Rejected(Rejection),
    /// The rules are strict, and this would be let pass otherwise.
    Contradicted(Warning),
}

impl From<Rejection> for AuthorizeError {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection)
    }
}

impl From<StoreError> for AuthorizeError {
    fn from(error: StoreError) -> Self {
        Self::Rejected(error.into())
    }
}

/// The rules as they are set.
fn rules(config: &SharedConfig) -> Rules {
    let settings = &config.settings;
    Rules {
        lifetimes: Lifetimes {
            long: settings.cryptograms.long_lifetime,
            short: settings.cryptograms.short_lifetime,
        },
        tlid: match settings.payments.transaction_link {
            TransactionLink::Warn if !settings.payments.strict => TlidRule::Warn,
            TransactionLink::Warn | TransactionLink::Strict => TlidRule::Decline,
        },
        strict: settings.payments.strict,
        velocity: settings.payments.velocity.map(|rule| Velocity {
            payments: rule.payments,
            within: rule.within,
        }),
        guesses: settings.cryptograms.guesses.map(|rule| Guesses {
            wrong: rule.wrong.get(),
            locked_for: rule.locked_for,
        }),
        amounts: config.responses.amounts().to_vec(),
        tell_use: settings.payments.tell_use,
        deviation: config.deviation,
    }
}

async fn load(
    call: &Call,
    request: &PaymentRequest,
    credential: Option<CredentialId>,
) -> Result<Found, Rejection> {
    let store = &call.space.store;
    let (instrument, issuer, token) = instrument(call, request).await?;
    // A token's card is the one that its issuer knows.
    let card = match &instrument {
        Instrument::Token(facts) => facts.card.as_ref().map(|card| card.pan),
        Instrument::Card { .. } | Instrument::UnknownToken | Instrument::UnknownCard => None,
    };
    let issued_on = card.unwrap_or_else(|| request.number.as_pan());
    let id = ledger_id(&call.space.seed, request, &instrument);
    let ledger = store.get::<Ledger>(&id).await?;
    let credentials = credentials(call, credential, &instrument).await?;
    let quoted = match &request.nti {
        Some(nti) => quoted(call, nti).await?,
        None => None,
    };
    let published = if request.authentication.is_missed() {
        Some(not_authenticated())
    } else {
        let row = published(&call.space.config, request, &issued_on);
        row.map(|row| row.answer(request, quoted.as_ref()))
    };
    Ok(Found {
        ledger: ledger.as_ref().map(|found| found.version),
        credentials: credentials.iter().map(|found| found.version).collect(),
        token,
        loaded: Loaded {
            instrument,
            ledger: ledger.map_or_else(|| Ledger::new(id), |found| found.record),
            credentials: credentials.into_iter().map(|found| found.record).collect(),
            quoted,
            published,
            issuer,
            armed: armed(call),
            nti_attempt: 0,
        },
    })
}

/// What the payment service publishes of this.
fn published<'a>(
    config: &'a SharedConfig,
    request: &PaymentRequest,
    pan: &Pan,
) -> Option<&'a Published> {
    let rows = config.personas.published();
    let asked = request.asked.as_deref();
    find(rows, request.service, pan, request.amount.minor, asked)
}

/// Whether the payment service sends the customer away to be authenticated before it asks anybody.
pub fn is_challenged(config: &SharedConfig, request: &PaymentRequest) -> bool {
    let found = published(config, request, &request.number.as_pan());
    found.is_some_and(|row| row.challenges(request))
}

/// What a fault rule makes the issuer answer. A refusal in the words of provisioning is one of a payment too.
fn armed(call: &Call) -> Option<DeclineReason> {
    let answered = call.issuer_answer().and_then(IssuerAnswer::decline);
    let refused = || {
        let silent = [
            Rejection::IssuerUnavailable,
            Rejection::ServiceUnavailable,
            Rejection::SystemError,
        ];
        call.refusal().map(|reason| {
            if silent.contains(&reason) {
                DeclineReason::IssuerUnavailable
            } else {
                DeclineReason::DoNotHonour
            }
        })
    };
    answered.or_else(refused)
}

/// The credential that was presented, and the one that stands for the token.
async fn credentials(
    call: &Call,
    presented: Option<CredentialId>,
    instrument: &Instrument,
) -> Result<Vec<Versioned<Credential>>, Rejection> {
    let of_token = match instrument {
        Instrument::Token(facts) => {
            let reference = &facts.token.reference;
            Some(CredentialId::of_token(&call.space.seed, reference))
        }
        Instrument::Card { .. } | Instrument::UnknownToken | Instrument::UnknownCard => None,
    };
    let mut found = Vec::new();
    for id in presented.into_iter().chain(of_token) {
        found.extend(call.space.store.get::<Credential>(&id).await?);
    }
    Ok(found)
}

type Loadable = (Instrument, IssuerAnswer, Option<Versioned<TokenRecord>>);

/// What the number leads to, what its issuer answers, and the token as it was read.
async fn instrument(call: &Call, request: &PaymentRequest) -> Result<Loadable, Rejection> {
    let space = &call.space;
    let number = request.number.as_token();
    if let Some(entry) = space.store.get::<NumberEntry>(&number).await?
        && let Some(token) = token_with_number(call, &entry.record.token).await?
    {
        let card = space.store.get::<CardRecord>(&token.record.card).await?;
        let persona = card
            .as_ref()
            .and_then(|card| space.config.personas.find(&card.record.pan));
        let issuer = persona.map_or(IssuerAnswer::Approved, |persona| persona.payment);
        // A token whose card has left the vault has been deleted before, so its account is asked for no more.
        let card = card.map(|found| found.record);
        let account = card.as_ref();
        let account = account.map(|card| card.payment_account_reference(&space.seed));
        let facts = facts(
            &space.config,
            token.record.clone(),
            card,
            account.unwrap_or_default(),
        );
        return Ok((Instrument::Token(Box::new(facts)), issuer, Some(token)));
    }
    let pan = request.number.as_pan();
    let (account, issuer) = match space.config.personas.admit(&pan) {
        Ok(persona) => (
            Some(payment_account_reference(&space.seed, &pan)),
            persona.map_or(IssuerAnswer::Approved, |persona| persona.payment),
        ),
        Err(_) => (None, IssuerAnswer::Approved),
    };
    Ok((Instrument::of_no_token(request, account), issuer, None))
}

/// A number is written down before its token, so there may be none yet.
async fn token_with_number(
    call: &Call,
    reference: &TokenReference,
) -> Result<Option<Versioned<TokenRecord>>, Rejection> {
    let token = call.space.store.get::<TokenRecord>(reference).await?;
    Ok(token.filter(|token| token.record.number.is_some()))
}

fn facts(
    config: &SharedConfig,
    token: TokenRecord,
    card: Option<CardRecord>,
    account: String,
) -> TokenFacts {
    let requestor = config.accounts.get(token.owner);
    let reach = match requestor {
        Some(account) if account.agentic => Reach::Any,
        Some(account) => Reach::Merchant(account.merchant.clone()),
        None => Reach::Merchant(String::new()),
    };
    let issued = |card: &CardRecord| config.personas.find(&card.pan).map(Persona::issued);
    TokenFacts {
        issued: card.as_ref().and_then(issued),
        token,
        card,
        token_requestor_id: requestor
            .map(|account| account.token_requestor_id.clone())
            .unwrap_or_default(),
        reach,
        account,
    }
}

async fn quoted(call: &Call, nti: &Nti) -> Result<Option<Payment>, Rejection> {
    match call.space.store.get::<NtiEntry>(nti).await? {
        Some(entry) => payment(call, &entry.record.payment).await,
        None => Ok(None),
    }
}

async fn made_before(
    call: &Call,
    request: &PaymentRequest,
    ledger: &LedgerId,
) -> Result<Option<Payment>, Rejection> {
    let Some(request) = request.id else {
        return Ok(None);
    };
    let home = ledger.partition();
    let key = RequestKey { home, request };
    match call.space.store.get::<RequestEntry>(&key).await? {
        Some(entry) => payment(call, &entry.record.payment).await,
        None => Ok(None),
    }
}

async fn payment(call: &Call, id: &PaymentId) -> Result<Option<Payment>, Rejection> {
    let found = call.space.store.get::<Payment>(id).await?;
    Ok(found.map(|found| found.record))
}

/// Decides, and if need be decides again, until the payment's network transaction id is no other payment's.
async fn decide_with_own_id(
    call: &Call,
    request: &PaymentRequest,
    loaded: &Loaded,
    rules: &Rules,
) -> Result<Decision, AuthorizeError> {
    for nti_attempt in 0..NTI_ATTEMPTS_MAX {
        let loaded = Loaded {
            nti_attempt,
            ..loaded.clone()
        };
        let decided = decide(call.now, &call.space.seed, request.clone(), loaded, rules);
        let decision = decided.map_err(AuthorizeError::Contradicted)?;
        if claim_nti(call, &decision.payment).await? {
            return Ok(decision);
        }
    }
    Err(Rejection::Contention.into())
}

/// Writes down whose a network transaction id is. False when it is another payment's.
async fn claim_nti(call: &Call, payment: &Payment) -> Result<bool, Rejection> {
    let Some(nti) = payment.nti.clone() else {
        return Ok(true);
    };
    let entry = NtiEntry {
        nti: nti.clone(),
        payment: payment.id,
    };
    if call.space.store.commit(Batch::new().insert(entry)).await? == Commit::Done {
        return Ok(true);
    }
    let holder = call.space.store.get::<NtiEntry>(&nti).await?;
    Ok(holder.is_some_and(|found| found.record.payment == payment.id))
}

fn batch(decision: Decision, found: Found, told: Vec<Notice>) -> Batch {
    let mut batch = Batch::new()
        .insert(decision.payment.clone())
        .put(decision.ledger.clone(), found.ledger);
    if let Some(request) = decision.payment.request {
        batch = batch.insert(RequestEntry {
            key: RequestKey {
                home: decision.ledger.id.partition(),
                request,
            },
            payment: decision.payment.id,
        });
    }
    if let Some(due) = decision.payment.hold_ends {
        let kind = TaskKind::Expire(decision.payment.id);
        batch = batch.plan(Task { due, kind });
    }
    let approved = decision.payment.approved();
    if let Some(token) = found.token
        && (approved || decision.token.is_some())
    {
        // An approval writes the token even when nothing of it changes, so that it fails if the token was suspended in
        // between.
        let record = decision.token.unwrap_or(token.record);
        batch = batch.replace(record, token.version);
    }
    for (credential, version) in decision.credentials.into_iter().zip(found.credentials) {
        batch = batch.replace(credential, version);
    }
    batch.tell_all(decision.notices).tell_all(told)
}
