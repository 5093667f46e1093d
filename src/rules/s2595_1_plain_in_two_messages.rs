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
        good: Session(
            "==TLS==
             S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
             C: a AUTHENTICATE PLAIN AGFuYQBzM2NyZXQ=
             S: a OK welcome",
        ),
        implies: &["S-4616", "B26"],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let plain = leg
        .commands_of(Verb::Authenticate)
        .filter(|(_, command)| command.mechanism.as_deref() == Some("PLAIN"));
    let occasions = plain.filter_map(|(event, command)| {
        let steps = leg.of(Class::AuthStep).filter(move |at| {
            matches!(&at.kind, EventKind::AuthStep { command, cancel: false, .. } if *command == event.id)
        });
        let asks = leg
            .replies()
            .filter(move |(_, reply)| reply.form == Form::Continue && reply.to == Some(event.id));
        let spare = usize::from(!command.initial_response);
        match case.side {
            Side::Client => match steps.clone().nth(spare) {
                Some(second) => Some(broken([event, second], "The client sent a second message of PLAIN.")),
                None if command.initial_response => Some(Occasion::Kept(event)),
                None => steps.clone().next().map(Occasion::Kept),
            },
            Side::Server => match asks.map(|(at, _)| at).filter(|at| case.own(at)).nth(spare) {
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
