//! The modelled network: two hops with a relay between them, one queue of things to come, and a tap on each hop.

use super::wires::{Wire, Wires};
use super::world::World;
use super::{Cast, OCTET_LIMIT, Run, STEP_LIMIT, Setup, default_account};
use crate::attack::{self, Done, Handshake, Met, Move, Relay, Route, Veiled};
use crate::base::{Endpoint, Hop, Layer, Origin, Question, Record, Secret, Side, Tick};
use crate::harm::{Inherited, Planted};
use crate::proto::{self, Account, Behind, Input, Machine, Output, Recorder, Splitter, Tap};
use crate::tls::identity::Provenance;
use crate::tls::{self, Certificate, ClientOffer, Facts, Failure, Offer, Reference, ServerOffer};
use crate::trace::{Carries, Ending, Lookup, Note, Peer, Stamp, Trace};
use std::collections::VecDeque;
use std::rc::Rc;

/// How long one hop takes, in milliseconds.
const HOP: u64 = 20;

/// How long a client waits for a connection that nobody takes, in milliseconds.
const NO_ANSWER: u64 = 10_000;

/// Of the two users of the simulated server the second one is in no group, and has seen nothing of the mailbox that both
/// can open.
const INHERITED: &[Inherited] = &[
    Inherited { asked: "MYRIGHTS user/carol/Plans", told: "* MYRIGHTS user/carol/Plans" },
    Inherited { asked: "STATUS Team", told: "UNSEEN 0" },
];

/// Something that will happen to one end.
#[derive(Debug)]
enum Coming {
    Start,
    Found(Vec<Record>),
    Connected,
    Octets { octets: Vec<u8>, layer: Layer },
    Handshake(Result<Box<Facts>, Failure>),
    TlsEnded(Ending),
    Timer { armed: u64 },
    PeerClosed,
}

/// One end of the connection.
struct End {
    machine: Box<dyn Machine>,
    /// What it brought to the handshake that it waits for.
    offer: Option<Rc<Offer>>,
    open: bool,
    /// Counts inputs, so that a timer knows whether anything happened since it was set.
    inputs: u64,
    /// The state that its machine was in last.
    stage: &'static str,
}

impl End {
    fn new(machine: Box<dyn Machine>) -> Self {
        Self { machine, offer: None, open: true, inputs: 0, stage: "" }
    }
}

/// Nobody: where there is no connection yet, or nothing listens.
struct Nobody;

impl Machine for Nobody {
    fn step(&mut self, _now: Tick, _input: Input<'_>) -> Vec<Output> {
        Vec::new()
    }

    fn stage(&self) -> &'static str {
        ""
    }
}

pub(super) struct Net<'a> {
    setup: &'a Setup,
    account: Account,
    world: World,
    cast: Cast,
    relay: Relay,
    splitter: Box<dyn Splitter>,
    client: End,
    server: End,
    wires: Wires,
    /// The middle has asked for a handshake of its own with an end that is not ready yet.
    middle_wants: Option<Side>,
    /// The middle has cut the connection: nothing more goes over it.
    cut: bool,
    /// The connection goes to a port where TLS comes first.
    tls_first: bool,
    /// What is to come, with its connection, the next first. Of what comes at one moment the first is what was first on its way.
    queue: VecDeque<(Tick, u32, Side, Coming)>,
    now: Tick,
    /// Connections are numbered, so that what is under way for an old one is dropped.
    connection: u32,
    recorder: Recorder,
    /// Look-ups that belong to the connection that is about to begin.
    lookups: Vec<Lookup>,
    done: Vec<Trace>,
    /// The connection of a proxy to the server behind it, and those that are over.
    behind: Option<Recorder>,
    behind_done: Vec<Trace>,
    /// TLS has ended on it.
    behind_in_clear: bool,
    /// The number of the last message or mark.
    place: u32,
    /// What could have been decided about by hand.
    met: Vec<Met>,
    /// The last of it is held, and nothing comes after it.
    held: bool,
    /// Things that have come, and messages that were read on their way.
    steps: usize,
    /// Octets that went out of the middle.
    octets: usize,
    /// The client of this connection is the attacker: there is no hop in front of him.
    visiting: bool,
    /// Its trace is among those that are done, and no other connection has begun.
    finished: bool,
}

