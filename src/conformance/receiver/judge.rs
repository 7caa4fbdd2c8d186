//! What each check sends, and what it makes of the answers.

use std::time::Duration;

use super::check::{Check, Kind};
use super::deliver::{Answer, Outgoing, Session, Signing};
use super::events::Event;
use super::stands;
use crate::outgoing::Failure;
use crate::report::{CheckReport, Clause, Outcome, StepEnd, StepReport, Suite};

/// A day ago.
const YESTERDAY_S: i64 = -24 * 60 * 60;
/// What a huge message is filled up with.
const HUGE_BYTES: usize = 1 << 20;

/// Why a check did not pass.
enum Miss {
    /// The receiver contradicts what is demanded.
    Failed {
        expected: String,
        actual: String,
    },
    /// The profile has nothing to check there.
    NotDeclared(String),
    Untestable(String),
    /// No answer.
    Silent(String),
    /// The harness cannot do what it wants.
    Broken(String),
}

type Judged = Result<(), Miss>;

/// Carries out a check. `takes` is what came of the first one, once it has been carried out.
pub(super) async fn carry_out(
    check: &Check,
    session: &mut Session,
    takes: Option<Outcome>,
) -> CheckReport {
    let started = tokio::time::Instant::now();
    session.exchanges.clear();
    let judged = match takes {
        Some(Outcome::Transport) => Err(Miss::Silent("the receiver did not answer".to_owned())),
        Some(_) if !stands(takes) => Err(Miss::Untestable(
            "a right message was not acknowledged, so that nothing follows from this one"
                .to_owned(),
        )),
        Some(_) | None => judge(check.kind, session).await,
    };
    let secrets = &session.secrets;
    let (outcome, reason, expected, actual) = match judged {
        Ok(()) => (Outcome::Pass, String::new(), None, None),
        Err(Miss::Failed { expected, actual }) => {
            let reason = format!("expected {expected}, got {actual}");
            (Outcome::Fail, reason, Some(expected), Some(actual))
        }
        Err(Miss::NotDeclared(why)) => (Outcome::NotDeclared, why, None, None),
        Err(Miss::Untestable(why)) => (Outcome::Untestable, why, None, None),
        Err(Miss::Silent(why)) => (Outcome::Transport, why, None, None),
        Err(Miss::Broken(why)) => (Outcome::SuiteError, why, None, None),
    };
    let begun = !session.exchanges.is_empty();
    let masked = |text: Option<String>| text.map(|text| secrets.text(&text));
    let step = StepReport {
        text: secrets.text(check.name),
        end: end(outcome),
        expected: masked(expected),
        actual: masked(actual),
        why: None,
        differences: Vec::new(),
    };
    let clause = Clause {
        id: check.id.to_owned(),
        text: check.name.to_owned(),
        level: check.level,
        source: check.source.to_owned(),
    };
    // The last one decides, whatever was needed to come to it.
    let mut exchanges = session.exchanges.clone();
    if let Some(last) = exchanges.last_mut() {
        last.decided = outcome == Outcome::Fail;
    }
    CheckReport {
        id: check.id.to_owned(),
        check: check.id.to_owned(),
        over: session.profile.name.to_owned(),
        suite: Suite::Wire,
        feature: "receiver".to_owned(),
        name: check.name.to_owned(),
        location: format!("receiver/{}", session.profile.name),
        source: format!("{}; {}", check.source, session.profile.source),
        level: check.level,
        negative: check.negative,
        clauses: vec![clause],
        outcome,
        reason: secrets.text(&reason),
        steps: begun.then_some(step).into_iter().collect(),
        capability: None,
        exchanges,
        messages: Vec::new(),
        curl: None,
        elapsed: started.elapsed(),
    }
}

const fn end(outcome: Outcome) -> StepEnd {
    match outcome {
        Outcome::Pass => StepEnd::Held,
        Outcome::Fail => StepEnd::Broken,
        Outcome::ExpectedFail
        | Outcome::Disputed
        | Outcome::NotDeclared
        | Outcome::NotSelected
        | Outcome::UnexpectedPass
        | Outcome::Untestable
        | Outcome::Transport
        | Outcome::SuiteError => StepEnd::NotRun,
    }
}

