//! Forges what says where a mail domain has its service: a record, or a document of settings that is fetched over HTTP.

use super::cert_cname_dns::OWN_MACHINE;
use super::{Attack, Deciding, Group, Message, Moves, Tamper};
use crate::base::{Protocol, Question, Record, Switch, switch};
use crate::harm::success;
use crate::proto::Dialect;

switch!(
    Middle TARGET,
    "target",
    Setting,
    &["own-machine", "own-machine-clear"],
    &[],
    "Where the record points",
    "To the attacker's own machine, on the port that the client asked for or on the one that starts in the clear."
);

static SWITCHES: &[&Switch] = &[&TARGET];

static DECIDING: &[Deciding] = &[
    Deciding {
        protocols: &Protocol::ALL,
        given: &["client.find=srv"],
        right: &[],
        wrong: &["client.trust-srv=on"],
    },
    Deciding {
        protocols: &[Protocol::Imap, Protocol::Pop3],
        given: &["client.find=srv", "client.port=tls-first", "middle.target=own-machine-clear"],
        right: &[],
        wrong: &["client.trust-srv=on"],
    },
    Deciding {
        protocols: &Protocol::ALL,
        given: &["client.find=autoconfig"],
        right: &[],
        wrong: &["client.trust-srv=on"],
    },
];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "dns-srv-redirect",
    title: "A forged service record",
    about: "Answers the look-up of a mail domain's service, or the request for its settings over HTTP, with a machine of the attacker's, which has a good certificate for its own name.",
    group: Group::Certificates,
    known: &[],
    protocols: &Protocol::ALL,
    switches: SWITCHES,
    build: |switches, dialect| {
        Box::new(Service { dialect, clear: switches.get(&TARGET) == "own-machine-clear" })
    },
    success: &success::LOST,
    deciding: DECIDING,
};

struct Service {
    dialect: &'static Dialect,
    clear: bool,
}

impl Tamper for Service {
    fn message(&mut self, _message: Message<'_>, moves: &mut Moves) {
        moves.pass();
    }

    fn lookup(&mut self, question: &Question, records: &mut Vec<Record>) {
        if matches!(question, Question::Address(_)) {
            return;
        }
        for record in records {
            if let Record::Srv { target, port, .. } | Record::Settings { target, port, .. } = record {
                *target = OWN_MACHINE.to_owned();
                if self.clear
                    && let Some(upgrade) = self.dialect.port(false)
                {
                    *port = upgrade;
                }
            }
        }
    }
}
