//! The machines against scripts, and against each other.

use crate::base::{Protocol, Seed, Side, Tick};
use crate::proto::{Input, Machine, Output};
use crate::sim::{Setup, default_account, run};
use crate::tls::Facts;
use crate::trace::Note;

/// A server machine that one speaks to line by line.
struct Server(Box<dyn Machine>);

impl Server {
    fn new(set: &[&str]) -> Self {
        let mut setup = Setup::new(Protocol::Pop3).unwrap();
        for text in set {
            setup.set_text(&format!("server.{text}")).unwrap();
        }
        Self((setup.protocol.server)(&default_account(), &setup.server.1, Seed(1)))
    }

    /// Connected, and inside TLS.
    fn secure(set: &[&str]) -> Self {
        let mut server = Self::new(set);
        server.connect();
        assert!(server.say("STLS").starts_with("+OK"));
        server.handshake();
        server
    }

    /// Logged in inside TLS.
    fn in_transaction() -> Self {
        let mut server = Self::secure(&[]);
        assert!(server.say("USER tim").starts_with("+OK"));
        assert!(server.say("PASS tanstaaftanstaaf").starts_with("+OK"));
        server
    }

    fn connect(&mut self) -> String {
        sent(&self.0.step(Tick(0), Input::Connected))
    }

    fn handshake(&mut self) {
        assert_eq!(sent(&self.0.step(Tick(0), Input::TlsDone(Ok(&Facts::default())))), "");
    }

    fn raw(&mut self, octets: &[u8]) -> Vec<Output> {
        self.0.step(Tick(0), Input::Octets(octets))
    }

    fn say(&mut self, line: &str) -> String {
        sent(&self.raw(format!("{line}\r\n").as_bytes()))
    }
}

fn sent(outputs: &[Output]) -> String {
    let sent = outputs.iter().filter_map(|output| match output {
        Output::Send(octets) => Some(String::from_utf8_lossy(octets)),
        _ => None,
    });
    sent.collect()
}

fn first_word(answer: &str) -> &str {
    answer.split([' ', '\r']).next().unwrap()
}

#[test]
fn a_session_reads_lists_and_marks() {
    let mut server = Server::in_transaction();
    let size = default_account().message.len();
    assert!(server.say("STAT").starts_with("+OK 3 "));
    let list = server.say("LIST");
    assert!(list.starts_with(&format!("+OK\r\n1 {size}\r\n2 ")) && list.ends_with("\r\n.\r\n"), "{list}");
    assert_eq!(server.say("LIST 1"), format!("+OK 1 {size}\r\n"));
    assert_eq!(server.say("UIDL").lines().count(), 5);
    assert!(server.say("RETR 1").contains("The safe opens with 4711.\r\n.\r\n"));
    assert!(server.say("RETR 2").contains("\r\nBest\r\n..\r\n...\r\n..end\r\n.\r\n"));
    assert!(server.say("TOP 2 1").ends_with("\r\n\r\nBest\r\n.\r\n"));
    assert!(server.say("DELE 2").starts_with("+OK"));
    for refused in [
        "DELE 2", "RETR 2", "LIST 2", "UIDL 2", "TOP 2 1", "RETR 9", "RETR 0", "RETR", "RETR x", "TOP 1",
        "STAT 1", "RSET 1", "LAST",
    ] {
        assert_eq!(first_word(&server.say(refused)), "-ERR", "{refused}");
    }
    assert_eq!(server.say("LIST").lines().count(), 4);
    assert!(server.say("RSET").starts_with("+OK") && server.say("STAT").starts_with("+OK 3 "));
}

#[test]
fn deletions_count_at_quit_only() {
    let mut server = Server::in_transaction();
    server.say("DELE 1");
    let _ = server.0.step(Tick(0), Input::PeerClosed);
    let outputs = server.raw(b"STAT\r\n");
    assert_eq!(outputs, [], "the session is over");

    let mut server = Server::in_transaction();
    server.say("DELE 1");
    server.say("DELE 3");
    let outputs = server.raw(b"QUIT\r\n");
    assert!(sent(&outputs).contains("without 2 of the messages"), "{outputs:?}");
    assert!(outputs.contains(&Output::Note(Note::State("update"))) && outputs.ends_with(&[Output::Close]));

    let mut server = Server::new(&[]);
    server.connect();
    let outputs = server.raw(b"QUIT\r\n");
    assert!(outputs.contains(&Output::Note(Note::State("closed"))), "no UPDATE without a login: {outputs:?}");
}

#[test]
fn capabilities_are_those_of_the_state() {
    let mut server = Server::new(&[]);
    server.connect();
    let before = server.say("CAPA");
    for (item, listed) in
        [("STLS", true), ("USER", false), ("PIPELINING", true), ("RESP-CODES", true), ("SASL PLAIN", false)]
    {
        assert_eq!(before.contains(&format!("\r\n{item}\r\n")), listed, "{item}: {before}");
    }
    let mut server = Server::secure(&[]);
    let inside = server.say("CAPA");
    assert!(
        inside.contains("\r\nUSER\r\n") && inside.contains("\r\nSASL PLAIN\r\n") && !inside.contains("STLS"),
        "{inside}"
    );
    let mut server = Server::in_transaction();
    let logged_in = server.say("CAPA");
    // RFC 2449 section 5 lists those of AUTHORIZATION in both states.
    assert!(logged_in.contains("\r\nUSER\r\n") && !logged_in.contains("STLS"), "{logged_in}");
}

