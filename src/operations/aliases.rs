//! The vault: aliases for card numbers and security codes. Each space has one, and all accounts share it: they are service
//! accounts of one organisation, to which the vault belongs, and the same value has the same alias for each of them.

use super::space::{Call, Space};
use crate::domain::alias::{AliasKey, AliasRecord, Format, Secret, Storage, alias};
use crate::domain::card::Pan;
use crate::domain::known_alias::sample;
use crate::domain::operation::Operation;
use crate::domain::rejection::Rejection;
use crate::limits::{ALIAS_SHAPED_ATTEMPTS_MAX, COMMIT_ATTEMPTS_MAX};
use crate::store::{Batch, Commit};

/// A value to be vaulted.
#[derive(Debug)]
pub struct NewAlias {
    pub value: String,
    pub format: Format,
    pub storage: Storage,
    /// The alias that the caller wants, if it chooses one.
    pub chosen: Option<String>,
}

/// Whether a value may be vaulted under the alias that it is to have. Asked for each value of a list before the first is
/// vaulted, so that a list is vaulted whole or not at all unless somebody else takes an alias in between.
pub async fn check(call: &Call, new: &NewAlias) -> Result<(), Rejection> {
    let secret = secret(&call.space, &new.value)?;
    let Some(chosen) = &new.chosen else {
        return Ok(());
    };
    match given(call, chosen).await? {
        Some(found) if found.secret != secret => Err(Rejection::AliasTaken),
        Some(_) | None => Ok(()),
    }
}

/// Vaults a value. The same value in the same format gets the same alias again.
pub async fn create(call: &mut Call, new: NewAlias) -> Result<(String, AliasRecord), Rejection> {
    check(call, &new).await?;
    call.consult_or_refuse(Operation::CreateAlias, |_| {})
        .await?;
    let secret = secret(&call.space, &new.value)?;
    vault(call, new, secret).await
}

/// The alias under which the number of a card is in the vault, put there if need be. The number is not looked at again:
/// it was when the card was made, and one that the issuer put in its place since is nobody's test number.
pub(super) async fn of_card(call: &Call, pan: &Pan) -> Result<String, Rejection> {
    let new = NewAlias {
        value: pan.expose(),
        format: Format::Uuid,
        storage: Storage::Persistent,
        chosen: None,
    };
    Ok(vault(call, new, Secret::Pan(*pan)).await?.0)
}

async fn vault(
    call: &Call,
    new: NewAlias,
    secret: Secret,
) -> Result<(String, AliasRecord), Rejection> {
    let space = &call.space;
    for attempt in 0..COMMIT_ATTEMPTS_MAX {
        let (text, format) = match &new.chosen {
            Some(text) => (text.clone(), Format::Custom),
            // Three digits are soon all taken.
            None if attempt >= ALIAS_SHAPED_ATTEMPTS_MAX => {
                alias(&space.seed, &new.value, Format::Uuid, attempt)
            }
            None => alias(&space.seed, &new.value, new.format, attempt),
        };
        // A number below a test BIN is no card until somebody says so; a listed one is.
        let persona = Pan::parse(&text)
            .ok()
            .and_then(|pan| space.config.personas.find(&pan));
        let looks_like_a_card = persona.is_some_and(|persona| persona.pan.is_some());
        // Nor does a value stand for itself.
        if new.chosen.is_none() && (looks_like_a_card || text == new.value) {
            continue;
        }
        let key = AliasKey::of(&text);
        let found = space.store.get::<AliasRecord>(&key).await?;
        if let Some(found) = &found
            && !found.record.is_gone(call.now)
        {
            if found.record.secret == secret {
                return Ok((text, found.record.clone()));
            }
            if new.chosen.is_some() {
                return Err(Rejection::AliasTaken);
            }
            continue;
        }
        let record = AliasRecord {
            key,
            secret: secret.clone(),
            format,
            storage: new.storage,
            created: call.now,
        };
        let batch = Batch::new().put(record.clone(), found.map(|found| found.version));
        if space.store.commit(batch).await? == Commit::Done {
            return Ok((text, record));
        }
    }
    Err(Rejection::Contention)
}

/// What an alias stands for: one that was given out, or else one that a document prints.
pub async fn find(call: &Call, text: &str) -> Result<Option<AliasRecord>, Rejection> {
    let found = given(call, text).await?;
    let printed = || {
        let value = sample(call.space.config.personas.samples(), text)?;
        let secret = secret(&call.space, value).ok()?;
        Some(AliasRecord {
            key: AliasKey::of(text),
            secret,
            format: Format::Custom,
            storage: Storage::Persistent,
            created: call.now,
        })
    };
    Ok(found.or_else(printed))
}

/// What an alias stands for that somebody has or every test card has.
async fn given(call: &Call, text: &str) -> Result<Option<AliasRecord>, Rejection> {
    let key = AliasKey::of(text);
    let found = call.space.store.get::<AliasRecord>(&key).await?;
    if let Some(found) = found {
        return Ok((!found.record.is_gone(call.now)).then_some(found.record));
    }
    let of_a_test_card = call.space.config.personas.by_alias(&key);
    Ok(of_a_test_card.map(|pan| AliasRecord {
        key,
        secret: Secret::Pan(pan),
        format: Format::Uuid,
        storage: Storage::Persistent,
        created: call.now,
    }))
}

/// The card number behind an alias.
pub async fn reveal_pan(call: &Call, text: &str) -> Result<Pan, Rejection> {
    match find(call, text).await?.map(|record| record.secret) {
        Some(Secret::Pan(pan)) => Ok(pan),
        Some(Secret::Text(_)) | None => Err(Rejection::AliasUnknown),
    }
}

/// Forgets an alias. Aliases of the test cards stay.
pub async fn delete(call: &mut Call, text: &str) -> Result<(), Rejection> {
    call.consult_or_refuse(Operation::DeleteAlias, |_| {})
        .await?;
    let key = AliasKey::of(text);
    for _ in 0..COMMIT_ATTEMPTS_MAX {
        let found = call
            .space
            .store
            .get::<AliasRecord>(&key)
            .await?
            .ok_or(Rejection::AliasUnknown)?;
        let batch = Batch::new().remove::<AliasRecord>(key, found.version);
        if call.space.store.commit(batch).await? == Commit::Done {
            call.space.names_epoch.end();
            return Ok(());
        }
    }
    Err(Rejection::Contention)
}

/// A value that looks like a card number must be one that may be held; anything else is text.
fn secret(space: &Space, value: &str) -> Result<Secret, Rejection> {
    match Pan::parse(value) {
        Ok(pan) => space.config.personas.admit(&pan).map(|_| Secret::Pan(pan)),
        Err(_) => Ok(Secret::Text(value.into())),
    }
}
