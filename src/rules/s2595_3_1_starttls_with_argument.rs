//! B13: STARTTLS has no argument.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "B13",
    title: "STARTTLS has no argument",
    why: "What stands behind the word is read by some and ignored by others, and two programs that disagree about a line can be played against each other.",
    how: "The client breaks it with an argument, the server by accepting such a line: BAD is due, in POP3 -ERR, and NO will do.",
    blind: "Nothing on this wire.",
    protocols: IPA,
    examples: Examples {
        bad: Session(
            "S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready
             C: a STARTTLS now
             S: a BAD no arguments",
        ),
        good: UPGRADE,
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    match case.side {
        Side::Client => {
            let occasions = leg.commands_of(Verb::StartTls).filter(|(event, _)| case.own(event)).map(
                |(event, command)| {
                    if command.surplus_arguments {
                        broken([event], "The client gave an argument to a command that takes none.")
                    } else {
                        Occasion::Kept(event)
                    }
                },
            );
            each(occasions, "The command stands alone.", "TLS was never asked for.")
        }
        Side::Server => {
            let odd = leg
                .answers()
                .filter(|a| a.is_to(Verb::StartTls) && a.is_to_argument() && a.is_final() && case.own(a.at));
            let occasions = odd.map(|answer| {
                if answer.accepts() {
                    broken(
                        [answer.asked, answer.at],
                        here!(case, "The server accepted STARTTLS with an argument"),
                    )
                } else {
                    Occasion::Kept(answer.at)
                }
            });
            each(occasions, "The server refused the argument.", "No STARTTLS with an argument was answered.")
        }
    }
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "B13"
        Client "C: a STARTTLS now <-- B13 fail"
        Client "C: a STARTTLS <-- B13 pass"
        Client "C: a NOOP
             <-- B13 not-applicable"
        Server "C: a STARTTLS now <-- B13 fail
             S: a OK go <-- B13 fail"
        Server "==POP3==
             C: STLS now
             S: -ERR what <-- B13 pass"
        Server "C: a STARTTLS
             S: a OK go
             <-- B13 not-applicable"
    }
}
