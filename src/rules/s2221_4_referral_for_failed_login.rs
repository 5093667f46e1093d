//! S-2221-limit: a login that failed is not sent elsewhere.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-2221-limit",
    title: "A login that failed is not sent elsewhere",
    why: "Whoever can answer in the clear can send the client, and its password, to a server of his own.",
    how: "A response code REFERRAL in a NO to LOGIN or AUTHENTICATE tells where the user's mail is; together with a failed authentication it tells somebody who has not shown who he is. It is judged where the server also says that the authentication failed.",
    blind: "Referrals that a client follows one after the other take several connections to count.",
    protocols: &[Imap],
    examples: Examples {
        bad: Session(
            "==TLS==
             S: * OK [CAPABILITY IMAP4rev1 LOGIN-REFERRALS] ready
             C: a LOGIN ana wrong
             S: * NO [AUTHENTICATIONFAILED] that did not work
             S: a NO [REFERRAL imap://ana@other.example.test/] try there",
        ),
        good: Session(
            "==TLS==
             S: * OK [CAPABILITY IMAP4rev1 LOGIN-REFERRALS] ready
             C: a LOGIN ana s3cret
             S: a OK [REFERRAL imap://ana@other.example.test/] welcome",
        ),
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let begins = |code: Option<&[u8]>, word: &[u8]| {
        code.is_some_and(|code| code.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word)))
    };
    let failed = leg.of(Class::Untagged).find(|at| {
        matches!(&at.kind, EventKind::Reply(reply) if begins(leg.code(at, reply), b"AUTHENTICATIONFAILED"))
            && case.own(at)
    });
    let referred = leg.answers().filter(|a| {
        a.is_final() && a.is_to_login() && begins(leg.code(a.at, a.reply), b"REFERRAL") && case.own(a.at)
    });
    let occasions = referred.map(|answer| match failed.filter(|_| answer.refuses()) {
        Some(said) => {
            broken([said, answer.at], here!(case, "The server refers a login that failed to another server"))
        }
        None => Occasion::Kept(answer.at),
    });
    each(occasions, "The referral belongs to no failed login.", "The server referred no login elsewhere.")
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-2221-limit"
        Server "C: a LOGIN ana wrong
             S: * NO [AUTHENTICATIONFAILED] no <-- S-2221-limit fail
             S: a NO [REFERRAL imap://x/] there <-- S-2221-limit fail"
        Server "C: a LOGIN ana wrong
             S: a NO [REFERRAL imap://x/] there <-- S-2221-limit pass"
        Server "C: a LOGIN ana wrong
             S: a NO no
             <-- S-2221-limit not-applicable"
    }
}
