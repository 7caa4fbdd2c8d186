//! Pages as a terminal shows them: headings in bold, everything else as plain text, tables in columns.

use anstyle::Style;
use comfy_table::{ContentArrangement, LineStyle, Table, TableStyle};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use textwrap::Options as Wrapping;

use crate::docs::TOPICS;

const INDENT: &str = "  ";
const CODE_INDENT: &str = "    ";
const HEADING: Style = Style::new().bold();
/// A line below the head, and none else.
const TABLE: TableStyle =
    TableStyle::new().header_separator(LineStyle::none().fill('-').junction('-'));

/// The page with lines of at most so many columns. Code is left as it is.
pub(super) fn render(page: &str, columns: usize) -> String {
    let mut writer = Writer {
        columns,
        ..Writer::default()
    };
    for event in Parser::new_ext(page, Options::ENABLE_TABLES) {
        writer.take(event);
    }
    writer.out
}

#[derive(Debug, Default)]
struct Writer {
    columns: usize,
    out: String,
    /// The text of the block that is being read.
    text: String,
    /// Whether an item of the list has been written.
    in_items: bool,
    /// The next number of each list that is open; none for a list without numbers.
    lists: Vec<Option<u64>>,
    /// What stands before the first line of the item that is being read.
    mark: String,
    link: String,
    row: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Writer {
    fn take(&mut self, event: Event<'_>) {
        if let Event::Start(tag) = event {
            self.begin(tag);
        } else if let Event::End(tag) = event {
            self.end(tag);
        } else if let Event::Text(text) = event {
            self.text.push_str(&text);
        } else if let Event::Code(code) = event {
            self.text.push('`');
            self.text.push_str(&code);
            self.text.push('`');
        } else if matches!(event, Event::SoftBreak | Event::HardBreak) {
            self.text.push(' ');
        }
        // What is left are comments in HTML, which are for whoever reads the source.
    }

    fn begin(&mut self, tag: Tag<'_>) {
        if let Tag::List(first) = tag {
            self.lists.push(first);
        } else if let Tag::Link { dest_url, .. } = tag {
            self.link = dest_url.into_string();
        } else if matches!(tag, Tag::Item) {
            self.mark = match self.lists.last_mut() {
                Some(Some(number)) => {
                    *number += 1;
                    format!("{}. ", *number - 1)
                }
                Some(None) | None => "- ".to_owned(),
            };
        }
    }

    fn end(&mut self, tag: TagEnd) {
        if matches!(tag, TagEnd::Heading(_)) {
            let text = std::mem::take(&mut self.text);
            self.gap();
            self.out.push_str(&format!("{HEADING}{text}{HEADING:#}\n"));
        } else if tag == TagEnd::Paragraph && self.lists.is_empty() {
            self.gap();
            self.paragraph(INDENT, INDENT);
        } else if tag == TagEnd::Item {
            self.item();
        } else if matches!(tag, TagEnd::List(_)) {
            self.lists.pop();
            self.in_items = false;
        } else if tag == TagEnd::CodeBlock {
            self.code();
        } else if tag == TagEnd::Link {
            self.text.push_str(&leads_to(&self.link));
        } else if tag == TagEnd::TableCell {
            self.row.push(std::mem::take(&mut self.text));
        } else if matches!(tag, TagEnd::TableHead | TagEnd::TableRow) {
            self.rows.push(std::mem::take(&mut self.row));
        } else if tag == TagEnd::Table {
            self.table();
        }
    }

    /// An empty line before a block that is not the first.
    fn gap(&mut self) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
    }

    fn paragraph(&mut self, first: &str, others: &str) {
        let wrapping = Wrapping::new(self.columns)
            .initial_indent(first)
            .subsequent_indent(others)
            .break_words(false)
            .word_separator(textwrap::WordSeparator::AsciiSpace)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        self.out.push_str(&textwrap::fill(
            std::mem::take(&mut self.text).trim(),
            wrapping,
        ));
        self.out.push('\n');
    }

    fn item(&mut self) {
        // Items of one list stand close together.
        if !std::mem::replace(&mut self.in_items, true) {
            self.gap();
        }
        let first = format!("{INDENT}{}", std::mem::take(&mut self.mark));
        let others = " ".repeat(first.len());
        self.paragraph(&first, &others);
    }

    fn code(&mut self) {
        self.gap();
        for line in std::mem::take(&mut self.text).lines() {
            if !line.is_empty() {
                self.out.push_str(CODE_INDENT);
                self.out.push_str(line);
            }
            self.out.push('\n');
        }
    }

    fn table(&mut self) {
        let mut rows = std::mem::take(&mut self.rows).into_iter();
        let mut table = Table::new();
        table
            .load_style(TABLE)
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(u16::try_from(self.columns - INDENT.len()).unwrap_or(u16::MAX));
        if let Some(head) = rows.next() {
            table.set_header(head);
        }
        table.add_rows(rows);
        self.gap();
        for line in table.lines() {
            self.out.push_str(INDENT);
            self.out.push_str(line.trim_end());
            self.out.push('\n');
        }
    }
}

/// What is said behind a link: how to come to another page, or the address.
fn leads_to(link: &str) -> String {
    let page = link.strip_suffix(".md");
    match page.filter(|page| TOPICS.iter().any(|topic| topic.name == *page)) {
        Some(page) => format!(" (`standin help {page}`)"),
        None => format!(" ({link})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# Title

<!-- for whoever reads the source -->
Some *plain* words about `code`, see
[Faults](faults.md).

1. one
2. two that is long enough to need another line

```sh
echo  $HOME

exit
```

| name | is |
|---|---|
| `a\\|b` | either of two words that do not fit on one line |
| c | one |
";

    #[test]
    fn every_kind_of_block_is_plain_text_in_its_place() {
        let shown = anstream::adapter::strip_str(&render(PAGE, 40)).to_string();
        let wanted = "Title

  Some plain words about `code`, see
  Faults (`standin help faults`).

  1. one
  2. two that is long enough to need
     another line

    echo  $HOME

    exit

";
        let (text, table) = shown.split_at(shown.find("exit\n\n").unwrap() + 6);
        assert_eq!(text, wanted);
        let rows: Vec<_> = table.lines().collect();
        assert!(
            rows[0].contains("name") && rows[0].contains("is"),
            "{table}"
        );
        let either = rows.iter().find(|row| row.contains("`a|b`")).unwrap();
        let one = rows
            .iter()
            .find(|row| row.contains("one") && row.contains('c'))
            .unwrap();
        assert_eq!(either.find("either"), one.find("one"), "{table}");
        assert!(
            table.lines().all(|row| row.chars().count() <= 40),
            "{table}"
        );
    }

    #[test]
    fn only_headings_are_bold() {
        let shown = render(PAGE, 80);
        assert_eq!(shown.matches('\u{1b}').count(), 2, "{shown}");
        assert!(shown.starts_with("\u{1b}[1mTitle\u{1b}[0m\n"));
    }

    #[test]
    fn every_page_fits_and_keeps_its_text() {
        for topic in &TOPICS {
            let shown = render(topic.text, 100);
            let prose = shown.lines().filter(|line| !line.starts_with(CODE_INDENT));
            for line in prose {
                let width = textwrap::core::display_width(line);
                assert!(width <= 100, "{}: {width}: {line}", topic.name);
            }
            assert!(shown.contains(topic.title));
        }
    }
}
