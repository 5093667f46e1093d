//! B29: the server looks at the password and at whom it may act for.

use super::kit::*;
use crate::sasl::plain::Plain;

/// The rule.
pub static RULE: Rule = Rule {
    id: "B29",
    title: "The server looks at the password and at whom it may act for",
    why: "A server that skips either lets anybody in, or lets anybody act for somebody else.",
    how: "Two PLAIN logins in the name of the same user with different passwords that were both granted. Acting for somebody else, where it is granted, may be right.",
    blind: "Which password is right, and who may act for whom: the server's own lists.",
    protocols: IPA,
    examples: Examples {
        bad: Session(
            "==TLS==
             S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
             C: a AUTHENTICATE PLAIN AGFuYQBzM2NyZXQ=
             S: a OK welcome
             C: b AUTHENTICATE PLAIN AGFuYQB3cm9uZw==
             S: b OK welcome",
        ),
        good: Session(
            "==TLS==
             S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
             C: a AUTHENTICATE PLAIN AGFuYQB3cm9uZw==
             S: a NO wrong",
        ),
        implies: &["UNA28"],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let mut granted: Vec<(&Event, Plain)> = Vec::new();
    let mut refused = None;
    for message in leg.plain_messages().filter(|message| case.well_formed(message)) {
        let Some((at, reply)) = leg.reply_to(message.command).filter(|(at, _)| case.own(at)) else {
            continue;
        };
        if reply.status != Some(Status::Ok) {
            refused = refused.or(Some(at));
            continue;
        }
        let Some(parts) = leg.plain_parts(&message) else { continue };
        if let Some((other, _)) = granted
            .iter()
            .find(|(_, known)| known.authcid == parts.authcid && known.password != parts.password)
        {
            return Finding::fail(
                [*other, at],
                here!(case, "The server granted two different passwords of one user"),
            );
        }
        if granted.len() < MANY {
            granted.push((at, parts));
        }
    }
    match (refused, granted.first()) {
        (Some(at), _) => Finding::pass([at], "The server refused a password."),
        (None, Some((_, parts))) if !parts.authzid.is_empty() && parts.authzid != parts.authcid => {
            Finding::cannot_tell("Whether the user may act for the other one: the server's own lists say so.")
        }
        (None, Some(_)) => Finding::cannot_tell("Whether the server looks at the password: try a wrong one."),
        (None, None) => Finding::not_applicable("No PLAIN message was answered."),
    }
}

/// More logins than anybody makes on one connection.
const MANY: usize = 16;

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "B29"
        Server "C: a AUTHENTICATE PLAIN AGFuYQBzM2NyZXQ=
             S: a OK in <-- B29 fail
             C: b AUTHENTICATE PLAIN AGFuYQB3cm9uZw==
             S: b OK in <-- B29 fail"
        Server "C: a AUTHENTICATE PLAIN AGFuYQBzM2NyZXQ=
             S: a NO no <-- B29 pass"
        Server "C: a AUTHENTICATE PLAIN AGFuYQBzM2NyZXQ=
             S: a OK in
             <-- B29 cannot-tell"
        Server "C: a NOOP
             <-- B29 not-applicable"
    }
}
