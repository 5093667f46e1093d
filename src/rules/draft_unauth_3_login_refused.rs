//! UNA07: behind UNAUTHENTICATE a new login may begin.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "UNA07",
    title: "Behind UNAUTHENTICATE a new login may begin",
    why: "Changing users is what the command is for.",
    how: "BAD to a LOGIN or AUTHENTICATE behind an UNAUTHENTICATE that was granted.",
    blind: "A line that was badly written gets BAD too.",
    protocols: &[Imap],
    examples: Examples {
        bad: Session(
            "==TLS==
             S: * PREAUTH [CAPABILITY IMAP4rev1 UNAUTHENTICATE] ready
             C: a UNAUTHENTICATE
             S: a OK done
             C: b LOGIN bob s3cret
             S: b BAD you are logged in",
        ),
        good: RESET_THEN_LOGIN,
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let logins = case.leg.answers().filter(|a| {
        a.is_final() && matches!(a.command.verb, Verb::Login | Verb::Authenticate) && case.own(a.at)
    });
    let occasions = logins.filter_map(|answer| {
        let left = case.logged_out(answer.at.id)?;
        Some(match answer.reply.status {
            Some(Status::Bad) => {
                broken([left, answer.at], here!(case, "The server takes no new login behind UNAUTHENTICATE"))
            }
            _ => Occasion::Kept(answer.at),
        })
    });
    each(occasions, "The server took up the new login.", "No login followed UNAUTHENTICATE.")
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "UNA07"
        Server "S: * PREAUTH hi
             C: a UNAUTHENTICATE
             S: a OK done <-- UNA07 fail
             C: b LOGIN ana x
             S: b BAD no <-- UNA07 fail"
        Server "S: * PREAUTH hi
             C: a UNAUTHENTICATE
             S: a OK done
             C: b LOGIN ana x
             S: b NO no <-- UNA07 pass"
        Server "S: * PREAUTH hi
             C: b LOGIN ana x
             S: b NO no
             <-- UNA07 not-applicable"
    }
}
