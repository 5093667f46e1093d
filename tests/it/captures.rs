//! Captures: every recorded session with and without its keys, and captures made here for what those do not have.

use crate::corpus::{Entry, entries};
use crate::corpus_facts::{expected, nothing_inside};
use proptest::prelude::*;
use rcgen::{CertificateParams, KeyPair, SanType};
use rustls::crypto::ring;
use rustls::pki_types::PrivateKeyDer;
use serde_json::Value;
use starttls_lab::base::{Layer, Protocol, Side};
use starttls_lab::facts::Facts;
use starttls_lab::import::{self, Batch, Imported, KeyLog, Session};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Read, Write as _};
use std::sync::{Arc, Mutex};

fn facts(session: &Session) -> Value {
    serde_json::to_value(Facts::of(&session.trace, Side::Client)).unwrap()
}

/// Without keys, what went through TLS is unknown; with them nothing is, but for a greeting that never came.
fn may_be_unknown(fact: &str, truth: &Value, keys: bool) -> bool {
    let opaque = truth["tls_established"] == true && !keys;
    match fact {
        "authenticated" | "capability_reissued_after_tls" => opaque,
        "preauth" => {
            truth["starttls_sent"] == 0 && truth["tls_attempted"] == true && (opaque || nothing_inside(truth))
        }
        _ => false,
    }
}

#[test]
fn the_capture_of_every_session_has_the_facts_of_the_index_with_and_without_keys() {
    let mut differences = String::new();
    let mut unknown: BTreeMap<(bool, &str), u32> = BTreeMap::new();
    let (mut plain, mut opened) = (0, 0);
    for entry in &entries() {
        let octets = entry.file("client.pcap").unwrap();
        let keylog = entry.file("keylog.txt");
        for keys in [None, keylog.as_deref()].into_iter().take(1 + usize::from(keylog.is_some())) {
            let log = Arc::new(keys.map(KeyLog::parse).unwrap_or_default());
            let with_keys = keys.is_some();
            *(if with_keys { &mut opened } else { &mut plain }) += 1;
            compare(entry, &octets, &log, with_keys, &mut unknown, &mut differences);
        }
    }
    assert!(differences.is_empty(), "\n{differences}");
    assert_eq!((plain, opened), (350, 192));
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_debug_snapshot!("capture_facts_unknown", unknown);
    });
}

