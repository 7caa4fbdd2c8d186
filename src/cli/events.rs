//! Reading server-sent events (WHATWG HTML, section 9.2), as far as a standin writes them.

use http_body_util::BodyExt;
use hyper::body::Incoming;

/// What comes, event by event.
#[derive(Debug)]
pub(super) struct Events {
    body: Incoming,
    /// What has come and is not yet an event.
    read: Vec<u8>,
}

/// One event.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Event {
    pub(super) name: String,
    pub(super) told: String,
}

impl Events {
    pub(super) const fn of(body: Incoming) -> Self {
        let read = Vec::new();
        Self { body, read }
    }

    /// The next event, or none when there are no more. An error says that the connection broke off.
    pub(super) async fn next(&mut self) -> Result<Option<Event>, String> {
        loop {
            while let Some(block) = block(&mut self.read) {
                if let Some(event) = Event::read(&block) {
                    return Ok(Some(event));
                }
            }
            let Some(frame) = self.body.frame().await else {
                return Ok(None);
            };
            let frame = frame.map_err(|error| format!("the connection broke off: {error}"))?;
            if let Ok(bytes) = frame.into_data() {
                self.read.extend_from_slice(&bytes);
            }
        }
    }
}

/// Takes what stands before the first empty line.
fn block(read: &mut Vec<u8>) -> Option<String> {
    let end = read.windows(2).position(|pair| pair == b"\n\n")?;
    let block: Vec<_> = read.drain(..end + 2).collect();
    Some(String::from_utf8_lossy(&block).into_owned())
}

impl Event {
    /// None of a comment.
    fn read(block: &str) -> Option<Self> {
        let field = |name: &str| {
            let mut lines = block.lines();
            lines.find_map(|line| line.strip_prefix(name))
        };
        Some(Self {
            name: field("event: ").unwrap_or("message").to_owned(),
            told: field("data: ")?.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_become_events() {
        let mut read = b": a comment\n\nid: 0-1\nevent: entry\ndata: {\"a\":1}\n\nid\nev".to_vec();
        assert_eq!(Event::read(&block(&mut read).unwrap()), None);
        let event = Event {
            name: "entry".to_owned(),
            told: "{\"a\":1}".to_owned(),
        };
        assert_eq!(Event::read(&block(&mut read).unwrap()), Some(event));
        assert_eq!(block(&mut read), None);
        assert_eq!(read, b"id\nev");
    }
}