impl<'a> Net<'a> {
    pub(super) fn new(setup: &'a Setup, mut cast: Cast) -> Self {
        let account = default_account();
        let record = setup.protocol;
        let tampers = setup.attacks.iter().map(|(attack, switches)| (attack.build)(switches, record.dialect));
        let mut tampers: Vec<_> = tampers.collect();
        // It stands there without a rule as well: its list is what can be decided about by hand.
        let custom = setup.custom.clone().unwrap_or_default();
        tampers.insert(setup.custom_place(), custom.tamper(record.dialect));
        Self {
            relay: Relay::new(tampers),
            splitter: (record.dialect.splitter)(),
            client: End::new(
                cast.client.take().unwrap_or_else(|| (record.client)(&account, &setup.client.1, setup.seed)),
            ),
            server: End::new(Box::new(Nobody)),
            wires: Wires::default(),
            middle_wants: None,
            cut: false,
            tls_first: false,
            world: World::new(record),
            cast,
            setup,
            account,
            queue: VecDeque::new(),
            now: Tick(0),
            connection: 0,
            recorder: Recorder::new(record, Carries::ALL, true),
            lookups: Vec::new(),
            done: Vec::new(),
            behind: None,
            behind_done: Vec::new(),
            behind_in_clear: false,
            place: 0,
            met: Vec::new(),
            held: false,
            steps: 0,
            octets: 0,
            visiting: false,
            finished: false,
        }
    }

    pub(super) fn run(mut self) -> Run {
        for messages in self.relay.visits() {
            self.visit(messages);
        }
        self.soon(0, Side::Client, Coming::Start);
        self.happen();
        // What was looked up for a connection that never was.
        if !self.lookups.is_empty() {
            let place = self.next_place();
            for lookup in std::mem::take(&mut self.lookups) {
                self.tap(Side::Client, place, Tap::Lookup(lookup));
            }
            self.finished = false;
        }
        if !self.finished {
            self.finish_connection();
        }
        let limit_reached = self.over_limit();
        Run {
            connections: self.done,
            planted: Planted {
                password: self.account.password.clone(),
                content: Secret::of_nobody(b"The safe opens with 4711."),
                inherited: INHERITED,
                insider: "carol",
            },
            met: self.met,
            held: self.held,
            limit_reached,
        }
    }

    /// Whether the run has to end, whatever is still to come.
    fn over_limit(&self) -> bool {
        self.steps > STEP_LIMIT || self.octets > OCTET_LIMIT || self.relay.too_much()
    }

    /// Lets everything come that is to come.
    fn happen(&mut self) {
        while let Some((at, connection, side, coming)) = self.queue.pop_front() {
            self.steps = self.steps.saturating_add(1);
            if self.over_limit() || self.cast.ended.get() {
                break;
            }
            if connection == self.connection {
                self.now = at;
                self.arrive(side, coming);
            }
            if self.held {
                break;
            }
        }
    }

    /// The attacker talks to the server on a connection of his own, before the client begins.
    fn visit(&mut self, messages: Vec<Vec<u8>>) {
        let host = self.account.host.to_string();
        let port = self.setup.protocol.dialect.port(false).unwrap_or_default();
        let path = std::mem::replace(&mut self.relay, Relay::new(vec![attack::caller(messages)]));
        let client = std::mem::replace(&mut self.client, End::new(Box::new(Nobody)));
        self.visiting = true;
        self.connect(&Endpoint { host, port, tls_first: false });
        let stamp = Stamp { at: self.now, hop: Hop::Client, place: self.place.saturating_add(1) };
        self.recorder.tap(stamp, Tap::Note(Side::Client, Note::Attacker));
        self.happen();
        self.visiting = false;
        self.queue.clear();
        self.finish_connection();
        self.finished = true;
        self.client = client;
        self.relay = path;
    }

    fn end(&mut self, side: Side) -> &mut End {
        match side {
            Side::Client => &mut self.client,
            Side::Server => &mut self.server,
        }
    }

