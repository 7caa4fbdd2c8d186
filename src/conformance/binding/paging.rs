//! Lists that come in pages: the same request again with the cursor, at the address or for the number that the last answer
//! leads to, until it leads nowhere.

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::broken::{Broken, Held};
use super::super::conversation::Conversation;
use super::source::Source;
use super::template::{Variables, shown};
use super::{Declared, Observed, Operation};

/// How a list goes on, as it is written. Where no place is named, pages are counted until one is empty.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pages {
    /// Where an answer tells the next {cursor}.
    #[serde(default)]
    pub(super) cursor: Vec<Source>,
    /// Where an answer tells the address of the next page.
    #[serde(default)]
    pub(super) next: Vec<Source>,
    /// Where an answer tells whether there is more.
    #[serde(default)]
    pub(super) more: Vec<Source>,
    /// How many items the suite asks for at once, {page_size}. No page may hold more.
    #[serde(default)]
    pub(super) size: Option<usize>,
    #[serde(default = "Pages::usual_limit")]
    pub(super) limit: usize,
}

/// What leads to the next page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    Cursor(Value),
    Address(String),
    /// The one whose number follows.
    Number,
}

impl Pages {
    const fn usual_limit() -> usize {
        100
    }

    /// Where the list goes on, by what an answer tells in a list of places.
    pub(super) fn next(&self, told: impl Fn(&[Source]) -> Option<Value>) -> Option<Next> {
        let says = |sources: &[Source]| told(sources).filter(|value| !is_nothing(value));
        if !self.more.is_empty() {
            says(&self.more)?;
        }
        if !self.next.is_empty() {
            return says(&self.next).map(|url| Next::Address(shown(&url)));
        }
        if !self.cursor.is_empty() {
            return says(&self.cursor).map(Next::Cursor);
        }
        Some(Next::Number)
    }

    /// Its requests say which page they want by its number.
    pub(super) fn counts(&self) -> bool {
        self.cursor.is_empty() && self.next.is_empty()
    }

    fn sized(&self, page: &Observed) -> Held {
        let held = items(page).map_or(0, <[Value]>::len);
        match self.size {
            Some(size) if held > size => Err(Broken::wrong(
                format!("a page of {size} items at most (pages.size)"),
                format!("one of {held}"),
            )),
            Some(_) | None => Ok(()),
        }
    }
}

/// However a target says that there is no more: with nothing, an empty text, no or none.
fn is_nothing(value: &Value) -> bool {
    ["", "null", "false", "0"].contains(&shown(value).trim())
}

/// The items of a page.
fn items(page: &Observed) -> Option<&[Value]> {
    let list = page.facts.get(&page.list()?)?;
    list.as_array().map(Vec::as_slice)
}

/// What the first page is asked with.
pub(super) fn begin(pages: Option<&Pages>, variables: &mut Variables) {
    let Some(pages) = pages else { return };
    variables.insert("page".to_owned(), json!(1));
    variables.insert("offset".to_owned(), json!(0));
    if let Some(size) = pages.size {
        variables.insert("page_size".to_owned(), json!(size));
    }
}

