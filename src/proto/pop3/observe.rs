//! Reads POP3 octets into events. It judges nothing and never fails.

use super::grammar;
use crate::base::{Hop, Side};
use crate::proto::Observer;
use crate::proto::dialogue::{Awaited, Dialogue, line_end};
use crate::proto::exchange::{Encoding, base64, mechanism_name, shown_by};
use crate::trace::{
    Advertised, Capabilities, Command, Credential, EventKind, Form, GreetingStatus, Problem, Reply, Span,
    Status, TraceBuilder, UNKNOWN, Verb,
};
use crate::wire;
use std::borrow::Cow;
use std::ops::Range;

/// A positive answer whose lines are still coming.
#[derive(Debug)]
struct Open {
    start: usize,
    answered: Awaited,
    /// One of its lines ended in LF alone.
    bare: bool,
    /// It is the first line of its connection, and the client spoke before it: it may be the greeting.
    may_greet: bool,
}

/// The observer of one hop.
#[derive(Debug, Default)]
pub struct Pop3Observer {
    /// Where the unread octets of each side begin, and how many behind that hold no line ending.
    client: (usize, usize),
    server: (usize, usize),
    dialogue: Dialogue,
    open: Option<Open>,
}

fn span(range: Range<usize>) -> Span {
    let at = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    Span { start: at(range.start), end: at(range.end) }
}

impl Pop3Observer {
    fn next_line(&mut self, hop: Hop, from: Side, trace: &TraceBuilder) -> Option<Range<usize>> {
        let tape = trace.so_far().tape(hop, from);
        let (start, searched) = match from {
            Side::Client => &mut self.client,
            Side::Server => &mut self.server,
        };
        let Some(line) = wire::line(tape, *start, *searched) else {
            *searched = tape.len().saturating_sub(*start);
            return None;
        };
        let whole = *start..line.end();
        (*start, *searched) = (line.end(), 0);
        Some(whole)
    }

    fn client_line(&mut self, hop: Hop, whole: Range<usize>, trace: &mut TraceBuilder) {
        let octets = trace.so_far().tape(hop, Side::Client).get(whole.clone()).unwrap_or_default();
        let text = wire::text(octets);
        let place = span(whole.clone());
        let (keyword, arguments) = grammar::command(text);
        let known = grammar::command_name(keyword, arguments);
        if let Some(exchange) = &self.dialogue.exchange
            && (exchange.asked || known.is_none())
        {
            let content = span(whole.start..whole.start.saturating_add(text.len()));
            self.dialogue.sasl_message(hop, place, content, trace);
            return;
        }
        if text.is_empty() || !keyword.iter().all(u8::is_ascii_alphabetic) {
            // What nobody understands may be the password.
            let secret = span(whole.start..whole.start.saturating_add(text.len()));
            let kind = EventKind::Malformed(Problem::NoCommand);
            let command = trace.read(hop, Side::Client, place, vec![secret], kind);
            // A server answers every line, also one that it does not understand (RFC 1939 section 3).
            self.dialogue.awaits(Awaited { tag: None, command, verb: Verb::Other });
            return;
        }
        let (verb, name) = known.unwrap_or((Verb::Other, Cow::Borrowed(UNKNOWN)));
        let name_is_unknown = name == UNKNOWN;
        let mut command = Command {
            tag: None,
            verb,
            name,
            mechanism: None,
            initial_response: false,
            credential: None,
            fault: None,
            surplus_arguments: !arguments.is_empty()
                && matches!(verb, Verb::StartTls | Verb::Capability | Verb::Logout),
            complete: octets.ends_with(b"\n"),
        };
        let argument_start = whole.start.saturating_add(keyword.len()).saturating_add(1);
        let text_end = whole.start.saturating_add(text.len());
        let mut secrets = Vec::new();
        if name_is_unknown {
            secrets.push(span(whole.start..text_end));
        }
        match verb {
            Verb::Pass if !arguments.is_empty() => {
                secrets.push(span(argument_start..text_end));
                command.credential = Some(Credential { mechanism: "PASS".into(), hidden: false });
            }
            // No password, but what guesses can be tried out against (RFC 1939 section 7).
            Verb::Apop => {
                if let Some(space) = arguments.iter().rposition(|&o| o == b' ') {
                    let digest = argument_start.saturating_add(space).saturating_add(1);
                    secrets.push(span(digest..text_end));
                }
            }
            Verb::Authenticate if !arguments.is_empty() => {
                let mut words = arguments.split(|&o| o == b' ');
                let mechanism: Box<str> = mechanism_name(words.next().unwrap_or_default()).into();
                if *mechanism == *UNKNOWN {
                    secrets.push(span(argument_start..text_end));
                }
                if let Some(initial) = words.next() {
                    command.initial_response = true;
                    let shown = shown_by(&mechanism, 0, base64(initial), initial);
                    if shown.credential.is_some() {
                        secrets.push(span(text_end.saturating_sub(initial.len())..text_end));
                    }
                    command.credential = shown.credential;
                    command.fault = shown.fault;
                }
                command.mechanism = Some(mechanism);
            }
            _ => {}
        }
        self.dialogue.command(hop, place, secrets, command, Encoding::Base64, trace);
    }

