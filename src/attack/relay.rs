//! The middle as a relay: messages go in on one hop, moves come out on either.

use crate::base::{Origin, Side};
use crate::tls::Failure;

/// A message on its way outside TLS.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    /// The end that it comes from, or pretends to come from.
    pub from: Side,
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
}

/// What a tamper decides about one message, in order. What goes the same way leaves in the same segment.
#[derive(Debug, Default)]
pub struct Moves(Vec<Step>);

#[derive(Debug)]
enum Step {
    Pass,
    Replace(Vec<u8>),
    Release(Vec<u8>),
    Add(Vec<u8>),
    Answer(Vec<u8>),
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

/// Something on the path that sees every message outside TLS.
pub trait Tamper {
    /// Decides about one message.
    fn message(&mut self, message: Message<'_>, moves: &mut Moves);

    /// Decides about a handshake that both ends are about to begin: what each end finds instead, or nothing to let it
    /// pass.
    fn handshake(&mut self) -> Option<Failure> {
        None
    }

    /// A fresh connection begins.
    fn connected(&mut self) {}

    /// Decides about a TLS record of application data from one end: true damages it, which ends the session.
    fn damages(&mut self, _from: Side) -> bool {
        false
    }
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
    pub fn message(&mut self, from: Side, octets: &[u8]) -> Vec<Move> {
        let mut moves = Vec::new();
        let first = match from {
            Side::Client => Some(0),
            Side::Server => self.tampers.len().checked_sub(1),
        };
        self.at(first, from, octets.to_vec(), Origin::Genuine, &mut moves);
        moves
    }

    /// What the middle does to a handshake: the first tamper that breaks it decides.
    pub fn handshake(&mut self) -> Option<Failure> {
        self.tampers.iter_mut().find_map(|place| place.tamper.handshake())
    }

    /// Whether a TLS record from one end is damaged on its way.
    pub fn damages(&mut self, from: Side) -> bool {
        self.tampers.iter_mut().any(|place| place.tamper.damages(from))
    }

    /// A message from `from` reaches the tamper at a position; no position: it has left the middle.
    fn at(
        &mut self,
        position: Option<usize>,
        from: Side,
        octets: Vec<u8>,
        origin: Origin,
        moves: &mut Vec<Move>,
    ) {
        let place = position.and_then(|position| self.tampers.get_mut(position));
        let (Some(place), Some(position)) = (place, position) else {
            moves.push(Move::Deliver(Delivery { to: from.other(), octets, origin }));
            return;
        };
        let [client, server] = &mut place.seen;
        let seen = if from == Side::Client { client } else { server };
        let number = *seen;
        *seen = number.saturating_add(1);
        let mut decided = Moves::default();
        place.tamper.message(Message { from, octets: &octets, number }, &mut decided);
        let (onward, back) = match from {
            Side::Client => (position.checked_add(1), position.checked_sub(1)),
            Side::Server => (position.checked_sub(1), position.checked_add(1)),
        };
        for step in decided.0 {
            match step {
                Step::Pass => self.at(onward, from, octets.clone(), origin, moves),
                Step::Replace(other) => {
                    let origin = if origin == Origin::Added { origin } else { Origin::Changed };
                    self.at(onward, from, other, origin, moves);
                }
                Step::Release(held) => self.at(onward, from, held, Origin::Genuine, moves),
                Step::Add(added) => self.at(onward, from, added, Origin::Added, moves),
                Step::Answer(answer) => self.at(back, from.other(), answer, Origin::Added, moves),
                Step::Close => moves.push(Move::Close),
            }
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
        let moves = relay.message(from, b"x");
        moves
            .into_iter()
            .map(|m| match m {
                Move::Deliver(d) => (d.to, d.octets, d.origin),
                Move::Close => panic!("closed"),
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
