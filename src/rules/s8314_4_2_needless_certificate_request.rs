//! S-8314-clientcert: client certificates are asked for only where they log somebody in.

use super::kit::*;
use crate::trace::GreetingStatus;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-8314-clientcert",
    title: "Client certificates are asked for only where they log somebody in",
    why: "A certificate tells who its owner is to a server that has no use for knowing, and to everybody who listens before TLS 1.3.",
    how: "A server that asked for a certificate lists EXTERNAL inside TLS or greets with PREAUTH there.",
    blind: "For which account a client's certificate is meant; lists of the server that nobody asked for.",
    protocols: IP,
    examples: Examples {
        bad: Run("imap client=private server=strict server.needless-certificate-request=on"),
        good: Run("imap client=private server=strict"),
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let (up, facts) =
        match case.handshake("Whether the server asked for a certificate: capture the handshake.") {
            Ok(found) => found,
            Err(finding) => return finding,
        };
    if case.side == Side::Client {
        case.saw(
            up,
            facts.client_certificate.is_some(),
            "the client showed a certificate",
            "the client showed no certificate",
        );
        return match &facts.client_certificate {
            Some(_) => Finding::cannot_tell(
                "For which account the client's certificate is meant: look at its settings.",
            ),
            None => Finding::not_applicable("The client showed no certificate."),
        };
    }
    match facts.client_certificate_asked {
        None => {
            return Finding::cannot_tell(
                "Whether the server asked for a certificate: capture the handshake.",
            );
        }
        Some(false) => return Finding::pass([up], "The server asked for no certificate."),
        Some(true) => {}
    }
    let inside = || leg.lists().filter(|(at, _)| case.inside(at) && case.own(at));
    let offers = inside().find(|(_, list)| list.mechanisms().any(|name| name == "EXTERNAL"));
    let preauth = leg
        .of(Class::Greeting)
        .find(|at| case.inside(at) && matches!(at.kind, EventKind::Greeting(GreetingStatus::Preauth)));
    match (offers.map(|(at, _)| at).or(preauth), inside().next()) {
        (Some(at), _) => {
            Finding::pass([up, at], "The server logs people in by the certificate that it asks for.")
        }
        (None, Some((at, _))) => Finding::fail(
            [up, at],
            here!(case, "The server asked for a certificate and does not offer EXTERNAL"),
        ),
        (None, None) => {
            Finding::cannot_tell("Whether the server offers EXTERNAL: it listed nothing inside TLS.")
        }
    }
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-8314-clientcert"
        Server "C: a STARTTLS
             S: a OK go
             ==TLS UP ASKED== <-- S-8314-clientcert fail
             S: * CAPABILITY AUTH=PLAIN <-- S-8314-clientcert fail"
        Server "C: a STARTTLS
             S: a OK go
             ==TLS UP ASKED== <-- S-8314-clientcert pass
             S: * CAPABILITY AUTH=EXTERNAL <-- S-8314-clientcert pass"
        Server "C: a STARTTLS
             S: a OK go
             ==TLS UP==
             <-- S-8314-clientcert cannot-tell"
        Server "C: a NOOP
             <-- S-8314-clientcert not-applicable"
    }
}
