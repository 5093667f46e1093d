//! S-9051-enum: a failed login does not say what was wrong.

use super::kit::*;
use crate::trace::Answer;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-9051-enum",
    title: "A failed login does not say what was wrong",
    why: "An answer that differs for a name that does not exist lets somebody find out which names do.",
    how: "Two logins that failed, inside TLS or where passwords are taken: apart from the tag, their answers are the same. Refusals that come before the credentials are looked at do not count.",
    blind: "Why a login failed: two answers that differ may have had another cause. The time that an answer took.",
    protocols: &[Imap],
    examples: Examples {
        bad: Session(
            "==TLS==
             S: * OK [CAPABILITY IMAP4rev1] ready
             C: a LOGIN ana wrong
             S: a NO [AUTHENTICATIONFAILED] wrong password
             C: b LOGIN nobody wrong
             S: b NO [AUTHENTICATIONFAILED] no such user",
        ),
        good: Session(
            "==TLS==
             S: * OK [CAPABILITY IMAP4rev1] ready
             C: a LOGIN ana wrong
             S: a NO [AUTHENTICATIONFAILED] that did not work
             C: b LOGIN nobody wrong
             S: b NO [AUTHENTICATIONFAILED] that did not work",
        ),
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let failed = |a: &Answer<'_>| {
        let code = leg.code(a.at, a.reply).unwrap_or_default();
        case.saw(a.at, a.reply.status == Some(Status::No), "it is answered NO", "it is not answered NO")
            && a.is_to_login()
            && (code.is_empty() || code.eq_ignore_ascii_case(b"AUTHENTICATIONFAILED"))
            && leg.secret_of(a.asked.id).is_some()
            && (case.inside(a.asked) || case.is_set_to(Policy::ClearTextAccepted))
            && case.own(a.at)
    };
    let mut failures = leg.answers().filter(failed);
    let Some(first) = failures.next() else {
        return Finding::not_applicable("No login failed inside TLS.");
    };
    let mut others = failures.filter(|other| other.command.name == first.command.name).peekable();
    if others.peek().is_none() {
        return Finding::cannot_tell(
            "How the server answers another failure: try a name that does not exist.",
        );
    }
    match others.find(|other| leg.said(other.at) != leg.said(first.at)) {
        Some(other) => {
            Finding::fail([first.at, other.at], here!(case, "The server answers failed logins differently"))
        }
        None => Finding::pass([first.at], "The answers are the same."),
    }
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-9051-enum"
        Server "==TLS==
             C: a LOGIN ana x
             S: a NO wrong password <-- S-9051-enum fail
             C: b LOGIN bob x
             S: b NO no such user <-- S-9051-enum fail"
        Server "==TLS==
             C: a LOGIN ana x
             S: a NO no <-- S-9051-enum pass
             C: b LOGIN bob x
             S: b NO no"
        Server "==TLS==
             C: a LOGIN ana x
             S: a NO no
             <-- S-9051-enum cannot-tell"
        Server "C: a NOOP
             <-- S-9051-enum not-applicable"
    }
}
