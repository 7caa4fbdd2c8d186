//! The webhook profiles by their names, for the help of whoever chooses one.

use crate::domain::webhook::Profile;

/// `standard, vgs, … or mastercard`: all of them.
pub(super) fn listed() -> String {
    let names = Profile::ALL.map(Profile::word);
    match names.split_last() {
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_is_listed() {
        let listed = listed();
        for profile in Profile::ALL {
            assert!(listed.contains(profile.word()), "{listed}");
        }
        assert!(listed.starts_with("standard, vgs, "), "{listed}");
        assert!(listed.ends_with(" or mastercard"), "{listed}");
    }
}
