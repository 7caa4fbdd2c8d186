//! One thing that is wrong with a request on purpose: what a client with a bug sends. The target must refuse it as the
//! client's mistake.

use serde_json::{Value, json};

use super::super::broken::{Broken, Held};
use super::super::http::Sent;
use super::leaves::walk;
use super::spot::Spot;
use super::template::names;

/// A method that no API of tokens or payments has.
pub(crate) const NO_METHOD: &str = "PROPFIND";
/// So long that no field of a payment API takes it.
const TOO_LONG: usize = 5000;
/// Deeper than anybody reads.
const DEPTH: usize = 3000;

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Bend {
    /// The body ends in the middle.
    Cut,
    /// There is no body.
    Empty,
    /// The body is in a list.
    List,
    /// The body is in thousands of lists.
    Deep,
    /// Nothing says what the body is.
    Untyped,
    /// The method is one that the path cannot have.
    Method,
    /// One member of the body is not as it should be.
    Leaf(Leaf, Twist),
    /// A variable in the path, and what stands in its place.
    Path(String, String),
}

/// Which member is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leaf {
    /// The first that holds the variable.
    Holding(&'static str),
    /// By its place among all of them.
    Nth(usize),
}

/// What a member is instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Twist {
    /// It is left out.
    Without,
    Object,
    /// What it is, in a list.
    List,
    Null,
    /// What is either true or false.
    True,
    EmptyText,
    /// A text of thousands of characters.
    TooLong,
    /// A text that is no number, no month and nobody's name.
    Words,
    /// A text with a NUL character (U+0000).
    Nought,
}

impl Twist {
    /// What stands instead of a member of JSON; none where it is left out.
    pub(super) fn json(self, leaf: &Value) -> Option<Value> {
        Some(match self {
            Self::Without => return None,
            Self::Object => json!({ "unexpected": ["object"] }),
            Self::List => json!([leaf]),
            Self::Null => Value::Null,
            Self::True => json!(true),
            Self::EmptyText | Self::TooLong | Self::Words | Self::Nought => json!(self.text()),
        })
    }

    fn text(self) -> String {
        match self {
            Self::Without | Self::Object | Self::List | Self::Null | Self::EmptyText => {
                String::new()
            }
            Self::True => "true".to_owned(),
            Self::TooLong => "9".repeat(TOO_LONG),
            Self::Words => "no such thing".to_owned(),
            Self::Nought => "a\u{0}b".to_owned(),
        }
    }
}

impl Leaf {
    /// Picks the member that is meant, of all in their order.
    fn picks(self) -> impl FnMut(&str) -> bool {
        let mut passed = 0;
        move |text| match self {
            Self::Holding(name) => holds(text, name),
            Self::Nth(place) => {
                passed += 1;
                passed == place + 1
            }
        }
    }

    fn missing(self) -> Broken {
        let what = match self {
            Self::Holding(name) => format!("with {{{name}}}"),
            Self::Nth(place) => format!("in place {place}"),
        };
        Broken::NotDeclared(format!("the body of the request has no member {what}"))
    }
}

impl Bend {
    /// Changes a JSON body before it is filled.
    pub(super) fn template(&self, body: &mut Value) -> Held {
        match self {
            Self::List => *body = Value::Array(vec![body.take()]),
            Self::Leaf(leaf, twist) => {
                if !walk(body, &mut leaf.picks(), *twist) {
                    return Err(leaf.missing());
                }
            }
            Self::Cut
            | Self::Empty
            | Self::Deep
            | Self::Untyped
            | Self::Method
            | Self::Path(..) => {}
        }
        Ok(())
    }

