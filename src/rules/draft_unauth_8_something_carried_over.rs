//! UNA03: UNAUTHENTICATE resets everything but TLS.

use super::kit::*;
use crate::trace::Note;

/// The rule.
pub static RULE: Rule = Rule {
    id: "UNA03",
    title: "UNAUTHENTICATE resets everything but TLS",
    why: "The next user of the connection inherits nothing: no mailbox, no data and no rights.",
    how: "TLS that ends with the reset, and what the other rules about UNAUTHENTICATE find: access without a login, CONDSTORE or other extensions still on, a saved search, news of a mailbox. In a simulation the server says itself what it forgot and what it kept. Without such a sign nobody can tell what the server still knows.",
    blind: "What the server keeps and does not show: groups of access lists, languages, caches.",
    protocols: &[Imap],
    examples: Examples {
        bad: Session(
            "==TLS==
             S: * PREAUTH [CAPABILITY IMAP4rev1 UNAUTHENTICATE] ready
             C: a UNAUTHENTICATE
             S: a OK done
             C: b LIST \"\" *
             S: b OK done",
        ),
        good: Session(
            "==TLS==
             S: * PREAUTH [CAPABILITY IMAP4rev1 UNAUTHENTICATE] ready
             C: a UNAUTHENTICATE
             S: a OK done
             N server Reset",
        ),
        implies: &["B16", "S-3501-state", "UNA04"],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    if !case.resets().any(|a| a.accepts() && case.own(a.at)) {
        return Finding::not_applicable("UNAUTHENTICATE was not granted.");
    }
    let leg = case.leg;
    if let Some([reset, ended]) = tls_ended(case) {
        return Finding::fail([reset, ended], "The server ended TLS with the reset and kept the connection.");
    }
    let says_kept = leg.note(Side::Server, |note| matches!(note, Note::Kept(_))).filter(|at| case.own(at));
    if let Some((at, Note::Kept(what))) = says_kept.and_then(|at| match at.kind {
        EventKind::Note(note) => Some((at, note)),
        _ => None,
    }) {
        return Finding::fail([at], format!("The server kept {} of the user before.", what.words()));
    }
    let signs = [
        super::draft_unauth_3_still_logged_in::check,
        super::draft_unauth_4_1_condstore_still_on::check,
        super::draft_unauth_4_1_enabled_still_on::check,
        super::draft_unauth_4_1_saved_search_kept::check,
        super::draft_unauth_4_1_news_of_mailboxes::check,
    ];
    let mut found =
        signs.into_iter().map(|sign| sign(case)).filter(|finding| matches!(finding, Finding::Fail { .. }));
    found.next().unwrap_or_else(|| {
        if let Some(at) = leg.note(Side::Server, |note| matches!(note, Note::Reset)) {
            return Finding::pass([at], "The server forgot all that it knew of its user.");
        }
        Finding::cannot_tell("What the server still knows of the user before: no session shows all of it. Log in as somebody else and look.")
    })
}

/// A granted UNAUTHENTICATE behind which the server ends TLS, the next thing that happens, and does not close.
fn tls_ended<'a>(case: &Case<'a>) -> Option<[&'a Event; 2]> {
    let granted = case.leg.answers().filter(|a| a.command.name == "UNAUTHENTICATE" && a.accepts());
    let mut granted = granted.map(|a| a.at).peekable();
    let mut before: Option<&Event> = None;
    let mut found: Option<[&Event; 2]> = None;
    for at in case.leg.events().filter(|at| at.kind.class() != Class::Note) {
        if let Some([_, ended]) = found {
            let closed = at.from == ended.from && at.kind.class() == Class::Closed;
            if !closed {
                return found;
            }
            found = None;
        }
        if matches!(at.kind, EventKind::TlsEnded(_)) && case.own(at) {
            found = before.map(|reset| [reset, at]);
        }
        while granted.next_if(|reset| reset.id < at.id).is_some() {}
        before = granted.next_if(|reset| reset.id == at.id);
    }
    found
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "UNA03"
        Server "S: * PREAUTH hi
             C: a UNAUTHENTICATE
             S: a OK done <-- UNA03 fail
             C: b SELECT INBOX
             S: b OK done <-- UNA03 fail"
        Server "S: * PREAUTH hi
             C: a UNAUTHENTICATE
             S: a OK done
             <-- UNA03 cannot-tell"
        Server "S: * PREAUTH hi
             C: a UNAUTHENTICATE
             S: a OK done
             N server Reset <-- UNA03 pass"
        Server "S: * PREAUTH hi
             C: a UNAUTHENTICATE
             S: a OK done
             N server Kept(Groups) <-- UNA03 fail"
        Server "C: a NOOP
             <-- UNA03 not-applicable"
    }
}
