//! What the control plane refuses, and names of spaces that are none.

use super::{Row, Scene, row, table};
use crate::client::Ask;

pub(super) fn rows(scene: &Scene) -> Vec<Row> {
    let tables = [
        SPACES, CLOCK, TOKENS, EVENTS, CARDS, JOURNAL, FOLLOWED, VERIFY,
    ]
    .into_iter();
    let mut rows: Vec<_> = tables.flat_map(|text| table::rows(scene, text)).collect();
    for id in ["x", "7", "-1", "0-", "0--1", "0-1-2"] {
        let ask = Ask::get("/_standin/journal/events").header("last-event-id", id);
        rows.push(row(
            "no id of an event",
            ask,
            422,
            r#""field":"last-event-id""#,
        ));
    }
    rows
}

const SPACES: &str = r#"
no name at all       | GET /~/_standin/clock      | none        | 404 | space_name
an escaped name      | GET /~a%2fb/_standin/clock | none        | 404 | space_name
too long a name      | GET /~<x65>/_standin/clock | none        | 404 | 1 to 64
a name for a surface | POST /~a:b/cards           | none        | 404 | space_name
nothing there        | GET /nothing               | none        | 404 | not_found
nothing below        | GET /_standin/nothing      | none        | 404 | not_found
a bare space         | PUT /~a                    | none        | 404 | not_found
no text in the path  | GET /%ff                   | none        | 404 | not_found
a huge body          | POST /_standin/clock       | json <huge> | 413 | 1 MiB
reset by reading     | GET /_standin/reset        | none        | 405 | method_not_allowed
health by writing    | POST /_standin/health      | none        | 405 | method_not_allowed
"#;

