//! Reads ACAP octets into events. It judges nothing and never fails.

use super::grammar::{self, Token};
use crate::base::{Hop, Side};
use crate::proto::Observer;
use crate::proto::dialogue::{Dialogue, line_end};
use crate::proto::exchange::{Encoding, mechanism_name, named, shown_by};
use crate::proto::messages::Messages;
use crate::trace::{
    Advertised, Capabilities, Command, EventKind, Form, GreetingStatus, Problem, Reply, Span, Status,
    TraceBuilder, UNKNOWN, Verb,
};
use std::borrow::Cow;
use std::ops::Range;

/// The observer of one hop.
#[derive(Debug, Default)]
pub struct AcapObserver {
    client: Messages,
    server: Messages,
    dialogue: Dialogue,
}

fn span(range: &Range<usize>) -> Span {
    let at = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    Span { start: at(range.start), end: at(range.end) }
}

fn within(base: usize, range: &Range<usize>) -> Span {
    span(&(base.saturating_add(range.start)..base.saturating_add(range.end)))
}

impl AcapObserver {
    fn messages(&mut self, from: Side) -> &mut Messages {
        match from {
            Side::Client => &mut self.client,
            Side::Server => &mut self.server,
        }
    }

    fn client_message(&mut self, hop: Hop, whole: &Range<usize>, complete: bool, trace: &mut TraceBuilder) {
        let octets = trace.so_far().tape(hop, Side::Client).get(whole.clone()).unwrap_or_default();
        let text = crate::wire::text(octets);
        let parsed = grammar::command(octets);
        if let Some(exchange) = &self.dialogue.exchange {
            // A message is one string, and a star without quotes gives up. Octets that are neither, where an answer
            // is due, may still hold the secret, so that they are taken for one.
            let string = match grammar::tokens(octets).as_deref() {
                Some([Token::String(answer)]) => Some(answer.clone()),
                _ => None,
            };
            let neither = string.is_none() && text != b"*" && exchange.asked && parsed.is_none();
            if string.is_some() || text == b"*" || neither {
                let content = within(whole.start, &string.unwrap_or(0..text.len()));
                self.dialogue.sasl_message(hop, span(whole), content, trace);
                if neither {
                    let kind = EventKind::Malformed(Problem::NoCommand);
                    trace.read(hop, Side::Client, span(whole), Vec::new(), kind);
                }
                return;
            }
        }
        let Some(parsed) = parsed else {
            // What nobody understands may be the password.
            let kind = EventKind::Malformed(Problem::NoCommand);
            trace.read(hop, Side::Client, span(whole), vec![within(whole.start, &(0..text.len()))], kind);
            return;
        };
        let mut command = Command {
            tag: Some(within(whole.start, &parsed.tag)),
            verb: parsed.verb,
            name: parsed.name,
            mechanism: None,
            initial_response: false,
            credential: None,
            fault: None,
            surplus_arguments: !parsed.arguments.is_empty()
                && matches!(parsed.verb, Verb::StartTls | Verb::Logout),
            complete,
        };
        let mut secrets = Vec::new();
        if command.name == UNKNOWN {
            secrets.push(within(whole.start, &(parsed.tag.end..text.len().max(parsed.tag.end))));
        }
        if command.verb == Verb::Authenticate {
            let mut strings = parsed.arguments.iter().filter_map(|token| match token {
                Token::String(range) => Some(range),
                _ => None,
            });
            let mechanism: Box<str> = strings
                .next()
                .and_then(|range| octets.get(range.clone()))
                .map(mechanism_name)
                .unwrap_or_default()
                .into();
            if *mechanism == *UNKNOWN {
                secrets.push(within(whole.start, &(parsed.tag.end..text.len().max(parsed.tag.end))));
            }
            if let Some(initial) = strings.next() {
                let message = octets.get(initial.clone()).unwrap_or_default();
                let shown = shown_by(&mechanism, 0, Some(message.to_vec()), message);
                command.initial_response = true;
                if shown.credential.is_some() {
                    // To the end: where a literal is longer than announced, the rest of the secret stands there.
                    secrets.push(within(whole.start, &(initial.start..initial.end.max(text.len()))));
                }
                command.credential = shown.credential;
                command.fault = shown.fault;
            }
            command.name = named("AUTHENTICATE", Cow::Owned(mechanism.to_string()));
            command.mechanism = Some(mechanism);
        }
        self.dialogue.command(hop, span(whole), secrets, command, Encoding::Raw, trace);
    }

