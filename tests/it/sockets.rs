//! The machines are real: Python's imaplib and poplib log in to our servers over a loopback socket, with STARTTLS done
//! by rustls, and Dovecot lets our clients in. A thin harness, shaped so that machine, socket and TLS stay apart.

use rcgen::{CertificateParams, KeyPair, SanType};
use rustls::pki_types::PrivateKeyDer;
use starttls_lab::base::{Protocol, Seed, Side, Tick};
use starttls_lab::proto::{self, Input, Machine, Output};
use starttls_lab::sim::{Setup, default_account};
use starttls_lab::tls::{Facts, Version};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

/// A certificate for localhost that stands for itself.
struct Identity {
    config: Arc<rustls::ServerConfig>,
    pem: String,
}

fn identity() -> Identity {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::default();
    params.subject_alt_names = vec![SanType::DnsName("localhost".try_into().unwrap())];
    let certificate = params.self_signed(&key).unwrap();
    let secret = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config =
        rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], secret)
            .unwrap();
    Identity { config: Arc::new(config), pem: pem(certificate.der()) }
}

fn pem(der: &[u8]) -> String {
    pem_of("CERTIFICATE", der)
}

fn pem_of(what: &str, der: &[u8]) -> String {
    use base64::Engine;
    let body = base64::engine::general_purpose::STANDARD.encode(der);
    let lines: Vec<_> = body.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {what}-----\n{}\n-----END {what}-----\n", lines.join("\n"))
}

/// The wire of one end: plain until TLS is up.
enum Wire {
    Clear(TcpStream),
    Tls(Box<rustls::StreamOwned<rustls::ServerConnection, TcpStream>>),
}

impl Wire {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        match self {
            Self::Clear(stream) => stream.read(buffer),
            Self::Tls(stream) => stream.read(buffer),
        }
    }

    fn send(&mut self, octets: &[u8]) -> std::io::Result<()> {
        match self {
            Self::Clear(stream) => stream.write_all(octets),
            Self::Tls(stream) => stream.write_all(octets).and_then(|()| stream.flush()),
        }
    }
}

/// Runs a server machine on one connection until either side closes it. Gives whether TLS came up.
fn serve(machine: &mut dyn Machine, stream: TcpStream, identity: &Identity) -> bool {
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let mut wire = Wire::Clear(stream);
    let mut secure = false;
    let mut outputs = machine.step(Tick(0), Input::Connected);
    let mut buffer = [0; 4096];
    loop {
        let mut next = Vec::new();
        for output in outputs {
            match output {
                Output::Send(octets) => {
                    if wire.send(&octets).is_err() {
                        return secure;
                    }
                }
                Output::StartTls(_) => {
                    let Wire::Clear(stream) = wire else { panic!("TLS inside TLS") };
                    let connection = rustls::ServerConnection::new(identity.config.clone()).unwrap();
                    let mut tls = rustls::StreamOwned::new(connection, stream);
                    while tls.conn.is_handshaking() {
                        tls.conn.complete_io(&mut tls.sock).expect("handshake");
                    }
                    wire = Wire::Tls(Box::new(tls));
                    secure = true;
                    let facts = Facts { version: Some(Version::Tls13), ..Facts::default() };
                    next.extend(machine.step(Tick(0), Input::TlsDone(Ok(&facts))));
                }
                Output::Close => return secure,
                Output::Cut | Output::EndTls => return secure,
                Output::Note(_)
                | Output::Behind(_)
                | Output::WakeAt(_)
                | Output::Lookup(_)
                | Output::Connect(_) => {}
            }
        }
        outputs = if next.is_empty() {
            match wire.read(&mut buffer) {
                Ok(0) | Err(_) => return secure,
                Ok(length) => machine.step(Tick(0), Input::Octets(&buffer[..length])),
            }
        } else {
            next
        };
    }
}

