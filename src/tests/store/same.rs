//! The engine on disk held against memory, step by step: whatever is done in whatever order, both answer alike, and the one on
//! disk goes on alike after it was closed and opened again.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::time::Duration;

use proptest::prelude::*;
use standin::clock::MANUAL_START;
use standin::domain::moment::Moment;
use standin::domain::token::CardRecord;
use standin::domain::webhook::{EndpointId, Message};
use standin::store::{Batch, Durability, Engine, Part, Putting, Store};

use super::{asked, card, endpoint, notice, open, task};
use crate::cli::Folder;
use crate::shared::EngineServer;

const PARTITIONS: [[u8; 2]; 2] = [[0, 1], [0xff, 3]];

/// One step. Small numbers choose among the few things there are.
#[derive(Debug, Clone)]
enum Step {
    /// Writes cards of one partition, each as of a version that may be the right one, with notices and tasks.
    Commit {
        partition: usize,
        writes: Vec<(u8, u8)>,
        right: bool,
        tells: u8,
        plans: Option<u8>,
    },
    Finish(u8),
    Set(u8, Option<u8>),
    Register,
    Disable(u32),
    Remove(u32),
    Lease(u8),
    End(u8, usize),
    Replay(usize),
    /// Only the engine on disk has to.
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    let writes = proptest::collection::vec((0_u8..3, 0_u8..3), 0..3);
    let commit = (
        0_usize..2,
        writes,
        any::<bool>(),
        0_u8..3,
        proptest::option::of(0_u8..9),
    );
    prop_oneof![
        6 => commit.prop_map(|(partition, writes, right, tells, plans)| Step::Commit {
            partition, writes, right, tells, plans,
        }),
        1 => (0_u8..9).prop_map(Step::Finish),
        1 => (0_u8..3, proptest::option::of(0_u8..3)).prop_map(|(name, value)| Step::Set(name, value)),
        1 => Just(Step::Register),
        1 => (1_u32..4).prop_map(Step::Disable),
        1 => (1_u32..4).prop_map(Step::Remove),
        4 => (0_u8..60).prop_map(Step::Lease),
        4 => (0_u8..5, 0_usize..4).prop_map(|(how, which)| Step::End(how, which)),
        1 => (0_usize..9).prop_map(Step::Replay),
        1 => Just(Step::Reopen),
    ]
}

fn at(seconds: u8) -> Moment {
    MANUAL_START.plus(Duration::from_secs(u64::from(seconds)))
}

/// Writes what a step says.
async fn commit(store: &Store, step: &Step) -> String {
    let Step::Commit {
        partition,
        writes,
        right,
        tells,
        plans,
    } = step
    else {
        return String::new();
    };
    let mut batch = Batch::new();
    let mut one = card(PARTITIONS[*partition], 1);
    // A batch writes each record once.
    let writes: BTreeMap<u8, u8> = writes.iter().copied().collect();
    for (last, what) in writes {
        one = card(PARTITIONS[*partition], last);
        let found = store.get::<CardRecord>(&one.id).await.unwrap();
        let read = found.as_ref().map(|found| found.version);
        let read = if *right { read } else { Some(7) };
        let times = found.map_or(0, |found| found.record.tokens_asked);
        batch = match (what, read) {
            (0, Some(version)) => batch.remove::<CardRecord>(one.id, version),
            _ => batch.put(asked(&one, times + 1), read),
        };
    }
    for second in 0..*tells {
        batch = batch.tell(notice(&one, u64::from(second)));
    }
    if let Some(second) = plans {
        batch = batch.plan(task(&one, u64::from(*second)));
    }
    format!("{:?}", store.commit(batch).await)
}

