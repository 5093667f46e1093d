//! B19: a server that lists LOGINDISABLED answers LOGIN with NO.

use super::examples::Sample::Session;
use super::{Case, Examples, Finding, Rule, here};
use crate::base::Protocol;
use crate::trace::{Status, Verb};

use super::repeated::UPGRADE_THEN_PLAIN;
/// The rule.
pub static RULE: Rule = Rule {
    id: "B19",
    title: "A server that lists LOGINDISABLED refuses LOGIN",
    why: "Clients that do not know the word send the password anyway. If the server takes it, nobody notices that it went over the wire for everyone to read.",
    how: "Looks at the newest list that the server had sent on the same layer before each LOGIN, and at the answer. The password has been disclosed by then, whatever the answer is. Whether a NO differs for right and wrong passwords takes two runs to see.",
    blind: "Who wrote the list, in a recording of one wire.",
    protocols: &[Protocol::Imap],
    examples: Examples {
        bad: Session(
            "S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready
             C: a LOGIN ana s3cret
             S: a OK welcome",
        ),
        good: UPGRADE_THEN_PLAIN,
        implies: &["A16", "S-8314-minconf", "S-9051-login", "S-9051-plaincfg"],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let mut refused = None;
    let mut unanswered = false;
    for (login, _) in leg.commands_of(Verb::Login) {
        let Some((list, capabilities)) = leg.list_before(login.id, login.layer) else { continue };
        if !case.forbids_login(list, capabilities) || !case.own(list) {
            continue;
        }
        match leg.reply_to(login.id) {
            None => unanswered = true,
            Some((at, reply)) if reply.status == Some(Status::Ok) && case.own(at) => {
                return Finding::fail(
                    [list, login, at],
                    here!(case, "The server lists LOGINDISABLED and accepted LOGIN"),
                );
            }
            Some((at, _)) => refused = refused.or(Some((list, at))),
        }
    }
    match refused {
        _ if unanswered => {
            Finding::cannot_tell("The server's answer to LOGIN: record the session to its end.")
        }
        Some((list, at)) => {
            Finding::pass([list, at], here!(case, "The server lists LOGINDISABLED and accepted no LOGIN"))
        }
        None => Finding::not_applicable("LOGIN was never sent where the server lists LOGINDISABLED."),
    }
}

#[cfg(test)]
mod tests {
    use crate::base::Side::Server;
    use crate::testing::check;

    #[test]
    fn listing_it_and_accepting_login_fails() {
        check(
            "B19",
            Server,
            "S: * OK [CAPABILITY IMAP4rev1 LOGINDISABLED] hi    <-- B19 fail
             C: a LOGIN ana s3cret                              <-- B19 fail
             S: a OK welcome                                    <-- B19 fail",
        );
    }

    #[test]
    fn a_refusal_keeps_it() {
        check(
            "B19",
            Server,
            "S: * OK [CAPABILITY IMAP4rev1 LOGINDISABLED] hi    <-- B19 pass
             C: a LOGIN ana s3cret
             S: a NO not here                                   <-- B19 pass",
        );
    }

    #[test]
    fn a_word_that_the_middle_added_binds_nobody() {
        check(
            "B19",
            Server,
            "S+ * OK [CAPABILITY IMAP4rev1 LOGINDISABLED] hi
             C: a LOGIN ana s3cret
             S: a OK welcome
             ==SERVER HOP==
             S: * OK [CAPABILITY IMAP4rev1] hi
             C: a LOGIN ana s3cret
             S: a OK welcome
             <-- B19 not-applicable",
        );
    }

    #[test]
    fn answers_are_matched_by_tag_and_a_missing_one_decides_nothing() {
        check(
            "B19",
            Server,
            "S: * OK [CAPABILITY IMAP4rev1 LOGINDISABLED] hi
             C: a LOGIN ana s3cret
             C: b NOOP
             S: b OK done
             <-- B19 cannot-tell",
        );
        check("B19", Server, "S: * OK hi\nC: a LOGIN ana s3cret\nS: a OK hi\n<-- B19 not-applicable");
    }
}
