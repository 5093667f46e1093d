//! EXTERNAL (RFC 4422 appendix A): who the client is comes from elsewhere, here from its TLS certificate.

use super::{ClientExchange, Mechanism, Reveals, ServerExchange, Verdict};

/// The mechanism.
pub static MECHANISM: Mechanism = Mechanism {
    name: "EXTERNAL",
    reveals: Reveals::Nothing,
    strength: 4,
    client_first: true,
    client: |_, _| Box::new(Client(String::new())),
    server: |_, _| Box::new(Server),
};

/// The client's end for somebody who acts for another user: the message names that user.
#[must_use]
pub fn acting_for(user: &str) -> Box<dyn ClientExchange> {
    Box::new(Client(user.to_owned()))
}

/// Whom to act for; empty: for the one that the certificate names.
#[derive(Debug)]
struct Client(String);

impl ClientExchange for Client {
    fn answer(&mut self, _challenge: &[u8]) -> Option<Vec<u8>> {
        Some(self.0.clone().into_bytes())
    }
}

#[derive(Debug)]
struct Server;

impl ServerExchange for Server {
    fn begin(&mut self) -> Vec<u8> {
        Vec::new()
    }

    fn judge(&mut self, message: &[u8]) -> Verdict {
        match std::str::from_utf8(message) {
            Ok(text) if text.contains('\0') => Verdict::Malformed,
            // Whether one may act for the other is the server's decision.
            Ok(text) => Verdict::Granted { authzid: text.to_owned() },
            Err(_) => Verdict::Malformed,
        }
    }
}
