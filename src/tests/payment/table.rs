//! The decision table: every row, wrong in every way below it. A check that moves breaks the rows it jumped over.

use standin::domain::card::Network;
use standin::domain::cryptogram::CryptogramKind;
use standin::domain::payment::reason::DeclineReason;
use standin::domain::payment::responses::Responses;

use super::scene::Scene;

const RESPONSES: &str = include_str!("../../../fixtures/responses.toml");

/// A kind of payment, for the table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Way {
    CustomerLong,
    CustomerShort,
    Merchant,
}

impl Way {
    const ALL: [Self; 3] = [Self::CustomerLong, Self::CustomerShort, Self::Merchant];

    const fn name(self) -> &'static str {
        match self {
            Self::CustomerLong => "CIT long",
            Self::CustomerShort => "CIT short",
            Self::Merchant => "MIT",
        }
    }

    fn scene(self, network: Network) -> Scene {
        match self {
            Self::CustomerLong => Scene::customer(network, CryptogramKind::Long),
            Self::CustomerShort => Scene::customer(network, CryptogramKind::Short),
            Self::Merchant => Scene::merchant(network),
        }
    }

    /// The reasons that this kind of payment can be declined for, in order.
    fn reasons(self, network: Network) -> Vec<DeclineReason> {
        let applies = |reason: &DeclineReason| match reason.row() {
            _ if *reason == DeclineReason::CryptogramLocked => self == Self::CustomerShort,
            "5a" | "5b" => self != Self::Merchant,
            "6" => self == Self::Merchant,
            "7" => self == Self::Merchant && network == Network::Mastercard,
            "5c" => self != Self::Merchant || reason.word().starts_with("credential"),
            _ => true,
        };
        DeclineReason::ALL.iter().copied().filter(applies).collect()
    }
}

#[test]
fn every_row_wrong_in_every_way_below_it() {
    let responses = Responses::parse(RESPONSES).unwrap();
    for network in Network::ALL {
        let mut table = format!(
            "{:<4}{:<30}{:<11}{:<6}{:<5}{:<4}{:<8}{}\n",
            "row", "answered", "payment", "wrong", "DE39", "MAC", "result", "spends"
        );
        for way in Way::ALL {
            let reasons = way.reasons(network);
            for place in 0..=reasons.len() {
                let mut scene = way.scene(network);
                scene.spoil_all(&reasons[place..]);
                let decision = scene.decide();
                let payment = &decision.payment;
                assert_eq!(
                    payment.decline,
                    reasons.get(place).copied(),
                    "{way:?} {place}"
                );
                let response = responses.of(payment).unwrap();
                let line = format!(
                    "{:<4}{:<30}{:<11}{:<6}{:<5}{:<4}{:<8}{}",
                    payment.decline.map_or("-", DeclineReason::row),
                    payment.decline.map_or("approved", DeclineReason::word),
                    way.name(),
                    reasons.len() - place,
                    response.de39,
                    response.merchant_advice.as_deref().unwrap_or("-"),
                    response.token_result.as_deref().unwrap_or("-"),
                    if decision.token.is_some() { "yes" } else { "-" },
                );
                table.push_str(line.trim_end());
                table.push('\n');
            }
        }
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/payment"));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(format!("table_{}", network.word()), table));
    }
}

#[test]
fn of_any_two_faults_the_higher_row_answers() {
    for network in [Network::Visa, Network::Mastercard] {
        for way in Way::ALL {
            let reasons = way.reasons(network);
            for (place, high) in reasons.iter().enumerate() {
                let mut alone = way.scene(network);
                alone.spoil_all(&[*high]);
                assert_eq!(alone.decide().payment.decline, Some(*high), "{way:?}");
                for low in &reasons[place + 1..] {
                    let mut scene = way.scene(network);
                    scene.spoil_all(&[*high, *low]);
                    let got = scene.decide().payment.decline;
                    assert_eq!(got, Some(*high), "{network:?} {way:?} {high} / {low}");
                }
            }
        }
    }
}

#[test]
fn an_override_replaces_one_row_and_a_hole_is_refused() {
    let text = "[[response]]\nreason = \"suspended\"\nnetwork = \"visa\"\nde39 = \"57\"\nsource = \"ours\"\n";
    let table = Responses::parse(RESPONSES).unwrap().with(text).unwrap();
    let answer = |network: Network, reason| {
        let mut scene = Scene::customer(network, CryptogramKind::Long);
        scene.spoil_all(&[reason]);
        table.of(&scene.decide().payment).unwrap().de39.clone()
    };
    assert_eq!(answer(Network::Visa, DeclineReason::Suspended), "57");
    assert_eq!(answer(Network::Discover, DeclineReason::Suspended), "62");
    assert_eq!(answer(Network::Visa, DeclineReason::Deleted), "46");

    let rows = [
        (
            "reason = \"tired\"",
            "response 1: \"tired\" is not a reason",
        ),
        (
            "reason = \"lost\"\nde39 = \"041\"\nsource = \"s\"",
            "response 1: de39 must be two letters or digits",
        ),
        (
            "reason = \"lost\"\nde39 = \"41\"\nsource = \" \"",
            "response 1: source must be a public source, or \"inferred\"",
        ),
        (
            "reason = \"lost\"\nde39 = \"41\"\nsource = \"s\"",
            "no response for unknown_token on visa",
        ),
    ];
    for (row, want) in rows {
        let text = format!("[[response]]\n{row}\n");
        let text = if row.contains("de39") {
            text
        } else {
            text + "de39 = \"05\"\nsource = \"s\"\n"
        };
        assert_eq!(Responses::parse(&text).unwrap_err().to_string(), want);
    }
    let twice = "[[response]]\nreason = \"lost\"\nde39 = \"41\"\nsource = \"s\"\n".repeat(2);
    assert_eq!(
        Responses::parse(&twice).unwrap_err().to_string(),
        "response 2: stands there twice"
    );
}