async fn judge(kind: Kind, session: &mut Session) -> Judged {
    match kind {
        Kind::Takes | Kind::StillTakes => right(session, 0, Signing::Right).await,
        Kind::TakesAgain => again(session).await,
        Kind::CarriesOutOnce => once(session).await,
        Kind::TakesOutOfOrder => out_of_order(session).await,
        Kind::TakesLate => right(session, YESTERDAY_S, Signing::Right).await,
        Kind::TakesRotated => rotated(session).await,
        Kind::RefusesUnsigned => refused(session, Signing::Missing).await,
        Kind::RefusesOtherSecret => refused(session, Signing::OtherSecret).await,
        Kind::RefusesChanged => refused(session, Signing::Changed).await,
        Kind::RefusesStale => {
            let age = session.profile.stale_s().ok_or_else(no_time)?;
            refused(session, Signing::At(-age)).await
        }
        Kind::RefusesEarly => {
            let ahead = session.profile.early_s().ok_or_else(|| {
                Miss::NotDeclared(
                    "no time is signed, or its libraries take what is ahead".to_owned(),
                )
            })?;
            refused(session, Signing::At(ahead)).await
        }
        Kind::RefusesWithoutEffect => no_effect(session).await,
        Kind::RefusesPlainly => plainly(session).await,
        Kind::TakesUnknown => unknown(session).await,
        Kind::AnswersHuge => huge(session).await,
        Kind::TakesTrickled => {
            let mut outgoing = fresh(session, 0, Signing::Right)?;
            outgoing.trickles = true;
            taken(&send(session, &outgoing).await?)
        }
        Kind::AnswersOtherType => {
            let mut outgoing = fresh(session, 0, Signing::Right)?;
            outgoing.content_type = "text/plain";
            sane(&send(session, &outgoing).await?)
        }
        Kind::AnswersNoJson => {
            let name = session.name();
            let outgoing = session.signed(&name, "this is no JSON", Signing::Right);
            let answer = send(session, &outgoing.map_err(Miss::Broken)?).await?;
            sane(&answer)
        }
        Kind::TakesNothingByGet => {
            let outgoing = Outgoing {
                method: "GET",
                content_type: "",
                headers: Vec::new(),
                body: String::new(),
                trickles: false,
            };
            let answer = send(session, &outgoing).await?;
            expect(!is_taken(&answer), "an answer that is not 2xx", &answer)
        }
    }
}

/// A message about an event that nobody has heard of yet.
fn fresh(session: &mut Session, offset_s: i64, signing: Signing) -> Result<Outgoing, Miss> {
    let name = session.name();
    let event = Event {
        name: &name,
        at_s: session.now() + offset_s,
        known: true,
    };
    session.message(event, signing).map_err(Miss::Broken)
}

async fn send(session: &mut Session, outgoing: &Outgoing) -> Result<Answer, Miss> {
    let within = session.within;
    session
        .send(outgoing)
        .await
        .map_err(|failure| match failure {
            // It was there, and did not answer: its sender would count that as a failure, too.
            Failure::Late(_) => Miss::Failed {
                expected: format!("an answer within {within:?}"),
                actual: "none".to_owned(),
            },
            Failure::Url
            | Failure::Forbidden { .. }
            | Failure::Connect(_)
            | Failure::Tls(_)
            | Failure::Http(_) => Miss::Silent(failure.to_string()),
        })
}

fn is_taken(answer: &Answer) -> bool {
    (200..=299).contains(&answer.status)
}

fn expect(holds: bool, expected: &str, answer: &Answer) -> Judged {
    if holds {
        return Ok(());
    }
    Err(Miss::Failed {
        expected: expected.to_owned(),
        actual: format!("{} after {} ms", answer.status, answer.elapsed.as_millis()),
    })
}

fn taken(answer: &Answer) -> Judged {
    expect(is_taken(answer), "2xx", answer)
}

/// No error of the receiver's own.
fn sane(answer: &Answer) -> Judged {
    let own = (500..=599).contains(&answer.status);
    expect(!own, "an answer that is not 5xx", answer)
}

async fn right(session: &mut Session, offset_s: i64, signing: Signing) -> Judged {
    let outgoing = fresh(session, offset_s, signing)?;
    taken(&send(session, &outgoing).await?)
}

async fn again(session: &mut Session) -> Judged {
    let outgoing = fresh(session, 0, Signing::Right)?;
    taken(&send(session, &outgoing).await?)?;
    taken(&send(session, &outgoing).await?)
}

fn uncounted() -> Miss {
    let why = "whether a message has an effect cannot be seen from outside; --count-url says where the receiver tells it";
    Miss::NotDeclared(why.to_owned())
}

