//! B23: STARTTLS in an ACAP greeting has no argument.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "B23",
    title: "STARTTLS in an ACAP greeting has no argument",
    why: "A client that looks for the bare item does not find one with an argument, and stays in the clear.",
    how: "The items of the server's greetings.",
    blind: "What arrived may differ from what the server sent, in a recording of one wire.",
    protocols: &[Acap],
    examples: Examples {
        bad: Session(
            "==ACAP==
             S: * ACAP (SASL \"CRAM-MD5\") (STARTTLS \"TLS\")",
        ),
        good: Session(
            "==ACAP==
             S: * ACAP (SASL \"CRAM-MD5\") (STARTTLS)",
        ),
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let occasions = case.leg.lists().filter(|(at, _)| case.own(at)).filter_map(|(at, list)| {
        if list.items().any(|item| item.starts_with("STARTTLS ")) {
            return Some(broken([at], here!(case, "The server's greeting gives STARTTLS an argument")));
        }
        list.offers_starttls().then_some(Occasion::Kept(at))
    });
    each(occasions, "The item stands alone.", "No greeting offers STARTTLS.")
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "B23"
        Server "==ACAP==
             S: * ACAP (STARTTLS \"x\") <-- B23 fail"
        Server "==ACAP==
             S: * ACAP (STARTTLS) <-- B23 pass"
        Server "==ACAP==
             S: * ACAP (SASL)
             <-- B23 not-applicable"
    }
}
