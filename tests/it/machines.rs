//! What the machines of every protocol hold to, whatever the peer says, and what honest ones make of each other.

use base64::Engine;
use proptest::prelude::*;
use starttls_lab::base::{Seed, Side, Tick};
use starttls_lab::pipeline::{self, Outcome, Protocol, RuleSet, Setup, over_run};
use starttls_lab::proto::{Input, Machine, Output};
use starttls_lab::sim::default_account;
use starttls_lab::tls::{Facts, Failure};
use starttls_lab::trace::{Class, EventKind, Form, Note, Status, Verb};

const SECRET: &str = "tanstaaftanstaaf";

/// A machine and what it did so far.
struct Driven {
    machine: Box<dyn Machine>,
    wants_tls: bool,
    secure: bool,
    closed: bool,
    states: Vec<&'static str>,
    sent: Vec<(bool, Vec<u8>)>,
}

impl Driven {
    fn new(protocol: Protocol, side: Side, set: &[&str]) -> Self {
        let mut setup = Setup::new(protocol).unwrap();
        setup.profile(Side::Client, "private").unwrap();
        for text in set {
            setup.set_text(text).unwrap();
        }
        let (make, switches) = match side {
            Side::Client => (setup.protocol.client, &setup.client.1),
            Side::Server => (setup.protocol.server, &setup.server.1),
        };
        let machine = make(&default_account(), switches, Seed(1));
        let mut driven = Self {
            machine,
            wants_tls: false,
            secure: false,
            closed: false,
            states: Vec::new(),
            sent: Vec::new(),
        };
        driven.input(Input::Connected);
        driven
    }

    /// Gives an input; says what went out.
    fn input(&mut self, input: Input<'_>) -> String {
        let outputs = self.machine.step(Tick(0), input);
        let from = self.sent.len();
        for output in outputs {
            match output {
                Output::Send(octets) => self.sent.push((self.secure, octets)),
                Output::StartTls(_) => self.wants_tls = true,
                Output::Close => self.closed = true,
                Output::Note(Note::State(state)) => self.states.push(state),
                _ => {}
            }
        }
        self.sent[from..].iter().map(|(_, octets)| String::from_utf8_lossy(octets)).collect()
    }

    fn say(&mut self, octets: &[u8]) -> String {
        self.input(Input::Octets(octets))
    }

    /// Ends the handshake that it waits for, if it does.
    fn handshake(&mut self, well: bool) {
        if std::mem::take(&mut self.wants_tls) {
            self.secure |= well;
            let facts = Facts::default();
            self.input(Input::TlsDone(if well { Ok(&facts) } else { Err(Failure::Alert) }));
        }
    }
}

/// Lines of a client that never has the password: commands that are right and wrong, in and out of their state, and
/// anything at all without a line ending or the beginning of a literal inside.
fn lines(known: &'static [&'static str]) -> impl Strategy<Value = Vec<Vec<u8>>> {
    let junk =
        prop::collection::vec(any::<u8>().prop_filter("no line, no literal", |o| !b"\n{".contains(o)), 0..40);
    let line =
        prop_oneof![4 => prop::sample::select(known).prop_map(|line| line.as_bytes().to_vec()), 1 => junk];
    prop::collection::vec(line.prop_map(|line| [line, b"\r\n".to_vec()].concat()), 0..24)
}

const POP3: &[&str] = &[
    "",
    "CAPA",
    "STLS",
    "STLS x",
    "NOOP",
    "USER tim",
    "USER",
    "PASS",
    "PASS wrong",
    "APOP tim 00",
    "APOP",
    "AUTH",
    "AUTH PLAIN",
    "AUTH PLAIN =",
    "AUTH PLAIN AHRpbQB3cm9uZw==",
    "AHRpbQB3cm9uZw==",
    "AUTH CRAM-MD5",
    "AUTH NOSUCH",
    "*",
    "=",
    "STAT",
    "LIST",
    "LIST 1",
    "UIDL",
    "RETR 1",
    "TOP 1 0",
    "DELE 1",
    "RSET",
    "LAST",
    "XTND",
    "LANG",
    "UTF8",
    "capa",
    "+OK",
    "-ERR",
    ".",
];

const ACAP: &[&str] = &[
    "",
    "x NOOP",
    "x NOOP y",
    "x LANG \"en\"",
    "x LANG",
    "x STARTTLS",
    "x STARTTLS y",
    "x AUTHENTICATE \"PLAIN\"",
    "x AUTHENTICATE \"PLAIN\" \"tim\"",
    "x AUTHENTICATE PLAIN",
    "x AUTHENTICATE \"CRAM-MD5\"",
    "x AUTHENTICATE \"NOSUCH\"",
    "\"tim 00\"",
    "\"*\"",
    "*",
    "x SEARCH \"/addressbook/~/\" RETURN (\"*\") ALL",
    "x STORE (\"/addressbook/~/y\" \"a\" \"b\")",
    "x SEARCH",
    "x STORE",
    "x GETQUOTA \"/y/\"",
    "x WHAT",
    "x",
    "* OK \"y\"",
    "+ \"y\"",
    "x \"",
    "x (",
    "x )",
];

