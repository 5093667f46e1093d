//! Somebody who ends TLS himself towards the client, with a certificate of his choice, and passes on what he reads.

use super::{Handshake, Message, Moves, Tamper};
use crate::tls::{Certificate, ClientOffer, ServerOffer};

/// A certificate for a host of the attacker's own, which anybody can get.
pub(super) const OWN_HOST: &str = "evil.example";

/// Makes an impostor that presents what a function gives for a client's hello.
pub(super) fn impostor(present: impl Fn(&ClientOffer) -> Certificate + 'static) -> Box<dyn Tamper> {
    offering(move |hello| ServerOffer::good(present(hello)))
}

/// Makes an impostor with a whole offer of its own.
pub(super) fn offering(offer: impl Fn(&ClientOffer) -> ServerOffer + 'static) -> Box<dyn Tamper> {
    Box::new(Impostor { offer })
}

struct Impostor<F> {
    offer: F,
}

impl<F: Fn(&ClientOffer) -> ServerOffer> Tamper for Impostor<F> {
    fn message(&mut self, _message: Message<'_>, moves: &mut Moves) {
        moves.pass();
    }

    fn handshake(&mut self, hello: &ClientOffer) -> Handshake {
        Handshake::End(Box::new((self.offer)(hello)))
    }
}
