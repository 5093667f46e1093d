//! S-8314-minconf: nothing but preparing TLS below the account's minimum.

use super::examples::Sample::Session;
use super::{Case, Examples, Finding, Rule};
use crate::base::{Protocol, Side};
use crate::tls::{Facts, Version, identity};
use crate::trace::{Policy, Verb};

use super::repeated::UPGRADE_THEN_PLAIN;
/// The rule.
pub static RULE: Rule = Rule {
    id: "S-8314-minconf",
    title: "Until TLS is good enough, the client does nothing but ask for it",
    why: "A client that decides command by command what may go in the clear can be talked into the wrong one. Doing nothing at all before TLS leaves nothing to steal and nothing to forge.",
    how: "Outside TLS only the question for capabilities, STARTTLS, NOOP, ID and LOGOUT are allowed. Inside, a login or mailbox command needs TLS 1.2 or newer and a certificate that names the server and is vouched for. Where the client's policy is not known, the default minimum that RFC 8314 asks of every account is assumed. A client set to use TLS only where offered fails by going on without it; RFC 2595 allowed that in 1999.",
    blind: "The minimum that the account asks for, where it differs from the default.",
    protocols: &[Protocol::Imap, Protocol::Pop3],
    examples: Examples {
        bad: Session(
            "S: * OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=CRAM-MD5] ready
             C: a AUTHENTICATE CRAM-MD5
             S: a NO not here",
        ),
        good: UPGRADE_THEN_PLAIN,
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let outside = leg.commands().filter(|(event, _)| case.clear(event)).find(|(_, command)| {
        !matches!(command.verb, Verb::Capability | Verb::StartTls | Verb::Neutral | Verb::Logout)
    });
    if let Some((event, command)) = outside {
        let name = &command.name;
        let message = match case.policy() {
            Some((_, Policy::TlsRequired)) => format!("The client requires TLS and sent {name} outside it."),
            Some(_) => format!(
                "The client sent {name} outside TLS. It is set to use TLS where offered, which RFC 2595 section 2.2 allowed in 1999 and RFC 8314 does not."
            ),
            None => format!(
                "The client sent {name} outside TLS. Its policy is not known; the default minimum of RFC 8314 section 5.2 is assumed."
            ),
        };
        return Finding::fail([event], message);
    }
    let needs = leg.commands().find(|(e, command)| case.inside(e) && command.verb.wants_protection());
    let up = leg.tls_up();
    match (up.map(|(event, facts)| (event, meets_minimum(facts))), needs) {
        (Some((tls, Some(false))), Some((event, command))) => Finding::fail(
            [tls, event],
            format!("The client sent {} inside a TLS layer that is below the minimum.", command.name),
        ),
        (Some((tls, Some(_))), _) => {
            Finding::pass([tls], "Outside TLS the client did nothing but prepare it.")
        }
        (Some((_, None)), _) | (None, Some(_)) => Finding::cannot_tell(
            "The version of TLS and what the client made of the certificate: record the facts of the handshake.",
        ),
        (None, None) if leg.tls_hidden() => Finding::cannot_tell(
            "Whether the handshake was completed, and how: record the facts of the handshake.",
        ),
        (None, None) => {
            match leg.commands().next_back().map(|(event, _)| event).or(leg.closed_by(Side::Client)) {
                Some(event) => Finding::pass([event], "Without TLS the client did nothing that needs it."),
                None => Finding::not_applicable("The client did nothing at all."),
            }
        }
    }
}

/// Whether a handshake meets RFC 8314's minimum as RFC 8997 raises it; `None` where the facts do not say.
fn meets_minimum(facts: &Facts) -> Option<bool> {
    if facts.version.is_some_and(|version| version < Version::Tls12) {
        return Some(false);
    }
    let certificate = facts.certificate.as_ref()?;
    if !certificate.trusted || !certificate.in_date {
        return Some(false);
    }
    facts.reference()?;
    // A name from an insecure look-up proves nothing, however well it matches (RFC 7817 section 3).
    let rules = identity::NameRules::Rfc7817;
    let references: Vec<_> = facts.references.iter().filter(|one| one.acceptable(rules)).cloned().collect();
    let named = identity::speaks_for(rules, &references, certificate);
    facts.version.map(|_| named).or((!named).then_some(false))
}

#[cfg(test)]
mod tests {
    use crate::base::Side::Client;
    use crate::testing::check;

    #[test]
    fn a_login_outside_tls_fails_under_every_policy_and_says_which() {
        let with = |policy: &str| {
            format!("{policy}\nC: a AUTHENTICATE CRAM-MD5 <-- S-8314-minconf fail\nS: a NO no")
        };
        assert!(check("S-8314-minconf", Client, &with("P client TlsRequired")).message.contains("requires"));
        assert!(check("S-8314-minconf", Client, &with("P client TlsIfOffered")).message.contains("1999"));
        assert!(check("S-8314-minconf", Client, &with("S: * OK hi")).message.contains("assumed"));
    }

    #[test]
    fn working_on_a_mailbox_after_preauth_fails() {
        check(
            "S-8314-minconf",
            Client,
            "S: * PREAUTH hi
             C: a SELECT INBOX              <-- S-8314-minconf fail",
        );
    }

    #[test]
    fn capabilities_starttls_noop_and_logout_are_allowed() {
        check(
            "S-8314-minconf",
            Client,
            "C: a CAPABILITY
             S: * CAPABILITY IMAP4rev1
             S: a OK done
             C: b NOOP
             S: b OK done
             C: c STARTTLS
             S: c NO no
             C: d LOGOUT                    <-- S-8314-minconf pass",
        );
    }

    #[test]
    fn tls_must_be_good_enough() {
        let with =
            |tls: &str, mark: &str| format!("C: a STARTTLS\nS: a OK go\n{tls}{mark}\nC: b LOGIN ana s3cret");
        check("S-8314-minconf", Client, &with("==TLS UP==", " <-- S-8314-minconf pass"));
        for tls in ["==TLS UP OLD==", "==TLS UP UNTRUSTED=="] {
            let mark = " <-- S-8314-minconf fail";
            check("S-8314-minconf", Client, &format!("{}{mark}", with(tls, mark)));
        }
        check("S-8314-minconf", Client, &with("==TLS==\n", "<-- S-8314-minconf cannot-tell"));
        check("S-8314-minconf", Client, "S: * OK hi\n<-- S-8314-minconf not-applicable");
    }
}
