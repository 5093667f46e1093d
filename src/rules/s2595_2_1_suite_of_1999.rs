//! A01: the suite that everybody has is there.

use super::kit::*;
use crate::tls::suites;

/// The rule.
pub static RULE: Rule = Rule {
    id: "A01",
    title: "The suite that everybody has is there",
    why: "Two programs that share no suite do not get TLS at all, and then go on without it.",
    how: "A layer with TLS_DHE_DSS_WITH_3DES_EDE_CBC_SHA shows that both ends have it. That it was not chosen proves nothing: a probe offers nothing else.",
    blind: "What an end could do and did not.",
    protocols: IPA,
    examples: Examples {
        bad: Nobody("Every party here has the suite when it is set to it."),
        good: Probe("imap client=private"),
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    match case.leg.tls_up() {
        Some((up, facts)) if facts.cipher.as_deref() == Some(suites::OF_1999) => {
            Finding::pass([up], "The layer uses the suite that RFC 2595 demands of everybody.")
        }
        _ => Finding::cannot_tell(PROBE),
    }
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "A01"
        Client "C: a NOOP
             <-- A01 cannot-tell"
        Server "C: a STARTTLS
             S: a OK go
             ==TLS UP TLS_DHE_DSS_WITH_3DES_EDE_CBC_SHA== <-- A01 pass"
    }
}