fn compare(
    entry: &Entry,
    octets: &[u8],
    log: &Arc<KeyLog>,
    keys: bool,
    unknown: &mut BTreeMap<(bool, &'static str), u32>,
    differences: &mut String,
) {
    let mut complain = |text: String| writeln!(differences, "{} (keys: {keys}): {text}", entry.name).unwrap();
    let imported = match import::read_with(octets, None, log) {
        Ok(imported) => imported,
        Err(error) => return complain(error.to_string()),
    };
    let [session] = &imported.batch.sessions[..] else {
        return complain(format!("{} sessions", imported.batch.sessions.len()));
    };
    if session.protocol_seen && session.trace.protocol().id() != entry.protocol() {
        complain(format!("taken for {}", session.trace.protocol().id()));
    }
    if session.trace.truncated() || !imported.batch.notices.is_empty() {
        complain(format!("something is missing: {:?}", imported.batch.notices));
    }
    let found = facts(session);
    for (fact, truth) in expected(&entry.truth) {
        if found[fact] == truth {
            continue;
        }
        // Where nobody was logged in inside, the index cannot say so when the client sent nothing there.
        let undecided = truth.is_null()
            && keys
            && nothing_inside(&entry.truth)
            && matches!(fact, "authenticated" | "capability_reissued_after_tls")
            && found[fact] == false;
        if found[fact].is_null() && may_be_unknown(fact, &entry.truth, keys) {
            *unknown.entry((keys, fact)).or_default() += 1;
        } else if !undecided {
            complain(format!("{fact} is {}, in truth {truth}", found[fact]));
        }
    }
}

/// Keys of another recording open nothing, and that is said; without any keys nothing is.
#[test]
fn keys_of_another_connection_are_noticed() {
    let all = entries();
    let mut opened = all.iter().filter(|entry| entry.file("transcript-decrypted.txt").is_some());
    let (one, other) = opened.next().zip(opened.next()).unwrap();
    let capture = one.file("client.pcap").unwrap();
    let told = |keys: &[u8]| {
        let imported = import::read_with(&capture, None, &Arc::new(KeyLog::parse(keys))).unwrap();
        let mut notices = imported.batch.sessions.iter().flat_map(|session| &session.notices);
        notices.any(|notice| notice.message.starts_with("The key log has no secret of this connection"))
    };
    assert!(told(&other.file("keylog.txt").unwrap()));
    assert!(!told(&one.file("keylog.txt").unwrap()) && !told(b""));
}

#[test]
fn a_capture_with_keys_says_what_the_decrypted_transcript_says() {
    let mut compared = 0;
    for entry in &entries() {
        let (Some(keylog), Some(transcript)) =
            (entry.file("keylog.txt"), entry.file("transcript-decrypted.txt"))
        else {
            continue;
        };
        let log = Arc::new(KeyLog::parse(&keylog));
        let captured = import::read_with(&entry.file("client.pcap").unwrap(), None, &log).unwrap();
        let written = import::read(&transcript, None).unwrap();
        let commands = |imported: &Imported| -> Vec<(Layer, String)> {
            let leg = imported.batch.sessions[0].trace.leg(Side::Client);
            leg.commands().map(|(event, command)| (event.layer, command.name.to_string())).collect()
        };
        assert_eq!(commands(&captured), commands(&written), "{}", entry.name);
        compared += 1;
    }
    assert_eq!(compared, 142);
}

/// How frames carry IP packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Link {
    Ethernet,
    Vlan,
    Null,
    Raw,
    Cooked,
    Cooked2,
    Ethernet6,
}

impl Link {
    const ALL: [Self; 7] =
        [Self::Ethernet, Self::Vlan, Self::Null, Self::Raw, Self::Cooked, Self::Cooked2, Self::Ethernet6];

    fn code(self) -> u32 {
        match self {
            Self::Ethernet | Self::Vlan | Self::Ethernet6 => 1,
            Self::Null => 0,
            Self::Raw => 101,
            Self::Cooked => 113,
            Self::Cooked2 => 276,
        }
    }

    fn wrap(self, ip: &[u8]) -> Vec<u8> {
        let head: Vec<u8> = match self {
            Self::Ethernet => [&[2; 12][..], &[8, 0]].concat(),
            Self::Ethernet6 => [&[2; 12][..], &[0x86, 0xDD]].concat(),
            Self::Vlan => [&[2; 12][..], &[0x81, 0, 0, 7, 8, 0]].concat(),
            Self::Null => vec![2, 0, 0, 0],
            Self::Raw => Vec::new(),
            Self::Cooked => [&[0; 14][..], &[8, 0]].concat(),
            Self::Cooked2 => [&[8, 0][..], &[0; 18]].concat(),
        };
        [head, ip.to_vec()].concat()
    }
}

const SYN: u8 = 2;
const ACK: u8 = 16;
const FIN: u8 = 1;
const RST: u8 = 4;

/// One segment: who sends it, at which offset of its stream (0: the first octet), what.
#[derive(Clone, Debug)]
struct Piece {
    from: Side,
    flags: u8,
    at: u32,
    octets: Vec<u8>,
    client_port: u16,
}

fn piece(from: Side, flags: u8, at: usize, octets: &[u8]) -> Piece {
    Piece { from, flags, at: at as u32, octets: octets.to_vec(), client_port: 40000 }
}

/// First sequence numbers; the client's wraps around soon.
fn first(from: Side) -> u32 {
    if from == Side::Client { u32::MAX - 20 } else { 77 }
}

