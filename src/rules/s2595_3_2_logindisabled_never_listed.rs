//! A15: a server with STARTTLS is able to list LOGINDISABLED.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "A15",
    title: "A server with STARTTLS is able to list LOGINDISABLED",
    why: "The word keeps a client from sending its password to a server that will not take it.",
    how: "A list outside TLS with LOGINDISABLED in it shows that the server is able to. A probe looks at the list of the profile: its switch stands for the ability.",
    blind: "What the server could do and did not.",
    protocols: &[Imap],
    examples: Examples {
        bad: Probe("imap server=strict server.logindisabled=off"),
        good: Probe("imap server=strict"),
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let listed = case.leg.lists().find(|(at, list)| case.clear(at) && list.login_disabled() && case.own(at));
    match listed {
        Some((at, _)) => Finding::pass([at], "The server lists LOGINDISABLED outside TLS."),
        None => Finding::cannot_tell(PROBE),
    }
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "A15"
        Server "S: * CAPABILITY LOGINDISABLED <-- A15 pass"
        Server "S: * CAPABILITY X
             <-- A15 cannot-tell"
    }
}
