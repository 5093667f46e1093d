//! S-9051-alert: an alert from before TLS is not shown as the server's word.

use super::kit::*;
use crate::trace::Acts;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-9051-alert",
    title: "An alert from before TLS is not shown as the server's word",
    why: "Before TLS anybody can write the alert, and tell the user to call a number or to switch TLS off.",
    how: "What the client says that it showed its user, and whether it had come outside TLS. An alert that was seen there and about which the client says nothing decides nothing.",
    blind: "In a recording, what the user was shown.",
    protocols: &[Imap],
    examples: Examples {
        bad: Session(
            "S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready
             S: * OK [ALERT] switch TLS off
             A client Alert",
        ),
        good: Run("imap client=private server=strict"),
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let shown = case.acts(Acts::Alert).map(|(note, told)| match told.map(|at| at.layer) {
        Some(Layer::Clear) => broken(
            told.into_iter().chain([note]),
            "The client showed an alert from outside TLS as the server's word.",
        ),
        _ => Occasion::Kept(note),
    });
    let seen = leg.alerts().find(|at| case.clear(at));
    let unknown = seen.filter(|_| !leg.trace().carries().notes);
    let unshown = seen.filter(|_| leg.trace().carries().notes).map(Occasion::Kept);
    let unknown =
        unknown.map(|_| Occasion::Open("What the client did with the alert: its own log must say so."));
    each(
        shown.chain(unknown).chain(unshown),
        "No alert from outside TLS was shown.",
        "No alert came outside TLS.",
    )
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-9051-alert"
        Client "S: * OK hi
             S: * OK [ALERT] call us <-- S-9051-alert fail
             A client Alert <-- S-9051-alert fail"
        Client "S: * OK hi
             S: * OK [ALERT] call us
             <-- S-9051-alert cannot-tell"
        Client "S: * OK hi
             <-- S-9051-alert not-applicable"
    }
}