async fn once(session: &mut Session) -> Judged {
    if session.count_url.is_none() {
        return Err(uncounted());
    }
    let before = session.count().await.map_err(Miss::Untestable)?;
    let outgoing = fresh(session, 0, Signing::Right)?;
    taken(&send(session, &outgoing).await?)?;
    let counted = session.count_to(before + 1).await;
    if !counted.map_err(Miss::Untestable)? {
        let why = "--count-url does not count a message that was acknowledged";
        return Err(Miss::Untestable(why.to_owned()));
    }
    taken(&send(session, &outgoing).await?)?;
    let after = session.count_later().await.map_err(Miss::Untestable)?;
    counts(before, after, 1)
}

fn counts(before: u64, after: u64, wanted: u64) -> Judged {
    if after == before + wanted {
        return Ok(());
    }
    Err(Miss::Failed {
        expected: format!("{wanted} more carried out"),
        actual: format!("{} more", i128::from(after) - i128::from(before)),
    })
}

async fn no_effect(session: &mut Session) -> Judged {
    if session.profile.scheme.is_none() {
        return Err(unsigned());
    }
    if session.count_url.is_none() {
        return Err(uncounted());
    }
    let before = session.count().await.map_err(Miss::Untestable)?;
    for signing in [Signing::Missing, Signing::OtherSecret, Signing::Changed] {
        let outgoing = fresh(session, 0, signing)?;
        send(session, &outgoing).await?;
    }
    let after = session.count_later().await.map_err(Miss::Untestable)?;
    counts(before, after, 0)
}

async fn out_of_order(session: &mut Session) -> Judged {
    let earlier = fresh(session, -60, Signing::Right)?;
    let later = fresh(session, 0, Signing::Right)?;
    taken(&send(session, &later).await?)?;
    taken(&send(session, &earlier).await?)
}

async fn rotated(session: &mut Session) -> Judged {
    use crate::crypto::webhook::Scheme;
    let lists = session
        .profile
        .scheme
        .is_some_and(|scheme| matches!(scheme, Scheme::Standard | Scheme::Stripe | Scheme::Vgs));
    if !lists {
        let why = "a message of this service has one signature at the most";
        return Err(Miss::NotDeclared(why.to_owned()));
    }
    right(session, 0, Signing::Rotated).await
}

fn no_time() -> Miss {
    Miss::NotDeclared("no time is signed".to_owned())
}

fn unsigned() -> Miss {
    let why = "no message of this service is signed: who may send is decided by mutual TLS, which is not judged here";
    Miss::NotDeclared(why.to_owned())
}

async fn refused(session: &mut Session, signing: Signing) -> Judged {
    if session.profile.scheme.is_none() {
        return Err(unsigned());
    }
    let outgoing = fresh(session, 0, signing)?;
    let answer = send(session, &outgoing).await?;
    let refused = !(200..=399).contains(&answer.status);
    expect(refused, "a refusal, 4xx", &answer)
}

async fn plainly(session: &mut Session) -> Judged {
    if session.profile.scheme.is_none() {
        return Err(unsigned());
    }
    let outgoing = fresh(session, 0, Signing::Missing)?;
    let answer = send(session, &outgoing).await?;
    expect((400..=499).contains(&answer.status), "4xx", &answer)
}

async fn unknown(session: &mut Session) -> Judged {
    let name = session.name();
    let event = Event {
        name: &name,
        at_s: session.now(),
        known: false,
    };
    let outgoing = session.message(event, Signing::Right);
    taken(&send(session, &outgoing.map_err(Miss::Broken)?).await?)
}

/// It may be too much for the receiver, which says so.
async fn huge(session: &mut Session) -> Judged {
    let name = session.name();
    let event = Event {
        name: &name,
        at_s: session.now(),
        known: true,
    };
    let body = session.worded(event).map_err(Miss::Broken)?;
    let body = filled_up(&body);
    let outgoing = session.signed(&name, &body, Signing::Right);
    let answer = send(session, &outgoing.map_err(Miss::Broken)?).await;
    let answer = match answer {
        // A receiver that has read enough may close the connection on the rest, and whether it lives the next check sees.
        Err(Miss::Silent(_)) => {
            tokio::time::sleep(Duration::from_millis(50)).await;
            return right(session, 0, Signing::Right).await;
        }
        answer => answer?,
    };
    sane(&answer)
}

/// The body with one member more at its end.
fn filled_up(body: &str) -> String {
    let open = body.strip_suffix('}').unwrap_or(body);
    let padding = "x".repeat(HUGE_BYTES);
    format!("{open},\"padding\":\"{padding}\"}}")
}
