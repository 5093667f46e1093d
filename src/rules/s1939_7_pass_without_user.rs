//! S-1939-pass: PASS comes right behind a USER that was accepted.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-1939-pass",
    title: "PASS comes right behind a USER that was accepted",
    why: "A name that somebody else sent in front of TLS, and a password that is sent behind it, make a login that nobody asked for.",
    how: "PASS is right when the command before it was USER and was answered with +OK; STLS between the two parts them. The client breaks it by sending PASS, the server by accepting it.",
    blind: "What was said before the recording began.",
    protocols: &[Pop3],
    examples: Examples {
        bad: Session(
            "==POP3==
             ==TLS==
             S: +OK ready
             C: PASS s3cret
             S: -ERR who are you",
        ),
        good: USER_THEN_PASS,
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let mut before: Option<(&Event, Verb)> = None;
    let occasions = leg.commands().filter_map(move |(event, command)| {
        let previous = before.replace((event, command.verb));
        if !case.saw(event, command.verb == Verb::Pass, "it is PASS", "it is not PASS") {
            return None;
        }
        let named = match previous {
            // Sent before its time, or before the recording began: nobody can tell.
            None if leg.of(Class::Greeting).next().is_none() => {
                return Some(Occasion::Open(
                    "The command before PASS: record the session from its greeting.",
                ));
            }
            Some((user, Verb::User)) => {
                leg.reply_to(user.id).is_none_or(|(_, reply)| reply.status == Some(Status::Ok))
            }
            _ => false,
        };
        match case.side {
            Side::Client if named => Some(Occasion::Kept(event)),
            Side::Client => Some(broken(
                [event],
                "The client sent PASS without a USER that was accepted right before it.",
            )),
            Side::Server => {
                let (at, reply) = leg.reply_to(event.id).filter(|(at, _)| case.own(at))?;
                Some(if named || reply.status != Some(Status::Ok) {
                    Occasion::Kept(at)
                } else {
                    broken(
                        [event, at],
                        here!(case, "The server accepted PASS without a USER right before it"),
                    )
                })
            }
        }
    });
    each(occasions, "PASS stands behind its USER.", "No PASS was sent, or none was answered.")
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-1939-pass"
        Client "==POP3==
             S: +OK
             C: USER ana
             S: +OK
             C: STLS
             S: +OK
             ==TLS==
             C: PASS x <-- S-1939-pass fail"
        Server "==POP3==
             S: +OK
             C: USER ana
             S: +OK
             C: STLS
             S: +OK
             ==TLS==
             C: PASS x <-- S-1939-pass fail
             S: +OK in <-- S-1939-pass fail"
        Client "==POP3==
             S: +OK
             C: USER ana
             S: +OK
             C: PASS x <-- S-1939-pass pass
             S: +OK"
        Server "==POP3==
             S: +OK
             C: PASS x
             S: -ERR who <-- S-1939-pass pass"
        Client "==POP3==
             C: PASS x
             <-- S-1939-pass cannot-tell"
        Client "==POP3==
             C: STAT
             <-- S-1939-pass not-applicable"
    }
}
