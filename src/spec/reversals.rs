//! Where later documents turned round what RFC 2595 says, so that a verdict of 1999 and one of today have to stand side
//! by side.

/// A matter on which the two disagree.
#[derive(Debug)]
pub struct Reversal {
    /// Stable id.
    pub id: &'static str,
    /// What it is about, in a few words.
    pub title: &'static str,
    /// What changed, in a sentence.
    pub says: &'static str,
    /// The rules that speak for 1999.
    pub then: &'static [&'static str],
    /// The rules that speak for today.
    pub today: &'static [&'static str],
}

/// All of them, by id.
pub static REVERSALS: &[Reversal] = &[
    Reversal {
        id: "clear-text-mode",
        title: "A mode for clients without TLS",
        says: "RFC 2595 section 2.2 wants servers to be able to let them in; RFC 8314 section 4 wants access in the clear to end.",
        then: &["A03"],
        today: &["S-8314-deprecate"],
    },
    Reversal {
        id: "line-breaks",
        title: "Line breaks in a PLAIN message",
        says: "RFC 2595 section 6 forbids them, RFC 4616 section 2 does not.",
        then: &["B28"],
        today: &["B28"],
    },
    Reversal {
        id: "opportunistic",
        title: "TLS only where it is offered",
        says: "RFC 2595 section 2.2 lets a client log in without TLS where none is offered; RFC 8314 section 5.2 does not, unless the account says so.",
        then: &["A11"],
        today: &["S-8314-minconf"],
    },
    Reversal {
        id: "plain",
        title: "PLAIN outside TLS",
        says: "RFC 2595 sections 6 and 9 say MUST NOT, RFC 4616 section 5 says SHOULD NOT.",
        then: &["A21", "B25"],
        today: &["S-4616"],
    },
    Reversal {
        id: "ports",
        title: "A port of its own for TLS",
        says: "RFC 2595 section 7 advises against it; RFC 8314 section 3 prefers it to STARTTLS.",
        then: &["B33"],
        today: &["S-8314-implicit"],
    },
    Reversal {
        id: "reference-name",
        title: "The mail domain as the name of the server",
        says: "RFC 2595 section 2.4 compares the name that the connection was opened by; RFC 7817 section 3 takes the domain of the mail address too.",
        then: &["A07"],
        today: &["A07", "S-7817-ref"],
    },
    Reversal {
        id: "suite",
        title: "The suite that everybody must have",
        says: "RFC 2595 section 2.1 demands one with 3DES and DSS; RFC 9325 section 4.1 advises against it.",
        then: &["A01"],
        today: &["S-9325-fs"],
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{Document, RuleSet};

    #[test]
    fn each_names_rules_of_its_time() {
        assert!(REVERSALS.is_sorted_by(|a, b| a.id < b.id));
        for reversal in REVERSALS {
            for id in reversal.then {
                let row = crate::rules::find(id).and_then(|rule| rule.requirement()).expect(id);
                assert_eq!(row.document, Document::Rfc2595, "{id}");
            }
            for id in reversal.today {
                let row = crate::rules::find(id).and_then(|rule| rule.requirement()).expect(id);
                assert!(RuleSet::Today.includes(row.document), "{id}");
            }
            assert!(reversal.says.ends_with('.') && !reversal.title.ends_with('.'), "{}", reversal.id);
        }
    }
}
