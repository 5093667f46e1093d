//! The middle as a relay: messages go in on one hop, moves come out on either.

use super::Met;
use crate::base::{Endpoint, Layer, Origin, Protocol, Question, Record, Side};
use crate::tls::{ClientOffer, Failure, ServerOffer, Version, suites::Suite};
use smallvec::SmallVec;

/// A message on its way that the middle can read: outside TLS, or in a layer that ends at the middle.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    /// The end that it comes from, or pretends to come from.
    pub from: Side,
    /// Whether it came in a layer that ends at the middle.
    pub layer: Layer,
    /// Its octets, whole: lines with their literals.
    pub octets: &'a [u8],
    /// How many messages of this side this tamper saw on this connection before; 0 is the first, for a server the
    /// greeting.
    pub number: usize,
}

impl Message<'_> {
    /// Whether it is the server's greeting.
    #[must_use]
    pub fn is_greeting(&self) -> bool {
        self.from == Side::Server && self.number == 0
    }
}

/// Octets that the middle sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The end that gets them.
    pub to: Side,
    /// The octets.
    pub octets: Vec<u8>,
    /// Whether they are as they came, changed, or made up.
    pub origin: Origin,
}

/// One thing that the middle does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Move {
    /// Sends octets.
    Deliver(Delivery),
    /// Closes both connections.
    Close,
    /// Begins a handshake of the middle's own with one end.
    Tls(Side),
}

/// What becomes of a connection that the client wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// It goes where the client wants it.
    Through,
    /// Nobody answers.
    Nowhere,
    /// It goes elsewhere, and the client cannot see that.
    To(Endpoint),
    /// The same, to where TLS comes first: the middle speaks TLS there, in which everything goes that it passes on.
    IntoTls(Endpoint),
    /// It goes to the same host's server of another protocol, on the port where TLS comes first.
    Service(Protocol),
}

/// What becomes of a handshake that the client begins.
#[derive(Debug)]
pub enum Handshake {
    /// It takes place between the two ends.
    Through,
    /// Both ends find this instead.
    Break(Failure),
    /// Neither end hears anything of the other any more.
    Silence,
    /// Both connections are reset.
    Reset,
    /// The middle ends it itself, with this offer towards the client and one of its own towards the server. What the
    /// ends then say passes its hands as if it were in the clear.
    End(Box<ServerOffer>),
    /// Only these versions and suites of the client's hello get through.
    Edit(fn(Version, &Suite) -> bool),
}

/// What becomes of octets inside a layer that does not end at the middle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Veiled {
    /// They pass.
    Through,
    /// Only so many of them get through, and both ends see the connection close without a close alert. With none, it
    /// is as if the record was damaged.
    Cut(usize),
    /// They are lost, and these octets in the clear come in their place.
    Clear(Vec<u8>),
}

/// What a tamper decides about one message, in order. What goes the same way leaves in the same segment.
#[derive(Debug, Default)]
pub struct Moves(SmallVec<[Step; 1]>);

/// What the middle does about one message, in order: mostly one thing.
pub type Done = SmallVec<[Move; 1]>;

#[derive(Debug)]
enum Step {
    Pass,
    Replace(Vec<u8>),
    Release(Vec<u8>),
    Add(Vec<u8>),
    Answer(Vec<u8>),
    Send(Side, Vec<u8>),
    Tls(Side),
    Close,
}

impl Moves {
    /// Lets the message through as it is.
    pub fn pass(&mut self) {
        self.0.push(Step::Pass);
    }

    /// Lets other octets through in its place.
    pub fn replace(&mut self, octets: Vec<u8>) {
        self.0.push(Step::Replace(octets));
    }

    /// Lets an earlier message through that was held back.
    pub fn release(&mut self, octets: Vec<u8>) {
        self.0.push(Step::Release(octets));
    }

    /// Adds octets of its own on the message's way, before or behind it, as this is called before or after
    /// [`Moves::pass`].
    pub fn add(&mut self, octets: Vec<u8>) {
        self.0.push(Step::Add(octets));
    }

    /// Answers the sender. What is neither passed, replaced nor released later is dropped.
    pub fn answer(&mut self, octets: Vec<u8>) {
        self.0.push(Step::Answer(octets));
    }

    /// Sends octets of its own to one end.
    pub fn send(&mut self, to: Side, octets: Vec<u8>) {
        self.0.push(Step::Send(to, octets));
    }

    /// Begins a handshake of its own with one end, which has to expect it: [`Tamper::secured`] follows.
    pub fn tls(&mut self, with: Side) {
        self.0.push(Step::Tls(with));
    }

    /// Sends octets on their way whose origin is known.
    pub(super) fn onward(&mut self, octets: Vec<u8>, origin: Origin) {
        self.0.push(match origin {
            Origin::Genuine | Origin::Unknown => Step::Release(octets),
            Origin::Changed => Step::Replace(octets),
            Origin::Added => Step::Add(octets),
        });
    }

