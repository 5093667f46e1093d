//! S-7888-both: LITERAL+ and LITERAL- are not listed together.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-7888-both",
    title: "LITERAL+ and LITERAL- are not listed together",
    why: "They say different things about the same line, and a client cannot obey both.",
    how: "The server's lists.",
    blind: "What arrived may differ from what the server sent, in a recording of one wire.",
    protocols: &[Imap],
    examples: Examples {
        bad: Session("S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED LITERAL+ LITERAL-] ready"),
        good: Session("S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED LITERAL-] ready"),
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let occasions = case.leg.lists().filter(|(at, _)| case.own(at)).map(|(at, list)| {
        if list.has("LITERAL+") && list.has("LITERAL-") {
            broken([at], here!(case, "The server lists LITERAL+ and LITERAL-"))
        } else {
            Occasion::Kept(at)
        }
    });
    each(occasions, "The server lists one of them at the most.", "The server listed nothing.")
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-7888-both"
        Server "S: * CAPABILITY IMAP4rev1 LITERAL+ LITERAL- <-- S-7888-both fail"
        Server "S: * CAPABILITY IMAP4rev1 LITERAL+ <-- S-7888-both pass"
        Server "S: * OK hi
             <-- S-7888-both not-applicable"
    }
}
