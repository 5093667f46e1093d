//! S-8314-certval: the certificate is validated, name and path.

use super::kit::*;
use crate::tls::Acceptance;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-8314-certval",
    title: "The certificate is validated, name and path",
    why: "TLS with a server that nobody checked is private with whoever answered.",
    how: "What the client says that it looked at: the name, the path and the dates, and what it did about faults.",
    blind: "In a recording, what the client looked at.",
    protocols: IP,
    examples: Examples {
        bad: Run("imap client=private server=strict client.no-name-check=on"),
        good: Run("imap client=private server=strict"),
        implies: &["A06", "S-8314-indicator"],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    if let Some((at, why)) = case.leg.tls_failed().filter(|(_, why)| why.of_certificate()) {
        return Finding::pass([at], format!("The client stopped: {why}."));
    }
    let (up, facts) = match case.handshake("What the client looked at: its own log must say so.") {
        Ok(found) => found,
        Err(finding) => return finding,
    };
    let Some(seen) = &facts.verification else {
        return Finding::cannot_tell("What the client looked at: its own log must say so.");
    };
    if seen.name_matched.is_none() || !seen.path_checked || !seen.dates_checked {
        return Finding::fail([up], "The client did not validate the certificate as a whole.");
    }
    match seen.accepted {
        Some(Acceptance::Pinned) => Finding::fail(
            [up],
            "The client took a certificate with faults because it had kept it from earlier.",
        ),
        Some(Acceptance::User) => Finding::excused(
            [up],
            "The certificate has faults, and the user was asked and said yes.",
            "RFC 8314 section 5.2 advises against an easy way past the question, and does not forbid it.",
        ),
        None => Finding::pass([up], "The client validated the certificate."),
    }
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-8314-certval"
        Client "C: a STARTTLS
             S: a OK go
             ==TLS UP NAME CHECKED== <-- S-8314-certval pass"
        Client "C: a STARTTLS
             S: a OK go
             ==TLS UP NAME UNCHECKED== <-- S-8314-certval fail"
        Client "C: a STARTTLS
             S: a OK go
             ==TLS UP==
             <-- S-8314-certval cannot-tell"
        Client "C: a NOOP
             <-- S-8314-certval not-applicable"
    }
}