    fn server_message(&mut self, hop: Hop, whole: &Range<usize>, trace: &mut TraceBuilder) {
        let octets = trace.so_far().tape(hop, Side::Server).get(whole.clone()).unwrap_or_default();
        let first = self.dialogue.greeting_due(hop, trace);
        let mut list = None;
        let kind = match grammar::greeting_items(octets) {
            Some(items) => {
                list = Some(Capabilities::new(items.iter().map(|(_, text)| text.as_bytes())));
                EventKind::Greeting(GreetingStatus::Ok)
            }
            None => self.response(hop, whole, first, trace),
        };
        if first && matches!(kind, EventKind::Malformed(_)) {
            let kind = EventKind::Greeting(GreetingStatus::Other);
            trace.read(hop, Side::Server, span(whole), Vec::new(), kind);
        }
        trace.read(hop, Side::Server, span(whole), Vec::new(), kind);
        if let Some(list) = list {
            let kind = EventKind::Advertise(list, Advertised::Greeting);
            trace.read(hop, Side::Server, span(whole), Vec::new(), kind);
        }
        line_end(hop, Side::Server, span(whole), trace);
    }

    /// What a message is that is no greeting of ACAP.
    fn response(
        &mut self,
        hop: Hop,
        whole: &Range<usize>,
        first: bool,
        trace: &mut TraceBuilder,
    ) -> EventKind {
        let octets = trace.so_far().tape(hop, Side::Server).get(whole.clone()).unwrap_or_default();
        if self.dialogue.is_alert(octets) {
            return EventKind::TlsFailed(crate::tls::Failure::Alert);
        }
        let tokens = grammar::tokens(octets).unwrap_or_default();
        let text = |range: &Range<usize>| octets.get(range.clone()).unwrap_or_default();
        let code = |behind| grammar::code(octets, behind).map(|code| within(whole.start, &code));
        let reply = |form, status, to, code, name| EventKind::Reply(Reply { form, status, to, code, name });
        match tokens.as_slice() {
            [Token::Word(plus), ..] if text(plus) == b"+" => {
                reply(Form::Continue, None, self.dialogue.continued(), None, Cow::Borrowed("+"))
            }
            [Token::Word(star), Token::Word(word), behind @ ..] if text(star) == b"*" => {
                let status = grammar::status(text(word));
                if first && status == Some(Status::Bye) {
                    return EventKind::Greeting(GreetingStatus::Bye);
                }
                let name = match status {
                    Some(_) => Cow::Borrowed(""),
                    None => Cow::Owned(String::from_utf8_lossy(text(word)).to_uppercase()),
                };
                reply(Form::Untagged, status, None, status.and_then(|_| code(behind)), name)
            }
            [Token::Word(tag), Token::Word(word), behind @ ..] => {
                let tag: Box<[u8]> = text(tag).into();
                let (status, code) = (grammar::status(text(word)), code(behind));
                let name = String::from_utf8_lossy(text(word)).to_uppercase();
                if status.is_some() {
                    self.give_up_refused_literal(hop, &tag, trace);
                }
                let to = self.dialogue.tagged(hop, &tag, trace).map(|awaited| awaited.command);
                // ENTRY, MODTIME and their like carry the tag of the command that they belong to.
                let Some(status) = status else {
                    let known = to.is_some().then_some(Cow::Owned(name));
                    return match known {
                        Some(name) => reply(Form::Untagged, None, to, None, name),
                        None => EventKind::Malformed(Problem::NoResponse),
                    };
                };
                self.dialogue.answered(to, status, whole.end);
                reply(Form::Final, Some(status), to, code, Cow::Borrowed(""))
            }
            _ => EventKind::Malformed(Problem::NoResponse),
        }
    }

