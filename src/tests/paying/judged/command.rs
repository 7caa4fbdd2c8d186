//! `standin judge report`: the exit codes and the files.

use serde_json::Value;

use crate::cli::{Folder, Served, standin};
use crate::client::Ask;

fn report(base: &str, more: &[&str]) -> (Option<i32>, String, String) {
    let arguments = ["judge", "report", "--server", base];
    let arguments: Vec<_> = arguments.iter().chain(more).copied().collect();
    let done = standin(&arguments);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (done.status.code(), text(&done.stdout), text(&done.stderr))
}

/// Starts two servers of the program itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_report_says_what_was_done_and_the_exit_code_decides() {
    let served = Served::new("judge", &["--judge", "the shop"]).await;
    let ask = |path: &str| Ask::get(path).bearer("standin_key");
    let base = served.base.clone();
    let (code, said, _) = report(&base, &[]);
    assert_eq!(code, Some(3));
    assert!(said.contains("the shop: nothing was asked"), "{said}");

    served.client().send(ask("/payments/1")).await.expect(404);
    let (code, said, _) = report(&base, &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("no defect seen in 1 requests"), "{said}");

    let leak = ask("/payments/1?card_number=4111111111111111");
    served.client().send(leak).await.expect(404);
    let folder = Folder::new("judge-files");
    let file = |name: &str| folder.0.join(name).to_str().unwrap().to_owned();
    let (json, junit, markdown) = (file("r.json"), file("r.xml"), file("r.md"));
    let files = ["--json", &json, "--junit", &junit, "--markdown", &markdown];
    let (code, said, _) = report(&base, &files);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("card_number_in_url, 1 times"), "{said}");
    assert!(
        said.contains("411111******1111") && said.contains("-> 404"),
        "{said}"
    );
    let read = |path: &str| std::fs::read_to_string(path).unwrap();
    let whole: Value = serde_json::from_str(&read(&json)).unwrap();
    assert_eq!(whole["verdict"], "defective");
    let looked_for = whole["looked_for"].as_array().unwrap().len();
    assert!(looked_for >= 20);
    let xml = read(&junit);
    assert!(xml.contains(&format!("tests=\"{looked_for}\"")), "{xml}");
    assert!(xml.contains("failures=\"1\""), "{xml}");
    assert!(read(&markdown).starts_with("# the shop: 1 kinds of defects"));

    let (code, _, wrong) = report("http://127.0.0.1:1", &[]);
    assert_eq!(code, Some(2));
    assert!(wrong.starts_with("standin judge: "), "{wrong}");
    let plain = Served::new("no-judge", &[]).await;
    let (code, _, wrong) = report(&plain.base, &[]);
    assert_eq!(code, Some(2));
    assert!(wrong.contains("--judge NAME"), "{wrong}");
    let refused = standin(&["serve", "--listen", "127.0.0.1:0", "--judge", " "]);
    assert_eq!(refused.status.code(), Some(2));
    let wrong = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(wrong.contains("journal.judge"), "{wrong}");
}
