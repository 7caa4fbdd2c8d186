//! The recording at the head of the README: drawn from the program itself, so that it cannot show what the program does not do.
//! `fixtures/pictures/README.md` says how to draw it anew.

use std::fmt::Write as _;

use quick_xml::escape::escape;

use super::{ADDRESS, program, well};
use crate::cli::Folder;
use crate::client::{Stand, options};
use crate::program::require_program;

const COMMANDS: &str = include_str!("../../../fixtures/pictures/terminal.sh");
const PICTURE: &str = "fixtures/pictures/terminal.svg";
/// Set, the picture is drawn anew.
const RECORD: &str = "STANDIN_RECORD";
/// Before each line of a command and behind none of the program's own.
const PROMPT: &str = "$ ";
const CONTINUED: &str = "> ";

const LINE_HEIGHT: usize = 19;
const CHAR_WIDTH: usize = 8;
const MARGIN: usize = 16;
/// Between two lines of output, and before a command is typed.
const PAUSE_LINE_MS: usize = 60;
const PAUSE_COMMAND_MS: usize = 900;

/// A shell script that prints each command as it would be typed, and runs it.
fn typed(address: &str) -> String {
    let mut script = String::new();
    let mut lines = COMMANDS.lines().peekable();
    while let Some(line) = lines.next() {
        let mut command = vec![line];
        while let Some(more) = lines.next_if(|line| line.starts_with("  ")) {
            command.push(more);
        }
        for (place, line) in command.iter().enumerate() {
            let prompt = if place == 0 { PROMPT } else { CONTINUED };
            let _ = writeln!(script, "cat <<'SHOWN'\n{prompt}{line}\nSHOWN");
        }
        let _ = writeln!(script, "{}", command.join("\n").replace(ADDRESS, address));
    }
    format!("exec 2>&1\n{script}")
}

fn drawn(shown: &str) -> String {
    let lines: Vec<_> = shown.lines().collect();
    let longest = lines.iter().map(|line| line.chars().count()).max().unwrap();
    let width = longest * CHAR_WIDTH + 2 * MARGIN;
    let height = lines.len() * LINE_HEIGHT + 2 * MARGIN;
    let mut picture = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">
<title>standin in a terminal</title>
<style>
text {{ font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #c9d1d9; white-space: pre; }}
.typed {{ fill: #7ee787; }}
@media (prefers-reduced-motion: no-preference) {{
text {{ opacity: 0; animation: shown 1ms forwards; }}
@keyframes shown {{ to {{ opacity: 1; }} }}
}}
</style>
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
"##
    );
    let mut at = 0;
    for (place, line) in lines.iter().enumerate() {
        let is_typed = line.starts_with(PROMPT);
        at += if is_typed {
            PAUSE_COMMAND_MS
        } else {
            PAUSE_LINE_MS
        };
        let class = if is_typed || line.starts_with(CONTINUED) {
            r#" class="typed""#
        } else {
            ""
        };
        let y = MARGIN + (place + 1) * LINE_HEIGHT - LINE_HEIGHT / 4;
        let length = line.chars().count() * CHAR_WIDTH;
        let text = escape(*line);
        let _ = writeln!(
            picture,
            r#"<text{class} x="{MARGIN}" y="{y}" textLength="{length}" xml:space="preserve" style="animation-delay:{at}ms">{text}</text>"#
        );
    }
    picture + "</svg>\n"
}

#[tokio::test]
async fn the_recording_shows_what_the_program_does() {
    if !require_program("curl") || !require_program("bash") {
        return;
    }
    let stand = Stand::start(options()).await;
    let address = stand.server.base_url().replace("http://", "");
    let folder = Folder::new("recording");
    let mut bash = program("bash", &address, &folder);
    let output = bash.arg("-c").arg(typed(&address)).output().await.unwrap();
    well(&output);
    stand.server.stop().await;
    let shown = String::from_utf8(output.stdout).unwrap();
    for wanted in ["curl says 56", "fault: lost", "yes: 2 found"] {
        assert!(shown.contains(wanted), "{wanted} is missing in\n{shown}");
    }
    let picture = drawn(&shown);
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(PICTURE);
    if std::env::var_os(RECORD).is_some() {
        std::fs::write(&path, &picture).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        kept, picture,
        "{RECORD}=1 cargo test recording draws it anew"
    );
}
