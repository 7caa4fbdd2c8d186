//! Parts of multipart bodies, however they are named and whatever stands before them.

use super::super::body;

#[test]
fn parts_are_known_by_any_spelling_of_their_name() {
    for name in [
        r#"name="cvc""#,
        "name=cvc",
        r#"NAME="cvc""#,
        r#"Name = "cvc""#,
        "name*=utf-8''cvc",
        "NAME*=UTF-8'en'card%5Bcvc%5D",
        r#"name*="utf-8''%63vc""#,
        r#"name="x"; name*=utf-8''cvc"#,
        r#"filename="name"; name="cvc""#,
    ] {
        let plain =
            format!("--b\r\nContent-Disposition: form-data; {name}\r\n\r\n123\r\n--b--\r\n");
        let shown = body(plain.as_bytes());
        assert!(shown.ends_with("\r\n\r\n***\r\n--b--\r\n"), "{shown}");
    }
    // However long a head goes on with names, it ends.
    let long = "name=".repeat(20_000);
    let plain = format!("--b\nContent-Disposition: form-data; {long}\n\n123\n--b--\n");
    assert_eq!(body(plain.as_bytes()), plain);
    for name in [r#"filename="cvc""#, r#"name="a"; FILENAME*=utf-8''cvc"#] {
        let plain =
            format!("--b\r\nContent-Disposition: form-data; {name}\r\n\r\n123\r\n--b--\r\n");
        assert_eq!(body(plain.as_bytes()), plain);
    }
}

#[test]
fn a_part_that_is_a_card_may_be_its_number() {
    for (value, shown) in [
        ("990422000000", "990422**0000"),
        ("card%5Bcvc%5D=123", "card%5Bcvc%5D=***"),
        ("gold", "gold"),
    ] {
        let part =
            |value| format!("--b\nContent-Disposition: form-data; name=card\n\n{value}\n--b--\n");
        assert_eq!(body(part(value).as_bytes()), part(shown));
    }
}

#[test]
fn what_stands_before_the_first_part_is_masked_and_hides_no_part() {
    let part = "Content-Type: text/plain\r\ncontent-disposition: form-data; name=\"cvc\"\r\n\r\n";
    for (before, shown) in [
        ("", ""),
        ("\r\n", "\r\n"),
        ("a preamble\r\n", "a preamble\r\n"),
        (
            "cvc=456 4111111111111111\r\n",
            "cvc=*** 411111******1111\r\n",
        ),
        (
            "-- \r\n\r\n{\"cvc\":\"456\"}\r\n",
            "-- \r\n\r\n{\"cvc\":\"***\"}\r\n",
        ),
        ("--other\r\n\r\n", "--other\r\n\r\n"),
    ] {
        let plain = format!("{before}--b\r\n{part}123\r\n--b--\r\n");
        let want = format!("{shown}--b\r\n{part}***\r\n--b--\r\n");
        assert_eq!(body(plain.as_bytes()), want);
    }
}
