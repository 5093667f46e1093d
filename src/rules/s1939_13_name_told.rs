//! S-1939-names: the answer to USER does not tell whether the name exists.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-1939-names",
    title: "The answer to USER does not tell whether the name exists",
    why: "An answer that differs for a name that does not exist lets somebody find out which names do.",
    how: "Two USER commands, inside TLS or where passwords are taken, of which one is answered +OK and the other -ERR. A refusal with a code in brackets gives another reason and does not count.",
    blind: "Why a name was refused: the mailbox of an existing one may not permit passwords. Whether PASS tells it.",
    protocols: &[Pop3],
    examples: Examples {
        bad: Session(
            "==POP3==
             ==TLS==
             S: +OK ready
             C: USER nobody
             S: -ERR no such user
             C: USER ana
             S: +OK and the password",
        ),
        good: Session(
            "==POP3==
             ==TLS==
             S: +OK ready
             C: USER nobody
             S: +OK and the password
             C: USER ana
             S: +OK and the password",
        ),
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let mut named = leg.answers().filter(|a| {
        a.is_to(Verb::User)
            && case.logged_in(a.asked.id).is_none()
            && case.saw(a.at, a.reply.code.is_none(), "it gives no other reason", "it gives another reason")
            && (case.inside(a.asked) || case.is_set_to(Policy::ClearTextAccepted))
            && case.own(a.at)
    });
    let Some(first) = named.next() else {
        return Finding::not_applicable("No name was given where it would have been looked at.");
    };
    let mut others = named.peekable();
    if others.peek().is_none() {
        return Finding::cannot_tell("How the server answers another name: try one that does not exist.");
    }
    match others.find(|other| other.reply.status != first.reply.status) {
        Some(other) => {
            Finding::fail([first.at, other.at], here!(case, "The server takes one name and refuses another"))
        }
        None => Finding::pass([first.at], "The server answers all names alike."),
    }
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-1939-names"
        Server "==POP3==
             ==TLS==
             C: USER nobody
             S: -ERR no such user <-- S-1939-names fail
             C: USER ana
             S: +OK and the password <-- S-1939-names fail"
        Server "==POP3==
             ==TLS==
             C: USER nobody
             S: +OK and the password <-- S-1939-names pass
             C: USER ana
             S: +OK and the password"
        Server "==POP3==
             ==TLS==
             C: USER ana
             S: +OK and the password
             <-- S-1939-names cannot-tell"
        Server "==POP3==
             C: USER ana
             S: +OK and the password
             <-- S-1939-names not-applicable"
    }
}
