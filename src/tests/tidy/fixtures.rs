//! A fixture is there because something reads it, and it says where it is from.

use standin::domain::surface::SurfaceName;

use super::tree::{self, File};

const FOLDER: &str = "fixtures/";

/// Who may read a fixture.
fn reads_fixtures(path: &str) -> bool {
    path == "README.md" || path.starts_with("src/") || path.starts_with(".ci/")
}

/// Whether something names the fixture, or includes a folder that it lies in.
fn is_used(path: &str, readers: &[File]) -> bool {
    let folders = path.match_indices('/').map(|(at, _)| &path[..at]);
    let folders: Vec<_> = folders
        .filter(|folder| format!("{folder}/") != FOLDER)
        .collect();
    readers.iter().any(|reader| {
        let includes = |folder: &&str| {
            let calls = reader.text.match_indices("include_dir!(").map(|(at, _)| at);
            calls.into_iter().any(|at| {
                let call = reader.text[at..].split(')').next().unwrap_or_default();
                call.trim_end_matches(['"', '/', ' ', '\n', ','])
                    .ends_with(folder)
            })
        };
        reader.text.contains(path) || folders.iter().any(includes)
    })
}

/// Whether the fixture names its source, or the README beside it does for it.
fn has_source(path: &str, text: Option<&str>, beside: Option<&str>) -> bool {
    let says = |text: &str| text.to_lowercase().contains("source");
    let name = path.rsplit('/').next().unwrap_or(path);
    text.is_some_and(says) || beside.is_some_and(|readme| says(readme) && readme.contains(name))
}

#[test]
fn every_fixture_is_used_and_names_its_source() {
    let mut readers = tree::files();
    readers.retain(|file| reads_fixtures(&file.path));
    let texts = tree::files();
    let text_of = |path: &str| {
        let mut files = texts.iter();
        files
            .find(|file| file.path == path)
            .map(|file| file.text.as_str())
    };
    let mut wrong = Vec::new();
    for path in tree::paths().iter().filter(|path| path.starts_with(FOLDER)) {
        if !is_used(path, &readers) {
            wrong.push(format!("{path}: nothing reads it"));
        }
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        if !has_source(path, text_of(path), text_of(&format!("{folder}/README.md"))) {
            wrong.push(format!("{path}: names no source"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_unused_or_sourceless_fixture_is_caught() {
    let reader = |text: &str| {
        vec![File {
            path: "src/a.rs".to_owned(),
            text: text.to_owned(),
        }]
    };
    let path = "fixtures/messages/visa/a.json";
    assert!(is_used(
        path,
        &reader("include_str!(\"../fixtures/messages/visa/a.json\")")
    ));
    assert!(is_used(
        path,
        &reader("include_dir!(\"$CARGO_MANIFEST_DIR/fixtures/messages\")")
    ));
    assert!(!is_used(
        path,
        &reader("include_dir!(\"$CARGO_MANIFEST_DIR/fixtures/mess\")")
    ));
    assert!(!is_used(
        path,
        &reader("include_dir!(\"$CARGO_MANIFEST_DIR/fixtures\")")
    ));
    assert!(!is_used(
        path,
        &reader("fixtures/messages/visa/b.json, fixtures/messages")
    ));
    assert!(has_source(path, Some("{\"source\": \"s\"}"), None));
    assert!(has_source(path, None, Some("a.json: the source is")));
    assert!(!has_source(path, Some("{}"), Some("b.json: the source is")));
    assert!(!has_source(path, None, None));
    assert!(reads_fixtures(".ci/run") && !reads_fixtures("fixtures/vectors/README.md"));
}

/// Surfaces whose words no feature holds to yet, and where they are held instead.
const WITHOUT_FEATURES: [(&str, &str); 2] = [
    (
        "vault",
        "the samples of its documents, in gateway/samples.rs",
    ),
    (
        "mastercard_checkout",
        "sealed and signed requests, in gateway/mastercard_checkout.rs",
    ),
];

#[test]
fn every_surface_has_features() {
    for surface in SurfaceName::ALL.iter().copied() {
        let folder = tree::root().join("features/wire").join(surface.word());
        let without = WITHOUT_FEATURES
            .iter()
            .any(|(name, _)| *name == surface.word());
        assert_ne!(folder.is_dir(), without, "{}", folder.display());
    }
}