impl Declared {
    /// Adds what the further pages of a list hold. One that does not come to an end, or of which a page cannot be read, is no
    /// list.
    pub(super) async fn turn_pages(
        &self,
        operation: Operation,
        variables: &Variables,
        seen: &mut Observed,
        conversation: &mut Conversation,
    ) -> Held {
        let steps = self.operations.get(&operation);
        let Some(pages) = steps.and_then(|steps| steps.pages.as_ref()) else {
            return Ok(());
        };
        if !seen.accepted {
            return Ok(());
        }
        pages.sized(seen)?;
        let mut variables = variables.clone();
        begin(Some(pages), &mut variables);
        let mut led: Vec<Next> = Vec::new();
        let mut turned: Vec<Vec<Value>> = items(seen).map(<[Value]>::to_vec).into_iter().collect();
        let mut is_last = pages.counts() && is_empty(seen);
        while let Some(next) = seen.next.take().filter(|_| !is_last) {
            let after = led.len() + 1;
            if next != Next::Number && led.contains(&next) {
                return Err(endless(format!(
                    "what led to a page before, after {after} pages"
                )));
            }
            // The limit is the judge's, and nothing is said of what stands behind it.
            if led.len() >= pages.limit {
                return Err(match turned.last() {
                    Some(last) if last.is_empty() => {
                        endless(format!("{after} pages, and nothing in the last one"))
                    }
                    _ => Broken::Unready(format!(
                        "the list goes on after {after} pages, which is all that is read of it (pages.limit)"
                    )),
                });
            }
            led.push(next.clone());
            let so_far = items(seen).map_or(0, <[Value]>::len);
            variables.insert("page".to_owned(), json!(after + 1));
            variables.insert("offset".to_owned(), json!(so_far));
            let mut address = None;
            match next {
                Next::Cursor(cursor) => {
                    variables.insert("cursor".to_owned(), cursor);
                }
                Next::Address(url) => address = Some(url),
                Next::Number => {}
            }
            let more = self.once(operation, &variables, conversation, address.as_deref());
            let more = more.await?.seen;
            if more.too_fast() {
                return Err(Broken::asked_too_often(&more.summary()));
            }
            let (next, said) = (more.next.clone(), more.summary());
            pages.sized(&more)?;
            let page = items(&more).map(<[Value]>::to_vec);
            is_last = pages.counts() && page.as_ref().is_some_and(Vec::is_empty);
            if !seen.lengthen(more) {
                return Err(Broken::wrong("a further page of the list", said));
            }
            if let Some(page) = page {
                if !page.is_empty() && turned.contains(&page) {
                    let pages = after + 1;
                    return Err(endless(format!("the same page again as page {pages}")));
                }
                turned.push(page);
            }
            seen.next = next;
        }
        seen.next = None;
        Ok(())
    }
}

fn is_empty(page: &Observed) -> bool {
    items(page).is_none_or(<[Value]>::is_empty)
}

fn endless(actual: String) -> Broken {
    Broken::wrong("a list that comes to an end", actual)
}

#[cfg(test)]
mod tests {
    use super::super::super::scripted;
    use super::super::Fact;
    use super::super::check::read;
    use super::*;

    /// What listing comes to at a target that gives these answers, and which requests it took.
    async fn listed(
        pages: &str,
        path: &str,
        answers: &'static [scripted::Said],
    ) -> (Held<Value>, Vec<String>) {
        let text = format!(
            r#"
            name = "mine"
            states.active = ["LIVE"]
            [operations.enrol]
            accept = [201]
            facts = {{ state = ["/status"] }}
            requests = [{{ method = "POST", path = "/tokens" }}]
            [operations.list]
            accept = [200]
            facts = {{ tokens = ["/t"] }}
            pages = {{ {pages} }}
            requests = [{{ method = "GET", path = "{path}" }}]
            "#
        );
        let declared = read(&text).unwrap();
        let target = scripted::target(answers).await;
        let base = target.base.clone();
        let mut talk = scripted::talk(target);
        let none = Variables::new();
        let seen = declared.perform(Operation::List, &none, &mut talk).await;
        let list = seen.map(|seen| seen.facts[&Fact::Tokens].clone());
        let asked = talk.exchanges.iter();
        let asked = asked.map(|it| it.sent.url.replace(&base, ""));
        (list, asked.collect())
    }

