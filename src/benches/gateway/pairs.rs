//! Two servers measured in turn: A B B A, so that a machine that grows slower favours nobody.

use std::time::Duration;

use tokio::time::Instant;

use crate::cases::Case;
use crate::server::{Server, Spent};
use crate::spin::{Connection, spin};

const SPAN: Duration = Duration::from_secs(1);

/// What a server did for one case.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Measured {
    requests: u64,
    spent: Spent,
    took: Duration,
}

/// What several starts came to, for one case.
#[derive(Debug, Default)]
pub(crate) struct Ratios {
    cpu: Vec<f64>,
    rate: Vec<f64>,
    one: Vec<(f64, f64)>,
    other: Vec<(f64, f64)>,
    per_second: Vec<f64>,
}

impl Ratios {
    /// Measures a case at one server and its like at another.
    pub(crate) fn add(&mut self, one: &Server, case: &Case, other: &Server, like: &Case) {
        let mut lines = case.open(one.address);
        let mut other_lines = like.open(other.address);
        // Warm both up.
        measure(one, &mut lines, SPAN / 4);
        measure(other, &mut other_lines, SPAN / 4);
        let first = measure(one, &mut lines, SPAN);
        let second = measure(other, &mut other_lines, SPAN);
        let third = measure(other, &mut other_lines, SPAN);
        let fourth = measure(one, &mut lines, SPAN);
        let (one, other) = (first.plus(fourth), second.plus(third));
        self.cpu.push(other.cpu_each() / one.cpu_each());
        self.rate.push(one.per_second() / other.per_second());
        self.one.push(one.spent.each(one.requests));
        self.other.push(other.spent.each(other.requests));
        self.per_second.push(one.per_second());
    }

    pub(crate) fn tell(&mut self, name: &str, other: &str, wanted: f64) {
        let (user, system) = middle(&self.one);
        let (other_user, other_system) = middle(&self.other);
        println!(
            "{name:<16} CPU ratio {:.2} (wanted {wanted:.2}), rate ratio {:.2}, {:.0} requests/s; user {user:.1} us, system {system:.1} us; {other}: user {other_user:.1} us, system {other_system:.1} us",
            median(&mut self.cpu),
            median(&mut self.rate),
            median(&mut self.per_second),
        );
    }
}

impl Measured {
    fn plus(self, other: Self) -> Self {
        Self {
            requests: self.requests + other.requests,
            spent: self.spent.plus(other.spent),
            took: self.took + other.took,
        }
    }

    fn cpu_each(self) -> f64 {
        self.spent.all.as_secs_f64() / self.requests as f64
    }

    fn per_second(self) -> f64 {
        self.requests as f64 / self.took.as_secs_f64()
    }
}

fn measure(server: &Server, connections: &mut [Connection], span: Duration) -> Measured {
    let before = server.spent();
    let begun = Instant::now();
    let requests = spin(connections, span);
    Measured {
        requests,
        took: begun.elapsed(),
        spent: server.spent().since(before),
    }
}

fn middle(pairs: &[(f64, f64)]) -> (f64, f64) {
    let mut firsts: Vec<_> = pairs.iter().map(|pair| pair.0).collect();
    let mut seconds: Vec<_> = pairs.iter().map(|pair| pair.1).collect();
    (median(&mut firsts), median(&mut seconds))
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
