//! The values that were found, and what stands for each: the same one everywhere.

use super::value::{Shape, masked, masked_text};
use super::{Item, Kind, Wanted};
use crate::base::{Protocol, Secret, printable};
use crate::proto::imap::grammar;
use crate::tls::Facts;
use crate::trace::{Lookup, Trace};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Values shorter than this are not searched for.
const SEARCHED: usize = 3;

/// Words of the protocols that are no command: as somebody's name or password they cannot be searched for.
const WORDS: &[&str] = &[
    "ANONYMOUS",
    "APOP",
    "AUTH",
    "BAD",
    "BODY",
    "BYE",
    "CAPA",
    "CRAM-MD5",
    "ENTRY",
    "ERR",
    "EXTERNAL",
    "FLAGS",
    "IMAP",
    "IMAP4",
    "IMAP4rev1",
    "IMAP4rev2",
    "INBOX",
    "LIST",
    "LOGINDISABLED",
    "PASS",
    "PLAIN",
    "POP3",
    "PREAUTH",
    "RETR",
    "SASL",
    "SEEN",
    "STLS",
    "TLS",
    "TOP",
    "UID",
    "UIDL",
    "USER",
    "XOAUTH2",
];

/// What was found, and the names that stand for others.
#[derive(Debug)]
pub struct Names {
    wanted: Wanted,
    /// Names that somebody chose to leave as they are, in small letters.
    kept: Vec<Vec<u8>>,
    items: Vec<Item>,
    known: BTreeMap<(Kind, Vec<u8>), usize>,
    /// The names that stand for others, by kind and value; hosts in small letters.
    pseudonyms: BTreeMap<(Kind, Vec<u8>), Vec<u8>>,
    /// How many there are of each kind.
    counts: BTreeMap<Kind, u32>,
}

impl Names {
    /// Nothing found yet.
    #[must_use]
    pub fn new(wanted: Wanted, kept: &[Item]) -> Self {
        // The parts of an address that stays are seen in it, and stay as well.
        let values = kept.iter().filter(|item| item.kind.is_name()).map(|item| item.value.reveal());
        let parts =
            values.flat_map(|value| std::iter::once(value).chain(value.split(|&octet| octet == b'@')));
        let kept = parts.filter(|part| !part.is_empty()).map(<[u8]>::to_ascii_lowercase).collect();
        Self {
            wanted,
            kept,
            items: Vec::new(),
            known: BTreeMap::new(),
            pseudonyms: BTreeMap::new(),
            counts: BTreeMap::new(),
        }
    }

    /// What is wanted.
    #[must_use]
    pub fn wanted(&self) -> Wanted {
        self.wanted
    }

    /// Something private stands at a place: what to write instead. `None`: leave it.
    pub fn found(&mut self, kind: Kind, value: &[u8], place: (usize, u32)) -> Option<Vec<u8>> {
        if value.is_empty() {
            return None;
        }
        let shown = match kind {
            Kind::Content if self.wanted.content => b"(left out)".to_vec(),
            Kind::Content => return None,
            _ if kind.is_name() && (!self.wanted.names || self.keeps(value)) => return None,
            Kind::User if value.contains(&b'@') => return self.found(Kind::Address, value, place),
            Kind::Host if reserved_host(value) => return None,
            Kind::Ip if reserved_ip(value) => return None,
            Kind::User | Kind::Host | Kind::Ip => self.pseudonym(kind, value),
            Kind::Address => self.address(value, place),
            Kind::Unclear => masked_text(value),
            Kind::Password | Kind::Token | Kind::Proof => masked(value, self.wanted.shape),
        };
        // One that looks like what would stand for it: a file that was redacted already.
        if shown == value {
            return Some(shown);
        }
        self.note(kind, value, &shown, place);
        Some(shown)
    }

    fn keeps(&self, value: &[u8]) -> bool {
        self.kept.iter().any(|kept| kept.eq_ignore_ascii_case(value))
    }

