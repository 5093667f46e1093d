//! A recording as two scripts: what the client said after what it had heard, and what the server said to what.

use crate::base::{Layer, Protocol, Side};
use crate::trace::{
    Capabilities, Event, EventId, EventKind, Form, GreetingStatus, Reply, Status, Trace, Verb,
};

/// What a client goes by when it hears the server. Texts for people are left out: programs go by words and codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Heard {
    Greeting(GreetingStatus),
    List(Capabilities),
    /// The answer that completes a command.
    Final(Status),
    /// A challenge of an exchange.
    Continue,
    /// What decides nothing before the login.
    Other,
}

impl Heard {
    /// What an event of the server is to a client.
    pub(super) fn of(event: &Event) -> Option<Self> {
        if event.from != Side::Server {
            return None;
        }
        Some(match &event.kind {
            EventKind::Greeting(status) => Self::Greeting(*status),
            EventKind::Advertise(list, _) => Self::List(list.clone()),
            EventKind::Reply(reply) => match (reply.form, reply.status) {
                (Form::Final, Some(status)) => Self::Final(status),
                (Form::Continue, _) => Self::Continue,
                _ => Self::Other,
            },
            EventKind::LeftOver | EventKind::Malformed(_) => Self::Other,
            _ => return None,
        })
    }
}

/// One step of a client.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) does: Does,
    /// Where it stands in the recording, first and last place.
    pub(super) places: (u32, u32),
}

#[derive(Clone, Debug)]
pub(super) enum Does {
    Hear(Heard),
    Say {
        octets: Vec<u8>,
        /// Of a command; a further line of one has none.
        verb: Option<Verb>,
        name: String,
        tag: Vec<u8>,
        layer: Layer,
    },
    Tls,
    /// The handshake did not come about in the recording either.
    TlsFails,
    /// It closes the connection.
    Close,
    /// The server closes it.
    Closed,
}

/// A client as a recording shows it.
#[derive(Clone, Debug)]
pub(super) struct ClientScript {
    pub(super) steps: Vec<Step>,
    /// TLS from the first octet.
    pub(super) tls_first: bool,
    /// What was said inside TLS is not readable, or there was none.
    pub(super) dark: bool,
}

/// Whether a handshake that a source does not mark has to be put behind the positive answer to the request.
fn unmarked(trace: &Trace) -> bool {
    !trace.carries().handshake
}

/// The command that a reply completes or continues.
fn command_of(trace: &Trace, to: Option<EventId>) -> Option<&crate::trace::Command> {
    match &trace.event(to?)?.kind {
        EventKind::Command(command) => Some(command),
        _ => None,
    }
}

fn accepts_upgrade(trace: &Trace, reply: &Reply) -> bool {
    reply.form == Form::Final
        && reply.status == Some(Status::Ok)
        && command_of(trace, reply.to).is_some_and(|command| command.verb == Verb::StartTls)
}

impl ClientScript {
    pub(super) fn of(trace: &Trace) -> Self {
        let leg = trace.leg(Side::Client);
        let mut steps = Vec::new();
        let mut said = 0;
        let mut secure = false;
        for event in leg.events() {
            let places = event.places;
            let mut step = |does| steps.push(Step { does, places });
            if event.from == Side::Client && event.span.end > said {
                let span = crate::trace::Span { start: said, end: event.span.end };
                let octets = trace.slice(event.hop, Side::Client, span).to_vec();
                said = event.span.end;
                let layer = if secure { Layer::Tls } else { event.layer };
                let (verb, name, tag) = match &event.kind {
                    EventKind::Command(command) => {
                        let tag = command.tag.map(|tag| trace.slice(event.hop, Side::Client, tag).to_vec());
                        (Some(command.verb), command.name.to_string(), tag.unwrap_or_default())
                    }
                    _ => (None, String::new(), Vec::new()),
                };
                step(Does::Say { octets, verb, name, tag, layer });
            }
            match &event.kind {
                EventKind::TlsBegan => {
                    step(Does::Tls);
                    secure = true;
                }
                EventKind::TlsFailed(_) => {
                    step(Does::TlsFails);
                    secure = false;
                }
                EventKind::TlsEnded(_) => secure = false,
                EventKind::Closed if event.from == Side::Client => step(Does::Close),
                EventKind::Closed => step(Does::Closed),
                _ => {
                    if let Some(heard) = Heard::of(event) {
                        // The leave to send a literal answers nothing that this client would decide by.
                        let literal = heard == Heard::Continue && !continues(trace, event);
                        if !literal {
                            step(Does::Hear(heard));
                        }
                        if let EventKind::Reply(reply) = &event.kind
                            && unmarked(trace)
                            && accepts_upgrade(trace, reply)
                        {
                            step(Does::Tls);
                            secure = true;
                        }
                    }
                }
            }
        }
        let tls_first = matches!(steps.first(), Some(Step { does: Does::Tls, .. }));
        let began = steps.iter().position(|step| matches!(step.does, Does::Tls));
        let inside = began.and_then(|at| steps.get(at.saturating_add(1)..)).unwrap_or_default();
        let dark = !inside
            .iter()
            .any(|step| matches!(step.does, Does::Say { layer: Layer::Tls, .. } | Does::Hear(_)));
        Self { steps, tls_first, dark }
    }

