//! The secrets of TLS connections in the NSS key log format, which most TLS libraries write when `SSLKEYLOGFILE` is set.

use std::collections::BTreeMap;
use std::fmt;

/// Connections beyond this many are left out.
const CONNECTION_LIMIT: usize = 1 << 20;

/// Secrets by the random of the ClientHello. It prints as a count.
#[derive(Clone, Default)]
pub struct KeyLog {
    connections: BTreeMap<[u8; 32], Secrets>,
}

/// What is known of one connection.
#[derive(Clone, Default)]
pub(super) struct Secrets {
    /// TLS 1.2: the master secret.
    pub master: Option<Vec<u8>>,
    /// TLS 1.3: by phase, client first.
    pub handshake: [Option<Vec<u8>>; 2],
    pub application: [Option<Vec<u8>>; 2],
    pub early: Option<Vec<u8>>,
}

impl fmt::Debug for KeyLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyLog({} connections)", self.connections.len())
    }
}

impl KeyLog {
    /// Reads a key log; lines that are none of it are passed over.
    #[must_use]
    pub fn parse(octets: &[u8]) -> Self {
        let mut log = Self::default();
        log.add(octets);
        log
    }

    /// Takes further lines in; returns whether any of them was of a key log.
    pub fn add(&mut self, octets: &[u8]) -> bool {
        let mut found = false;
        for line in octets.split(|&o| o == b'\n' || o == b'\r') {
            found |= self.line(line).is_some();
        }
        found
    }

    /// Whether there is nothing but comments, as libraries leave it where no connection used TLS.
    #[must_use]
    pub fn is_blank(octets: &[u8]) -> bool {
        octets.split(|&o| o == b'\n' || o == b'\r').all(|line| line.is_empty() || line.starts_with(b"#"))
    }

    /// Takes the secrets of another log in.
    pub(super) fn join(&mut self, other: Self) {
        for (random, secrets) in other.connections {
            self.connections.entry(random).or_default().merge(secrets);
        }
    }

    /// Whether no secret is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.connections.is_empty()
    }

    pub(super) fn of(&self, client_random: &[u8; 32]) -> Option<&Secrets> {
        self.connections.get(client_random)
    }

    fn line(&mut self, line: &[u8]) -> Option<()> {
        let mut words = line.split(|&o| o == b' ').filter(|word| !word.is_empty());
        let (label, random, secret) = (words.next()?, words.next()?, words.next()?);
        let random: [u8; 32] = hex(random)?.try_into().ok()?;
        let secret = hex(secret)?;
        if self.connections.len() >= CONNECTION_LIMIT && !self.connections.contains_key(&random) {
            return None;
        }
        let mut known = Secrets::default();
        let place = match label {
            b"CLIENT_RANDOM" => &mut known.master,
            b"CLIENT_EARLY_TRAFFIC_SECRET" => &mut known.early,
            b"CLIENT_HANDSHAKE_TRAFFIC_SECRET" => &mut known.handshake[0],
            b"SERVER_HANDSHAKE_TRAFFIC_SECRET" => &mut known.handshake[1],
            b"CLIENT_TRAFFIC_SECRET_0" => &mut known.application[0],
            b"SERVER_TRAFFIC_SECRET_0" => &mut known.application[1],
            _ => return None,
        };
        *place = Some(secret);
        self.connections.entry(random).or_default().merge(known);
        Some(())
    }
}

impl Secrets {
    fn merge(&mut self, other: Self) {
        let take = |into: &mut Option<Vec<u8>>, from: Option<Vec<u8>>| {
            if from.is_some() {
                *into = from;
            }
        };
        take(&mut self.master, other.master);
        take(&mut self.early, other.early);
        for (into, from) in self.handshake.iter_mut().zip(other.handshake) {
            take(into, from);
        }
        for (into, from) in self.application.iter_mut().zip(other.application) {
            take(into, from);
        }
    }
}

fn hex(text: &[u8]) -> Option<Vec<u8>> {
    let digit = |o: u8| char::from(o).to_digit(16).and_then(|value| u8::try_from(value).ok());
    if !text.len().is_multiple_of(2) || text.len() > 256 {
        return None;
    }
    text.chunks_exact(2).map(|pair| Some(digit(*pair.first()?)? << 4 | digit(*pair.get(1)?)?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_one_connection_come_together_and_others_are_passed_over() {
        let random = "ab".repeat(32);
        let text = format!(
            "# made by something\nCLIENT_HANDSHAKE_TRAFFIC_SECRET {random} 0102\r\nSERVER_TRAFFIC_SECRET_0 {random} 03\nEXPORTER_SECRET {random} 04\nCLIENT_RANDOM short 05\nCLIENT_RANDOM {random} 0g\n"
        );
        let log = KeyLog::parse(text.as_bytes());
        let secrets = log.of(&[0xAB; 32]).unwrap();
        assert_eq!(secrets.handshake, [Some(vec![1, 2]), None]);
        assert_eq!(secrets.application, [None, Some(vec![3])]);
        assert_eq!(secrets.master, None);
        assert_eq!(format!("{log:?}"), "KeyLog(1 connections)");
    }
}