    fn tap(&mut self, side: Side, place: u32, tap: Tap<'_>) {
        if self.visiting && side == Side::Client {
            return;
        }
        self.recorder.tap(Stamp { at: self.now, hop: Hop::next_to(side), place }, tap);
    }

    fn soon(&mut self, delay: u64, side: Side, coming: Coming) {
        let at = self.now.after(delay);
        let place = self.queue.partition_point(|(earlier, ..)| *earlier <= at);
        self.queue.insert(place, (at, self.connection, side, coming));
    }

    fn next_place(&mut self) -> u32 {
        self.place += 1;
        self.place
    }

    fn arrive(&mut self, side: Side, coming: Coming) {
        let now = self.now;
        let end = self.end(side);
        if !end.open {
            return;
        }
        if let Coming::Timer { armed } = coming
            && armed != end.inputs
        {
            return;
        }
        end.inputs += 1;
        let waits_for_tls = end.offer.is_some();
        if waits_for_tls
            && side == Side::Client
            && matches!(coming, Coming::Timer { .. } | Coming::PeerClosed)
        {
            self.hello_in_vain();
        }
        let input = match &coming {
            Coming::Start => Input::Start,
            Coming::Found(records) => Input::Found(records),
            Coming::Connected => Input::Connected,
            Coming::Octets { octets, layer: Layer::Clear } if waits_for_tls => {
                self.handshake_failed(side, octets.clone());
                return;
            }
            Coming::Octets { octets, .. } => Input::Octets(octets),
            Coming::Handshake(Ok(facts)) => Input::TlsDone(Ok(facts)),
            Coming::Handshake(Err(failure)) => Input::TlsDone(Err(*failure)),
            Coming::TlsEnded(ending) => Input::TlsEnded(*ending),
            Coming::Timer { .. } => Input::Timer,
            Coming::PeerClosed => {
                self.end(side).open = false;
                Input::PeerClosed
            }
        };
        let outputs = self.end(side).machine.step(now, input);
        self.carry_out(side, outputs);
        self.note_stage(side);
    }

    /// A machine's new state belongs to the last message: the one that it answered with, if it did.
    fn note_stage(&mut self, side: Side) {
        let place = self.place.max(1);
        let end = self.end(side);
        let stage = end.machine.stage();
        if std::mem::replace(&mut end.stage, stage) != stage && !stage.is_empty() {
            self.tap(side, place, Tap::Note(side, Note::Stage(stage)));
        }
    }

    /// An end that waited for TLS got something else. Who goes on all the same reads it as lines.
    fn handshake_failed(&mut self, side: Side, octets: Vec<u8>) {
        self.end(side).offer = None;
        let place = self.next_place();
        self.tap(side, place, Tap::TlsBegan);
        self.tap(side, place, Tap::TlsFailed(Failure::NotTls));
        self.soon(0, side, Coming::Handshake(Err(Failure::NotTls)));
        self.soon(0, side, Coming::Octets { octets, layer: Layer::Clear });
    }

    /// The client began a handshake that nobody took part in: its hello was all there was of TLS.
    fn hello_in_vain(&mut self) {
        self.client.offer = None;
        let place = self.next_place();
        self.tap(Side::Client, place, Tap::TlsBegan);
        self.tap(Side::Client, place, Tap::TlsFailed(Failure::NotTls));
    }

    fn carry_out(&mut self, side: Side, outputs: Vec<Output>) {
        // A note belongs to the message that follows it, or else to the last one.
        let last = outputs.iter().rposition(|output| matches!(output, Output::Send(_) | Output::StartTls(_)));
        for (number, output) in outputs.into_iter().enumerate() {
            if self.held {
                return;
            }
            match output {
                Output::Send(octets) => self.send(side, &octets),
                Output::StartTls(offer) => {
                    self.end(side).offer = Some(offer);
                    self.shake_hands();
                }
                Output::WakeAt(at) => {
                    let armed = self.end(side).inputs;
                    let delay = at.0.saturating_sub(self.now.0);
                    self.soon(delay, side, Coming::Timer { armed });
                }
                Output::Note(note) => {
                    let follows = last.is_some_and(|last| last > number);
                    let place = self.place.saturating_add(u32::from(follows)).max(1);
                    self.tap(side, place, Tap::Note(side, note));
                }
                Output::EndTls => self.end_tls(side, Ending::Alert),
                Output::Close => self.close(side, Ending::Alert),
                Output::Cut => self.close(side, Ending::Cut),
                Output::Lookup(question) => {
                    let records = self.look_up(&question);
                    self.lookups.push(Lookup { question, records: records.clone() });
                    self.soon(2 * HOP, side, Coming::Found(records));
                }
                Output::Connect(endpoint) => self.connect(&endpoint),
                Output::Behind(behind) => self.happen_behind(&behind),
            }
        }
    }