#[test]
fn apop_logs_in_without_showing_the_password() {
    let mut server = Server::new(&[]);
    let greeting = server.connect();
    let stamp = super::apop::timestamp(greeting.as_bytes()).unwrap();
    let digest = super::apop::digest(stamp, b"tanstaaftanstaaf");
    assert_eq!(server.say(&format!("APOP tim {digest} more")), "-ERR APOP takes a name and a digest\r\n");
    assert!(server.say(&format!("APOP ana {digest}")).starts_with("-ERR [AUTH]"));
    assert!(server.say(&format!("APOP tim {}", digest.to_uppercase())).starts_with("-ERR [AUTH]"));
    assert!(server.say(&format!("APOP tim {digest}")).starts_with("+OK 3 messages"));
    let mut server = Server::new(&["apop=off"]);
    assert!(!server.connect().contains('<'));
    assert_eq!(first_word(&server.say(&format!("APOP tim {digest}"))), "-ERR");
}

#[test]
fn pass_counts_only_right_behind_user() {
    for between in ["NOOP", "CAPA", "what", "AUTH", "USER"] {
        let mut server = Server::secure(&[]);
        server.say("USER tim");
        server.say(between);
        assert_eq!(server.say("PASS tanstaaftanstaaf"), "-ERR not in this state\r\n", "{between}");
    }
    // STLS parts them too.
    let mut server = Server::new(&["clear-text=accepted"]);
    server.connect();
    server.say("USER tim");
    server.say("STLS");
    server.handshake();
    assert_eq!(server.say("PASS tanstaaftanstaaf"), "-ERR not in this state\r\n");
}

#[test]
fn a_right_password_meets_the_state_of_the_maildrop_and_a_wrong_one_does_not_learn_it() {
    for (state, code) in [
        ("in-use", "IN-USE"),
        ("login-delay", "LOGIN-DELAY"),
        ("sys-temp", "SYS/TEMP"),
        ("sys-perm", "SYS/PERM"),
    ] {
        let mut server = Server::secure(&[&format!("maildrop={state}")]);
        assert_eq!(server.say("CAPA").contains("LOGIN-DELAY 900"), state == "login-delay");
        server.say("USER tim");
        assert!(server.say("PASS wrong").starts_with("-ERR [AUTH]"));
        server.say("USER tim");
        assert!(server.say("PASS tanstaaftanstaaf").starts_with(&format!("-ERR [{code}] ")));
        assert_eq!(server.say("STAT"), "-ERR not in this state\r\n");
    }
}

#[test]
fn an_exchange_can_be_cancelled_and_takes_base64_only() {
    let mut server = Server::secure(&[]);
    for (line, answer) in [
        ("*", "-ERR given up\r\n"),
        ("=", "-ERR that is not base64\r\n"),
        ("AHRpbQB0YW5zdGFhZnRhbnN0YWFm=", "-ERR that is not base64\r\n"),
        ("AHRp bQB0YW5zdGFhZnRhbnN0YWFm", "-ERR that is not base64\r\n"),
        ("", "-ERR [AUTH] that did not work\r\n"),
    ] {
        assert_eq!(server.say("AUTH PLAIN"), "+ \r\n");
        assert_eq!(server.say(line), answer, "{line}");
        assert_eq!(server.say("NOOP"), "-ERR not in this state\r\n", "it is a command again");
    }
    assert_eq!(first_word(&server.say("AUTH PLAIN =")), "-ERR");
    assert_eq!(first_word(&server.say("AUTH NOSUCH")), "-ERR");
    assert_eq!(first_word(&server.say("AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm x")), "-ERR");
    assert_eq!(first_word(&server.say("AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm")), "+OK");
    assert_eq!(server.say("AUTH PLAIN"), "-ERR not in this state\r\n", "one successful login");
}

#[test]
fn commands_in_one_segment_are_answered_in_order() {
    let mut server = Server::in_transaction();
    let answers = sent(&server.raw(b"STAT\r\nDELE 1\r\nLIST 1\r\nNOOP\r\nQUIT\r\nSTAT\r\n"));
    let words: Vec<_> = answers.lines().map(first_word).collect();
    assert_eq!(words, ["+OK", "+OK", "-ERR", "+OK", "+OK"], "{answers}");
}

#[test]
fn what_comes_with_stls_in_one_segment_is_never_answered() {
    let mut server = Server::new(&[]);
    server.connect();
    assert_eq!(sent(&server.raw(b"STLS\r\nCAPA\r\nUSER tim\r\n")), "+OK begin TLS negotiation\r\n");
    server.handshake();
    assert_eq!(server.say("STLS"), "-ERR a TLS layer is in place\r\n");
    assert_eq!(server.say("PASS tanstaaftanstaaf"), "-ERR not in this state\r\n");
}

