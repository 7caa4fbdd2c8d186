//! The JSON Schemas are printed, served and kept in the same words.

use crate::cli::printed;
use crate::client::{Ask, Stand, options};

#[tokio::test]
async fn each_schema_is_printed_served_and_kept() {
    let stand = Stand::start(options()).await;
    for name in ["config", "fault", "target"] {
        let program = printed(&["schema", name]);
        let path = format!(
            "{}/fixtures/schemas/{name}.json",
            env!("CARGO_MANIFEST_DIR")
        );
        if std::env::var_os("INSTA_UPDATE").is_some_and(|update| update == "always") {
            std::fs::write(&path, &program).unwrap();
        }
        let kept = std::fs::read_to_string(&path).unwrap();
        assert!(
            kept == program,
            "{path} is out of date: standin schema {name} > {path}"
        );
        let served = stand
            .client
            .send(Ask::get(format!("/_standin/schemas/{name}.json")))
            .await
            .expect(200);
        assert_eq!(served.text(), program, "{name}");
        let schema: serde_json::Value = serde_json::from_str(&program).unwrap();
        jsonschema::meta::validate(&schema).unwrap();
    }
    let none = stand
        .client
        .send(Ask::get("/_standin/schemas/other.json"))
        .await
        .expect(404);
    assert!(
        none.text()
            .contains("config.json, fault.json and target.json")
    );
}
