//! One scenario's conversation with the target: it authorises, sends, and keeps every exchange as evidence. It must not
//! judge an answer; that no answer came is all it says itself.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::Value;

pub(crate) use super::authorise::By;
use super::binding::template::Variables;
use super::binding::{Bend, Operation, refresh};
use super::broken::{Broken, Held};
use super::credentials::{Forgery, VisaCredentials};
use super::forged::Attack;
use super::http::{Answer, Client, Exchange, Sent, Unanswered};
use super::names::Names;
use super::pace::Pace;
use super::requestor::MastercardCredentials;
use super::target::{Auth, Target};
use crate::report::Secrets;

/// How often a request is sent again because the target says when to.
const RETRIES_MAX: usize = 3;

/// A scenario's conversation.
#[derive(Clone, Debug)]
pub(crate) struct Conversation {
    pub(crate) target: Arc<Target>,
    client: Client,
    pub(crate) space: Option<String>,
    pub(crate) secrets: Secrets,
    pub(crate) exchanges: Vec<Exchange>,
    /// Which step is speaking.
    pub(crate) step: usize,
    /// The exchanges whose answers may hold the card number, by their place.
    pub(crate) may_tell: Vec<usize>,
    /// The operation that is being carried out.
    pub(crate) about: Option<Operation>,
    /// Who asks, until it is set to somebody else.
    pub(crate) by: By,
    /// How whoever asks pretends to be let in, if they do.
    pub(crate) attack: Option<Attack>,
    /// What is wrong with the next request on purpose.
    pub(crate) bend: Option<Bend>,
    pace: Arc<Pace>,
    /// What the first requests of an operation have saved, by its idempotency key.
    pub(crate) saved: BTreeMap<(Operation, String), Variables>,
    /// How many answers have come since somebody looked.
    pub(crate) heard: Arc<AtomicUsize>,
    /// Names that nobody has used.
    pub(crate) names: Names,
    /// Access tokens by account and scopes.
    pub(super) tokens: BTreeMap<(String, Option<String>), String>,
}

impl Conversation {
    pub(crate) fn new(
        target: Arc<Target>,
        client: Client,
        space: Option<String>,
        pace: Arc<Pace>,
        names: Names,
    ) -> Self {
        let mut secrets = Secrets::default();
        for account in target.accounts.values() {
            secrets.learn(&account.client_secret);
        }
        for card in &target.cards {
            secrets.learn(&card.pan);
        }
        for secret in target.credentials.secrets() {
            secrets.learn(secret);
        }
        for auth in std::iter::once(&target.auth).chain(&target.other) {
            match auth {
                Auth::Header(header) => secrets.learn(&header.value),
                Auth::Hmac(hmac) => secrets.learn(&hmac.secret),
                Auth::XPayToken(x_pay) => secrets.learn(&x_pay.shared_secret),
                Auth::ClientCredentials(_) | Auth::Oauth1(_) | Auth::None => {}
            }
        }
        for key in target.keys.values() {
            secrets.learn(&key.value_in(space.as_deref()));
        }
        let exchanges = Vec::new();
        Self {
            target,
            client,
            space,
            secrets,
            exchanges,
            step: 0,
            may_tell: Vec::new(),
            about: None,
            by: By::Usual,
            attack: None,
            bend: None,
            pace,
            saved: BTreeMap::new(),
            heard: Arc::default(),
            names,
            tokens: BTreeMap::new(),
        }
    }

    /// A path of the target as a whole URL.
    pub(crate) fn url(&self, path: &str) -> String {
        if path.starts_with("http://") || path.starts_with("https://") {
            return path.to_owned();
        }
        format!("{}{path}", self.target.base)
    }

    /// The URL to which an answer has led from another one. It is one of the target, whatever host it names: the target may be
    /// known by another name here.
    pub(crate) fn led_to(&self, from: &str, address: &str) -> Held<String> {
        let read = |url: &str| -> Held<hyper::Uri> {
            let uri = url.parse();
            uri.map_err(|_| Broken::wrong("an address that can be read", format!("{address:?}")))
        };
        let from = read(from)?;
        let scheme = from.scheme_str().unwrap_or("http");
        let host = from.authority().map_or("", |authority| authority.as_str());
        let path = if address.contains("://") {
            let address = read(address)?;
            address
                .path_and_query()
                .map_or("/", |it| it.as_str())
                .to_owned()
        } else if address.starts_with('/') {
            address.to_owned()
        } else if address.starts_with('?') {
            format!("{}{address}", from.path())
        } else {
            let (folder, _) = from.path().rsplit_once('/').unwrap_or_default();
            format!("{folder}/{address}")
        };
        Ok(format!("{scheme}://{host}{path}"))
    }

