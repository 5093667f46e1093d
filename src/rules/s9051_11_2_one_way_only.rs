//! S-9051-both: TLS from the first octet and STARTTLS are both there.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-9051-both",
    title: "TLS from the first octet and STARTTLS are both there",
    why: "A client meets servers with one port or the other, and an old server's port must not be a reason to do without TLS.",
    how: "A probe: both ways lead to a login.",
    blind: "One session takes one way.",
    protocols: &[Imap],
    examples: Examples {
        bad: Probe("imap server=strict server.starttls=off"),
        good: Probe("imap server=strict"),
        implies: &[],
    },
    check,
};

fn check(_: &Case<'_>) -> Finding {
    Finding::cannot_tell(PROBE)
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-9051-both"
        Server "C: a NOOP
             <-- S-9051-both cannot-tell"
    }
}
