//! A06: the client compares the server's name with the certificate.

use super::kit::*;
use crate::tls::Failure;
use crate::tls::identity::{NameRules, speaks_for};

/// The rule.
pub static RULE: Rule = Rule {
    id: "A06",
    title: "The client compares the server's name with the certificate",
    why: "A certificate that is good for somebody else's name lets that somebody stand in the middle.",
    how: "What the client says of its own comparison, held against the certificate: it must have compared, and not have found names to fit that fit by none of the documents. Which certificate it takes all the same is A10.",
    blind: "In a recording, what the client compared. That it went on with a certificate of another name proves that it did not.",
    protocols: IPA,
    examples: Examples {
        bad: Run("imap client=private server=strict client.no-name-check=on"),
        good: Run("imap client=private server=strict"),
        implies: &["S-8314-certval", "S-8314-indicator"],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    if let Some((at, Failure::WrongName)) = case.leg.tls_failed() {
        return Finding::pass([at], "The client compared the names and stopped.");
    }
    let (up, facts) = match case
        .handshake("The certificate and what the client compared with it: capture the handshake.")
    {
        Ok(found) => found,
        Err(finding) => return finding,
    };
    let Some(certificate) = &facts.certificate else {
        return Finding::not_applicable("No certificate was shown.");
    };
    let fits = NameRules::ALL.into_iter().any(|rules| speaks_for(rules, &facts.references, certificate));
    match facts.verification.as_ref().map(|verification| verification.name_matched) {
        Some(None) => Finding::fail([up], "The client did not compare the names."),
        Some(Some(true)) if !fits => Finding::fail([up], "The client found names to fit that do not."),
        Some(Some(_)) => Finding::pass([up], "The client compared the names."),
        None if facts.references.is_empty() || fits => {
            Finding::cannot_tell("What the client compared: its own log must say so.")
        }
        None => match case
            .leg
            .commands()
            .find(|(event, command)| event.id > up.id && command.verb.wants_protection())
        {
            Some((event, _)) => {
                Finding::fail([up, event], "The client went on with a certificate of another name.")
            }
            None => Finding::cannot_tell(
                "What the client did with a certificate of another name: record the session to its end.",
            ),
        },
    }
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "A06"
        Client "C: a STARTTLS
             S: a OK go
             ==TLS UP NAME UNCHECKED== <-- A06 fail"
        Client "C: a STARTTLS
             S: a OK go
             ==TLS UP NAME CHECKED== <-- A06 pass"
        Client "C: a STARTTLS
             S: a OK go
             ==TLS UP==
             <-- A06 cannot-tell"
        Client "C: a NOOP
             <-- A06 not-applicable"
    }
}