    /// Whether a positive answer to a command has several lines.
    fn multi_line(hop: Hop, command: &Awaited, trace: &TraceBuilder) -> bool {
        let span = trace.so_far().event(command.command).map(|event| event.span);
        span.is_some_and(|span| {
            grammar::multi_line(wire::text(trace.so_far().slice(hop, Side::Client, span)))
        })
    }

    /// No line of a first answer looks like a status line: where one follows, what was taken for the answer's beginning
    /// is the greeting of a server whose client could not wait.
    fn greet_late(&mut self, hop: Hop, whole: &Range<usize>, trace: &mut TraceBuilder) {
        let text = wire::text(trace.so_far().tape(hop, Side::Server).get(whole.clone()).unwrap_or_default());
        let is_status = grammar::status(text).is_some();
        if let Some(open) = self.open.take_if(|open| std::mem::take(&mut open.may_greet) && is_status) {
            self.dialogue.not_answered(open.answered);
            let kind = EventKind::Greeting(GreetingStatus::Ok);
            trace.read(hop, Side::Server, span(open.start..whole.start), Vec::new(), kind);
        }
    }

    fn server_line(&mut self, hop: Hop, whole: Range<usize>, trace: &mut TraceBuilder) {
        self.greet_late(hop, &whole, trace);
        let octets = trace.so_far().tape(hop, Side::Server).get(whole.clone()).unwrap_or_default();
        let bare = octets.ends_with(b"\n") && !octets.ends_with(b"\r\n");
        let text = wire::text(octets);
        if let Some(mut open) = self.open.take() {
            open.bare |= bare;
            if text == b"." {
                self.answer(hop, open.start..whole.end, Status::Ok, Some(open.answered), open.bare, trace);
            } else {
                self.open = Some(open);
            }
            return;
        }
        let (opens, spoke) = self.dialogue.first_words(hop, trace);
        // A timestamp stands in greetings only, and a simulation leaves no greeting out.
        let greets = super::apop::timestamp(text).is_some() || trace.so_far().two_hops();
        let first = opens && (!spoke || greets);
        let asks = grammar::continuation(text).is_some();
        let kind = match grammar::status(text) {
            Some((Status::Ok, _)) if first => EventKind::Greeting(GreetingStatus::Ok),
            Some(_) if first => EventKind::Greeting(GreetingStatus::Other),
            Some((status, _)) => {
                match self.dialogue.oldest() {
                    Some(answered) if status == Status::Ok && Self::multi_line(hop, &answered, trace) => {
                        let may_greet = opens;
                        self.open = Some(Open { start: whole.start, answered, bare, may_greet });
                    }
                    answered => self.answer(hop, whole, status, answered, bare, trace),
                }
                return;
            }
            None if asks && !first => {
                let to = self.dialogue.continued();
                EventKind::Reply(Reply {
                    form: Form::Continue,
                    status: None,
                    to,
                    code: None,
                    name: Cow::Borrowed("+"),
                })
            }
            // A server that gives up behind its positive answer says so in TLS.
            None if self.dialogue.is_alert(text) => EventKind::TlsFailed(crate::tls::Failure::Alert),
            None => {
                if first {
                    let kind = EventKind::Greeting(GreetingStatus::Other);
                    // Where the sides are mixed up, it is a login.
                    let (keyword, arguments) = grammar::command(text);
                    let login = matches!(kind, EventKind::Malformed(_))
                        && grammar::command_name(keyword, arguments).is_some_and(|(verb, _)| verb.logs_in());
                    let secrets = if login { vec![span(whole.clone())] } else { Vec::new() };
                    trace.read(hop, Side::Server, span(whole.clone()), secrets, kind);
                }
                EventKind::Malformed(Problem::NoResponse)
            }
        };
        trace.read(hop, Side::Server, span(whole.clone()), Vec::new(), kind);
        line_end(hop, Side::Server, span(whole), trace);
    }

