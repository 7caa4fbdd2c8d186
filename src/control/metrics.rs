//! What the server counts of itself, as OpenMetrics text: names by Prometheus' conventions, labels from closed lists only.

use std::fmt;
use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric, MetricEncoder, text};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::{Registry, Unit};

use super::errors::ControlError;
use crate::domain::operation::Operation;
use crate::metrics::{Asked, BOUNDS_NANOS, EngineMetrics, Times};
use crate::operations::Spaces;

const KIND: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// Label values for the classes of status.
const CLASSES: [&str; crate::metrics::CLASSES] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

type Label = (&'static str, &'static str);

pub(super) async fn read(State(spaces): State<Arc<Spaces>>) -> Result<Response, ControlError> {
    // Every space is asked how many messages wait there.
    let written = tokio::task::spawn_blocking(move || {
        let mut registry = Registry::default();
        registry.register_collector(Box::new(Scrape(spaces)));
        let mut written = String::new();
        text::encode(&mut written, &registry).map(|()| written)
    });
    // Writing to a text fails never.
    let written = written.await.map_err(|_| ControlError::Stopping)?;
    Ok(([(CONTENT_TYPE, KIND)], written.unwrap_or_default()).into_response())
}

#[derive(Debug)]
struct Scrape(Arc<Spaces>);

impl Collector for Scrape {
    fn encode(&self, mut to: DescriptorEncoder<'_>) -> fmt::Result {
        let config = self.0.config();
        requests(&mut to, self)?;
        count(
            &mut to,
            "standin_faults_fired",
            "Faults that had their effect",
            config.metrics.faults.get(),
        )?;
        messages(&mut to, self)?;
        engine(&mut to, self)?;
        let (journals, records) = (&config.journals, &config.records);
        count(
            &mut to,
            "standin_journal_evictions",
            "Entries that journals have let go",
            journals.evicted(),
        )?;
        gauge(
            &mut to,
            "standin_journal",
            "What all journals keep",
            Some(&Unit::Bytes),
            journals.bytes(),
        )?;
        let help = "What records, tasks and messages in memory take of the room for them";
        gauge(
            &mut to,
            "standin_records",
            help,
            Some(&Unit::Bytes),
            records.taken(),
        )?;
        gauge(
            &mut to,
            "standin_spaces",
            "Spaces",
            None,
            self.0.all().len(),
        )?;
        if let Some(resident) = resident() {
            let help = "Resident memory of the process";
            gauge(
                &mut to,
                "process_resident_memory",
                help,
                Some(&Unit::Bytes),
                resident,
            )?;
        }
        let mut build =
            to.encode_descriptor("standin_build", "The release", None, MetricType::Info)?;
        build.encode_info(&[("version", env!("CARGO_PKG_VERSION"))])
    }
}

fn requests(to: &mut DescriptorEncoder<'_>, scrape: &Scrape) -> fmt::Result {
    let requests = &scrape.0.config().metrics.requests;
    let help = "Requests that were answered";
    let mut all = to.encode_descriptor("standin_requests", help, None, MetricType::Counter)?;
    for (asked, row) in requests.rows() {
        for (status, count) in CLASSES.into_iter().zip(row.classes()) {
            let [surface, operation] = labels(asked);
            let labels = [surface, operation, ("status", status)];
            if count > 0 {
                ConstCounter::new(count).encode(all.encode_family(&labels)?)?;
            }
        }
    }
    let help = "How long answers took, without what clients and fault rules made them wait";
    let mut all = to.encode_descriptor(
        "standin_request_duration",
        help,
        Some(&Unit::Seconds),
        MetricType::Histogram,
    )?;
    // What was refused before anybody was asked is not timed.
    let timed = requests.rows().filter(|(asked, _)| *asked != Asked::Nobody);
    for (asked, row) in timed {
        histogram(&mut all, &labels(asked), &row.times())?;
    }
    Ok(())
}

fn labels(asked: Asked) -> [Label; 2] {
    let (surface, operation) = match asked {
        Asked::Surface(surface, operation) => (surface.word(), operation.map(Operation::word)),
        Asked::Control => ("control", None),
        Asked::Nobody => ("none", None),
    };
    [
        ("surface", surface),
        ("operation", operation.unwrap_or("none")),
    ]
}

fn messages(to: &mut DescriptorEncoder<'_>, scrape: &Scrape) -> fmt::Result {
    let metrics = &scrape.0.config().metrics;
    let waiting = scrape
        .0
        .all()
        .iter()
        .map(|space| space.store.waiting())
        .sum();
    let help = "Webhook messages that are still to be delivered";
    gauge(to, "standin_webhook_messages_waiting", help, None, waiting)?;
    let help = "Webhook messages that have arrived";
    count(
        to,
        "standin_webhook_messages_delivered",
        help,
        metrics.delivered.get(),
    )?;
    let help = "Webhook messages that were given up";
    count(
        to,
        "standin_webhook_messages_dead",
        help,
        metrics.dead.get(),
    )
}

/// Memory answers in less than the time that it takes to read a clock, so only its refusals are told.
fn engine(to: &mut DescriptorEncoder<'_>, scrape: &Scrape) -> fmt::Result {
    let config = scrape.0.config();
    let file = config.engine.metrics();
    let name = config.engine.word();
    let errors = file.map_or_else(|| config.records.refused(), |file| file.errors.get());
    let help = "What the engine that keeps the records failed at or had no room for";
    let mut all = to.encode_descriptor("standin_store_errors", help, None, MetricType::Counter)?;
    ConstCounter::new(errors).encode(all.encode_family(&[("engine", name)])?)?;
    let Some(EngineMetrics { reads, writes, .. }) = file else {
        return Ok(());
    };
    let mut all = to.encode_descriptor(
        "standin_store_duration",
        "How long the engine that keeps the records took",
        Some(&Unit::Seconds),
        MetricType::Histogram,
    )?;
    for (operation, times) in [("read", reads), ("write", writes)] {
        histogram(
            &mut all,
            &[("engine", name), ("operation", operation)],
            times,
        )?;
    }
    Ok(())
}

fn histogram(all: &mut MetricEncoder<'_>, labels: &[Label; 2], times: &Times) -> fmt::Result {
    let bounds = BOUNDS_NANOS.iter().map(|bound| *bound as f64 / 1e9);
    let counted = times.classes();
    let buckets: Vec<_> = bounds.chain([f64::INFINITY]).zip(counted).collect();
    let (sum, count) = (times.sum().as_secs_f64(), counted.iter().sum());
    let mut one = all.encode_family(labels)?;
    one.encode_histogram::<[Label; 2]>(sum, count, &buckets, None)
}

fn count(to: &mut DescriptorEncoder<'_>, name: &str, help: &str, value: u64) -> fmt::Result {
    let one = to.encode_descriptor(name, help, None, MetricType::Counter)?;
    ConstCounter::new(value).encode(one)
}

fn gauge(
    to: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    unit: Option<&Unit>,
    value: usize,
) -> fmt::Result {
    let one = to.encode_descriptor(name, help, unit, MetricType::Gauge)?;
    ConstGauge::new(i64::try_from(value).unwrap_or(i64::MAX)).encode(one)
}

/// In bytes, where the system tells.
fn resident() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: usize = line.split_whitespace().next()?.parse().ok()?;
    Some(kibibytes * 1024)
}
