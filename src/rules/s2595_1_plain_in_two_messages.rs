//! B42: PLAIN is one message.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "B42",
    title: "PLAIN is one message",
    why: "A client that answers a second challenge tells somebody a second secret; a server that asks twice is perhaps none.",
    how: "The client's messages in an exchange of PLAIN, and the server's invitations to send one.",
    blind: "What the server's challenge says.",
    protocols: IPA,
    examples: Examples {
        bad: Session(
            "==TLS==
             S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
             C: a AUTHENTICATE PLAIN AGFuYQBzM2NyZXQ=
             S: +
             C: czNjcmV0
             S: a NO wrong",
        ),
        good: PLAIN_INSIDE,
        implies: &["S-4616", "B26"],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let plain = leg.commands_of(Verb::Authenticate).filter(|(event, command)| {
        let plain = command.mechanism.as_deref() == Some("PLAIN");
        case.saw(event, plain, "its mechanism is PLAIN", "its mechanism is another than PLAIN")
    });
    let occasions = plain.filter_map(|(event, command)| {
        // The lines of an exchange stand behind its command, and no other exchange in between.
        let mine = move |at: &&Event| matches!(&at.kind, EventKind::AuthStep { command, .. } if *command == event.id);
        let sent = |at: &&Event| matches!(&at.kind, EventKind::AuthStep { cancel: false, .. });
        let steps = leg.behind(Class::AuthStep, event.id).take_while(mine).filter(sent);
        let end = leg.reply_to(event.id).map(|(at, _)| at.id);
        let replies = leg.behind(Class::Reply, event.id).take_while(move |at| end.is_none_or(|end| at.id < end));
        let asks = replies.filter(move |at| {
            matches!(&at.kind, EventKind::Reply(reply) if reply.form == Form::Continue && reply.to == Some(event.id))
        });
        let spare = usize::from(!command.initial_response);
        match case.side {
            Side::Client => match steps.clone().nth(spare) {
                Some(second) => Some(broken([event, second], "The client sent a second message of PLAIN.")),
                None if command.initial_response => Some(Occasion::Kept(event)),
                None => {
                    let first = steps.clone().next();
                    case.saw(event, first.is_some(), "its message was sent", "its message was not sent");
                    first.map(Occasion::Kept)
                }
            },
            Side::Server => match asks.filter(|at| case.own(at)).nth(spare) {
                // A program may write a line twice into its log.
                Some(_) if !leg.trace().carries().every_octet => None,
                Some(second) => Some(broken(
                    [event, second],
                    here!(case, "The server asked for more than the one message of PLAIN"),
                )),
                None => leg.reply_to(event.id).map(|(at, _)| Occasion::Kept(at)),
            },
        }
    });
    each(occasions, "The exchange had one message.", "PLAIN was not used to its end.")
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "B42"
        Client "C: a AUTHENTICATE PLAIN AGFuYQBzM2NyZXQ= <-- B42 fail
             S: +
             C: czNjcmV0 <-- B42 fail"
        Server "C: a AUTHENTICATE PLAIN AGFuYQBzM2NyZXQ= <-- B42 fail
             S: + <-- B42 fail
             C: czNjcmV0"
        Client "C: a AUTHENTICATE PLAIN
             S: +
             C: AGFuYQBzM2NyZXQ= <-- B42 pass
             S: a OK"
        Server "C: a AUTHENTICATE PLAIN
             S: +
             C: AGFuYQBzM2NyZXQ=
             S: a OK <-- B42 pass"
        Client "C: a NOOP
             <-- B42 not-applicable"
    }
}
