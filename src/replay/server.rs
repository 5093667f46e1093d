//! A server of which nothing is known but a recording: it answers what it was asked there.

use super::open::Open;
use super::script::{Exchange, ServerScript};
use super::{Opened, Shared};
use crate::base::{Layer, Protocol, Side, Tick};
use crate::proto::{Answer, Asked, Input, Machine, Output, ProtocolRecord, Splitter};
use crate::tls::{Certificate, Offer, ServerOffer};
use crate::trace::Verb;

pub(super) struct RecordedServer {
    record: &'static ProtocolRecord,
    script: ServerScript,
    splitter: Box<dyn Splitter>,
    /// The exchange that comes next if all goes as recorded.
    next: usize,
    /// The client's next line belongs to an exchange.
    goes_on: bool,
    layer: Layer,
    logged_in: bool,
    /// Octets came behind the request for TLS.
    kept: bool,
    shared: Shared,
    over: bool,
}

impl RecordedServer {
    pub(super) fn new(record: &'static ProtocolRecord, script: ServerScript, shared: Shared) -> Self {
        Self {
            record,
            script,
            splitter: (record.dialect.splitter)(),
            next: 0,
            goes_on: false,
            layer: Layer::Clear,
            logged_in: false,
            kept: false,
            shared,
            over: false,
        }
    }

    fn end(&mut self, open: Open) -> Vec<Output> {
        self.over = true;
        self.shared.open(Opened { open, recorded: None });
        Vec::new()
    }

    fn offer() -> Offer {
        Offer::Server(ServerOffer::good(Certificate::good(&crate::sim::default_account().host)))
    }

    fn answer(&mut self, message: &[u8]) -> Vec<Output> {
        let asked = (self.record.dialect.command)(message);
        let Some(exchange) = self.exchange(asked.as_ref()) else {
            return match asked {
                Some(asked) => self.by_the_book(&asked),
                None => self.end(Open::Unheard("a line that is no command".to_owned())),
            };
        };
        self.goes_on = exchange.goes_on;
        if let Some(behind) = self.script.exchanges.get(self.next) {
            self.logged_in = behind.logged_in;
        }
        let tag = asked.map(|asked| asked.tag).unwrap_or_default();
        let mut out = Vec::new();
        let answer = with_tag(&exchange, &tag);
        if !answer.is_empty() {
            out.push(Output::Send(answer));
        }
        if exchange.starts_tls {
            out.push(Output::StartTls(Self::offer().into()));
        } else if exchange.closes {
            self.over = true;
            out.push(Output::Close);
        }
        out
    }

    /// The recorded exchange that a message begins or goes on with: the next of its name, or else an earlier one in the
    /// same state, or one of another recording.
    fn exchange(&mut self, asked: Option<&Asked>) -> Option<Exchange> {
        let all = &self.script.exchanges;
        if self.goes_on {
            let next = all.get(self.next).cloned();
            self.next = self.next.saturating_add(1);
            return next;
        }
        let name = &asked?.name;
        let fits = |exchange: &&Exchange| {
            exchange.name == *name && exchange.layer == self.layer && exchange.logged_in == self.logged_in
        };
        let later = all.iter().enumerate().skip(self.next).find(|(_, exchange)| fits(exchange));
        let earlier = || all.iter().enumerate().take(self.next).rfind(|(_, exchange)| fits(exchange));
        if let Some((position, exchange)) = later.or_else(earlier) {
            self.next = position.saturating_add(1);
            return Some(exchange.clone());
        }
        // How an exchange of several lines goes on elsewhere is not known here.
        self.script.known.iter().find(fits).filter(|exchange| !exchange.goes_on).cloned()
    }

