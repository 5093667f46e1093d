//! B21: STLS is listed where it can be used.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "B21",
    title: "STLS is listed where it can be used",
    why: "A client believes the list: what is listed and refused, or listed where it makes no sense, leaves it guessing.",
    how: "The server lists STLS outside TLS before a login and answers -ERR to it, or lists it inside TLS. Lists after a login are not judged, because RFC 2449 and RFC 2595 disagree about them.",
    blind: "A refusal for a passing reason looks like any other.",
    protocols: &[Pop3],
    examples: Examples {
        bad: STLS_LISTED_AND_REFUSED,
        good: STLS_LISTED_AND_TAKEN,
        implies: &["S-8314-noadv"],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let refusals = leg.answers().filter(|a| {
        a.is_to(Verb::StartTls)
            && a.in_clear()
            && a.refuses()
            && !a.is_to_argument()
            && case.own(a.at)
            && case.logged_in(a.asked.id).is_none()
    });
    let (asked, refused): (Vec<_>, Vec<_>) = refusals.map(|a| (a.asked.id, a.at)).unzip();
    let lists = leg.lists().filter(|(at, _)| case.own(at) && case.logged_in(at.id).is_none());
    let occasions = lists.map(|(at, list)| {
        if !list.offers_starttls() {
            return Occasion::Kept(at);
        }
        if case.inside(at) {
            return broken([at], here!(case, "The server lists STLS inside TLS"));
        }
        let refused = refused.get(asked.partition_point(|asked| *asked <= at.id)).copied();
        match refused {
            Some(refusal) => broken([at, refusal], here!(case, "The server lists STLS and refuses it")),
            None => Occasion::Kept(at),
        }
    });
    each(occasions, "The list agrees with what the server does.", "The server listed nothing before a login.")
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "B21"
        Server "==POP3==
             C: CAPA
             S: +OK <-- B21 fail
             S: STLS
             S: .
             C: STLS
             S: -ERR no <-- B21 fail"
        Server "==POP3==
             C: STLS
             S: +OK
             ==TLS==
             C: CAPA
             S: +OK <-- B21 fail
             S: STLS
             S: ."
        Server "==POP3==
             C: CAPA
             S: +OK <-- B21 pass
             S: STLS
             S: ."
        Server "==POP3==
             S: +OK
             <-- B21 not-applicable"
    }
}