    /// A final answer while a synchronizing literal waits for its continuation ends the command without it.
    fn give_up_refused_literal(&mut self, hop: Hop, tag: &[u8], trace: &mut TraceBuilder) {
        let Some(start) = self.client.refusable() else { return };
        let tape = trace.so_far().tape(hop, Side::Client);
        let end = tape.len();
        let sent = tape.get(start..).unwrap_or_default();
        if sent.split(|&o| o == b' ').next() == Some(tag) {
            self.client.restart(end);
            self.client_message(hop, &(start..end), false, trace);
        }
    }
}

impl Observer for AcapObserver {
    fn octets(&mut self, hop: Hop, from: Side, trace: &mut TraceBuilder) {
        while let Some(whole) = self.messages(from).next(trace.so_far().tape(hop, from), from == Side::Client)
        {
            match from {
                Side::Client => self.client_message(hop, &whole, true, trace),
                Side::Server => self.server_message(hop, &whole, trace),
            }
        }
    }

    fn unfinished(&mut self, hop: Hop, from: Side, trace: &mut TraceBuilder) {
        let end = trace.so_far().tape(hop, from).len();
        let messages = self.messages(from);
        let whole = messages.start()..end;
        messages.restart(end);
        if !whole.is_empty() {
            if from == Side::Client {
                self.client_message(hop, &whole, false, trace);
            }
            let kind = EventKind::Malformed(Problem::Unfinished);
            trace.read(hop, from, span(&whole), Vec::new(), kind);
        }
    }

    fn dialogue(&mut self) -> &mut Dialogue {
        &mut self.dialogue
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Layer, MASK};
    use crate::facts::Facts;
    use crate::testing::read_acap as read;
    use crate::trace::{Class, Trace};

    fn names(trace: &Trace) -> Vec<String> {
        trace.leg(Side::Client).commands().map(|(_, c)| c.name.to_string()).collect()
    }

