//! The machines against scripts and against each other, and the syntax against lines made from its own grammar.

mod generator;

use super::syntax;
use crate::base::{Layer, Protocol, Seed, Side, Tick};
use crate::proto::{Input, Machine, Output};
use crate::sim::{Setup, default_account, run};
use crate::testing::read_acap;
use crate::tls::Facts;
use crate::trace::{Class, EventKind};

/// A server machine that one speaks to.
struct Server(Box<dyn Machine>);

impl Server {
    fn new(set: &[&str]) -> (Self, String) {
        let mut setup = Setup::new(Protocol::Acap).unwrap();
        for text in set {
            setup.set_text(&format!("server.{text}")).unwrap();
        }
        let mut server = Self((setup.protocol.server)(&default_account(), &setup.server.1, Seed(1)));
        let greeting = sent(&server.0.step(Tick(0), Input::Connected));
        (server, greeting)
    }

    /// Logged in inside TLS.
    fn authenticated(set: &[&str]) -> Self {
        let (mut server, _) = Self::new(set);
        assert_eq!(server.say("s STARTTLS\r\n"), "s OK \"begin TLS negotiation now\"\r\n");
        assert!(server.handshake().starts_with("* ACAP "));
        assert!(
            server.say("p AUTHENTICATE \"PLAIN\" {21+}\r\n\0tim\0tanstaaftanstaaf\r\n").starts_with("p OK ")
        );
        server
    }

    fn handshake(&mut self) -> String {
        sent(&self.0.step(Tick(0), Input::TlsDone(Ok(&Facts::default()))))
    }

    fn raw(&mut self, octets: &[u8]) -> Vec<Output> {
        self.0.step(Tick(0), Input::Octets(octets))
    }

    fn say(&mut self, octets: &str) -> String {
        sent(&self.raw(octets.as_bytes()))
    }
}

fn sent(outputs: &[Output]) -> String {
    let sent = outputs.iter().filter_map(|output| match output {
        Output::Send(octets) => Some(String::from_utf8_lossy(octets)),
        _ => None,
    });
    sent.collect()
}

#[test]
fn the_greeting_is_given_again_inside_tls_with_what_holds_there() {
    let (mut server, greeting) = Server::new(&["mechanisms=plain+cram-md5"]);
    assert!(greeting.ends_with("(SASL \"CRAM-MD5\") (STARTTLS)\r\n"), "{greeting}");
    server.say("s STARTTLS\r\nn NOOP\r\n");
    let again = server.handshake();
    assert!(again.starts_with("* ACAP ") && again.ends_with("(SASL \"CRAM-MD5\" \"PLAIN\")\r\n"), "{again}");
    assert_eq!(server.say("t STARTTLS\r\n"), "t BAD \"TLS is already active\"\r\n");
    let (_, bye) = Server::new(&["says=bye"]);
    assert!(bye.starts_with("* BYE "), "{bye}");
}

#[test]
fn errors_are_answered_with_bad_and_change_nothing() {
    let (mut server, _) = Server::new(&[]);
    for (line, answer) in [
        ("\r\n", "* BAD "),
        ("A443 BLURDYBLOOP\r\n", "A443 BAD "),
        ("A444 NOOP Hello\r\n", "A444 BAD "),
        ("* OK \"x\"\r\n", "* BAD "),
        ("a NOOP\n", "a BAD "),
        ("a SEARCH \"/addressbook/~/\" ALL\r\n", "a BAD \"not in this state\""),
        ("a STORE (\"/x/y\")\r\n", "a BAD \"not in this state\""),
        ("a GETQUOTA \"/x/\"\r\n", "a BAD \"not in this state\""),
        ("a STARTTLS x\r\n", "a BAD "),
        ("a AUTHENTICATE \"PLAIN\"\r\n", "a NO (ENCRYPT-NEEDED) "),
        ("a AUTHENTICATE PLAIN\r\n", "a BAD "),
        ("a AUTHENTICATE \"NOSUCH\"\r\n", "a NO "),
        ("a LANG\r\n", "a BAD "),
        ("a LANG \"fr\" \"de\"\r\n", "a NO "),
        ("a LANG \"fr\" \"en\"\r\n", "a LANG \"en\" \"i;octet\" \"i;ascii-casemap\"\r\na OK "),
        ("a NOOP\r\n", "a OK \"NOOP completed\"\r\n"),
    ] {
        let said = server.say(line);
        assert!(said.starts_with(answer), "{line:?}: {said}");
    }
}

