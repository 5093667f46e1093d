//! S-6855: where only UTF-8 is served, it is enabled before a mailbox is opened.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-6855",
    title: "Where only UTF-8 is served, it is enabled before a mailbox is opened",
    why: "A client that skips it reads text in an encoding that it does not expect.",
    how: "SELECT or EXAMINE while the newest list has UTF8=ONLY and no ENABLE UTF8=ACCEPT was sent before.",
    blind: "Lists from before the recording began.",
    protocols: &[Imap],
    examples: Examples {
        bad: Session(
            "==TLS==
             S: * PREAUTH [CAPABILITY IMAP4rev1 ENABLE UTF8=ONLY] ready
             C: a SELECT INBOX
             S: a NO enable UTF8=ACCEPT first",
        ),
        good: Session(
            "==TLS==
             S: * PREAUTH [CAPABILITY IMAP4rev1 ENABLE UTF8=ONLY] ready
             C: a ENABLE UTF8=ACCEPT
             S: a OK done
             C: b SELECT INBOX
             S: b OK done",
        ),
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let mut enabled = false;
    let occasions = leg.commands().filter_map(move |(event, command)| match &*command.name {
        "ENABLE" => {
            case.saw(event, false, "", "it opens no mailbox");
            enabled |= leg.arguments(event).any(|word| word.eq_ignore_ascii_case(b"UTF8=ACCEPT"));
            None
        }
        "UNAUTHENTICATE" => {
            enabled = false;
            case.saw(event, false, "", "it opens no mailbox");
            None
        }
        "SELECT" | "EXAMINE" if case.own(event) => {
            let (at, list) = leg.list_before(event.id, event.layer)?;
            let only = list.has("UTF8=ONLY");
            case.saw(at, only, "it lists UTF8=ONLY", "it does not list UTF8=ONLY").then(|| match enabled {
                true => Occasion::Kept(event),
                false => broken([at, event], "The client opened a mailbox without enabling UTF8=ACCEPT."),
            })
        }
        _ => {
            case.saw(event, false, "", "it opens no mailbox");
            None
        }
    });
    each(occasions, "UTF8=ACCEPT was enabled.", "No mailbox was opened where UTF8=ONLY is listed.")
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-6855"
        Client "S: * CAPABILITY IMAP4rev1 UTF8=ONLY <-- S-6855 fail
             C: a SELECT INBOX <-- S-6855 fail"
        Client "S: * CAPABILITY IMAP4rev1 UTF8=ONLY
             C: a ENABLE UTF8=ACCEPT
             C: b SELECT INBOX <-- S-6855 pass"
        Client "S: * CAPABILITY IMAP4rev1
             C: b SELECT INBOX
             <-- S-6855 not-applicable"
    }
}
