//! S-9325-alpn: a server looks at the protocols that a client names in the handshake.

use super::kit::*;
use crate::tls::Failure;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-9325-alpn",
    title: "Who names another protocol is refused",
    why: "Services under one name share a certificate. Somebody in the middle leads a client of one to another, and what that one says inside TLS passes for the first one's, unless one of them notices in the handshake.",
    how: "The protocols that the client named in its hello (ALPN), and the one that the server chose: a completed handshake in which it chose none of them breaks the rule.",
    blind: "A handshake in which the client named nothing. In a recording of TLS 1.3 without its keys, what the server chose.",
    protocols: IP,
    examples: Examples {
        bad: Run("imap client=private server=strict server.any-application-protocol=on"),
        good: Run("imap client=private server=strict"),
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    const MISSING: &str = "The protocols that the two ends named: capture the handshake, with its keys.";
    if let Some((at, Failure::NoCommonApplication)) = case.leg.tls_failed() {
        return Finding::pass([at], "The server refused a client that wants another protocol.");
    }
    let (up, facts) = match case.handshake(MISSING) {
        Ok(found) => found,
        Err(finding) => return finding,
    };
    match &facts.application {
        None => Finding::cannot_tell(MISSING),
        Some(named) if named.offered.is_empty() => {
            Finding::not_applicable("The client named no protocol in the handshake.")
        }
        Some(named) if named.chosen.as_ref().is_some_and(|chosen| named.offered.contains(chosen)) => {
            Finding::pass([up], "The server chose one of the protocols that the client named.")
        }
        Some(_) => Finding::fail([up], "The server made nothing of the protocols that the client named."),
    }
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-9325-alpn"
        Server "C: a STARTTLS
             S: a OK go
             ==TLS UP ALPN== <-- S-9325-alpn pass"
        Server "C: a STARTTLS
             S: a OK go
             ==TLS UP ALPN UNHEARD== <-- S-9325-alpn fail"
        Server "C: a STARTTLS
             S: a OK go
             ==TLS UP ALPN ABSENT==
             <-- S-9325-alpn not-applicable"
        Server "C: a STARTTLS
             S: a OK go
             ==TLS UP==
             <-- S-9325-alpn cannot-tell"
        Server "C: a NOOP
             <-- S-9325-alpn not-applicable"
    }
}