    /// A value that is not replaced where it stands, but must not stand elsewhere either.
    pub fn beware(&mut self, kind: Kind, value: &[u8], place: (usize, u32)) {
        let shown = masked(value, self.wanted.shape);
        if !value.is_empty() && shown != value {
            self.note(kind, value, &shown, place);
        }
    }

    /// A value that is known stands at a further place.
    pub fn also(&mut self, item: &Item, place: (usize, u32)) {
        let key = (item.kind, item.value.reveal().to_vec());
        if let Some(known) = self.known.get(&key).and_then(|at| self.items.get_mut(*at))
            && known.places.last() != Some(&place)
        {
            known.places.push(place);
        }
    }

    fn note(&mut self, kind: Kind, value: &[u8], shown: &[u8], place: (usize, u32)) {
        let key = (kind, value.to_vec());
        let at = *self.known.entry(key).or_insert_with(|| {
            self.items.push(Item {
                kind,
                value: Secret::new(value),
                shown: printable(shown),
                shape: Shape::of(value),
                places: Vec::new(),
                common: false,
            });
            self.items.len().saturating_sub(1)
        });
        if let Some(item) = self.items.get_mut(at)
            && item.places.last() != Some(&place)
        {
            item.places.push(place);
        }
    }

    /// The name that stands for one: users, hosts and network addresses are counted each for themselves.
    fn pseudonym(&mut self, kind: Kind, value: &[u8]) -> Vec<u8> {
        let value = if kind == Kind::User { value.to_vec() } else { value.to_ascii_lowercase() };
        let counts = &mut self.counts;
        let shown = self.pseudonyms.entry((kind, value)).or_insert_with(|| {
            let count = counts.entry(kind).or_default();
            *count = count.saturating_add(1);
            let number = count.to_string();
            let text = match kind {
                Kind::User => ["user", &number].concat(),
                Kind::Host => ["host", &number, ".example"].concat(),
                _ => ["192.0.2.", &number].concat(),
            };
            text.into_bytes()
        });
        shown.clone()
    }

    /// An address: its user and its domain each by the name that stands for them.
    fn address(&mut self, value: &[u8], place: (usize, u32)) -> Vec<u8> {
        let Some(at) = value.iter().rposition(|&o| o == b'@') else {
            return self.pseudonym(Kind::User, value);
        };
        let (user, domain) = value.split_at_checked(at).unwrap_or((value, &[]));
        let domain = domain.get(1..).unwrap_or_default();
        let user = self.found(Kind::User, user, place).unwrap_or_else(|| user.to_vec());
        let domain = self.found(Kind::Host, domain, place).unwrap_or_else(|| domain.to_vec());
        [user.as_slice(), b"@", &domain].concat()
    }

    /// The name that stands for a host.
    #[must_use]
    pub fn host(&mut self, host: &str) -> String {
        let kind = if is_ip(host.as_bytes()) { Kind::Ip } else { Kind::Host };
        let shown = self.found(kind, host.as_bytes(), (0, 0));
        shown.map_or_else(|| host.to_owned(), |shown| printable(&shown))
    }

    /// The names in a handshake.
    pub fn tls(&mut self, facts: &mut Facts) {
        let Wanted { names: true, .. } = self.wanted else { return };
        for reference in &mut facts.references {
            reference.name = self.host(&reference.name);
        }
        if let Some(certificate) = facts.certificate.as_mut().map(Arc::make_mut) {
            let names = certificate.dns_names.iter_mut().chain(&mut certificate.common_name);
            names.for_each(|name| *name = self.presented(name));
            certificate.srv_names.iter_mut().for_each(|name| *name = self.presented(name));
        }
        if let Some(shown) = &mut facts.client_certificate {
            let subject = self.found(Kind::User, shown.subject.as_bytes(), (0, 0));
            shown.subject = subject.map_or_else(String::new, |subject| printable(&subject));
        }
        if let Some(recorded) = &mut facts.recorded {
            recorded.server_name = recorded.server_name.as_deref().map(|name| self.host(name));
            if let Some(presented) = &mut recorded.presented {
                let names = presented.dns_names.iter_mut().chain(&mut presented.common_name);
                names.for_each(|name| *name = self.presented(name));
                // Who issues certificates to one host only may bear its name.
                presented.issuer = presented.issuer.take().map(|name| self.presented(&name));
            }
        }
    }

