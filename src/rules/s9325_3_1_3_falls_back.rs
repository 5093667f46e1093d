//! S-9325-nofallback: a client does not come back with an older version.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-9325-nofallback",
    title: "A client does not come back with an older version",
    why: "Somebody who spoils the first handshake would choose the version of the second.",
    how: "A probe: somebody spoils handshakes; a layer that comes up afterwards has no older version than the one without him.",
    blind: "One session is one connection.",
    protocols: IPA,
    examples: Examples {
        bad: Probe("imap client=private client.version-fallback=on"),
        good: Probe("imap client=private"),
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
        "S-9325-nofallback"
        Client "C: a NOOP
             <-- S-9325-nofallback cannot-tell"
    }
}
