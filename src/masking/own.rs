//! What this program itself is protected by, which is hidden wherever it stands, under whatever name, and in whichever part of a
//! request somebody has put it by mistake. It is known by its value; everybody else's is known by name or shape only.

use parking_lot::RwLock;

use super::HIDDEN;

/// They are few: those of the servers of this process.
static OWN: RwLock<Vec<String>> = RwLock::new(Vec::new());

/// A shorter one could stand in a text by chance.
const LETTERS_MIN: usize = 16;

/// Has a secret of this program hidden from now on.
pub fn hide(secret: &str) {
    let mut own = OWN.write();
    if secret.len() >= LETTERS_MIN && !own.iter().any(|known| known == secret) {
        own.push(secret.to_owned());
    }
}

/// Text without them. None when none is in it.
pub(super) fn masked(plain: &str) -> Option<String> {
    let own = OWN.read();
    let mut met = own.iter().filter(|secret| plain.contains(secret.as_str()));
    let first = met.next()?;
    let shown = plain.replace(first, HIDDEN);
    Some(met.fold(shown, |shown, secret| shown.replace(secret, HIDDEN)))
}
