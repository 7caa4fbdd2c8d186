//! The pages of documentation that ship inside the program, in the same layout.

use askama::Template;
use bytes::Bytes;
use http::{Response, StatusCode};
use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, html};

use super::frame::Failed;
use crate::docs::{TOPICS, Topic, topic};
use crate::pages::{Kind, page};

/// Where they are.
const FOLDER: &str = "/docs";

/// Whether a page of documentation is asked for.
pub fn is_docs(path: &str) -> bool {
    let below = path.strip_prefix(FOLDER);
    below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[derive(Debug, Template)]
#[template(path = "docs.html", config = "src/pages/askama.toml")]
struct Docs {
    topics: &'static [Topic],
    open: Option<Open>,
}

#[derive(Debug)]
struct Open {
    name: &'static str,
    title: &'static str,
    /// Written from our own Markdown, in which no markup is let through.
    html: String,
}

/// The list of them, or one.
pub fn docs(path: &str) -> Response<Bytes> {
    let name = path.strip_prefix(FOLDER).unwrap_or_default();
    let name = name.trim_matches('/');
    let open = match (name, topic(name)) {
        ("", _) => None,
        (_, Some(found)) => Some(Open {
            name: found.name,
            title: found.title,
            html: written(found.text),
        }),
        (_, None) => {
            let why = "there is no such page; /docs lists them";
            return Failed::plainly(StatusCode::NOT_FOUND, why).page();
        }
    };
    let docs = Docs {
        topics: &TOPICS,
        open,
    };
    page(
        StatusCode::OK,
        Kind::Live,
        docs.render().unwrap_or_default(),
    )
}

/// Markdown as HTML. Markup in it is shown as it stands, and a link to a file beside it leads to its page.
fn written(text: &str) -> String {
    let events = Parser::new_ext(text, Options::ENABLE_TABLES).map(|event| {
        if let Event::Html(markup) | Event::InlineHtml(markup) = event {
            return Event::Text(markup);
        }
        if let Event::Start(Tag::Link {
            link_type,
            dest_url,
            title,
            id,
        }) = event
        {
            return Event::Start(Tag::Link {
                link_type,
                dest_url: led(dest_url),
                title,
                id,
            });
        }
        event
    });
    let mut written = String::with_capacity(text.len() * 2);
    html::push_html(&mut written, events);
    written
}

fn led(to: CowStr<'_>) -> CowStr<'_> {
    let (file, rest) = to
        .split_once('#')
        .map_or((&*to, None), |(file, rest)| (file, Some(rest)));
    let Some(name) = file
        .strip_suffix(".md")
        .filter(|name| topic(name).is_some())
    else {
        return to;
    };
    let rest = rest.map_or_else(String::new, |rest| format!("#{rest}"));
    format!("{FOLDER}/{name}{rest}").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_shown_as_text_and_files_lead_to_pages() {
        let name = TOPICS[0].name;
        let html = written(&format!(
            "<b onclick=x>a</b> [it]({name}.md#x) [no](nowhere.md)\n\n<script>\n"
        ));
        assert!(html.contains("&lt;b onclick=x&gt;a"), "{html}");
        assert!(html.contains(&format!("href=\"/docs/{name}#x\"")), "{html}");
        assert!(
            html.contains("&lt;script&gt;") && html.contains("nowhere.md"),
            "{html}"
        );
    }
}
