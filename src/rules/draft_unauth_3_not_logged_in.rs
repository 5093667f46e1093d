//! UNA02: UNAUTHENTICATE belongs to a session that is logged in.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "UNA02",
    title: "UNAUTHENTICATE belongs to a session that is logged in",
    why: "A reset that nobody can need is a sign that the two sides do not agree about whose session it is.",
    how: "The client sends it while nobody is logged in, or the server accepts it then; BAD is due.",
    blind: "A login before the recording began.",
    protocols: &[Imap],
    examples: Examples {
        bad: Session(
            "==TLS==
             S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready
             C: a UNAUTHENTICATE
             S: a BAD nobody is logged in",
        ),
        good: RESET,
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let from_the_start = leg.of(Class::Greeting).next().is_some() || leg.upgraded().is_some();
    let sent = case.asks_for_reset();
    let occasions = sent.filter_map(|(event, _)| {
        let logged_in = case.logged_in(event.id).is_some();
        if !logged_in && !from_the_start {
            return Some(Occasion::Open(
                "Whether somebody had logged in before: record the session from its greeting.",
            ));
        }
        if case.side == Side::Client {
            return case.own(event).then(|| match logged_in {
                true => Occasion::Kept(event),
                false => broken([event], "The client sent UNAUTHENTICATE while nobody was logged in."),
            });
        }
        let (at, reply) = leg.reply_to(event.id).filter(|(at, _)| case.own(at))?;
        Some(match reply.status {
            Some(Status::Ok) if !logged_in => broken(
                [event, at],
                here!(case, "The server accepted UNAUTHENTICATE while nobody was logged in"),
            ),
            _ => Occasion::Kept(at),
        })
    });
    each(occasions, "It came where it belongs, or was refused.", "UNAUTHENTICATE was not used.")
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "UNA02"
        Client "S: * OK hi
             C: a UNAUTHENTICATE <-- UNA02 fail"
        Server "S: * OK hi
             C: a UNAUTHENTICATE <-- UNA02 fail
             S: a OK done <-- UNA02 fail"
        Server "S: * OK hi
             C: a UNAUTHENTICATE
             S: a BAD no <-- UNA02 pass"
        Client "S: * PREAUTH hi
             C: a UNAUTHENTICATE <-- UNA02 pass"
        Client "C: a UNAUTHENTICATE
             <-- UNA02 cannot-tell"
        Client "C: a NOOP
             <-- UNA02 not-applicable"
    }
}
