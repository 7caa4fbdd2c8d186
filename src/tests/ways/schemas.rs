//! The JSON Schemas are printed and served in the same words, and are schemas.

use crate::cli::printed;
use crate::client::{Ask, Stand, options};

#[tokio::test]
async fn each_schema_is_printed_and_served() {
    let stand = Stand::start(options()).await;
    for name in ["config", "fault", "target"] {
        let program = printed(&["schema", name]);
        let served = stand
            .client
            .send(Ask::get(format!("/_standin/schemas/{name}.json")))
            .await
            .expect(200);
        assert!(
            served.text() == program,
            "{name}: what is served is out of date; standin schema target > fixtures/schemas/target.json"
        );
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