    /// A name in a certificate: a star or a service in front stays what it is.
    fn presented(&mut self, name: &str) -> String {
        let bare = name.rsplit_once("*.").map_or(name, |(_, host)| host);
        let bare =
            if bare.starts_with('_') { bare.split_once('.').map_or(bare, |(_, host)| host) } else { bare };
        let front = name.strip_suffix(bare).unwrap_or_default();
        [front, &self.host(bare)].concat()
    }

    /// The names in a question to the resolver and its answers.
    pub fn lookup(&mut self, lookup: &mut Lookup) {
        use crate::base::{Question, Record};
        let Wanted { names: true, .. } = self.wanted else { return };
        let (Question::Address(name) | Question::Service(name) | Question::Settings(name)) =
            &mut lookup.question;
        *name = self.presented(name);
        for record in &mut lookup.records {
            match record {
                Record::Cname { name, target }
                | Record::Srv { name, target, .. }
                | Record::Settings { name, target, .. } => {
                    *name = self.presented(name);
                    *target = self.presented(target);
                }
                Record::Address { name, machine } => {
                    *name = self.presented(name);
                    *machine = self.presented(machine);
                }
            }
        }
    }

    /// Everything is found: tells which values cannot be searched for.
    pub fn settle(&mut self, traces: &[Trace]) {
        let mut tags = std::collections::BTreeSet::new();
        for event in traces.iter().flat_map(|trace| trace.events().iter().map(move |event| (trace, event))) {
            if let (
                trace,
                crate::trace::Event { kind: crate::trace::EventKind::Command(command), hop, from, .. },
            ) = event
                && trace.protocol() != Protocol::Pop3
                && let Some(tag) = command.tag
            {
                tags.insert(trace.slice(*hop, *from, tag));
            }
        }
        for item in &mut self.items {
            let value = item.value.reveal();
            item.common = value.len() < SEARCHED
                || tags.contains(value)
                || grammar::is_command(value)
                || WORDS.iter().any(|word| value.eq_ignore_ascii_case(word.as_bytes()))
                || value.iter().all(u8::is_ascii_digit) && value.len() < 6;
        }
    }

    /// What was found.
    #[must_use]
    pub fn items(&self) -> Vec<Item> {
        let mut items = self.items.clone();
        for item in &mut items {
            item.places.sort_unstable();
            item.places.dedup();
        }
        items.sort_by_key(|item| item.kind);
        items
    }
}

/// Names that belong to nobody (RFC 2606, RFC 6761).
#[must_use]
pub fn reserved_host(host: &[u8]) -> bool {
    let host = host.to_ascii_lowercase();
    let host = host.strip_suffix(b".").unwrap_or(&host);
    let last = host.rsplit(|&o| o == b'.').next().unwrap_or_default();
    matches!(last, b"test" | b"example" | b"invalid" | b"localhost")
        || [&b"example.com"[..], b"example.net", b"example.org", b"localhost.localdomain"].iter().any(
            |known| host.strip_suffix(*known).is_some_and(|front| front.is_empty() || front.ends_with(b".")),
        )
        || !host.contains(&b'.') && host == b"localhost"
}

/// Whether it is written as a network address.
#[must_use]
pub fn is_ip(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_ok_and(|text| text.parse::<std::net::IpAddr>().is_ok())
}

/// Addresses that belong to nobody: loopback, and those of documentation (RFC 5737, RFC 3849).
#[must_use]
pub fn reserved_ip(text: &[u8]) -> bool {
    use std::net::IpAddr;
    let parsed = std::str::from_utf8(text).ok().and_then(|text| text.parse::<IpAddr>().ok());
    match parsed {
        Some(IpAddr::V4(v4)) => v4.is_loopback() || v4.is_unspecified() || v4.is_documentation(),
        Some(IpAddr::V6(v6)) => {
            v6.is_loopback() || v6.is_unspecified() || v6.segments().starts_with(&[0x2001, 0xdb8])
        }
        None => false,
    }
}