    /// The connection is over: its trace, and those of a proxy's connections that belong to it.
    fn finish_connection(&mut self) {
        self.done.push(self.recorder.finish());
        self.done.append(&mut self.behind_done);
        self.done.extend(self.behind.take().map(|mut recorder| recorder.finish()));
    }

    /// Something happens between a proxy and the server behind it, in a network of their own: it takes no time.
    fn happen_behind(&mut self, behind: &Behind) {
        let place = if matches!(behind, Behind::Note(_)) { self.place.max(1) } else { self.next_place() };
        let stamp = Stamp { at: self.now, hop: Hop::Client, place };
        if let Behind::Opened(endpoint) = behind {
            let mut recorder = Recorder::new(self.setup.protocol, Carries::ALL, false);
            let endpoint = endpoint.clone();
            let host = endpoint.host.clone();
            recorder.connected_to(Peer { endpoint, attackers: false, behind: true, other_service: false });
            recorder.tap(stamp, Tap::TlsBegan);
            let reference = Reference::new(&host, Provenance::Configured);
            let offer = ServerOffer::good(Certificate::good(&host));
            if let Ok(facts) = tls::handshake(&ClientOffer::good(reference), &offer) {
                recorder.tap(stamp, Tap::TlsUp(facts));
            }
            self.behind_done.extend(self.behind.replace(recorder).map(|mut before| before.finish()));
            return;
        }
        let Some(recorder) = &mut self.behind else { return };
        match behind {
            Behind::Octets { from, octets } => {
                let octets = Tap::Octets { from: *from, layer: Layer::Tls, origin: Origin::Genuine, octets };
                recorder.tap(stamp, octets);
            }
            Behind::Note(note) => recorder.tap(stamp, Tap::Note(Side::Server, *note)),
            Behind::TlsEnded(by) => {
                self.behind_in_clear = true;
                recorder.tap(stamp, Tap::TlsEnded(*by, Ending::Alert));
            }
            Behind::Closed(by) => {
                if !std::mem::take(&mut self.behind_in_clear) {
                    recorder.tap(stamp, Tap::TlsEnded(*by, Ending::Alert));
                }
                recorder.tap(stamp, Tap::Closed(*by));
                self.behind_done.push(recorder.finish());
                self.behind = None;
            }
            Behind::Opened(_) => {}
        }
    }

    fn look_up(&mut self, question: &Question) -> Vec<Record> {
        let mut records = self.world.lookup(question);
        self.relay.lookup(question, &mut records);
        records
    }

    /// The machine that a name leads to, through at most a few aliases.
    fn machine(&mut self, host: &str) -> Option<String> {
        let mut name = host.to_owned();
        for _ in 0..8 {
            let mut alias = None;
            for record in self.look_up(&Question::Address(name.clone())) {
                match record {
                    Record::Address { machine, .. } => return Some(machine),
                    Record::Cname { target, .. } => alias = Some(target),
                    Record::Srv { .. } | Record::Settings { .. } => {}
                }
            }
            name = alias?;
        }
        None
    }

