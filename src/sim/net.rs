//! The modelled network: two hops with a relay between them, one queue of things to come, and a tap on each hop.

use super::{Run, STEP_LIMIT, Setup, default_account};
use crate::attack::{Move, Relay};
use crate::base::{Hop, Layer, Origin, Secret, Side, Tick};
use crate::harm::Planted;
use crate::proto::{Account, Input, Machine, Output, Recorder, Splitter, Tap};
use crate::tls::{self, Facts, Failure, Offer};
use crate::trace::{Carries, Note, Stamp, Trace};
use std::collections::BTreeMap;

/// How long one hop takes, in milliseconds.
const HOP: u64 = 20;

/// Something that will happen to one end.
#[derive(Debug)]
enum Coming {
    Connected,
    /// Octets reach an end; `opaque`: a TLS layer carries them.
    Octets {
        octets: Vec<u8>,
        layer: Layer,
    },
    Handshake(Result<Facts, Failure>),
    Timer {
        armed: u64,
    },
    PeerClosed,
}

/// One end of the connection.
struct End {
    machine: Box<dyn Machine>,
    /// What it brought to the handshake that it waits for.
    offer: Option<Offer>,
    secure: bool,
    open: bool,
    /// Counts inputs, so that a timer knows whether anything happened since it was set.
    inputs: u64,
}

impl End {
    fn new(machine: Box<dyn Machine>) -> Self {
        Self { machine, offer: None, secure: false, open: true, inputs: 0 }
    }
}

pub(super) struct Net<'a> {
    setup: &'a Setup,
    account: Account,
    relay: Relay,
    splitter: Box<dyn Splitter>,
    client: End,
    server: End,
    queue: BTreeMap<(Tick, u64), (u32, Side, Coming)>,
    queued: u64,
    now: Tick,
    /// Connections are numbered, so that what is under way for an old one is dropped.
    connection: u32,
    recorder: Recorder,
    done: Vec<Trace>,
    /// The number of the last message or mark.
    place: u32,
}

impl<'a> Net<'a> {
    pub(super) fn new(setup: &'a Setup) -> Self {
        let account = default_account();
        let record = setup.protocol;
        let tampers = setup.attacks.iter().map(|(attack, switches)| (attack.build)(switches, record.dialect));
        Self {
            relay: Relay::new(tampers.collect()),
            splitter: (record.dialect.splitter)(),
            client: End::new((record.client)(&account, &setup.client.1, setup.seed)),
            server: End::new((record.server)(&account, &setup.server.1, setup.seed)),
            setup,
            account,
            queue: BTreeMap::new(),
            queued: 0,
            now: Tick(0),
            connection: 0,
            recorder: Recorder::new(record, Carries::ALL, true),
            done: Vec::new(),
            place: 0,
        }
    }

    pub(super) fn run(mut self) -> Run {
        self.connect();
        let mut steps = 0;
        while let Some(((at, _), (connection, side, coming))) = self.queue.pop_first() {
            steps += 1;
            if steps > STEP_LIMIT {
                break;
            }
            if connection == self.connection {
                self.now = at;
                self.arrive(side, coming);
            }
        }
        self.done.push(self.recorder.finish());
        Run {
            setup: self.setup.clone(),
            connections: self.done,
            planted: Planted {
                password: self.account.password.clone(),
                content: Secret::new(b"The safe opens with 4711."),
            },
            limit_reached: steps > STEP_LIMIT,
        }
    }

    fn end(&mut self, side: Side) -> &mut End {
        match side {
            Side::Client => &mut self.client,
            Side::Server => &mut self.server,
        }
    }

    fn tap(&mut self, side: Side, place: u32, tap: Tap<'_>) {
        self.recorder.tap(Stamp { at: self.now, hop: Hop::next_to(side), place }, tap);
    }

    fn soon(&mut self, delay: u64, side: Side, coming: Coming) {
        self.queued += 1;
        self.queue.insert((self.now.after(delay), self.queued), (self.connection, side, coming));
    }

    fn next_place(&mut self) -> u32 {
        self.place += 1;
        self.place
    }

    fn connect(&mut self) {
        self.relay.connected();
        self.soon(2 * HOP, Side::Client, Coming::Connected);
        self.soon(2 * HOP, Side::Server, Coming::Connected);
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
        let outputs = match &coming {
            Coming::Connected => end.machine.step(now, Input::Connected),
            Coming::Octets { layer: Layer::Clear, .. } if end.offer.is_some() => {
                end.offer = None;
                self.handshake_failed(side);
                // Who goes on all the same reads them as lines.
                self.soon(0, side, coming);
                return;
            }
            Coming::Octets { octets, .. } => end.machine.step(now, Input::Octets(octets)),
            Coming::Handshake(Ok(facts)) => {
                end.secure = true;
                end.machine.step(now, Input::TlsDone(Ok(facts)))
            }
            Coming::Handshake(Err(failure)) => end.machine.step(now, Input::TlsDone(Err(*failure))),
            Coming::Timer { .. } => end.machine.step(now, Input::Timer),
            Coming::PeerClosed => {
                end.open = false;
                end.machine.step(now, Input::PeerClosed)
            }
        };
        self.carry_out(side, outputs);
    }

    /// An end that waited for TLS got something else.
    fn handshake_failed(&mut self, side: Side) {
        let place = self.next_place();
        self.tap(side, place, Tap::TlsBegan);
        self.tap(side, place, Tap::TlsFailed(Failure::NotTls));
        self.soon(0, side, Coming::Handshake(Err(Failure::NotTls)));
    }

