//! UNA28: a session that is logged in takes no second login.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "UNA28",
    title: "A session that is logged in takes no second login",
    why: "Two logins in one session leave it open whose mail is served.",
    how: "The client sends LOGIN or AUTHENTICATE while it is logged in, or the server grants it.",
    blind: "A login before the recording began.",
    protocols: &[Imap],
    examples: Examples {
        bad: Session(
            "==TLS==
             S: * PREAUTH [CAPABILITY IMAP4rev1] ready
             C: a LOGIN bob s3cret
             S: a BAD logged in already",
        ),
        good: RESET_THEN_LOGIN,
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let logins = leg.logins();
    let occasions = logins.filter_map(|(event, _)| {
        let before = case.logged_in(event.id);
        if case.side == Side::Client {
            return case.own(event).then(|| match before {
                Some(login) => broken([login, event], "The client logs in although it is logged in."),
                None => Occasion::Kept(event),
            });
        }
        let (at, reply) = leg.reply_to(event.id).filter(|(at, _)| case.own(at))?;
        Some(match before {
            Some(login) if reply.status == Some(Status::Ok) => {
                broken([login, at], here!(case, "The server granted a second login in the same session"))
            }
            _ => Occasion::Kept(at),
        })
    });
    each(occasions, "There was one login at a time.", "Nobody logged in.")
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "UNA28"
        Client "C: a LOGIN ana x
             S: a OK in <-- UNA28 fail
             C: b LOGIN bob x <-- UNA28 fail"
        Server "S: * PREAUTH hi <-- UNA28 fail
             C: b LOGIN bob x
             S: b OK in <-- UNA28 fail"
        Server "S: * PREAUTH hi
             C: b LOGIN bob x
             S: b BAD no <-- UNA28 pass"
        Client "C: b LOGIN bob x <-- UNA28 pass"
        Client "C: b NOOP
             <-- UNA28 not-applicable"
    }
}