fn packet(link: Link, piece: &Piece) -> Vec<u8> {
    let (client, server) = (piece.client_port, 2143_u16);
    let (source, target) = if piece.from == Side::Client { (client, server) } else { (server, client) };
    let offset = if piece.flags & SYN > 0 { 0 } else { piece.at.wrapping_add(1) };
    let sequence = first(piece.from).wrapping_add(offset);
    let mut tcp = [source.to_be_bytes(), target.to_be_bytes()].concat();
    tcp.extend(sequence.to_be_bytes());
    tcp.extend([0; 4]);
    tcp.extend([0x50, piece.flags, 0x20, 0, 0, 0, 0, 0]);
    tcp.extend(&piece.octets);
    let (a, b) = if piece.from == Side::Client { (1, 2) } else { (2, 1) };
    let ip = if link == Link::Ethernet6 {
        let mut ip = vec![0x60, 0, 0, 0];
        ip.extend((tcp.len() as u16).to_be_bytes());
        ip.extend([6, 64]);
        for end in [a, b] {
            ip.extend([0x20, 1, 0xD, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, end]);
        }
        ip
    } else {
        let mut ip = vec![0x45, 0];
        ip.extend((tcp.len() as u16 + 20).to_be_bytes());
        ip.extend([0, 0, 0, 0, 64, 6, 0, 0, 192, 0, 2, a, 192, 0, 2, b]);
        ip
    };
    link.wrap(&[ip, tcp].concat())
}

fn pcap(link: Link, packets: &[Vec<u8>], snap: usize) -> Vec<u8> {
    let mut file = vec![0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0];
    file.extend(link.code().to_le_bytes());
    for (number, packet) in packets.iter().enumerate() {
        let kept = &packet[..packet.len().min(snap)];
        file.extend((1000 + number as u32).to_le_bytes());
        file.extend([0; 4]);
        file.extend((kept.len() as u32).to_le_bytes());
        file.extend((packet.len() as u32).to_le_bytes());
        file.extend(kept);
    }
    file
}

fn pcapng(link: Link, packets: &[Vec<u8>], big: bool, keys: Option<&str>) -> Vec<u8> {
    let word = |n: u32| if big { n.to_be_bytes() } else { n.to_le_bytes() };
    let block = |kind: u32, body: &[u8]| {
        let mut body = body.to_vec();
        body.resize(body.len().next_multiple_of(4), 0);
        let length = word(body.len() as u32 + 12);
        [&word(kind)[..], &length, &body, &length].concat()
    };
    let half = |n: u16| if big { n.to_be_bytes() } else { n.to_le_bytes() };
    let section = [&word(0x1A2B_3C4D)[..], &half(1), &half(0), &[0xFF; 8]].concat();
    let mut file = block(0x0A0D_0D0A, &section);
    file.extend(block(1, &[&half(link.code() as u16)[..], &half(0), &word(0)].concat()));
    if let Some(keys) = keys {
        file.extend(block(10, &[&word(0x544C_534B)[..], &word(keys.len() as u32), keys.as_bytes()].concat()));
    }
    for (number, packet) in packets.iter().enumerate() {
        let length = word(packet.len() as u32);
        let body = [&word(0)[..], &word(0), &word(number as u32), &length, &length, packet].concat();
        file.extend(block(6, &body));
    }
    file
}

const SERVER: &[u8] = b"* OK [CAPABILITY IMAP4rev1] ready\r\na1 OK done\r\n* BYE\r\na2 OK bye\r\n";
const CLIENT: &[u8] = b"a1 LOGIN tim tanstaaftanstaaf\r\na2 LOGOUT\r\n";

/// A plain session in order.
fn session() -> Vec<Piece> {
    use Side::{Client, Server};
    vec![
        piece(Client, SYN, 0, b""),
        piece(Server, SYN | ACK, 0, b""),
        piece(Server, ACK, 0, &SERVER[..35]),
        piece(Client, ACK, 0, &CLIENT[..31]),
        piece(Server, ACK, 35, &SERVER[35..47]),
        piece(Client, ACK, 31, &CLIENT[31..]),
        piece(Server, ACK | FIN, 47, &SERVER[47..]),
        piece(Client, ACK | FIN, CLIENT.len(), b""),
    ]
}

fn read(octets: &[u8]) -> Batch {
    import::read(octets, None).unwrap().batch
}

