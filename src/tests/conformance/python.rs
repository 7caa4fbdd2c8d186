//! Targets in Python that are not standin, each in a process of its own and judged through its target file alone.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use super::{Ran, conform, folder};

/// What there is to know of one: a folder of `fixtures/targets`, the program in it, and its target file with the address in whose
/// place that of a running one is put.
pub(super) struct Known {
    pub(super) folder: &'static str,
    pub(super) program: &'static str,
    pub(super) file: &'static str,
    pub(super) address: &'static str,
}

/// One that is running. It ends when it is dropped.
pub(super) struct Started<'a> {
    known: &'a Known,
    process: Child,
    address: String,
}

impl Known {
    pub(super) fn start(&self, args: &[&str]) -> Started<'_> {
        let targets = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/targets");
        let program = format!("{targets}/{}/{}", self.folder, self.program);
        let mut python = Command::new("python3");
        python.arg("-B").arg(program).args(args);
        let mut process = python.stdout(Stdio::piped()).spawn().unwrap();
        let mut address = String::new();
        let mut said = BufReader::new(process.stdout.take().unwrap());
        said.read_line(&mut address).unwrap();
        Started {
            known: self,
            process,
            address: address.trim_end().to_owned(),
        }
    }
}

impl Known {
    /// Judges it with each bug, by the check that has to fail.
    pub(super) async fn is_caught(&self, bugs: &[(&str, &str)]) {
        for (bug, check) in bugs {
            let gateway = self.start(&["--bug", bug]);
            let tag = format!("@id:{check}");
            let ran = gateway.judged(bug, &["--tags", &tag]).await;
            let failed = format!("fail {check}/{} (must)", self.folder);
            assert_eq!(ran.code, 1, "{bug}: {}", ran.out);
            assert!(ran.out.contains(&failed), "{bug}: {}", ran.out);
        }
    }
}

impl Started<'_> {
    /// Where it answers.
    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// A target file with its address.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        let Known {
            folder: of,
            file,
            address,
            ..
        } = self.known;
        assert!(file.contains(address));
        let path = folder(&format!("{of}-{name}")).join("target.toml");
        std::fs::write(&path, file.replace(address, &self.address)).unwrap();
        path
    }

    /// Judges it, with more of a command line.
    pub(super) async fn judged(&self, name: &str, more: &[&str]) -> Ran {
        let path = self.file(name);
        let target = ["--target", path.to_str().unwrap()];
        conform(&[&target, more].concat()).await
    }
}

impl Drop for Started<'_> {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}
