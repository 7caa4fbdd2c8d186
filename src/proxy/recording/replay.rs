//! Which recorded exchange answers a request. Of those with its method, host and path
//!
//! - strictly: the first that has not been used and has the same query, media type and body;
//! - loosely: the one that differs least; of several such the first that has not been used, and when all have been, the last.

use std::path::{Path, PathBuf};

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, Method, Response, Uri};
use parking_lot::Mutex;

use super::archive::{self, Recorded};
use super::differ::{differences, of_target};
use super::nearest::nearest;
use super::shape::{Body, Shape};
use crate::limits::{MIB, RECORDING_BYTES_MAX};
use crate::masking;

/// See the module.
#[derive(Debug)]
pub struct Replay {
    file: PathBuf,
    loose: bool,
    exchanges: Vec<Recorded>,
    passed_over: usize,
    /// Of each exchange, whether it has answered.
    used: Mutex<Vec<bool>>,
}

/// A request that is to be answered.
#[derive(Debug)]
pub(in crate::proxy) struct Asked<'a> {
    pub(in crate::proxy) method: &'a Method,
    pub(in crate::proxy) target: &'a Uri,
    pub(in crate::proxy) headers: &'a HeaderMap,
    pub(in crate::proxy) body: &'a Bytes,
}

/// What a recording has for a request.
#[derive(Debug)]
pub(in crate::proxy) struct Found {
    /// What the journal says of it.
    pub(in crate::proxy) said: String,
    pub(in crate::proxy) answer: Response<Bytes>,
}

impl Replay {
    /// # Errors
    /// A sentence with the name of the file and the place in it.
    pub fn read(file: &Path, loose: bool) -> Result<Self, String> {
        let complain = |why: &dyn std::fmt::Display| format!("--replay {}: {why}", file.display());
        let length = std::fs::metadata(file)
            .map_err(|error| complain(&error))?
            .len();
        if length > RECORDING_BYTES_MAX as u64 {
            let why = format!("it is larger than {} MiB", RECORDING_BYTES_MAX / MIB);
            return Err(complain(&why));
        }
        let text = std::fs::read_to_string(file).map_err(|error| complain(&error))?;
        let archive = archive::read(&text).map_err(|why| complain(&why))?;
        Ok(Self {
            file: file.to_owned(),
            loose,
            used: Mutex::new(vec![false; archive.exchanges.len()]),
            exchanges: archive.exchanges,
            passed_over: archive.passed_over,
        })
    }

    /// Whether there is anything of a host in it.
    pub(in crate::proxy) fn knows(&self, host: &str) -> bool {
        let of = |exchange: &Recorded| {
            let known = exchange.asked.host.as_str();
            let name = match known.rsplit_once(':') {
                Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
                Some(_) | None => known,
            };
            name.trim_start_matches('[').trim_end_matches(']') == host
        };
        self.exchanges.iter().any(of)
    }

    /// The answer to a request, or why there is none: in a sentence with the nearest exchange and its differences.
    pub(in crate::proxy) fn find(&self, asked: &Asked<'_>) -> Result<Found, String> {
        // One that is no text is told with what of it is: it is another one than none.
        let kind = asked.headers.get(CONTENT_TYPE);
        let kind = kind.map(|kind| String::from_utf8_lossy(kind.as_bytes()));
        let target = masking::target(&asked.target.to_string());
        let body = Body::of(asked.body.clone());
        let shape = Shape::new(asked.method.as_str(), &target, kind.as_deref(), body)?;
        let mut used = self.used.lock();
        let chosen = self.choose(&shape, &used);
        let Some(place) = chosen else {
            let nearest = nearest(&self.exchanges, &shape, &used);
            let file = self.file.display();
            return Err(format!(
                "no exchange in {file} answers {}; {nearest}",
                shape.named()
            ));
        };
        used[place] = true;
        self.answer(&self.exchanges[place], &shape)
    }

