//! S-5034-once: after one AUTH that succeeded no other one does.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-5034-once",
    title: "After one AUTH that succeeded no other one does",
    why: "A second login in the same session mixes two users up.",
    how: "The server's +OK to AUTH in a session that was logged in by AUTH.",
    blind: "A login before the recording began.",
    protocols: &[Pop3],
    examples: Examples {
        bad: Session(
            "==POP3==
             ==TLS==
             S: +OK ready
             C: AUTH PLAIN
             S: +
             C: AGFuYQBzM2NyZXQ=
             S: +OK welcome
             C: AUTH PLAIN
             S: +
             C: AGJvYgBzM2NyZXQ=
             S: +OK welcome",
        ),
        good: Session(
            "==POP3==
             ==TLS==
             S: +OK ready
             C: AUTH PLAIN
             S: +
             C: AGFuYQBzM2NyZXQ=
             S: +OK welcome
             C: AUTH PLAIN
             S: -ERR logged in already",
        ),
        implies: &["S-1939"],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let answers = leg.answers().filter(|a| a.is_to(Verb::Authenticate) && a.is_final() && case.own(a.at));
    let mut logged_in: Option<&Event> = None;
    let occasions = answers.filter_map(move |answer| {
        let before = logged_in;
        if answer.accepts() {
            logged_in = logged_in.or(Some(answer.at));
        }
        let before = before?;
        Some(if answer.accepts() {
            broken([before, answer.at], here!(case, "The server accepted a second AUTH"))
        } else {
            Occasion::Kept(answer.at)
        })
    });
    each(occasions, "The second AUTH was refused.", "No second AUTH was answered.")
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-5034-once"
        Server "==POP3==
             C: AUTH X
             S: +OK <-- S-5034-once fail
             C: AUTH X
             S: +OK <-- S-5034-once fail"
        Server "==POP3==
             C: AUTH X
             S: +OK
             C: AUTH X
             S: -ERR <-- S-5034-once pass"
        Server "==POP3==
             C: AUTH X
             S: +OK
             <-- S-5034-once not-applicable"
    }
}
