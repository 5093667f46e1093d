//! Says that the account needs its password once.

use super::kit::line;
use super::{Attack, Deciding, Group, tamper};
use crate::base::{Protocol, Side};
use crate::harm::success;
use crate::trace::Verb;

static DECIDING: &[Deciding] = &[Deciding {
    protocols: &[Protocol::Acap],
    given: &["server.starttls=off", "server.mechanisms=plain+cram-md5"],
    right: &[],
    wrong: &["client.tls=opportunistic", "client.transition-in-clear=on"],
}];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "forge-transition-needed",
    title: "Demand the password",
    about: "Answers a login that keeps the password to itself with TRANSITION-NEEDED, so that the client sends the password.",
    group: Group::Capabilities,
    known: &[],
    protocols: &[Protocol::Acap],
    switches: &[],
    build: |_, dialect| {
        tamper(move |message, moves| {
            let asks = match message.from {
                Side::Client => (dialect.command)(message.octets)
                    .filter(|asked| asked.verb == Verb::Authenticate && !asked.name.ends_with(" PLAIN")),
                Side::Server => None,
            };
            match asks {
                Some(asked) => {
                    moves.answer(line(&[&asked.tag, b" NO (TRANSITION-NEEDED) \"send your password once\""]))
                }
                None => moves.pass(),
            }
        })
    },
    success: &success::MOVED_TO_PLAIN,
    deciding: DECIDING,
};
