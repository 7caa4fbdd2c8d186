//! `standin doctor` looks at servers and at their engine, and says of each finding what to do.

use std::process::Stdio;

use tokio::process::Command;

use super::EngineServer;
use super::killed::Replica;

async fn told(server: &str, store: &str) -> (Option<i32>, String) {
    let mut doctor = Command::new(env!("CARGO_BIN_EXE_standin"));
    doctor.args(["doctor", "--server", server, "--store", store]);
    let output = doctor.stdin(Stdio::null()).output().await.unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    (output.status.code(), said)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deployment_is_looked_at_and_each_finding_explained() {
    let Some(mut engine) = EngineServer::start() else {
        return;
    };
    let store = engine.url();
    let server = Replica::start(&store, &[]).await;
    let (code, said) = told(&server.base, &store).await;
    assert_eq!(code, Some(0), "{said}");
    for wanted in [
        "ok       the store answers",
        "warning  the store at 127.0.0.1",
        "keeps nothing on disk",
        "answers and can write",
        "one server uses the store",
        "0 problems, 2 warnings",
    ] {
        assert!(said.contains(wanted), "{wanted} is not in {said}");
    }
    engine.kill();
    super::outage::until(&server.client, "/_standin/ready", 503).await;
    let (code, said) = told(&server.base, &store).await;
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("problem  the store: it cannot be reached"),
        "{said}"
    );
    assert!(said.contains("nothing can be written"), "{said}");
}