    /// A final answer with all its lines.
    fn answer(
        &mut self,
        hop: Hop,
        whole: Range<usize>,
        status: Status,
        answered: Option<Awaited>,
        bare: bool,
        trace: &mut TraceBuilder,
    ) {
        let place = span(whole.clone());
        let octets = trace.so_far().slice(hop, Side::Server, place);
        let line = wire::text(octets.split_inclusive(|&o| o == b'\n').next().unwrap_or_default());
        let base = whole.start;
        let code = grammar::code(line)
            .map(|code| span(base.saturating_add(code.start)..base.saturating_add(code.end)));
        let verb = answered.map(|awaited| awaited.verb);
        let listed = (verb == Some(Verb::Capability) && status == Status::Ok).then(|| {
            let lines =
                octets.split(|&o| o == b'\n').skip(1).map(|line| line.strip_suffix(b"\r").unwrap_or(line));
            Capabilities::new(lines.filter(|line| !line.is_empty() && *line != b".").map(grammar::unstuffed))
        });
        let to = answered.map(|awaited| awaited.command);
        let reply = Reply { form: Form::Final, status: Some(status), to, code, name: Cow::Borrowed("") };
        trace.read(hop, Side::Server, place, Vec::new(), EventKind::Reply(reply));
        if let Some(listed) = listed {
            let kind = EventKind::Advertise(listed, Advertised::Answer);
            trace.read(hop, Side::Server, place, Vec::new(), kind);
        }
        if bare {
            let kind = EventKind::Malformed(Problem::BareLineFeed);
            trace.read(hop, Side::Server, place, Vec::new(), kind);
        }
        self.dialogue.answered(to, status, whole.end);
    }
}

impl Observer for Pop3Observer {
    fn octets(&mut self, hop: Hop, from: Side, trace: &mut TraceBuilder) {
        while let Some(line) = self.next_line(hop, from, trace) {
            match from {
                Side::Client => self.client_line(hop, line, trace),
                Side::Server => self.server_line(hop, line, trace),
            }
        }
    }

    fn omitted(&mut self, hop: Hop, from: Side, trace: &mut TraceBuilder) {
        if from == Side::Server
            && let Some(open) = self.open.take()
        {
            let end = trace.so_far().tape(hop, from).len();
            self.answer(hop, open.start..end, Status::Ok, Some(open.answered), open.bare, trace);
        }
    }

    fn unfinished(&mut self, hop: Hop, from: Side, trace: &mut TraceBuilder) {
        let end = trace.so_far().tape(hop, from).len();
        let (mut start, _) = match from {
            Side::Client => std::mem::replace(&mut self.client, (end, 0)),
            Side::Server => std::mem::replace(&mut self.server, (end, 0)),
        };
        if from == Side::Server
            && let Some(open) = self.open.take()
        {
            start = open.start;
            self.answer(hop, start..end, Status::Ok, Some(open.answered), open.bare, trace);
        } else if from == Side::Client && start < end {
            self.client_line(hop, start..end, trace);
        }
        if start < end {
            let kind = EventKind::Malformed(Problem::Unfinished);
            trace.read(hop, from, span(start..end), Vec::new(), kind);
        }
    }