    fn choose(&self, asked: &Shape, used: &[bool]) -> Option<usize> {
        let all = self.exchanges.iter().enumerate();
        let mut those = all.filter(|(_, exchange)| of_target(&exchange.asked, asked).is_empty());
        let count = |exchange: &Recorded| differences(&exchange.asked, asked).len();
        if !self.loose {
            let is_it =
                |(place, exchange): &(usize, &Recorded)| !used[*place] && count(exchange) == 0;
            return those.find(is_it).map(|(place, _)| place);
        }
        let rank = |(place, exchange): &(usize, &Recorded)| {
            let order = if used[*place] {
                usize::MAX - place
            } else {
                *place
            };
            (count(exchange), used[*place], order)
        };
        those.min_by_key(rank).map(|(place, _)| place)
    }

    fn answer(&self, exchange: &Recorded, asked: &Shape) -> Result<Found, String> {
        let Recorded { place, answer, .. } = exchange;
        let file = self.file.display();
        let body = answer.body.as_ref().map_err(|why| {
            format!(
                "log.entries[{place}] of {file} answers {}, without the body of its answer: {why}",
                asked.named()
            )
        })?;
        let mut response = Response::new(body.clone());
        *response.status_mut() = answer.status;
        response.headers_mut().clone_from(&answer.headers);
        Ok(Found {
            said: format!("replayed log.entries[{place}] of {file}"),
            answer: response,
        })
    }

