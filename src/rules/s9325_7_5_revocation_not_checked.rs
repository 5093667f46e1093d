//! S-9325-revoked: a revoked certificate is no longer trusted.

use super::kit::*;
use crate::tls::Failure;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-9325-revoked",
    title: "A revoked certificate is no longer trusted",
    why: "Whoever stole a key goes on with its certificate until the client asks whether it was revoked.",
    how: "What the client says that it looked at: whether the certificate was revoked. Which way it asks is left to it.",
    blind: "In a recording, what the client looked at. Whether the server staples an answer.",
    protocols: IPA,
    examples: Examples {
        bad: Run("imap client=private server=strict client.no-revocation-check=on"),
        good: Run("imap client=private server=strict"),
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    const MISSING: &str = "What the client looked at: its own log must say so.";
    if let Some((at, Failure::Revoked)) = case.leg.tls_failed() {
        return Finding::pass([at], "The client found the certificate revoked, and stopped.");
    }
    let (up, facts) = match case.handshake(MISSING) {
        Ok(found) => found,
        Err(finding) => return finding,
    };
    match &facts.verification {
        Some(v) if v.revocation_checked => {
            Finding::pass([up], "The client asked whether the certificate was revoked.")
        }
        Some(_) => Finding::fail([up], "The client did not ask whether the certificate was revoked."),
        None => Finding::cannot_tell(MISSING),
    }
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-9325-revoked"
        Client "C: a STARTTLS
             S: a OK go
             ==TLS UP NAME CHECKED== <-- S-9325-revoked pass"
        Client "C: a STARTTLS
             S: a OK go
             ==TLS UP NAME CHECKED UNASKED== <-- S-9325-revoked fail"
        Client "C: a STARTTLS
             S: a OK go
             ==TLS UP==
             <-- S-9325-revoked cannot-tell"
        Client "C: a NOOP
             <-- S-9325-revoked not-applicable"
    }
}
