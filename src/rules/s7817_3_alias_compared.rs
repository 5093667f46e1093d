//! S-7817-ref: what is compared is the mail domain or the host, and no alias.

use super::kit::*;
use crate::tls::identity::Provenance;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-7817-ref",
    title: "What is compared is the mail domain or the host, and no alias",
    why: "Who can forge an alias chooses the name, and has a certificate for it.",
    how: "Where the client had the name from that it compared. A name that DNSSEC vouches for would count; here no look-up is signed.",
    blind: "In a recording, where a name came from.",
    protocols: IP,
    examples: Examples {
        bad: Session(
            "S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready
             C: a STARTTLS
             S: a OK go
             ==TLS UP NAME CNAME==
             C: b CAPABILITY
             S: * CAPABILITY IMAP4rev1 AUTH=PLAIN
             S: b OK done",
        ),
        good: Run("imap client=private server=strict"),
        implies: &["A07", "A08"],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    case.provenance(|from| matches!(from, Provenance::Configured | Provenance::MailDomain))
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-7817-ref"
        Client "C: a STARTTLS
             S: a OK go
             ==TLS UP NAME CHECKED== <-- S-7817-ref pass"
        Client "C: a STARTTLS
             S: a OK go
             ==TLS UP NAME CNAME== <-- S-7817-ref fail"
        Client "C: a NOOP
             <-- S-7817-ref not-applicable"
    }
}
