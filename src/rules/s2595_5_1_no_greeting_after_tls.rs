//! A18: inside TLS the server greets once more.

use super::kit::*;
use crate::trace::Carries;

/// The rule.
pub static RULE: Rule = Rule {
    id: "A18",
    title: "Inside TLS the server greets once more",
    why: "In ACAP the greeting is the only list of capabilities. Without a new one the client knows only what anybody could have written.",
    how: "The first thing that the server says inside TLS, after STARTTLS, is a greeting.",
    blind: "What went through TLS is in few recordings.",
    protocols: &[Acap],
    examples: Examples {
        bad: Session(
            "==ACAP==
             S: * ACAP (SASL \"CRAM-MD5\") (STARTTLS)
             C: a STARTTLS
             S: a OK \"go\"
             ==TLS==
             C: b NOOP
             S: b OK \"done\"",
        ),
        good: Session(
            "==ACAP==
             S: * ACAP (SASL \"CRAM-MD5\") (STARTTLS)
             C: a STARTTLS
             S: a OK \"go\"
             ==TLS==
             S: * ACAP (SASL \"CRAM-MD5\")
             C: b NOOP
             S: b OK \"done\"",
        ),
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let Some((_, tls)) = leg.upgraded() else {
        return Finding::not_applicable("No STARTTLS led to a handshake.");
    };
    let mut said = leg.events().filter(|event| {
        event.id > tls.id && event.layer == Layer::Tls && event.from == Side::Server && !event.span.is_empty()
    });
    match said.next() {
        Some(first) if matches!(first.kind, EventKind::Greeting(_)) => {
            Finding::pass([first], "The server greets once more inside TLS.")
        }
        Some(first) => Finding::fail(
            [first],
            here!(case, "The first thing that the server says inside TLS is no greeting"),
        ),
        None if leg.trace().carries() == Carries::ALL && leg.tls_up().is_some() => {
            Finding::fail([tls], here!(case, "The server says nothing inside TLS, where its greeting is due"))
        }
        None => {
            Finding::cannot_tell("What the server says inside TLS: record the session with its contents.")
        }
    }
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "A18"
        Server "==ACAP==
             C: a STARTTLS
             S: a OK \"go\"
             ==TLS==
             C: b NOOP
             S: b OK \"done\" <-- A18 fail"
        Server "==ACAP==
             C: a STARTTLS
             S: a OK \"go\"
             ==TLS==
             S: * ACAP (SASL) <-- A18 pass"
        Server "==ACAP==
             C: a STARTTLS
             S: a OK \"go\"
             ==TLS==
             <-- A18 cannot-tell"
        Server "==ACAP==
             C: a NOOP
             <-- A18 not-applicable"
    }
}
