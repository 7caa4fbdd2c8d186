//! Sentences that a reader takes in at once: in the README and in the pages none is longer than thirty words.

use standin::docs::TOPICS;

const WORDS_MAX: usize = 30;

/// The paragraphs and items of a page, without code, tables, headings and comments.
fn prose(page: &str) -> Vec<String> {
    let mut blocks = vec![String::new()];
    let mut in_code = false;
    for line in page.lines().map(str::trim) {
        if line.starts_with("```") {
            in_code = !in_code;
        }
        let apart = line.is_empty()
            || line.starts_with(['|', '#', '<', '`', '!']) && !starts_with_span(line);
        if in_code || apart {
            blocks.push(String::new());
            continue;
        }
        let numbered = line
            .split_once(". ")
            .is_some_and(|(number, _)| number.parse::<u32>().is_ok());
        if line.starts_with("- ") || numbered {
            blocks.push(String::new());
        }
        let block = blocks.last_mut().unwrap();
        block.push(' ');
        block.push_str(line);
    }
    blocks.retain(|block| !block.is_empty());
    blocks
}

/// Whether the line begins with a span of code and not with a fence.
fn starts_with_span(line: &str) -> bool {
    line.starts_with('`') && !line.starts_with("```")
}

/// Sentences with more words than allowed. A span of code is not a word: nobody reads it aloud.
fn too_long(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    for block in prose(page) {
        let words: String = block.split('`').step_by(2).collect::<Vec<_>>().join("…");
        let mut sentence = Vec::new();
        for word in words.split_whitespace() {
            if word.contains(char::is_alphanumeric) {
                sentence.push(word);
            }
            if word.ends_with(['.', '!', '?']) {
                found.extend(complaint(&sentence));
                sentence.clear();
            }
        }
        found.extend(complaint(&sentence));
    }
    found
}

fn complaint(sentence: &[&str]) -> Option<String> {
    let count = sentence.len();
    (count > WORDS_MAX).then(|| format!("{count} words: {}", sentence.join(" ")))
}

#[test]
fn no_sentence_of_a_page_is_longer_than_thirty_words() {
    let readme = include_str!("../../../README.md");
    let pages = TOPICS.iter().map(|topic| (topic.name, topic.text));
    let mut wrong = Vec::new();
    for (name, page) in pages.chain([("README", readme)]) {
        wrong.extend(
            too_long(page)
                .into_iter()
                .map(|why| format!("{name}: {why}")),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_long_sentence_is_caught_wherever_it_stands() {
    let long = "word ".repeat(WORDS_MAX + 1);
    let fine = "word ".repeat(WORDS_MAX);
    for page in [
        format!("# Title\n\n{long}\n"),
        format!("Short.\n{long}"),
        format!("- {long}\n- fine\n"),
        format!("1. {long}"),
        format!("`code` {long}"),
    ] {
        assert_eq!(too_long(&page).len(), 1, "{page}");
    }
    for page in [
        format!("{fine}. {fine}!"),
        format!("```sh\n{long}\n```\n"),
        format!("| {long} |\n"),
        format!("<!-- {long} -->"),
        format!("{fine} `{long}`"),
        format!("- {fine}\n- {fine}\n"),
    ] {
        assert_eq!(too_long(&page), Vec::<String>::new(), "{page}");
    }
}