/// Runs a Python script against our server of a protocol. Gives what it printed and whether TLS came up.
fn python(protocol: Protocol, script: &str) -> Option<(String, bool)> {
    if Command::new("python3").arg("-c").arg("import imaplib, poplib, ssl").status().is_err() {
        // Announced, so that nobody takes a machine without Python for one where this passed.
        eprintln!("skipped: python3 is not here");
        return None;
    }
    let identity = identity();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let folder = std::env::temp_dir().join(format!("starttls-lab-{}-{port}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let ca = folder.join("ca.pem");
    std::fs::write(&ca, &identity.pem).unwrap();
    let child = Command::new("python3")
        .args(["-c", script])
        .env("PORT", port.to_string())
        .env("CA", &ca)
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let (stream, _) = listener.accept().unwrap();
    let record = proto::find(protocol).unwrap();
    let setup = Setup::new(protocol).unwrap();
    let mut machine = (record.server)(&default_account(), &setup.server.1, Seed(1));
    let secure = serve(machine.as_mut(), stream, &identity);
    let output = child.wait_with_output().unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    Some((said, secure))
}

#[test]
fn imaplib_upgrades_logs_in_and_reads_the_message() {
    let script = "
import imaplib, os, ssl
box = imaplib.IMAP4('localhost', int(os.environ['PORT']))
assert 'LOGINDISABLED' in box.capabilities, box.capabilities
box.starttls(ssl.create_default_context(cafile=os.environ['CA']))
assert 'LOGINDISABLED' not in box.capabilities, box.capabilities
box.login('tim', 'tanstaaftanstaaf')
print(box.select('INBOX'))
print(box.fetch('1', '(BODY[])')[1][0][1].decode())
print(box.logout()[0])
";
    let Some((said, secure)) = python(Protocol::Imap, script) else { return };
    assert!(secure && said.contains("The safe opens with 4711.") && said.contains("BYE"), "{said}");
}

#[test]
fn imaplib_is_refused_in_the_clear() {
    let script = "
import imaplib, os
box = imaplib.IMAP4('localhost', int(os.environ['PORT']))
try:
    box.login('tim', 'tanstaaftanstaaf')
    print('logged in')
except imaplib.IMAP4.error as error:
    print('refused', error)
box.logout()
";
    let Some((said, secure)) = python(Protocol::Imap, script) else { return };
    assert!(!secure && said.starts_with("refused"), "{said}");
}

/// A Dovecot of its own on a free port, with one user and one message.
struct Dovecot {
    child: std::process::Child,
    folder: std::path::PathBuf,
    port: u16,
    certificate: rustls::pki_types::CertificateDer<'static>,
}

impl Dovecot {
    /// `None`, announced, where there is no Dovecot or it cannot be started by this user.
    fn start(service: &str) -> Option<Self> {
        let root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n");
        if !root || Command::new("dovecot").arg("--version").output().is_err() {
            eprintln!("skipped: dovecot is not here, or this is not root");
            return None;
        }
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = std::env::temp_dir().join(format!("starttls-lab-dovecot-{}-{port}", std::process::id()));
        for part in ["mail/tim/new", "mail/tim/cur", "mail/tim/tmp"] {
            std::fs::create_dir_all(folder.join(part)).unwrap();
        }
        std::fs::write(folder.join("mail/tim/new/1.test"), "Subject: Friday\n\nThe safe opens with 4711.\n")
            .unwrap();
        // Dovecot reads no mail as root.
        let owned = Command::new("chown").args(["-R", "65534:65534"]).arg(folder.join("mail")).status();
        assert!(owned.unwrap().success());
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.subject_alt_names = vec![SanType::DnsName("localhost".try_into().unwrap())];
        let certificate = params.self_signed(&key).unwrap();
        std::fs::write(folder.join("cert.pem"), pem(certificate.der())).unwrap();
        std::fs::write(folder.join("key.pem"), pem_of("PRIVATE KEY", &key.serialize_der())).unwrap();
        let at = folder.display();
        let config = format!(
            "base_dir = {at}/run
state_dir = {at}/state
log_path = {at}/log
protocols = {service}
listen = 127.0.0.1
ssl = required
ssl_cert = <{at}/cert.pem
ssl_key = <{at}/key.pem
mail_location = maildir:{at}/mail/%u
first_valid_uid = 0
passdb {{
  driver = static
  args = password=tanstaaftanstaaf
}}
userdb {{
  driver = static
  args = uid=65534 gid=65534 home={at}/mail
}}
service {service}-login {{
  inet_listener {service} {{
    port = {port}
  }}
  inet_listener {service}s {{
    port = 0
  }}
}}
"
        );
        std::fs::write(folder.join("dovecot.conf"), config).unwrap();
        let child =
            Command::new("dovecot").arg("-F").arg("-c").arg(folder.join("dovecot.conf")).spawn().unwrap();
        Some(Self { child, folder, port, certificate: certificate.der().clone() })
    }

    fn connect(&self) -> TcpStream {
        for _ in 0..200 {
            if let Ok(stream) = TcpStream::connect(("127.0.0.1", self.port)) {
                return stream;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!(
            "dovecot does not listen: {}",
            std::fs::read_to_string(self.folder.join("log")).unwrap_or_default()
        );
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Runs a client machine against a server. Gives all that it read inside TLS.
fn visit(
    machine: &mut dyn Machine,
    stream: TcpStream,
    certificate: rustls::pki_types::CertificateDer<'static>,
) -> String {
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let mut roots = rustls::RootCertStore::empty();
    roots.add(certificate).unwrap();
    let config =
        rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
    let config = Arc::new(config);
    let mut clear = Some(stream);
    let mut tls: Option<rustls::StreamOwned<rustls::ClientConnection, TcpStream>> = None;
    let mut inside = String::new();
    let mut outputs = machine.step(Tick(0), Input::Connected);
    let mut buffer = [0; 4096];
    loop {
        let mut next = Vec::new();
        for output in outputs {
            match output {
                Output::Send(octets) => match &mut tls {
                    Some(tls) => tls.write_all(&octets).and_then(|()| tls.flush()).unwrap(),
                    None => clear.as_mut().unwrap().write_all(&octets).unwrap(),
                },
                Output::StartTls(_) => {
                    let name = "localhost".try_into().unwrap();
                    let connection = rustls::ClientConnection::new(config.clone(), name).unwrap();
                    let mut stream = rustls::StreamOwned::new(connection, clear.take().unwrap());
                    while stream.conn.is_handshaking() {
                        stream.conn.complete_io(&mut stream.sock).expect("handshake");
                    }
                    tls = Some(stream);
                    let facts = Facts { version: Some(Version::Tls13), ..Facts::default() };
                    next.extend(machine.step(Tick(0), Input::TlsDone(Ok(&facts))));
                }
                Output::Close => return inside,
                Output::Cut | Output::EndTls => return inside,
                Output::Note(_)
                | Output::Behind(_)
                | Output::WakeAt(_)
                | Output::Lookup(_)
                | Output::Connect(_) => {}
            }
        }
        outputs = if next.is_empty() {
            let length = match &mut tls {
                Some(tls) => tls.read(&mut buffer).unwrap_or(0),
                None => clear.as_mut().unwrap().read(&mut buffer).unwrap(),
            };
            if tls.is_some() {
                inside.push_str(&String::from_utf8_lossy(&buffer[..length]));
            }
            let input = if length == 0 { Input::PeerClosed } else { Input::Octets(&buffer[..length]) };
            let outputs = machine.step(Tick(0), input);
            if length == 0 && outputs.is_empty() {
                return inside;
            }
            outputs
        } else {
            next
        };
    }
}

#[test]
fn dovecot_lets_our_imap_client_in_and_gives_it_the_message() {
    let Some(dovecot) = Dovecot::start("imap") else { return };
    let mut setup = Setup::new(Protocol::Imap).unwrap();
    setup.profile(Side::Client, "private").unwrap();
    let mut machine = (setup.protocol.client)(&default_account(), &setup.client.1, Seed(1));
    let inside = visit(machine.as_mut(), dovecot.connect(), dovecot.certificate.clone());
    assert!(inside.contains("The safe opens with 4711.") && inside.contains("BYE"), "{inside}");
}

#[test]
fn poplib_upgrades_logs_in_and_uses_the_maildrop() {
    let script = "
import os, poplib, ssl
box = poplib.POP3('localhost', int(os.environ['PORT']))
assert 'STLS' in box.capa() and 'USER' not in box.capa(), box.capa()
try:
    box.user('tim')
    raise SystemExit('USER was taken in the clear')
except poplib.error_proto as error:
    print(error)
box.stls(ssl.create_default_context(cafile=os.environ['CA']))
assert 'STLS' not in box.capa() and box.capa()['SASL'] == ['PLAIN'], box.capa()
box.user('tim')
box.pass_('tanstaaftanstaaf')
print(box.stat(), box.list()[1], box.uidl(1))
print(b'\\n'.join(box.retr(1)[1]).decode())
assert box.retr(2)[1][-4:] == [b'Best', b'.', b'..', b'.end'], box.retr(2)
assert box.top(2, 1)[1][-1] == b'Best'
print(box.dele(3), box.stat()[0], box.rset(), box.stat()[0], box.noop())
print(box.quit())
";
    let Some((said, secure)) = python(Protocol::Pop3, script) else { return };
    assert!(secure && said.contains("The safe opens with 4711.") && said.contains("+OK until"), "{said}");
}

#[test]
fn poplib_logs_in_by_apop_without_tls() {
    let script = "
import os, poplib
box = poplib.POP3('localhost', int(os.environ['PORT']))
print(box.apop('tim', 'tanstaaftanstaaf'))
print(box.stat()[0], box.quit())
";
    let Some((said, secure)) = python(Protocol::Pop3, script) else { return };
    assert!(!secure && said.contains("+OK 3 messages"), "{said}");
}

#[test]
fn dovecot_lets_our_pop3_client_in_in_each_way_that_it_lists() {
    let Some(dovecot) = Dovecot::start("pop3") else { return };
    for (auth, pipelining) in [("login", "off"), ("plain", "off"), ("auto", "on")] {
        let mut setup = Setup::new(Protocol::Pop3).unwrap();
        setup.profile(Side::Client, "private").unwrap();
        setup.set_text(&format!("client.auth={auth}")).unwrap();
        setup.set_text(&format!("client.pipelining={pipelining}")).unwrap();
        setup.set_text("client.session=tour").unwrap();
        let mut machine = (setup.protocol.client)(&default_account(), &setup.client.1, Seed(1));
        let inside = visit(machine.as_mut(), dovecot.connect(), dovecot.certificate.clone());
        assert!(inside.contains("The safe opens with 4711."), "{auth}: {inside}");
        assert!(inside.contains("+OK Logging out") && !inside.contains("-ERR"), "{auth}: {inside}");
    }
}
