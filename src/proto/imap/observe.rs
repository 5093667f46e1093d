//! Reads IMAP octets into events. It judges nothing and never fails: what the grammar does not allow becomes an
//! [`EventKind::Malformed`] event, and reading goes on behind it.

use super::grammar::{self, Response, span};
use crate::base::{Hop, Side};
use crate::proto::Observer;
use crate::proto::dialogue::{Dialogue, line_end};
use crate::proto::exchange::{Encoding, base64, mechanism_name, shown_by};
use crate::proto::messages::Messages;
use crate::trace::{
    Advertised, Capabilities, Command, Credential, EventKind, Form, GreetingStatus, Problem, Reply, Span,
    Status, TraceBuilder, UNKNOWN, Verb,
};
use crate::wire;
use std::borrow::Cow;
use std::ops::Range;

/// The observer of one hop.
#[derive(Debug, Default)]
pub struct ImapObserver {
    client: Messages,
    server: Messages,
    dialogue: Dialogue,
    idling: bool,
    /// Both directions are compressed from here on.
    compressed: bool,
}

impl ImapObserver {
    fn direction(&mut self, from: Side) -> &mut Messages {
        match from {
            Side::Client => &mut self.client,
            Side::Server => &mut self.server,
        }
    }

    fn client_message(&mut self, hop: Hop, message: &Range<usize>, complete: bool, trace: &mut TraceBuilder) {
        let tape = trace.so_far().tape(hop, Side::Client);
        let octets = tape.get(message.clone()).unwrap_or_default();
        let whole = span(0, message);
        let text = wire::text(octets);
        if self.idling && text.eq_ignore_ascii_case(b"DONE") {
            self.idling = false;
            let command = self.dialogue.last().map(|awaited| awaited.command);
            trace.read(hop, Side::Client, whole, Vec::new(), EventKind::Done { command });
            line_end(hop, Side::Client, whole, trace);
            return;
        }
        if let Some(exchange) = &self.dialogue.exchange
            && (exchange.asked || grammar::command(text).is_none())
        {
            let content = span(message.start, &(0..text.len()));
            self.dialogue.sasl_message(hop, whole, content, trace);
            return;
        }
        let parts = grammar::command(text);
        let parts = parts.filter(|(tag, ..)| !grammar::is_no_tag(text.get(tag.clone()).unwrap_or_default()));
        let Some((tag, word, rest)) = parts else {
            // What nobody understands may be the password.
            let secrets = vec![span(message.start, &(0..text.len()))];
            trace.read(hop, Side::Client, whole, secrets, EventKind::Malformed(Problem::NoCommand));
            return;
        };
        let arguments = text.get(rest.clone()).unwrap_or_default();
        let (verb, name) = grammar::command_name(text.get(word.clone()).unwrap_or_default(), arguments);
        let tag_span = span(message.start, &tag);
        let mut command = Command {
            tag: Some(tag_span),
            verb,
            name,
            mechanism: None,
            initial_response: false,
            credential: None,
            fault: None,
            surplus_arguments: !rest.is_empty()
                && matches!(verb, Verb::StartTls | Verb::Capability | Verb::Logout),
            complete,
        };
        let mut secrets = Vec::new();
        if command.name == UNKNOWN {
            secrets.push(span(message.start, &(word.start..text.len())));
        }
        match verb {
            Verb::Login => {
                if let Some(secret) = login_password(octets, rest.start) {
                    secrets.push(span(message.start, &secret));
                    command.credential = Some(Credential { mechanism: "LOGIN".into(), hidden: false });
                } else if let Some(cut_off) = begun_literal(octets).filter(|_| !complete) {
                    // A literal that never came to its end: what came of it may be the password.
                    secrets.push(span(message.start, &cut_off));
                    command.credential = Some(Credential { mechanism: "LOGIN".into(), hidden: false });
                } else if masked(arguments) {
                    command.credential = Some(Credential { mechanism: "LOGIN".into(), hidden: true });
                } else if !arguments.is_empty() {
                    // Arguments outside the grammar: one of them may be the password.
                    secrets.push(span(message.start, &(rest.start..text.len())));
                }
            }
            Verb::Authenticate => {
                let mut words = arguments.split(|&o| o == b' ');
                let written = words.next().unwrap_or_default();
                let mechanism: Box<str> = mechanism_name(written).into();
                if *mechanism == *UNKNOWN {
                    secrets.push(span(message.start, &(rest.start..text.len())));
                }
                if let Some(initial) = words.next() {
                    command.initial_response = true;
                    let shown = shown_by(&mechanism, 0, base64(initial), initial);
                    if shown.credential.is_some() {
                        let start = rest.start.saturating_add(written.len()).saturating_add(1);
                        secrets.push(span(message.start, &(start..text.len())));
                    }
                    command.credential = shown.credential;
                    command.fault = shown.fault;
                }
                command.mechanism = Some(mechanism);
            }
            _ => {}
        }
        self.dialogue.command(hop, whole, secrets, command, Encoding::Base64, trace);
    }

