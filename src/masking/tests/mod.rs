//! What is hidden and what stays readable, as tables.

mod channels;
mod markup;
mod multipart;
mod readable;
mod shapes;

use serde_json::json;

use super::{body, header, member, target, text, value};

#[test]
fn bodies() {
    let rows = [
        (
            r#"{"pan":"4111111111111111"}"#,
            r#"{"pan":"411111******1111"}"#,
        ),
        (r#"{"a":[{"CVC":123}]}"#, r#"{"a":[{"CVC":"***"}]}"#),
        (r#"{"n":4111111111111111}"#, r#"{"n":"411111******1111"}"#),
        (
            r#"{"cryptogram":{"value":"x","eci":"07","type":"TAVV","extra":["y"]}}"#,
            r#"{"cryptogram":{"value":"***","eci":"07","type":"TAVV","extra":"***"}}"#,
        ),
        (
            r#"{"cvc":{"0817":1,"is":{"x-1":2}},"a-1":3}"#,
            r#"{"cvc":{"***":"***","is":{"***":"***"}},"a-1":3}"#,
        ),
        (
            // {"cvc":"0817"}, a card number, {"alg":"none"}.{"pin":"0952"}.c2ln
            r#"{"a":"eyJjdmMiOiIwODE3In0=","b":"NDExMTExMTExMTExMTExMQ==","c":"eyJhbGciOiJub25lIn0.eyJwaW4iOiIwOTUyIn0.c2ln"}"#,
            r#"{"a":"***","b":"***","c":"eyJhbGciOiJub25lIn0.***"}"#,
        ),
        (
            // {"id":"ord-1"}
            r#"{"a":"eyJpZCI6Im9yZC0xIn0="}"#,
            r#"{"a":"eyJpZCI6Im9yZC0xIn0="}"#,
        ),
        (r#"{"cryptogram":["AgAA"]}"#, r#"{"cryptogram":"***"}"#),
        (
            r#"{"password":{"type":"a","is":{"b":1}}}"#,
            r#"{"password":{"type":"***","is":{"b":"***"}}}"#,
        ),
        (
            r#"{"authorization":{"amount":5,"client_secret":"x"}}"#,
            r#"{"authorization":{"amount":5,"client_secret":"***"}}"#,
        ),
        (
            "client_id=a&client_secret=b{c",
            "client_id=a&client_secret=***",
        ),
        (
            "data%5Bcard%5D%5Bcvc%5D=123&cryptogram=AA%3D&a%20b=c+d",
            "data%5Bcard%5D%5Bcvc%5D=***&cryptogram=***&a%20b=c+d",
        ),
        (
            "n=4111+1111+1111+1111&m=x4111%201111-1111%201111&4111111111111111&a=b=4111111111111111",
            "n=4111 11** **** 1111&m=x4111 11**-**** 1111&411111******1111&a=b=411111******1111",
        ),
        (
            r#"{"pan":"4111111111111111","cvc": "123","a":1,"#,
            r#"{"pan":"411111******1111","cvc": "***","a":1,"#,
        ),
        (r#"[{"client_secret":"a{b,c"#, r#"[{"client_secret":"***""#),
        (
            r#"{"data":[{"value":"123","storage":"VOLATILE"},{"value":123}]}"#,
            r#"{"data":[{"value":"***","storage":"VOLATILE"},{"value":"***"}]}"#,
        ),
        (
            "<b>1 4111 1111 1111 1111 2026-01-01 4111-111111-1111-11</b>",
            "<b>1 4111 11** **** 1111 2026-01-01 4111-11****-**11-11</b>",
        ),
        (
            r#"{"4111111111111111":1,"411111******1111":2}"#,
            r#"{"411111******1111":1,"411111******1111'":2}"#,
        ),
    ];
    for (plain, shown) in rows {
        assert_eq!(body(plain.as_bytes()), shown);
    }
    assert_eq!(body(&[0xff, 0xfe]), "(2 bytes that are not text)");
}

#[test]
fn cards_that_are_told_by_their_number_and_lists_of_numbers() {
    let rows = [
        (
            r#"{"numbers":["990422000000",3],"cards":["990422000000"],"pans":["990422000000"]}"#,
            r#"{"numbers":["990422**0000","***"],"cards":["990422**0000"],"pans":["990422**0000"]}"#,
        ),
        (
            r#"{"cards":[990422000000,3,{"id":990422000000,"cvcs":["1"]},"gold"],"card":true}"#,
            r#"{"cards":["990422**0000",3,{"id":990422000000,"cvcs":"***"},"gold"],"card":true}"#,
        ),
        ("card=990422000000&cards=3", "card=990422**0000&cards=3"),
        (
            r#"{"card":990422000000,"cards":3,"#,
            r#"{"card":"990422**0000","cards":3,"#,
        ),
        (
            "<cards>\n <card id=\"7\">990422000000</card> 3</cards>",
            "<cards>\n <card id=\"7\">990422**0000</card> 3</cards>",
        ),
    ];
    for (plain, shown) in rows {
        assert_eq!(body(plain.as_bytes()), shown);
    }
}

#[test]
fn members_by_themselves() {
    let rows = [
        (
            "/data/pan",
            json!("4111111111111111"),
            json!("411111******1111"),
        ),
        ("/cryptogram/value", json!("AgAA"), json!("***")),
        ("/cryptogram/value", json!(7), json!("***")),
        ("/cryptogram/eci", json!("07"), json!("07")),
        ("/cvv_alias/0", json!("123"), json!("***")),
        ("/amount/value", json!(1000), json!(1000)),
        ("/data/0/value", json!("123"), json!("***")),
        ("/a", json!({"cvc": "123"}), json!({"cvc": "***"})),
        ("", json!({"cvc": "123"}), json!({"cvc": "***"})),
    ];
    for (pointer, value, shown) in rows {
        let names: Vec<_> = pointer.split('/').skip(1).collect();
        assert_eq!(member(&names, &value), shown, "{pointer}");
    }
}

#[test]
fn targets() {
    let rows = [
        ("/cards/4111111111111111", "/cards/411111******1111"),
        ("/cards/%34111111111111111/x", "/cards/411111******1111/x"),
        ("/cards/%2534111111111111111", "/cards/411111******1111"),
        ("/cards/4111/1111/1111/1111", "/cards/4111/11**/****/1111"),
        ("/a?client_secret=x&b=1", "/a?client_secret=***&b=1"),
        ("/tokens?token=tok_1", "/tokens?token=tok_1"),
        (
            "https://me:pw@shop.test/hooks/T0/aB3dEf6hIj9lMn2pQr5t?token=x&id=7#key=y",
            "https://***@shop.test/hooks/T0/***?token=***&id=7#key=***",
        ),
        (
            "http://127.0.0.1:9/webhooks/adyen-notifications",
            "http://127.0.0.1:9/webhooks/adyen-notifications",
        ),
    ];
    for (plain, shown) in rows {
        assert_eq!(target(plain), shown);
    }
}

#[test]
fn headers_keep_a_scheme() {
    let rows = [
        ("Authorization", "Bearer abc", "Bearer ***"),
        ("authorization", "OAuth a=\"b\", c=\"d\"", "OAuth ***"),
        ("proxy-authorization", "Basic YTpi", "Basic ***"),
        ("x-api-key", "abc", "***"),
        ("Set-Cookie", "a=b; Path=/", "***"),
        ("accept", "*/*", "*/*"),
        (
            "location",
            "https://a.test/?token=b",
            "https://a.test/?token=***",
        ),
    ];
    for (name, plain, shown) in rows {
        assert_eq!(header(name, plain), shown, "{name}");
    }
}

#[test]
fn a_value_that_is_a_number_whatever_it_begins_with() {
    assert_eq!(value("990422000000"), "990422**0000");
    assert_eq!(value("NTK123"), "NTK123");
    assert_eq!(value("/cards/4111111111111111"), "/cards/411111******1111");
}

#[test]
fn texts_inside_each_other_end() {
    let mut nested = json!({ "cvc": "8317" });
    for _ in 0..12 {
        nested = json!({ "a": nested.to_string() });
    }
    let shown = body(nested.to_string().as_bytes());
    assert!(!shown.contains("8317"), "{shown}");
    assert!(shown.contains("***"), "{shown}");
    // However deep or unfinished, it ends and shows nothing.
    for piece in [
        "<pan>",
        "<cvc>",
        "<a ",
        "<a b=\"",
        "<a id=\"cvc\" '",
        "{\"cvc\":",
        "cvc=\"",
        "[",
        "4 ",
        "1 - ",
        "4111 1111 1111 1111 ",
        "://",
        "%25",
        "\\\"",
    ] {
        let long = piece.repeat(20_000);
        assert!(text(&long).len() <= long.len() + 20_000, "{piece}");
    }
}
