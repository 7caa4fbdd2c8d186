//! Where in a text of XML a variable stands.

use std::ops::Range;

/// Where in a text of XML a variable stands: the element or attribute that holds it, and what that has inside.
pub(super) struct Spot {
    pub(super) whole: Range<usize>,
    pub(super) inner: Range<usize>,
    pub(super) is_attribute: bool,
}

impl Spot {
    /// The first variable that is the one that is looked for, by what stands between its braces and them.
    pub(super) fn of(text: &str, mut wanted: impl FnMut(&str) -> bool) -> Option<Self> {
        let mut opening = text.match_indices('{').map(|(at, _)| at);
        let at = opening.find(|at| {
            let end = text[*at..].find('}').map_or(text.len(), |end| at + end + 1);
            wanted(&text[*at..end])
        })?;
        let before = &text[..at];
        let tag = before.rfind('<')?;
        let Some(start) = before.rfind('>').filter(|closed| *closed > tag) else {
            let quote = before.rfind(['"', '\''])?;
            let mark = text[quote..].chars().next()?;
            let end = at + text[at..].find(mark)?;
            let begin = text[..quote].rfind(char::is_whitespace)?;
            return Some(Self {
                whole: begin..end + 1,
                inner: quote + 1..end,
                is_attribute: true,
            });
        };
        let end = at + text[at..].find("</")?;
        let behind = end + text[end..].find('>')? + 1;
        Some(Self {
            whole: tag..behind,
            inner: start + 1..end,
            is_attribute: false,
        })
    }
}
