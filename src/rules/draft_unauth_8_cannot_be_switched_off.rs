//! UNA25: UNAUTHENTICATE can be switched off.

use super::kit::*;
use crate::trace::SetTo;

/// The rule.
pub static RULE: Rule = Rule {
    id: "UNA25",
    title: "UNAUTHENTICATE can be switched off",
    why: "It is a risk that a site must be able to do without.",
    how: "A server that says that it is switched off carries the command out. Where it does not say so, a probe: with the switch off, the capability is not listed and the command is refused.",
    blind: "One session shows one setting.",
    protocols: &[Imap],
    examples: Examples {
        bad: Session(
            "==TLS==
             S: * OK [CAPABILITY IMAP4rev1] ready
             C: a LOGIN ana s3cret
             S: a OK [CAPABILITY IMAP4rev1] welcome
             C: b UNAUTHENTICATE
             N server SetTo(WithoutUnauthenticate)
             S: b OK done",
        ),
        good: Session(
            "==TLS==
             S: * OK [CAPABILITY IMAP4rev1] ready
             C: a LOGIN ana s3cret
             S: a OK [CAPABILITY IMAP4rev1] welcome
             C: b UNAUTHENTICATE
             N server SetTo(WithoutUnauthenticate)
             S: b BAD unknown command",
        ),
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let off = |note| note == Note::SetTo(SetTo::WithoutUnauthenticate);
    let Some(set) = case.leg.note(Side::Server, off) else {
        return Finding::cannot_tell(PROBE);
    };
    let granted = case.resets().find(|answer| answer.accepts() && case.own(answer.at));
    match granted {
        Some(answer) => Finding::fail(
            [set, answer.at],
            here!(case, "The server carried UNAUTHENTICATE out although it is switched off"),
        ),
        None => Finding::pass([set], "Switched off, UNAUTHENTICATE is refused."),
    }
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "UNA25"
        Server "C: a NOOP
             <-- UNA25 cannot-tell"
        Server "==TLS==
             C: a LOGIN ana s3cret
             S: a OK in
             C: b UNAUTHENTICATE
             N server SetTo(WithoutUnauthenticate) <-- UNA25 fail
             S: b OK out <-- UNA25 fail"
        Server "==TLS==
             C: a LOGIN ana s3cret
             S: a OK in
             C: b UNAUTHENTICATE
             N server SetTo(WithoutUnauthenticate) <-- UNA25 pass
             S: b BAD unknown command"
    }
}
