//! What a run takes place in: machines with names and ports, and what the resolver knows of them.

use super::setup::{attackers_account, default_account};
use crate::base::{Endpoint, Question, Record, Seed, Side, Switches};
use crate::proto::{Account, Machine, OTHER_HOST, ProtocolRecord, server};

/// A machine on the network that serves mail.
#[derive(Debug)]
struct Host {
    /// What this model calls it.
    machine: &'static str,
    /// What its servers know.
    account: Account,
    /// What its servers are set to in any case.
    set: &'static [(&'static str, &'static str)],
    /// It belongs to an attacker.
    attackers: bool,
}

/// Machines and the resolver's records.
#[derive(Debug)]
pub(super) struct World {
    protocol: &'static ProtocolRecord,
    hosts: Vec<Host>,
    records: Vec<Record>,
}

impl World {
    /// The genuine server, an old machine of the same operator under the same certificate, another server of his, which
    /// refers nobody any further, and a machine of an attacker who has honestly got a certificate for its name.
    pub(super) fn new(protocol: &'static ProtocolRecord) -> Self {
        let hosts = vec![
            Host { machine: "mail.example.test", account: default_account(), set: &[], attackers: false },
            Host {
                machine: "old.example.test",
                account: default_account(),
                set: &[("client-certificates", "ignored")],
                attackers: false,
            },
            Host {
                machine: OTHER_HOST,
                account: Account { host: OTHER_HOST.to_owned(), ..default_account() },
                set: &[("login-referral", "off"), ("mailbox-referral", "off"), ("refers", "no")],
                attackers: false,
            },
            Host { machine: "mx.evil.example", account: attackers_account(), set: &[], attackers: true },
        ];
        let mut records = Vec::new();
        for host in &hosts {
            let name = host.machine.to_owned();
            records.push(Record::Address { name: name.clone(), machine: name.clone() });
            // The mail domain is served by the machine of its own name, and by no other.
            if name != host.account.host || name == OTHER_HOST {
                continue;
            }
            let domain = name.split_once('.').map_or(name.as_str(), |(_, domain)| domain).to_owned();
            for (suffix, port) in ["", "s"].into_iter().zip(protocol.ports) {
                let service = format!("_{}{suffix}._tcp.{domain}", protocol.protocol.id());
                records.push(Record::Srv { name: service, target: name.clone(), port: *port });
            }
        }
        Self { protocol, hosts, records }
    }

    /// What the resolver says if nobody interferes.
    pub(super) fn lookup(&self, question: &Question) -> Vec<Record> {
        let fits = |record: &&Record| {
            record.name() == question.name()
                && matches!(record, Record::Srv { .. }) == matches!(question, Question::Service(_))
        };
        self.records.iter().filter(fits).cloned().collect()
    }

    /// The machine that an answer leads to.
    fn host(&self, machine: &str) -> Option<&Host> {
        self.hosts.iter().find(|host| host.machine == machine)
    }

    /// The machine's server on a port, and whether it is an attacker's.
    pub(super) fn server(
        &self,
        machine: &str,
        endpoint: &Endpoint,
        switches: &Switches,
        seed: Seed,
    ) -> Option<(Box<dyn Machine>, bool)> {
        let host = self.host(machine)?;
        let at = self.protocol.ports.iter().position(|port| *port == endpoint.port)?;
        // The attacker's own server is set up as well as can be: nobody is to be warned off.
        let mut switches = if host.attackers { Switches::default() } else { switches.clone() };
        for (id, value) in host.set {
            // Some are about one protocol.
            let _ = switches.set((self.protocol.switches)(Side::Server), id, value);
        }
        Some((server::listen(self.protocol, &host.account, &switches, seed, at == 1), host.attackers))
    }
}