    fn carry_out(&mut self, side: Side, outputs: Vec<Output>) {
        // A note belongs to the message that follows it, or else to the last one.
        let sends_later =
            |rest: &[Output]| rest.iter().any(|o| matches!(o, Output::Send(_) | Output::StartTls(_)));
        for (number, output) in outputs.iter().enumerate() {
            match output {
                Output::Send(octets) => self.send(side, octets),
                Output::StartTls(offer) => self.start_tls(side, offer.clone()),
                Output::WakeAt(at) => {
                    let armed = self.end(side).inputs;
                    let delay = at.0.saturating_sub(self.now.0);
                    self.soon(delay, side, Coming::Timer { armed });
                }
                Output::Note(note) => {
                    let follows = outputs.get(number..).is_some_and(sends_later);
                    let place = self.place.saturating_add(u32::from(follows)).max(1);
                    self.note(side, place, *note);
                }
                Output::Close => self.close(side),
                Output::Reconnect => self.reconnect(),
            }
        }
    }

    fn note(&mut self, side: Side, place: u32, note: Note) {
        self.tap(side, place, Tap::Note(side, note));
    }

    fn send(&mut self, from: Side, octets: &[u8]) {
        let layer = if self.end(from).secure { Layer::Tls } else { Layer::Clear };
        self.splitter.push(from, octets);
        let mut forward = Vec::new();
        let mut back = Vec::new();
        while let Some(message) = self.splitter.next(from) {
            let place = self.next_place();
            self.tap(from, place, Tap::Octets { from, layer, origin: Origin::Genuine, octets: &message });
            if layer == Layer::Tls && self.relay.damages(from) {
                self.deliver(from, layer, &mut forward, &mut back);
                self.close_both();
                return;
            }
            if layer == Layer::Tls {
                self.tap(
                    from.other(),
                    place,
                    Tap::Octets { from, layer, origin: Origin::Genuine, octets: &message },
                );
                if from == Side::Client {
                    self.splitter.reached_server(&message);
                }
                forward.extend_from_slice(&message);
                continue;
            }
            for step in self.relay.message(from, &message) {
                let Move::Deliver(delivery) = step else {
                    self.deliver(from, layer, &mut forward, &mut back);
                    self.close_both();
                    return;
                };
                let onward = delivery.to == from.other();
                let place = if onward { place } else { self.next_place() };
                let sender = delivery.to.other();
                let origin = delivery.origin;
                self.tap(
                    delivery.to,
                    place,
                    Tap::Octets { from: sender, layer, origin, octets: &delivery.octets },
                );
                if delivery.to == Side::Server {
                    self.splitter.reached_server(&delivery.octets);
                }
                if onward {
                    forward.extend_from_slice(&delivery.octets);
                } else {
                    back.extend_from_slice(&delivery.octets);
                }
            }
        }
        self.deliver(from, layer, &mut forward, &mut back);
    }

    /// What one segment became arrives as one segment.
    fn deliver(&mut self, from: Side, layer: Layer, forward: &mut Vec<u8>, back: &mut Vec<u8>) {
        for (to, octets) in [(from.other(), forward), (from, back)] {
            if !octets.is_empty() {
                let octets = std::mem::take(octets);
                self.soon(2 * HOP, to, Coming::Octets { octets, layer });
            }
        }
    }

    fn start_tls(&mut self, side: Side, offer: Offer) {
        self.end(side).offer = Some(offer);
        let (Some(client), Some(server)) = (self.client.offer.clone(), self.server.offer.clone()) else {
            return;
        };
        self.client.offer = None;
        self.server.offer = None;
        let place = self.next_place();
        let result = match self.relay.handshake() {
            Some(failure) => Err(failure),
            None => tls::handshake(&client, &server),
        };
        self.splitter.tls_began();
        for side in Side::BOTH {
            self.tap(side, place, Tap::TlsBegan);
        }
        self.now = self.now.after(4 * HOP);
        for side in Side::BOTH {
            let tap = match &result {
                Ok(facts) => Tap::TlsUp(facts.clone()),
                Err(failure) => Tap::TlsFailed(*failure),
            };
            self.tap(side, place, tap);
            self.soon(0, side, Coming::Handshake(result.clone()));
        }
    }

    fn close(&mut self, side: Side) {
        if self.end(side).open {
            self.end(side).open = false;
            if !self.end(side.other()).open {
                return;
            }
            let place = self.next_place();
            for hop in Side::BOTH {
                self.tap(hop, place, Tap::Closed(side));
            }
            self.soon(2 * HOP, side.other(), Coming::PeerClosed);
        }
    }

    fn close_both(&mut self) {
        let place = self.next_place();
        for side in Side::BOTH {
            // Each end sees its peer close; who really did it is the middle's secret.
            self.tap(side, place, Tap::Closed(side.other()));
            self.soon(HOP, side, Coming::PeerClosed);
        }
    }

    fn reconnect(&mut self) {
        let record = self.setup.protocol;
        self.done.push(self.recorder.finish());
        self.connection += 1;
        self.server = End::new((record.server)(&self.account, &self.setup.server.1, self.setup.seed));
        self.client.offer = None;
        self.client.secure = false;
        self.client.open = true;
        self.splitter = (record.dialect.splitter)();
        self.connect();
    }
}
