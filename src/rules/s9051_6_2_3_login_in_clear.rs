//! S-9051-login: no LOGIN where nothing protects the connection.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-9051-login",
    title: "No LOGIN where nothing protects the connection",
    why: "LOGIN shows the password to everybody on the wire.",
    how: "LOGIN outside TLS.",
    blind: "Whether something else than TLS protects the connection, or whether it never leaves the machine.",
    protocols: &[Imap],
    examples: Examples {
        bad: Session(
            "S: * OK [CAPABILITY IMAP4rev1] ready
             C: a LOGIN ana s3cret
             S: a NO not here",
        ),
        good: LOGIN_INSIDE,
        implies: &["S-8314-minconf"],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let logins = case.leg.commands_of(Verb::Login).filter(|(event, _)| case.own(event));
    let occasions = logins.map(|(event, _)| match event.layer {
        Layer::Tls => Occasion::Kept(event),
        Layer::Clear => broken([event], "The client sent LOGIN outside TLS."),
    });
    each(occasions, "LOGIN is inside TLS.", "No LOGIN was sent.")
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-9051-login"
        Client "C: a LOGIN ana s3cret <-- S-9051-login fail"
        Client "==TLS==
             C: a LOGIN ana s3cret <-- S-9051-login pass"
        Client "C: a NOOP
             <-- S-9051-login not-applicable"
    }
}
