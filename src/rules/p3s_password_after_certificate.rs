//! P3S03: a client that insists on its certificate never falls back on a password.

use super::kit::*;
use crate::trace::SetTo;

/// The rule.
pub static RULE: Rule = Rule {
    id: "P3S03",
    title: "A client that insists on its certificate never falls back on a password",
    why: "Whoever refuses the certificate would get the password instead.",
    how: "A client that says that it was set to log in by certificate and not otherwise sends a password. Where it does not say so, a probe: set so, the client meets a server that does not take its certificate.",
    blind: "Whether a client insists, which no recording says.",
    protocols: &[Pop3],
    examples: Examples {
        bad: Probe("pop3 client=private client.password-after-external=on"),
        good: Probe("pop3 client=private"),
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let insists = |note| note == Note::SetTo(SetTo::CertificateOnly);
    let Some(set) = case.leg.note(Side::Client, insists) else {
        return Finding::cannot_tell(PROBE);
    };
    let password = case.leg.credentials().find(|(at, shown)| case.own(at) && shown.is_password());
    match password {
        Some((at, _)) => Finding::fail(
            [set, at],
            "The client sent a password although it was told to log in by certificate.",
        ),
        None => Finding::pass([set], "The client, told to log in by certificate, sent no password."),
    }
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "P3S03"
        Client "==POP3==
             C: NOOP
             <-- P3S03 cannot-tell"
        Client "==POP3==
             ==TLS==
             S: +OK ready
             N client SetTo(CertificateOnly) <-- P3S03 fail
             C: USER ana
             S: +OK
             C: PASS s3cret <-- P3S03 fail"
        Client "==POP3==
             ==TLS==
             S: +OK ready
             N client SetTo(CertificateOnly) <-- P3S03 pass
             C: QUIT"
    }
}
