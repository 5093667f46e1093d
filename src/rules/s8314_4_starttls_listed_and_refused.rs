//! S-8314-noadv: STARTTLS is not listed where it is refused.

use super::kit::*;
use crate::tls::Failure;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-8314-noadv",
    title: "STARTTLS is not listed where it is refused",
    why: "A client that requires TLS sees an offer and then a wall; one that does not learns to go on without.",
    how: "The server lists STARTTLS outside TLS and then refuses it, or the handshake fails because the two share no version.",
    blind: "Whether the refusal was for a passing reason.",
    protocols: &[Imap, Pop3],
    examples: Examples { bad: STLS_LISTED_AND_REFUSED, good: STLS_LISTED_AND_TAKEN, implies: &["B21"] },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let asked = leg.answers().filter(|a| {
        a.is_to(Verb::StartTls)
            && a.in_clear()
            && a.is_final()
            && !a.is_to_argument()
            && case.own(a.at)
            && case.logged_in(a.asked.id).is_none()
    });
    let failed = leg.tls_failed().filter(|(_, why)| *why == Failure::NoCommonVersion).map(|(at, _)| at);
    let occasions = asked.filter_map(|answer| {
        let (at, list) = leg.list_before(answer.asked.id, Layer::Clear).filter(|(at, _)| case.own(at))?;
        list.offers_starttls().then_some(())?;
        Some(match failed.filter(|_| answer.accepts()).or(answer.refuses().then_some(answer.at)) {
            Some(end) => {
                broken([at, end], here!(case, "The server lists STARTTLS, and asking for it leads nowhere"))
            }
            None => Occasion::Kept(answer.at),
        })
    });
    each(occasions, "What was listed was granted.", "No STARTTLS that was listed was answered.")
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-8314-noadv"
        Server "S: * CAPABILITY STARTTLS <-- S-8314-noadv fail
             C: a STARTTLS
             S: a NO no <-- S-8314-noadv fail"
        Server "S: * CAPABILITY STARTTLS
             C: a STARTTLS
             S: a OK go <-- S-8314-noadv pass"
        Server "S: * CAPABILITY X
             C: a STARTTLS
             S: a NO no
             <-- S-8314-noadv not-applicable"
    }
}
