//! Documents that stay true: every path that they name is there, the map names every module, and every arrow is used.

use std::collections::BTreeSet;

use standin::docs::{TOPICS, topic};

use super::arrows;
use super::tree::{self, File};

/// Documents whose paths are looked up.
const DOCUMENTS: [&str; 2] = ["CONTRIBUTING.md", "README.md"];
/// The pages that ship inside the program.
const PAGES: &str = "src/docs/";
const ROOTS: [&str; 4] = ["src/", "features/", "fixtures/", "snapshots/"];

/// Paths in backticks that lie in the tree.
fn named_paths(text: &str) -> BTreeSet<&str> {
    let spans = text.split('`').skip(1).step_by(2);
    let plain = |span: &&str| {
        let path = span.chars();
        ROOTS.iter().any(|root| span.starts_with(root))
            && path
                .into_iter()
                .all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c))
    };
    spans.filter(plain).collect()
}

fn missing(files: &[File], text: &str) -> Vec<String> {
    let there = |path: &str| {
        let folder = path.trim_end_matches('/');
        files
            .iter()
            .any(|file| file.path == path || file.path.starts_with(&format!("{folder}/")))
    };
    let paths = named_paths(text).into_iter();
    paths
        .filter(|path| !there(path))
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_path_that_a_document_names_is_there() {
    let files = tree::files();
    let is_document =
        |path: &str| DOCUMENTS.contains(&path) || path.starts_with(PAGES) && path.ends_with(".md");
    let documents: Vec<_> = files
        .iter()
        .filter(|file| is_document(&file.path))
        .collect();
    assert_eq!(documents.len(), DOCUMENTS.len() + TOPICS.len());
    for File { path, text } in documents {
        let missing = missing(&files, text);
        assert!(missing.is_empty(), "{path} names {missing:?}");
    }
    let planted = "see `src/domain/nowhere.rs`, `src/lib.rs` and `src/wire/`";
    assert_eq!(missing(&files, planted), ["src/domain/nowhere.rs"]);
}

#[test]
fn the_maps_name_every_module_and_no_other() {
    let files = tree::files();
    let modules: BTreeSet<_> = files
        .iter()
        .filter_map(|file| arrows::module_of(&file.path))
        .collect();
    for (name, mark) in [("CONTRIBUTING.md", "| `"), ("src/lib.rs", "//! | [`")] {
        let document = files.iter().find(|file| file.path == name).unwrap();
        let rows = document.text.lines();
        let named: BTreeSet<_> = rows
            .filter_map(|line| line.strip_prefix(mark)?.split('`').next())
            .collect();
        let mut wanted = modules.clone();
        if name == "src/lib.rs" {
            wanted.remove("main");
        }
        assert_eq!(named, wanted, "{name}");
    }
}

#[test]
fn every_arrow_is_used_and_every_row_is_a_module() {
    let files = tree::sources();
    let unused = arrows::unused(&files);
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn the_pages_say_why_each_dependency_is_there() {
    let manifest = std::fs::read_to_string(tree::root().join("Cargo.toml")).unwrap();
    let manifest: toml::Table = manifest.parse().unwrap();
    let page = topic("dependencies").unwrap().text;
    let told: BTreeSet<_> = page.split('`').skip(1).step_by(2).collect();
    for kind in ["dependencies", "dev-dependencies"] {
        for name in manifest[kind].as_table().unwrap().keys() {
            assert!(told.contains(name.as_str()), "{kind}: {name}");
        }
    }
}

#[test]
fn every_link_of_a_page_leads_to_a_page() {
    for row in &TOPICS {
        for link in row.text.split("](").skip(1) {
            let link = link.split(')').next().unwrap();
            let page = link.strip_suffix(".md").and_then(topic);
            assert!(page.is_some(), "{}: {link}", row.name);
        }
    }
}
