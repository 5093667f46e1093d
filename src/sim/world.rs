//! What a run takes place in: machines with names and ports, and what the resolver knows of them.

use super::setup::{attackers_account, default_account};
use crate::base::{Endpoint, Question, Record, Seed, Switches};
use crate::proto::{Account, Machine, ProtocolRecord, server};

/// A machine on the network that serves mail.
#[derive(Debug)]
struct Host {
    /// What its servers know.
    account: Account,
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
    /// The genuine server, and a machine of an attacker who has honestly got a certificate for its name.
    pub(super) fn new(protocol: &'static ProtocolRecord) -> Self {
        let hosts = vec![
            Host { account: default_account(), attackers: false },
            Host { account: attackers_account(), attackers: true },
        ];
        let mut records = Vec::new();
        for host in &hosts {
            let name = &host.account.host;
            records.push(Record::Address { name: name.clone(), machine: name.clone() });
            let domain = name.split_once('.').map_or(name.as_str(), |(_, domain)| domain);
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
        self.hosts.iter().find(|host| host.account.host == machine)
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
        let own = Switches::default();
        let switches = if host.attackers { &own } else { switches };
        Some((server::listen(self.protocol, &host.account, switches, seed, at == 1), host.attackers))
    }
}
