//! A cluster of six nodes, three of which have the records and three a copy each. A node is killed under load: what was answered is
//! there, and all spaces answer again within seconds.

use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use standin::server::{open_shared, start};
use standin::store::Durability;
use tokio::time::{Instant, sleep};

use super::{EngineServer, times};
use crate::client::{Ask, Client, Stand, options};
use crate::durable::{create, pay};
use crate::program::require;

const NODES: usize = 6;
/// Spread over the nodes, as each space is on one of them.
const SPACES: usize = 8;

/// See the module.
pub(super) struct Cluster {
    nodes: Vec<EngineServer>,
}

impl Cluster {
    pub(super) fn start() -> Option<Self> {
        let client = ["valkey-cli", "redis-cli"].into_iter().find(|name| {
            let mut probe = Command::new(name);
            probe
                .arg("--version")
                .stdin(Stdio::null())
                .stdout(Stdio::null());
            probe.status().is_ok_and(|status| status.success())
        });
        let why = "neither valkey-cli nor redis-cli is installed";
        if !require("a cluster", client.is_some(), why) {
            return None;
        }
        let arguments = [
            "--cluster-enabled",
            "yes",
            "--cluster-node-timeout",
            "2000",
            "--cluster-require-full-coverage",
            "no",
            "--repl-diskless-sync-delay",
            "0",
            "--appendonly",
            "yes",
            "--save",
            "",
        ];
        let nodes = (0..NODES).map(|_| EngineServer::start_with(&arguments));
        let nodes: Vec<_> = nodes.collect::<Option<_>>()?;
        let mut create = Command::new(client?);
        create.args(["--cluster", "create"]);
        create.args(nodes.iter().map(EngineServer::address));
        create.args(["--cluster-replicas", "1", "--cluster-yes"]);
        let made = create.stdin(Stdio::null()).output().unwrap();
        assert!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stdout)
        );
        let cluster = Self { nodes };
        cluster.is_whole();
        Some(cluster)
    }

    /// Waits until every node knows of all, and each that has records has a copy.
    fn is_whole(&self) {
        let end = tokio::time::Instant::now() + Duration::from_secs(40);
        let whole = |node: &EngineServer| {
            let info = node.text(&["CLUSTER", "INFO"]);
            let replication = node.text(&["INFO", "replication"]);
            info.contains("cluster_state:ok")
                && (replication.contains("role:slave")
                    && replication.contains("master_link_status:up")
                    || replication.contains("connected_slaves:1"))
        };
        while !self.nodes.iter().all(whole) {
            assert!(
                tokio::time::Instant::now() < end,
                "the cluster does not come about"
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    pub(super) fn url(&self) -> String {
        let nodes: Vec<_> = self.nodes.iter().map(EngineServer::address).collect();
        format!("redis-cluster://{}", nodes.join(","))
    }

    fn masters(&self) -> Vec<usize> {
        let is_master = |node: &usize| {
            self.nodes[*node]
                .text(&["INFO", "replication"])
                .contains("role:master")
        };
        (0..NODES).filter(is_master).collect()
    }
}

/// Three servers that share a cluster.
async fn servers(url: &str, durability: Durability) -> Vec<Stand> {
    let mut servers = Vec::new();
    for _ in 0..3 {
        let mut options = options();
        options.engine = open_shared(url, durability, &options.seed).await.unwrap();
        let server = start(options).await.unwrap();
        let client = Client::new(&server.base_url());
        servers.push(Stand { server, client });
    }
    servers
}

/// What a client was answered.
struct Told {
    card: String,
    again: Option<Ask>,
}

/// One client of one space.
#[derive(Clone)]
struct Writer {
    clients: Vec<Client>,
    space: usize,
    access: String,
    numbers: Arc<AtomicU64>,
    stop: Arc<AtomicBool>,
    /// When each space was last answered, in milliseconds since the beginning.
    answered: Arc<Vec<AtomicU64>>,
    begun: Instant,
}

impl Writer {
    fn within(&self, ask: Ask) -> Ask {
        Ask {
            path: format!("/~space{}{}", self.space, ask.path),
            ..ask
        }
    }

    async fn send(&self, number: u64, ask: Ask) -> crate::client::Answer {
        let client = usize::try_from(number).unwrap() % self.clients.len();
        let answer = self.clients[client].send(self.within(ask)).await;
        if answer.status < 300 {
            let now = u64::try_from(self.begun.elapsed().as_millis()).unwrap();
            self.answered[self.space].store(now, Ordering::Relaxed);
        }
        answer
    }

    /// Creates cards and pays with them until it is told to stop.
    async fn write(self) -> Vec<Told> {
        let mut told = Vec::new();
        while !self.stop.load(Ordering::Relaxed) {
            let number = self.numbers.fetch_add(1, Ordering::Relaxed);
            let made = self.send(number, create(&self.access, number)).await;
            if made.status != 201 {
                assert_eq!(made.status, 503, "{}", made.text());
                sleep(Duration::from_millis(10)).await;
                continue;
            }
            let card = made.at("/data/id");
            told.push(Told {
                card: card.clone(),
                again: None,
            });
            let post = |path: &str| Ask::post(format!("/cards/{card}/{path}")).bearer(&self.access);
            let token = self.send(number + 1, post("network-tokens")).await;
            let cryptogram = self.send(number + 2, post("cryptogram")).await;
            if token.status != 200 || cryptogram.status != 200 {
                continue;
            }
            let key = format!("order-{number}");
            let paid = self.send(number, pay(&token, &cryptogram, &key)).await;
            let said = paid.text();
            // Nobody else has this cryptogram, so that nothing but our own doing could have spent it.
            assert!(!said.contains("cryptogram_replayed"), "{said}");
            if paid.status == 201 {
                let again = pay(&token, &cryptogram, &format!("other-{number}"));
                told.last_mut().unwrap().again = Some(again);
            }
        }
        told
    }
}

/// What a server says once it says anything of the matter: on a busy machine a change may wait for its copy longer than it may,
/// and is refused for now.
async fn heard(writer: &Writer, client: u64, ask: &Ask) -> crate::client::Answer {
    let end = Instant::now() + Duration::from_secs(20);
    loop {
        let answer = writer.send(client, ask.clone()).await;
        if answer.status != 503 || Instant::now() > end {
            return answer;
        }
        sleep(Duration::from_millis(50)).await;
    }
}

/// Kills a node and starts it again, and says how long it was until all spaces answered.
async fn outage(cluster: &mut Cluster, writer: &Writer, kill: usize) -> Duration {
    let millis = || u64::try_from(writer.begun.elapsed().as_millis()).unwrap();
    let masters = cluster.masters();
    let node = masters[kill % masters.len()];
    cluster.nodes[node].kill();
    let killed = millis();
    // Its copy takes its place, and then has none itself until somebody starts the node again: as long as that is so, a change that
    // has to be in two places is refused.
    while cluster.masters().len() < masters.len() {
        assert!(millis() - killed < 9_000, "no copy takes its place");
        sleep(Duration::from_millis(50)).await;
    }
    cluster.nodes[node].restart();
    // Every space answers again: what was answered after a while was asked after the kill.
    let settled = killed + 1_500;
    let is_old = |at: &AtomicU64| at.load(Ordering::Relaxed) < settled;
    let back = async {
        while writer.answered.iter().any(is_old) {
            sleep(Duration::from_millis(20)).await;
        }
    };
    let waited = tokio::time::timeout(Duration::from_secs(30), back).await;
    let outage = Duration::from_millis(millis() - killed);
    waited.unwrap_or_else(|_| panic!("kill {kill}: not all spaces answer after {outage:?}"));
    assert!(outage < Duration::from_secs(10), "kill {kill}: {outage:?}");
    cluster.is_whole();
    outage
}

/// One kill, or as many as the variable `STANDIN_FAILOVERS` says; then it prints what it saw.
#[tokio::test(flavor = "multi_thread")]
async fn a_node_is_killed_and_nothing_that_was_answered_is_lost() {
    let Some(mut cluster) = Cluster::start() else {
        return;
    };
    let kills = usize::try_from(times("STANDIN_FAILOVERS", 1)).unwrap();
    let servers = servers(&cluster.url(), Durability::Replicated).await;
    let clients: Vec<_> = servers.iter().map(|server| server.client.clone()).collect();
    let writer = Writer {
        clients: clients.clone(),
        space: 0,
        access: String::new(),
        numbers: Arc::default(),
        stop: Arc::default(),
        answered: Arc::new((0..SPACES).map(|_| AtomicU64::new(0)).collect()),
        begun: Instant::now(),
    };
    let mut writing = Vec::new();
    for space in 0..SPACES {
        let mut one = Writer {
            space,
            ..writer.clone()
        };
        let ask = one.within(Ask::token("standin-manual", None));
        one.access = clients[0].send(ask).await.expect(200).at("/access_token");
        for _ in 0..2 {
            writing.push((one.clone(), tokio::spawn(one.clone().write())));
        }
    }
    let mut outages = Vec::new();
    for kill in 0..kills {
        sleep(Duration::from_secs(2)).await;
        outages.push(outage(&mut cluster, &writer, kill).await);
    }
    writer.stop.store(true, Ordering::Relaxed);
    let (mut answered, mut missing) = (0, Vec::new());
    for (one, writing) in writing {
        for Told { card, again } in writing.await.unwrap() {
            let read = Ask::get(format!("/cards/{card}")).bearer(&one.access);
            answered += 1;
            let said = heard(&one, 0, &read).await;
            if said.status != 200 {
                missing.push(said.text());
            }
            if let Some(again) = again {
                answered += 1;
                let said = heard(&one, 1, &again).await;
                if said.json()["reason"] != "cryptogram_replayed" {
                    missing.push(said.text());
                }
            }
        }
    }
    let said = format!(
        "{kills} nodes killed: {answered} cards and payments answered, {} lost; all spaces answered again after {outages:?}\n",
        missing.len()
    );
    if std::env::var_os("STANDIN_FAILOVERS").is_some() {
        use std::io::Write as _;
        std::io::stderr().write_all(said.as_bytes()).unwrap();
    }
    let lost = missing.first();
    assert!(lost.is_none() && answered > 100, "{said}{lost:?}");
}
