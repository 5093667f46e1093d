//! B33: TLS has no port of its own.

use super::kit::*;
use crate::spec::RuleSet;

/// The rule.
pub static RULE: Rule = Rule {
    id: "B33",
    title: "TLS has no port of its own",
    why: "In 1999 two ports for one protocol meant two addresses to set up, and the wrong idea that the port says how good the protection is.",
    how: "TLS that began without a command that asks for it. Later text turned this round: under the rules of today such a session is excused.",
    blind: "The number of the port, which most recordings do not say.",
    protocols: IP,
    examples: Examples {
        bad: Session(
            "==TLS UP NAME CHECKED==
             S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready",
        ),
        good: Run("imap client=private server=strict"),
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let Some(began) = leg.tls_began().or_else(|| leg.inside_tls()) else {
        return Finding::not_applicable("No TLS layer came up.");
    };
    match (leg.upgraded(), case.rule_set) {
        (Some((asked, _)), _) => Finding::pass([asked, began], "TLS was asked for on the ordinary port."),
        (None, _) if case.client_left_open(began) => Finding::cannot_tell(LEFT_OPEN),
        (None, RuleSet::Then) => Finding::fail([began], "TLS came first, on a port of its own."),
        (None, RuleSet::Today) => Finding::excused(
            [began],
            "TLS came first, on a port of its own.",
            "RFC 8314 section 3 turned the advice of RFC 2595 section 7 round.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use crate::base::Side;
    use crate::rules::{Outcome, judge};
    use crate::spec::RuleSet;

    crate::testing::outcomes! {
        "B33"
        Client "C: a STARTTLS <-- B33 pass
             S: a OK go
             ==TLS== <-- B33 pass"
        Server "==TLS== <-- B33 pass
             S: * OK hi"
        Client "C: a NOOP
             <-- B33 not-applicable"
    }

    #[test]
    fn in_1999_a_port_of_its_own_was_advised_against() {
        let trace = crate::testing::read_imap("==TLS==\nS: * OK hi");
        let facts = crate::facts::Facts::of(&trace, Side::Client);
        let of = |rules| {
            let verdicts = judge(&trace, &facts, &facts, rules);
            verdicts.into_iter().find(|v| v.rule.id == "B33").map(|v| (v.outcome, v.excused_by.is_some()))
        };
        assert_eq!(of(RuleSet::Then), Some((Outcome::Fail, false)));
        assert_eq!(of(RuleSet::Today), Some((Outcome::Pass, true)));
    }
}
