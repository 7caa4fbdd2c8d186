//! Where features come from: the binary, and a folder of the user's own. Parsing only; what is wrong with a feature that
//! parses is for `lint` to say.

use std::fmt;
use std::path::{Path, PathBuf};

use cucumber::gherkin::{Feature, GherkinEnv};
use include_dir::{Dir, include_dir};

use super::suggestions;

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/features");

/// A feature file as text.
#[derive(Clone, Debug)]
pub(crate) struct FeatureText {
    pub(crate) path: String,
    pub(crate) text: String,
}

/// Something wrong with a feature, and where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Problem {
    pub(crate) path: String,
    pub(crate) line: usize,
    pub(crate) message: String,
}

impl Problem {
    pub(crate) fn new(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line,
            message: message.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}: {}", self.path, self.line, self.message)
    }
}

/// The features in the binary, in the order of their paths.
pub(crate) fn embedded() -> Vec<FeatureText> {
    let mut sources = Vec::new();
    let mut folders = vec![&EMBEDDED];
    while let Some(folder) = folders.pop() {
        folders.extend(folder.dirs());
        let files = folder.files().filter(|file| is_feature(file.path()));
        sources.extend(files.filter_map(|file| {
            Some(FeatureText {
                path: slashes(file.path()),
                text: file.contents_utf8()?.to_owned(),
            })
        }));
    }
    sources.sort_by(|one, other| one.path.cmp(&other.path));
    sources
}

/// The features below a folder of the user's, named relative to it.
///
/// # Errors
/// A text when the folder or a file cannot be read, or when there is no feature in it.
pub(crate) fn directory(root: &Path) -> Result<Vec<FeatureText>, String> {
    let mut sources = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        let failed = |error: std::io::Error| format!("--features {}: {error}", folder.display());
        for entry in std::fs::read_dir(&folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            if path.is_dir() {
                folders.push(path);
            } else if is_feature(&path) {
                let text = std::fs::read_to_string(&path)
                    .map_err(|error| format!("{}: {error}", path.display()))?;
                let name = path
                    .strip_prefix(root)
                    .map_or_else(|_| slashes(&path), slashes);
                sources.push(FeatureText { path: name, text });
            }
        }
    }
    if sources.is_empty() {
        return Err(format!(
            "--features {}: no .feature file in it",
            root.display()
        ));
    }
    sources.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(sources)
}

/// Parses one source.
///
/// # Errors
/// Where Gherkin stopped understanding it.
pub(crate) fn parse(source: &FeatureText) -> Result<Feature, Problem> {
    let text = source.text.replace("\r\n", "\n");
    match Feature::parse(&text, GherkinEnv::default()) {
        Ok(mut feature) => {
            feature.path = Some(PathBuf::from(&source.path));
            Ok(feature)
        }
        Err(error) => Err(misunderstood(source, &text, &error.to_string())),
    }
}

/// What to say of a text that Gherkin does not understand. Its error is public only as text: "Error at LINE:COLUMN: …".
fn misunderstood(source: &FeatureText, text: &str, said: &str) -> Problem {
    let place = said
        .strip_prefix("Error at ")
        .and_then(|rest| rest.split(':').next()?.parse().ok());
    let line: usize = place.unwrap_or(1);
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let at = |line: usize| {
        lines
            .get(line.saturating_sub(1))
            .copied()
            .unwrap_or_default()
    };
    let mut message = format!("Gherkin does not understand {:?} here", at(line));
    // What it stumbles over is often the line behind the slip.
    for before in (line.saturating_sub(2)..=line).rev() {
        let meant = suggestions::block(at(before)).or_else(|| suggestions::step(at(before)));
        if let Some(meant) = meant.filter(|meant| !at(before).starts_with(meant)) {
            message.push_str(&format!("; is line {before} meant to begin with {meant}?"));
            break;
        }
    }
    Problem::new(&source.path, line, message)
}

fn is_feature(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension == "feature")
}

fn slashes(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}
