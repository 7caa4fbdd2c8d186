//! One exchange as it is handed in.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use serde::Serialize;

use super::observed::Observed;
use crate::domain::moment::Moment;
use crate::domain::operation::Operations;
use crate::domain::payment::reason::Warning;
use crate::masking;

/// One exchange.
#[derive(Clone)]
pub struct Entry<'a> {
    pub at: Moment,
    /// The impersonated API.
    pub surface: &'static str,
    /// What was asked for; empty where no route was found.
    pub operation: &'static str,
    /// What was done on the way, whatever was asked for.
    pub operations: Operations,
    pub method: &'a http::Method,
    pub target: &'a http::Uri,
    /// As the client sent them; none of a webhook.
    pub headers: Option<&'a http::HeaderMap>,
    /// 0 when there was no answer.
    pub status: u16,
    /// How long the answer took to make, by the clock of the space: nothing as long as that stands still.
    pub took: Duration,
    /// The service account or merchant, where one was recognised.
    pub client: Option<&'a str>,
    /// Why it was refused, in standin's own words, whatever the client was told.
    pub reason: Option<Cow<'static, str>>,
    pub request: &'a [u8],
    pub response: &'a [u8],
    /// What the gateway asked of the network on behalf of this call.
    pub legs: Vec<Leg>,
    /// What was let pass although it contradicts itself.
    pub warnings: Vec<Warning>,
    /// None as long as no fault rule is armed.
    pub faults: Option<Box<Faults>>,
    /// None unless standin is the one who asked.
    pub attempt: Option<Box<Attempt>>,
    /// None as long as there is no judge.
    pub observed: Option<Box<Observed>>,
}

impl<'a> Entry<'a> {
    /// One of the server itself, which no surface has seen.
    pub fn of_server(at: Moment, method: &'a http::Method, target: &'a http::Uri) -> Self {
        Self::of(super::SERVER, at, method, target)
    }

    /// One of the proxy.
    pub fn of_proxy(at: Moment, method: &'a http::Method, target: &'a http::Uri) -> Self {
        Self::of(super::PROXY, at, method, target)
    }

    fn of(
        surface: &'static str,
        at: Moment,
        method: &'a http::Method,
        target: &'a http::Uri,
    ) -> Self {
        Self {
            at,
            surface,
            operation: "",
            operations: Operations::default(),
            method,
            target,
            headers: None,
            status: 0,
            took: Duration::ZERO,
            client: None,
            reason: None,
            request: &[],
            response: &[],
            legs: Vec::new(),
            warnings: Vec::new(),
            faults: None,
            attempt: None,
            observed: None,
        }
    }
}

/// What the fault rules made of an exchange.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Faults {
    /// The rules that fired, in the order in which they were armed.
    pub fired: Vec<String>,
    /// Those that had nothing left to do, because another one had its way. Where it had it that nothing is done, they are not
    /// among those that fired.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub overruled: Vec<String>,
    /// Which rule came nearest to firing and why it did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nearest: Option<String>,
}

/// One thing that the gateway asked of a network.
#[derive(Debug, Clone, Serialize)]
pub struct Leg {
    pub network: &'static str,
    pub operation: &'static str,
    pub outcome: Cow<'static, str>,
}

/// One try to deliver a webhook.
#[derive(Debug, Clone, Serialize)]
pub struct Attempt {
    /// The message's id, the same on every try.
    pub message: String,
    /// `we_7`
    pub endpoint: String,
    /// How many times the message has been tried, this time included.
    pub number: u32,
    /// What happened to the message: `delivered`, `again`, `dead`, `disabled`, or because of a fault rule `copied`, `held` or
    /// `dropped`.
    pub fate: &'static str,
    /// What was signed, how, and what was wrong with it. None of what was not sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed: Option<String>,
    /// When it is tried again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A block of the usual allocators: eight bytes more than asked for, rounded up to sixteen, and no less than 32.
pub(super) const fn allocated(bytes: usize) -> usize {
    if bytes == 0 {
        return 0;
    }
    let rounded = (bytes + 8).next_multiple_of(16);
    if rounded < 32 { 32 } else { rounded }
}

impl Faults {
    /// A rule may have been named, or be about, what must not be seen.
    pub(super) fn shown(&self) -> Self {
        let masked = |texts: &[String]| texts.iter().map(|text| masking::text(text)).collect();
        Self {
            fired: masked(&self.fired),
            overruled: masked(&self.overruled),
            nearest: self.nearest.as_deref().map(masking::text),
        }
    }

    pub(super) fn bytes(&self) -> usize {
        let texts = self
            .fired
            .iter()
            .chain(&self.overruled)
            .chain(&self.nearest);
        let texts: usize = texts.map(|text| allocated(text.capacity())).sum();
        let places = [&self.fired, &self.overruled];
        let places = places.map(|names| allocated(names.capacity() * size_of::<String>()));
        allocated(size_of::<Self>()) + texts + places.iter().sum::<usize>()
    }
}

impl Attempt {
    pub(super) fn bytes(&self) -> usize {
        let texts = [
            Some(&self.message),
            Some(&self.endpoint),
            self.signed.as_ref(),
            self.next.as_ref(),
        ];
        let texts = texts.map(|text| text.map_or(0, |text| allocated(text.capacity())));
        allocated(size_of::<Self>()) + texts.iter().sum::<usize>()
    }
}

impl fmt::Debug for Entry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Entry({} {} {})",
            self.surface, self.operation, self.status
        )
    }
}
