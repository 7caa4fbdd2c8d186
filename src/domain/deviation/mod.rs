//! Deviations: what an instance of standin does otherwise on purpose, so that whoever judges it can be seen to notice. A defect
//! breaks a demand and must be noticed by a check of that demand; a variation is permitted and must not be noticed at all. An
//! instance is built with one of them or, as every one that somebody else talks to, with none; nothing that is asked of it
//! changes that.

pub mod lifecycle;
mod list;

pub use list::Deviation;

/// What a deviation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// It breaks a demand.
    Defect,
    /// It is permitted.
    Variation,
}

impl Kind {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Defect => "defect",
            Self::Variation => "variation",
        }
    }
}

/// Defines the deviations: of each the name, what it does in words, and for a defect the checks of the demand that it breaks.
/// A check stands for all whose ids go on behind a dot.
macro_rules! deviations {
    ($($kind:ident { $($variant:ident $name:literal $text:literal [$($check:literal)*])+ })+) => {
        /// See the module.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Deviation {
            $($($variant,)+)+
        }

        impl Deviation {
            /// Every one, defects first.
            pub const ALL: &'static [Self] = &[$($(Self::$variant,)+)+];

            pub const fn kind(self) -> Kind {
                match self { $($(Self::$variant => Kind::$kind,)+)+ }
            }

            /// By which it is asked for and reported.
            pub const fn name(self) -> &'static str {
                match self { $($(Self::$variant => $name,)+)+ }
            }

            /// What an instance that has it does.
            pub const fn text(self) -> &'static str {
                match self { $($(Self::$variant => $text,)+)+ }
            }

            /// The checks that must notice it. None for what is permitted.
            pub const fn checks(self) -> &'static [&'static str] {
                match self { $($(Self::$variant => &[$($check),*],)+)+ }
            }

            /// The one of a name.
            pub fn find(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.name() == name)
            }
        }
    };
}
use deviations;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_has_a_name_of_its_own_and_only_defects_are_to_be_noticed() {
        let names: BTreeSet<_> = Deviation::ALL.iter().map(|one| one.name()).collect();
        assert_eq!(names.len(), Deviation::ALL.len());
        for one in Deviation::ALL {
            let noticed = !one.checks().is_empty();
            assert_eq!(noticed, one.kind() == Kind::Defect, "{}", one.name());
            assert_eq!(Deviation::find(one.name()), Some(*one));
        }
        let count = |kind| {
            Deviation::ALL
                .iter()
                .filter(|one| one.kind() == kind)
                .count()
        };
        assert!(count(Kind::Defect) >= 80, "{}", count(Kind::Defect));
        assert!(count(Kind::Variation) >= 20, "{}", count(Kind::Variation));
    }
}
