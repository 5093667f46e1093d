//! S-6186-must: where the user asks for TLS, it comes before the login.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-6186-must",
    title: "Where the user asks for TLS, it comes before the login",
    why: "A user who asked for TLS and gets a session without it has been told something untrue.",
    how: "A login outside TLS by a client that is set to require TLS.",
    blind: "In a recording the client's policy is not known.",
    protocols: &[Imap, Pop3],
    examples: Examples {
        bad: Run("imap client=private attack=fail-starttls client.ignore-tls-result=on server=open"),
        good: Run("imap client=private server=strict"),
        implies: &["A02", "A04", "A11", "S-8314-minconf", "S-9051-login", "S-9051-plaincfg"],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let required = case.is_set_to(Policy::TlsRequired);
    let logins = case.leg.logins().filter(|(event, _)| case.own(event));
    let occasions = logins.map(|(event, command)| match (event.layer, required) {
        (Layer::Tls, _) => Occasion::Kept(event),
        (Layer::Clear, true) => {
            broken([event], format!("The client requires TLS and sent {} outside it.", command.name))
        }
        (Layer::Clear, false) => {
            Occasion::Open("Whether the user asked for TLS: look at the client's settings.")
        }
    });
    match case.policy() {
        Some((_, Policy::TlsIfOffered)) => Finding::not_applicable("The user did not ask for TLS."),
        _ => each(occasions, "The login is inside TLS.", "The client did not log in."),
    }
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-6186-must"
        Client "P client TlsRequired
             C: a LOGIN ana s3cret <-- S-6186-must fail"
        Client "P client TlsIfOffered
             C: a LOGIN ana s3cret
             <-- S-6186-must not-applicable"
        Client "==TLS==
             C: a LOGIN ana s3cret <-- S-6186-must pass"
        Client "C: a LOGIN ana s3cret
             <-- S-6186-must cannot-tell"
    }
}
