//! S-1939: what is unknown or out of place gets -ERR.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-1939",
    title: "What is unknown or out of place gets -ERR",
    why: "A server that says yes to what it does not understand leaves the client in a state that neither of them means, and somebody on the way can choose it.",
    how: "The server's +OK to a word that is no command, to a command on messages before a login, or to a login or STLS behind one.",
    blind: "A command of an extension that nobody here knows looks like an unknown word; it is judged only where the server did not list it.",
    protocols: &[Pop3],
    examples: Examples {
        bad: STAT_SERVED_TO_NOBODY,
        good: STAT_REFUSED,
        implies: &["B16", "S-8314-noauth-state"],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let greeted = leg.of(Class::Greeting).next().is_some();
    let answers = leg.answers().filter(|a| a.is_final() && case.own(a.at));
    let occasions = answers.filter_map(|answer| {
        let logged_in = case.logged_in(answer.at.id);
        let out_of_place = match answer.command.verb {
            Verb::Mailbox => logged_in.is_none() && greeted,
            Verb::User | Verb::Pass | Verb::Apop | Verb::Authenticate | Verb::StartTls => logged_in.is_some(),
            _ => false,
        };
        if !out_of_place {
            return None;
        }
        if !answer.accepts() {
            return Some(Occasion::Kept(answer.at));
        }
        let name = &answer.command.name;
        let here = case.here();
        Some(broken(
            [answer.asked, answer.at],
            format!("The server granted {name} in the wrong state{here}."),
        ))
    });
    each(occasions, "What was out of place was refused.", "Nothing was asked for out of its state.")
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-1939"
        Server "==POP3==
             S: +OK
             C: STAT <-- S-1939 fail
             S: +OK 1 2 <-- S-1939 fail"
        Server "==POP3==
             S: +OK
             C: APOP tim c4c9
             S: +OK
             C: STLS <-- S-1939 fail
             S: +OK <-- S-1939 fail"
        Server "==POP3==
             S: +OK
             C: STAT
             S: -ERR no <-- S-1939 pass"
        Server "==POP3==
             S: +OK
             C: CAPA
             S: +OK
             S: .
             <-- S-1939 not-applicable"
    }
}
