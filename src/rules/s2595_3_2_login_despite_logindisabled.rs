//! A16: no LOGIN once LOGINDISABLED is listed.

use super::{Case, Finding, Rule};
use crate::base::Protocol;
use crate::trace::Verb;

/// The rule.
pub static RULE: Rule = Rule {
    id: "A16",
    title: "No LOGIN where LOGINDISABLED is listed",
    why: "A server that refuses clear-text passwords can only say so before the client sends one. The capability keeps the password off a wire that somebody listens to. Against somebody who can change the wire it does nothing, because he removes the word.",
    how: "Looks at the newest capability list of the same layer that the client had got before each LOGIN. Without any list there is nothing that forbade the command.",
    protocols: &[Protocol::Imap],
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let mut obeyed = None;
    let mut logins = 0;
    for (login, _) in case.leg.commands_of(Verb::Login) {
        logins += 1;
        if let Some((list, capabilities)) = case.leg.list_before(login.id, login.layer)
            && capabilities.login_disabled()
        {
            return Finding::fail(
                [list, login],
                "LOGIN was sent although the newest capability list contains LOGINDISABLED.",
            );
        }
        obeyed = obeyed.or(Some(login));
    }
    let forbidden = case.leg.lists().find(|(_, list)| list.login_disabled());
    match (obeyed, forbidden) {
        (_, Some((list, _))) if logins == 0 => {
            Finding::pass([list], "LOGINDISABLED was listed and no LOGIN followed.")
        }
        (Some(login), _) => {
            Finding::pass([login], "No list that was in force when LOGIN was sent contains LOGINDISABLED.")
        }
        _ => Finding::not_applicable("LOGINDISABLED was never listed and LOGIN never sent."),
    }
}
