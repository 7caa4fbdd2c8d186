//! What the vault refuses.

use serde_json::json;

use super::{Row, Scene, row, table};
use crate::client::Ask;

pub(super) async fn rows(scene: &Scene) -> Vec<Row> {
    let path = format!("/aliases/{}", scene.alias);
    let read = scene.narrow("cards:read").await;
    let write = scene.narrow("cards:write").await;
    let mut rows = scene.strangers(|| Ask::get(&path));
    let create = Ask::post("/aliases");
    rows.push(row(
        "scope to create",
        create.clone().bearer(&read),
        403,
        "cards:write",
    ));
    let delete = Ask::delete(&path).bearer(&read);
    rows.push(row("scope to delete", delete, 403, "cards:write"));
    rows.push(row(
        "scope to read",
        Ask::get(&path).bearer(&write),
        403,
        "cards:read",
    ));
    let many = json!({ "data": vec![json!({ "value": "x" }); 21] });
    let many = create.bearer(&scene.all).json(&many);
    rows.push(row("too much in it", many, 400, "1 to 20"));
    rows.extend(table::rows(scene, ROWS));
    rows
}

const ROWS: &str = r#"
unknown alias       | GET /aliases/nobody    | none                                                   | 404 | no such alias
unknown to delete   | DELETE /aliases/nobody | none                                                   | 404 | no such alias
no text in the path | GET /aliases/%c0%af    | none                                                   | 404 | no such alias
a list              | GET /aliases           | none                                                   | 405 | not allowed
wrong method        | PUT /aliases/<alias>   | none                                                   | 405 | not allowed
no such resource    | GET /aliases/a/b       | none                                                   | 404 | no such resource
wrong media type    | POST /aliases          | plain {}                                               | 415 | application/json
no body             | POST /aliases          | json                                                   | 400 | not JSON
broken JSON         | POST /aliases          | json {                                                 | 400 | not JSON
deep JSON           | POST /aliases          | json <deep>                                            | 400 | not JSON
a bare list         | POST /aliases          | json []                                                | 400 | must be a JSON object
text                | POST /aliases          | json "data"                                            | 400 | must be a JSON object
no data             | POST /aliases          | json {}                                                | 400 | list in data
data is an object   | POST /aliases          | json {"data":{}}                                       | 400 | list in data
nothing in it       | POST /aliases          | json {"data":[]}                                       | 400 | 1 to 20
a huge body         | POST /aliases          | json <huge>                                            | 413 | 1 MiB
no object           | POST /aliases          | second 1                                               | 400 | /data/1 must be an object
no value            | POST /aliases          | second {}                                              | 400 | /data/1/value is required
empty value         | POST /aliases          | second {"value":""}                                    | 400 | /data/1/value
value as number     | POST /aliases          | second {"value":4111}                                  | 400 | /data/1/value
over-long value     | POST /aliases          | second {"value":"<x300>"}                              | 400 | /data/1/value
not a test number   | POST /aliases          | second {"value":"4895370016781988"}                    | 400 | /data/1/value
not a test number   | POST /aliases          | second {"value":"4895370016781988"}                    | 400 | --allow-pan
wrong check digit   | POST /aliases          | second {"value":"4111111111111112"}                    | 400 | check digit
unknown format      | POST /aliases          | second {"value":"a","format":"ROT13"}                  | 400 | /data/1/format
unknown storage     | POST /aliases          | second {"value":"a","storage":"TAPE"}                  | 400 | /data/1/storage
empty alias         | POST /aliases          | second {"value":"a","alias":""}                        | 400 | /data/1/alias
over-long alias     | POST /aliases          | second {"value":"a","alias":"<x300>"}                  | 400 | /data/1/alias
a taken alias       | POST /aliases          | second {"value":"5555555555554444","alias":"<alias>"}  | 409 | /data/1/alias
"#;
