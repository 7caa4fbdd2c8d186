//! A cryptogram for one payment, with the token that it goes with, all of it sealed.

use serde_json::{Value, json};

use super::errors::{MdesError, Own};
use super::request::{Host, answer, enter};
use super::{requests, sealed, tokens};
use crate::domain::card::Expiry;
use crate::domain::cryptogram::CryptogramKind;
use crate::domain::rejection::Rejection;
use crate::operations::cryptograms::{self, Minted, Want};
use crate::wire::edge::{Answer, Request, RequestContext, document};

pub(super) async fn transact(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, MdesError> {
    let owner = enter(context, request).await?;
    let wanted = document::of(request, requests::transact)?;
    let token = tokens::find(&context.call, owner, &wanted).await?.token;
    let want = Want {
        kind: CryptogramKind::Long,
        limit: None,
    };
    let minted = cryptograms::mint(&mut context.call, &token.reference, want).await;
    let minted = minted.map_err(|why| refused(wanted.text, why))?;
    let plain = credentials(&minted);
    let sealed = sealed::about(&context.call, &token.reference, &plain).await?;
    let body = json!({ "encryptedPayload": Value::from(sealed) });
    Ok(answer(request, context, Host::Named, body))
}

/// A deactivated token has a status like any other here.
fn refused(reference: String, why: Rejection) -> MdesError {
    let deactivated = why == Rejection::TokenDeleted;
    let why = if deactivated {
        Rejection::InvalidTokenStatus
    } else {
        why
    };
    Own::Token(reference, why).into()
}

fn credentials(minted: &Minted) -> Value {
    let token = &minted.token;
    let number = token
        .number
        .map(|number| number.expose())
        .unwrap_or_default();
    let (year, month) = (token.expiry.year_two_digits(), token.expiry.month());
    json!({
        "accountNumber": number,
        "applicationExpiryDate": format!("{year:02}{month:02}{:02}", last_day(token.expiry)),
        "panSequenceNumber": "01",
        "track2Equivalent": track2(&number, token.expiry),
        "de48se43Data": minted.value,
    })
}

/// Number, separator, expiry, service code 201 and thirteen digits at the issuer's discretion, in half bytes (ISO/IEC 7813,
/// and the specification's example).
fn track2(number: &str, expiry: Expiry) -> String {
    let (year, month) = (expiry.year_two_digits(), expiry.month());
    let mut track = format!("{number}D{year:02}{month:02}2011000000000000");
    if !track.len().is_multiple_of(2) {
        track.push('F');
    }
    track
}

/// A token is good through the last day of its month.
fn last_day(expiry: Expiry) -> u8 {
    let year = expiry.year();
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match expiry.month() {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_tracks_are_of_the_specification_s_shape() {
        let days = |month, year| last_day(Expiry::new(month, year).unwrap());
        assert_eq!(
            [
                days(2, 28),
                days(2, 29),
                days(2, 2000),
                days(12, 30),
                days(11, 30)
            ],
            [29, 28, 29, 31, 30]
        );
        // The example's own number and expiry.
        let track = track2("5480981500100002", Expiry::new(11, 18).unwrap());
        assert_eq!(track, "5480981500100002D18112011000000000000F");
    }
}
