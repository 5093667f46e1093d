//! S-8314-close: TLS is closed before the connection is.

use super::kit::*;
use crate::trace::Ending;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-8314-close",
    title: "TLS is closed before the connection is",
    why: "When the end of TLS cannot be told from a cut wire, somebody can cut off the end of a message and nobody notices.",
    how: "How the layer ended, by whom: with a close alert, or with the end of the connection.",
    blind: "Which end closed first, where a recording does not say; what became of a layer that nobody recorded.",
    protocols: IP,
    examples: Examples {
        bad: Session(
            "==TLS==
             S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready
             C: a LOGOUT
             S: * BYE bye
             S: a OK bye
             ==SERVER CUT==
             ==SERVER CLOSED==",
        ),
        good: Run("imap client=private server=strict"),
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let mine = case.leg.of(Class::Tls).filter(|at| case.own(at));
    let occasions = mine.filter_map(|at| match at.kind {
        EventKind::TlsEnded(Ending::Alert) => Some(Occasion::Kept(at)),
        EventKind::TlsEnded(Ending::Cut) => {
            Some(broken([at], "This side closed the connection without closing TLS first."))
        }
        _ => {
            case.saw(at, false, "", "it is not the end of the layer");
            None
        }
    });
    each(occasions, "This side closed TLS first.", "This side ended no TLS layer, or nobody recorded how.")
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-8314-close"
        Server "==TLS==
             S: * OK hi
             ==SERVER CUT== <-- S-8314-close fail"
        Client "==TLS==
             S: * OK hi
             ==CLIENT ALERT== <-- S-8314-close pass"
        Client "C: a NOOP
             <-- S-8314-close not-applicable"
    }
}