    /// Ends both connections.
    pub fn close(&mut self) {
        self.0.push(Step::Close);
    }
}

/// Something on the path.
pub trait Tamper {
    /// Decides about one message that it can read.
    fn message(&mut self, message: Message<'_>, moves: &mut Moves);

    /// Changes what the resolver says.
    fn lookup(&mut self, _question: &Question, _records: &mut Vec<Record>) {}

    /// Decides where a connection goes.
    fn connection(&mut self, _to: &Endpoint) -> Route {
        Route::Through
    }

    /// Decides about a handshake that the client begins.
    fn handshake(&mut self, _hello: &ClientOffer) -> Handshake {
        Handshake::Through
    }

    /// A handshake of the middle's own with one end is complete.
    fn secured(&mut self, _with: Side, _moves: &mut Moves) {}

    /// Decides about octets that it cannot read, of which it sees the sender and how many there are.
    fn veiled(&mut self, _from: Side, _length: usize) -> Veiled {
        Veiled::Through
    }

    /// A fresh connection begins.
    fn connected(&mut self) {}

    /// Whether what it makes of the messages has become so much that the run has to end.
    fn too_much(&self) -> bool {
        false
    }

    /// What the attacker says to the server before the client begins, on connections of his own: one conversation each,
    /// of messages that are sent when the one before is answered.
    fn visits(&mut self) -> Vec<Vec<Vec<u8>>> {
        Vec::new()
    }

    /// Hands on what came by since this was asked last, if it keeps a list of it.
    fn met(&mut self, _to: &mut Vec<Met>) {}
}

/// A tamper that is nothing but a function of the message.
struct Function<F>(F);

impl<F: FnMut(Message<'_>, &mut Moves)> Tamper for Function<F> {
    fn message(&mut self, message: Message<'_>, moves: &mut Moves) {
        (self.0)(message, moves);
    }
}

/// Makes a tamper of a function.
#[must_use]
pub fn tamper(function: impl FnMut(Message<'_>, &mut Moves) + 'static) -> Box<dyn Tamper> {
    Box::new(Function(function))
}

/// The tampers on the path, nearest to the client first. Without any it passes everything through.
#[derive(Default)]
pub struct Relay {
    tampers: Vec<Place>,
}

/// A tamper and how many messages of client and server it has seen on this connection.
struct Place {
    tamper: Box<dyn Tamper>,
    seen: [usize; 2],
}

impl Relay {
    /// A relay of tampers in their order on the path.
    #[must_use]
    pub fn new(tampers: Vec<Box<dyn Tamper>>) -> Self {
        Self { tampers: tampers.into_iter().map(|tamper| Place { tamper, seen: [0; 2] }).collect() }
    }

    /// A fresh connection begins.
    pub fn connected(&mut self) {
        for place in &mut self.tampers {
            place.seen = [0; 2];
            place.tamper.connected();
        }
    }

    /// Takes a message from one end and gives what the middle does about it.
    pub fn message(&mut self, from: Side, layer: Layer, octets: &[u8]) -> Done {
        let mut moves = Done::new();
        let first = match from {
            Side::Client => Some(0),
            Side::Server => self.tampers.len().checked_sub(1),
        };
        let message = Message { from, layer, octets, number: 0 };
        self.at(first, message, Origin::Genuine, &mut moves);
        moves
    }

    /// What the middle does once a handshake of its own with one end is complete.
    pub fn secured(&mut self, with: Side) -> Done {
        let mut moves = Done::new();
        for position in 0..self.tampers.len() {
            let mut decided = Moves::default();
            if let Some(place) = self.tampers.get_mut(position) {
                place.tamper.secured(with, &mut decided);
            }
            let nothing = Message { from: with, layer: Layer::Tls, octets: &[], number: 0 };
            self.take(position, nothing, Origin::Genuine, decided, &mut moves);
        }
        moves
    }

    fn tampers(&mut self) -> impl Iterator<Item = &mut Box<dyn Tamper>> {
        self.tampers.iter_mut().map(|place| &mut place.tamper)
    }

    /// Hands on what came by those who keep a list of it, since this was asked last.
    pub fn met(&mut self, to: &mut Vec<Met>) {
        self.tampers().for_each(|tamper| tamper.met(to));
    }

    /// Whether somebody here makes so much of the messages that the run has to end.
    #[must_use]
    pub fn too_much(&self) -> bool {
        self.tampers.iter().any(|place| place.tamper.too_much())
    }

    /// The conversations that those on the path have with the server before the client begins.
    pub fn visits(&mut self) -> Vec<Vec<Vec<u8>>> {
        self.tampers().flat_map(|tamper| tamper.visits()).collect()
    }

    /// What the resolver says after everybody on the path has had a hand in it.
    pub fn lookup(&mut self, question: &Question, records: &mut Vec<Record>) {
        self.tampers().for_each(|tamper| tamper.lookup(question, records));
    }

    /// Where a connection goes: the first tamper that does not let it through decides.
    pub fn connection(&mut self, to: &Endpoint) -> Route {
        let mut routes = self.tampers().map(|tamper| tamper.connection(to));
        routes.find(|route| *route != Route::Through).unwrap_or(Route::Through)
    }

    /// What becomes of a handshake: the first tamper that does not let it through decides.
    pub fn handshake(&mut self, hello: &ClientOffer) -> Handshake {
        let mut decided = self.tampers().map(|tamper| tamper.handshake(hello));
        decided.find(|what| !matches!(what, Handshake::Through)).unwrap_or(Handshake::Through)
    }

    /// What becomes of octets that nobody here can read: the first tamper that does not let them through decides.
    pub fn veiled(&mut self, from: Side, length: usize) -> Veiled {
        let mut decided = self.tampers().map(|tamper| tamper.veiled(from, length));
        decided.find(|what| *what != Veiled::Through).unwrap_or(Veiled::Through)
    }

    /// A message reaches the tamper at a position; no position: it has left the middle.
    fn at(&mut self, position: Option<usize>, message: Message<'_>, origin: Origin, moves: &mut Done) {
        let place = position.and_then(|position| self.tampers.get_mut(position));
        let (Some(place), Some(position)) = (place, position) else {
            let (to, octets) = (message.from.other(), message.octets.to_vec());
            moves.push(Move::Deliver(Delivery { to, octets, origin }));
            return;
        };
        let [client, server] = &mut place.seen;
        let seen = if message.from == Side::Client { client } else { server };
        let number = *seen;
        *seen = number.saturating_add(1);
        let mut decided = Moves::default();
        place.tamper.message(Message { number, ..message }, &mut decided);
        self.take(position, message, origin, decided, moves);
    }

    /// Carries out what the tamper at a position decided about a message.
    fn take(
        &mut self,
        position: usize,
        message: Message<'_>,
        origin: Origin,
        decided: Moves,
        moves: &mut Done,
    ) {
        let from = message.from;
        for step in decided.0 {
            let onward = |to: Side| match to {
                Side::Server => position.checked_add(1),
                Side::Client => position.checked_sub(1),
            };
            let (to, octets, origin) = match step {
                Step::Pass => {
                    self.at(onward(from.other()), message, origin, moves);
                    continue;
                }
                Step::Replace(other) => {
                    let changed = if origin == Origin::Added { origin } else { Origin::Changed };
                    (from.other(), other, changed)
                }
                Step::Release(held) => (from.other(), held, Origin::Genuine),
                Step::Add(added) => (from.other(), added, Origin::Added),
                Step::Answer(answer) => (from, answer, Origin::Added),
                Step::Send(to, octets) => (to, octets, Origin::Added),
                Step::Tls(with) => {
                    moves.push(Move::Tls(with));
                    continue;
                }
                Step::Close => {
                    moves.push(Move::Close);
                    continue;
                }
            };
            let sent = Message { from: to.other(), octets: &octets, ..message };
            self.at(onward(to), sent, origin, moves);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Mark(u8);

    impl Tamper for Mark {
        fn message(&mut self, message: Message<'_>, moves: &mut Moves) {
            moves.replace([message.octets, &[self.0]].concat());
        }
    }

    struct Echo;

    impl Tamper for Echo {
        fn message(&mut self, message: Message<'_>, moves: &mut Moves) {
            moves.answer(message.octets.to_vec());
        }
    }

    fn delivered(relay: &mut Relay, from: Side) -> Vec<(Side, Vec<u8>, Origin)> {
        let moves = relay.message(from, Layer::Clear, b"x");
        moves
            .into_iter()
            .map(|m| match m {
                Move::Deliver(d) => (d.to, d.octets, d.origin),
                Move::Close | Move::Tls(_) => panic!("{m:?}"),
            })
            .collect()
    }

    #[test]
    fn an_empty_relay_leaves_octets_identical() {
        let expected = [(Side::Server, b"x".to_vec(), Origin::Genuine)];
        assert_eq!(delivered(&mut Relay::default(), Side::Client), expected);
    }

    #[test]
    fn tampers_act_in_path_order_and_an_answer_passes_those_it_goes_by() {
        let mut relay = Relay::new(vec![Box::new(Mark(b'1')), Box::new(Mark(b'2'))]);
        let changed = Origin::Changed;
        assert_eq!(delivered(&mut relay, Side::Client), [(Side::Server, b"x12".to_vec(), changed)]);
        assert_eq!(delivered(&mut relay, Side::Server), [(Side::Client, b"x21".to_vec(), changed)]);
        let mut relay = Relay::new(vec![Box::new(Mark(b'1')), Box::new(Echo)]);
        assert_eq!(delivered(&mut relay, Side::Client), [(Side::Client, b"x11".to_vec(), Origin::Added)]);
    }
}