    fn server_message(&mut self, hop: Hop, message: &Range<usize>, trace: &mut TraceBuilder) {
        let tape = trace.so_far().tape(hop, Side::Server);
        let octets = tape.get(message.clone()).unwrap_or_default();
        let whole = span(0, message);
        let text = wire::text(octets);
        let alert = self.dialogue.is_alert(text);
        let first = self.dialogue.greeting_due(hop, trace);
        match grammar::response(text) {
            // A server that gives up behind its positive answer says so in TLS: a record of the type alert.
            None if alert => {
                let kind = EventKind::TlsFailed(crate::tls::Failure::Alert);
                trace.read(hop, Side::Server, whole, Vec::new(), kind);
            }
            None => {
                if first {
                    let kind = EventKind::Greeting(GreetingStatus::Other);
                    trace.read(hop, Side::Server, whole, Vec::new(), kind);
                }
                let kind = EventKind::Malformed(Problem::NoResponse);
                trace.read(hop, Side::Server, whole, Vec::new(), kind);
            }
            Some(Response::Continue) => {
                let to = self.dialogue.continued();
                let to = to.or_else(|| self.dialogue.last().map(|awaited| awaited.command));
                let reply =
                    Reply { form: Form::Continue, status: None, to, code: None, name: Cow::Borrowed("+") };
                trace.read(hop, Side::Server, whole, Vec::new(), EventKind::Reply(reply));
            }
            Some(Response::Untagged(rest)) => self.untagged(hop, whole, &rest, first, trace),
            Some(Response::Tagged(tag, rest)) => self.tagged(hop, whole, &tag, &rest, trace),
        }
        line_end(hop, Side::Server, whole, trace);
    }

    fn untagged(
        &mut self,
        hop: Hop,
        whole: Span,
        rest: &Range<usize>,
        first: bool,
        trace: &mut TraceBuilder,
    ) {
        let octets = trace.so_far().slice(hop, Side::Server, whole);
        let rest_octets = wire::text(octets).get(rest.start..).unwrap_or_default();
        let base = (whole.start as usize).saturating_add(rest.start);
        let found = grammar::status(rest_octets);
        let (status, code) = match found {
            Some((status, behind)) => {
                let code = rest_octets.get(behind..).and_then(grammar::code);
                let code = code.map(|c| c.start.saturating_add(behind)..c.end.saturating_add(behind));
                (Some(status), code)
            }
            None => (None, None),
        };
        let greeting = match status {
            Some(_) if !first => None,
            Some(Status::Ok) => Some(GreetingStatus::Ok),
            Some(Status::Preauth) => Some(GreetingStatus::Preauth),
            Some(Status::Bye) => Some(GreetingStatus::Bye),
            Some(_) => Some(GreetingStatus::Other),
            None => None,
        };
        let listed = if status.is_some() {
            code.clone().and_then(|code| rest_octets.get(code)).and_then(list)
        } else {
            list(rest_octets)
        };
        let via = match (greeting, status) {
            (Some(_), _) => Advertised::Greeting,
            (None, Some(_)) => Advertised::UntaggedCode,
            (None, None) => Advertised::Answer,
        };
        let kind = match greeting {
            Some(status) => EventKind::Greeting(status),
            None => EventKind::Reply(Reply {
                form: Form::Untagged,
                status,
                to: None,
                code: code.map(|code| span(base, &code)),
                name: if status.is_some() { Cow::Borrowed("") } else { grammar::data_name(rest_octets) },
            }),
        };
        trace.read(hop, Side::Server, whole, Vec::new(), kind);
        if let Some(listed) = listed {
            trace.read(hop, Side::Server, whole, Vec::new(), EventKind::Advertise(listed, via));
        }
    }