fn packets(link: Link, pieces: &[Piece]) -> Vec<Vec<u8>> {
    pieces.iter().map(|piece| packet(link, piece)).collect()
}

fn assert_whole(batch: &Batch, what: &str) {
    assert_eq!(batch.sessions.len(), 1, "{what}");
    let session = &batch.sessions[0];
    assert_eq!(session.trace.protocol(), Protocol::Imap, "{what}");
    let tape = |side| session.trace.tape(starttls_lab::base::Hop::Client, side);
    assert_eq!((tape(Side::Client), tape(Side::Server)), (CLIENT, SERVER), "{what}");
    let facts = facts(session);
    assert_eq!(
        (&facts["credential_in_clear"], &facts["authenticated"]),
        (&true.into(), &true.into()),
        "{what}"
    );
    assert!(!session.trace.truncated(), "{what}");
}

#[test]
fn every_link_layer_and_both_containers_are_read() {
    for link in Link::ALL {
        let packets = packets(link, &session());
        assert_whole(&read(&pcap(link, &packets, 1 << 16)), &format!("{link:?}"));
        for big in [false, true] {
            assert_whole(&read(&pcapng(link, &packets, big, None)), &format!("{link:?} in pcapng, {big}"));
        }
    }
    let mut unknown = pcap(Link::Ethernet, &packets(Link::Ethernet, &session()), 1 << 16);
    unknown[20] = 147;
    let error = import::read(&unknown, None).unwrap_err();
    assert_eq!(error.to_string(), "no connection in the capture is of IMAP, POP3 or ACAP");
}

#[test]
fn segments_may_come_out_of_order_again_and_over_one_another() {
    let link = Link::Ethernet;
    let whole = |pieces: &[Piece], what: &str| {
        assert_whole(&read(&pcap(link, &packets(link, pieces), 1 << 16)), what);
    };
    let mut again = session();
    again.insert(4, again[3].clone());
    again.insert(3, again[2].clone());
    whole(&again, "retransmitted");
    let mut split = session();
    split.splice(
        3..4,
        [
            piece(Side::Client, ACK, 10, &CLIENT[10..31]),
            piece(Side::Client, ACK, 0, &CLIENT[..12]),
            piece(Side::Client, ACK, 5, &CLIENT[5..20]),
        ],
    );
    whole(&split, "out of order and overlapping");
    let mut octets = session();
    octets.splice(3..4, (0..31).map(|at| piece(Side::Client, ACK, at, &CLIENT[at..=at])));
    whole(&octets, "octet by octet");
}

#[test]
fn a_connection_without_its_start_or_its_end_is_read_as_far_as_it_goes() {
    let link = Link::Ethernet;
    for cut in 3..session().len() {
        let batch = read(&pcap(link, &packets(link, &session()[..cut]), 1 << 16));
        assert_eq!(batch.sessions.len(), 1, "the first {cut} packets");
        assert!(!batch.sessions[0].trace.truncated());
    }
    let late = read(&pcap(link, &packets(link, &session()[3..]), 1 << 16));
    assert!(late.sessions[0].trace.truncated());
    let facts = facts(&late.sessions[0]);
    assert_eq!(facts["credential_in_clear"], true);
    assert_eq!(facts["starttls_advertised"], Value::Null);
    let mut reset = session();
    reset[6] = piece(Side::Server, RST, 47, b"");
    reset.truncate(7);
    assert_eq!(read(&pcap(link, &packets(link, &reset), 1 << 16)).sessions.len(), 1);
}

#[test]
fn what_the_capture_lacks_is_said_and_nothing_is_made_up() {
    let link = Link::Ethernet;
    // 54 octets of headers and 20 of content.
    let batch = read(&pcap(link, &packets(link, &session()), 74));
    let facts = facts(&batch.sessions[0]);
    assert!(batch.sessions[0].trace.truncated());
    assert_eq!(
        (&facts["commands_in_clear"], &facts["credential_in_clear"]),
        (&Value::Null, &Value::Bool(true))
    );
    let said: Vec<_> = batch.notices.iter().map(|notice| notice.message.as_str()).collect();
    assert_eq!(said, ["26 octets of TCP connections are not in the capture."]);
    let mut hole = session();
    hole.remove(3);
    let batch = read(&pcap(link, &packets(link, &hole), 1 << 16));
    let facts = self::facts(&batch.sessions[0]);
    assert_eq!((&facts["commands_in_clear"], &facts["credential_in_clear"]), (&Value::Null, &Value::Null));
    let headers = import::read(&pcap(link, &packets(link, &session()), 40), None).unwrap_err();
    assert_eq!(headers.to_string(), "no connection in the capture is of IMAP, POP3 or ACAP");
}

