//! S-8314-oracle: a refused password gets the same answer, right or wrong.

use super::kit::*;
use crate::trace::Answer;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-8314-oracle",
    title: "A refused password gets the same answer, right or wrong",
    why: "An answer that differs tells everybody on the wire whether the password that they just read is worth something.",
    how: "Two logins outside TLS with different secrets, both refused by a server that takes none there: apart from the tag, their answers are the same.",
    blind: "One attempt proves nothing, and neither do two with the same secret. The time that an answer took.",
    protocols: &[Imap, Pop3],
    examples: Examples {
        bad: Session(
            "==POP3==
             P server ClearTextRefused
             S: +OK ready
             C: USER ana
             S: +OK
             C: PASS wrong
             S: -ERR [AUTH] wrong password
             C: USER ana
             S: +OK
             C: PASS s3cret
             S: -ERR [SYS/PERM] not without TLS",
        ),
        good: Session(
            "==POP3==
             P server ClearTextRefused
             S: +OK ready
             C: CAPA
             S: +OK
             S: STLS
             S: .",
        ),
        implies: &["S-8314-minconf"],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let refused = |a: &Answer<'_>| {
        a.in_clear()
            && a.refuses()
            && a.is_to_password()
            && leg.secret_of(a.asked.id).is_some()
            && case.own(a.at)
    };
    let mut attempts = leg.answers().filter(refused);
    let Some(first) = attempts.next() else {
        return Finding::not_applicable("No password was refused outside TLS.");
    };
    if !refuses_all(case, &first) {
        return Finding::not_applicable("Nothing shows that the server refuses all passwords outside TLS.");
    }
    let mut others = attempts.filter(|a| leg.secret(a.asked.id) != leg.secret(first.asked.id)).peekable();
    if others.peek().is_none() {
        return Finding::cannot_tell("How the server answers another password: try a right and a wrong one.");
    }
    match others.find(|other| leg.said(other.at) != leg.said(first.at)) {
        Some(other) => Finding::fail(
            [first.at, other.at],
            here!(case, "The server refuses all passwords outside TLS and answers them differently"),
        ),
        None => Finding::pass([first.at], "The answers are the same."),
    }
}

/// It is set so, or lists LOGINDISABLED.
fn refuses_all(case: &Case<'_>, first: &Answer<'_>) -> bool {
    let listed =
        case.leg.list_before(first.asked.id, Layer::Clear).is_some_and(|(_, list)| list.login_disabled());
    listed || case.is_set_to(Policy::ClearTextRefused)
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-8314-oracle"
        Server "S: * CAPABILITY LOGINDISABLED
             C: a LOGIN ana x
             S: a NO [AUTHENTICATIONFAILED] no <-- S-8314-oracle fail
             C: b LOGIN ana y
             S: b NO [PRIVACYREQUIRED] no <-- S-8314-oracle fail"
        Server "S: * CAPABILITY LOGINDISABLED
             C: a LOGIN ana x
             S: a NO no <-- S-8314-oracle pass
             C: b LOGIN ana y
             S: b NO no"
        Server "S: * CAPABILITY LOGINDISABLED
             C: a LOGIN ana x
             S: a NO no
             <-- S-8314-oracle cannot-tell"
        Server "C: a LOGIN ana x
             S: a NO no
             <-- S-8314-oracle not-applicable"
    }
}
