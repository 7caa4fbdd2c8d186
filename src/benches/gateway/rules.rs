//! What ten thousand armed fault rules cost a request that none of them is for, against no rule at all: one of the paths,
//! cards, tokens, merchants and clients of other people's tests each.

use standin::limits::FAULT_RULES_MAX;

use crate::cases::prepare;
use crate::pairs::Ratios;
use crate::server::{Server, pin_client};
use crate::versus::{CARDS, CONNECTIONS, SETTLED, STARTS};

const WITH: &str = "127.0.0.1:24123";
const WITHOUT: &str = "127.0.0.1:24124";
/// What we want at least.
const WANTED: f64 = 0.95;

pub(crate) fn run() {
    pin_client();
    let file = std::env::temp_dir().join(format!("standin-bench-{}.toml", std::process::id()));
    std::fs::write(&file, rules()).unwrap();
    let mut ratios = [Ratios::default(), Ratios::default()];
    let mut names = Vec::new();
    for _ in 0..STARTS {
        let with = Server::standin(WITH, &["--faults", file.to_str().unwrap()]);
        let without = Server::standin(WITHOUT, &[]);
        std::thread::sleep(SETTLED);
        let armed = prepare(with.address, "default", CONNECTIONS, CARDS);
        let free = prepare(without.address, "default", CONNECTIONS, CARDS);
        names = armed.iter().map(|case| case.name).collect();
        for ((armed, free), ratios) in armed.iter().zip(&free).zip(&mut ratios) {
            ratios.add(&with, armed, &without, free);
        }
    }
    std::fs::remove_file(&file).unwrap();
    println!("{FAULT_RULES_MAX} rules armed, {STARTS} starts, medians");
    for (name, ratios) in names.iter().zip(&mut ratios) {
        ratios.tell(name, "no rule", WANTED);
    }
}

fn rules() -> String {
    let rules = (0..FAULT_RULES_MAX).map(|place| {
        let on = match place % 5 {
            0 => format!("path = \"/cards/CRD{place:022}\""),
            1 => format!("card = \"CRD{place:022}\""),
            2 => format!("token = \"NTK{place:022}\""),
            3 => format!("merchant = \"merchant-{place}\""),
            _ => format!("client = \"client-{place}\", operation = \"issue_cryptogram\""),
        };
        format!("[[rule]]\nmatch = {{ {on} }}\nfault = {{ kind = \"status\", status = 503 }}\n")
    });
    rules.collect()
}