    fn connect(&mut self, endpoint: &Endpoint) {
        if self.connection > 0 && !std::mem::take(&mut self.finished) {
            self.finish_connection();
        }
        self.connection += 1;
        self.relay.connected();
        self.wires = Wires::default();
        self.middle_wants = None;
        self.cut = false;
        self.tls_first = endpoint.tls_first;
        self.splitter = (self.setup.protocol.dialect.splitter)();
        self.client.offer = None;
        self.client.open = true;
        let route = self.relay.connection(endpoint);
        // Who served the last connection puts back what its host keeps.
        self.server = End::new(Box::new(Nobody));
        let server = match &route {
            Route::Nowhere => None,
            Route::Through => self.find(endpoint),
            Route::To(other) => self.find(other),
            Route::Service(protocol) => proto::find(*protocol).and_then(|record| {
                let port = record.dialect.port(true)?;
                self.find(&Endpoint { port, tls_first: true, ..endpoint.clone() })
            }),
            Route::IntoTls(other) => {
                self.middle_wants = Some(Side::Server);
                self.find(other)
            }
        };
        let attackers = server.as_ref().is_some_and(|(_, attackers)| *attackers);
        let other_service = matches!(route, Route::Service(_));
        let peer = Peer { endpoint: endpoint.clone(), attackers, behind: false, other_service };
        self.recorder.connected_to(peer);
        let place = if self.lookups.is_empty() { self.place } else { self.next_place() };
        for lookup in std::mem::take(&mut self.lookups) {
            self.tap(Side::Client, place, Tap::Lookup(lookup));
        }
        match server {
            Some((machine, _)) => {
                self.server = End::new(machine);
                self.soon(2 * HOP, Side::Client, Coming::Connected);
                self.soon(2 * HOP, Side::Server, Coming::Connected);
            }
            None => {
                self.server = End::new(Box::new(Nobody));
                let place = self.next_place();
                self.tap(Side::Client, place, Tap::Closed(Side::Server));
                self.soon(NO_ANSWER, Side::Client, Coming::PeerClosed);
            }
        }
    }

    fn find(&mut self, endpoint: &Endpoint) -> Option<(Box<dyn Machine>, bool)> {
        let machine = self.machine(&endpoint.host)?;
        if let Some(server) = &self.cast.server
            && machine == self.account.host
        {
            return server(endpoint).map(|server| (server, false));
        }
        self.world.server(&machine, endpoint, &self.setup.server.1, self.setup.seed, self.visiting)
    }

    fn send(&mut self, from: Side, octets: &[u8]) {
        if self.cut {
            return;
        }
        let wire = self.wires.get(from);
        let layer = wire.layer();
        self.splitter.push(from, octets);
        let mut out = [Vec::new(), Vec::new()];
        while let Some(message) = self.splitter.next(from) {
            let place = self.next_place();
            self.tap(from, place, Tap::Octets { from, layer, origin: Origin::Genuine, octets: &message });
            if wire == Wire::Joint {
                if !self.veiled(from, place, &message, &mut out) {
                    return;
                }
                continue;
            }
            // Answers that make two questions of one would grow within a single delivery.
            self.steps = self.steps.saturating_add(1);
            let moves = self.relay.message(from, layer, &message);
            if self.over_limit() {
                return;
            }
            if self.comes_by(place) {
                return;
            }
            if !self.make(moves, from, place, &mut out) {
                return;
            }
        }
        self.deliver(&mut out);
    }

    /// Writes down what came by at a place. True: it is held.
    fn comes_by(&mut self, place: u32) -> bool {
        let limit = self.setup.hold.map_or(usize::MAX, |hold| usize::try_from(hold).unwrap_or(usize::MAX));
        let before = self.met.len();
        self.relay.met(&mut self.met);
        self.met.iter_mut().skip(before).for_each(|met| met.place = place);
        self.held |= self.met.len() >= limit;
        self.met.truncate(limit);
        self.held
    }

    /// Carries out what the middle does, the octets of one message of `from` under its place. False: it closed.
    fn make(&mut self, moves: Done, from: Side, place: u32, out: &mut [Vec<u8>; 2]) -> bool {
        for step in moves {
            match step {
                Move::Deliver(delivery) => {
                    // Nobody without its keys can write into a layer.
                    if self.wires.get(delivery.to) == Wire::Joint {
                        continue;
                    }
                    let onward = delivery.to == from.other();
                    let place = if onward { place } else { self.next_place() };
                    self.pass(delivery.to.other(), place, delivery.origin, &delivery.octets, out);
                }
                Move::Tls(with) => {
                    self.deliver(out);
                    self.middle_wants = Some(with);
                    self.shake_hands();
                }
                Move::Close => {
                    self.deliver(out);
                    self.close_both();
                    return false;
                }
            }
        }
        true
    }