    /// The answers since then may hold the card number.
    pub(crate) fn tells_card(&mut self, since: usize) {
        self.may_tell.extend(since..self.exchanges.len());
    }

    /// Sends a request as it is, no faster than the target wants to be asked, and again when it says when.
    pub(crate) async fn send(&mut self, sent: Sent) -> Held<Answer> {
        let mut put_off = Vec::new();
        for _ in 0..RETRIES_MAX {
            self.pace.wait().await;
            let answer = Box::pin(self.send_once(sent.clone(), &put_off)).await?;
            let now_s = self.target.clock.map(|clock| clock());
            let Some(pause) = self.pace.pause(&answer, now_s) else {
                return Ok(answer);
            };
            self.exchanges.pop();
            put_off.push((answer.status, pause));
            tokio::time::sleep(pause).await;
        }
        Box::pin(self.send_once(sent, &put_off)).await
    }

    async fn send_once(&mut self, sent: Sent, put_off: &[(u16, Duration)]) -> Held<Answer> {
        let started = tokio::time::Instant::now();
        // The exchange is noted before it happens, so that one that a deadline cuts off is still in the evidence.
        self.exchanges.push(Exchange {
            about: self.about,
            step: self.step,
            sent: sent.clone(),
            answer: Err("no answer before the step's deadline".to_owned()),
            elapsed: Duration::ZERO,
            put_off: put_off.to_vec(),
        });
        let outcome = self.client.send(&sent).await;
        let noted = self
            .exchanges
            .last_mut()
            .ok_or_else(|| Broken::Suite("lost an exchange".to_owned()))?;
        noted.elapsed = started.elapsed();
        match outcome {
            Ok(answer) => {
                noted.answer = Ok(answer.clone());
                self.heard.fetch_add(1, Ordering::SeqCst);
                Ok(answer)
            }
            Err(Unanswered::Silent(why)) => {
                noted.answer = Err(why.clone());
                Err(Broken::NoAnswer(format!(
                    "{} {}: {why}",
                    sent.method, sent.url
                )))
            }
            Err(Unanswered::Malformed(why)) => Err(Broken::Suite(why)),
        }
    }

    /// The machine's time in Unix milliseconds.
    pub(super) fn now_ms(&self) -> Held<i64> {
        let clock = self.target.clock;
        let clock =
            clock.ok_or_else(|| Broken::Suite("there is no clock to tell {now}".to_owned()));
        Ok(clock?() * 1000)
    }

    /// The machine's time in Unix seconds.
    pub(crate) fn machine_now(&self) -> Held<i64> {
        Ok(self.now_ms()? / 1000)
    }

    /// Sets the variables that are new in every request.
    pub(crate) fn refresh(&self, variables: &mut Variables) {
        let now_ms = self.now_ms().unwrap_or_default();
        refresh(variables, now_ms, &self.names.next());
    }

    /// Sets the addresses that templates may name.
    pub(crate) fn name_places(&self, variables: &mut Variables) {
        let at_space = self
            .space
            .as_ref()
            .map_or_else(String::new, |space| format!("@{space}"));
        let control = self.target.control_url(self.space.as_deref());
        for (name, text) in [
            ("base", Some(self.target.base.clone())),
            ("control", control),
            ("at_space", Some(at_space)),
        ] {
            if let Some(text) = text {
                variables.insert(name.to_owned(), Value::from(text));
            }
        }
    }

    /// The judge's keys at Visa.
    pub(crate) fn visa(&self) -> Held<&VisaCredentials> {
        self.target.credentials.visa.as_ref().ok_or_else(|| {
            Broken::NotDeclared("no keys of a token requestor at Visa are given".to_owned())
        })
    }

