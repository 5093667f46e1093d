//! S-9051-nocheck: where LOGINDISABLED is listed, no password is looked at.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-9051-nocheck",
    title: "Where LOGINDISABLED is listed, no password is looked at",
    why: "A refusal that depends on the password tells everybody on the wire whether it was right.",
    how: "The answer to a LOGIN where the server's newest list has LOGINDISABLED: a response code AUTHENTICATIONFAILED or EXPIRED says that the credentials were looked at.",
    blind: "A server that looks and says nothing; the time that an answer took.",
    protocols: &[Imap],
    examples: Examples {
        bad: Session(
            "S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready
             C: a LOGIN ana s3cret
             S: a NO [AUTHENTICATIONFAILED] wrong password",
        ),
        good: Session(
            "==TLS==
             S: * OK [CAPABILITY IMAP4rev1] ready
             C: a LOGIN ana wrong
             S: a NO [AUTHENTICATIONFAILED] wrong",
        ),
        implies: &["A16", "S-8314-minconf", "S-9051-login"],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let refused = leg.answers().filter(|a| a.is_to(Verb::Login) && a.refuses() && case.own(a.at));
    let occasions = refused.filter_map(|answer| {
        let (at, list) =
            leg.list_before(answer.asked.id, answer.asked.layer).filter(|(at, _)| case.own(at))?;
        case.forbids_login(at, list).then_some(())?;
        let code = leg.code(answer.at, answer.reply).unwrap_or_default();
        let looked =
            [&b"AUTHENTICATIONFAILED"[..], b"EXPIRED"].iter().any(|said| code.eq_ignore_ascii_case(said));
        Some(if looked {
            broken(
                [at, answer.at],
                here!(case, "The server lists LOGINDISABLED and says that it looked at the credentials"),
            )
        } else {
            Occasion::Kept(answer.at)
        })
    });
    each(
        occasions,
        "The refusal says nothing about the credentials.",
        "No LOGIN was refused where LOGINDISABLED is listed.",
    )
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-9051-nocheck"
        Server "S: * CAPABILITY LOGINDISABLED <-- S-9051-nocheck fail
             C: a LOGIN ana x
             S: a NO [AUTHENTICATIONFAILED] x <-- S-9051-nocheck fail"
        Server "S: * CAPABILITY LOGINDISABLED
             C: a LOGIN ana x
             S: a NO [PRIVACYREQUIRED] x <-- S-9051-nocheck pass"
        Server "C: a LOGIN ana x
             S: a NO x
             <-- S-9051-nocheck not-applicable"
    }
}
