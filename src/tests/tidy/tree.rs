//! Which files there are: those that git tracks or would track, or in an unpacked archive all but the build's.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A text file: its path from the root with `/` between, and what is in it.
#[derive(Debug)]
pub(super) struct File {
    pub(super) path: String,
    pub(super) text: String,
}

pub(super) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every path, sorted; files that are not text included.
pub(super) fn paths() -> Vec<String> {
    let mut paths = listed().unwrap_or_else(|| {
        let mut found = Vec::new();
        walk(&root(), "", &mut found);
        found
    });
    // A file that has been deleted and not yet committed is still listed.
    paths.retain(|path| root().join(path).is_file());
    paths.sort();
    paths.dedup();
    paths
}

/// Every text file.
pub(super) fn files() -> Vec<File> {
    let read = |path: String| {
        let bytes = std::fs::read(root().join(&path)).unwrap();
        let text = String::from_utf8(bytes).ok()?;
        (!text.contains('\0')).then_some(File { path, text })
    };
    let files: Vec<_> = paths().into_iter().filter_map(read).collect();
    assert!(
        files.iter().any(|file| file.path == "src/lib.rs"),
        "no tree"
    );
    files
}

/// Rust sources. What lies under `src/tests/` is included.
pub(super) fn sources() -> Vec<File> {
    let mut files = files();
    files.retain(|file| file.path.starts_with("src/") && file.path.ends_with(".rs"));
    files
}

fn listed() -> Option<Vec<String>> {
    let mut git = Command::new("git");
    git.arg("-C").arg(root());
    git.args([
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]);
    let answer = git.output().ok()?;
    let text = String::from_utf8(answer.stdout).ok()?;
    // In an archive unpacked below a foreign repository git lists nothing of ours.
    let ours = answer.status.success() && text.split('\0').any(|path| path == "Cargo.toml");
    ours.then(|| {
        text.split('\0')
            .filter(|path| !path.is_empty())
            .map(str::to_owned)
            .collect()
    })
}

fn walk(folder: &Path, prefix: &str, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let path = format!("{prefix}{name}");
        if ["target", ".git"].contains(&path.as_str()) {
            continue;
        }
        if entry.file_type().unwrap().is_file() {
            found.push(path);
        } else {
            walk(&entry.path(), &format!("{path}/"), found);
        }
    }
}

#[test]
fn walking_finds_whatever_git_lists() {
    let mut walked = Vec::new();
    walk(&root(), "", &mut walked);
    for path in paths() {
        assert!(walked.contains(&path), "{path}");
    }
}
