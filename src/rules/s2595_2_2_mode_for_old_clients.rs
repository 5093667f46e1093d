//! A03: a server has a mode for clients without TLS.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "A03",
    title: "A server has a mode for clients without TLS",
    why: "In 1999 most clients had no TLS, and a server without such a mode served none of them.",
    how: "A login outside TLS that the server grants shows the mode. Today's documents want it gone, and nobody is measured by it.",
    blind: "Modes that the server was not in.",
    protocols: IPA,
    examples: Examples {
        bad: Nobody("Every server here can be set to let old clients in."),
        good: Probe("imap server=strict"),
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let login = case.leg.answers().find(|a| {
        a.in_clear() && a.accepts() && a.is_to_login() && a.command.verb != Verb::User && case.own(a.at)
    });
    match login {
        Some(answer) => {
            Finding::pass([answer.asked, answer.at], "The server let somebody log in without TLS.")
        }
        None => Finding::cannot_tell(PROBE),
    }
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "A03"
        Server "C: a LOGIN ana x <-- A03 pass
             S: a OK in <-- A03 pass"
        Server "C: a NOOP
             <-- A03 cannot-tell"
    }
}
