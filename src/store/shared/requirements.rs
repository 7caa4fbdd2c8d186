//! Whether an engine can be used, looked at once when a server starts: an engine that drops what it has when it is full would
//! drop spent cryptograms.

use std::collections::HashMap;

use redis::Pipeline;

use super::address::Address;
use super::link::Connection;
use super::{Durability, OpenSharedError};

/// Since then a lease can be taken and its holder named in one command, however often that is sent.
const OLDEST: [u32; 2] = [7, 0];

/// # Errors
/// What was found that makes it unfit, and what to do.
pub(super) async fn check(
    address: &Address,
    connection: &Connection,
    durability: Durability,
) -> Result<Vec<String>, OpenSharedError> {
    let mut warnings = Vec::new();
    for node in &address.nodes {
        let one = if address.is_cluster {
            let alone = Address {
                nodes: vec![node.clone()],
                is_cluster: false,
                shown: node.addr().to_string(),
            };
            match Connection::open(&alone).await {
                Ok(one) => one,
                Err(error) => {
                    warnings.push(format!("{}: cannot be reached now ({error})", node.addr()));
                    continue;
                }
            }
        } else {
            connection.clone()
        };
        let found = look(&one).await?;
        let node = node.addr().to_string();
        found.refuse(&node, address.is_cluster)?;
        found.warn(&node, durability, &mut warnings);
    }
    Ok(warnings)
}

/// What a node says of itself.
#[derive(Debug)]
struct Found {
    name: String,
    version: String,
    is_cluster: bool,
    /// None where a node does not say, as those that others run for one often do not.
    policy: Option<String>,
    appends: bool,
    saves: bool,
    replicas: u32,
    full_coverage: bool,
    /// How long it waits for others before it copies its records to a node that comes back; None where it does not wait.
    sync_delay_s: Option<u32>,
}

async fn look(connection: &Connection) -> Result<Found, OpenSharedError> {
    let mut pipe = Pipeline::new();
    pipe.cmd("INFO");
    let asked = connection.clone().ask::<(String,)>(&pipe).await;
    let (info,) = asked
        .map_err(|error| OpenSharedError::Away(format!("it does not say what it is ({error})")))?;
    let facts: HashMap<_, _> = info
        .lines()
        .filter_map(|line| line.split_once(':'))
        .collect();
    let fact = |name: &str| facts.get(name).map_or("", |value| value.trim());
    let setting = async |name: &str| {
        let mut pipe = Pipeline::new();
        pipe.cmd("CONFIG").arg("GET").arg(name);
        let asked = connection.clone().ask::<(HashMap<String, String>,)>(&pipe);
        asked.await.ok().and_then(|(mut all,)| all.remove(name))
    };
    let said = fact("maxmemory_policy");
    let policy = match said {
        "" => setting("maxmemory-policy").await,
        said => Some(said.to_owned()),
    };
    let diskless = setting("repl-diskless-sync").await;
    let delay = match diskless.as_deref() {
        Some("yes") => setting("repl-diskless-sync-delay").await,
        Some(_) | None => None,
    };
    let (name, version) = match fact("valkey_version") {
        "" => ("Redis", fact("redis_version")),
        version => ("Valkey", version),
    };
    Ok(Found {
        name: name.to_owned(),
        version: version.to_owned(),
        is_cluster: fact("cluster_enabled") == "1",
        policy,
        appends: fact("aof_enabled") == "1",
        saves: setting("save").await.is_none_or(|save| !save.is_empty()),
        replicas: fact("connected_slaves").parse().unwrap_or_default(),
        full_coverage: setting("cluster-require-full-coverage").await.as_deref() == Some("yes"),
        sync_delay_s: delay
            .and_then(|delay| delay.parse().ok())
            .filter(|delay| *delay > 0),
    })
}

impl Found {
    fn refuse(&self, node: &str, as_cluster: bool) -> Result<(), OpenSharedError> {
        let Self { name, version, .. } = self;
        let unfit = |why: String| {
            Err(OpenSharedError::Unfit(format!(
                "{node} is {name} {version} {why}"
            )))
        };
        let mut numbers = version.split('.').map_while(|part| part.parse().ok());
        let found = [numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)];
        if found < OLDEST {
            let [major, minor] = OLDEST;
            return unfit(format!("and too old; use {major}.{minor} or later"));
        }
        if let Some(policy) = self
            .policy
            .as_deref()
            .filter(|policy| *policy != "noeviction")
        {
            return unfit(format!(
                "with maxmemory-policy {policy}, which drops records when memory is short, and a spent cryptogram could be spent again; set maxmemory-policy noeviction"
            ));
        }
        match (as_cluster, self.is_cluster) {
            (true, false) => unfit("and no node of a cluster; use redis://".to_owned()),
            (false, true) => unfit("and a node of a cluster; use redis-cluster://".to_owned()),
            (true, true) | (false, false) => Ok(()),
        }
    }

    fn warn(&self, node: &str, durability: Durability, warnings: &mut Vec<String>) {
        let mut warn = |why: &str| warnings.push(format!("{node}: {why}"));
        if self.policy.is_none() {
            warn("does not say its maxmemory-policy; it must be noeviction");
        }
        match (self.appends, self.saves) {
            (true, _) => {}
            (false, true) => warn(
                "writes to its disk now and then only, so that a crash of it loses the latest changes; set appendonly yes",
            ),
            (false, false) => {
                warn(
                    "keeps nothing on disk, so that all is gone when it stops; set appendonly yes",
                );
            }
        }
        if durability == Durability::Replicated && self.replicas == 0 && !self.is_cluster {
            warn("has no replica, so that --durability replicated refuses every change");
        }
        if self.is_cluster && self.full_coverage {
            warn(
                "has cluster-require-full-coverage yes, so that the loss of one node stops all of them until another takes its place; set it to no",
            );
        }
        if durability == Durability::Replicated
            && let Some(delay) = self.sync_delay_s
        {
            warn(&format!(
                "has repl-diskless-sync-delay {delay}, so that when a node was lost changes are refused for {delay} seconds longer, until there is a copy again; set it to 0"
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(version: &str, policy: &str, is_cluster: bool) -> Found {
        Found {
            name: "Redis".to_owned(),
            version: version.to_owned(),
            is_cluster,
            policy: Some(policy.to_owned()),
            appends: false,
            saves: false,
            replicas: 0,
            full_coverage: true,
            sync_delay_s: Some(5),
        }
    }

    #[test]
    fn what_would_lose_records_is_refused_in_words() {
        for (found, as_cluster, why) in [
            (found("6.2.14", "noeviction", false), false, "too old"),
            (
                found("7.0.15", "volatile-lru", false),
                false,
                "with maxmemory-policy volatile-lru",
            ),
            (
                found("7.0.15", "noeviction", true),
                false,
                "use redis-cluster://",
            ),
            (found("7.0.15", "noeviction", false), true, "use redis://"),
        ] {
            let error = found
                .refuse("127.0.0.1:6379", as_cluster)
                .unwrap_err()
                .to_string();
            assert!(error.contains(why), "{error}");
        }
        assert_eq!(
            found("7.0.0", "noeviction", true).refuse("a:1", true),
            Ok(())
        );
        let mut warnings = Vec::new();
        found("8.1.0", "noeviction", true).warn("a:1", Durability::Replicated, &mut warnings);
        assert_eq!(warnings.len(), 3, "{warnings:?}");
        warnings.clear();
        found("8.1.0", "noeviction", true).warn("a:1", Durability::Process, &mut warnings);
        assert_eq!(warnings.len(), 2, "{warnings:?}");
    }
}
