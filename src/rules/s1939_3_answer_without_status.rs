//! S-1939-status: an answer begins with +OK or -ERR.

use super::kit::*;
use crate::trace::Problem;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-1939-status",
    title: "An answer begins with +OK or -ERR",
    why: "A client that takes anything else for an answer can be told whatever somebody likes.",
    how: "The server's lines that are no part of a longer answer. A plus alone asks for a message of an exchange.",
    blind: "Lines that a program did not write into its log.",
    protocols: &[Pop3],
    examples: Examples {
        bad: Session(
            "==POP3==
             S: +OK ready
             C: NOOP
             S: ok",
        ),
        good: NOOP_ANSWERED,
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    if !case.leg.trace().carries().every_octet {
        return Finding::cannot_tell(
            "The server's lines as they were: a program's log may hold others between them.",
        );
    }
    let lost = case.order_lost().map(|at| at.id);
    let wrong = case.leg.of(Class::Malformed).find(|at| {
        matches!(at.kind, EventKind::Malformed(Problem::NoResponse))
            && at.from == Side::Server
            && case.own(at)
            && lost.is_none_or(|lost| at.id < lost)
    });
    if let Some(at) = wrong {
        return Finding::fail([at], here!(case, "The server's line begins with neither +OK nor -ERR"));
    }
    let answers = case.leg.replies().filter(|(at, _)| case.own(at)).map(|(at, _)| Occasion::Kept(at));
    each(answers, "The server's answers begin as they have to.", "The server answered nothing.")
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-1939-status"
        Server "==POP3==
             S: +OK
             C: NOOP
             S: +ok <-- S-1939-status fail"
        Server "==POP3==
             C: NOOP
             S: +OK <-- S-1939-status pass"
        Server "==POP3==
             C: NOOP
             <-- S-1939-status not-applicable"
    }
}