#[test]
fn a_login_takes_strings_in_each_form_and_a_star_without_quotes_gives_up() {
    for login in [
        "a AUTHENTICATE \"PLAIN\" {21+}\r\n\0tim\0tanstaaftanstaaf\r\n",
        "a AUTHENTICATE \"PLAIN\" {21}\r\n|\0tim\0tanstaaftanstaaf\r\n",
        "a AUTHENTICATE \"plain\"\r\n|{21+}\r\n\0tim\0tanstaaftanstaaf\r\n",
        "a AUTHENTICATE \"PLAIN\"\r\n|{21}\r\n|\0tim\0tanstaaftanstaaf\r\n",
        // A quoted string holds no NUL; with a mechanism that needs none it does.
        "a AUTHENTICATE \"LOGIN\"\r\n|\"tim\"\r\n|\"tanstaaftanstaaf\"\r\n",
    ] {
        let (mut server, _) = Server::new(&["mechanisms=all", "clear-text=accepted"]);
        let mut parts = login.split('|').peekable();
        while let Some(part) = parts.next() {
            let said = server.say(part);
            let wanted = if parts.peek().is_some() { "+ \"" } else { "a OK " };
            assert!(said.starts_with(wanted), "{login:?}: {said}");
        }
        assert_eq!(server.say("b AUTHENTICATE \"PLAIN\"\r\n"), "b BAD \"not in this state\"\r\n");
    }
    let (mut server, _) = Server::new(&["mechanisms=all", "clear-text=accepted"]);
    for (answer, wanted) in
        [("*\r\n", "a BAD "), ("\"*\"\r\n", "a NO "), ("tim\r\n", "a BAD "), ("\"a\" \"b\"\r\n", "a BAD ")]
    {
        assert_eq!(server.say("a AUTHENTICATE \"PLAIN\"\r\n"), "+ \"\"\r\n");
        assert!(server.say(answer).starts_with(wanted), "{answer}");
        assert_eq!(server.say("n NOOP\r\n"), "n OK \"NOOP completed\"\r\n", "it is a command again");
    }
    let said = server.say("a AUTHENTICATE \"CRAM-MD5\" \"x\"\r\n");
    assert!(said.starts_with("a NO "), "the server of such a mechanism speaks first: {said}");
}

#[test]
fn the_address_book_is_searched_changed_and_refers_to_elsewhere() {
    let mut server = Server::authenticated(&["says=alert"]);
    let found = server.say("a SEARCH \"/addressbook/~/\" RETURN (\"addressbook.Comment\") EQUAL \"entry\" \"i;octet\" \"friday\"\r\n");
    assert!(
        found.starts_with("a ENTRY \"friday\" \"The safe opens with 4711.\"\r\na MODTIME \"20261121"),
        "{found}"
    );
    assert!(found.ends_with("a OK \"SEARCH completed\"\r\n"), "{found}");
    let said = server.say("a SEARCH \"/addressbook/site/all/\" ALL\r\n");
    assert_eq!(said, "a NO (REFER \"acap://acap.example.test/addressbook/site/all/\") \"SEARCH failed\"\r\n");
    let said = server.say("a STORE (\"/addressbook/~/new\" \"addressbook.Comment\" {3+}\r\nx\r\n)\r\n");
    assert_eq!(said, "a OK \"STORE completed\"\r\n");
    let found = server.say("a SEARCH \"/addressbook/~/\" RETURN (\"addressbook.Comment\") EQUAL \"entry\" \"i;octet\" \"new\"\r\n");
    assert!(found.starts_with("a ENTRY \"new\" {3}\r\nx\r\n\r\n"), "{found:?}");
    let said = server.say("a STORE (\"/addressbook/user/ana/x\" \"a\" \"1\")\r\n");
    assert!(said.starts_with("a NO (PERMISSION (\"/addressbook/user/ana/\")) "), "{said}");
    assert_eq!(server.say("a LOGOUT\r\n"), "* BYE \"until next time\"\r\na OK \"LOGOUT completed\"\r\n");
}

#[test]
fn everybody_who_logs_in_is_told_what_the_server_has_to_say() {
    let mut setup = Setup::new(Protocol::Acap).unwrap();
    setup.set_text("server.says=alert").unwrap();
    let run = run(&setup);
    let leg = run.connections[0].leg(Side::Client);
    let alerts = leg
        .of(Class::Untagged)
        .filter(|event| matches!(&event.kind, EventKind::Reply(reply) if reply.name == "ALERT"));
    assert_eq!(alerts.map(|event| event.layer).collect::<Vec<_>>(), [Layer::Tls]);
}

