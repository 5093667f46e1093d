//! CRAM-MD5 (RFC 2195): the server sends a challenge, the client answers with its name and a keyed digest.

use super::{ClientExchange, Identity, Mechanism, Reveals, ServerExchange, Verdict};
use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use rand_core::RngCore;

/// The mechanism.
pub static MECHANISM: Mechanism = Mechanism {
    name: "CRAM-MD5",
    reveals: Reveals::Nothing,
    strength: 2,
    client_first: false,
    client: |identity, _| Box::new(Client(identity.clone())),
    server: |identity, seed| {
        let number = seed.generator(0xC4A).next_u32();
        Box::new(Server { challenge: format!("<{number}.1@{}>", identity.host), identity: identity.clone() })
    },
};

#[derive(Debug)]
struct Client(Identity);

impl ClientExchange for Client {
    fn answer(&mut self, challenge: &[u8]) -> Option<Vec<u8>> {
        (!challenge.is_empty()).then(|| response(&self.0, challenge))
    }
}

#[derive(Debug)]
struct Server {
    challenge: String,
    identity: Identity,
}

impl ServerExchange for Server {
    fn begin(&mut self) -> Vec<u8> {
        self.challenge.clone().into_bytes()
    }

    fn judge(&mut self, message: &[u8]) -> Verdict {
        if !message.contains(&b' ') {
            Verdict::Malformed
        } else if message == response(&self.identity, self.challenge.as_bytes()) {
            Verdict::Granted { authzid: String::new() }
        } else {
            Verdict::Refused
        }
    }
}

fn response(identity: &Identity, challenge: &[u8]) -> Vec<u8> {
    let mut text = format!("{} ", identity.user);
    if let Ok(mut mac) = Hmac::<Md5>::new_from_slice(identity.secret.reveal()) {
        mac.update(challenge);
        for octet in mac.finalize().into_bytes() {
            text.push_str(&format!("{octet:02x}"));
        }
    }
    text.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Secret;

    #[test]
    fn the_example_of_rfc_2195_section_2() {
        let identity = Identity {
            user: "tim".to_owned(),
            secret: Secret::new(b"tanstaaftanstaaf"),
            host: String::new(),
        };
        let challenge = b"<1896.697170952@postoffice.reston.mci.net>";
        assert_eq!(response(&identity, challenge), b"tim b913a602c7eda7a495b4e6e7334d3890");
    }
}
