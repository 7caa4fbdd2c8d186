//! What ten thousand armed fault rules cost a request that none of them is for, against no rule at all: one of the paths, cards,
//! tokens, merchants and clients of other people's tests each. Both are measured in turn on one server.

use standin::faults::choose::RuleSet;
use standin::faults::rule::Rule;
use standin::limits::FAULT_RULES_MAX;
use standin::operations::{Desk, SpaceName};

use crate::load::rate;
use crate::versus::{CONNECTIONS, Case, ROUNDS, SPAN, median, prepare, runtime, start};

/// What we want at least.
const WANTED: f64 = 0.90;

pub(crate) fn run() {
    let standin = runtime();
    let running = standin.block_on(start());
    let desk = running.spaces().open(&SpaceName::default_space()).unwrap();
    let client = runtime();
    let cases = client.block_on(prepare(running.address()));
    for Case { name, requests, .. } in cases {
        let measure = || client.block_on(rate(running.address(), &requests, CONNECTIONS, SPAN));
        let mut ratios = Vec::new();
        let mut rates = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            desk.faults.change(RuleSet::clear);
            let without = measure();
            arm(&desk);
            let with = measure();
            ratios.push(with / without);
            rates.0.push(with);
            rates.1.push(without);
        }
        println!(
            "{name:<16} {:>8.0} requests/s with {FAULT_RULES_MAX} rules, {:>8.0} with none, ratio {:.2} (wanted {WANTED:.2})",
            median(&mut rates.0),
            median(&mut rates.1),
            median(&mut ratios),
        );
    }
}

fn arm(desk: &Desk) {
    let now = desk.clock.now();
    desk.faults.change(|set| {
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
    assert_eq!(desk.faults.read().len(), FAULT_RULES_MAX);
}