    fn tagged(
        &mut self,
        hop: Hop,
        whole: Span,
        tag: &Range<usize>,
        rest: &Range<usize>,
        trace: &mut TraceBuilder,
    ) {
        let octets = trace.so_far().slice(hop, Side::Server, whole);
        let text = wire::text(octets);
        let rest_octets = text.get(rest.start..).unwrap_or_default();
        let base = (whole.start as usize).saturating_add(rest.start);
        let Some((status, behind)) = grammar::status(rest_octets) else {
            trace.read(hop, Side::Server, whole, Vec::new(), EventKind::Malformed(Problem::NoResponse));
            return;
        };
        let code = rest_octets.get(behind..).and_then(grammar::code);
        let code = code.map(|c| c.start.saturating_add(behind)..c.end.saturating_add(behind));
        let listed = code.clone().and_then(|code| rest_octets.get(code)).and_then(list);
        if self.client.refusable().is_some() {
            let tag = text.get(tag.clone()).unwrap_or_default().to_vec();
            self.give_up_refused_literal(hop, &tag, trace);
        }
        let octets = trace.so_far().slice(hop, Side::Server, whole);
        let tag = octets.get(tag.clone()).unwrap_or_default();
        let answered = self.dialogue.tagged(hop, tag, trace);
        let to = answered.map(|awaited| awaited.command);
        let reply = Reply {
            form: Form::Final,
            status: Some(status),
            to,
            code: code.map(|code| span(base, &code)),
            name: Cow::Borrowed(""),
        };
        trace.read(hop, Side::Server, whole, Vec::new(), EventKind::Reply(reply));
        if let Some(listed) = listed {
            let kind = EventKind::Advertise(listed, Advertised::TaggedCode);
            trace.read(hop, Side::Server, whole, Vec::new(), kind);
        }
        self.dialogue.answered(to, status, whole.end as usize);
        self.compressed |= status == Status::Ok
            && !trace.so_far().carries().inside_compression
            && to.and_then(|id| trace.so_far().event(id)).is_some_and(
                |event| matches!(&event.kind, EventKind::Command(command) if command.name == "COMPRESS"),
            );
        if answered.is_some_and(|awaited| awaited.verb == Verb::Mailbox) {
            self.idling = false;
        }
    }

    /// A final answer while a synchronizing literal waits for its continuation ends the command without it.
    fn give_up_refused_literal(&mut self, hop: Hop, tag: &[u8], trace: &mut TraceBuilder) {
        let Some(start) = self.client.refusable() else { return };
        let tape = trace.so_far().tape(hop, Side::Client);
        let sent = tape.get(start..).unwrap_or_default();
        let same = grammar::command(wire::text(sent)).and_then(|(found, _, _)| sent.get(found)) == Some(tag);
        if same {
            let end = tape.len();
            self.client.restart(end);
            self.client_message(hop, &(start..end), false, trace);
        }
    }
}

impl Observer for ImapObserver {
    fn octets(&mut self, hop: Hop, from: Side, trace: &mut TraceBuilder) {
        while let Some(message) =
            self.direction(from).next(trace.so_far().tape(hop, from), from == Side::Client)
        {
            match from {
                _ if self.compressed => {
                    let kind = EventKind::Malformed(Problem::Compressed);
                    trace.read(hop, from, span(0, &message), Vec::new(), kind);
                }
                Side::Client => {
                    self.client_message(hop, &message, true, trace);
                    self.idling |= self.dialogue.last().is_some_and(|awaited| awaited.verb == Verb::Mailbox)
                        && trace.so_far().events().last().is_some_and(|event| {
                            matches!(&event.kind, EventKind::Command(command) if command.name == "IDLE")
                        });
                }
                Side::Server => self.server_message(hop, &message, trace),
            }
        }
    }

    fn omitted(&mut self, hop: Hop, from: Side, trace: &mut TraceBuilder) {
        let end = trace.so_far().tape(hop, from).len();
        self.direction(from).skip_literal(end);
    }

    fn unfinished(&mut self, hop: Hop, from: Side, trace: &mut TraceBuilder) {
        let end = trace.so_far().tape(hop, from).len();
        let direction = self.direction(from);
        let start = direction.start();
        direction.restart(end);
        if start < end {
            if from == Side::Client {
                self.client_message(hop, &(start..end), false, trace);
            }
            let whole = span(0, &(start..end));
            trace.read(hop, from, whole, Vec::new(), EventKind::Malformed(Problem::Unfinished));
        }
        self.idling = false;
    }

    fn dialogue(&mut self) -> &mut Dialogue {
        &mut self.dialogue
    }
}