    /// Changes a form before it is filled.
    pub(super) fn form(&self, text: &str) -> Held<String> {
        if matches!(self, Self::List | Self::Deep) {
            let why = "the request has a form, which is no list";
            return Err(Broken::NotDeclared(why.to_owned()));
        }
        if *self == Self::Cut && names(text).is_empty() {
            let why = "a form that is cut off is still a form, and this one holds nothing that must be there";
            return Err(Broken::NotDeclared(why.to_owned()));
        }
        let Self::Leaf(leaf, twist) = self else {
            return Ok(text.to_owned());
        };
        let mut picks = leaf.picks();
        let mut found = false;
        let mut pairs = Vec::new();
        for pair in text.split('&') {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            if found || !picks(value) {
                pairs.push(pair.to_owned());
                continue;
            }
            found = true;
            match twist {
                Twist::Without => {}
                Twist::Object => pairs.push(format!("{key}[unexpected]=object")),
                Twist::List => pairs.push(format!("{key}[]={value}")),
                Twist::Null
                | Twist::True
                | Twist::EmptyText
                | Twist::TooLong
                | Twist::Words
                | Twist::Nought => pairs.push(format!("{key}={}", twist.text())),
            }
        }
        if found {
            Ok(pairs.join("&"))
        } else {
            Err(leaf.missing())
        }
    }

    /// Changes XML before it is filled.
    pub(super) fn xml(&self, text: &str) -> Held<String> {
        if *self == Self::List {
            let (head, root) = match text.find("?>") {
                Some(at) => text.split_at(at + 2),
                None => ("", text),
            };
            return Ok(format!("{head}<list>{root}</list>"));
        }
        let Self::Leaf(leaf, twist) = self else {
            return Ok(text.to_owned());
        };
        let place = Spot::of(text, leaf.picks()).ok_or_else(|| leaf.missing())?;
        let instead = match twist {
            Twist::Without => {
                return Ok([&text[..place.whole.start], &text[place.whole.end..]].concat());
            }
            Twist::Object | Twist::List if place.is_attribute => {
                let why = "the member is an attribute, which can hold no elements";
                return Err(Broken::NotDeclared(why.to_owned()));
            }
            Twist::Object => "<unexpected>object</unexpected>".to_owned(),
            Twist::List => format!("<item>{}</item>", &text[place.inner.clone()]),
            Twist::Nought => "&#0;".to_owned(),
            Twist::Null | Twist::True | Twist::EmptyText | Twist::TooLong | Twist::Words => {
                twist.text()
            }
        };
        Ok([
            &text[..place.inner.start],
            &instead,
            &text[place.inner.end..],
        ]
        .concat())
    }

    /// Changes the request once it is filled.
    pub(super) fn sent(&self, sent: &mut Sent) -> Held {
        match self {
            Self::Cut => {
                let body = sent.body.take().filter(|body| body.len() > 2);
                let body = body.ok_or_else(|| {
                    Broken::NotDeclared("the request has no body that could be cut".to_owned())
                })?;
                let middle = (body.len() / 2..body.len()).find(|at| body.is_char_boundary(*at));
                sent.body = body.get(..middle.unwrap_or_default()).map(str::to_owned);
            }
            Self::Empty => sent.body = None,
            Self::Deep => {
                let body = sent
                    .body
                    .take()
                    .ok_or_else(|| Broken::NotDeclared("the request has no body".to_owned()))?;
                let (open, close) = ("[".repeat(DEPTH), "]".repeat(DEPTH));
                sent.body = Some([open, body, close].concat());
            }
            Self::Untyped => sent.set_header("content-type", None),
            Self::Method => NO_METHOD.clone_into(&mut sent.method),
            Self::List | Self::Leaf(..) | Self::Path(..) => {}
        }
        Ok(())
    }
}

fn holds(text: &str, name: &str) -> bool {
    names(text)
        .iter()
        .any(|found| found.trim_end_matches('?') == name)
}

#[cfg(test)]
mod tests {
    use super::super::leaves::leaves;
    use super::*;

