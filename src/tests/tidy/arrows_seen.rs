//! That the check of the arrows sees what points up, and lets through what points down.

use super::arrows::violations;

#[test]
fn a_planted_violation_is_caught() {
    let rows = [
        (
            "src/domain/card.rs",
            "use crate::store::Store;",
            "`domain` may not use `store`",
        ),
        (
            "src/domain/card.rs",
            "use crate::{\n  crypto::mac,\n  wire::{cmp, calm},\n};",
            "`wire`",
        ),
        (
            "src/domain/card.rs",
            "fn f() { crate::clock::now() }",
            "`clock`",
        ),
        (
            "src/domain/card.rs",
            "use super::super::operations::Space;",
            "`operations`",
        ),
        (
            "src/wire/cmp/routes.rs",
            "use super::super::super::store::Store;",
            "`store`",
        ),
        ("src/crypto/mac.rs", "use crate::seed::Seed;", "`seed`"),
        (
            "src/conformance/mod.rs",
            "use crate::domain::card::Pan;",
            "`domain`",
        ),
        (
            "src/main.rs",
            "use standin::server::serve;",
            "`main` may not use `server`",
        ),
        ("src/magic.rs", "", "`magic` has no row"),
        ("src/magic/mod.rs", "", "`magic` has no row"),
        (
            "src/domain/mod.rs",
            "pub use crate::crypto::mac;",
            "re-exports",
        ),
    ];
    for (path, text, want) in rows {
        let wrong = violations(path, text).join("\n");
        assert!(wrong.contains(want), "{path}: {text}: got {wrong:?}");
    }
}

#[test]
fn what_points_down_is_let_through() {
    let fine = [
        (
            "src/domain/card.rs",
            "use crate::{crypto::mac, domain::id, limits::A, seed::Seed};",
        ),
        (
            "src/domain/card.rs",
            "/// [`crate::store::Store`]\n// crate::wire",
        ),
        (
            "src/domain/card.rs",
            "mod tests { use super::super::id::CardId; use super::*; }",
        ),
        (
            "src/operations/mod.rs",
            "pub use crate::operations::space::Space;",
        ),
        ("src/tests/x.rs", "use standin::wire::cmp;"),
        ("src/lib.rs", "pub mod wire;"),
    ];
    for (path, text) in fine {
        assert_eq!(violations(path, text), Vec::<String>::new());
    }
}
