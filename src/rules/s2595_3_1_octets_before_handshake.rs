//! B14: nothing stands between the positive answer and the handshake.

use super::examples::Sample::Session;
use super::{Case, Examples, Finding, Rule};
use crate::base::{Protocol, Side};
use crate::trace::{Class, Event, Verb};

use super::repeated::UPGRADE_THEN_PLAIN;
/// The rule.
pub static RULE: Rule = Rule {
    id: "B14",
    title: "Nothing comes between the yes to STARTTLS and the TLS handshake",
    why: "Octets between the positive answer and the handshake were sent in the clear. A peer that keeps them in its buffer and reads them inside TLS takes an attacker's words for protected ones.",
    how: "Reads the octets that were still in the clear when the handshake began: of the server behind its OK, of the client behind its STARTTLS line. A client's early commands belong to rule A12 and are not counted twice; an empty line is one for this rule. A program's log may leave out octets that nobody read.",
    blind: "Octets that no program ever read, in a log that does not show them.",
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    examples: Examples {
        bad: Session(
            "S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready
             C: a STARTTLS
             S: a OK go
             S: * OK still here
             ==TLS==
             C: b CAPABILITY
             S: * CAPABILITY IMAP4rev1 AUTH=PLAIN
             S: b OK done",
        ),
        good: UPGRADE_THEN_PLAIN,
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let Some((asked, tls)) = leg.upgraded() else {
        return Finding::not_applicable("No handshake followed a STARTTLS.");
    };
    let surplus = leg.of(Class::LeftOver).find(|event| case.own(event) && !is_commands(case, event));
    if let Some(event) = surplus {
        let message = match case.side {
            Side::Client => {
                "The client sent octets that are no command between STARTTLS and the handshake.".to_owned()
            }
            Side::Server => format!(
                "The server sent {} octets in the clear behind its positive answer{}.",
                event.span.len(),
                case.here()
            ),
        };
        return Finding::fail([event], message);
    }
    if !leg.trace().carries().every_octet {
        return Finding::cannot_tell(
            "Whether octets came that the program never read: record the octets on the wire.",
        );
    }
    let answer = leg.reply_to(asked.id).map(|(event, _)| event);
    Finding::pass([answer.unwrap_or(asked), tls], "Nothing stands in front of the handshake.")
}

/// Whether left-over octets of the client are commands and nothing else.
fn is_commands(case: &Case<'_>, left: &Event) -> bool {
    let within = |at: &&Event| at.span.end <= left.span.end;
    let commands = case.leg.commands_from(left.span.start).take_while(|(at, _)| within(at));
    let inside = commands.filter(|(at, command)| case.clear(at) && command.verb != Verb::StartTls);
    case.side == Side::Client && inside.map(|(event, _)| event.span.len()).sum::<u32>() == left.span.len()
}

#[cfg(test)]
mod tests {
    use crate::base::Side::{Client, Server};
    use crate::testing::check;

    #[test]
    fn a_line_behind_the_ok_of_the_server_fails() {
        check(
            "B14",
            Server,
            "C: a STARTTLS
             S: a OK go
             S: * OK [ALERT] x              <-- B14 fail
             ==TLS==",
        );
        check(
            "B14",
            Server,
            "C: a STARTTLS
             S: a OK go
             S> *                           <-- B14 fail
             ==TLS==",
        );
    }

    #[test]
    fn the_server_does_not_answer_for_what_the_middle_added() {
        let script = "C: a STARTTLS
             S: a OK go
             S+ * OK [ALERT] x
             ==TLS UP==
             C: b NOOP
             ==SERVER HOP==
             C: a STARTTLS
             S: a OK go                     <-- B14 pass
             ==TLS UP==                     <-- B14 pass
             C: b NOOP";
        check("B14", Server, script);
    }

    #[test]
    fn an_empty_line_of_the_client_fails_and_a_command_is_another_rules_matter() {
        check(
            "B14",
            Client,
            "C: a STARTTLS
             S: a OK go
             C:                             <-- B14 fail
             ==TLS==",
        );
        check(
            "B14",
            Client,
            "C: a STARTTLS
             C: b CAPABILITY
             S: a OK go                     <-- B14 pass
             ==TLS==                        <-- B14 pass",
        );
    }

    #[test]
    fn a_log_proves_no_silence_and_without_a_handshake_there_is_nothing_before_it() {
        check("B14", Server, "==LOG==\nC: a STARTTLS\nS: a OK go\n==TLS==\n<-- B14 cannot-tell");
        check("B14", Server, "C: a STARTTLS\nS: a OK go\nS: * OK x\n<-- B14 not-applicable");
        check("B14", Client, "==TLS==\nS: * OK hi\n<-- B14 not-applicable");
    }
}
