//! A merchant's key at a payment service: one header on every request. Its value is never shown.

use std::fmt;

use serde::Deserialize;

/// See the module.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Key {
    pub(crate) header: String,
    /// `{at_space}` stands for `@` and the scenario's space, or for nothing where there are no spaces.
    value: String,
    /// What the service calls the merchant's account, where it wants that said.
    #[serde(default)]
    pub(crate) merchant: Option<String>,
}

impl Key {
    pub(crate) fn value_in(&self, space: Option<&str>) -> String {
        let at_space = space.map_or_else(String::new, |space| format!("@{space}"));
        self.value.replace("{at_space}", &at_space)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Key({}: ***)", self.header)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_names_the_space_and_hides_itself() {
        let text = "header = \"x-api-key\"\nvalue = \"hush{at_space}\"";
        let key: Key = toml::from_str(text).unwrap();
        assert_eq!(key.value_in(Some("s1")), "hush@s1");
        assert_eq!(key.value_in(None), "hush");
        assert!(!format!("{key:?}").contains("hush"));
    }
}
