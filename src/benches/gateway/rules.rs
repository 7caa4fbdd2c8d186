//! What ten thousand armed fault rules cost a request that none of them is for, against no rule at all: one of the paths, cards,
//! tokens, merchants and clients of other people's tests each. Both are spaces of one server, measured in turn.

use standin::faults::rule::Rule;
use standin::limits::FAULT_RULES_MAX;
use standin::operations::{Space, SpaceName};

use crate::load::rate;
use crate::versus::{CONNECTIONS, Case, ROUNDS, SPAN, median, prepare, runtime, start};

/// What we want at least.
const WANTED: f64 = 0.90;

pub(crate) fn run() {
    let standin = runtime();
    let running = standin.block_on(start());
    let address = running.address();
    let armed = SpaceName::parse("armed").unwrap();
    let space = standin.block_on(running.spaces().open(&armed));
    arm(&space.unwrap());
    let client = runtime();
    let without = client.block_on(prepare(address, "default"));
    let with = client.block_on(prepare(address, "armed"));
    for (without, with) in without.into_iter().zip(with) {
        let measure =
            |case: &Case| client.block_on(rate(address, &case.requests, CONNECTIONS, SPAN));
        let mut ratios = Vec::new();
        let mut rates = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let (without, with) = (measure(&without), measure(&with));
            ratios.push(with / without);
            rates.0.push(with);
            rates.1.push(without);
        }
        println!(
            "{:<16} {:>8.0} requests/s with {FAULT_RULES_MAX} rules, {:>8.0} with none, ratio {:.2} (wanted {WANTED:.2})",
            with.name,
            median(&mut rates.0),
            median(&mut rates.1),
            median(&mut ratios),
        );
    }
}

fn arm(space: &Space) {
    let now = space.clock.now();
    space.faults.change(|set| {
        for place in 0..FAULT_RULES_MAX {
            let on = match place % 5 {
                0 => format!("path=/cards/CRD{place:022}"),
                1 => format!("card=CRD{place:022}"),
                2 => format!("token=NTK{place:022}"),
                3 => format!("merchant=merchant-{place}"),
                _ => format!("client=client-{place} operation=issue_cryptogram"),
            };
            let rule = Rule::from_text(&format!("status 503 on {on}")).unwrap();
            set.arm(rule, now).unwrap();
        }
    });
    assert_eq!(space.faults.read().len(), FAULT_RULES_MAX);
}
