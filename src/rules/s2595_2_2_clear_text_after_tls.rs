//! B02: a private session ends when its TLS layer ends.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "B02",
    title: "A private session ends when its TLS layer ends",
    why: "Somebody who can make the layer end and the session go on reads and writes everything behind it, in a session that was opened in private.",
    how: "What a side sends outside TLS after something went through TLS on the same connection. It binds in the private mode only: a side that is set to another policy is excused.",
    blind: "In a recording the policy of a side is not known, so that a session that goes on in the clear cannot be charged to either.",
    protocols: IPA,
    examples: Examples {
        bad: Session(
            "P client TlsRequired
             S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready
             C: a STARTTLS
             S: a OK go
             ==TLS==
             C: b CAPABILITY
             S: * CAPABILITY IMAP4rev1 AUTH=PLAIN
             S: b OK done
             # clear text again
             C: c NOOP
             S: c OK done",
        ),
        good: Run("imap client=private server=strict"),
        implies: &["A02"],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let Some(inside) = case.leg.inside_tls() else {
        return Finding::not_applicable("No TLS layer came up, so that none could end.");
    };
    let spoken =
        |event: &&Event| event.layer == Layer::Clear && event.from == case.side && !event.span.is_empty();
    let after = case.leg.events().skip_while(|event| event.id <= inside.id).find(spoken);
    match (after, case.policy()) {
        (None, _) => Finding::pass([inside], "Nothing followed in the clear."),
        (Some(event), Some((policy, Policy::TlsIfOffered | Policy::ClearTextAccepted))) => Finding::excused(
            policy.into_iter().chain([event]),
            "The session went on in the clear, by a side that does not insist on TLS.",
            "RFC 2595 section 2.2 asks it of the private mode only.",
        ),
        (Some(event), Some((policy, _))) => Finding::fail(
            policy.into_iter().chain([inside, event]),
            "TLS ended, and the session went on in the clear.",
        ),
        (Some(_), None) => Finding::cannot_tell(
            "Whether this side insists on TLS: the session went on in the clear. Simulate it, or look at its settings.",
        ),
    }
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "B02"
        Client "P client TlsRequired <-- B02 fail
             C: a STARTTLS
             S: a OK go
             ==TLS==
             C: b NOOP <-- B02 fail
             S: b OK
             # clear text again
             C: c NOOP <-- B02 fail"
        Client "P client TlsIfOffered <-- B02 pass
             C: a STARTTLS
             S: a OK go
             ==TLS==
             C: b NOOP
             # clear text again
             C: c NOOP <-- B02 pass"
        Client "C: a STARTTLS
             S: a OK go
             ==TLS==
             C: b NOOP
             # clear text again
             C: c NOOP
             <-- B02 cannot-tell"
        Server "C: a STARTTLS
             S: a OK go
             ==TLS==
             C: b NOOP <-- B02 pass"
        Client "C: a NOOP
             <-- B02 not-applicable"
    }
}
