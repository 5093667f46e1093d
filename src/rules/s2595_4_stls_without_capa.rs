//! A17: a server that has STLS answers CAPA.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "A17",
    title: "A server that has STLS answers CAPA",
    why: "The list is how a client learns that TLS is there. Without it, old clients never ask.",
    how: "STLS got +OK, or was listed, and CAPA got -ERR, in the same session.",
    blind: "Somebody on the way may have forged the -ERR; in a recording of one wire it counts as the server's. A server whose CAPA was never asked for is not judged.",
    protocols: &[Pop3],
    examples: Examples {
        bad: Session(
            "==POP3==
             S: +OK ready
             C: CAPA
             S: -ERR what
             C: STLS
             S: +OK go
             ==TLS==
             C: CAPA
             S: -ERR what",
        ),
        good: STLS_LISTED_AND_TAKEN,
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let has = leg.answers().find(|a| a.is_to(Verb::StartTls) && a.accepts() && case.own(a.at));
    let Some(has) = has else { return Finding::not_applicable("The server granted no STLS.") };
    // With an answer too many, nobody can tell which one was meant for CAPA.
    let in_order = case.order_lost().is_none();
    let asked = leg
        .answers()
        .filter(|_| in_order)
        .filter(|a| a.is_to(Verb::Capability) && !a.is_to_argument() && a.is_final() && case.own(a.at));
    let occasions = asked.map(|answer| {
        if answer.accepts() {
            Occasion::Kept(answer.at)
        } else {
            broken([has.at, answer.at], here!(case, "The server grants STLS and refuses CAPA"))
        }
    });
    match each(occasions, "The server answers CAPA.", "") {
        Finding::NotApplicable { .. } => {
            Finding::cannot_tell("Whether the server answers CAPA: nobody asked.")
        }
        finding => finding,
    }
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "A17"
        Server "==POP3==
             C: CAPA
             S: -ERR what <-- A17 fail
             C: STLS
             S: +OK go <-- A17 fail"
        Server "==POP3==
             C: CAPA
             S: +OK <-- A17 pass
             S: .
             C: STLS
             S: +OK go"
        Server "==POP3==
             C: STLS
             S: +OK go
             <-- A17 cannot-tell"
        Server "==POP3==
             C: CAPA
             S: -ERR what
             <-- A17 not-applicable"
    }
}
