//! UNA25: UNAUTHENTICATE can be switched off.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "UNA25",
    title: "UNAUTHENTICATE can be switched off",
    why: "It is a risk that a site must be able to do without.",
    how: "A probe: with the switch off, the capability is not listed and the command is refused.",
    blind: "One session shows one setting.",
    protocols: &[Imap],
    examples: Examples {
        bad: Nobody("Every server here can switch UNAUTHENTICATE off."),
        good: Run("imap client=private server=strict"),
        implies: &[],
    },
    check,
};

fn check(_: &Case<'_>) -> Finding {
    Finding::cannot_tell(PROBE)
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "UNA25"
        Server "C: a NOOP
             <-- UNA25 cannot-tell"
    }
}
