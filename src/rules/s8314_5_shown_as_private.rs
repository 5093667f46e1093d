//! S-8314-indicator: a session below the minimum is not shown as private.

use super::kit::*;
use crate::tls::Version;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-8314-indicator",
    title: "A session below the minimum is not shown as private",
    why: "A user who is told that a session is private behaves as if it were.",
    how: "A client that logs in over a layer older than TLS 1.2, or with a certificate that it did not validate, and neither warned nor asked its user: the session looks like any other.",
    blind: "In a recording, what the user was shown.",
    protocols: IP,
    examples: Examples {
        bad: Run("imap client=private server=strict client.no-name-check=on"),
        good: Run("imap client=private server=strict"),
        implies: &["A06", "S-8314-certval"],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let (up, facts) = match case
        .handshake("The version and what the client looked at: capture the handshake, or read its log.")
    {
        Ok(found) => found,
        Err(finding) => return finding,
    };
    let unchecked = facts
        .verification
        .as_ref()
        .is_some_and(|v| v.name_matched.is_none() || !v.path_checked || !v.faults.is_empty());
    let poor = unchecked || facts.version.is_some_and(|version| version < Version::Tls12);
    if !case.saw(up, poor, "the layer is below the minimum", "the layer is as good as it has to be") {
        return Finding::not_applicable("The layer is as good as it has to be.");
    }
    let Some((event, _)) =
        leg.commands_behind(up.id).find(|(event, command)| case.is_private(event, command))
    else {
        return Finding::not_applicable("The client did nothing private in this session.");
    };
    let told = leg.note(Side::Client, |note| matches!(note, Note::WarnedUser | Note::AskedUser(_)));
    match told {
        Some(note) => Finding::pass([up, note], "The user was told."),
        None if leg.trace().carries().notes => {
            Finding::fail([up, event], "The client went on below the minimum and told its user nothing.")
        }
        None => Finding::cannot_tell("What the user was shown: the client's own log must say so."),
    }
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-8314-indicator"
        Client "N client CapabilitiesDropped
             C: a STARTTLS
             S: a OK go
             ==TLS UP OLD== <-- S-8314-indicator fail
             C: b LOGIN ana x <-- S-8314-indicator fail"
        Client "N client WarnedUser <-- S-8314-indicator pass
             C: a STARTTLS
             S: a OK go
             ==TLS UP OLD== <-- S-8314-indicator pass
             C: b LOGIN ana x"
        Client "C: a STARTTLS
             S: a OK go
             ==TLS UP OLD==
             C: b LOGIN ana x
             <-- S-8314-indicator cannot-tell"
        Client "C: a NOOP
             <-- S-8314-indicator not-applicable"
    }
}