    fn credentials(trace: &Trace) -> Vec<(u32, String)> {
        trace.leg(Side::Client).credentials().map(|(e, c)| (e.places.0, c.mechanism.to_string())).collect()
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

    fn shown(trace: &Trace) -> String {
        trace.events().iter().map(|event| trace.text(event) + "\n").collect()
    }

    /// As published; the continuation line of the answer is one line on the wire.
    #[test]
    fn the_example_of_rfc_2595_section_6() {
        let trace = read(
            "S: * ACAP (SASL \"CRAM-MD5\") (STARTTLS)
             C: a001 AUTHENTICATE \"CRAM-MD5\"
             S: + \"<1896.697170952@postoffice.reston.mci.net>\"
             C: \"tim b913a602c7eda7a495b4e6e7334d3890\"
             S: a001 NO (TRANSITION-NEEDED) \"Please change your password, or use TLS to login\"
             C: a002 STARTTLS
             S: a002 OK \"Begin TLS negotiation now\"
             ==TLS==
             S: * ACAP (SASL \"CRAM-MD5\" \"PLAIN\" \"EXTERNAL\")
             C: a003 AUTHENTICATE \"PLAIN\" {21+}
             C: <NUL>tim<NUL>tanstaaftanstaaf
             S: a003 OK CRAM-MD5 password initialized",
        );
        assert_eq!(names(&trace), ["AUTHENTICATE CRAM-MD5", "STARTTLS", "AUTHENTICATE PLAIN"]);
        assert_eq!(credentials(&trace), [(10, "PLAIN".to_owned())]);
        let leg = trace.leg(Side::Client);
        let lists: Vec<_> =
            leg.lists().map(|(e, l)| (e.layer, l.offers_starttls(), l.mechanisms().count())).collect();
        assert_eq!(lists, [(Layer::Clear, true, 1), (Layer::Tls, false, 3)]);
        assert_eq!(leg.of(Class::Greeting).count(), 2);
        let codes: Vec<_> = leg
            .replies()
            .filter_map(|(at, reply)| Some(trace.slice(at.hop, Side::Server, reply.code?)))
            .collect();
        assert_eq!(codes, [b"TRANSITION-NEEDED"]);
        assert_eq!(problems(&trace), []);
        let facts = Facts::of(&trace, Side::Client);
        assert_eq!((facts.tls, facts.starttls_answer), (Some("starttls"), Some("ok")));
        assert_eq!((facts.authenticated, facts.credential_in_clear), (Some(true), Some(false)));
        assert_eq!((facts.logindisabled_advertised, facts.preauth), (None, Some(false)));
        assert_eq!(facts.capability_reissued_after_tls, None);
        assert!(!shown(&trace).contains("tanstaaf"), "{}", shown(&trace));
    }

    #[test]
    fn a_greeting_may_be_written_with_literals() {
        let trace = read(
            "S: * ACAP (SASL {8}
             S: CRAM-MD5 {5}
             S: PLAIN) (STARTTLS) (CONTEXTLIMIT \"100\")
             C: a NOOP
             S: a OK \"done\"",
        );
        let (at, list) = trace.leg(Side::Client).lists().next().unwrap();
        assert_eq!(at.places, (1, 3));
        assert_eq!(list.mechanisms().collect::<Vec<_>>(), ["CRAM-MD5", "PLAIN"]);
        assert!(list.offers_starttls());
        assert_eq!(problems(&trace), []);
    }

    #[test]
    fn a_password_is_found_and_hidden_however_its_string_is_written() {
        for script in [
            "C: a AUTHENTICATE \"PLAIN\" {21+}\nC: <NUL>tim<NUL>tanstaaftanstaaf\nS: a OK \"in\"",
            "C: a AUTHENTICATE \"PLAIN\" {21}\nS: + \"go\"\nC: <NUL>tim<NUL>tanstaaftanstaaf\nS: a OK \"in\"",
            "C: a authenticate \"plain\"\nS: + \"\"\nC: {21+}\nC: <NUL>tim<NUL>tanstaaftanstaaf\nS: a NO \"no\"",
            // Announced too short, cut off, or not a string at all.
            "C: a AUTHENTICATE \"PLAIN\" {14+}\nC: <NUL>tim<NUL>tanstaaftanstaaf\nS: a BAD \"no\"",
            "C: a AUTHENTICATE \"PLAIN\" {21+}\nC> <NUL>tim<NUL>tanstaaf",
            "C: a AUTHENTICATE \"PLAIN\"\nS: + \"\"\nC: tanstaaftanstaaf\nS: a BAD \"no\"",
        ] {
            let trace = read(&format!("S: * ACAP (SASL \"PLAIN\")\n{script}"));
            assert_eq!(names(&trace), ["AUTHENTICATE PLAIN"], "{script}");
            assert_eq!(credentials(&trace).len(), 1, "{script}");
            let shown = shown(&trace);
            assert!(!shown.contains("tanstaaf") && shown.contains(MASK), "{shown}");
        }
    }

    #[test]
    fn a_star_without_quotes_gives_up_and_with_quotes_is_a_message() {
        let trace = read(
            "C: a AUTHENTICATE \"PLAIN\"
             S: + \"\"
             C: *
             S: a BAD \"given up\"
             C: b NOOP
             S: b OK \"done\"",
        );
        assert_eq!((names(&trace).len(), credentials(&trace).len()), (2, 0));
        assert_eq!(problems(&trace), []);
        let trace = read("C: a AUTHENTICATE \"PLAIN\"\nS: + \"\"\nC: \"*\"\nS: a NO \"no\"");
        let steps = trace.leg(Side::Client).of(Class::AuthStep);
        let cancels: Vec<_> =
            steps.map(|step| matches!(step.kind, EventKind::AuthStep { cancel: true, .. })).collect();
        assert_eq!(cancels, [false]);
    }

    #[test]
    fn a_refused_literal_leaks_nothing_and_the_next_line_is_a_command() {
        let trace = read(
            "C: a AUTHENTICATE \"PLAIN\" {21}
             S: a NO (ENCRYPT-NEEDED) \"not here\"
             C: b STARTTLS
             S: b OK \"go\"",
        );
        assert_eq!(names(&trace), ["AUTHENTICATE PLAIN", "STARTTLS"]);
        assert_eq!(credentials(&trace), []);
        assert_eq!(Facts::of(&trace, Side::Client).starttls_answer, Some("ok"));
    }

    #[test]
    fn data_of_a_search_belongs_to_its_command_and_completes_nothing() {
        let trace = read(
            "C: a SEARCH \"/x\" ALL
             S: a ENTRY \"friday\" {9}
             S: a OK \"no\"
             S: a MODTIME \"2026\"
             S: a OK \"done\"",
        );
        let leg = trace.leg(Side::Client);
        let finals: Vec<_> = leg.replies().map(|(at, reply)| (at.places, reply.to.is_some())).collect();
        assert_eq!(finals, [((5, 5), true)]);
        let untagged: Vec<_> = leg.of(Class::Untagged).map(|event| event.places).collect();
        assert_eq!(untagged, [(2, 3), (4, 4)]);
    }

    #[test]
    fn octets_around_the_upgrade_are_left_over() {
        let trace = read(
            "S: * ACAP (STARTTLS)
             C: a STARTTLS
             C: b NOOP
             S: a OK \"go\"
             S: * OK \"more\"
             ==TLS==
             S: * ACAP (SASL \"PLAIN\")",
        );
        let left = trace.leg(Side::Client).of(Class::LeftOver);
        let left: Vec<_> = left.map(|event| (event.from, event.span.len())).collect();
        assert_eq!(left, [(Side::Client, 8), (Side::Server, 13)]);
    }

    #[test]
    fn a_nul_belongs_into_a_literal_and_into_no_quoted_string() {
        let greeting = "S: * ACAP (SASL \"PLAIN\")\n==TLS==\n";
        let quoted =
            read(&format!("{greeting}C: a AUTHENTICATE \"PLAIN\" \"\0ana\0s3cret\"\nS: a BAD \"no\""));
        assert_eq!(problems(&quoted), [(3, Problem::Nul)]);
        assert_eq!(names(&quoted), ["AUTHENTICATE PLAIN"]);
        let literal =
            read(&format!("{greeting}C: a AUTHENTICATE \"PLAIN\" {{11+}}\nC: \0ana\0s3cret\nS: a OK \"in\""));
        assert_eq!(problems(&literal), []);
        let answer = read(&format!("{greeting}C: a NOOP\nS: a OK \"do\0ne\""));
        assert_eq!(problems(&answer), [(4, Problem::Nul)]);
    }

    #[test]
    fn what_the_grammar_does_not_allow_is_kept_and_reading_goes_on() {
        let trace = read("S: hello\nC: what\nS: * BAD \"what\"\nC: a NOOP\nS: b FOO\nS: a OK \"\"");
        assert_eq!(
            problems(&trace),
            [(1, Problem::NoResponse), (2, Problem::NoCommand), (5, Problem::NoResponse)]
        );
        assert_eq!(names(&trace), ["NOOP"]);
        let trace = read("S: * BYE \"full\"");
        let greeting = trace.leg(Side::Client).of(Class::Greeting).next().unwrap();
        assert!(matches!(greeting.kind, EventKind::Greeting(GreetingStatus::Bye)));
    }
}
