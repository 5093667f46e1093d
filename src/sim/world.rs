//! What a run takes place in: machines with names and ports, and what the resolver knows of them.

use super::setup::{attackers_account, default_account};
use crate::base::{Endpoint, Question, Record, Seed, Side, Switches};
use crate::proto::{self, Account, Caller, Machine, OTHER_HOST, ProtocolRecord, server};
use std::borrow::Cow;

/// A machine on the network that serves mail.
#[derive(Debug)]
struct Host {
    /// What this model calls it.
    machine: &'static str,
    /// The name that its certificate has.
    named: &'static str,
    /// What its servers are set to in any case.
    set: &'static [(&'static str, &'static str)],
    /// It belongs to an attacker.
    attackers: bool,
}

/// The genuine server, an old machine of the same operator under the same certificate, another server of his, which
/// refers nobody any further, and a machine of an attacker who has honestly got a certificate for its name.
static HOSTS: [Host; 4] = [
    Host { machine: "mail.example.test", named: "mail.example.test", set: &[], attackers: false },
    Host {
        machine: "old.example.test",
        named: "mail.example.test",
        set: &[("client-certificates", "ignored")],
        attackers: false,
    },
    Host {
        machine: OTHER_HOST,
        named: OTHER_HOST,
        set: &[("login-referral", "off"), ("mailbox-referral", "off"), ("refers", "no")],
        attackers: false,
    },
    Host { machine: "mx.evil.example", named: "mx.evil.example", set: &[], attackers: true },
];

impl Host {
    /// The mail domain that is served by the machine of its own name, and by no other.
    fn domain(&self) -> Option<&'static str> {
        let serves = self.machine == self.named && self.machine != OTHER_HOST;
        serves.then(|| self.machine.split_once('.').map_or(self.machine, |(_, domain)| domain))
    }

    /// What its servers know.
    fn account(&self) -> Account {
        let account = if self.attackers { attackers_account() } else { default_account() };
        Account { host: Cow::Borrowed(self.named), ..account }
    }
}

/// Machines and the resolver's records.
#[derive(Debug)]
pub(super) struct World {
    protocol: &'static ProtocolRecord,
    /// What the servers of each host know, once somebody connected there: it outlives a connection.
    accounts: [Option<Account>; HOSTS.len()],
    /// Where the client connects from, and where the attacker does.
    callers: [Caller; 2],
}

impl World {
    /// Nobody has connected to anybody.
    pub(super) fn new(protocol: &'static ProtocolRecord) -> Self {
        Self { protocol, accounts: Default::default(), callers: Default::default() }
    }

    /// What the resolver says if nobody interferes.
    pub(super) fn lookup(&self, question: &Question) -> Vec<Record> {
        let dialect = self.protocol.dialect;
        let domains = || HOSTS.iter().filter_map(|host| Some((host, host.domain()?)));
        if let Question::Settings(from) = question {
            let asked = domains().filter(|(_, domain)| from.strip_prefix("autoconfig.") == Some(domain));
            let settings = asked.flat_map(|(host, _)| {
                let setting =
                    |&port| Record::Settings { name: from.clone(), target: host.machine.to_owned(), port };
                dialect.ports.iter().map(setting)
            });
            return settings.collect();
        }
        let Question::Service(service) = question else {
            let found = HOSTS.iter().filter(|host| host.machine == question.name());
            let address = |host: &Host| {
                let name = host.machine.to_owned();
                Record::Address { name: name.clone(), machine: name }
            };
            return found.map(address).collect();
        };
        let mut records = Vec::new();
        for (host, domain) in domains() {
            for (suffix, port) in ["", "s"].into_iter().zip(dialect.ports) {
                let name = format!("_{}{suffix}._tcp.{domain}", self.protocol.protocol.id());
                if name == *service {
                    records.push(Record::Srv { name, target: host.machine.to_owned(), port: *port });
                }
            }
        }
        records
    }

    /// The machine's server on a port as it is for the client, or on the attacker's visit, and whether it is an attacker's.
    pub(super) fn server(
        &mut self,
        machine: &str,
        endpoint: &Endpoint,
        switches: &Switches,
        seed: Seed,
        attackers_visit: bool,
    ) -> Option<(Box<dyn Machine>, bool)> {
        let (host, account) =
            HOSTS.iter().zip(&mut self.accounts).find(|(host, _)| host.machine == machine)?;
        // Each host has servers of all protocols; by its port one knows which.
        let on_port = |record: &&ProtocolRecord| record.dialect.ports.contains(&endpoint.port);
        let record = proto::ALL.iter().copied().find(on_port)?;
        let account = account.get_or_insert_with(|| host.account());
        let [client, attacker] = &self.callers;
        account.caller = if attackers_visit { attacker.clone() } else { client.clone() };
        // The attacker's own server is set up as well as can be: nobody is to be warned off.
        let mut switches = if host.attackers { Switches::default() } else { switches.clone() };
        for (id, value) in host.set {
            // Some are about one protocol.
            let _ = switches.set((record.switches)(Side::Server), id, value);
        }
        let tls_first = record.dialect.port(true) == Some(endpoint.port);
        Some((server::listen(record, account, &switches, seed, tls_first), host.attackers))
    }
}