    fn dialogue(&mut self) -> &mut Dialogue {
        &mut self.dialogue
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Layer;
    use crate::facts::Facts;
    use crate::testing::read_pop3 as read;
    use crate::trace::{Class, Trace};

    fn names(trace: &Trace) -> Vec<String> {
        trace.leg(Side::Client).commands().map(|(_, c)| c.name.to_string()).collect()
    }

    fn credentials(trace: &Trace) -> Vec<(u32, String)> {
        trace.leg(Side::Client).credentials().map(|(e, c)| (e.places.0, c.mechanism.to_string())).collect()
    }

    /// Each final answer: its lines, its status, and the line of the command that it answers.
    fn answers(trace: &Trace) -> Vec<((u32, u32), Status, Option<u32>)> {
        let finals = trace.leg(Side::Client).replies().filter(|(_, reply)| reply.form == Form::Final);
        finals
            .map(|(at, reply)| {
                let to = reply.to.and_then(|id| trace.event(id)).map(|event| event.places.0);
                (at.places, reply.status.unwrap(), to)
            })
            .collect()
    }

    fn problems(trace: &Trace) -> Vec<(u32, Problem)> {
        let malformed = trace.leg(Side::Client).of(Class::Malformed);
        malformed
            .map(|event| match event.kind {
                EventKind::Malformed(problem) => (event.places.0, problem),
                _ => unreachable!(),
            })
            .collect()
    }

    fn facts(trace: &Trace) -> Facts {
        Facts::of(trace, Side::Client)
    }

    #[test]
    fn the_example_of_rfc_2595_section_4() {
        let trace = read(
            "C: CAPA
             S: +OK
             S: STLS
             S: USER
             S: .
             C: STLS
             S: +OK Begin TLS negotiation
             ==TLS==
             C: CAPA
             S: +OK
             S: SASL PLAIN
             S: .
             C: STLS
             S: -ERR TLS already active
             C: AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm
             S: +OK",
        );
        assert_eq!(names(&trace), ["CAPA", "STLS", "CAPA", "STLS", "AUTH PLAIN"]);
        let lists: Vec<_> = trace
            .leg(Side::Client)
            .lists()
            .map(|(e, l)| (e.layer, e.places, l.offers_starttls(), l.has("USER")))
            .collect();
        assert_eq!(lists, [(Layer::Clear, (2, 5), true, true), (Layer::Tls, (10, 12), false, false)]);
        let facts = facts(&trace);
        assert_eq!((facts.starttls_answer, facts.tls), (Some("ok"), Some("starttls")));
        assert_eq!((facts.capability_reissued_after_tls, facts.authenticated), (Some(true), Some(true)));
        assert_eq!((facts.logindisabled_advertised, facts.credential_in_clear), (None, Some(false)));
        assert_eq!(problems(&trace), []);
    }

    #[test]
    fn a_client_that_cannot_wait_for_the_greeting_shifts_no_answer() {
        for (script, greeting) in [
            ("C: CAPA\nS: +OK ready\nS: +OK\nS: STLS\nS: .\nC: QUIT\nS: +OK", 2),
            ("C: CAPA\nS: +OK ready\nS: -ERR no\nC: QUIT\nS: +OK", 2),
            ("C: STLS\nC: NOOP\nS: +OK <1@x> ready\nS: -ERR no\nS: +OK", 3),
        ] {
            let trace = read(script);
            let leg = trace.leg(Side::Client);
            let greetings: Vec<_> = leg.of(Class::Greeting).map(|event| event.places.0).collect();
            assert_eq!(greetings, [greeting], "{script}");
            assert!(answers(&trace).iter().all(|(_, _, to)| to.is_some()), "{script}");
            assert_eq!(answers(&trace).len(), leg.commands().count(), "{script}");
            assert_eq!(problems(&trace), []);
        }
        // A recording that begins later has no greeting.
        let trace = read("C: CAPA\nS: +OK\nS: STLS\nS: .\nC: STLS\nS: +OK");
        assert_eq!(trace.leg(Side::Client).of(Class::Greeting).count(), 0);
        assert_eq!(answers(&trace), [((2, 4), Status::Ok, Some(1)), ((6, 6), Status::Ok, Some(5))]);
    }

    #[test]
    fn pipelined_commands_are_answered_in_their_order() {
        let trace = read(
            "S: +OK hi
             C: CAPA
             C: LIST 1
             C: LIST
             C: QUIT
             S: +OK
             S: STLS
             S: .
             S: +OK 1 120
             S: +OK
             S: 1 120
             S: .
             S: +OK bye",
        );
        let ok = Status::Ok;
        assert_eq!(
            answers(&trace),
            [((6, 8), ok, Some(2)), ((9, 9), ok, Some(3)), ((10, 12), ok, Some(4)), ((13, 13), ok, Some(5))]
        );
        assert_eq!(problems(&trace), []);
    }

    #[test]
    fn lines_of_a_message_are_content_whatever_they_look_like() {
        let trace = read(
            "S: +OK hi
             C: RETR 1
             S: +OK 40 octets
             S: -ERR this is text
             S: ..
             S:
             S: + go on
             S: .
             C: NOOP
             S: +OK",
        );
        assert_eq!(answers(&trace), [((3, 8), Status::Ok, Some(2)), ((10, 10), Status::Ok, Some(9))]);
        assert_eq!(problems(&trace), []);
    }

    #[test]
    fn a_refusal_has_one_line_whatever_was_asked() {
        let trace = read(
            "S: +OK hi
             C: CAPA
             S: -ERR what
             C: TOP 1 0
             S: -ERR [SYS/TEMP] later
             C: UIDL 1
             S: +OK 1 abc
             C: AUTH
             S: +OK
             S: CRAM-MD5
             S: .
             C: QUIT
             S: +OK",
        );
        let places: Vec<_> = answers(&trace).into_iter().map(|(places, _, to)| (places, to)).collect();
        assert_eq!(
            places,
            [
                ((3, 3), Some(2)),
                ((5, 5), Some(4)),
                ((7, 7), Some(6)),
                ((9, 11), Some(8)),
                ((13, 13), Some(12))
            ]
        );
        let codes: Vec<_> = trace
            .leg(Side::Client)
            .replies()
            .filter_map(|(at, reply)| Some(trace.slice(at.hop, Side::Server, reply.code?)))
            .collect();
        assert_eq!(codes, [b"SYS/TEMP"]);
        // AUTH alone asks for a list; nobody tried to log in.
        assert_eq!((facts(&trace).authenticated, facts(&trace).starttls_advertised), (Some(false), None));
    }

    #[test]
    fn user_and_pass_show_the_password_and_only_it_is_hidden() {
        let trace = read(
            "S: +OK hi
             C: user tim
             S: +OK
             C: pass two words
             S: +OK",
        );
        assert_eq!(names(&trace), ["USER", "PASS"]);
        assert_eq!(credentials(&trace), [(4, "PASS".to_owned())]);
        let pass = trace.leg(Side::Client).commands().last().unwrap().0;
        assert_eq!(trace.text(pass), format!("pass {}", crate::base::MASK));
        let facts = facts(&trace);
        assert_eq!((facts.authenticated, facts.credential_in_clear), (Some(true), Some(true)));
        assert_eq!(facts.preauth, Some(false));
    }

    #[test]
    fn a_good_user_alone_is_no_login() {
        let trace = read("S: +OK hi\nC: USER tim\nS: +OK\nC: PASS x\nS: -ERR [AUTH] no");
        assert_eq!(facts(&trace).authenticated, Some(false));
        assert_eq!(facts(&trace).credential_in_clear, Some(true));
    }

    #[test]
    fn apop_shows_no_password() {
        let trace = read(
            "S: +OK POP3 server ready <1896.697170952@dbc.mtview.ca.us>
             C: APOP mrose c4c9334bac560ecc979e58001b3e22fb
             S: +OK maildrop has 1 message (369 octets)",
        );
        assert_eq!((names(&trace), credentials(&trace)), (vec!["APOP".to_owned()], vec![]));
        assert_eq!(
            (facts(&trace).authenticated, facts(&trace).credential_in_clear),
            (Some(true), Some(false))
        );
        assert_eq!(trace.leg(Side::Client).of(Class::Greeting).count(), 1);
    }

    #[test]
    fn an_answer_to_a_challenge_is_no_command_even_if_it_reads_like_one() {
        let trace = read(
            "S: +OK hi
             C: AUTH LOGIN
             S: + VXNlcm5hbWU6
             C: QUIT
             S: + UGFzc3dvcmQ6
             C: dGFuc3RhYWY=
             S: +OK in
             C: QUIT
             S: +OK",
        );
        assert_eq!(names(&trace), ["AUTH LOGIN", "QUIT"]);
        assert_eq!(credentials(&trace), [(6, "LOGIN".to_owned())]);
        assert_eq!(answers(&trace), [((7, 7), Status::Ok, Some(2)), ((9, 9), Status::Ok, Some(8))]);
        assert_eq!(problems(&trace), []);
    }

    #[test]
    fn plus_ok_ends_an_exchange_and_a_star_gives_it_up() {
        let trace = read(
            "S: +OK hi
             C: AUTH PLAIN
             S: +
             C: *
             S: -ERR given up
             C: STAT
             S: -ERR not now
             C: AUTH PLAIN =
             S: +OK what
             C: STAT
             S: +OK 0 0",
        );
        assert_eq!(names(&trace), ["AUTH PLAIN", "STAT", "AUTH PLAIN", "STAT"]);
        assert_eq!(credentials(&trace), []);
        assert_eq!(problems(&trace), []);
    }

    #[test]
    fn what_stands_between_the_request_its_answer_and_the_handshake_is_left_over() {
        let with = "S: +OK hi
             C: STLS
             C: NOOP
             S: +OK begin
             S: +OK more
             ==TLS==
             C: CAPA
             S: +OK
             S: .";
        let trace = read(with);
        let left: Vec<_> =
            trace.leg(Side::Client).of(Class::LeftOver).map(|e| (e.from, e.span.len())).collect();
        assert_eq!(left, [(Side::Client, 6), (Side::Server, 10)]);
        // The answer to NOOP is none that counts inside TLS.
        assert_eq!(answers(&trace).last(), Some(&((8, 9), Status::Ok, Some(7))));
        let trace = read(with.replace("==TLS==", "C: QUIT").as_str());
        assert_eq!(trace.leg(Side::Client).of(Class::LeftOver).count(), 0);
    }

    #[test]
    fn with_tls_from_the_first_octet_the_greeting_is_inside() {
        let trace = read("==TLS==\nS: +OK ready <1.2@x>\nC: CAPA\nS: +OK\nS: USER\nS: .");
        let greetings: Vec<_> =
            trace.leg(Side::Client).of(Class::Greeting).map(|e| (e.layer, e.places.0)).collect();
        assert_eq!(greetings, [(Layer::Tls, 2)]);
        assert_eq!(answers(&trace), [((4, 6), Status::Ok, Some(3))]);
        assert_eq!(facts(&trace).tls, Some("implicit"));
    }

    #[test]
    fn an_excerpt_without_a_greeting_has_none() {
        let trace = read("C: CAPA\nS: +OK\nS: STLS\nS: .");
        assert_eq!(trace.leg(Side::Client).of(Class::Greeting).count(), 0);
        assert_eq!(facts(&trace).starttls_advertised, Some(true));
    }

    #[test]
    fn an_alert_behind_the_positive_answer_is_a_failed_handshake() {
        let trace = read("S: +OK hi\nC: STLS\nS: +OK begin\nS: \u{15}\u{3}\u{3}\0\u{2}\u{2}2");
        assert!(trace.leg(Side::Client).tls_failed().is_some());
        assert_eq!(problems(&trace), []);
    }

    #[test]
    fn what_the_grammar_does_not_allow_is_kept_and_reading_goes_on() {
        let trace = read(
            "S: hello
             C: ???
             S: -ERR what
             C: XTND x
             S: +ok lower case
             S: -ERR no
             C> NO",
        );
        assert_eq!(
            problems(&trace),
            [
                (1, Problem::NoResponse),
                (2, Problem::NoCommand),
                (5, Problem::NoResponse),
                (7, Problem::Unfinished)
            ]
        );
        assert_eq!(names(&trace), ["XTND", "UNKNOWN"]);
        // What is no command is answered all the same.
        assert_eq!(answers(&trace), [((3, 3), Status::Err, Some(2)), ((6, 6), Status::Err, Some(4))]);
    }

    #[test]
    fn an_answer_that_breaks_off_is_unfinished_and_shows_what_it_has() {
        let trace = read("S: +OK hi\nC: CAPA\nS: +OK\nS: STLS");
        assert_eq!(problems(&trace), [(3, Problem::Unfinished)]);
        assert_eq!(facts(&trace).starttls_advertised, Some(true));
    }
}
