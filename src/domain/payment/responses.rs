//! How the card networks answer: response code (DE39), merchant advice and token service result for every reason, as data.
//! What a network answers when a rule of tokens is broken is mostly not published, so every row can be overridden.

use std::collections::HashMap;

use serde::Deserialize;

use super::issuer::AmountTrigger;
use super::reason::DeclineReason;
use super::record::Payment;
use super::response::Response;
use crate::domain::card::Network;
use crate::domain::cryptogram::CryptogramKind;
use crate::wording::told;

/// The field that a proof came in, as rows name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Form {
    Long,
    Short,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    /// A word of [`DeclineReason`], or `approved`.
    reason: String,
    network: Option<Network>,
    form: Option<Form>,
    de39: String,
    merchant_advice: Option<String>,
    token_result: Option<String>,
    source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    response: Vec<Row>,
    #[serde(default)]
    amount: Vec<AmountTrigger>,
}

/// Why a table of answers cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResponsesError {
    #[error("{0}")]
    Syntax(String),
    #[error("response {row}: {word:?} is not a reason")]
    Reason { row: usize, word: String },
    #[error("response {row}: {field} must be {want}")]
    Code {
        row: usize,
        field: &'static str,
        want: &'static str,
    },
    #[error("response {row}: stands there twice")]
    Twice { row: usize },
    #[error("no response for {reason} on {network}")]
    Missing {
        reason: &'static str,
        network: &'static str,
    },
}

type Key = (Option<DeclineReason>, Option<Network>, Option<Form>);

/// Every answer, and the amounts that make an issuer decline.
#[derive(Debug, Clone, Default)]
pub struct Responses {
    rows: HashMap<Key, Response>,
    amounts: Vec<AmountTrigger>,
}

impl Responses {
    /// Reads `[[response]]` and `[[amount]]` tables, which must answer every reason on every network.
    pub fn parse(text: &str) -> Result<Self, ResponsesError> {
        let table = Self::default().with(text)?;
        for network in Network::ALL {
            let reasons = DeclineReason::ALL.iter().copied().map(Some);
            for reason in reasons.chain([None]) {
                if table.find(reason, network, None).is_none() {
                    return Err(ResponsesError::Missing {
                        reason: reason.map_or("approved", DeclineReason::word),
                        network: network.word(),
                    });
                }
            }
        }
        Ok(table)
    }

    /// The same table with the rows of `text` in place of its own. Amounts, if there are any, replace all amounts.
    pub fn with(mut self, text: &str) -> Result<Self, ResponsesError> {
        let file: File = toml::from_str(text).map_err(|e| ResponsesError::Syntax(told(&e)))?;
        let mut given = HashMap::new();
        for (place, row) in file.response.into_iter().enumerate() {
            let (key, response) = row.check(place + 1)?;
            if given.insert(key, response).is_some() {
                return Err(ResponsesError::Twice { row: place + 1 });
            }
        }
        self.rows.extend(given);
        if !file.amount.is_empty() {
            self.amounts = file.amount;
        }
        Ok(self)
    }

    pub fn amounts(&self) -> &[AmountTrigger] {
        &self.amounts
    }

    /// What the network answered to a payment. None when none was asked, because the number belongs to none.
    pub fn of<'a>(&'a self, payment: &'a Payment) -> Option<&'a Response> {
        if let Some(published) = &payment.published {
            return Some(published);
        }
        let form = payment.cryptogram.map(|kind| match kind {
            CryptogramKind::Long => Form::Long,
            CryptogramKind::Short => Form::Short,
        });
        self.find(payment.decline, payment.network?, form)
    }

    /// The most particular row: network and form, then network, then form, then neither.
    fn find(
        &self,
        reason: Option<DeclineReason>,
        network: Network,
        form: Option<Form>,
    ) -> Option<&Response> {
        let keys = [
            (reason, Some(network), form),
            (reason, Some(network), None),
            (reason, None, form),
            (reason, None, None),
        ];
        keys.iter().find_map(|key| self.rows.get(key))
    }
}

impl Row {
    fn check(self, row: usize) -> Result<(Key, Response), ResponsesError> {
        let mut reasons = DeclineReason::ALL.iter().copied();
        let reason = match self.reason.as_str() {
            "approved" => None,
            word => Some(
                reasons
                    .find(|reason| reason.word() == word)
                    .ok_or_else(|| ResponsesError::Reason {
                        row,
                        word: word.to_owned(),
                    })?,
            ),
        };
        let code = |field, text: Option<&String>, length, want| match text {
            Some(text)
                if text.len() != length || !text.bytes().all(|b| b.is_ascii_alphanumeric()) =>
            {
                Err(ResponsesError::Code { row, field, want })
            }
            Some(_) | None => Ok(()),
        };
        code("de39", Some(&self.de39), 2, "two letters or digits")?;
        code(
            "merchant_advice",
            self.merchant_advice.as_ref(),
            2,
            "two letters or digits",
        )?;
        code(
            "token_result",
            self.token_result.as_ref(),
            1,
            "one letter or digit",
        )?;
        if self.source.trim().is_empty() {
            let (field, want) = ("source", "a public source, or \"inferred\"");
            return Err(ResponsesError::Code { row, field, want });
        }
        let response = Response {
            de39: self.de39,
            merchant_advice: self.merchant_advice,
            token_result: self.token_result,
            own_code: None,
            source: self.source,
        };
        Ok(((reason, self.network, self.form), response))
    }
}