fn list(octets: &[u8]) -> Option<Capabilities> {
    grammar::capability_items(octets).map(Capabilities::new)
}

/// Whether a log wrote this instead of the arguments: stars, dots, or a word between marks that no name has.
fn masked(arguments: &[u8]) -> bool {
    let marks = arguments.iter().filter(|o| b"*<>[]()#".contains(o)).count();
    marks >= 2
        && !arguments.contains(&b' ')
        && matches!(arguments.first(), Some(b'*' | b'<' | b'[' | b'(' | b'#'))
        && matches!(arguments.last(), Some(b'*' | b'>' | b']' | b')' | b'#'))
}

/// What stands behind the first line of a message, if anything does.
fn begun_literal(octets: &[u8]) -> Option<Range<usize>> {
    let behind = octets.iter().position(|&o| o == b'\n')?.checked_add(1)?;
    (behind < octets.len()).then_some(behind..octets.len())
}

/// Where LOGIN's password stands, `None` when it was never sent.
fn login_password(octets: &[u8], arguments: usize) -> Option<Range<usize>> {
    let (_, behind_user) = grammar::astring(octets, arguments)?;
    if octets.get(behind_user) != Some(&b' ') {
        return None;
    }
    let (password, _) = grammar::astring(octets, behind_user.checked_add(1)?)?;
    (!password.is_empty()).then_some(password)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Layer;
    use crate::testing::read_imap as read;
    use crate::trace::{Class, Trace};

    fn names(trace: &Trace) -> Vec<String> {
        trace.leg(Side::Client).commands().map(|(_, c)| c.name.to_string()).collect()
    }

    fn credentials(trace: &Trace) -> Vec<(u32, String)> {
        trace.leg(Side::Client).credentials().map(|(e, c)| (e.places.0, c.mechanism.to_string())).collect()
    }

    #[test]
    fn the_example_of_rfc_2595_section_3_1() {
        let trace = read(
            "C: a001 CAPABILITY
             S: * CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED
             S: a001 OK CAPABILITY completed
             C: a002 STARTTLS
             S: a002 OK Begin TLS negotiation now
             ==TLS==
             C: a003 CAPABILITY
             S: * CAPABILITY IMAP4rev1 AUTH=EXTERNAL
             S: a003 OK CAPABILITY completed
             C: a004 LOGIN joe password
             S: a004 OK LOGIN completed",
        );
        assert_eq!(names(&trace), ["CAPABILITY", "STARTTLS", "CAPABILITY", "LOGIN"]);
        let leg = trace.leg(Side::Client);
        let lists: Vec<_> = leg.lists().map(|(e, l)| (e.layer, l.login_disabled())).collect();
        assert_eq!(lists, [(Layer::Clear, true), (Layer::Tls, false)]);
        let login = leg.commands().last().unwrap().0;
        assert_eq!(trace.text(login), format!("a004 LOGIN joe {}", crate::base::MASK));
        assert!(leg.reply_to(login.id).is_some_and(|(_, r)| r.status == Some(Status::Ok)));
        assert!(leg.of(Class::Malformed).next().is_none());
    }

    #[test]
    fn a_password_in_a_literal_is_found_and_hidden() {
        let trace = read(
            "C: a LOGIN {3}
             S: + go on
             C: tim {8}
             S: + go on
             C: tanstaaf
             S: a OK done",
        );
        assert_eq!(credentials(&trace), [(1, "LOGIN".to_owned())]);
        let (login, _) = trace.leg(Side::Client).commands().next().unwrap();
        assert!(!trace.text(login).contains("tanstaaf"));
        assert_eq!(login.places, (1, 5));
    }

    #[test]
    fn a_refused_literal_leaks_nothing_and_the_next_line_is_a_command() {
        let trace = read(
            "C: a LOGIN {3}
             S: a NO not here
             C: b LOGOUT",
        );
        assert_eq!(names(&trace), ["LOGIN", "LOGOUT"]);
        assert_eq!(credentials(&trace), []);
    }

    #[test]
    fn literal_content_that_looks_like_a_command_is_content() {
        let trace = read(
            "C: a APPEND x {12+}
             C: b STARTTLS
             C:
             C: c NOOP",
        );
        assert_eq!(names(&trace), ["APPEND", "NOOP"]);
    }

    #[test]
    fn sasl_answers_have_no_tag() {
        let trace = read(
            "C: a AUTHENTICATE PLAIN
             S: +
             C: AHRpbQB0YW5zdGFhZnRhbnN0YWFm
             S: a OK done
             C: b AUTHENTICATE LOGIN
             S: + VXNlcm5hbWU6
             C: dGlt
             S: + UGFzc3dvcmQ6
             C: dGFuc3RhYWY=
             S: b NO wrong",
        );
        assert_eq!(names(&trace), ["AUTHENTICATE PLAIN", "AUTHENTICATE LOGIN"]);
        assert_eq!(credentials(&trace), [(3, "PLAIN".to_owned()), (9, "LOGIN".to_owned())]);
    }

    #[test]
    fn a_star_cancels_and_the_next_line_is_a_command() {
        let trace = read(
            "C: a AUTHENTICATE PLAIN
             S: +
             C: *
             S: a BAD cancelled
             C: b NOOP",
        );
        assert_eq!(names(&trace), ["AUTHENTICATE PLAIN", "NOOP"]);
        assert_eq!(credentials(&trace), []);
    }

    #[test]
    fn octets_behind_the_starttls_answer_are_left_over_only_when_a_handshake_follows() {
        let with = "C: a STARTTLS
             S: a OK begin
             S: * OK [ALERT] x
             ==TLS==";
        let trace = read(with);
        let left: Vec<_> =
            trace.leg(Side::Client).of(Class::LeftOver).map(|e| (e.from, e.span.len())).collect();
        assert_eq!(left, [(Side::Server, 16)]);
        let trace = read(with.replace("==TLS==", "C: b NOOP").as_str());
        assert_eq!(trace.leg(Side::Client).of(Class::LeftOver).count(), 0);
    }

    #[test]
    fn a_single_capability_line_is_input_enough() {
        let trace = read("S: * CAPABILITY IMAP4rev1 STARTTLS");
        assert!(trace.leg(Side::Client).lists().next().unwrap().1.offers_starttls());
        assert_eq!(trace.leg(Side::Client).of(Class::Greeting).count(), 0);
    }

    #[test]
    fn idle_ends_with_done_and_its_answer() {
        let trace = read(
            "C: a IDLE
             S: + idling
             C: DONE
             S: a OK done
             C: b NOOP",
        );
        assert_eq!(names(&trace), ["IDLE", "NOOP"]);
        assert_eq!(trace.leg(Side::Client).of(Class::Malformed).count(), 0);
    }

    #[test]
    fn octets_behind_compress_are_not_called_wrong() {
        let trace = read(
            "C: a COMPRESS DEFLATE
             S: a OK active
             C: ???
             S: ???",
        );
        let leg = trace.leg(Side::Client);
        assert_eq!(leg.of(Class::Malformed).count(), 2);
        assert!(
            leg.of(Class::Malformed).all(|e| matches!(e.kind, EventKind::Malformed(Problem::Compressed)))
        );
    }

    #[test]
    fn a_tls_alert_behind_the_starttls_answer_is_a_failed_handshake() {
        let trace = read(
            "C: a STARTTLS
             S: a OK begin
             S: \u{15}\u{3}\u{3}\0\u{2}\u{2}2",
        );
        assert!(trace.leg(Side::Client).tls_failed().is_some());
        assert_eq!(trace.leg(Side::Client).of(Class::Malformed).count(), 0);
    }

    #[test]
    fn no_event_shows_a_secret_that_another_one_hides() {
        let trace = read(
            "S: * OK hi
             C: a STARTTLS
             C: b LOGIN tim tanstaaf
             C: c LOGIN tim tanstaaf
             S: a OK go
             ==TLS==
             C> d LOGIN tim tanst",
        );
        assert_eq!(trace.leg(Side::Client).of(Class::LeftOver).count(), 1);
        for event in trace.events() {
            assert!(!trace.text(event).contains("tanst"), "{:?}: {}", event.kind, trace.text(event));
        }
    }

    #[test]
    fn what_the_grammar_does_not_allow_is_kept_and_reading_goes_on() {
        let trace = read(
            "S: garbage
             C: ???
             C: a NOOP
             S: ~ ~",
        );
        let problems: Vec<_> = trace
            .leg(Side::Client)
            .of(Class::Malformed)
            .map(|e| match e.kind {
                EventKind::Malformed(problem) => (e.places.0, problem),
                _ => unreachable!(),
            })
            .collect();
        assert_eq!(problems[0], (1, Problem::NoResponse));
        assert_eq!(problems[1], (2, Problem::NoCommand));
        assert_eq!(names(&trace), ["NOOP"]);
    }
}
