//! No two folders need each other, not even by way of a third. A folder and what lies inside it count as one: a module calls its
//! parts, and they use its words. In the domain no two files need each other either. The check reads the `use` statements that
//! are not of tests.

use std::collections::{BTreeMap, BTreeSet};

use super::arrows::{code, module_of};
use super::tree::{self, File};

/// Which folders use which, or which files.
type Uses = BTreeMap<String, BTreeSet<String>>;

/// What a path counts as: its folder, or itself.
type Place = fn(&str) -> &str;

/// Pairs of places of which each reaches the other.
fn circles(files: &[File], place: Place) -> Vec<String> {
    let uses = uses(files, place);
    let reached: Uses = uses
        .keys()
        .map(|from| (from.clone(), reach(&uses, from)))
        .collect();
    let mut found = Vec::new();
    for (one, others) in &reached {
        for other in others.range(one.clone()..).filter(|other| *other != one) {
            if reached.get(other).is_some_and(|back| back.contains(one)) {
                found.push(format!("{one} and {other} need each other"));
            }
        }
    }
    found
}

fn uses(files: &[File], place: Place) -> Uses {
    let own = files.iter().filter(|file| module_of(&file.path).is_some());
    let modules: BTreeMap<Vec<&str>, &str> = own
        .clone()
        .map(|file| (module(&file.path), place(&file.path)))
        .collect();
    let mut uses = Uses::new();
    for File { path, text } in own {
        let from = place(path);
        let tests = text.find("#[cfg(test)]\nmod ").unwrap_or(text.len());
        for named in used(&code(&text[..tests])) {
            let to = target(&module(path), &named, &modules);
            let nested = |inner: &str, outer: &str| inner.starts_with(&format!("{outer}/"));
            if let Some(to) = to.filter(|to| *to != from && !nested(to, from) && !nested(from, to))
            {
                uses.entry(from.to_owned())
                    .or_default()
                    .insert(to.to_owned());
            }
        }
    }
    uses
}

fn reach(uses: &Uses, from: &str) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let mut next = vec![from];
    while let Some(one) = next.pop() {
        for other in uses.get(one).into_iter().flatten() {
            if reached.insert(other.clone()) {
                next.push(other);
            }
        }
    }
    reached
}

/// The place of the module that a path names from within another module; none where it names no module of ours.
fn target<'a>(
    from: &[&str],
    named: &str,
    modules: &BTreeMap<Vec<&str>, &'a str>,
) -> Option<&'a str> {
    let mut parts: Vec<&str> = named.split("::").collect();
    let mut place: Vec<&str> = match parts.first() {
        Some(&"crate") => Vec::new(),
        Some(&("super" | "self")) => from.to_vec(),
        _ => return None,
    };
    parts.retain(|part| match *part {
        "super" => {
            place.pop();
            false
        }
        "crate" | "self" => false,
        _ => true,
    });
    place.extend(parts);
    while !place.is_empty() {
        if let Some(found) = modules.get(&place) {
            return Some(found);
        }
        place.pop();
    }
    None
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn module(path: &str) -> Vec<&str> {
    let inside = path.trim_start_matches("src/").trim_end_matches(".rs");
    inside.trim_end_matches("/mod").split('/').collect()
}

/// Every path that a `use` names, with what stands in braces written out.
fn used(code: &str) -> Vec<String> {
    let statements = code.split(';').filter_map(|piece| {
        let start = piece.rfind("use ").filter(|at| {
            let before = piece[..*at].chars().next_back();
            before.is_none_or(char::is_whitespace)
        })?;
        Some(&piece[start + "use ".len()..])
    });
    statements
        .flat_map(|statement| written_out("", statement))
        .collect()
}

fn written_out(before: &str, rest: &str) -> Vec<String> {
    let rest = rest.trim();
    let Some((head, group)) = rest.split_once('{') else {
        let path: String = rest
            .split_whitespace()
            .next()
            .unwrap_or_default()
            .to_owned();
        return vec![format!("{before}{path}")];
    };
    let before = format!("{before}{}", head.trim());
    let mut members = vec![String::new()];
    let mut depth = 0;
    for letter in group.chars() {
        match letter {
            '}' if depth == 0 => break,
            ',' if depth == 0 => members.push(String::new()),
            other => {
                depth += usize::from(other == '{');
                depth -= usize::from(other == '}');
                members.last_mut().unwrap().push(other);
            }
        }
    }
    let members = members.iter().filter(|member| !member.trim().is_empty());
    members
        .flat_map(|member| written_out(&before, member))
        .collect()
}

#[test]
fn no_two_folders_need_each_other() {
    let found = circles(&tree::sources(), folder);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn no_two_files_of_the_domain_need_each_other() {
    let mut files = tree::sources();
    files.retain(|file| file.path.starts_with("src/domain/"));
    assert!(files.len() > 50, "{}", files.len());
    let found = circles(&files, |path| path);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_circle_is_seen() {
    let file = |path: &str, text: &str| File {
        path: path.to_owned(),
        text: text.to_owned(),
    };
    let target = file(
        "src/wire/target/mod.rs",
        "use super::http::{self, client::{Client, send}};",
    );
    let client = file(
        "src/wire/http/client.rs",
        "use crate::wire::tool;\n#[cfg(test)]\nmod tests {\n    use crate::wire::target::Target;\n}",
    );
    let tool = file(
        "src/wire/tool/mod.rs",
        "pub(super) use super::target::Target;",
    );
    let part = file(
        "src/wire/tool/part.rs",
        "use super::super::Edge;\nuse super::Tool;",
    );
    let edge = file("src/wire/mod.rs", "use self::tool::part::Part;");
    let around = circles(&[target, client, tool, part, edge], folder);
    let pair =
        |one: &str, other: &str| format!("src/wire/{one} and src/wire/{other} need each other");
    assert_eq!(
        around,
        [
            pair("http", "target"),
            pair("http", "tool"),
            pair("target", "tool")
        ]
    );
    // What a test of `client` uses is nothing that the program needs.
    let client = file(
        "src/wire/http/client.rs",
        "#[cfg(test)]\nmod tests {\n    use crate::wire::target::Target;\n}",
    );
    let target = file("src/wire/target/mod.rs", "use super::http::client::Client;");
    assert_eq!(circles(&[target, client], folder), Vec::<String>::new());
    let one = file("src/domain/one.rs", "use super::other::Other;");
    let other = file("src/domain/other.rs", "use super::one::One;");
    assert_eq!(circles(&[one, other], |path| path).len(), 1);
}
