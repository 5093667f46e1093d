//! B05: refusing passwords covers mechanisms that no standard names.

use super::kit::*;
use crate::sasl::{self, Reveals};

/// The rule.
pub static RULE: Rule = Rule {
    id: "B05",
    title: "Refusing passwords covers mechanisms that no standard names",
    why: "AUTHENTICATE LOGIN shows the password as PLAIN does, and a suite that encrypts nothing hides it from nobody. Who refuses one name only is got around by the other.",
    how: "A login outside TLS, or inside a layer whose suite does not encrypt, by a mechanism other than PLAIN that shows a password or a token, where the side is known to refuse clear-text passwords. The client breaks it by sending the secret, the server by taking it.",
    blind: "A mechanism that nobody here knows may show a password too. Without the policy of a side nothing can be said.",
    protocols: IPA,
    examples: Examples {
        bad: Session(
            "P client TlsRequired
             S: * OK [CAPABILITY IMAP4rev1 AUTH=LOGIN] ready
             C: a AUTHENTICATE LOGIN
             S: + VXNlcm5hbWU6
             C: dGlt
             S: + UGFzc3dvcmQ6
             C: dGFuc3RhYWY=
             S: a NO not here",
        ),
        good: Run("imap client=private server=strict client.auth=auth-login server.mechanisms=all"),
        implies: &["A02", "A04", "S-6186-must", "S-8314-minconf"],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let hollow = leg.tls_up().is_some_and(|(_, facts)| encrypts_nothing(facts));
    let open = |event: &Event| case.clear(event) || hollow;
    let odd = |name: &str| name != "PLAIN" && sasl::reveals(name) != Reveals::Nothing;
    let refuses = case.is_set_to(Policy::TlsRequired) || case.is_set_to(Policy::ClearTextRefused);
    let logins = leg
        .commands_of(Verb::Authenticate)
        .filter(|(event, command)| open(event) && command.mechanism.as_deref().is_some_and(odd));
    let occasions = logins.filter_map(|(event, command)| {
        let breach = match case.side {
            Side::Client => leg
                .secret_of(event.id)
                .map(|shown| (shown, "The client refuses clear-text passwords and sent one by")),
            Side::Server => leg
                .reply_to(event.id)
                .filter(|(at, reply)| reply.status == Some(Status::Ok) && case.own(at))
                .map(|(at, _)| (at, "The server refuses clear-text passwords and took one by")),
        };
        Some(match breach {
            Some((at, what)) if refuses => broken([at], format!("{what} {}.", command.name)),
            Some(_) if case.policy().is_some() => return None,
            Some(_) => {
                Occasion::Open("Whether this side refuses clear-text passwords: no recording shows it.")
            }
            None => Occasion::Kept(event),
        })
    });
    each(occasions, "No password was shown by such a mechanism.", "No such mechanism was used outside TLS.")
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "B05"
        Client "P client TlsRequired
             C: a AUTHENTICATE LOGIN
             S: + VXNlcm5hbWU6
             C: dGlt
             S: + UGFzc3dvcmQ6
             C: dGFuc3RhYWY= <-- B05 fail"
        Server "P server ClearTextRefused
             C: a AUTHENTICATE LOGIN
             S: + VXNlcm5hbWU6
             C: dGlt
             S: + UGFzc3dvcmQ6
             C: dGFuc3RhYWY=
             S: a OK welcome <-- B05 fail"
        Server "P server ClearTextRefused
             C: a AUTHENTICATE LOGIN <-- B05 pass
             S: a NO not here"
        Client "C: a AUTHENTICATE XOAUTH2 dXNlcj10aW0=
             <-- B05 cannot-tell"
        Client "C: a AUTHENTICATE PLAIN AGFuYQBzM2NyZXQ=
             <-- B05 not-applicable"
    }
}