/// Carries a step out and says what came of it. `out` are the messages that have been taken.
async fn carry_out(store: &Store, step: &Step, out: &mut Vec<Message>) -> String {
    fn said(what: impl Debug) -> String {
        format!("{what:?}")
    }
    match step {
        Step::Commit { .. } => commit(store, step).await,
        Step::Finish(now) => {
            let first = store.first_due(at(*now)).await.unwrap();
            if let Some(first) = &first {
                store.finish(first).await.unwrap();
            }
            said(first)
        }
        Step::Set(name, value) => {
            let value = value.map(|value| value.to_string());
            said(store.set(vec![(name.to_string(), value)]).await)
        }
        Step::Register => said(store.register(endpoint).await),
        Step::Disable(id) => said(store.disable_endpoint(EndpointId(*id), "gone").await),
        Step::Remove(id) => said(store.remove_endpoint(EndpointId(*id)).await),
        Step::Lease(now) => {
            let leased = store.lease(at(*now)).await.unwrap();
            out.extend(leased.iter().map(|(message, _)| message.clone()));
            said(leased)
        }
        Step::End(how, which) if *which < out.len() => {
            let message = out.remove(*which);
            let later = Message {
                due: message.due.plus(Duration::from_secs(9)),
                tries: message.tries + 1,
                ..message.clone()
            };
            match how {
                0 => store.delivered(message).await.unwrap(),
                1 => store.dead_letter(message).await.unwrap(),
                2 => store.forget(message).await.unwrap(),
                3 => store.held_back(later, 1).await.unwrap(),
                _ => store.later(later).await.unwrap(),
            }
            String::new()
        }
        Step::Replay(which) => {
            let status = store.messages().await.unwrap();
            let mut ended = status.dead.iter().chain(&status.delivered);
            match ended.nth(*which) {
                Some(message) => said(store.replay(&message.key, at(30), None).await),
                None => String::new(),
            }
        }
        Step::End(..) | Step::Reopen => String::new(),
    }
}

/// All that can be seen of a store.
async fn seen(store: &Store) -> String {
    format!(
        "{:#?}",
        (
            store.scan::<CardRecord>(None, 99).await,
            store.notices().await,
            store.endpoints().await,
            store.messages().await,
            store.next_due().await,
            store.next_message_due().await,
        )
    )
}

/// The store as lines.
async fn taken_apart(store: &Store) -> String {
    let parts = store.parts(usize::MAX).await.unwrap().unwrap().parts;
    let lines = parts.into_iter().map(|part| part.line().unwrap() + "\n");
    lines.collect()
}

/// Where what outlives a process is kept.
enum Kept {
    In(Folder),
    By(EngineServer),
}

impl Kept {
    async fn engine(&self) -> Engine {
        match self {
            Self::In(folder) => folder.engine("seed", Durability::Process).await,
            Self::By(server) => server.engine("seed").await,
        }
    }
}

async fn hold_against_memory(steps: &[Step], kept: &Kept) -> Result<(), TestCaseError> {
    let mut engine = kept.engine().await;
    let memory = open(&Engine::Memory);
    let mut file = open(&engine);
    file.begun();
    let (mut out, mut out_of_file) = (Vec::new(), Vec::new());
    for step in steps {
        // Whoever was delivering is gone with the process, which memory cannot show.
        if matches!(step, Step::Reopen) && out.is_empty() {
            drop(file);
            engine = Engine::Memory;
            drop(std::mem::replace(&mut engine, kept.engine().await));
            file = match engine.restore().await.unwrap().pop() {
                Some((name, store)) => {
                    prop_assert_eq!(name, "space");
                    store
                }
                None => open(&engine),
            };
            file.begun();
        }
        let one = carry_out(&memory, step, &mut out).await;
        let other = carry_out(&file, step, &mut out_of_file).await;
        prop_assert_eq!(one, other, "{:?}", step);
        prop_assert_eq!(seen(&memory).await, seen(&file).await, "after {:?}", step);
    }
    // Taken apart they are the same, and so is what the one of them puts together of the other.
    let text = taken_apart(&memory).await;
    prop_assert_eq!(&text, &taken_apart(&file).await);
    let other = open(&engine);
    for (engine, store) in [(Engine::Memory, open(&Engine::Memory)), (engine, other)] {
        let parts = text.lines().map(|line| Part::read(line).unwrap()).collect();
        let putting = Putting {
            store: &store,
            parts,
            settings: Vec::new(),
        };
        let gone: &[&Store] = match &engine {
            Engine::File(_) | Engine::Shared(_) => &[&file],
            Engine::Memory | Engine::Interruptible(_) => &[],
        };
        engine.put_together(vec![putting], gone).await.unwrap();
        prop_assert_eq!(&text, &taken_apart(&store).await);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Takes a second or two: each step is a commit on disk, and each case opens files.
    #[test]
    fn the_file_does_what_memory_does(steps in proptest::collection::vec(step(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(hold_against_memory(&steps, &Kept::In(Folder::new("same"))))?;
    }

    #[test]
    fn the_shared_engine_does_what_memory_does(steps in proptest::collection::vec(step(), 1..60)) {
        let Some(server) = EngineServer::start() else {
            return Ok(());
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(hold_against_memory(&steps, &Kept::By(server)))?;
    }
}
