//! Imports point down. The check reads text: it sees `crate::x`, `use crate::{…}`, `standin::x` and chains of `super`
//! that leave their module, but not a re-export, which is why a module may not re-export another one.

use std::collections::BTreeSet;

use super::tree::{self, File};

/// What each top-level module may use besides `limits`, which everybody may read. Read it downwards: nothing points up.
/// The reason of each arrow is what the module is for; a new arrow is a decision and has to be made here.
const MAY_USE: [(&str, &[&str]); 30] = [
    ("limits", &[]),
    ("wording", &[]),
    ("crypto", &[]),
    ("masking", &["crypto"]),
    // Low, because the dashboard shows runs too.
    ("report", &["crypto", "masking"]),
    ("seed", &["crypto"]),
    ("vectors", &["crypto", "seed"]),
    ("domain", &["crypto", "seed", "wording"]),
    ("matching", &["domain", "masking"]),
    (
        "faults",
        &["domain", "seed", "masking", "matching", "wording"],
    ),
    ("clock", &["domain"]),
    ("journal", &["crypto", "domain", "masking", "matching"]),
    ("judge", &["crypto", "domain", "journal"]),
    ("outgoing", &[]),
    ("pages", &[]),
    ("metrics", &["domain"]),
    ("docs", &[]),
    ("store", &["domain", "metrics"]),
    (
        "operations",
        &[
            "domain", "faults", "metrics", "store", "clock", "seed", "journal", "judge", "crypto",
            "wording",
        ],
    ),
    (
        "wire",
        // Masking, where an answer repeats what it was asked for.
        &[
            "operations",
            "faults",
            "domain",
            "crypto",
            "journal",
            "masking",
            // For the shop and the pages on which customers are authenticated.
            "pages",
        ],
    ),
    (
        "webhooks",
        &[
            "wire",
            "operations",
            "outgoing",
            "faults",
            "journal",
            "clock",
            "seed",
            "domain",
            "crypto",
        ],
    ),
    (
        "control",
        // Crypto, to read ids in the encodings of the payment services; masking, to show URLs that have credentials in them;
        // report, to tell of runs of the harness.
        &[
            "report",
            "operations",
            "metrics",
            "faults",
            "journal",
            "clock",
            "domain",
            "crypto",
            "masking",
            // For bodies, whose readers speak as those of files do.
            "wording",
        ],
    ),
    // Operations, for the name of a space; all else it hears from the control API, which it is handed.
    ("dashboard", &["operations", "domain", "docs", "pages"]),
    (
        "server",
        &[
            "wire",
            "control",
            "dashboard",
            "pages",
            "webhooks",
            "operations",
            "metrics",
            // To be handed the engine of every space.
            "store",
            // To have its own token hidden wherever it stands.
            "masking",
            "outgoing",
            "faults",
            "journal",
            "clock",
            "seed",
            "domain",
            "crypto",
        ],
    ),
    (
        "proxy",
        // Clock, because certificates are good by the machine's time; masking, because what is recorded is compared masked.
        &[
            "server",
            "wire",
            "operations",
            "outgoing",
            "journal",
            "masking",
            "clock",
            "domain",
            "crypto",
        ],
    ),
    (
        "conformance",
        &["report", "crypto", "masking", "outgoing", "wording"],
    ),
    // Domain, because its rules are the judge: they are pure, and it takes nothing else of the server.
    ("explore", &["conformance", "report", "domain", "crypto"]),
    // Operations, to give every server the same keys.
    (
        "prove",
        &["conformance", "report", "server", "operations", "domain"],
    ),
    (
        "cli",
        // Crypto, to make or read the authority of the proxy, and the keystore that Java believes it by.
        &[
            "docs",
            "proxy",
            "server",
            "explore",
            "conformance",
            "prove",
            "report",
            "operations",
            "vectors",
            "outgoing",
            "faults",
            "matching",
            "store",
            "clock",
            "seed",
            "domain",
            "crypto",
            // Because lines leave there.
            "masking",
        ],
    ),
    ("main", &["cli"]),
];

const SEEN_BY_ALL: &str = "limits";

fn may_use(module: &str) -> Option<&'static [&'static str]> {
    MAY_USE
        .iter()
        .find_map(|(name, uses)| (*name == module).then_some(*uses))
}

/// The top-level module that a file belongs to; none for the map in `lib.rs`, for the build script and for these tests.
pub(super) fn module_of(path: &str) -> Option<&str> {
    let inside = path.strip_prefix("src/")?;
    let module = inside.split('/').next()?.trim_end_matches(".rs");
    (!["lib", "build", "tests", "benches"].contains(&module)).then_some(module)
}