#[test]
fn interleaved_connections_become_sessions_and_other_protocols_are_counted() {
    let link = Link::Ethernet;
    let mut pieces = Vec::new();
    for step in 0..session().len() {
        for port in [40001, 40002, 40003] {
            pieces.push(Piece { client_port: port, ..session()[step].clone() });
        }
    }
    for (from, octets) in [(Side::Client, &b"\0\x01\x02binary"[..]), (Side::Server, b"\xFFanswer")] {
        pieces.push(Piece { client_port: 40009, ..piece(from, ACK, 0, octets) });
    }
    pieces.push(Piece { client_port: 40010, ..piece(Side::Server, ACK, 0, b"220 mail ESMTP\r\n") });
    let batch = read(&pcap(link, &packets(link, &pieces), 1 << 16));
    assert_eq!(batch.sessions.iter().map(|s| s.number).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(batch.foreign.len(), 1);
    let said: Vec<_> = batch.notices.iter().map(|notice| notice.message.as_str()).collect();
    assert_eq!(said, ["1 TCP connections are of no mail protocol that is covered."]);
}

#[test]
fn a_million_connections_stay_within_the_limits() {
    let link = Link::Raw;
    let opened: Vec<_> = (0..20_000_u32)
        .map(|n| {
            let mut octets = packet(link, &piece(Side::Server, ACK, 0, b"* OK ready\r\n"));
            octets[14..16].copy_from_slice(&((n >> 8) as u16).to_be_bytes());
            octets[18..20].copy_from_slice(&(n as u8 as u16 + 256).to_be_bytes());
            octets
        })
        .collect();
    let batch = read(&pcap(link, &opened, 1 << 16));
    assert_eq!(batch.sessions.len(), 20_000);
    assert!(batch.notices.iter().any(|notice| notice.message.contains("judged before their end")));
}

#[test]
fn a_damaged_container_says_where_it_broke() {
    let link = Link::Ethernet;
    let mut file = pcap(link, &packets(link, &session()), 1 << 16);
    let whole = file.len();
    file.extend([0; 8]);
    file.extend(u32::MAX.to_le_bytes());
    file.extend([0; 100]);
    let said = |file: &[u8]| read(file).notices.into_iter().map(|n| n.message).collect::<Vec<_>>();
    assert_eq!(said(&file), ["The capture is damaged behind packet 8; the rest was not read."]);
    assert_eq!(said(&file[..whole + 5]), ["The capture ends within what follows packet 8."]);
}

/// Collects what rustls would write to a key log.
#[derive(Debug, Default)]
struct Collected(Mutex<String>);

impl rustls::KeyLog for Collected {
    fn log(&self, label: &str, random: &[u8], secret: &[u8]) {
        let hex = |octets: &[u8]| octets.iter().map(|o| format!("{o:02x}")).collect::<String>();
        writeln!(self.0.lock().unwrap(), "{label} {} {}", hex(random), hex(secret)).unwrap();
    }
}

/// Any certificate is fine.
#[derive(Debug)]
struct Trusting;

impl rustls::client::danger::ServerCertVerifier for Trusting {
    fn verify_server_cert(
        &self,
        _: &rustls::pki_types::CertificateDer<'_>,
        _: &[rustls::pki_types::CertificateDer<'_>],
        _: &rustls::pki_types::ServerName<'_>,
        _: &[u8],
        _: rustls::pki_types::UnixTime,
    ) -> Result<rustls::client::danger::ServerCertVerified, rustls::Error> {
        Ok(rustls::client::danger::ServerCertVerified::assertion())
    }
    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &rustls::pki_types::CertificateDer<'_>,
        _: &rustls::DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        Ok(rustls::client::danger::HandshakeSignatureValid::assertion())
    }
    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &rustls::pki_types::CertificateDer<'_>,
        _: &rustls::DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        Ok(rustls::client::danger::HandshakeSignatureValid::assertion())
    }
    fn supported_verify_schemes(&self) -> Vec<rustls::SignatureScheme> {
        ring::default_provider().signature_verification_algorithms.supported_schemes()
    }
}

