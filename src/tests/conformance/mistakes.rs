//! Mistakes in a target file: each is misuse, with the line and what to write, and nothing is sent.

use std::sync::atomic::Ordering;

use super::scripted::{Script, start};
use super::{conform, folder};

const LEAST: &str = include_str!("least.toml");

/// A mistake: what stands in the file, what is written instead, on which line it must be seen, and what must be said.
type Mistake = (&'static str, &'static str, usize, &'static str);

const WORDS: [Mistake; 18] = [
    (
        "name = \"least\"",
        "nmae = \"least\"",
        2,
        "did you mean \"name\"?",
    ),
    (
        "base_url = \"{address}\"",
        "base_url = \"localhost\"",
        3,
        "must begin with http",
    ),
    (
        "kind = \"bearer\"",
        "kind = \"baerer\"",
        6,
        "did you mean \"bearer\"?",
    ),
    (
        "token = \"test",
        "tokn = \"test",
        7,
        "did you mean \"token\"?",
    ),
    (
        "\"eligible\"",
        "\"eligable\"",
        10,
        "did you mean \"eligible\"?",
    ),
    ("\"visa\"", "\"vissa\"", 11, "did you mean \"visa\"?"),
    (
        "\"visa\"",
        "\"mastercard\"",
        11,
        "no number of mastercard begins so",
    ),
    (
        "pan = \"4111111111111111\"",
        "pan = \"4111111111111112\"",
        12,
        "check digit",
    ),
    (
        "pan = \"4111",
        "exp_month = 13\npan = \"4111",
        12,
        "13 is no month",
    ),
    (
        "states.active",
        "states.actve",
        16,
        "did you mean \"active\"?",
    ),
    (
        "reasons.not-found",
        "reasons.notfound",
        18,
        "did you mean \"not-found\"?",
    ),
    ("\"status:404\"", "\"status:4004\"", 18, "is not a status"),
    ("\"status:404\"", "\"NOT_FOUND\"", 18, "facts.reason"),
    (".enrol]", ".enroll]", 20, "did you mean \"enrol\"?"),
    (
        "accept = [201]",
        "acept = [201]",
        21,
        "did you mean \"accept\"?",
    ),
    (
        "facts.state = [\"/status\"]",
        "facts.sate = [\"/status\"]",
        22,
        "did you mean \"state\"?",
    ),
    ("\"POST\"", "\"PSOT\"", 25, "did you mean \"POST\"?"),
    (
        "states.deleted = [\"GONE\"]",
        "states.deleted = [\"LIVE\"]",
        17,
        "also stands in",
    ),
];

const PLACES: [Mistake; 16] = [
    ("{pan}", "{pam}", 25, "did you mean {pan}?"),
    ("{expiry:MMYY}", "{expiry:MYM}", 25, "there is no format"),
    (
        "\"/expiry as MM/YY\"",
        "\"/expiry as MM/Y\"",
        24,
        "did you mean \"MM/YY\"?",
    ),
    ("[\"/id\"]", "[\"id\"]", 23, "must begin with /"),
    (
        "[\"/id\"]",
        "[\"/a~b\"]",
        23,
        "~ must be followed by 0 or 1",
    ),
    (
        "[\"/id\"]",
        "[\"/list/[id]\"]",
        23,
        "picks an item of a list",
    ),
    ("facts.reference = [\"/id\"]\n", "", 29, "facts.reference"),
    ("\"/tokens\"", "\"tokens\"", 25, "must begin with /"),
    ("\"{pan}\"", "{pan}", 25, "is not JSON"),
    ("accept = [201]", "accept = [2001]", 20, "is not a status"),
    (
        "[binding]\n",
        "[binding]\naccount = \"others\"\n",
        15,
        "there is no account \"others\"",
    ),
    (
        "[binding]\n",
        "[binding]\nwords.network.visa = \"V\"\n",
        15,
        "never used",
    ),
    (
        "[binding]\n",
        "[binding]\nunknown.card = \"c0\"\n",
        15,
        "never used",
    ),
    (
        "[auth]",
        "without = [\"crypto-long\"]\n[auth]",
        5,
        "there is no capability \"crypto-long\"",
    ),
    (
        "[auth]",
        "profile = [\"mien\"]\n[auth]",
        0,
        "no binding \"mien\"",
    ),
    (
        "[auth]",
        "[accounts.manual]\nclient_id = \"a\"\nclient_secret = \"b\"\n[auth]",
        5,
        "is never used",
    ),
];

const WHOLE: [Mistake; 21] = [
    (
        "[auth]",
        "[askers]\nown.acount = \"a1\"\n[auth]",
        6,
        "nothing names {acount}",
    ),
    (
        "[auth]",
        "[askers]\nothers.account = \"a1\"\n[auth]",
        6,
        "did you mean \"other\"?",
    ),
    (
        "kind = \"bearer\"\ntoken = \"test-key-of-the-first-merchant\"",
        "kind = \"hmac\"\nkey_id = \"k\"\nsecret = \"s\"\ncontent = \"{mehtod}\"\nheaders = { x = \"{signature}\" }",
        9,
        "did you mean {method}?",
    ),
    (
        "kind = \"bearer\"\ntoken = \"test-key-of-the-first-merchant\"",
        "kind = \"hmac\"\nkey_id = \"k\"\nsecret = \"s\"\ncontent = \"{body}\"\nheaders = { x = \"{key_id}\" }",
        10,
        "no header holds the {signature}",
    ),
    (
        "[auth]",
        "[policies]\nnonce_once = true\n[auth]",
        6,
        "of no kind that signs requests",
    ),
    (
        "[binding]\n",
        "[binding]\nstatuses.gone = 404\n",
        15,
        "no `status` says where",
    ),
    (
        "[binding]\n",
        "[binding]\nstatus = [\"/code\"]\nstatuses.gone = 4040\n",
        16,
        "4040 is not a status",
    ),
    (
        "[binding.operations.read]",
        "[binding.operations.list]\naccept = [200]\npages = {}\nrequests = [{ method = \"GET\", path = \"/t\" }]\n[binding.operations.read]",
        27,
        "pages leads nowhere",
    ),
    (
        "[binding.operations.read]",
        "[binding.operations.list]\naccept = [200]\npages = { next = [\"link:next\"], size = 5 }\nrequests = [{ method = \"GET\", path = \"/t\" }]\n[binding.operations.read]",
        27,
        "{page_size}",
    ),
    (
        "[binding.operations.read]",
        "[binding.operations.list]\naccept = [200]\npages = { cursor = [\"/next\"] }\nrequests = [{ method = \"GET\", path = \"/t\" }]\n[binding.operations.read]",
        27,
        "no request names {cursor?}",
    ),
    (
        "kind = \"bearer\"\ntoken = \"test-key-of-the-first-merchant\"",
        "kind = \"oauth1\"\nconsumer_key = \"c\"\nsigning_key = \"nowhere.pem\"",
        8,
        "nowhere.pem",
    ),
    (
        "[auth]",
        "[identity]\ncertificate = \"nowhere.pem\"\nkey = \"nowhere.pem\"\n[auth]",
        5,
        "nowhere.pem",
    ),
    (
        "kind = \"bearer\"\ntoken = \"test-key-of-the-first-merchant\"",
        "kind = \"oauth\"\ntoken_url = \"{base}/t\"",
        5,
        "[accounts.manual]",
    ),
    ("states.active = [\"LIVE\"]\n", "", 16, "active is missing"),
    (
        "facts.state = [\"/status\"]\nfacts.reference",
        "facts.reference",
        20,
        "facts.state is missing",
    ),
    (
        "[binding.operations.read]",
        "[binding.operations.suspend]\naccept = [200]\nrequests = [{ method = \"PUT\", path = \"/pause\" }]\n[binding.operations.read]",
        0,
        "an operation suspend: which word",
    ),
    (
        "[binding]\n",
        "[control.operations.event-suspend]\naccept = [200]\nrequests = [{ method = \"PUT\", path = \"/pause\" }]\n[binding]\n",
        0,
        "an operation event-suspend: which word",
    ),
    (
        "condition = \"eligible\"",
        "condition = \"declined\"",
        9,
        "condition = \"eligible\"",
    ),
    (
        "[binding]\n",
        "[control.operations.listen]\naccept = [201]\nrequests = [{ method = \"POST\", path = \"/hooks\", body = '{\"url\":\"{url}\"}' }]\n[binding]\n",
        1,
        "no [webhooks] says how",
    ),
    (
        "[binding]\n",
        "[control.operations.clock]\naccept = [200]\nrequests = [{ method = \"POST\", path = \"/clock\", body = '{\"s\":\"{second}\"}' }]\n[binding]\n",
        16,
        "did you mean {seconds}?",
    ),
    (
        "[binding.operations.read]",
        "[binding.operations.pay-long]\naccept = [201]\nrequests = [{ method = \"POST\", path = \"/pay\" }]\n[binding.operations.read]",
        27,
        "outcomes.approved",
    ),
];

#[tokio::test]
async fn a_mistake_in_a_target_file_has_a_line_and_a_remedy_and_sends_nothing() {
    let target = start(Script::Always(500, "text/plain", "no")).await;
    let file = folder("mistakes").join("target.toml");
    let address = target.url.clone();
    let all = WORDS.iter().chain(&PLACES).chain(&WHOLE);
    for (right, wrong, line, remedy) in all {
        assert!(LEAST.contains(right), "{right}");
        let text = LEAST
            .replacen(right, wrong, 1)
            .replace("{address}", &address);
        std::fs::write(&file, text).unwrap();
        let ran = conform(&["--target", file.to_str().unwrap()]).await;
        assert_eq!(ran.code, 2, "{wrong}: {}{}", ran.err, ran.out);
        assert!(ran.err.contains(remedy), "{wrong}: {}", ran.err);
        let place = format!("target.toml: line {line}:");
        assert!(
            *line == 0 || ran.err.contains(&place),
            "{wrong}: {}",
            ran.err
        );
        assert!(ran.err.len() < 2000, "{wrong}: {}", ran.err);
    }
    assert_eq!(target.requests.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_file_without_a_mistake_is_judged() {
    let target = start(Script::Always(500, "text/plain", "no")).await;
    let file = folder("no-mistake").join("target.toml");
    std::fs::write(&file, LEAST.replace("{address}", &target.url)).unwrap();
    let ran = conform(&["--target", file.to_str().unwrap()]).await;
    assert_eq!(ran.code, 1, "{}{}", ran.err, ran.out);
}