    const BY_CURSOR: (&str, &str) = ("cursor = [\"/next\"], limit = 2", "/t?after={cursor?}");
    const ONE: scripted::Said = (200, r#"{"t":[1],"next":"a"}"#);
    const TWO: scripted::Said = (200, r#"{"t":[2],"next":"b"}"#);

    #[tokio::test]
    async fn a_list_is_read_to_its_end_or_not_at_all() {
        let (pages, path) = BY_CURSOR;
        let ends: [&'static [scripted::Said]; 5] = [
            &[ONE, TWO, (200, r#"{"t":[3]}"#)],
            &[ONE, TWO, (200, r#"{"t":[3],"next":""}"#)],
            &[ONE, TWO, (200, r#"{"t":[3],"next":null}"#)],
            &[ONE, TWO, (200, r#"{"t":[3],"next":false}"#)],
            // The last one may be empty.
            &[
                ONE,
                (200, r#"{"t":[2,3],"next":"b"}"#),
                (200, r#"{"t":[]}"#),
            ],
        ];
        for answers in ends {
            let (list, asked) = listed(pages, path, answers).await;
            assert_eq!(list, Ok(json!([1, 2, 3])));
            assert_eq!(asked, ["/t", "/t?after=a", "/t?after=b"]);
        }
        let wrong: [&'static [scripted::Said]; 6] = [
            &[ONE, ONE],
            &[ONE, (500, "{}")],
            &[ONE, (200, "<html>")],
            &[ONE, (404, "{}")],
            // A page again under a cursor of its own.
            &[ONE, (200, r#"{"t":[1],"next":"b"}"#), (200, r#"{"t":[2]}"#)],
            // For ever nothing.
            &[
                ONE,
                (200, r#"{"t":[],"next":"b"}"#),
                (200, r#"{"t":[],"next":"c"}"#),
            ],
        ];
        for answers in wrong {
            let (broken, _) = listed(pages, path, answers).await;
            assert!(matches!(broken, Err(Broken::Wrong { .. })), "{broken:?}");
        }
        let unread: [&'static [scripted::Said]; 2] = [
            &[ONE, TWO, (200, r#"{"t":[3],"next":"c"}"#)],
            &[ONE, (429, "{}")],
        ];
        for answers in unread {
            let (broken, _) = listed(pages, path, answers).await;
            assert!(matches!(broken, Err(Broken::Unready(_))), "{broken:?}");
        }
    }

    #[tokio::test]
    async fn an_address_leads_on_at_the_target() {
        let answers: &'static [scripted::Said] = &[
            (200, r#"{"t":[1],"next":"/t?p=2"}"#),
            (200, r#"{"t":[2],"next":"https://elsewhere.example/t?p=3"}"#),
            (200, r#"{"t":[3],"next":"?p=4"}"#),
            (200, r#"{"t":[4],"next":null}"#),
        ];
        let (list, asked) = listed("next = [\"/next\"]", "/t", answers).await;
        assert_eq!(list, Ok(json!([1, 2, 3, 4])));
        assert_eq!(asked, ["/t", "/t?p=2", "/t?p=3", "/t?p=4"]);
    }

    #[tokio::test]
    async fn pages_may_be_counted() {
        const LAST: scripted::Said = (200, r#"{"t":[]}"#);
        let answers: &'static [scripted::Said] =
            &[(200, r#"{"t":[1,2]}"#), (200, r#"{"t":[3]}"#), LAST];
        let (list, asked) = listed(
            "size = 2",
            "/t?n={page}&from={offset}&of={page_size}",
            answers,
        )
        .await;
        assert_eq!(list, Ok(json!([1, 2, 3])));
        assert_eq!(
            asked,
            [
                "/t?n=1&from=0&of=2",
                "/t?n=2&from=2&of=2",
                "/t?n=3&from=3&of=2"
            ]
        );
        let more: &'static [scripted::Said] = &[
            (200, r#"{"t":[1],"more":true}"#),
            (200, r#"{"t":[2],"more":false}"#),
        ];
        let (list, asked) = listed("more = [\"/more\"]", "/t?n={page}", more).await;
        assert_eq!((list, asked.len()), (Ok(json!([1, 2])), 2));
        let too_long: &'static [scripted::Said] = &[(200, r#"{"t":[1,2,3]}"#)];
        let (broken, _) = listed("size = 2", "/t?n={page}&of={page_size}", too_long).await;
        assert!(matches!(broken, Err(Broken::Wrong { .. })), "{broken:?}");
    }
}
