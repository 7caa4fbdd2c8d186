//! The pages that ship inside the program, from one source: `standin help TOPIC` prints them, the dashboard shows them, and
//! whoever reads the repository finds them beside this file. A page links to another one as `NAME.md`.

mod files;

pub use files::{FILES, File, files};

/// One page.
#[derive(Clone, Copy, Debug)]
pub struct Topic {
    /// The word by which it is asked for; no command has it.
    pub name: &'static str,
    /// Its first heading.
    pub title: &'static str,
    /// What a list of topics says of it, in one line.
    pub summary: &'static str,
    /// The page in Markdown, with tables. It begins with the title as its heading.
    pub text: &'static str,
}

/// A row whose page is the file of the same name.
macro_rules! topic {
    ($name:literal, $title:literal, $summary:literal) => {
        Topic {
            name: $name,
            title: $title,
            summary: $summary,
            text: include_str!(concat!($name, ".md")),
        }
    };
}

/// Every page, in the order in which a newcomer would read them.
pub const TOPICS: [Topic; 22] = [
    topic!(
        "concepts",
        "Concepts",
        "network token, cryptogram, and six words of our own"
    ),
    topic!(
        "gateway",
        "The gateway",
        "vault a card, get its token, be the issuer"
    ),
    topic!("pay", "Pay", "spend a token, and who declines it and why"),
    topic!(
        "services",
        "Payment services",
        "Stripe, Adyen, Checkout.com and others, each as it is"
    ),
    topic!(
        "webhooks",
        "Webhooks",
        "be told what happens, as each service tells it"
    ),
    topic!(
        "faults",
        "Faults",
        "make it fail: rules, presets and ten recipes"
    ),
    topic!(
        "journals",
        "Journal and verify",
        "what was asked and answered, and why"
    ),
    topic!(
        "spaces",
        "Spaces, time and the control plane",
        "a world for each test, and the tester's own API"
    ),
    topic!(
        "networks",
        "Networks and keys",
        "Visa and Mastercard, and keys for them"
    ),
    topic!(
        "proxy",
        "Proxy",
        "take a program offline by its environment alone"
    ),
    topic!(
        "storage",
        "Storage",
        "keep a world, take it along, watch it"
    ),
    topic!(
        "conformance",
        "Conformance",
        "judge a gateway, and from run to run what has changed"
    ),
    topic!(
        "evidence",
        "Evidence, proof and exploration",
        "reports of a run, and how far the judge can be believed"
    ),
    topic!(
        "ends",
        "Judge both ends",
        "clients, receivers of webhooks, and vectors"
    ),
    topic!(
        "ci",
        "Continuous integration",
        "a job, its verdict and its reports"
    ),
    topic!(
        "replicas",
        "Several servers, one sandbox",
        "replicas that share a Redis or Valkey"
    ),
    topic!("tools", "Agents, editors and launchers", "other ways in"),
    topic!(
        "target-file",
        "The target file",
        "every table, key, operation and word of a target file"
    ),
    topic!(
        "settings",
        "Settings",
        "every option, variable, setting and file"
    ),
    topic!(
        "security",
        "Security",
        "who is let through, and every bound"
    ),
    topic!("figures", "Figures", "speed and memory, as measured"),
    topic!(
        "dependencies",
        "Dependencies",
        "each crate and why it is there"
    ),
];

/// The page of that name.
pub fn topic(name: &str) -> Option<&'static Topic> {
    TOPICS.iter().find(|topic| topic.name == name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_page_in_the_folder_has_a_row() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/docs");
        let paths = std::fs::read_dir(folder).unwrap();
        let names = paths.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let pages: BTreeSet<_> = names
            .filter_map(|name| name.strip_suffix(".md").map(str::to_owned))
            .collect();
        let rows = TOPICS.iter().map(|topic| topic.name.to_owned());
        assert_eq!(pages, rows.collect());
    }

    #[test]
    fn every_row_says_what_its_page_is() {
        for topic in &TOPICS {
            let heading = format!("# {}\n\n", topic.title);
            assert!(topic.text.starts_with(&heading), "{}", topic.name);
            assert!(topic.summary.len() <= 70, "{}", topic.name);
        }
    }
}
