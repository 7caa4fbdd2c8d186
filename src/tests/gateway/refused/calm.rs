//! What enrolment refuses.

use super::{Row, Scene, row, table};
use crate::client::Ask;

pub(super) async fn rows(scene: &Scene) -> Vec<Row> {
    let path = format!("/network-tokens/{}", scene.alias);
    let read = scene.narrow("network-tokens:read cards:write").await;
    let write = scene.narrow("network-tokens:write cards:read").await;
    let mut rows = scene.strangers(|| Ask::post("/network-tokens"));
    let enrol = Ask::post("/network-tokens").bearer(&read);
    rows.push(row("scope to enrol", enrol, 403, "network-tokens:write"));
    let delete = Ask::delete(&path).bearer(&read);
    rows.push(row("scope to delete", delete, 403, "network-tokens:write"));
    let get = Ask::get(&path).bearer(&write);
    rows.push(row("scope to read", get, 403, "network-tokens:read"));
    for text in [PATHS, BODIES, MEMBERS] {
        rows.extend(table::rows(scene, text));
    }
    rows
}

const PATHS: &str = r#"
never enrolled      | GET /network-tokens/<alias>       | none | 404 | not-found
nothing to delete   | DELETE /network-tokens/<alias>    | none | 404 | not-found
unknown alias       | GET /network-tokens/nobody        | none | 404 | not-found
no text in the path | GET /network-tokens/%ff           | none | 404 | not-found
no such resource    | GET /network-tokens/x/cryptograms | none | 404 | not-found
a list              | GET /network-tokens               | none | 405 | method-not-allowed
wrong method        | PATCH /network-tokens/<alias>     | none | 405 | not allowed
"#;

const BODIES: &str = r#"
wrong media type | POST /network-tokens | plain {}             | 415 | application/json
no media type    | POST /network-tokens | none                 | 415 | unsupported-media-type
no body          | POST /network-tokens | json                 | 400 | invalid-payload
broken JSON      | POST /network-tokens | json {"pan_alias":   | 400 | not JSON
a list           | POST /network-tokens | json [1]             | 400 | must be a JSON object
text             | POST /network-tokens | json "x"             | 400 | must be a JSON object
deep JSON        | POST /network-tokens | json <deep>          | 400 | not JSON
not UTF-8        | POST /network-tokens | json <not text>      | 400 | not JSON
a huge body      | POST /network-tokens | json <huge>          | 413 | 1 MiB
"#;

const MEMBERS: &str = r#"
everything missing    | POST /network-tokens | json {}                                          | 422 | /pan_alias
everything missing    | POST /network-tokens | json {}                                          | 422 | /exp_month
everything missing    | POST /network-tokens | json {}                                          | 422 | required-fields-missing
no alias              | POST /network-tokens | enrol {"pan_alias":null}                         | 422 | pan_alias is required
empty alias           | POST /network-tokens | enrol {"pan_alias":""}                           | 422 | "/pan_alias"
alias as number       | POST /network-tokens | enrol {"pan_alias":5}                            | 422 | "/pan_alias"
over-long alias       | POST /network-tokens | enrol {"pan_alias":"<x300>"}                     | 422 | more than 256
unknown alias         | POST /network-tokens | enrol {"pan_alias":"nobody"}                     | 404 | alias-not-found
no month              | POST /network-tokens | enrol {"exp_month":null}                         | 422 | exp_month is required
month as text         | POST /network-tokens | enrol {"exp_month":"12"}                         | 422 | "/exp_month"
month thirteen        | POST /network-tokens | enrol {"exp_month":13}                           | 422 | invalid-format
year of three digits  | POST /network-tokens | enrol {"exp_year":123}                           | 422 | "/exp_year"
year as fraction      | POST /network-tokens | enrol {"exp_year":30.5}                          | 422 | "/exp_year"
code alias as a list  | POST /network-tokens | enrol {"cvv_alias":[]}                           | 422 | "/cvv_alias"
name as an object     | POST /network-tokens | enrol {"name":{}}                                | 422 | "/name"
over-long name        | POST /network-tokens | enrol {"name":"<x300>"}                          | 422 | "/name"
address as text       | POST /network-tokens | enrol {"billing_address":"here"}                 | 422 | "/billing_address"
city as number        | POST /network-tokens | enrol {"billing_address":{"city":1}}             | 422 | "/billing_address/city"
postal code as truth  | POST /network-tokens | enrol {"billing_address":{"postal_code":true}}   | 422 | "/billing_address/postal_code"
over-long company     | POST /network-tokens | enrol {"billing_address":{"company":"<x300>"}}   | 422 | "/billing_address/company"
"#;
