//! Attributes of XML and HTML.

use super::super::{body, text};

#[test]
fn attributes_of_a_secrets_element_are_hidden() {
    for (plain, shown) in [
        (r#"<cvv value="123"/>"#, r#"<cvv value="***"/>"#),
        (r#"<cvv code="123"/>"#, r#"<cvv code="***"/>"#),
        ("<cvv code='1 2 3' />", "<cvv code='***' />"),
        ("<cvv code=123/>", "<cvv code=***/>"),
        ("<cvv code = 123>", "<cvv code = ***>"),
        ("<cvv value=123 />", "<cvv value=*** />"),
        ("<cvv 123/>", "<cvv ***/>"),
        (r#"<cvv id="123">456</cvv>"#, r#"<cvv id="***">***</cvv>"#),
        (
            r#"<n:cvv xmlns:n="urn:n" xsi:type="s" code="a>b"/>"#,
            r#"<n:cvv xmlns:n="urn:n" xsi:type="s" code="***"/>"#,
        ),
        (
            r#"<pan digits="990422000000" length="12"/>"#,
            r#"<pan digits="990422**0000" length="12"/>"#,
        ),
        (
            r#"<input TYPE="text" Name="cvc" default=123 required>"#,
            r#"<input TYPE="text" Name="cvc" default=*** required>"#,
        ),
        (
            r#"<param name = "card cvc" text="123"/>"#,
            r#"<param name = "card cvc" text="***"/>"#,
        ),
        (r#"<a><cvv code="123"#, r#"<a><cvv code="***"#),
        (r#"<a><cvv code=123 <b>"#, r#"<a><cvv code=*** <b>"#),
        (r#"<cvv code="" other=/>"#, r#"<cvv code="" other=/>"#),
    ] {
        assert_eq!(body(plain.as_bytes()), shown);
        assert_eq!(text(plain), shown);
    }
}

#[test]
fn attributes_of_other_elements_and_sentences_stay() {
    for plain in [
        r#"<card id="c1" brand="visa" code="123"/>"#,
        r#"<cvv/>"#,
        "a <pin is no element",
        r#"<a href="/cards?x=1" code=123>b</a>"#,
    ] {
        assert_eq!(text(plain), plain);
    }
}
