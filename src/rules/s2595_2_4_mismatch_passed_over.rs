//! A10: when the names do not fit, the client asks or stops.

use super::kit::*;
use crate::tls::identity::{NameRules, speaks_for};
use crate::tls::{Acceptance, Failure};

/// The rule.
pub static RULE: Rule = Rule {
    id: "A10",
    title: "When the names do not fit, the client asks or stops",
    why: "A client that goes on without a word gives its user no chance to notice the wrong server.",
    how: "A certificate whose names do not fit: the user was asked, or the handshake ended there. Going on by itself breaks the rule, also because the certificate was kept from earlier.",
    blind: "What the user was told.",
    protocols: IPA,
    examples: Examples {
        bad: COMMON_NAME_TAKEN,
        good: COMMON_NAME_REFUSED,
        implies: &["A06", "B06", "S-9525"],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    if let Some((at, Failure::WrongName)) = case.leg.tls_failed() {
        return Finding::pass([at], "The names did not fit, and the client stopped.");
    }
    let (up, facts) =
        match case.handshake("The certificate and what the client made of it: capture the handshake.") {
            Ok(found) => found,
            Err(finding) => return finding,
        };
    let Some(certificate) = facts.certificate.as_ref().filter(|_| !facts.references.is_empty()) else {
        return Finding::cannot_tell(
            "The certificate and the name that the client compared: capture the handshake.",
        );
    };
    let fits = NameRules::ALL.into_iter().any(|rules| speaks_for(rules, &facts.references, certificate));
    if case.saw(up, fits, "the names fit", "the names do not fit") {
        return Finding::not_applicable("The names fit.");
    }
    match facts.verification.as_ref().and_then(|verification| verification.accepted) {
        Some(Acceptance::User) => Finding::excused(
            [up],
            "The names do not fit, and the user was asked and said yes.",
            "RFC 2595 section 2.4 lets the user decide.",
        ),
        _ => Finding::fail([up], "The names do not fit, and the client went on by itself."),
    }
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "A10"
        Client "C: a STARTTLS
             S: a OK go
             ==TLS UP NAME CHECKED COMMON== <-- A10 fail"
        Client "C: a STARTTLS
             S: a OK go
             ==TLS UP NAME CHECKED==
             <-- A10 not-applicable"
        Client "C: a NOOP
             <-- A10 not-applicable"
    }
}
