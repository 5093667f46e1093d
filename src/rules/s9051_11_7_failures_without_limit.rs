//! S-9051-spray: failed logins meet a limit or a delay.

use super::kit::*;
use crate::trace::Answer;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-9051-spray",
    title: "Failed logins meet a limit or a delay",
    why: "A server that answers as fast as somebody can ask lets passwords be guessed.",
    how: "More than ten logins that failed on one connection and whose passwords were looked at, where the server neither closed it nor, as far as times are known, took longer for the later ones.",
    blind: "Limits over several connections and accounts; times, in a recording without them.",
    protocols: &[Imap],
    examples: Examples {
        bad: Session(
            "==TLS==
             S: * OK [CAPABILITY IMAP4rev1] ready
             C: a1 LOGIN ana x
             S: a1 NO no
             C: a2 LOGIN ana x
             S: a2 NO no
             C: a3 LOGIN ana x
             S: a3 NO no
             C: a4 LOGIN ana x
             S: a4 NO no
             C: a5 LOGIN ana x
             S: a5 NO no
             C: a6 LOGIN ana x
             S: a6 NO no
             C: a7 LOGIN ana x
             S: a7 NO no
             C: a8 LOGIN ana x
             S: a8 NO no
             C: a9 LOGIN ana x
             S: a9 NO no
             C: a10 LOGIN ana x
             S: a10 NO no
             C: a11 LOGIN ana x
             S: a11 NO no",
        ),
        good: Session(
            "==TLS==
             S: * OK [CAPABILITY IMAP4rev1] ready
             C: a1 LOGIN ana x
             S: a1 NO no
             C: a2 LOGIN ana x
             S: a2 NO no
             C: a3 LOGIN ana x
             S: * BYE too many failures
             ==SERVER CLOSED==",
        ),
        implies: &[],
    },
    check,
};

/// What one connection may try; the documents name no number.
const ENOUGH: usize = 10;

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    // Who looks at no password at all lets nobody guess one.
    let looked = |a: &Answer<'_>| {
        let code = leg.code(a.at, a.reply).unwrap_or_default();
        let unseen = code.eq_ignore_ascii_case(b"PRIVACYREQUIRED") || a.reply.status == Some(Status::Bad);
        case.saw(a.at, !unseen, "the password was looked at", "no password was looked at")
    };
    let failed = || {
        leg.answers().filter(|a| {
            a.refuses()
                && matches!(a.command.verb, Verb::Login | Verb::Authenticate)
                && leg.secret_of(a.asked.id).is_some()
                && case.own(a.at)
                && looked(a)
        })
    };
    let Some(first) = failed().next() else { return Finding::not_applicable("No login failed.") };
    if let Some(last) = failed().nth(ENOUGH) {
        let took = |at: &Event, asked: &Event| at.at.0.saturating_sub(asked.at.0);
        if took(last.at, last.asked) > took(first.at, first.asked).saturating_add(1000) {
            return Finding::pass([first.at, last.at], "The later answers took longer.");
        }
        return Finding::fail(
            [first.at, last.at],
            here!(case, "The server answered more than ten failed logins and neither closed nor waited"),
        );
    }
    match leg.closed_by(Side::Server).filter(|_| failed().nth(1).is_some()) {
        Some(closed) => Finding::pass([first.at, closed], "The server closed after some failures."),
        None => Finding::not_applicable("Too few logins failed to meet a limit."),
    }
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-9051-spray"
        Server "C: a LOGIN ana x
             S: a NO no
             <-- S-9051-spray not-applicable"
        Server "C: a LOGIN ana x
             S: a NO no <-- S-9051-spray pass
             C: b LOGIN ana x
             S: b NO no
             ==SERVER CLOSED== <-- S-9051-spray pass"
    }
}
