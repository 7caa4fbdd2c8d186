//! The files that pages name, for whoever has the program and not its source: `standin help fixtures/cards.toml` prints one.

/// A file as it is in the source.
#[derive(Clone, Copy, Debug)]
pub struct File {
    /// Its path there, by which pages name it.
    pub path: &'static str,
    pub text: &'static str,
}

/// Rows by their paths.
macro_rules! files {
    ($($path:literal,)+) => {
        &[$(File {
            path: $path,
            text: include_str!(concat!("../../", $path)),
        },)+]
    };
}

/// Every file.
pub const FILES: &[File] = files![
    "fixtures/accounts.toml",
    "fixtures/cards.toml",
    "fixtures/deploy/Dockerfile",
    "fixtures/deploy/compose.yaml",
    "fixtures/deploy/replicas.yaml",
    "fixtures/faults/flaky_network.toml",
    "fixtures/faults/issuer_outage.toml",
    "fixtures/faults/lost_replies.toml",
    "fixtures/faults/magic_values.toml",
    "fixtures/faults/slow_friday.toml",
    "fixtures/faults/webhook_storm.toml",
    "fixtures/launchers/README.md",
    "fixtures/merchants.toml",
    "fixtures/responses.toml",
    "fixtures/routes.toml",
    "fixtures/schemas/README.md",
    "fixtures/targets/bluegate/target.toml",
    "fixtures/targets/quay/target.toml",
    "fixtures/vectors/README.md",
    "src/limits.rs",
];

/// The file of a path, or the files of a folder's.
pub fn files(path: &str) -> impl Iterator<Item = &'static File> {
    let is_meant =
        move |file: &&File| file.path == path || path.ends_with('/') && file.path.starts_with(path);
    FILES.iter().filter(is_meant)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::docs::TOPICS;

    /// What a page names of the source, but for the folder of a test.
    fn named(text: &str) -> impl Iterator<Item = &str> {
        let quoted = text.split('`').skip(1).step_by(2);
        quoted.filter(|word| word.starts_with("fixtures/") || *word == "src/limits.rs")
    }

    #[test]
    fn the_program_has_every_file_that_a_page_names() {
        let mut seen = 0;
        for topic in &TOPICS {
            for path in named(topic.text) {
                let found = files(path).next();
                assert!(found.is_some(), "{}: {path}", topic.name);
                seen += 1;
            }
        }
        assert!(seen > 10);
    }

    #[test]
    fn a_folder_is_its_files() {
        assert_eq!(files("fixtures/faults/").count(), 6);
        assert_eq!(files("fixtures/faults").count(), 0);
        assert_eq!(files("fixtures/none.toml").count(), 0);
    }
}
