//! Who may call the gateway, as which owner of cards, and with what rights.

use std::collections::BTreeSet;
use std::fmt;

use serde::Deserialize;

use super::id::Owner;
use crate::wording::told;

/// A right that an access token carries (VGS service accounts).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
pub enum Scope {
    #[serde(rename = "cards:read")]
    CardsRead,
    #[serde(rename = "cards:write")]
    CardsWrite,
    #[serde(rename = "cards:read-pci")]
    CardsReadPci,
    #[serde(rename = "network-tokens:read")]
    NetworkTokensRead,
    #[serde(rename = "network-tokens:write")]
    NetworkTokensWrite,
}

impl Scope {
    pub const ALL: [Self; 5] = [
        Self::CardsRead,
        Self::CardsWrite,
        Self::CardsReadPci,
        Self::NetworkTokensRead,
        Self::NetworkTokensWrite,
    ];

    pub const fn text(self) -> &'static str {
        match self {
            Self::CardsRead => "cards:read",
            Self::CardsWrite => "cards:write",
            Self::CardsReadPci => "cards:read-pci",
            Self::NetworkTokensRead => "network-tokens:read",
            Self::NetworkTokensWrite => "network-tokens:write",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.text() == text)
    }
}

/// A set of rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Scopes(u8);

impl Scopes {
    pub fn contains(self, scope: Scope) -> bool {
        self.0 & (1 << scope as u8) != 0
    }

    #[must_use]
    pub fn with(self, scope: Scope) -> Self {
        Self(self.0 | 1 << scope as u8)
    }

    /// Space-separated, in the order of [`Scope::ALL`].
    pub fn text(self) -> String {
        let held: Vec<_> = Scope::ALL
            .into_iter()
            .filter(|s| self.contains(*s))
            .map(Scope::text)
            .collect();
        held.join(" ")
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        scopes.into_iter().fold(Self::default(), Self::with)
    }
}

/// When a card of the account gets its token, or its place in the account updater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Provisioning {
    /// In the background, a while after the card is created.
    OnCreate,
    /// When the account asks for it.
    #[default]
    Manual,
}

/// One service account of the gateway, which is also one token requestor at the networks.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    pub client_id: String,
    pub client_secret: String,
    /// Eleven digits, known to the networks.
    pub token_requestor_id: String,
    /// The merchant for whom tokens are requested.
    pub merchant: String,
    pub provisioning: Provisioning,
    /// When a card of the account is taken into the account updater.
    #[serde(default)]
    pub account_updater: Provisioning,
    pub scopes: BTreeSet<Scope>,
    /// Answer 303 with the existing card when a card number comes twice.
    #[serde(default)]
    pub duplicate_card_check: bool,
    /// CALM answers before the outcome is known.
    #[serde(default)]
    pub asynchronous_enrolment: bool,
    /// Enabled for agents: any merchant may be paid with the account's tokens.
    #[serde(default)]
    pub agentic: bool,
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Account({})", self.client_id)
    }
}

/// Why a list of accounts cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccountsError {
    #[error("{0}")]
    Syntax(String),
    #[error("account {0:?} stands there twice")]
    Twice(String),
    #[error(
        "client_id {0:?} must not be empty, hold white space or '@', which separates it from the name of a space"
    )]
    ClientId(String),
    #[error("account {0:?}: client_secret must not be empty")]
    Secret(String),
    #[error("account {0:?}: token_requestor_id must be eleven digits")]
    Requestor(String),
    #[error("{0} accounts are more than {max}", max = u16::MAX)]
    TooMany(usize),
}

/// Every account, in the order of the file. An [`Owner`] is a place in it.
#[derive(Debug, Clone, Default)]
pub struct Accounts(Vec<Account>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    account: Vec<Account>,
}

impl Accounts {
    /// Reads `[[account]]` tables.
    pub fn parse(text: &str) -> Result<Self, AccountsError> {
        let file: File = toml::from_str(text).map_err(|e| AccountsError::Syntax(told(&e)))?;
        if file.account.len() > usize::from(u16::MAX) {
            return Err(AccountsError::TooMany(file.account.len()));
        }
        let mut seen = BTreeSet::new();
        for account in &file.account {
            let id = &account.client_id;
            if id.is_empty() || id.contains(|c: char| c == '@' || c == ':' || c.is_whitespace()) {
                return Err(AccountsError::ClientId(id.clone()));
            }
            if !seen.insert(id.clone()) {
                return Err(AccountsError::Twice(id.clone()));
            }
            if account.client_secret.is_empty() {
                return Err(AccountsError::Secret(id.clone()));
            }
            let trid = &account.token_requestor_id;
            if trid.len() != 11 || !trid.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(AccountsError::Requestor(id.clone()));
            }
        }
        Ok(Self(file.account))
    }

    pub fn find(&self, client_id: &str) -> Option<(Owner, &Account)> {
        self.iter()
            .find(|(_, account)| account.client_id == client_id)
    }

    pub fn get(&self, owner: Owner) -> Option<&Account> {
        self.0.get(usize::from(owner.0))
    }

    pub fn iter(&self) -> impl Iterator<Item = (Owner, &Account)> {
        (0..).map(Owner).zip(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_a_set() {
        let scopes: Scopes = [Scope::CardsWrite, Scope::CardsRead].into_iter().collect();
        assert_eq!(scopes.text(), "cards:read cards:write");
        assert!(!scopes.contains(Scope::CardsReadPci));
        for scope in Scope::ALL {
            assert_eq!(Scope::parse(scope.text()), Some(scope));
        }
    }

    #[test]
    fn a_list_of_accounts_says_what_is_wrong_with_it() {
        let account = |id: &str, trid: &str| {
            format!(
                "[[account]]\nclient_id = \"{id}\"\nclient_secret = \"s\"\ntoken_requestor_id = \"{trid}\"\n\
                 merchant = \"m\"\nprovisioning = \"manual\"\nscopes = []\n"
            )
        };
        let twice = account("a", "40000000001").repeat(2);
        assert_eq!(
            Accounts::parse(&twice).unwrap_err(),
            AccountsError::Twice("a".to_owned())
        );
        let at = account("a@b", "40000000001");
        assert_eq!(
            Accounts::parse(&at).unwrap_err(),
            AccountsError::ClientId("a@b".to_owned())
        );
        let short = account("a", "4");
        assert_eq!(
            Accounts::parse(&short).unwrap_err(),
            AccountsError::Requestor("a".to_owned())
        );
        let open = account("a", "40000000001").replace("\"s\"", "\"\"");
        assert_eq!(
            Accounts::parse(&open).unwrap_err(),
            AccountsError::Secret("a".to_owned())
        );
        let Err(AccountsError::Syntax(text)) = Accounts::parse("[[account]]\nclient = 1\n") else {
            panic!("an unknown member must be refused");
        };
        assert!(text.contains("client"), "{text}");
    }
}
