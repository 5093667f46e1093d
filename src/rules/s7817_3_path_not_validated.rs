//! S-7817-path: names count only in a certificate that somebody trusted issued.

use super::kit::*;
use crate::tls::Failure;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-7817-path",
    title: "Names count only in a certificate that somebody trusted issued",
    why: "Anybody can write any name into a certificate of his own.",
    how: "What the client says that it looked at: the path to an issuer, and the dates.",
    blind: "In a recording, what the client looked at.",
    protocols: IP,
    examples: Examples {
        bad: Run("imap client=private server=strict client.no-path-check=on"),
        good: Run("imap client=private server=strict"),
        implies: &["S-8314-certval", "S-8314-indicator"],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    if let Some((at, Failure::Untrusted | Failure::OutOfDate)) = case.leg.tls_failed() {
        return Finding::pass([at], "The client found no good path, and stopped.");
    }
    let (up, facts) = match case.handshake("What the client looked at: its own log must say so.") {
        Ok(found) => found,
        Err(finding) => return finding,
    };
    match &facts.verification {
        Some(v) if !v.path_checked => {
            Finding::fail([up], "The client did not look who had issued the certificate.")
        }
        Some(v) if !v.dates_checked => {
            Finding::fail([up], "The client did not look at the dates of the certificate.")
        }
        Some(_) => Finding::pass([up], "The client looked at the path and the dates."),
        None => Finding::cannot_tell("What the client looked at: its own log must say so."),
    }
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-7817-path"
        Client "C: a STARTTLS
             S: a OK go
             ==TLS UP NAME CHECKED== <-- S-7817-path pass"
        Client "C: a STARTTLS
             S: a OK go
             ==TLS UP NAME CHECKED PATHLESS== <-- S-7817-path fail"
        Client "C: a STARTTLS
             S: a OK go
             ==TLS UP==
             <-- S-7817-path cannot-tell"
        Client "C: a NOOP
             <-- S-7817-path not-applicable"
    }
}
