//! What a receiver says of itself: how many events it has carried out.

use std::time::Duration;

use serde_json::Value;

use super::deliver::Session;

/// How often the count is asked for while it is waited for.
const POLL: Duration = Duration::from_millis(50);
/// How long a second effect is waited for, which must not come.
const QUIET: Duration = Duration::from_millis(600);

/// The number in an answer: by itself, or as the member `count`.
fn number(text: &str) -> Option<u64> {
    if let Ok(number) = text.trim().parse() {
        return Some(number);
    }
    let value: Value = serde_json::from_str(text).ok()?;
    value.as_u64().or_else(|| value["count"].as_u64())
}

impl Session {
    /// How many events the receiver has carried out.
    ///
    /// # Errors
    /// A sentence when it does not say.
    pub(super) async fn count(&self) -> Result<u64, String> {
        let Some(url) = &self.count_url else {
            return Err("nobody counts".to_owned());
        };
        let text = self
            .ask_count(url)
            .await
            .map_err(|why| format!("--count-url: {why}"))?;
        number(&text).ok_or_else(|| {
            "--count-url: the answer is no number, and has no member count that is one".to_owned()
        })
    }

    /// Waits until the count has come to `wanted`, as a receiver may carry out what it has acknowledged later.
    pub(super) async fn count_to(&self, wanted: u64) -> Result<bool, String> {
        let deadline = tokio::time::Instant::now() + self.within;
        loop {
            if self.count().await? >= wanted {
                return Ok(true);
            }
            if tokio::time::Instant::now() > deadline {
                return Ok(false);
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// The count after a while in which something that must not happen could have.
    pub(super) async fn count_later(&self) -> Result<u64, String> {
        tokio::time::sleep(QUIET).await;
        self.count().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_a_number_or_has_one() {
        for (text, want) in [
            ("7", Some(7)),
            (" 7\n", Some(7)),
            ("{\"count\": 7}", Some(7)),
            ("\"7\"", None),
            ("-1", None),
            ("<html>", None),
            ("", None),
        ] {
            assert_eq!(number(text), want, "{text:?}");
        }
    }
}