    /// The steps from one on.
    pub(super) fn rest(&self, from: usize) -> &[Step] {
        self.steps.get(from..).unwrap_or_default()
    }

    /// Whether it asks for TLS from a step on.
    pub(super) fn asks_for_tls(&self, from: usize) -> bool {
        self.rest(from).iter().any(|step| matches!(step.does, Does::Say { verb: Some(Verb::StartTls), .. }))
    }

    /// Whether it begins a handshake from a step on.
    pub(super) fn begins_tls(&self, from: usize) -> bool {
        self.rest(from).iter().any(|step| matches!(step.does, Does::Tls))
    }

    /// Whether it has logged in before a step.
    pub(super) fn has_logged_in(&self, before: usize) -> bool {
        self.steps.iter().take(before).any(says_login)
    }

    /// Whether it sends a login outside TLS.
    pub(super) fn logs_in_outside(&self) -> bool {
        self.steps
            .iter()
            .any(|step| says_login(step) && matches!(step.does, Does::Say { layer: Layer::Clear, .. }))
    }

    /// The list that it heard last before a step.
    pub(super) fn list_before(&self, before: usize) -> Option<&Capabilities> {
        self.steps.iter().take(before).rev().find_map(list)
    }

    /// The list that it hears next from a step on, before a handshake.
    pub(super) fn list_after(&self, from: usize) -> Option<&Capabilities> {
        self.rest(from).iter().take_while(|step| !matches!(step.does, Does::Tls)).find_map(list)
    }
}

fn list(step: &Step) -> Option<&Capabilities> {
    match &step.does {
        Does::Hear(Heard::List(list)) => Some(list),
        _ => None,
    }
}

fn says_login(step: &Step) -> bool {
    matches!(&step.does, Does::Say { verb: Some(verb), .. } if verb.logs_in())
}

/// Whether a continuation belongs to an exchange or to IDLE, not to a literal.
fn continues(trace: &Trace, event: &Event) -> bool {
    let EventKind::Reply(reply) = &event.kind else { return false };
    command_of(trace, reply.to).is_some_and(|command| {
        command.verb == Verb::Authenticate || command.name == "IDLE" || trace.protocol() != Protocol::Imap
    })
}

/// What a server said to one message of the client.
#[derive(Clone, Debug)]
pub(super) struct Exchange {
    /// The command's name in upper case; empty for a further line of one.
    pub(super) name: String,
    pub(super) tag: Vec<u8>,
    pub(super) layer: Layer,
    /// Whether somebody was logged in.
    pub(super) logged_in: bool,
    pub(super) answer: Vec<u8>,
    /// The last thing that it said asks for more.
    pub(super) goes_on: bool,
    pub(super) starts_tls: bool,
    pub(super) closes: bool,
    event: EventId,
}

/// A server as a recording shows it.
#[derive(Clone, Debug)]
pub(super) struct ServerScript {
    pub(super) tls_first: bool,
    /// Its first words, inside TLS where that is there from the first octet.
    pub(super) greeting: Vec<u8>,
    pub(super) exchanges: Vec<Exchange>,
    /// What it said in other recordings.
    pub(super) known: Vec<Exchange>,
    /// The list that it gave, for the clear and for the inside, as a message.
    pub(super) lists: [Option<Vec<u8>>; 2],
    /// What was said inside TLS is not readable.
    pub(super) dark: bool,
}

