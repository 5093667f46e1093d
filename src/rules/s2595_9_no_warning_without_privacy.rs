//! A19: the user hears when the session is not private.

use super::examples::Sample::Run;
use super::{Case, Examples, Finding, Rule};
use crate::base::{Protocol, Side};
use crate::trace::{Note, Verb};

/// The rule.
pub static RULE: Rule = Rule {
    id: "A19",
    title: "Without TLS the client warns its user or stops",
    why: "An attacker who removes STARTTLS leaves a session that looks as if the server had no TLS. Only the user can know better, and only if somebody tells him.",
    how: "A warning or a deliberate end keeps the rule; both are notes of the client. So does a session in which no password, no token and no mailbox command left the client outside TLS. Where something did, the wire does not show what the user was told, and without a note there is no verdict.",
    blind: "What a person was shown: that takes a note, or the client's own log.",
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    examples: Examples {
        bad: Run("imap client=opportunistic server=open attack=strip-capability"),
        good: Run("imap client=private server=strict attack=strip-capability"),
        implies: &["S-8314-minconf", "S-9051-login", "S-9051-plaincfg"],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let shown = leg.credentials().map(|(event, _)| event).find(|event| case.clear(event));
    let mut content = leg.commands_of(Verb::Mailbox).map(|(event, _)| event);
    let exposed = shown.or_else(|| content.find(|event| case.clear(event)));
    let silent = leg.note(Side::Client, |note| note == Note::UserNotWarned);
    let warned = leg.note(Side::Client, |note| note == Note::WarnedUser);
    let refused = leg.note(Side::Client, |note| matches!(note, Note::Refused(_)));
    if let Some(event) = exposed {
        return match (warned, silent) {
            (Some(note), _) if note.id < event.id => {
                Finding::pass([note], "The client warned its user before it went on outside TLS.")
            }
            (_, Some(note)) => {
                Finding::fail([event, note], "The client went on outside TLS and told its user nothing.")
            }
            (Some(note), None) => Finding::pass([note], "The client warned its user."),
            (None, None) => Finding::cannot_tell(
                "Whether the user was warned before something private was sent outside TLS: the client's own log must say so.",
            ),
        };
    }
    if let Some(note) = warned.or(refused) {
        return Finding::pass([note], "The client told its user, or ended the session.");
    }
    let end = leg
        .tls_began()
        .or_else(|| leg.inside_tls())
        .or_else(|| leg.commands_of(Verb::Logout).map(|(event, _)| event).next())
        .or_else(|| leg.closed_by(Side::Client));
    match end {
        Some(event) => Finding::pass([event], "Nothing private left the client outside TLS."),
        None => Finding::not_applicable("The session ended before there was anything to protect."),
    }
}

#[cfg(test)]
mod tests {
    use crate::base::Side::Client;
    use crate::testing::check;

    #[test]
    fn going_on_in_silence_fails() {
        check(
            "A19",
            Client,
            "P client TlsIfOffered
             N client UserNotWarned         <-- A19 fail
             C: a LOGIN ana s3cret          <-- A19 fail",
        );
    }

    #[test]
    fn mail_without_a_password_is_private_too() {
        check(
            "A19",
            Client,
            "S: * PREAUTH hi
             N client UserNotWarned         <-- A19 fail
             C: a SELECT INBOX              <-- A19 fail",
        );
    }

    #[test]
    fn a_warning_or_a_refusal_keeps_it_even_if_the_attack_wins() {
        check(
            "A19",
            Client,
            "N client WarnedUser            <-- A19 pass
             C: a LOGIN ana s3cret",
        );
        check("A19", Client, "S: * OK hi\nN client Refused(NotOffered) <-- A19 pass");
    }

    #[test]
    fn a_warning_or_a_refusal_after_the_harm_does_not_mend_it() {
        check(
            "A19",
            Client,
            "N client UserNotWarned         <-- A19 fail
             C: a LOGIN ana s3cret          <-- A19 fail
             S: a OK welcome
             C: b STARTTLS
             S: b NO late
             N client WarnedUser
             N client Refused(StartTlsRefused)",
        );
    }

    #[test]
    fn nothing_private_outside_tls_keeps_it() {
        check(
            "A19",
            Client,
            "C: a STARTTLS
             S: a OK go
             ==TLS==                        <-- A19 pass
             C: b LOGIN ana s3cret",
        );
        check("A19", Client, "S: * OK hi\nC: a LOGOUT <-- A19 pass");
    }

    #[test]
    fn a_transcript_does_not_show_what_the_user_was_told() {
        check("A19", Client, "C: a LOGIN ana s3cret\nS: a NO wrong\n<-- A19 cannot-tell");
        check("A19", Client, "S: * OK hi\n<-- A19 not-applicable");
    }
}
