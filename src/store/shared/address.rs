//! Where the engine is: `redis://HOST:PORT`, `rediss://` with TLS, `redis-cluster://HOST:PORT,HOST:PORT` and
//! `rediss-cluster://` with the nodes of a cluster that are asked first.

use redis::{ConnectionInfo, IntoConnectionInfo};

/// See the module.
#[derive(Debug, Clone)]
pub(super) struct Address {
    pub(super) nodes: Vec<ConnectionInfo>,
    pub(super) is_cluster: bool,
    /// As it may be shown: without a password.
    pub(super) shown: String,
}

impl Address {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let forms = "redis://HOST:PORT, rediss://HOST:PORT or redis-cluster://HOST:PORT,HOST:PORT";
        let (scheme, rest) = text
            .split_once("://")
            .ok_or_else(|| format!("{text:?} is no address; give {forms}"))?;
        let (scheme, is_cluster) = match scheme {
            "redis" | "valkey" => ("redis", false),
            "rediss" | "valkeys" => ("rediss", false),
            "redis-cluster" | "valkey-cluster" => ("redis", true),
            "rediss-cluster" | "valkeys-cluster" => ("rediss", true),
            other => return Err(format!("{other}:// is not known; give {forms}")),
        };
        let (credentials, hosts) = match rest.rsplit_once('@') {
            Some((credentials, hosts)) => (format!("{credentials}@"), hosts),
            None => (String::new(), rest),
        };
        let read = |host: &str| {
            let url = format!("{scheme}://{credentials}{host}");
            let found = url.as_str().into_connection_info();
            found.map_err(|_| format!("{host:?} is no host and port; give {forms}"))
        };
        let hosts_of_cluster: Vec<_> = hosts.split(',').collect();
        let nodes = if is_cluster {
            hosts_of_cluster.into_iter().map(read).collect()
        } else {
            read(hosts).map(|one| vec![one])
        };
        Ok(Self {
            nodes: nodes?,
            is_cluster,
            shown: hosts.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_shown_without_their_password() {
        let one = Address::parse("redis://user:secret@store.internal:6379/0").unwrap();
        assert!(!one.is_cluster && one.nodes.len() == 1);
        assert_eq!(one.shown, "store.internal:6379/0");
        let cluster = Address::parse("redis-cluster://:secret@a:1,b:2,c:3").unwrap();
        assert!(cluster.is_cluster && cluster.nodes.len() == 3);
        assert_eq!(cluster.shown, "a:1,b:2,c:3");
        for (wrong, why) in [
            ("127.0.0.1:6379", "is no address"),
            ("http://127.0.0.1", "http:// is not known"),
            ("redis-cluster://a:1,b:x", "is no host and port"),
        ] {
            let error = Address::parse(wrong).unwrap_err();
            assert!(error.contains(why), "{error}");
        }
    }
}