    /// Sends a request as a token requestor at Visa, signed at the target's time, or forged.
    pub(crate) async fn ask_visa(
        &mut self,
        mut sent: Sent,
        forgery: Option<Forgery>,
    ) -> Held<Answer> {
        let now_s = self.now_s().await?;
        let signed = self
            .visa()?
            .sign(&mut sent, self.space.as_deref(), now_s, forgery);
        signed.map_err(Broken::Suite)?;
        self.send(sent).await
    }

    /// The judge's keys at Mastercard.
    pub(crate) fn mastercard(&self) -> Held<&MastercardCredentials> {
        let keys = self.target.credentials.mastercard.as_deref();
        keys.ok_or_else(|| {
            Broken::NotDeclared("no keys of a token requestor at Mastercard are given".to_owned())
        })
    }

    /// Sends a request as a token requestor at Mastercard, signed at the target's time, or forged.
    pub(crate) async fn ask_mastercard(
        &mut self,
        mut sent: Sent,
        forgery: Option<Forgery>,
    ) -> Held<Answer> {
        let now_s = self.now_s().await?;
        let keys = self.mastercard()?;
        let signed = keys.sign(&mut sent, self.space.as_deref(), now_s, forgery);
        signed.map_err(Broken::Suite)?;
        self.send(sent).await
    }

    /// The time by which the target measures signatures: its own, if a control plane tells it. The question is no part of what
    /// the scenario says, so it is not kept as evidence.
    async fn now_s(&mut self) -> Held<i64> {
        if self.target.control.is_none() {
            let clock = self
                .target
                .clock
                .ok_or_else(|| Broken::NotDeclared("there is no clock to sign by".to_owned()))?;
            return Ok(clock());
        }
        let evidence = self.exchanges.len();
        let told = self.control("GET", "/clock", None).await?;
        self.exchanges.truncate(evidence);
        let now = told.get("now").and_then(Value::as_str);
        let now = now.and_then(|text| text.parse::<jiff::Timestamp>().ok());
        now.map(jiff::Timestamp::as_second).ok_or_else(|| {
            Broken::Unready("the control plane does not tell the time at /clock".to_owned())
        })
    }

    /// What templates may name of a merchant's account with a payment service.
    pub(crate) fn merchant(&self, account: &str) -> Option<(String, Value)> {
        let key = self.target.keys.get(account)?;
        let name = key.merchant.clone()?;
        Some(("merchant".to_owned(), Value::from(name)))
    }

    /// Has the target forget the scenario's space, as far as it can: an earlier run with the same seed may have left it. Whatever
    /// comes of it, it is not kept as evidence and changes no result.
    pub(crate) async fn forget_space(&mut self) {
        if self.target.fresh || self.space.is_none() || self.target.control.is_none() {
            return;
        }
        let evidence = self.exchanges.len();
        let _unimportant = self.control("DELETE", "/space", None).await;
        self.exchanges.truncate(evidence);
    }

    /// Speaks to the control plane, and expects it to agree.
    pub(crate) async fn control(
        &mut self,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> Held<Value> {
        let base = self
            .target
            .control_url(self.space.as_deref())
            .ok_or_else(|| Broken::NotDeclared("the target declares no control_url".to_owned()))?;
        let mut sent = Sent::new(method, format!("{base}{path}"));
        if let Some(body) = body {
            sent = sent
                .header("content-type", "application/json")
                .body(body.to_string());
        }
        let answer = self.send(sent).await?;
        if !(200..300).contains(&answer.status) {
            let status = answer.status;
            return Err(Broken::Unready(format!(
                "the control plane answered {status} to {method} {path}"
            )));
        }
        Ok(answer.json().unwrap_or(Value::Null))
    }
}

/// `application/x-www-form-urlencoded`, with everything encoded that could be read otherwise.
pub(crate) fn encode_form(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}

#[cfg(test)]
mod tests {
    use super::encode_form;

    #[test]
    fn a_form_survives_every_byte() {
        let form = encode_form(&[
            ("client_id", "a@b"),
            ("scope", "cards:read x"),
            ("s", "a+b&c=ü"),
        ]);
        assert_eq!(
            form,
            "client_id=a%40b&scope=cards%3Aread+x&s=a%2Bb%26c%3D%C3%BC"
        );
    }
}
