//! B12: STARTTLS is listed where it works, and works where it is listed.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "B12",
    title: "STARTTLS is listed where it works, and works where it is listed",
    why: "A client finds out from the list whether it can ask for TLS. A list that says otherwise leaves it in the clear or sends it into a wall.",
    how: "Where STARTTLS is answered, the server's newest list before it. Accepting what was not listed breaks the rule, and so does answering BAD to what was; NO says that TLS is out of order for now.",
    blind: "Without a list before the command there is nothing to compare. In a recording of one wire the list may be another one than the server sent.",
    protocols: &[Imap],
    examples: Examples {
        bad: Session(
            "S: * OK [CAPABILITY IMAP4rev1 LOGINDISABLED] ready
             C: a STARTTLS
             S: a OK go
             ==TLS==
             C: b CAPABILITY
             S: * CAPABILITY IMAP4rev1 AUTH=PLAIN
             S: b OK done",
        ),
        good: UPGRADE,
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let asked = leg.answers().filter(|a| {
        a.is_to(Verb::StartTls) && a.in_clear() && a.is_final() && !a.is_to_argument() && case.own(a.at)
    });
    let occasions = asked.filter(|a| case.logged_in(a.asked.id).is_none()).filter_map(|answer| {
        let (at, list) = leg.list_before(answer.asked.id, Layer::Clear).filter(|(at, _)| case.own(at))?;
        Some(match (list.offers_starttls(), answer.reply.status) {
            (false, Some(Status::Ok)) => {
                broken([at, answer.at], here!(case, "The server accepted STARTTLS, which it had not listed"))
            }
            (true, Some(Status::Bad)) => {
                broken([at, answer.at], here!(case, "The server listed STARTTLS and answered BAD to it"))
            }
            _ if !leg.trace().carries().every_octet => Occasion::Open(EVERY_LIST),
            _ => Occasion::Kept(answer.at),
        })
    });
    each(occasions, "What was listed and what was answered agree.", "No STARTTLS was answered behind a list.")
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "B12"
        Server "S: * CAPABILITY IMAP4rev1 <-- B12 fail
             C: a STARTTLS
             S: a OK go <-- B12 fail"
        Server "S: * CAPABILITY IMAP4rev1 STARTTLS <-- B12 fail
             C: a STARTTLS
             S: a BAD what <-- B12 fail"
        Server "S: * CAPABILITY IMAP4rev1 STARTTLS
             C: a STARTTLS
             S: a NO not now <-- B12 pass"
        Server "C: a STARTTLS
             S: a OK go
             <-- B12 not-applicable"
    }
}
