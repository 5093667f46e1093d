//! A13: capabilities learned before TLS are dropped.

use super::examples::Sample::Run;
use super::{Case, Examples, Finding, Rule};
use crate::base::{Layer, Protocol, Side, order};
use crate::sasl;
use crate::trace::{Capabilities, Event, Note, Verb};
use std::collections::BTreeSet;

/// The rule.
pub static RULE: Rule = Rule {
    id: "A13",
    title: "What the server listed before TLS is forgotten when TLS starts",
    why: "Before TLS anybody on the path can write the capability list. A client that goes on believing it inside TLS lets the attacker choose how it logs in.",
    how: "What a client forgets is not on the wire: its own note decides. Without one, a trace can prove a breach only: inside TLS the client uses a mechanism that no list inside TLS names, that the list before TLS named, and that is too rare to be a guess. Other data that the client learned in the clear is not meant here.",
    blind: "What a client remembers; a mechanism that everybody knows may have been tried without any list.",
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    examples: Examples {
        bad: Run("imap client=private client.keep-capabilities=on"),
        good: Run("imap client=private server=strict"),
        implies: &[],
    },
    check,
};

pub(super) fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let Some((_, tls)) = leg.upgraded() else {
        return Finding::not_applicable("No TLS was started on a connection that had begun without it.");
    };
    let before = leg.list_before(tls.id, Layer::Clear);
    if let Some(note) = leg.note(Side::Client, |note| note == Note::CapabilitiesKept) {
        return Finding::fail(
            before.map(|(list, _)| list).into_iter().chain([note]),
            "The client went on using the capability list from before TLS.",
        );
    }
    if let Some((list, event, mechanism)) = used_from_before(case, before) {
        return Finding::fail(
            [list, event],
            format!("Inside TLS the client used {mechanism}, which only the list from before TLS names."),
        );
    }
    if let Some(note) = leg.note(Side::Client, |note| note == Note::CapabilitiesDropped) {
        return Finding::pass([tls, note], "The client dropped what it knew when TLS had started.");
    }
    if before.is_none() {
        return Finding::not_applicable("No capability list came before TLS, so there was nothing to drop.");
    }
    Finding::cannot_tell(
        "Whether the client dropped the list from before TLS: its own log must say so. To provoke a breach, plant a made-up mechanism in the list before TLS.",
    )
}

/// A rare mechanism that the client used inside TLS and that only the list from before TLS names.
fn used_from_before<'a>(
    case: &Case<'a>,
    before: Option<(&'a Event, &'a Capabilities)>,
) -> Option<(&'a Event, &'a Event, &'a str)> {
    let (list, capabilities) = before?;
    let taught: BTreeSet<_> =
        order::collect(capabilities.mechanisms().filter(|name| !sasl::well_known(name)));
    if taught.is_empty() {
        return None;
    }
    let mut inside = BTreeSet::new();
    let mut newest = None;
    for (event, command) in case.leg.commands_of(Verb::Authenticate).filter(|(e, _)| case.inside(e)) {
        let now = case.leg.list_before(event.id, Layer::Tls);
        if now.map(|(at, _)| at.id) != newest {
            newest = now.map(|(at, _)| at.id);
            inside = order::collect(now.into_iter().flat_map(|(_, list)| list.mechanisms()));
        }
        let mechanism = command.mechanism.as_deref().filter(|name| taught.contains(name));
        if let Some(mechanism) = mechanism.filter(|name| !inside.contains(name)) {
            return Some((list, event, mechanism));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::base::Side::Client;
    use crate::testing::check;

    #[test]
    fn the_notes_of_the_client_decide() {
        check(
            "A13",
            Client,
            "S: * OK [CAPABILITY IMAP4rev1 STARTTLS] hi     <-- A13 fail
             C: a STARTTLS
             S: a OK go
             ==TLS UP==
             N client CapabilitiesKept                      <-- A13 fail
             C: b LOGIN ana s3cret",
        );
        check(
            "A13",
            Client,
            "S: * OK [CAPABILITY IMAP4rev1 STARTTLS] hi
             C: a STARTTLS
             S: a OK go
             ==TLS UP==                                     <-- A13 pass
             N client CapabilitiesDropped                   <-- A13 pass
             C: b CAPABILITY",
        );
    }

    #[test]
    fn a_made_up_mechanism_that_only_the_old_list_named_proves_a_breach() {
        check(
            "A13",
            Client,
            "S: * OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=X-PLANTED] hi  <-- A13 fail
             C: a STARTTLS
             S: a OK go
             ==TLS==
             C: b AUTHENTICATE X-PLANTED                                <-- A13 fail",
        );
    }

    #[test]
    fn a_well_known_mechanism_or_one_that_is_listed_again_proves_nothing() {
        for (listed, again) in [("PLAIN", "STARTTLS"), ("X-PLANTED", "AUTH=X-PLANTED")] {
            check(
                "A13",
                Client,
                &format!(
                    "S: * OK [CAPABILITY IMAP4rev1 AUTH={listed}] hi
                     C: a STARTTLS
                     S: a OK go
                     ==TLS==
                     S: * CAPABILITY IMAP4rev1 {again}
                     C: b AUTHENTICATE {listed}
                     <-- A13 cannot-tell"
                ),
            );
        }
    }

    #[test]
    fn without_a_list_or_without_an_upgrade_there_is_nothing_to_drop() {
        check("A13", Client, "C: a STARTTLS\nS: a OK go\n==TLS==\nC: b NOOP\n<-- A13 not-applicable");
        check("A13", Client, "==TLS==\nS: * OK [CAPABILITY IMAP4rev1] hi\n<-- A13 not-applicable");
        check("A13", Client, "S: * OK [CAPABILITY IMAP4rev1] hi\n<-- A13 not-applicable");
    }
}
