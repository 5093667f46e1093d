//! B28: no line break in a field of PLAIN.

use super::kit::*;
use crate::spec::RuleSet;

/// The rule.
pub static RULE: Rule = Rule {
    id: "B28",
    title: "No line break in a field of PLAIN",
    why: "A line break in a name or a password is a line of its own to the next program that reads it.",
    how: "The client's PLAIN messages by the grammar of RFC 2595. RFC 4616 lets line breaks pass, under today's rule set.",
    blind: "Messages that break the grammar in another way.",
    protocols: IPA,
    examples: Examples {
        bad: Session(
            "==TLS==
             S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
             C: a AUTHENTICATE PLAIN AGFuYQBzMw1jcmV0
             S: a OK welcome",
        ),
        good: PLAIN_INSIDE,
        implies: &["B32", "B33"],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    for message in leg.plain_messages().filter(|message| case.well_formed(message)) {
        let Some(parts) = leg.plain_parts(&message) else { continue };
        let broken = |text: &[u8]| text.iter().any(|o| matches!(o, b'\r' | b'\n'));
        let fields = [parts.authzid.as_bytes(), parts.authcid.as_bytes(), parts.password.reveal()];
        if !fields.into_iter().any(broken) {
            continue;
        }
        return match case.rule_set {
            RuleSet::Then => Finding::fail([message.at], "A field of the PLAIN message holds a line break."),
            RuleSet::Today => Finding::excused(
                [message.at],
                "A field of the PLAIN message holds a line break.",
                "RFC 4616 section 2 permits it, and replaces this section of RFC 2595.",
            ),
        };
    }
    case.plain(|_| false, "", "No field holds a line break.")
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "B28"
        Client "C: a AUTHENTICATE PLAIN AGFuYQBzMw1jcmV0 <-- B28 pass"
        Client "C: a AUTHENTICATE PLAIN AGFuYQBzM2NyZXQ= <-- B28 pass"
        Client "C: a NOOP
             <-- B28 not-applicable"
    }
}