impl ServerScript {
    /// A server of several recordings: the first is played, the others know what it answers to more.
    pub(super) fn of_all(traces: &[&Trace]) -> Option<Self> {
        let mut scripts = traces.iter().map(|trace| Self::of(trace));
        let mut first = scripts.next()?;
        for other in scripts.filter(|other| other.tls_first == first.tls_first) {
            first.known.extend(other.exchanges);
            for (list, other) in first.lists.iter_mut().zip(other.lists) {
                *list = list.take().or(other);
            }
            first.dark &= other.dark;
        }
        Some(first)
    }

    fn of(trace: &Trace) -> Self {
        let leg = trace.leg(Side::Server);
        let mut script = Self {
            tls_first: false,
            greeting: Vec::new(),
            exchanges: Vec::new(),
            known: Vec::new(),
            lists: [None, None],
            dark: true,
        };
        let (mut asked, mut said) = (0, 0);
        let (mut secure, mut logged_in, mut anything) = (false, false, false);
        for event in leg.events() {
            let layer = if secure { Layer::Tls } else { event.layer };
            let fresh = |from: u32| event.span.end > from;
            match event.from {
                Side::Client if fresh(asked) => {
                    asked = event.span.end;
                    anything = true;
                    let (name, tag) = match &event.kind {
                        EventKind::Command(command) => {
                            let tag =
                                command.tag.map(|tag| trace.slice(event.hop, Side::Client, tag).to_vec());
                            (command.name.to_string(), tag.unwrap_or_default())
                        }
                        _ => (String::new(), Vec::new()),
                    };
                    script.exchanges.push(Exchange {
                        name,
                        tag,
                        layer,
                        logged_in,
                        answer: Vec::new(),
                        goes_on: false,
                        starts_tls: false,
                        closes: false,
                        event: event.id,
                    });
                }
                Side::Server if fresh(said) => {
                    let span = crate::trace::Span { start: said, end: event.span.end };
                    said = event.span.end;
                    anything = true;
                    let octets = trace.slice(event.hop, Side::Server, span);
                    script.said(trace, event, octets);
                }
                _ => {}
            }
            script.dark &= layer != Layer::Tls || event.span.is_empty();
            match &event.kind {
                EventKind::Advertise(..) => {
                    let at = usize::from(secure);
                    let octets = trace.octets(event).to_vec();
                    if let Some(list) = script.lists.get_mut(at) {
                        *list = Some(octets);
                    }
                }
                EventKind::TlsBegan => {
                    script.tls_first |= !anything;
                    secure = true;
                    if let Some(last) = script.exchanges.last_mut() {
                        last.starts_tls = true;
                    }
                }
                EventKind::TlsEnded(_) | EventKind::TlsFailed(_) => secure = false,
                EventKind::Closed if event.from == Side::Server => {
                    if let Some(last) = script.exchanges.last_mut() {
                        last.closes = true;
                    }
                }
                EventKind::Reply(reply) => {
                    let verb = command_of(trace, reply.to).map(|command| command.verb);
                    let positive = reply.form == Form::Final && reply.status == Some(Status::Ok);
                    logged_in |= positive && verb.is_some_and(|verb| verb.logs_in() && verb != Verb::User);
                    if unmarked(trace) && accepts_upgrade(trace, reply) {
                        secure = true;
                        if let Some(last) = script.exchanges.last_mut() {
                            last.starts_tls = true;
                        }
                    }
                }
                EventKind::Greeting(GreetingStatus::Preauth) => logged_in = true,
                _ => {}
            }
        }
        script
    }

    /// Octets of the server belong to the message that they answer.
    fn said(&mut self, trace: &Trace, event: &Event, octets: &[u8]) {
        let (to, goes_on) = match &event.kind {
            EventKind::Reply(reply) => (reply.to, reply.form == Form::Continue),
            _ => (None, false),
        };
        if goes_on && !continues(trace, event) {
            return;
        }
        let direct = to.filter(|_| !goes_on);
        let mut known = self.exchanges.iter_mut().rev();
        let exchange = match direct {
            // An exchange's end answers its last line.
            Some(to) if command_of(trace, Some(to)).is_some_and(|c| c.verb != Verb::Authenticate) => {
                known.find(|exchange| exchange.event == to)
            }
            _ => known.next(),
        };
        match exchange {
            Some(exchange) => {
                exchange.answer.extend_from_slice(octets);
                exchange.goes_on = goes_on;
            }
            None => self.greeting.extend_from_slice(octets),
        }
    }
}
