//! UNA09: UNAUTHENTICATE is not answered with NO.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "UNA09",
    title: "UNAUTHENTICATE is not answered with NO",
    why: "A client that sent a login behind it must be able to count on the reset.",
    how: "The answer to UNAUTHENTICATE.",
    blind: "Nothing on this wire.",
    protocols: &[Imap],
    examples: Examples {
        bad: Session(
            "==TLS==
             S: * PREAUTH [CAPABILITY IMAP4rev1 UNAUTHENTICATE] ready
             C: a UNAUTHENTICATE
             S: a NO not now",
        ),
        good: RESET,
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let answers = case.resets().filter(|a| case.own(a.at));
    let occasions = answers.map(|answer| match answer.reply.status {
        Some(Status::No) => broken([answer.at], here!(case, "The server answered NO to UNAUTHENTICATE")),
        _ => Occasion::Kept(answer.at),
    });
    each(occasions, "The answer is not NO.", "UNAUTHENTICATE was not answered.")
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "UNA09"
        Server "C: a UNAUTHENTICATE
             S: a NO x <-- UNA09 fail"
        Server "C: a UNAUTHENTICATE
             S: a OK x <-- UNA09 pass"
        Server "C: a NOOP
             <-- UNA09 not-applicable"
    }
}