    /// What every server answers that keeps the documents, where the recording has no answer.
    fn by_the_book(&mut self, asked: &Asked) -> Vec<Output> {
        if self.layer == Layer::Tls && self.script.dark {
            return self.end(Open::Inside);
        }
        let protocol = self.record.protocol;
        let ok = |text| (self.record.dialect.answer)(&asked.tag, Answer::Ok, text);
        let list = self.script.lists.get(usize::from(self.layer == Layer::Tls)).and_then(Option::as_ref);
        let answer = match (asked.verb, asked.name.as_str()) {
            // The list that it gave elsewhere is the list that it has (RFC 9051 section 7.2.2).
            (Verb::Capability, _) if protocol == Protocol::Imap => list.and_then(|list| {
                let items = (self.record.dialect.items)(list)?;
                Some([format!("* CAPABILITY {}\r\n", items.join(" ")).into_bytes(), ok("done")].concat())
            }),
            // RFC 9051 section 6.1.2, RFC 2971 section 3.1.
            (_, "NOOP") => Some(ok("done")),
            (_, "ID")
                if list
                    .and_then(|list| (self.record.dialect.items)(list))
                    .is_some_and(|items| items.iter().any(|item| item.eq_ignore_ascii_case("ID"))) =>
            {
                Some([b"* ID NIL\r\n".to_vec(), ok("done")].concat())
            }
            // RFC 9051 section 6.1.3, RFC 1939 section 6.
            (Verb::Logout, _) => {
                self.over = true;
                let bye: &[u8] = if protocol == Protocol::Pop3 { b"" } else { b"* BYE\r\n" };
                let bye = if protocol == Protocol::Acap { b"* BYE \"\"\r\n" } else { bye };
                return vec![Output::Send([bye, &ok("goodbye")].concat()), Output::Close];
            }
            _ => None,
        };
        match answer {
            Some(answer) => vec![Output::Send(answer)],
            None => self.end(Open::Unheard(asked.name.clone())),
        }
    }
}

/// The recorded answer under the tag that was used now.
fn with_tag(exchange: &Exchange, tag: &[u8]) -> Vec<u8> {
    if exchange.tag.is_empty() || tag.is_empty() || exchange.tag == tag {
        return exchange.answer.clone();
    }
    let mut answer = Vec::with_capacity(exchange.answer.len());
    for line in exchange.answer.split_inclusive(|&o| o == b'\n') {
        match line.strip_prefix(&exchange.tag[..]).filter(|rest| rest.starts_with(b" ")) {
            Some(rest) => {
                answer.extend_from_slice(tag);
                answer.extend_from_slice(rest);
            }
            None => answer.extend_from_slice(line),
        }
    }
    answer
}

impl Machine for RecordedServer {
    fn step(&mut self, _now: Tick, input: Input<'_>) -> Vec<Output> {
        if self.over {
            return Vec::new();
        }
        match input {
            Input::Connected if self.script.tls_first => vec![Output::StartTls(Self::offer().into())],
            Input::Connected if self.script.greeting.is_empty() => Vec::new(),
            Input::Connected => vec![Output::Send(self.script.greeting.clone())],
            Input::TlsDone(Ok(_)) => {
                if self.kept {
                    return self.end(Open::KeptOctets);
                }
                self.layer = Layer::Tls;
                self.goes_on = false;
                self.splitter.tls_began();
                let greets = self.script.tls_first && !self.script.greeting.is_empty();
                if greets { vec![Output::Send(self.script.greeting.clone())] } else { Vec::new() }
            }
            Input::TlsDone(Err(_)) | Input::PeerClosed => {
                self.over = true;
                Vec::new()
            }
            Input::Octets(octets) => {
                self.splitter.push(Side::Client, octets);
                let mut out = Vec::new();
                while let Some(message) = self.splitter.next(Side::Client) {
                    if matches!(out.last(), Some(Output::StartTls(_))) {
                        self.kept = true;
                        break;
                    }
                    self.splitter.reached_server(&message);
                    out.extend(self.answer(&message));
                }
                out
            }
            Input::TlsEnded(_) | Input::Start | Input::Found(_) | Input::Timer => Vec::new(),
        }
    }

    fn stage(&self) -> &'static str {
        ""
    }
}
