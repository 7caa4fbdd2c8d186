//! The words that steps take as parameters. A word that is not listed is an undefined step, found before anything is sent.

use std::str::FromStr;

use cucumber::Parameter;

use super::super::binding::{Control, Operation, Psp, Reason, State};
use super::super::conversation::By;
use super::super::target::Condition;
use super::super::target::webhooks::Kind as Happening;
use super::super::watch::WatchedPlace;
use super::super::world::Who;
use super::bent::{CardSlip, Fault};
use super::things::Thing;

/// Declares a parameter: its name in expressions, and what each phrase means.
macro_rules! words {
    ($(#[$doc:meta])* $type:ident($inner:ty), $name:literal, $regex:literal, { $($phrase:literal => $value:expr,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Parameter)]
        #[param(name = $name, regex = $regex)]
        pub(super) struct $type(pub(super) $inner);

        impl FromStr for $type {
            type Err = String;

            fn from_str(phrase: &str) -> Result<Self, Self::Err> {
                match phrase {
                    $($phrase => Ok(Self($value)),)+
                    other => Err(format!("no meaning for {other:?}")),
                }
            }
        }
    };
}

words! {
    /// Which card is meant.
    Card(Who), "card", "the card|the other card", {
        "the card" => Who::One,
        "the other card" => Who::Other,
    }
}

words! {
    /// A token's state.
    TokenState(State), "state", "active|suspended|deleted|failed|pending", {
        "active" => State::Active,
        "suspended" => State::Suspended,
        "deleted" => State::Deleted,
        "failed" => State::Failed,
        "pending" => State::Pending,
    }
}

words! {
    /// A card that cannot be enrolled.
    Trouble(Condition), "trouble", "the network does not allow|the issuer declines|the issuer cannot verify", {
        "the network does not allow" => Condition::CardNotAllowed,
        "the issuer declines" => Condition::Declined,
        "the issuer cannot verify" => Condition::VerificationFailed,
    }
}

words! {
    /// Why something is refused.
    Why(Reason), "reason", "card not allowed|declined|card not verified|not found|token not usable|invalid", {
        "card not allowed" => Reason::CardNotAllowed,
        "declined" => Reason::Declined,
        "card not verified" => Reason::VerificationFailed,
        "not found" => Reason::NotFound,
        "token not usable" => Reason::NotUsable,
        "invalid" => Reason::Invalid,
    }
}

words! {
    /// A card network.
    Network(&'static str), "network", "Visa|Mastercard", {
        "Visa" => "visa",
        "Mastercard" => "mastercard",
    }
}

words! {
    /// Who changes a token behind the merchant's back.
    Actor(&'static str), "actor", "network|issuer", {
        "network" => "network",
        "issuer" => "issuer",
    }
}

words! {
    /// What they do to it.
    Act(Control), "act", "suspends|resumes|deletes|suspended|resumed|deleted|suspend|resume|delete", {
        "suspends" => Control::Suspend,
        "resumes" => Control::Resume,
        "deletes" => Control::Delete,
        "suspended" => Control::Suspend,
        "resumed" => Control::Resume,
        "deleted" => Control::Delete,
        "suspend" => Control::Suspend,
        "resume" => Control::Resume,
        "delete" => Control::Delete,
    }
}

words! {
    /// What a merchant is told of a token.
    Told(Happening), "told", "provisioned|suspended|resumed|deleted|updated", {
        "provisioned" => Happening::Provisioned,
        "suspended" => Happening::Suspended,
        "resumed" => Happening::Resumed,
        "deleted" => Happening::Deleted,
        "updated" => Happening::Updated,
    }
}

words! {
    /// Which cryptogram.
    Kind(Operation), "kind", "long|short", {
        "long" => Operation::CryptogramLong,
        "short" => Operation::CryptogramShort,
    }
}

words! {
    /// Who asks for what is not theirs.
    Stranger(By), "stranger", "nobody|somebody with an unknown key|another merchant", {
        "nobody" => By::Nobody,
        "somebody with an unknown key" => By::Stranger,
        "another merchant" => By::Other,
    }
}

words! {
    /// What they ask.
    Deed(Operation), "deed", "reads the token|deletes the token|enrols the card|asks for a long cryptogram|asks for a short cryptogram|pays with the cryptogram in hand|charges the token on file|suspends the token|resumes the token|lists the tokens|puts the card on file|lists the cards on file|changes the month of the card|takes the card off file|registers for webhooks|takes the endpoint away|pays with the short cryptogram in hand|authorizes with the cryptogram in hand|reads the payment|captures the payment|refunds the payment|takes the payment back", {
        "reads the token" => Operation::Read,
        "deletes the token" => Operation::Delete,
        "enrols the card" => Operation::Enrol,
        "asks for a long cryptogram" => Operation::CryptogramLong,
        "asks for a short cryptogram" => Operation::CryptogramShort,
        "pays with the cryptogram in hand" => Operation::Psp(Psp::Long),
        "charges the token on file" => Operation::Psp(Psp::Stored),
        "suspends the token" => Operation::Suspend,
        "resumes the token" => Operation::Resume,
        "lists the tokens" => Operation::List,
        "puts the card on file" => Operation::Store,
        "lists the cards on file" => Operation::ListCards,
        "changes the month of the card" => Operation::UpdateCard,
        "takes the card off file" => Operation::DeleteCard,
        "registers for webhooks" => Operation::Control(Control::Listen),
        "takes the endpoint away" => Operation::Control(Control::Unlisten),
        "pays with the short cryptogram in hand" => Operation::Psp(Psp::Short),
        "authorizes with the cryptogram in hand" => Operation::Psp(Psp::Later),
        "reads the payment" => Operation::Psp(Psp::ReadPayment),
        "captures the payment" => Operation::Psp(Psp::Capture),
        "refunds the payment" => Operation::Psp(Psp::Refund),
        "takes the payment back" => Operation::Psp(Psp::Void),
    }
}

words! {
    /// Answers of one kind.
    Answers(WatchedPlace), "answers", "answers about tokens|answers about cards|lists|answers about payments|errors about payments|errors|headers|webhooks", {
        "answers about tokens" => WatchedPlace::Tokens,
        "answers about cards" => WatchedPlace::Cards,
        "lists" => WatchedPlace::Lists,
        "answers about payments" => WatchedPlace::Payments,
        "errors about payments" => WatchedPlace::PaymentErrors,
        "errors" => WatchedPlace::Errors,
        "headers" => WatchedPlace::Headers,
        "webhooks" => WatchedPlace::Webhooks,
    }
}

words! {
    /// What a merchant has.
    Own(Thing), "thing", "card|token|Visa token|suspended token|long cryptogram|short cryptogram of a Visa token|payment|authorized payment|captured payment|endpoint", {
        "card" => Thing::Card,
        "token" => Thing::Token,
        "Visa token" => Thing::VisaToken,
        "suspended token" => Thing::Suspended,
        "long cryptogram" => Thing::Long,
        "short cryptogram of a Visa token" => Thing::Short,
        "payment" => Thing::Payment,
        "authorized payment" => Thing::Authorized,
        "captured payment" => Thing::Captured,
        "endpoint" => Thing::Endpoint,
    }
}

words! {
    /// What is wrong with a card.
    Slip(CardSlip), "slip", "with a wrong check digit|with a thirteenth month|with a month that has passed|with half its number|with a letter in its number", {
        "with a wrong check digit" => CardSlip::CheckDigit,
        "with a thirteenth month" => CardSlip::Month,
        "with a month that has passed" => CardSlip::Past,
        "with half its number" => CardSlip::Short,
        "with a letter in its number" => CardSlip::Letters,
    }
}

words! {
    /// What is wrong with the form of a request.
    Damage(Fault), "damage", "that is cut off|without a body|without the number|without the month|with an object as the number|with thousands of digits as the number|with nothing as the number|with an empty number|with a list as the body|with a method that there is not", {
        "that is cut off" => Fault::Cut,
        "without a body" => Fault::Empty,
        "without the number" => Fault::WithoutNumber,
        "without the month" => Fault::WithoutMonth,
        "with an object as the number" => Fault::ObjectNumber,
        "with thousands of digits as the number" => Fault::LongNumber,
        "with nothing as the number" => Fault::NoNumber,
        "with an empty number" => Fault::EmptyNumber,
        "with a list as the body" => Fault::List,
        "with a method that there is not" => Fault::Method,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::super::features::embedded;
    use super::super::super::lint;
    use super::*;

    /// What one outline has asked: the operations of the deeds that stand in its step between these words.
    fn swept(id: &str, between: (&str, &str)) -> BTreeSet<Operation> {
        let cases = lint::checked(&embedded(), &["cmp", "calm"]).unwrap();
        let cases = cases.iter().filter(|case| case.id.starts_with(id));
        let steps = cases.flat_map(|case| &case.steps);
        let deeds = steps.filter_map(|step| {
            let deed = step.value.strip_prefix(between.0)?;
            deed.strip_suffix(between.1)
        });
        deeds.map(|deed| deed.parse::<Deed>().unwrap().0).collect()
    }

    /// An operation without a row would be asked by nobody who may not, and never with a part of it wrong.
    #[test]
    fn every_operation_is_swept() {
        let closed = swept("access.closed.", ("everybody without a right key ", ""));
        let wrong = ", with each part of the request wrong in turn";
        let parts = swept("robustness.parts.", ("the merchant ", wrong));
        for operation in Operation::all() {
            let is_control = matches!(operation, Operation::Control(_));
            let of_webhooks = [Control::Listen, Control::Unlisten].map(Operation::Control);
            // It is what another merchant asks anyway.
            let is_elsewhere = operation == Operation::Psp(Psp::Elsewhere);
            let is_of_merchants =
                (!is_control || of_webhooks.contains(&operation)) && !is_elsewhere;
            let word = operation.word();
            assert_eq!(closed.contains(&operation), is_of_merchants, "{word}");
            let is_swept = is_of_merchants && !is_control;
            assert_eq!(parts.contains(&operation), is_swept, "{word}");
        }
    }
}