/// Without comments, so that a link in a document is not an import.
pub(super) fn code(text: &str) -> String {
    let lines = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// The top-level modules that a text names.
fn named(path: &str, text: &str) -> Vec<String> {
    let code = code(text);
    let mut modules = Vec::new();
    for root in ["crate::", "standin::"] {
        for (at, _) in code.match_indices(root) {
            let before = code[..at].chars().next_back();
            if !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                modules.extend(heads(&code[at + root.len()..]));
            }
        }
    }
    modules.extend(above(path, &code));
    modules
}

/// The first names of what follows `crate::`, which may be a group in braces.
fn heads(rest: &str) -> Vec<String> {
    let Some(group) = rest.strip_prefix('{') else {
        return vec![name(rest)];
    };
    let mut depth = 0;
    let mut heads = vec![String::new()];
    for letter in group.chars() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => heads.push(String::new()),
            other => heads.last_mut().unwrap().push(other),
        }
    }
    heads
        .iter()
        .map(|head| name(head.trim_start()))
        .filter(|head| !head.is_empty())
        .collect()
}

fn name(text: &str) -> String {
    text.chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect()
}

/// Top-level modules named by way of `super::super::…`. A file that lies `depth` modules deep reaches the top with that
/// many; inside an inline module it needs one more, so a longer chain counts too.
fn above(path: &str, code: &str) -> Vec<String> {
    let parts: Vec<_> = path.trim_end_matches("/mod.rs").split('/').collect();
    let depth = parts.len() - 1;
    let mut modules = Vec::new();
    for (at, _) in code.match_indices("super::") {
        if code[..at].ends_with("super::") {
            continue;
        }
        let chain = &code[at..];
        let rest = chain.trim_start_matches("super::");
        if (chain.len() - rest.len()) / "super::".len() >= depth {
            let reached = heads(rest).into_iter();
            modules.extend(reached.filter(|module| may_use(module).is_some()));
        }
    }
    modules
}

/// Rows of the table that are no module, and grants that no file makes use of.
pub(super) fn unused(files: &[File]) -> Vec<String> {
    let mut used = BTreeSet::new();
    let mut modules = BTreeSet::new();
    for File { path, text } in files {
        if let Some(module) = module_of(path) {
            modules.insert(module);
            used.extend(named(path, text).into_iter().map(|other| (module, other)));
        }
    }
    let mut unused = Vec::new();
    for (module, grants) in MAY_USE {
        if !modules.contains(module) {
            unused.push(format!("`{module}` is no module"));
        }
        for other in grants {
            if !used.contains(&(module, (*other).to_owned())) {
                unused.push(format!("`{module}` does not use `{other}`"));
            }
        }
    }
    unused
}

/// What is wrong with the imports of one file.
pub(super) fn violations(path: &str, text: &str) -> Vec<String> {
    let Some(module) = module_of(path) else {
        return Vec::new();
    };
    let Some(uses) = may_use(module) else {
        return vec![format!("{path}: `{module}` has no row in MAY_USE")];
    };
    let allowed = |other: &str| other == module || other == SEEN_BY_ALL || uses.contains(&other);
    let mut wrong: Vec<_> = named(path, text)
        .into_iter()
        .filter(|other| may_use(other).is_some() && !allowed(other))
        .map(|other| format!("{path}: `{module}` may not use `{other}`"))
        .collect();
    for line in text
        .lines()
        .map(str::trim_start)
        .filter(|line| line.starts_with("pub use crate::"))
    {
        let foreign = heads(&line["pub use crate::".len()..]);
        if foreign.iter().any(|other| other != module) {
            wrong.push(format!(
                "{path}: `{module}` re-exports another module: {line}"
            ));
        }
    }
    wrong.sort();
    wrong.dedup();
    wrong
}

#[test]
fn nothing_points_up() {
    let sources = tree::sources();
    let wrong: Vec<_> = sources
        .iter()
        .flat_map(|File { path, text }| violations(path, text))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_row_uses_only_rows_above_it() {
    for (place, (module, uses)) in MAY_USE.iter().enumerate() {
        for used in *uses {
            let above = MAY_USE[..place].iter().any(|(name, _)| name == used);
            assert!(above, "`{module}` uses `{used}`, which is not above it");
        }
        assert!(
            !uses.contains(&SEEN_BY_ALL),
            "`{module}` need not list {SEEN_BY_ALL}"
        );
        assert!(
            MAY_USE[..place].iter().all(|(name, _)| name != module),
            "`{module}` twice"
        );
    }
}
