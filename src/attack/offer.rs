//! Adds mechanisms that show the password to what the server lists, as tools in the middle do that want one.

use super::kit::Stack;
use super::{Message, Moves, Relay, Tamper};
use crate::base::{OFF_ON, Protocol, Side, Switches, switch};
use crate::proto::Dialect;

switch!(
    Middle OFFER,
    "offer",
    Setting,
    OFF_ON,
    &[],
    "Offers PLAIN and LOGIN",
    "Adds the mechanisms PLAIN and LOGIN, and in POP3 USER, to what the server lists, whether it takes them or not."
);

/// Puts the offer in front of a tamper, if the attack is set so.
pub(super) fn with_offer(
    switches: &Switches,
    dialect: &'static Dialect,
    tamper: Box<dyn Tamper>,
) -> Box<dyn Tamper> {
    if !switches.on(&OFFER) {
        return tamper;
    }
    Box::new(Stack(Relay::new(vec![Box::new(Offer { dialect }), tamper])))
}

struct Offer {
    dialect: &'static Dialect,
}

impl Offer {
    /// A server's list with the mechanisms that it lacks; in POP3 and ACAP they stand in the place of its own.
    fn offering(&self, octets: &[u8]) -> Option<Vec<u8>> {
        let items = (self.dialect.items)(octets)?;
        if self.dialect.protocol == Protocol::Imap {
            let lacks = |item: &&str| !items.iter().any(|listed| listed.eq_ignore_ascii_case(item));
            let missing: Vec<_> = ["AUTH=PLAIN", "AUTH=LOGIN"].into_iter().filter(lacks).collect();
            return (self.dialect.with_items)(octets, &missing);
        }
        let own = (self.dialect.without_capabilities)(octets, &|word| matches!(word, "SASL" | "USER"));
        let own = own.as_deref().unwrap_or(octets);
        let user: &[&str] = if self.dialect.protocol == Protocol::Pop3 { &["USER"] } else { &[] };
        (self.dialect.with_items)(own, &[user, &["SASL PLAIN LOGIN"]].concat())
    }
}

impl Tamper for Offer {
    fn message(&mut self, message: Message<'_>, moves: &mut Moves) {
        let offered = (message.from == Side::Server).then(|| self.offering(message.octets)).flatten();
        match offered {
            Some(octets) => moves.replace(octets),
            None => moves.pass(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attack::Move;
    use crate::base::Layer;
    use crate::proto;

    #[test]
    fn what_is_missing_is_added_once_in_every_protocol() {
        for (protocol, listed, seen) in [
            (
                Protocol::Imap,
                "* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n",
                "* CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=LOGIN\r\n",
            ),
            (Protocol::Imap, "* OK hello\r\n", "* OK hello\r\n"),
            (
                Protocol::Pop3,
                "+OK\r\nSASL CRAM-MD5\r\nUIDL\r\n.\r\n",
                "+OK\r\nUIDL\r\nUSER\r\nSASL PLAIN LOGIN\r\n.\r\n",
            ),
        ] {
            let mut relay =
                Relay::new(vec![Box::new(Offer { dialect: proto::find(protocol).unwrap().dialect })]);
            let moves = relay.message(Side::Server, Layer::Clear, listed.as_bytes());
            let Some(Move::Deliver(delivery)) = moves.first() else { panic!("nothing delivered") };
            assert_eq!(String::from_utf8_lossy(&delivery.octets), seen);
        }
    }
}
