//! A12: no command between STARTTLS and the end of the handshake.

use super::examples::Sample::Session;
use super::{Case, Examples, Finding, Rule};
use crate::base::{Layer, Protocol};
use crate::trace::{Status, Verb};

use super::repeated::UPGRADE_THEN_PLAIN;
/// The rule.
pub static RULE: Rule = Rule {
    id: "A12",
    title: "After STARTTLS the client waits for TLS before its next command",
    why: "Commands that travel in the clear behind STARTTLS can be read and changed, and a careless server answers them inside TLS as if they had been protected.",
    how: "Looks for commands outside TLS behind a STARTTLS line. The ban ends with a negative answer or with TLS; after a positive answer or a failed handshake it stays, since the handshake was never completed. What was pipelined in front of STARTTLS is fine, and an empty line is no command. A program's log may leave out octets that nobody read, so that it can only prove a breach.",
    blind: "Octets that were sent and never read, in a program's log that does not show them.",
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    examples: Examples {
        bad: Session(
            "S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready
             C: a STARTTLS
             C: b NOOP
             S: a OK go
             ==TLS==
             C: c CAPABILITY
             S: * CAPABILITY IMAP4rev1 AUTH=PLAIN
             S: c OK done",
        ),
        good: UPGRADE_THEN_PLAIN,
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let mut banned_by = None;
    let mut asked = None;
    let up = leg.events().find(|at| at.layer == Layer::Tls && !at.span.is_empty()).map(|event| event.id);
    for (event, command) in leg.commands().filter(|(event, _)| case.clear(event)) {
        if let Some(starttls) = banned_by {
            let answer = leg.reply_to(starttls).filter(|(at, _)| at.id < event.id);
            let refused = answer.is_some_and(|(_, reply)| reply.status != Some(Status::Ok));
            // A layer that came up and ended again is another matter (B02).
            let over = up.is_some_and(|up| starttls < up && up < event.id);
            if refused || over {
                banned_by = None;
            } else {
                let when = if leg.tls_failed().is_some_and(|(at, _)| at.id < event.id) {
                    "after a failed handshake"
                } else if answer.is_some() {
                    "after the positive answer, in the clear"
                } else {
                    "before the answer"
                };
                let message = format!("{} was sent behind STARTTLS, {when}.", command.name);
                return Finding::fail(asked.into_iter().chain([event]), message);
            }
        }
        if command.verb == Verb::StartTls {
            (banned_by, asked) = (Some(event.id), Some(event));
        }
    }
    let Some(asked) = asked else { return Finding::not_applicable("STARTTLS was never sent in the clear.") };
    if !leg.trace().carries().every_octet {
        return Finding::cannot_tell(
            "Whether a command followed STARTTLS that the program never read: record the octets on the wire.",
        );
    }
    let end = leg.reply_to(asked.id).map(|(at, _)| at).or_else(|| leg.tls_began());
    Finding::pass(std::iter::once(asked).chain(end), "No command stands between STARTTLS and its outcome.")
}

#[cfg(test)]
mod tests {
    use crate::base::Side::Client;
    use crate::testing::check;

    #[test]
    fn a_command_before_the_answer_or_before_the_handshake_is_too_early() {
        check(
            "A12",
            Client,
            "C: a STARTTLS                  <-- A12 fail
             C: b CAPABILITY                <-- A12 fail
             S: a OK go
             ==TLS==
             C: c NOOP",
        );
        check(
            "A12",
            Client,
            "C: a STARTTLS                  <-- A12 fail
             S: a OK go
             C: b NOOP                      <-- A12 fail
             ==TLS==",
        );
    }

    #[test]
    fn half_a_command_before_the_handshake_counts() {
        check(
            "A12",
            Client,
            "C: a STARTTLS                  <-- A12 fail
             S: a OK go
             C> b LOGIN ana                 <-- A12 fail
             ==TLS==",
        );
    }

    #[test]
    fn commands_in_the_clear_where_no_handshake_followed_or_it_failed_are_too_early() {
        check(
            "A12",
            Client,
            "C: a STARTTLS                  <-- A12 fail
             S: a OK go
             C: b LOGIN ana s3cret          <-- A12 fail",
        );
        check(
            "A12",
            Client,
            "C: a STARTTLS                  <-- A12 fail
             S: a OK go
             ==TLS FAILED==
             C: b LOGIN ana s3cret          <-- A12 fail",
        );
    }

    #[test]
    fn a_negative_answer_ends_the_ban() {
        check(
            "A12",
            Client,
            "C: a STARTTLS                  <-- A12 pass
             S: a BAD what                  <-- A12 pass
             C: b LOGIN ana s3cret",
        );
        check(
            "A12",
            Client,
            "C: a STARTTLS                  <-- A12 fail
             C: b LOGIN ana s3cret          <-- A12 fail
             S: a BAD what",
        );
    }

    #[test]
    fn an_untagged_ok_or_the_answer_to_another_tag_is_no_answer() {
        check(
            "A12",
            Client,
            "C: a STARTTLS                  <-- A12 fail
             S: * NO just so
             S: b NO another
             C: c NOOP                      <-- A12 fail",
        );
    }

    #[test]
    fn commands_pipelined_in_front_of_starttls_are_fine() {
        check(
            "A12",
            Client,
            "C: a CAPABILITY
             C: b STARTTLS                  <-- A12 pass
             S: * CAPABILITY IMAP4rev1 STARTTLS
             S: a OK done
             S: b OK go                     <-- A12 pass
             ==TLS==
             C: c CAPABILITY",
        );
    }

    #[test]
    fn an_empty_line_is_no_command() {
        check(
            "A12",
            Client,
            "C: a STARTTLS                  <-- A12 pass
             S: a OK go                     <-- A12 pass
             C:
             ==TLS==",
        );
    }

    #[test]
    fn starttls_though_not_listed_is_no_breach() {
        check(
            "A12",
            Client,
            "S: * OK [CAPABILITY IMAP4rev1] hi
             C: a STARTTLS                  <-- A12 pass
             S: a BAD what                  <-- A12 pass",
        );
    }

    #[test]
    fn a_log_proves_no_silence_and_a_session_without_starttls_has_nothing_to_prove() {
        check("A12", Client, "==LOG==\nC: a STARTTLS\nS: a OK go\n==TLS==\n<-- A12 cannot-tell");
        check("A12", Client, "C: a LOGIN ana s3cret\n<-- A12 not-applicable");
    }
}