    /// Octets in the name of one end go out on the hop of the other.
    fn pass(&mut self, from: Side, place: u32, origin: Origin, octets: &[u8], out: &mut [Vec<u8>; 2]) {
        let to = from.other();
        let layer = self.wires.get(to).layer();
        self.octets = self.octets.saturating_add(octets.len());
        self.tap(to, place, Tap::Octets { from, layer, origin, octets });
        if to == Side::Server {
            self.splitter.reached_server(octets);
        }
        let [client, server] = out;
        match to {
            Side::Client => client.extend_from_slice(octets),
            Side::Server => server.extend_from_slice(octets),
        }
    }

    /// What one segment became arrives as one segment.
    fn deliver(&mut self, out: &mut [Vec<u8>; 2]) {
        let [client, server] = out;
        for (to, octets) in [(Side::Client, client), (Side::Server, server)] {
            if !octets.is_empty() {
                let octets = std::mem::take(octets);
                let layer = self.wires.get(to).layer();
                self.soon(2 * HOP, to, Coming::Octets { octets, layer });
            }
        }
    }

    /// A message that the middle cannot read is on its way. False: it did not arrive as it was.
    fn veiled(&mut self, from: Side, place: u32, message: &[u8], out: &mut [Vec<u8>; 2]) -> bool {
        // The other end has left the layer already: nobody is there to read this.
        if self.wires.get(from.other()) != Wire::Joint {
            return false;
        }
        match self.relay.veiled(from, message.len()) {
            Veiled::Through => {
                self.pass(from, place, Origin::Genuine, message, out);
                true
            }
            Veiled::Cut(after) => {
                let arrives = message.get(..after.min(message.len())).unwrap_or_default();
                if !arrives.is_empty() {
                    self.pass(from, place, Origin::Genuine, arrives, out);
                }
                self.deliver(out);
                self.close_both();
                false
            }
            Veiled::Clear(octets) => {
                self.deliver(out);
                let to = from.other();
                let place = self.next_place();
                self.tap(to, place, Tap::TlsEnded(from, Ending::Broken));
                self.wires.set(to, Wire::Clear);
                self.splitter.tls_began();
                self.soon(2 * HOP, to, Coming::TlsEnded(Ending::Broken));
                let place = self.next_place();
                self.pass(from, place, Origin::Added, &octets, out);
                self.deliver(out);
                false
            }
        }
    }

    /// One end is ready for a handshake, or the middle wants one with it.
    fn shake_hands(&mut self) {
        let (client, server) = (self.client.offer.clone(), self.server.offer.clone());
        let server = match server.as_deref() {
            Some(Offer::Server(server)) => Some(server),
            _ => None,
        };
        if self.middle_wants == Some(Side::Server)
            && let Some(server) = server
        {
            self.middle_wants = None;
            self.with_server(server);
            return;
        }
        let Some(Offer::Client(client)) = client.as_deref() else { return };
        let decided = self.relay.handshake(client);
        if self.comes_by(self.place.saturating_add(1)) {
            return;
        }
        match (decided, server) {
            (Handshake::End(own), server) => {
                self.with_client(client, &own);
                match server {
                    Some(server) => self.with_server(server),
                    // Where TLS comes first the server wants it too, as soon as it is there.
                    None if self.tls_first => self.middle_wants = Some(Side::Server),
                    None => {}
                }
            }
            (Handshake::Silence, _) => {}
            (Handshake::Reset, _) => self.close_both(),
            (Handshake::Break(failure), server) => {
                self.established(Side::Client, Err(failure), Wire::Clear);
                if server.is_some() {
                    self.established(Side::Server, Err(failure), Wire::Clear);
                }
            }
            // The server does not expect a handshake: the hello is noise to it.
            (_, None) => {}
            (Handshake::Through, Some(server)) => self.joint(tls::handshake(client, server)),
            (Handshake::Edit(passes), Some(server)) => self.joint(tls::edited(client, server, &passes)),
        }
    }