#[test]
fn lines_have_limits_and_no_part_of_a_longer_one_is_a_command() {
    let mut server = Server::in_transaction();
    let long = "x".repeat(super::grammar::COMMAND_LIMIT);
    assert_eq!(server.say(&long), "-ERR that is not a command line\r\n");
    let longer = [&"x".repeat(super::server::LINE_LIMIT), " ", "\r\nSTAT\r\n"].concat();
    let answers: String = longer.as_bytes().chunks(1000).map(|part| sent(&server.raw(part))).collect();
    assert!(answers.starts_with("-ERR this is more than is taken here\r\n+OK 3 "), "{answers}");
    // 255 octets in each field of PLAIN (RFC 2595 section 6) fit a line behind a challenge.
    let mut server = Server::secure(&[]);
    server.say("AUTH PLAIN");
    assert_eq!(first_word(&server.say(&"QUFB".repeat(256))), "-ERR");
    assert_eq!(server.say("AUTH PLAIN"), "+ \r\n");
    assert_eq!(first_word(&server.say(&"A".repeat(super::server::LINE_LIMIT))), "-ERR");
    assert_eq!(server.say("NOOP"), "-ERR not in this state\r\n", "the exchange is over");
}

fn commands(set: &[&str]) -> (String, bool) {
    let mut setup = Setup::new(Protocol::Pop3).unwrap();
    setup.profile(Side::Client, "private").unwrap();
    for text in set {
        setup.set_text(text).unwrap();
    }
    let run = run(&setup);
    let leg = run.connections[0].leg(Side::Client);
    let names: Vec<_> = leg.commands().map(|(_, command)| command.name.to_string()).collect();
    let answered = leg.commands().all(|(event, command)| {
        command.name.starts_with("STLS")
            || leg.reply_to(event.id).is_some_and(|(_, reply)| reply.status == Some(crate::trace::Status::Ok))
    });
    (names.join(" "), answered)
}

#[test]
fn a_client_logs_in_in_each_way_and_uses_every_command() {
    let tour = "STAT LIST LIST UIDL UIDL TOP RETR DELE RSET NOOP CAPA QUIT";
    for (set, login, work) in [
        (&["client.auth=apop"][..], "APOP", "STAT RETR NOOP QUIT"),
        (&["client.auth=login"], "USER PASS", "STAT RETR NOOP QUIT"),
        (&["client.auth=plain", "client.session=tour"], "AUTH PLAIN", tour),
        (&["client.session=tour", "client.pipelining=on"], "AUTH PLAIN", tour),
    ] {
        let (names, answered) = commands(set);
        assert_eq!(names, format!("CAPA STLS CAPA {login} {work}"), "{set:?}");
        assert!(answered, "{set:?}");
    }
    assert_eq!(
        commands(&["client.auth=apop", "server.apop=off"]).0,
        "CAPA STLS CAPA",
        "nothing to make a digest from"
    );
}

#[test]
fn a_pipelining_client_sends_one_segment_and_notices_a_failure_in_it() {
    let mut setup = Setup::new(Protocol::Pop3).unwrap();
    setup.set_text("client.pipelining=on").unwrap();
    let mut client = (setup.protocol.client)(&default_account(), &setup.client.1, Seed(1));
    let mut hear = |octets: &str| sent(&client.step(Tick(0), Input::Octets(octets.as_bytes())));
    assert_eq!(hear("+OK hi\r\n"), "CAPA\r\n");
    assert_eq!(hear("+OK\r\nPIPELINING\r\n.\r\n"), "USER tim\r\n");
    assert_eq!(hear("+OK\r\n"), "PASS tanstaaftanstaaf\r\n");
    assert_eq!(hear("+OK\r\n"), "STAT\r\nRETR 1\r\nNOOP\r\n");
    assert_eq!(hear("+OK 0 0\r\n-ERR no such message\r\n"), "");
    assert_eq!(hear("+OK\r\n"), "QUIT\r\n");
}

#[test]
fn an_answer_to_what_was_said_in_passing_is_not_taken_for_another() {
    let mut setup = Setup::new(Protocol::Pop3).unwrap();
    setup.set_text("client.command-before-tls=on").unwrap();
    let mut client = (setup.protocol.client)(&default_account(), &setup.client.1, Seed(1));
    let mut hear = |octets: &str| sent(&client.step(Tick(0), Input::Octets(octets.as_bytes())));
    hear("+OK hi\r\n");
    assert_eq!(hear("+OK\r\nSTLS\r\nUSER\r\n.\r\n"), "STLS\r\nCAPA\r\n");
    assert_eq!(hear("-ERR no\r\n"), "USER tim\r\n");
    assert_eq!(hear("+OK\r\nUSER\r\n.\r\n"), "", "CAPA is answered, USER is not");
    assert_eq!(hear("+OK\r\n"), "PASS tanstaaftanstaaf\r\n");
}