    /// What there is to say of it at the end, if anything.
    pub(in crate::proxy) fn said(&self) -> Option<String> {
        let used = self.used.lock();
        let unused = used.iter().filter(|used| !**used).count();
        let were = if unused == 1 { "was" } else { "were" };
        let (all, file) = (used.len(), self.file.display());
        let mut parts = Vec::new();
        if unused > 0 {
            parts.push(format!(
                "{unused} of {all} exchanges in {file} {were} not asked for"
            ));
        }
        if self.passed_over > 0 {
            let entries = match self.passed_over {
                1 => "1 entry".to_owned(),
                many => format!("{many} entries"),
            };
            parts.push(format!("{entries} of {file} had no answer of another host"));
        }
        (!parts.is_empty()).then(|| parts.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use serde_json::{Value, json};

    use super::*;

    /// Method, path with query, JSON body, and the body of the answer.
    fn replay(loose: bool, exchanges: &[(&str, &str, &str, &str)]) -> Replay {
        let entry = |(method, path, body, answer): &(&str, &str, &str, &str)| {
            let mut entry = json!({
                "request": { "method": method, "url": format!("https://api.test{path}") },
                "response": { "status": 200, "content": { "text": answer } },
            });
            if !body.is_empty() {
                let data = json!({ "mimeType": "application/json", "text": body });
                entry["request"]["postData"] = data;
            }
            entry
        };
        let entries: Vec<Value> = exchanges.iter().map(entry).collect();
        let file = json!({ "log": { "creator": { "name": "standin" }, "entries": entries } });
        let archive = archive::read(&file.to_string()).unwrap();
        Replay {
            file: "x.har".into(),
            loose,
            used: Mutex::new(vec![false; archive.exchanges.len()]),
            exchanges: archive.exchanges,
            passed_over: archive.passed_over,
        }
    }

    fn ask(replay: &Replay, method: &str, path: &str, body: &str) -> Result<String, String> {
        let mut headers = HeaderMap::new();
        if !body.is_empty() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        let found = replay.find(&Asked {
            method: &method.parse().unwrap(),
            target: &format!("https://api.test{path}").parse().unwrap(),
            headers: &headers,
            body: &Bytes::copy_from_slice(body.as_bytes()),
        });
        found.map(|found| String::from_utf8(found.answer.body().to_vec()).unwrap())
    }

    #[test]
    fn strictly_each_is_used_once_and_in_its_order() {
        let replay = replay(
            false,
            &[
                ("GET", "/job", "", "pending"),
                ("GET", "/job", "", "done"),
                ("POST", "/pay?x=1", r#"{"amount":10}"#, "ten"),
                ("POST", "/pay?x=1", r#"{"amount":12}"#, "twelve"),
            ],
        );
        let ok = |text: &str| Ok(text.to_owned());
        assert_eq!(ask(&replay, "GET", "/job", ""), ok("pending"));
        // What differs may come in any order.
        assert_eq!(
            ask(&replay, "POST", "/pay?x=1", r#"{"amount":12}"#),
            ok("twelve")
        );
        assert_eq!(
            replay.said().unwrap(),
            "2 of 4 exchanges in x.har were not asked for"
        );
        assert_eq!(
            ask(&replay, "POST", "/pay?x=1", r#"{ "amount": 10.0 }"#),
            ok("ten")
        );
        assert_eq!(ask(&replay, "GET", "/job", ""), ok("done"));
        assert_eq!(replay.said(), None);
        let why = ask(&replay, "GET", "/job", "").unwrap_err();
        assert_eq!(
            why,
            "no exchange in x.har answers GET api.test/job; the nearest, log.entries[0], is alike and has been used already"
        );
        let why = ask(&replay, "POST", "/pay?x=2", r#"{"amount":12,"b":1}"#).unwrap_err();
        assert_eq!(
            why,
            "no exchange in x.har answers POST api.test/pay; the nearest, log.entries[3] (POST api.test/pay), differs in query x: recorded \"1\", asked \"2\"; body /b: recorded nothing, asked 1; and has been used already"
        );
    }

    /// A program that sends what nobody can read has sent something.
    #[test]
    fn a_media_type_that_is_no_text_is_not_told_as_none() {
        let replay = replay(false, &[("POST", "/pay", "{}", "paid")]);
        let kind = HeaderValue::from_bytes(b"application/json\xff").unwrap();
        let refused = replay.find(&Asked {
            method: &Method::POST,
            target: &"https://api.test/pay".parse().unwrap(),
            headers: &HeaderMap::from_iter([(CONTENT_TYPE, kind)]),
            body: &Bytes::from_static(b"{}"),
        });
        let why = refused.map(|found| found.said).unwrap_err();
        let differs = "differs in header content-type: recorded application/json, asked application/json\u{fffd}";
        assert!(why.ends_with(differs), "{why}");
    }

    #[test]
    fn loosely_the_nearest_answers_as_often_as_it_is_asked() {
        let replay = replay(
            true,
            &[
                ("GET", "/job", "", "pending"),
                ("GET", "/job", "", "done"),
                ("POST", "/pay", r#"{"amount":10}"#, "ten"),
                ("POST", "/pay", r#"{"amount":12,"a":1}"#, "twelve"),
            ],
        );
        let job = [(); 4].map(|()| ask(&replay, "GET", "/job?more", "").unwrap());
        assert_eq!(job, ["pending", "done", "done", "done"]);
        let pay = |body| ask(&replay, "POST", "/pay", body).unwrap();
        assert_eq!(pay(r#"{"amount":12,"a":2}"#), "twelve");
        assert_eq!(pay(r#"{"amount":12,"a":1}"#), "twelve");
        assert_eq!(pay(r#"{"amount":7}"#), "ten");
        let why = ask(&replay, "DELETE", "/job", "").unwrap_err();
        assert!(
            why.ends_with(
                "differs in method: recorded GET, asked DELETE; and has been used already"
            ),
            "{why}"
        );
    }

    #[test]
    fn the_nearest_is_of_the_same_host_if_there_is_one() {
        let replay = replay(
            false,
            &[
                ("GET", "/v1/orders/7", "", "a"),
                ("POST", "/v2/x", "{}", "b"),
            ],
        );
        let why = ask(&replay, "GET", "/v1/order/7", "").unwrap_err();
        assert!(
            why.contains("log.entries[0]")
                && why.contains("differs in path: recorded /v1/orders/7, asked /v1/order/7"),
            "{why}"
        );
        assert!(replay.knows("api.test") && !replay.knows("other.test"));
        let empty = super::tests::replay(false, &[]);
        let why = ask(&empty, "GET", "/", "").unwrap_err();
        assert_eq!(
            why,
            "no exchange in x.har answers GET api.test/; there is none in it"
        );
    }
}
