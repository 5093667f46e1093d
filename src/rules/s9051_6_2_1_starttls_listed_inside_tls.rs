//! S-9051-noadv: STARTTLS is not listed inside TLS.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-9051-noadv",
    title: "STARTTLS is not listed inside TLS",
    why: "There is nothing to start any more; a client that tries gets a refusal.",
    how: "The server's lists inside TLS.",
    blind: "What went through TLS, in recordings that do not show it.",
    protocols: &[Imap],
    examples: Examples {
        bad: Session(
            "==TLS==
             S: * OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN] ready",
        ),
        good: Session(
            "==TLS==
             S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready",
        ),
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let inside = case.leg.lists().filter(|(at, _)| case.inside(at) && case.own(at));
    let occasions = inside.map(|(at, list)| {
        if list.offers_starttls() {
            broken([at], here!(case, "The server lists STARTTLS inside TLS"))
        } else {
            Occasion::Kept(at)
        }
    });
    each(occasions, "The server does not list STARTTLS inside TLS.", "The server listed nothing inside TLS.")
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-9051-noadv"
        Server "==TLS==
             S: * CAPABILITY STARTTLS <-- S-9051-noadv fail"
        Server "==TLS==
             S: * CAPABILITY X <-- S-9051-noadv pass"
        Server "S: * CAPABILITY STARTTLS
             <-- S-9051-noadv not-applicable"
    }
}
