//! How many instructions a request takes in user mode, and how often it asks for memory: counted exactly by valgrind, so the
//! figures are the same on every run and a change that costs more is seen at once. Ends with an error when a budget is
//! exceeded.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::cases::{Case, prepare};
use crate::server::Server;

const ADDRESS: &str = "127.0.0.1:24126";
const REQUESTS: u64 = 500;
/// What the allocator calls its ways of asking for memory, as Rust asks.
const ASKING: [&str; 5] = [
    "_rjem_malloc",
    "_rjem_mallocx",
    "_rjem_calloc",
    "_rjem_realloc",
    "_rjem_rallocx",
];

/// The most that a request may take.
struct Budget {
    instructions: u64,
    allocations: u64,
}

/// In the order of the cases. Each is what was counted when it was set, and a twentieth more.
const BUDGETS: [Budget; 2] = [
    Budget {
        instructions: 29_800,
        allocations: 8,
    },
    Budget {
        instructions: 44_700,
        allocations: 12,
    },
];

pub(crate) fn run() {
    let valgrind = Command::new("valgrind").arg("--version").output();
    if !valgrind.is_ok_and(|output| output.status.success()) {
        println!("budget: not run, because valgrind is missing");
        return;
    }
    let folder = std::env::temp_dir().join(format!("standin-budget-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let server = Server::counted(ADDRESS, &folder.join("counts"));
    let cases = prepare(server.address, "default", 1, 1);
    let mut exceeded = false;
    for (place, (case, budget)) in cases.iter().zip(BUDGETS).enumerate() {
        let counted = count(&server, case, &folder.join(format!("counts.{}", place + 1)));
        let (instructions, allocations) = (
            counted.instructions / REQUESTS,
            (counted.allocations + REQUESTS / 2) / REQUESTS,
        );
        println!(
            "{:<16} {instructions} instructions (at most {}), {allocations} allocations (at most {}) a request",
            case.name, budget.instructions, budget.allocations
        );
        exceeded |= instructions > budget.instructions || allocations > budget.allocations;
    }
    drop(server);
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(!exceeded, "a request costs more than its budget");
}

struct Counted {
    instructions: u64,
    allocations: u64,
}

/// Counts what the requests of one case take, once everything else has come to rest.
fn count(server: &Server, case: &Case, dump: &Path) -> Counted {
    let mut line = case.open(server.address);
    crate::spin::rounds(&mut line, REQUESTS);
    loop {
        let before = server.spent();
        std::thread::sleep(Duration::from_secs(2));
        if server.spent().since(before).is_rest() {
            break;
        }
    }
    control(server, "--zero");
    crate::spin::rounds(&mut line, REQUESTS);
    control(server, "--dump");
    read(dump)
}

fn control(server: &Server, what: &str) {
    let mut command = Command::new("callgrind_control");
    command.arg(what).arg(server.id().to_string());
    let done = command.stdout(Stdio::null()).status().unwrap();
    assert!(done.success(), "callgrind_control {what}");
}

/// Reads a profile in callgrind's format: `fn=(7) name` names a function, later mentions are by number alone.
fn read(dump: &Path) -> Counted {
    let text = std::fs::read_to_string(dump).unwrap();
    let mut counted = Counted {
        instructions: 0,
        allocations: 0,
    };
    let mut asking: Vec<&str> = Vec::new();
    let mut callee = "";
    for line in text.lines() {
        if let Some(sum) = line.strip_prefix("summary: ") {
            counted.instructions = sum.trim().parse().unwrap();
        } else if let Some(calls) = line.strip_prefix("calls=") {
            let calls: u64 = calls.split(' ').next().unwrap().parse().unwrap();
            if asking.contains(&callee) {
                counted.allocations += calls;
            }
        } else if let Some((kind @ ("fn" | "cfn"), function)) = line.split_once('=') {
            let (number, name) = function.split_once(' ').unwrap_or((function, ""));
            if ASKING.contains(&name) {
                asking.push(number);
            }
            if kind == "cfn" {
                callee = number;
            }
        }
    }
    // A program without names would be said to ask for nothing.
    assert!(
        !asking.is_empty(),
        "the allocator has none of the names {ASKING:?}; is the program stripped?"
    );
    counted
}