/// The answer to one line: nothing where the machine has closed, otherwise something that answers.
fn answers(protocol: Protocol, said: &str) -> bool {
    match protocol {
        Protocol::Pop3 => ["+OK", "-ERR", "+ "].iter().any(|word| said.starts_with(word)),
        _ => {
            ["x ", "* BAD ", "* BYE ", "+ "].iter().any(|word| said.starts_with(word))
                || said.contains(" BAD ")
        }
    }
}

fn nobody_gets_in(
    protocol: Protocol,
    set: &[&str],
    lines: &[Vec<u8>],
    well: bool,
) -> Result<(), TestCaseError> {
    let mut server = Driven::new(protocol, Side::Server, set);
    for line in lines {
        if server.closed {
            break;
        }
        let waits = server.wants_tls;
        let said = server.say(line);
        prop_assert!(waits || answers(protocol, &said), "{:?} -> {said:?}", String::from_utf8_lossy(line));
        prop_assert!(!said.contains("4711"), "{said}");
        server.handshake(well);
    }
    let inside = ["transaction", "authenticated", "update"];
    prop_assert!(!server.states.iter().any(|state| inside.contains(state)), "{:?}", server.states);
    if server.closed {
        return Ok(());
    }
    // After all that the right password gets in: nothing is stuck.
    server.say(b"*\r\n");
    let (start, login): (&[u8], &[&[u8]]) = match protocol {
        Protocol::Pop3 => (b"STLS\r\n", &[b"USER tim\r\n", b"PASS tanstaaftanstaaf\r\n"]),
        _ => (b"y STARTTLS\r\n", &[b"y AUTHENTICATE \"PLAIN\" {21+}\r\n\0tim\0tanstaaftanstaaf\r\n"]),
    };
    server.say(start);
    server.handshake(true);
    for line in login {
        server.say(line);
    }
    prop_assert!(
        server.closed || inside.contains(server.states.last().unwrap()),
        "{:?} {:?}",
        server.states,
        server.sent.last()
    );
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_pop3_server_answers_every_line_and_lets_nobody_in_without_the_password(lines in lines(POP3), open in any::<bool>()) {
        let clear = if open { "server.clear-text=accepted" } else { "server.clear-text=refused" };
        nobody_gets_in(Protocol::Pop3, &[clear, "server.mechanisms=all"], &lines, true)?;
    }

    #[test]
    fn an_acap_server_answers_every_line_and_lets_nobody_in_without_the_password(lines in lines(ACAP), open in any::<bool>()) {
        let clear = if open { "server.clear-text=accepted" } else { "server.clear-text=refused" };
        nobody_gets_in(Protocol::Acap, &[clear, "server.mechanisms=all"], &lines, true)?;
    }

    #[test]
    fn a_client_that_requires_tls_never_shows_its_password_before(
        protocol in prop::sample::select(&Protocol::ALL[..]),
        auth in prop::sample::select(vec!["auto", "login", "plain", "auth-login", "cram-md5"]),
        said in prop::collection::vec((prop::sample::select(SERVER_LINES), any::<bool>()), 0..24),
    ) {
        let mut client = Driven::new(protocol, Side::Client, &[&format!("client.auth={auth}")]);
        for (line, well) in said {
            client.say(line.as_bytes());
            client.handshake(well);
        }
        let engine = base64::engine::general_purpose::STANDARD;
        let shown = [
            SECRET.to_owned(),
            engine.encode(SECRET),
            engine.encode(format!("\0tim\0{SECRET}")),
        ];
        for (secure, octets) in &client.sent {
            let text = String::from_utf8_lossy(octets);
            prop_assert!(*secure || !shown.iter().any(|secret| text.contains(secret.as_str())), "{text}");
        }
    }
}

