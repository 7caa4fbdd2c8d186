//! Tables, fitted to the terminal. A pipe gets every row whole, whatever its width.

use std::io::IsTerminal as _;

use comfy_table::{Attribute, Cell, ContentArrangement, Table, presets};

use super::out::{Stream, colours};

/// A table without lines, its columns two spaces apart. With no head it has none.
pub(super) fn table<const N: usize>(
    head: Option<[&str; N]>,
    rows: impl IntoIterator<Item = [String; N]>,
) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    let fits = if std::io::stdout().is_terminal() {
        ContentArrangement::Dynamic
    } else {
        ContentArrangement::Disabled
    };
    table.set_content_arrangement(fits);
    if let Some(head) = head {
        let bold = colours(Stream::Out);
        table.set_header(head.map(|name| {
            let cell = Cell::new(name);
            if bold {
                cell.add_attribute(Attribute::Bold)
            } else {
                cell
            }
        }));
    }
    for row in rows {
        // What a client sent must not move the cursor.
        table.add_row(row.map(|cell| cell.replace(|c: char| c.is_control() && c != '\n', "?")));
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    if !colours(Stream::Out) {
        table.force_no_tty();
        if let Some(width) = Table::new().width() {
            table.set_width(width);
        }
    }
    table.trim_fmt()
}

/// A line that is no wider than the terminal.
pub(super) fn fitted(line: &str) -> String {
    let width = Table::new().width().map(usize::from);
    match width {
        Some(width) if std::io::stdout().is_terminal() && line.chars().count() > width => {
            let kept: String = line.chars().take(width.saturating_sub(1)).collect();
            format!("{kept}…")
        }
        Some(_) | None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pipe_gets_every_row_whole() {
        let long = "x".repeat(300);
        let rows = [
            ["a".to_owned(), long.clone()],
            ["bb".to_owned(), "c\u{1b}[2J\nd".to_owned()],
        ];
        let table = table(Some(["one", "two"]), rows);
        let lines: Vec<_> = table.lines().collect();
        assert_eq!(lines[0], "one  two");
        assert_eq!(lines[1], format!("a    {long}"));
        assert_eq!(lines[2], "bb   c?[2J");
        assert_eq!(lines[3], "     d");
    }
}
