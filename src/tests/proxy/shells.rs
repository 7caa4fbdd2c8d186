//! `standin env`, and what a shell makes of it.

use super::run::TOKEN;
use crate::cli::{Folder, Served, standin};
use crate::program::require_program;

/// Takes a second, because a process starts.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shell_is_told_what_its_programs_need() {
    if !require_program("curl") || !require_program("bash") {
        return;
    }
    let folder = Folder::new("env");
    let served = Served::new("env", &[]).await;
    let none = standin(&["env", "--server", &served.base]);
    let why = String::from_utf8_lossy(&none.stderr).into_owned();
    assert!(
        !none.status.success() && why.contains("serve --proxy"),
        "{why}"
    );
    served.terminate().await;
    let data = folder.0.join("data");
    let keeps = [
        "--proxy",
        "127.0.0.1:0",
        "--proxy-plain",
        "127.0.0.1:0",
        "--data",
        data.to_str().unwrap(),
    ];
    let mut authorities = Vec::new();
    for _ in 0..2 {
        let served = Served::new("env", &keeps).await;
        let dir = folder.0.join("files");
        let print = |shell: &str| {
            let output = standin(&[
                "env",
                "--shell",
                shell,
                "--dir",
                dir.to_str().unwrap(),
                "--server",
                &served.base,
                "--space",
                "lab",
            ]);
            assert!(
                output.status.success(),
                "{}",
                String::from_utf8_lossy(&output.stderr)
            );
            String::from_utf8(output.stdout).unwrap()
        };
        assert!(print("fish").contains("set -gx HTTPS_PROXY 'http://USstandin%40lab:"));
        assert!(print("powershell").contains("$env:HTTPS_PROXY = 'http://"));
        assert_eq!(print("zsh"), print("bash"));
        let script = format!("{}\n{TOKEN}", print("bash"));
        let output = tokio::process::Command::new("bash")
            .args(["-c", &script])
            .output()
            .await
            .unwrap();
        assert_eq!(
            String::from_utf8_lossy(&output.stdout),
            "200",
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let authority = std::fs::read_to_string(dir.join("authorities.pem")).unwrap();
        authorities.push(authority.lines().take(12).collect::<Vec<_>>().join("\n"));
        served.terminate().await;
    }
    assert_eq!(
        authorities[0], authorities[1],
        "the authority is kept with the state"
    );
}
