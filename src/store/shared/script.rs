//! The scripts, each with the part that all of them begin with.

use std::sync::LazyLock;

use redis::Cmd;

/// A script and the name under which the engine keeps it.
pub(super) struct Script {
    text: String,
    hash: String,
}

impl Script {
    /// Where the engine has no memory left, a script is refused before it begins, so that nothing of it is half done; but not
    /// one that gives memory back.
    fn new(frees: bool, text: &str) -> Self {
        let flags = if frees { " flags=allow-oom" } else { "" };
        let text = format!("#!lua{flags}\n{text}");
        let hash = redis::Script::new(&text).get_hash().to_owned();
        Self { text, hash }
    }

    /// The command that runs it: by its name, or with its text where the engine does not know it yet.
    pub(super) fn command(&self, known: bool, keys: &[String], args: &[Vec<u8>]) -> Cmd {
        let (word, script) = if known {
            ("EVALSHA", &self.hash)
        } else {
            ("EVAL", &self.text)
        };
        let mut command = redis::cmd(word);
        command.arg(script).arg(keys.len());
        for key in keys {
            command.arg(key);
        }
        for arg in args {
            command.arg(arg);
        }
        command
    }
}

macro_rules! scripts {
    ($($name:ident, $frees:literal = $($file:literal)+;)*) => {
        $(pub(super) static $name: LazyLock<Script> =
            LazyLock::new(|| Script::new($frees, &[$(include_str!($file)),+].concat()));)*
    };
}

scripts! {
    COMMIT, false = "scripts/prelude.lua" "scripts/commit.lua";
    LEASE, false = "scripts/prelude.lua" "scripts/lease.lua";
    LEAVE, true = "scripts/prelude.lua" "scripts/leave.lua";
    LATER, true = "scripts/prelude.lua" "scripts/later.lua";
    REPLAY, false = "scripts/prelude.lua" "scripts/replay.lua";
    ENDPOINTS, true = "scripts/prelude.lua" "scripts/endpoints.lua";
    TAKE_OVER, true = "scripts/prelude.lua" "scripts/take_over.lua";
    SET, false = "scripts/prelude.lua" "scripts/set.lua";
    BEGIN, false = "scripts/prelude.lua" "scripts/begin.lua";
    RETIRE, true = "scripts/prelude.lua" "scripts/retire.lua";
    CLAIM, false = "scripts/claim.lua";
    SWITCH, true = "scripts/switch.lua";
    HOLD, true = "scripts/hold.lua";
}