/// A session with STARTTLS in one suite, and the client's key log.
fn encrypted(suite: rustls::SupportedCipherSuite, update_keys: bool) -> (Vec<Piece>, String) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::default();
    params.subject_alt_names = vec![SanType::DnsName("mail.example.test".try_into().unwrap())];
    params.not_before = rcgen::date_time_ymd(2000, 1, 1);
    params.not_after = rcgen::date_time_ymd(2001, 1, 1);
    let certificate = params.self_signed(&key).unwrap();
    let secret = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let provider =
        Arc::new(rustls::crypto::CryptoProvider { cipher_suites: vec![suite], ..ring::default_provider() });
    let versions: &[&rustls::SupportedProtocolVersion] = &[suite.version()];
    let server = rustls::ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(versions)
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], secret)
        .unwrap();
    let log = Arc::new(Collected::default());
    let mut client = rustls::ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Trusting))
        .with_no_client_auth();
    client.key_log = Arc::clone(&log) as Arc<dyn rustls::KeyLog>;
    let mut client =
        rustls::ClientConnection::new(Arc::new(client), "mail.example.test".try_into().unwrap()).unwrap();
    let mut server = rustls::ServerConnection::new(Arc::new(server)).unwrap();
    let mut pieces = vec![piece(Side::Client, SYN, 0, b""), piece(Side::Server, SYN | ACK, 0, b"")];
    let mut at = [0_usize; 2];
    let mut send = |from: Side, octets: &[u8]| {
        let at = &mut at[usize::from(from == Side::Server)];
        for part in octets.chunks(700) {
            pieces.push(piece(from, ACK, *at, part));
            *at += part.len();
        }
    };
    send(Side::Server, b"* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready\r\n");
    send(Side::Client, b"a1 STARTTLS\r\n");
    send(Side::Server, b"a1 OK go\r\n");
    let lines: [(Side, &[u8]); 6] = [
        (Side::Client, b"a2 CAPABILITY\r\n"),
        (Side::Server, b"* CAPABILITY IMAP4rev1\r\na2 OK done\r\n"),
        (Side::Client, b"a3 LOGIN tim tanstaaftanstaaf\r\n"),
        (Side::Server, b"a3 OK done\r\n"),
        (Side::Client, b"a4 LOGOUT\r\n"),
        (Side::Server, b"* BYE\r\na4 OK done\r\n"),
    ];
    let mut exchange = |client: &mut rustls::ClientConnection, server: &mut rustls::ServerConnection| {
        while client.wants_write() || server.wants_write() {
            let mut octets = Vec::new();
            while client.wants_write() {
                client.write_tls(&mut octets).unwrap();
            }
            send(Side::Client, &octets);
            server.read_tls(&mut octets.as_slice()).unwrap();
            server.process_new_packets().unwrap();
            let mut octets = Vec::new();
            while server.wants_write() {
                server.write_tls(&mut octets).unwrap();
            }
            send(Side::Server, &octets);
            client.read_tls(&mut octets.as_slice()).unwrap();
            client.process_new_packets().unwrap();
        }
    };
    exchange(&mut client, &mut server);
    for (from, line) in lines {
        if from == Side::Client {
            if update_keys {
                client.refresh_traffic_keys().unwrap();
            }
            client.writer().write_all(line).unwrap();
        } else {
            server.writer().write_all(line).unwrap();
        }
        exchange(&mut client, &mut server);
        let mut got = [0; 500];
        let _ = if from == Side::Client {
            server.reader().read(&mut got)
        } else {
            client.reader().read(&mut got)
        };
    }
    let log = log.0.lock().unwrap().clone();
    (pieces, log)
}

