//! B32: names and passwords hold no characters that nobody sees.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "B32",
    title: "Names and passwords hold no characters that nobody sees",
    why: "Two names that look the same and are not are somebody's chance.",
    how: "Control characters and characters without width in the fields of the client's PLAIN messages.",
    blind: "Characters that are hard to type on somebody's keyboard.",
    protocols: IPA,
    examples: Examples {
        bad: Session(
            "==TLS==
             S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
             C: a AUTHENTICATE PLAIN AGFuYQBzMwdjcmV0
             S: a OK welcome",
        ),
        good: PLAIN_INSIDE,
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let unseen = |c: char| {
        c.is_control()
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}')
    };
    for message in leg.plain_messages().filter(|message| case.well_formed(message)) {
        let Some(parts) = leg.plain_parts(&message) else { continue };
        let password = String::from_utf8_lossy(parts.password.reveal());
        if [&*parts.authzid, &*parts.authcid, &*password].into_iter().any(|text| text.contains(unseen)) {
            return Finding::fail(
                [message.at],
                "A field of the PLAIN message holds a character that nobody sees.",
            );
        }
    }
    case.plain(|_| false, "", "All characters can be seen.")
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "B32"
        Client "C: a AUTHENTICATE PLAIN AGFuYQBzMwdjcmV0 <-- B32 fail"
        Client "C: a AUTHENTICATE PLAIN AGFuYQBzM2NyZXQ= <-- B32 pass"
        Client "C: a NOOP
             <-- B32 not-applicable"
    }
}
