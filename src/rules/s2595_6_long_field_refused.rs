//! B27: each field of PLAIN is taken up to 255 octets.

use super::kit::*;
use crate::trace::{Leg, PlainMessage, Span};

/// The rule.
pub static RULE: Rule = Rule {
    id: "B27",
    title: "Each field of PLAIN is taken up to 255 octets",
    why: "A user with a long password cannot log in at a server that takes less, and one that cuts it off takes a shorter one for right.",
    how: "The server's BAD to a PLAIN message that keeps its grammar and has no field longer than that. NO may mean that the password was wrong.",
    blind: "A server that cuts a field off and finds the rest wrong.",
    protocols: IPA,
    examples: Examples {
        bad: Session(
            "==TLS==
             S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
             C: a AUTHENTICATE PLAIN AGFuYQBzM2NyZXQ=
             S: a BAD too long",
        ),
        good: PLAIN_INSIDE,
        implies: &[],
    },
    check,
};

/// RFC 2595 section 6, octets of a field.
const EVERY_SERVER_TAKES: usize = 255;

/// ACAP: no quoted string holds a NUL, so that a message in quotes is badly written (RFC 2244 section 2.6.3).
fn quoted(leg: Leg<'_>, message: &PlainMessage<'_>) -> bool {
    let before = message.at.secrets.first().and_then(|secret| secret.start.checked_sub(1));
    let quote = before.map(|start| Span { start, end: start.saturating_add(1) });
    let octet = quote.map(|quote| leg.trace().slice(message.at.hop, message.at.from, quote));
    leg.trace().protocol() == Acap && octet == Some(b"\"")
}

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let occasions = leg.plain_messages().filter(|message| case.well_formed(message)).filter_map(|message| {
        // A first message where none is permitted gets BAD for that.
        let list = leg.list_before(message.at.id, message.at.layer);
        let at_once = message.at.id == message.command && leg.trace().protocol() == Imap;
        let permitted = !at_once || list.is_some_and(|(_, list)| list.has("SASL-IR"));
        let permitted = permitted && !quoted(leg, &message);
        let permitted = case.saw(
            message.at,
            permitted,
            "it may be sent where it is",
            "it comes where no message is permitted",
        );
        let parts = leg.plain_parts(&message).filter(|_| permitted)?;
        let longest =
            [parts.authzid.len(), parts.authcid.len(), parts.password.reveal().len()].into_iter().max()?;
        let given_up = leg
            .behind(Class::AuthStep, message.at.id)
            .take_while(
                |at| matches!(&at.kind, EventKind::AuthStep { command, .. } if *command == message.command),
            )
            .any(|at| matches!(&at.kind, EventKind::AuthStep { cancel: true, .. }));
        case.saw(message.at, !given_up, "the client awaits the answer", "the client gives the exchange up");
        let (at, reply) = leg.reply_to(message.command).filter(|(at, _)| {
            !given_up && case.own(at) && case.logged_in(at.id).is_none() && longest <= EVERY_SERVER_TAKES
        })?;
        Some(match reply.status {
            Some(Status::Bad) => broken(
                [message.at, at],
                here!(case, "The server answered BAD to a PLAIN message that it has to take"),
            ),
            _ => Occasion::Kept(at),
        })
    });
    each(occasions, "The server took the message.", "No PLAIN message was answered.")
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "B27"
        Server "C: a AUTHENTICATE PLAIN
             S: +
             C: AGFuYQBzM2NyZXQ= <-- B27 fail
             S: a BAD no <-- B27 fail"
        Server "C: a AUTHENTICATE PLAIN
             S: +
             C: AGFuYQBzM2NyZXQ=
             S: a NO no <-- B27 pass"
        Server "C: a NOOP
             <-- B27 not-applicable"
    }
}
