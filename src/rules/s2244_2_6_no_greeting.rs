//! S-2244-greeting: the server's first line is a greeting.

use super::kit::*;
use crate::trace::GreetingStatus;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-2244-greeting",
    title: "The server's first line is a greeting",
    why: "A client that takes something else for a greeting takes the capabilities of nobody.",
    how: "The first line of the server on the connection.",
    blind: "A recording that begins later.",
    protocols: &[Acap],
    examples: Examples {
        bad: Session(
            "==ACAP==
             S: * OK ACAP is here
             C: a NOOP
             S: a OK \"done\"",
        ),
        good: Session(
            "==ACAP==
             S: * ACAP (SASL \"CRAM-MD5\") (STARTTLS)
             C: a NOOP
             S: a OK \"done\"",
        ),
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let said = case.leg.events().find(|at| at.from == Side::Server && !at.span.is_empty());
    let began = case.leg.events().find(|at| at.from == Side::Client && !at.span.is_empty());
    let Some(first) = said.filter(|said| began.is_none_or(|began| began.id > said.id)) else {
        return Finding::not_applicable("The recording does not begin with the server.");
    };
    match first.kind {
        EventKind::Greeting(GreetingStatus::Ok | GreetingStatus::Bye) => {
            Finding::pass([first], "The session begins with a greeting.")
        }
        _ if case.own(first) => {
            Finding::fail([first], here!(case, "The server's first line is no greeting of ACAP"))
        }
        _ => Finding::not_applicable("Somebody else wrote the first line."),
    }
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-2244-greeting"
        Server "==ACAP==
             S: hello <-- S-2244-greeting fail"
        Server "==ACAP==
             S: * BYE \"no\" <-- S-2244-greeting pass"
        Server "==ACAP==
             C: a NOOP
             S: a OK \"x\"
             <-- S-2244-greeting not-applicable"
    }
}