#[test]
fn octets_that_are_too_much_are_swallowed_whole() {
    let (mut server, _) = Server::new(&[]);
    let size = crate::wire::MESSAGE_LIMIT + 100;
    // What stands inside a literal is no command, also where the literal is more than is taken.
    let inside = format!("{}\r\nx STARTTLS\r\n", "y".repeat(size - 14));
    let whole = format!("a STORE (\"/x/y\" \"a\" {{{size}+}}\r\n{inside})\r\nn NOOP\r\n");
    let said: String = whole.as_bytes().chunks(7000).map(|part| sent(&server.raw(part))).collect();
    assert_eq!(said, "* BAD \"this is more than is taken here\"\r\nn OK \"NOOP completed\"\r\n");
}

/// The commands of a run, those inside TLS behind a bar, and whether it ended logged in.
fn commands(client: &str, server: &str, set: &[&str]) -> String {
    let mut setup = Setup::new(Protocol::Acap).unwrap();
    setup.profile(Side::Client, client).unwrap();
    setup.profile(Side::Server, server).unwrap();
    for text in set {
        setup.set_text(text).unwrap();
    }
    let run = run(&setup);
    assert_eq!(run.connections.len(), 1);
    let mut text = String::new();
    let mut inside = false;
    for (event, command) in run.connections[0].leg(Side::Client).commands() {
        if event.layer == Layer::Tls && !std::mem::replace(&mut inside, true) {
            text.push_str("| ");
        }
        text.push_str(&command.name);
        text.push(' ');
    }
    text.trim_end().to_owned()
}

#[test]
fn the_migration_of_rfc_2595_section_6_runs() {
    assert_eq!(
        commands("migrating", "migrating", &[]),
        "AUTHENTICATE CRAM-MD5 STARTTLS | AUTHENTICATE PLAIN SEARCH NOOP LOGOUT"
    );
    // A server that has the credentials needs no TLS of this client.
    assert_eq!(
        commands("migrating", "strict", &["server.mechanisms=plain+cram-md5"]),
        "AUTHENTICATE CRAM-MD5 SEARCH NOOP LOGOUT"
    );
    assert_eq!(
        commands("migrating", "migrating", &["client.transition=never"]),
        "AUTHENTICATE CRAM-MD5 LOGOUT"
    );
    assert_eq!(
        commands("private", "migrating", &[]),
        "STARTTLS | AUTHENTICATE CRAM-MD5 AUTHENTICATE PLAIN SEARCH NOOP LOGOUT"
    );
    assert_eq!(
        commands("migrating", "migrating", &["client.transition-in-clear=on", "server.clear-text=accepted"]),
        "AUTHENTICATE CRAM-MD5 AUTHENTICATE PLAIN SEARCH NOOP LOGOUT"
    );
}

#[test]
fn a_tour_uses_every_command() {
    assert_eq!(
        commands("private", "strict", &["client.session=tour"]),
        "STARTTLS | AUTHENTICATE PLAIN LANG SEARCH STORE SEARCH STORE NOOP LOGOUT"
    );
}

/// The examples of RFC 2244 (3.6, 6.1 to 6.8) and RFC 2595 (5, 6), each on one line. `!` in front: shown in the RFC,
/// and outside its own formal syntax.
const EXAMPLES: &str = include_str!("tests/examples.txt");

#[test]
fn the_examples_of_the_documents_are_read_and_written_again() {
    let mut count = 0;
    for line in EXAMPLES.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (bad, line) = line.strip_prefix('!').map_or((false, line), |line| (true, line));
        let octets = line.replace("<CRLF>", "\r\n").replace("<NUL>", "\0").replace("<TAB>", "\t") + "\r\n";
        let text = octets[2..].trim_start().as_bytes();
        let side = &octets[..2];
        assert!(matches!(side, "C:" | "S:"), "{line}");
        count += 1;
        let read = syntax::read(text);
        let answer = syntax::read_answer(text);
        if bad {
            assert!(read.is_err() && answer.is_err(), "{line}");
            continue;
        }
        match (read, answer) {
            (Ok(message), _) => assert_eq!(syntax::write(&message), text, "{line}"),
            (Err(_), Ok(_)) => assert_eq!(side, "C:", "{line}"),
            (Err(fault), Err(_)) => panic!("{line}: {fault}"),
        }
        // The observer makes sense of it too.
        if !line.contains('<') {
            let tag = if side == "S:" { octets[2..].split_whitespace().next().unwrap() } else { "x" };
            let command = if matches!(tag, "*" | "+") { String::new() } else { format!("C: {tag} NOOP\n") };
            let exchange =
                if line.starts_with("C: \"") { "C: y AUTHENTICATE \"CRAM-MD5\"\nS: + \"x\"\n" } else { "" };
            let trace = read_acap(&format!("S: * ACAP (SASL \"PLAIN\")\n{command}{exchange}{line}"));
            assert_eq!(trace.leg(Side::Client).of(Class::Malformed).count(), 0, "{line}");
        }
    }
    assert!(count >= 50, "{count}");
}