#[test]
fn every_aead_suite_of_both_versions_opens_with_its_keys() {
    let mut opened = Vec::new();
    for suite in ring::ALL_CIPHER_SUITES {
        let name = format!("{:?}", suite.suite());
        // The certificate here is of ECDSA.
        if name.contains("_RSA_") {
            continue;
        }
        let tls13 = suite.version().version == rustls::ProtocolVersion::TLSv1_3;
        let (pieces, log) = encrypted(*suite, tls13);
        let packets = packets(Link::Ethernet, &pieces);
        let keys = Arc::new(KeyLog::parse(log.as_bytes()));
        let embedded = pcapng(Link::Ethernet, &packets, false, Some(&log));
        let with_file = import::read_with(&pcap(Link::Ethernet, &packets, 1 << 16), None, &keys).unwrap();
        for batch in [with_file.batch, read(&embedded)] {
            let session = &batch.sessions[0];
            let found = facts(session);
            for (fact, truth) in [
                ("tls_established", true.into()),
                ("tls_version", if tls13 { "TLSv1.3" } else { "TLSv1.2" }.into()),
                ("tls_cipher", name.replace("TLS13_", "TLS_").into()),
                ("capability_reissued_after_tls", true.into()),
                ("authenticated", true.into()),
                ("credential_in_clear", false.into()),
                ("tls", Value::from("starttls")),
            ] {
                assert_eq!(found[fact], truth, "{name}: {fact}");
            }
            let said = &session.notices[0].message;
            assert!(said.contains("asked for mail.example.test"), "{said}");
            assert!(said.contains("certificate is for mail.example.test"), "{said}");
            assert!(said.ends_with("outside its dates."), "{said}");
        }
        let closed = read(&pcap(Link::Ethernet, &packets, 1 << 16));
        let found = facts(&closed.sessions[0]);
        assert_eq!(found["tls_established"], true, "{name}");
        assert_eq!(found["authenticated"], Value::Null, "{name}");
        // Up to TLS 1.2 the certificate goes in the clear.
        assert_eq!(closed.sessions[0].notices[0].message.contains("certificate"), !tls13, "{name}");
        opened.push(name);
    }
    assert_eq!(opened.len(), 6, "{opened:?}");
}

#[test]
fn a_handshake_that_stops_at_any_packet_is_never_called_what_it_was_not() {
    let suite = ring::cipher_suite::TLS13_AES_128_GCM_SHA256;
    let (pieces, log) = encrypted(suite, false);
    let keys = Arc::new(KeyLog::parse(log.as_bytes()));
    for cut in 3..pieces.len() {
        let file = pcap(Link::Ethernet, &packets(Link::Ethernet, &pieces[..cut]), 1 << 16);
        let of = |keys: &Arc<KeyLog>| facts(&import::read_with(&file, None, keys).unwrap().batch.sessions[0]);
        let (opened, closed) = (of(&keys), of(&Arc::default()));
        assert_eq!(opened["tls_established"], closed["tls_established"], "{cut} packets");
        assert_eq!(opened["credential_in_clear"], false, "{cut} packets");
    }
}

proptest! {
    #[test]
    fn damaged_captures_never_panic(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20), cut in any::<prop::sample::Index>()) {
        let link = Link::ALL[cut.index(7)];
        let mut file = pcap(link, &packets(link, &session()), 1 << 16);
        for (at, value) in changes {
            let at = at.index(file.len());
            file[at] = value;
        }
        for format in ["pcap", "pcapng"] {
            let mut whole = Batch::default();
            let mut reader = import::find(format).unwrap().reader();
            reader.push(&file, &mut whole);
            reader.finish(&mut whole);
            let mut parts = Batch::default();
            let mut reader = import::find(format).unwrap().reader();
            let (a, b) = file.split_at(cut.index(file.len()));
            reader.push(a, &mut parts);
            reader.push(b, &mut parts);
            reader.finish(&mut parts);
            prop_assert_eq!(format!("{whole:?}"), format!("{parts:?}"));
        }
    }
}
