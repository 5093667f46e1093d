//! B35: the user is told when encryption is known to be weak.

use super::kit::*;
use crate::tls::suites;

/// The rule.
pub static RULE: Rule = Rule {
    id: "B35",
    title: "The user is told when encryption is known to be weak",
    why: "A suite of 56 bits or fewer keeps nobody out, and the user alone can decide what to do then.",
    how: "A layer with a suite that does not encrypt or was broken, and whether the client told its user.",
    blind: "In a recording, what the user was shown; suites that nobody here knows.",
    protocols: IPA,
    examples: Examples {
        bad: Session(
            "N client CapabilitiesDropped
             C: a STARTTLS
             S: a OK go
             ==TLS UP TLS_RSA_EXPORT_WITH_RC4_40_MD5==
             C: b CAPABILITY",
        ),
        good: Run("imap client=private server=strict"),
        implies: &["S-9325-cipher", "S-9325-fs"],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let (up, facts) = match case.handshake("The suite: capture the handshake, or log it.") {
        Ok(found) => found,
        Err(finding) => return finding,
    };
    let Some(suite) = facts.cipher.as_deref().and_then(suites::find) else {
        return Finding::cannot_tell("The suite: capture the handshake, or log it.");
    };
    let weak = suite.strength <= suites::Strength::Broken;
    if !case.saw(up, weak, "the suite keeps nobody out", "the suite is not as weak as that") {
        return Finding::not_applicable("The suite is not as weak as that.");
    }
    match case.leg.note(Side::Client, |note| note == Note::WarnedUser) {
        Some(note) => Finding::pass([up, note], "The user was told."),
        None if case.leg.trace().carries().notes => {
            Finding::fail([up], "The client uses a suite that keeps nobody out and told its user nothing.")
        }
        None => Finding::cannot_tell("What the user was told: the client's own log must say so."),
    }
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "B35"
        Client "N client WarnedUser <-- B35 pass
             ==TLS UP TLS_RSA_EXPORT_WITH_RC4_40_MD5== <-- B35 pass"
        Client "==TLS UP TLS_RSA_EXPORT_WITH_RC4_40_MD5==
             <-- B35 cannot-tell"
        Client "==TLS UP TLS_AES_128_GCM_SHA256==
             <-- B35 not-applicable"
    }
}
