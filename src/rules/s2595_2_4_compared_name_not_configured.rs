//! A07: the compared name is the one that the client was told.

use super::kit::*;
use crate::spec::RuleSet;
use crate::tls::identity::Provenance;

/// The rule.
pub static RULE: Rule = Rule {
    id: "A07",
    title: "The compared name is the one that the client was told",
    why: "A name from anywhere else may be the attacker's, and then his certificate fits.",
    how: "Where the client had the name from that it compared. The domain of the mail address counts since RFC 7817, under today's rule set.",
    blind: "In a recording, where a name came from.",
    protocols: IPA,
    examples: Examples {
        bad: INSECURE_LOOKUP.examples.bad,
        good: Run("imap client=private server=strict"),
        implies: &["A08", "S-7817-ref"],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    case.provenance(|from| match from {
        Provenance::Configured | Provenance::PrivateReferral => true,
        Provenance::MailDomain => case.rule_set == RuleSet::Today,
        Provenance::Cname | Provenance::Srv | Provenance::Settings | Provenance::Referral => false,
    })
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "A07"
        Client "C: a STARTTLS
             S: a OK go
             ==TLS UP NAME CHECKED== <-- A07 pass"
        Client "C: a STARTTLS
             S: a OK go
             ==TLS UP NAME CNAME== <-- A07 fail"
        Client "C: a NOOP
             <-- A07 not-applicable"
    }
}