    /// A handshake between the two ends.
    fn joint(&mut self, result: Result<Facts, Failure>) {
        let at_server = result.clone().map(Facts::at_server);
        let place = self.next_place();
        self.splitter.tls_began();
        for side in Side::BOTH {
            self.tap(side, place, Tap::TlsBegan);
        }
        self.now = self.now.after(4 * HOP);
        for (side, result) in [(Side::Client, result), (Side::Server, at_server)] {
            self.result(side, place, result, Wire::Joint);
        }
    }

    /// A handshake between the client and the middle.
    fn with_client(&mut self, client: &ClientOffer, own: &ServerOffer) {
        let result = tls::handshake(client, own).map(|facts| Facts { ends_at_middle: true, ..facts });
        self.established(Side::Client, result, Wire::Middle);
    }

    /// A handshake between the middle, which takes whatever it is shown, and the server.
    fn with_server(&mut self, server: &ServerOffer) {
        let own =
            ClientOffer { versions: server.versions.clone(), ..ClientOffer::careless(&self.account.host) };
        let result = tls::handshake(&own, server);
        let result = result.map(|facts| Facts { ends_at_middle: true, ..facts.at_server() });
        let up = result.is_ok();
        self.established(Side::Server, result, Wire::Middle);
        if up {
            let moves = self.relay.secured(Side::Server);
            let mut out = [Vec::new(), Vec::new()];
            let place = self.next_place();
            if self.make(moves, Side::Server, place, &mut out) {
                self.deliver(&mut out);
            }
        }
    }

    fn established(&mut self, side: Side, result: Result<Facts, Failure>, wire: Wire) {
        let place = self.next_place();
        self.splitter.tls_began();
        self.tap(side, place, Tap::TlsBegan);
        self.now = self.now.after(2 * HOP);
        self.result(side, place, result, wire);
    }

    fn result(&mut self, side: Side, place: u32, result: Result<Facts, Failure>, wire: Wire) {
        self.end(side).offer = None;
        match result {
            Ok(facts) => {
                self.wires.set(side, wire);
                self.tap(side, place, Tap::TlsUp(facts.clone()));
                self.soon(0, side, Coming::Handshake(Ok(Box::new(facts))));
            }
            Err(failure) => {
                self.tap(side, place, Tap::TlsFailed(failure));
                self.soon(0, side, Coming::Handshake(Err(failure)));
            }
        }
    }

    /// One end ends the layer with an alert and keeps the connection.
    fn end_tls(&mut self, by: Side, ending: Ending) {
        let place = self.next_place();
        let joint = self.wires.get(by) == Wire::Joint;
        for hop in Side::BOTH {
            if hop == by || joint {
                self.tap(hop, place, Tap::TlsEnded(by, ending));
                self.wires.set(hop, Wire::Clear);
            }
        }
        self.splitter.tls_began();
        if joint {
            self.soon(2 * HOP, by.other(), Coming::TlsEnded(ending));
        }
    }

    fn close(&mut self, side: Side, ending: Ending) {
        if self.end(side).open {
            self.end(side).open = false;
            if !self.end(side.other()).open {
                return;
            }
            let place = self.next_place();
            for hop in Side::BOTH {
                if self.wires.get(hop) != Wire::Clear {
                    self.tap(hop, place, Tap::TlsEnded(side, ending));
                }
                self.tap(hop, place, Tap::Closed(side));
            }
            if ending == Ending::Cut && self.wires.get(side.other()) != Wire::Clear {
                self.soon(2 * HOP, side.other(), Coming::TlsEnded(ending));
            }
            self.soon(2 * HOP, side.other(), Coming::PeerClosed);
        }
    }

    fn close_both(&mut self) {
        self.cut = true;
        let place = self.next_place();
        for side in Side::BOTH {
            // Each end sees its peer close; who really did it is the middle's secret.
            if self.wires.get(side) != Wire::Clear {
                self.tap(side, place, Tap::TlsEnded(side.other(), Ending::Cut));
                self.soon(2 * HOP, side, Coming::TlsEnded(Ending::Cut));
            }
            self.tap(side, place, Tap::Closed(side.other()));
            self.soon(2 * HOP, side, Coming::PeerClosed);
        }
    }
}