    #[test]
    fn one_member_is_bent_wherever_it_stands() {
        let body = json!({"a": [{"n": "{pan}", "m": "{expiry:MMYY}"}], "b": 1});
        let bent = |bend: Bend| {
            let mut body = body.clone();
            bend.template(&mut body).map(|()| body)
        };
        assert_eq!(
            bent(Bend::Leaf(Leaf::Holding("pan"), Twist::Without)),
            Ok(json!({"a": [{"m": "{expiry:MMYY}"}], "b": 1}))
        );
        assert_eq!(
            bent(Bend::Leaf(Leaf::Holding("expiry"), Twist::Object)).unwrap()["a"][0]["m"],
            json!({"unexpected": ["object"]})
        );
        assert!(bent(Bend::Leaf(Leaf::Holding("cvc"), Twist::Without)).is_err());
        let form = Bend::Leaf(Leaf::Holding("pan"), Twist::Without).form("x=1&card[number]={pan}");
        assert_eq!(form.as_deref(), Ok("x=1"));
        let xml = "<?xml version='1.0'?><c n=\"{pan}\" m='1'><x>{expiry:MM/YY}</x></c>";
        let bent = |bend: Bend| {
            bend.xml(xml)
                .map(|text| text.replacen("<?xml version='1.0'?>", "", 1))
        };
        for (bend, left) in [
            (
                Bend::Leaf(Leaf::Holding("pan"), Twist::Without),
                "<c m='1'><x>{expiry:MM/YY}</x></c>",
            ),
            (
                Bend::Leaf(Leaf::Holding("pan"), Twist::Null),
                "<c n=\"\" m='1'><x>{expiry:MM/YY}</x></c>",
            ),
            (
                Bend::Leaf(Leaf::Holding("expiry"), Twist::Without),
                "<c n=\"{pan}\" m='1'></c>",
            ),
            (
                Bend::Leaf(Leaf::Holding("expiry"), Twist::EmptyText),
                "<c n=\"{pan}\" m='1'><x></x></c>",
            ),
            (
                Bend::Leaf(Leaf::Holding("expiry"), Twist::Object),
                "<c n=\"{pan}\" m='1'><x><unexpected>object</unexpected></x></c>",
            ),
            (
                Bend::List,
                "<list><c n=\"{pan}\" m='1'><x>{expiry:MM/YY}</x></c></list>",
            ),
            (Bend::Cut, "<c n=\"{pan}\" m='1'><x>{expiry:MM/YY}</x></c>"),
        ] {
            assert_eq!(bent(bend).as_deref(), Ok(left));
        }
        assert!(
            bent(Bend::Leaf(Leaf::Holding("pan"), Twist::Object)).is_err()
                && bent(Bend::Leaf(Leaf::Holding("cvc"), Twist::Without)).is_err()
        );
        assert!(Bend::Cut.form("x=1").is_err());
        assert!(Bend::Cut.form("x={pan}").is_ok());
    }

    #[test]
    fn each_member_is_bent_in_its_turn() {
        let body = json!({"a": {"b": "{pan}", "c": [1, "x"]}, "d": true, "e": {}});
        let mut all = Vec::new();
        leaves(&body, "", &mut all);
        let names: Vec<&str> = all.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["/a/b", "/a/c/0", "/a/c/1", "/d"]);
        for (place, twist, right) in [
            (
                0,
                Twist::List,
                json!({"a": {"b": ["{pan}"], "c": [1, "x"]}, "d": true, "e": {}}),
            ),
            (
                1,
                Twist::Without,
                json!({"a": {"b": "{pan}", "c": ["x"]}, "d": true, "e": {}}),
            ),
            (
                2,
                Twist::Null,
                json!({"a": {"b": "{pan}", "c": [1, null]}, "d": true, "e": {}}),
            ),
            (
                3,
                Twist::EmptyText,
                json!({"a": {"b": "{pan}", "c": [1, "x"]}, "d": "", "e": {}}),
            ),
        ] {
            let mut bent = body.clone();
            let done = Bend::Leaf(Leaf::Nth(place), twist).template(&mut bent);
            assert_eq!((done, bent), (Ok(()), right));
        }
        let mut bent = body.clone();
        assert!(
            Bend::Leaf(Leaf::Nth(4), Twist::Null)
                .template(&mut bent)
                .is_err()
        );
        let form = Bend::Leaf(Leaf::Nth(1), Twist::List).form("x=1&card[number]={pan}");
        assert_eq!(form.as_deref(), Ok("x=1&card[number][]={pan}"));
        let xml = Bend::Leaf(Leaf::Nth(1), Twist::Words).xml("<c n='{pan}'><x>{expiry}</x></c>");
        assert_eq!(xml.as_deref(), Ok("<c n='{pan}'><x>no such thing</x></c>"));
    }
}
