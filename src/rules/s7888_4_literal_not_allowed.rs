//! S-7888: a literal that waits for nobody needs LITERAL+ or LITERAL-.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-7888",
    title: "A literal that waits for nobody needs LITERAL+ or LITERAL-",
    why: "A server that does not know the form takes the literal's octets for commands.",
    how: "The client announces a literal with a plus: the newest list of the layer has LITERAL+, or LITERAL- and the literal is no longer than 4096 octets. IMAP4rev2 has LITERAL- built in.",
    blind: "Without a list nobody can tell what the client knew.",
    protocols: &[Imap],
    examples: Examples {
        bad: Session(
            "==TLS==
             S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready
             C: a LOGIN {3+}
             C: ana s3cret
             S: a OK welcome",
        ),
        good: Session(
            "==TLS==
             S: * OK [CAPABILITY IMAP4rev1 LITERAL+] ready
             C: a LOGIN {3+}
             C: ana s3cret
             S: a OK welcome",
        ),
        implies: &["SEC01"],
    },
    check,
};

/// RFC 7888 section 5.
const LONGEST: u64 = 4096;

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let occasions = leg.commands().filter(|(event, _)| case.own(event)).filter_map(|(event, _)| {
        let longest = leg.unasked_literal(event)?;
        Some(match leg.list_before(event.id, event.layer) {
            None => Occasion::Open(
                "The server's capabilities before the command: record the session from its greeting.",
            ),
            Some((_, list)) if list.has("LITERAL+") => Occasion::Kept(event),
            Some((at, list)) if list.has("LITERAL-") || list.has("IMAP4REV2") => {
                if longest <= LONGEST {
                    Occasion::Kept(event)
                } else {
                    broken(
                        [at, event],
                        format!("The client sent {longest} octets without waiting, where 4096 are allowed."),
                    )
                }
            }
            Some((at, _)) => broken(
                [at, event],
                "The client sent a literal without waiting, and the list has no LITERAL+.",
            ),
        })
    });
    each(occasions, "The list permits it.", "No literal was sent without waiting.")
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-7888"
        Client "S: * CAPABILITY IMAP4rev1 <-- S-7888 fail
             C: a LOGIN {3+} <-- S-7888 fail
             C: ana s3cret"
        Client "S: * CAPABILITY IMAP4rev1 LITERAL-
             C: a LOGIN {3+} <-- S-7888 pass
             C: ana s3cret"
        Client "C: a LOGIN {3+}
             C: ana s3cret
             <-- S-7888 cannot-tell"
        Client "S: * CAPABILITY IMAP4rev1
             C: a NOOP
             <-- S-7888 not-applicable"
    }
}
