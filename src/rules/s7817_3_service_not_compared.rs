//! S-7817-srv: who finds its server by a service record compares the service in the certificate too.

use super::kit::*;
use crate::tls::identity::{NameRules, Provenance, speaks_for};
use crate::tls::{Failure, Reference};

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-7817-srv",
    title: "The service in the certificate is compared",
    why: "A certificate can be for one service of a domain alone. A client that looks at the domain only can be led to another service, whose flaws become its own.",
    how: "The service that the client looked up (SRV), and the names in the certificate that it took: none is of its host, and those of its domain are for other services.",
    blind: "In a recording, the certificate's names for services and what the client made of them. A certificate that names the client's own service shows no difference.",
    protocols: IP,
    examples: Examples {
        bad: Run(
            "pop3 client=private server=strict attack=cross-protocol-relay client.port=tls-first client.find=srv server.service-names=own client.any-service-name=on",
        ),
        good: Run("pop3 client=private server=strict client.port=tls-first client.find=srv"),
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    const MISSING: &str = "The certificate and what the client made of its names: its own log must say so.";
    let Some((_, service)) = case.leg.service_looked_up() else {
        return Finding::not_applicable("The client looked no service up.");
    };
    if let Some((at, Failure::WrongName)) = case.leg.tls_failed() {
        return Finding::pass([at], "The client found its service in no name, and stopped.");
    }
    let (up, facts) = match case.handshake(MISSING) {
        Ok(found) => found,
        Err(finding) => return finding,
    };
    let matched = facts.verification.as_ref().and_then(|verification| verification.name_matched);
    let (Some(certificate), Some(matched)) = (&facts.certificate, matched) else {
        return Finding::cannot_tell(MISSING);
    };
    let fits = |service: Option<&str>| {
        let reference = |one: &Reference| {
            let known = service.filter(|_| one.provenance == Provenance::MailDomain);
            Reference { service: known.map(str::to_owned), ..one.clone() }
        };
        let references: Vec<_> = facts.references.iter().map(reference).collect();
        speaks_for(NameRules::Rfc7817, &references, certificate)
    };
    if fits(Some(service)) {
        return Finding::pass([up], "The certificate is for the service that the client looked up.");
    }
    if !fits(None) {
        return Finding::not_applicable("The certificate is for no service of the client's domain.");
    }
    if matched {
        Finding::fail([up], "The client took a certificate for another service of its domain.")
    } else {
        Finding::pass([up], "The client found that the certificate is for another service.")
    }
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-7817-srv"
        Client "==LOOKED UP _imaps._tcp.example.test==
             ==TLS UP SRV imaps NAME CHECKED== <-- S-7817-srv pass"
        Client "==LOOKED UP _imaps._tcp.example.test==
             ==TLS UP SRV imap NAME REFUSED== <-- S-7817-srv pass"
        Client "==LOOKED UP _imaps._tcp.example.test==
             ==TLS UP SRV imap NAME CHECKED== <-- S-7817-srv fail"
        Client "==LOOKED UP _imaps._tcp.example.test==
             ==TLS UP SRV imap==
             <-- S-7817-srv cannot-tell"
        Client "==LOOKED UP _imaps._tcp.example.test==
             ==TLS UP COMMON NAME CHECKED==
             <-- S-7817-srv not-applicable"
        Client "==TLS UP SRV imap NAME CHECKED==
             <-- S-7817-srv not-applicable"
    }
}
