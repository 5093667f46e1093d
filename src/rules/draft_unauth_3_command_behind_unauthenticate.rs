//! UNA08: behind UNAUTHENTICATE nothing but a login goes out before the answer.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "UNA08",
    title: "Behind UNAUTHENTICATE nothing but a login goes out before the answer",
    why: "If the reset is refused, what follows happens in the session of the user before.",
    how: "A command other than AUTHENTICATE or LOGIN between UNAUTHENTICATE and its answer.",
    blind: "Whether a SASL layer is on, which forbids even the login.",
    protocols: &[Imap],
    examples: Examples {
        bad: Session(
            "==TLS==
             S: * PREAUTH [CAPABILITY IMAP4rev1 UNAUTHENTICATE] ready
             C: a UNAUTHENTICATE
             C: b NOOP
             S: a OK done
             S: b OK done",
        ),
        good: Session(
            "==TLS==
             S: * PREAUTH [CAPABILITY IMAP4rev1 UNAUTHENTICATE] ready
             C: a UNAUTHENTICATE
             S: a OK done
             C: b NOOP
             S: b OK done",
        ),
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let sent = case.asks_for_reset().filter(|(event, _)| case.own(event));
    let occasions = sent.map(|(event, _)| {
        let end = leg.reply_to(event.id).map(|(at, _)| at.id);
        let before_end = |(at, _): &(&Event, _)| end.is_none_or(|end| at.id < end);
        let mut waiting = leg.commands_behind(event.id).take_while(before_end);
        let early = waiting.find(|(at, command)| {
            let login = matches!(command.verb, Verb::Login | Verb::Authenticate);
            case.saw(at, !login, "it is no login", "it is a login")
        });
        match early {
            Some((at, _)) => {
                broken([event, at], "The client sent another command before UNAUTHENTICATE was answered.")
            }
            None => Occasion::Kept(event),
        }
    });
    each(occasions, "The client waited, or sent a login only.", "UNAUTHENTICATE was not used.")
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "UNA08"
        Client "C: a UNAUTHENTICATE <-- UNA08 fail
             C: b NOOP <-- UNA08 fail
             S: a OK done"
        Client "C: a UNAUTHENTICATE <-- UNA08 pass
             C: b AUTHENTICATE EXTERNAL =
             S: a OK done"
        Client "C: b NOOP
             <-- UNA08 not-applicable"
    }
}