const CLOCK: &str = r#"
no body             | POST /_standin/clock | none                                                 | 422 | "field":"advance"
nothing in it       | POST /_standin/clock | json {}                                              | 422 | "field":"advance"
both                | POST /_standin/clock | json {"advance":"PT1S","set":"2026-01-01T00:00:00Z"} | 422 | not both
backwards           | POST /_standin/clock | json {"advance":"-PT1S"}                             | 422 | "field":"advance"
no span             | POST /_standin/clock | json {"advance":"soon"}                              | 422 | is not a span
a month             | POST /_standin/clock | json {"advance":"P1M"}                               | 422 | is not a span
a number            | POST /_standin/clock | json {"advance":5}                                   | 400 | must be a string, not 5
a past instant      | POST /_standin/clock | json {"set":"2020-01-01T00:00:00Z"}                  | 409 | clock_backwards
no instant          | POST /_standin/clock | json {"set":"yesterday"}                             | 422 | "field":"set"
before the epoch    | POST /_standin/clock | json {"set":"1969-12-31T23:59:59Z"}                  | 422 | "field":"set"
unknown member      | POST /_standin/clock | json {"rewind":"PT1S"}                               | 400 | "field":"rewind"
a list              | POST /_standin/clock | json []                                              | 400 | bad_body
broken JSON         | POST /_standin/clock | json {                                               | 400 | bad_body
deep JSON           | POST /_standin/clock | json <deep>                                          | 400 | bad_body
wrong media type    | POST /_standin/clock | plain {}                                             | 415 | application/json
"#;

const TOKENS: &str = r#"
unknown token       | GET /_standin/tokens/<zeros>                | none | 404 | token_unknown
no reference        | GET /_standin/tokens/x                      | none | 404 | token_unknown
no text in the path | GET /_standin/tokens/%ff                    | none | 404 | token_unknown
too short           | GET /_standin/tokens/NTK1                   | none | 404 | token_unknown
of another space    | GET /~elsewhere/_standin/tokens/<reference> | none | 404 | token_unknown
no place to go on   | GET /_standin/tokens?after=x                | none | 422 | "field":"after"
a slip of a name    | GET /_standin/tokens?aftr=x                 | none | 422 | did you mean \"after\"?
the same twice      | GET /_standin/tokens?after=x&after=y        | none | 422 | is given twice
a slip in payments  | GET /_standin/payments?aftr=x               | none | 422 | did you mean \"after\"?
a slip of a scope   | GET /_standin/snapshot?off=server           | none | 422 | did you mean \"of\"?
"#;

const EVENTS: &str = r#"
unknown token       | POST /_standin/tokens/x/events           | json {"event":"suspend"}                                    | 404 | token_unknown
no body             | POST /_standin/tokens/<reference>/events | none                                                        | 400 | "field":"event"
nothing in it       | POST /_standin/tokens/<reference>/events | json {}                                                     | 400 | "field":"event"
unknown event       | POST /_standin/tokens/<reference>/events | json {"event":"explode"}                                    | 400 | explode
a slip of an event  | POST /_standin/tokens/<reference>/events | json {"event":"suspnd"}                                    | 400 | did you mean
an event of cards   | POST /_standin/tokens/<reference>/events | json {"event":"expired"}                                    | 422 | happens to cards
unknown actor       | POST /_standin/tokens/<reference>/events | json {"event":"suspend","by":"cat"}                         | 400 | cat
unknown member      | POST /_standin/tokens/<reference>/events | json {"event":"suspend","why":""}                           | 400 | why
nothing to resume   | POST /_standin/tokens/<reference>/events | json {"event":"resume"}                                     | 409 | state_forbids
active already      | POST /_standin/tokens/<reference>/events | json {"event":"activate"}                                   | 409 | state_forbids
misplaced expiry    | POST /_standin/tokens/<reference>/events | json {"event":"suspend","expiry":{"month":1,"year":30}}     | 422 | "field":"expiry"
month thirteen      | POST /_standin/tokens/<reference>/events | json {"event":"update_expiry","expiry":{"month":13,"year":30}} | 422 | "field":"expiry"
half an expiry      | POST /_standin/tokens/<reference>/events | json {"event":"update_expiry","expiry":{"month":1}}         | 400 | "field":"expiry.year"
expiry as text      | POST /_standin/tokens/<reference>/events | json {"event":"update_expiry","expiry":"2030-01"}           | 400 | bad_body
misplaced number    | POST /_standin/tokens/<reference>/events | json {"event":"delete","pan":"4111111111111111"}            | 422 | "field":"pan"
no number           | POST /_standin/tokens/<reference>/events | json {"event":"replace_pan","pan":"x"}                      | 422 | "field":"pan"
not a test number   | POST /_standin/tokens/<reference>/events | json {"event":"replace_pan","pan":"4895370016781988"}       | 422 | "field":"pan"
wrong media type    | POST /_standin/tokens/<reference>/events | plain {}                                                    | 415 | application/json
putting it          | PUT /_standin/tokens/<reference>/events  | none                                                        | 405 | method_not_allowed
"#;

const JOURNAL: &str = r#"
from below          | GET /_standin/journal?from=-1       | none | 422 | "field":"from"
rows in words       | GET /_standin/journal?rows=many     | none | 422 | "field":"rows"
unknown member      | GET /_standin/journal?surfce=cmp    | none | 422 | did you mean \"surface\"?
unknown surface     | GET /_standin/journal?surface=cpm   | none | 422 | did you mean \"cmp\"?
unknown method      | GET /_standin/journal?method=PSOT   | none | 422 | did you mean \"POST\"?
no status           | GET /_standin/journal?status=9xx    | none | 422 | "field":"status"
no path             | GET /_standin/journal?path=cards    | none | 422 | must begin with
too long a reason   | GET /_standin/journal?reason=<x300> | none | 422 | 256 bytes
unknown format      | GET /_standin/journal?format=ndjsn  | none | 422 | did you mean \"ndjson\"?
unknown body        | GET /_standin/journal?requst:/a=1   | none | 422 | did you mean \"request\"?
no pointer          | GET /_standin/journal?request:a=1   | none | 422 | "field":"request:a"
no JSON             | GET /_standin/journal?request:/a:=x | none | 422 | "field":"request:/a:"
a pointer twice     | GET /_standin/journal?request:/a=1&request:/a=2 | none | 422 | is given twice
"#;

const FOLLOWED: &str = r#"
from below          | GET /_standin/journal/events?from=-1       | none | 422 | "field":"from"
rows in words       | GET /_standin/journal/events?rows=many     | none | 422 | "field":"rows"
unknown member      | GET /_standin/journal/events?surfce=cmp    | none | 422 | did you mean \"surface\"?
a file of it        | GET /_standin/journal/events?format=har    | none | 422 | "field":"format"
no pointer          | GET /_standin/journal/events?request:a=1   | none | 422 | "field":"request:a"
by writing          | POST /_standin/journal/events              | none | 405 | method_not_allowed
brief in words      | GET /_standin/journal/events?brief=short   | none | 422 | "field":"brief"
before in words     | GET /_standin/journal?before=now           | none | 422 | "field":"before"
no number           | GET /_standin/journal/first                | none | 422 | "field":"number"
not yet there       | GET /_standin/journal/999999               | none | 404 | entry_unknown
turning nobody      | PUT /_standin/faults/nobody                | json {"on":true} | 404 | fault_unknown
turning neither way | PUT /_standin/faults/nobody                | none | 422 | "field":"on"
turning otherwise   | PUT /_standin/faults/nobody                | json {"off":true} | 400 | did you mean \"on\"?
events of nobody    | GET /_standin/tokens/NTKnobody/events      | none | 404 | token_unknown
attempts of nobody  | GET /_standin/webhooks/messages/x/attempts | none | 404 | message_unknown
again, otherwise    | POST /_standin/webhooks/messages/x/replay  | json {"signature":"none"} | 400 | "field":"signature"
"#;

const VERIFY: &str = r#"
no body             | POST /_standin/verify | none                                                       | 422 | "field":"match"
nothing in it       | POST /_standin/verify | json {}                                                    | 422 | "field":"match"
a list              | POST /_standin/verify | json []                                                    | 422 | must be an object
broken JSON         | POST /_standin/verify | json {                                                     | 400 | bad_body
deep JSON           | POST /_standin/verify | json <deep>                                                | 400 | bad_body
wrong media type    | POST /_standin/verify | plain {}                                                   | 415 | application/json
reading it          | GET /_standin/verify  | none                                                       | 405 | method_not_allowed
unknown member      | POST /_standin/verify | json {"mach":{}}                                           | 422 | did you mean \"match\"?
unknown field       | POST /_standin/verify | json {"match":{"oparation":"x"}}                           | 422 | did you mean \"operation\"?
unknown surface     | POST /_standin/verify | json {"match":{"surface":"cpm"}}                           | 422 | did you mean \"cmp\"?
no status           | POST /_standin/verify | json {"match":{"status":999}}                              | 422 | "field":"match.status"
no pointer          | POST /_standin/verify | json {"match":{"request":{"pan":"x"}}}                     | 422 | "field":"match.request"
unknown count       | POST /_standin/verify | json {"match":{},"count":{"atleast":1}}                    | 422 | did you mean \"at_least\"?
empty count         | POST /_standin/verify | json {"match":{},"count":{}}                               | 422 | needs exactly
a negative count    | POST /_standin/verify | json {"match":{},"count":{"exactly":-1}}                   | 422 | "field":"count.exactly"
crossed counts      | POST /_standin/verify | json {"match":{},"count":{"at_least":2,"at_most":1}}       | 422 | is more than at_most
both questions      | POST /_standin/verify | json {"match":{},"in_order":[{}]}                          | 422 | beside match
an order with count | POST /_standin/verify | json {"in_order":[{}],"count":{"exactly":1}}               | 422 | "field":"count"
no steps            | POST /_standin/verify | json {"in_order":[]}                                       | 422 | 1 to 100 patterns
a wrong step        | POST /_standin/verify | json {"in_order":[{},{"methd":"GET"}]}                     | 422 | "field":"in_order.1.methd"
from below          | POST /_standin/verify | json {"match":{},"from":-1}                                | 422 | "field":"from"
"#;

const CARDS: &str = r#"
unknown card        | POST /_standin/cards/x/events        | json {"event":"expired"}                                      | 404 | card_unknown
no such card        | POST /_standin/cards/CRD1111111111111111111111/events | json {"event":"expired"}                     | 404 | card_unknown
no body             | POST /_standin<tokenless>/events     | none                                                          | 400 | "field":"event"
nothing in it       | POST /_standin<tokenless>/events     | json {}                                                       | 400 | "field":"event"
unknown event       | POST /_standin<tokenless>/events     | json {"event":"suspend"}                                      | 422 | happens to tokens
a slip of an event  | POST /_standin<tokenless>/events     | json {"event":"expird"}                                       | 400 | did you mean
unknown member      | POST /_standin<tokenless>/events     | json {"event":"expired","by":"issuer"}                        | 400 | by
misplaced expiry    | POST /_standin<tokenless>/events     | json {"event":"expired","expiry":{"month":1,"year":30}}       | 422 | "field":"expiry"
month thirteen      | POST /_standin<tokenless>/events     | json {"event":"update_expiry","expiry":{"month":13,"year":30}} | 422 | "field":"expiry"
misplaced number    | POST /_standin<tokenless>/events     | json {"event":"update_expiry","pan":"4111111111111111"}       | 422 | "field":"pan"
no number           | POST /_standin<tokenless>/events     | json {"event":"replace_pan","pan":"x"}                        | 422 | "field":"pan"
not a test number   | POST /_standin<tokenless>/events     | json {"event":"replace_pan","pan":"4895370016781988"}         | 422 | "field":"pan"
wrong media type    | POST /_standin<tokenless>/events     | plain {}                                                      | 415 | application/json
reading it          | GET /_standin<tokenless>/events      | none                                                          | 405 | method_not_allowed
"#;
