//! A16: no LOGIN once LOGINDISABLED is listed.

use super::examples::Sample::Session;
use super::{Case, Examples, Finding, Rule};
use crate::base::Protocol;
use crate::trace::Verb;

use super::repeated::UPGRADE_THEN_PLAIN;
/// The rule.
pub static RULE: Rule = Rule {
    id: "A16",
    title: "The client sends no LOGIN to a server that lists LOGINDISABLED",
    why: "A server that refuses clear-text passwords can only say so before the client sends one. The capability keeps the password off a wire that somebody listens to. Against somebody who can change the wire it does nothing, because he removes the word.",
    how: "Looks at the newest capability list of the same layer that the client had got before each LOGIN: a newer list replaces an older one, and one from before TLS says nothing about the inside. LOGIN without any list is not judged, because nothing forbade it. If the inside of TLS cannot be read, only a breach outside it can be proven. AUTHENTICATE is another command, even with the mechanism named LOGIN.",
    blind: "Lists that came before the recording began.",
    protocols: &[Protocol::Imap],
    examples: Examples {
        bad: Session(
            "S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready
             C: a LOGIN ana s3cret
             S: a NO [PRIVACYREQUIRED] not here",
        ),
        good: UPGRADE_THEN_PLAIN,
        implies: &["S-8314-minconf", "S-9051-login"],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let mut obeyed = None;
    let mut logins = 0;
    for (login, _) in leg.commands_of(Verb::Login) {
        logins += 1;
        let Some((list, capabilities)) = leg.list_before(login.id, login.layer) else { continue };
        if capabilities.login_disabled() {
            return Finding::fail(
                [list, login],
                "LOGIN was sent although the newest capability list contains LOGINDISABLED.",
            );
        }
        obeyed = obeyed.or(Some((list, login)));
    }
    if leg.tls_hidden() {
        return Finding::cannot_tell(
            "Whether LOGIN and LOGINDISABLED met inside TLS: record the session as one of the programs logs it.",
        );
    }
    if let Some((list, login)) = obeyed {
        return Finding::pass([list, login], "The list in force when LOGIN was sent does not forbid it.");
    }
    match leg.lists().find(|(at, list)| case.forbids_login(at, list)) {
        Some((list, _)) if logins == 0 => {
            Finding::pass([list], "LOGINDISABLED was listed and no LOGIN followed.")
        }
        _ if logins == 0 => Finding::not_applicable("LOGINDISABLED was never listed and LOGIN never sent."),
        _ => Finding::not_applicable("No capability list was in force when LOGIN was sent."),
    }
}

#[cfg(test)]
mod tests {
    use crate::base::Side::Client;
    use crate::testing::check;

    #[test]
    fn login_under_logindisabled_fails_however_it_is_spelled() {
        check(
            "A16",
            Client,
            "S: * OK [capability imap4rev1 logindisabled] hi    <-- A16 fail
             C: a login ana s3cret                              <-- A16 fail
             S: a NO not here",
        );
        check(
            "A16",
            Client,
            "S: * OK [CAPABILITY IMAP4rev1 LOGINDISABLED] hi    <-- A16 fail
             C: a LOGIN {3}                                     <-- A16 fail
             S: a NO not here",
        );
    }

    #[test]
    fn the_newest_list_replaces_the_older_ones() {
        check(
            "A16",
            Client,
            "S: * OK [CAPABILITY IMAP4rev1 LOGINDISABLED] hi
             C: a CAPABILITY
             S: * CAPABILITY IMAP4rev1      <-- A16 pass
             S: a OK done
             C: b LOGIN ana s3cret          <-- A16 pass",
        );
    }

    #[test]
    fn a_list_that_comes_after_the_login_does_not_forbid_it() {
        check(
            "A16",
            Client,
            "C: a CAPABILITY
             C: b LOGIN ana s3cret
             S: * CAPABILITY IMAP4rev1 LOGINDISABLED
             S: a OK done
             <-- A16 not-applicable",
        );
    }

    #[test]
    fn a_list_from_before_tls_does_not_forbid_login_inside() {
        check(
            "A16",
            Client,
            "S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] hi
             C: a STARTTLS
             S: a OK go
             ==TLS==
             C: b CAPABILITY
             S: * CAPABILITY IMAP4rev1      <-- A16 pass
             S: b OK done
             C: c LOGIN ana s3cret          <-- A16 pass",
        );
    }

    #[test]
    fn logindisabled_inside_tls_forbids_login_there() {
        check(
            "A16",
            Client,
            "==TLS==
             S: * OK [CAPABILITY IMAP4rev1 LOGINDISABLED] hi    <-- A16 fail
             C: a LOGIN ana s3cret                              <-- A16 fail",
        );
    }

    #[test]
    fn a_simulated_session_that_ends_with_the_handshake_hides_nothing() {
        check(
            "A16",
            Client,
            "P client TlsRequired
             S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] hi    <-- A16 pass
             C: a STARTTLS
             S: a OK go
             ==TLS UP==
             ==CLIENT CLOSED==",
        );
    }

    #[test]
    fn authenticate_is_another_command() {
        check(
            "A16",
            Client,
            "S: * OK [CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=PLAIN] hi    <-- A16 pass
             C: a AUTHENTICATE PLAIN
             S: +
             C: AGFuYQBzM2NyZXQ=
             S: a OK done",
        );
    }

    #[test]
    fn no_list_is_not_an_empty_list_and_a_hidden_inside_decides_nothing() {
        check("A16", Client, "S: * OK hi\nC: a LOGIN ana s3cret\n<-- A16 not-applicable");
        check("A16", Client, "S: * OK hi\nC: a LOGOUT\n<-- A16 not-applicable");
        check(
            "A16",
            Client,
            "S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] hi
             C: a STARTTLS
             S: a OK go
             ==TLS==
             <-- A16 cannot-tell",
        );
    }
}