const SERVER_LINES: &[&str] = &[
    "* OK ready\r\n",
    "* PREAUTH ready\r\n",
    "* OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN] ready\r\n",
    "* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=LOGIN\r\n",
    "* CAPABILITY IMAP4rev1 STARTTLS\r\n",
    "a1 OK done\r\n",
    "a2 OK done\r\n",
    "a3 OK done\r\n",
    "a2 NO no\r\n",
    "a2 BAD TLS already active\r\n",
    "+ \r\n",
    "+ VXNlcm5hbWU6\r\n",
    "+ UGFzc3dvcmQ6\r\n",
    "* BYE over\r\n",
    "+OK ready <1.2@mail.example.test>\r\n",
    "+OK\r\n",
    "+OK\r\nSTLS\r\nUSER\r\nSASL PLAIN LOGIN\r\n.\r\n",
    "+OK\r\nUSER\r\n.\r\n",
    "-ERR no\r\n",
    "-ERR TLS already active\r\n",
    "* ACAP (SASL \"CRAM-MD5\" \"PLAIN\") (STARTTLS)\r\n",
    "* ACAP (SASL \"PLAIN\")\r\n",
    "a1 OK \"go\"\r\n",
    "a1 NO \"no\"\r\n",
    "a1 NO (TRANSITION-NEEDED) \"now\"\r\n",
    "a2 NO (TRANSITION-NEEDED) \"now\"\r\n",
    "+ \"<1@x>\"\r\n",
    "\u{16}\u{3}\u{1}\r\n",
];

/// Honest parties, all of their settings that lead to a login.
fn honest(protocol: Protocol) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    let ways: &[&str] = match protocol {
        Protocol::Acap => {
            &["auto", "plain", "auth-login", "cram-md5", "scram-sha-256", "oauthbearer", "xoauth2"]
        }
        Protocol::Pop3 => &[
            "auto",
            "login",
            "apop",
            "plain",
            "auth-login",
            "cram-md5",
            "scram-sha-256",
            "oauthbearer",
            "xoauth2",
        ],
        Protocol::Imap => {
            &["auto", "login", "plain", "auth-login", "cram-md5", "scram-sha-256", "oauthbearer", "xoauth2"]
        }
    };
    let more: &[&[&str]] = match protocol {
        Protocol::Imap => &[&[], &["server.greeting-capabilities=on"], &["server.sasl-ir=off"]],
        Protocol::Pop3 => &[&[], &["client.session=tour"], &["client.session=tour", "client.pipelining=on"]],
        Protocol::Acap => &[&[], &["client.session=tour"], &["server.says=alert"]],
    };
    for way in ways {
        for tls in ["opportunistic", "required"] {
            for initial in ["if-listed", "never"] {
                for more in more {
                    let mut set = vec![
                        format!("client.auth={way}"),
                        format!("client.tls={tls}"),
                        format!("client.initial-response={initial}"),
                        "server.mechanisms=all".to_owned(),
                    ];
                    set.extend(more.iter().map(|&text| text.to_owned()));
                    all.push(set);
                }
            }
        }
    }
    all
}

#[test]
fn honest_parties_end_inside_tls_without_harm_and_every_line_is_read() {
    for protocol in Protocol::ALL {
        for set in honest(protocol) {
            for server in ["strict", "open"] {
                let mut setup = Setup::new(protocol).unwrap();
                setup.profile(Side::Client, "private").unwrap();
                setup.profile(Side::Server, server).unwrap();
                for text in &set {
                    setup.set_text(text).unwrap();
                }
                let what = format!("{protocol:?} {server} {set:?}");
                let run = pipeline::simulate(&setup, RuleSet::Today);
                assert!(run.harms.is_empty() && !run.limit_reached && run.connections.len() == 1, "{what}");
                let failed: Vec<_> = over_run(&run.connections)
                    .into_iter()
                    .filter(|over| over.verdict.outcome == Outcome::Fail)
                    .map(|over| {
                        format!(
                            "{} of the {}: {}",
                            over.verdict.rule.id,
                            over.verdict.side.name(),
                            over.verdict.message
                        )
                    })
                    .collect();
                assert_eq!(failed, [""; 0], "{what}");
                let judged = &run.connections[0];
                assert_eq!(
                    (judged.facts.tls, judged.facts.authenticated),
                    (Some("starttls"), Some(true)),
                    "{what}"
                );
                for side in Side::BOTH {
                    let leg = judged.trace.leg(side);
                    let odd: Vec<_> =
                        leg.of(Class::Malformed).map(|event| judged.trace.text(event)).collect();
                    assert_eq!(odd, [""; 0], "{what}");
                    for (event, command) in leg.commands() {
                        let answer = leg.reply_to(event.id).and_then(|(_, reply)| reply.status);
                        assert_eq!(answer, Some(Status::Ok), "{what}: {}", command.name);
                    }
                    assert!(
                        leg.commands().last().is_some_and(|(_, command)| command.verb == Verb::Logout),
                        "{what}"
                    );
                    // Nothing that the server says answers nothing that was asked.
                    let stray =
                        leg.replies().any(|(_, reply)| reply.form == Form::Final && reply.to.is_none());
                    assert!(!stray, "{what}");
                    let shown = leg.events().filter(|event| matches!(event.kind, EventKind::Command(_)));
                    assert!(shown.count() > 4, "{what}");
                }
            }
        }
    }
}
