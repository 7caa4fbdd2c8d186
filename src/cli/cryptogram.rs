//! `standin cryptogram`: the value that a server with the same seed gives, computed without one.

use clap::{Args, ValueEnum};
use serde_json::json;

use super::out::{Failed, say};
use crate::domain::cryptogram::{COUNTER_MAX, Claims, Long, Short, TokenKey};
use crate::domain::id::TokenReference;
use crate::domain::moment::Moment;
use crate::domain::money::{Amount, Currency};
use crate::operations::SpaceName;
use crate::seed::Seed;

/// The arguments of `standin cryptogram`.
#[derive(Debug, Args)]
pub(super) struct Cryptogram {
    /// The seed of the server.
    #[arg(long, default_value = "standin")]
    seed: String,
    /// The space of the token.
    #[arg(long, default_value = "default")]
    space: String,
    /// The token, as the gateway names it (NTK…) or as 32 hexadecimal digits.
    #[arg(long, value_name = "REFERENCE")]
    token: String,
    /// Which cryptogram of the token, counting from zero.
    #[arg(long, value_parser = clap::value_parser!(u32).range(..=i64::from(COUNTER_MAX)))]
    counter: u32,
    /// Long for a cryptogram field, short for a security-code field.
    #[arg(long, value_enum, default_value_t = Form::Long)]
    form: Form,
    /// When it is issued; only the long form carries it.
    #[arg(long, value_name = "INSTANT", required_if_eq("form", "long"))]
    at: Option<String>,
    /// The largest amount that it may be used for, in major units; only the long form carries it.
    #[arg(long, requires = "currency")]
    amount: Option<String>,
    /// The currency of the amount.
    #[arg(long, requires = "amount")]
    currency: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    Long,
    Short,
}

impl Cryptogram {
    pub(super) fn run(self) -> Result<(), Failed> {
        let space = SpaceName::parse(&self.space).map_err(|error| error.to_string())?;
        let seed = Seed::from_text(&self.seed).space(space.text());
        let token = self.token.strip_prefix("NTK").map_or_else(
            || TokenReference::from_hex(&self.token),
            TokenReference::from_base58,
        );
        let token = token.ok_or("--token must be NTK and 22 letters, or 32 hexadecimal digits")?;
        let key = TokenKey::derive(&seed, &token);
        let value = match self.form {
            Form::Short => Short::mint(&key, self.counter).digits(),
            Form::Long => {
                let limit = self.limit()?;
                let at = self.at.unwrap_or_default();
                let issued = Moment::parse(&at).map_err(|error| format!("--at: {error}"))?;
                Long::mint(
                    &key,
                    Claims {
                        counter: self.counter,
                        issued,
                        limit,
                    },
                )
                .base64()
            }
        };
        if self.json {
            return say!("{:#}", json!({ "cryptogram": value }));
        }
        say!("{value}")
    }

    fn limit(&self) -> Result<Option<Amount>, String> {
        let (Some(amount), Some(currency)) = (&self.amount, &self.currency) else {
            return Ok(None);
        };
        let currency = Currency::parse(currency).map_err(|error| format!("--currency {error}"))?;
        let amount =
            Amount::from_major(amount, currency).map_err(|error| format!("--amount {error}"))?;
        Ok(Some(amount))
    }
}
