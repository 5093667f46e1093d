//! EXTERNAL (RFC 4422 appendix A): who the client is comes from elsewhere, here from its TLS certificate.

use super::{ClientExchange, Identity, Mechanism, Reveals, ServerExchange, Verdict};

/// The mechanism.
pub static MECHANISM: Mechanism = Mechanism {
    name: "EXTERNAL",
    reveals: Reveals::Nothing,
    strength: 4,
    client_first: true,
    client: |_, _| Box::new(Client),
    server: |identity, _| Box::new(Server(identity.clone())),
};

#[derive(Debug)]
struct Client;

impl ClientExchange for Client {
    fn answer(&mut self, _challenge: &[u8]) -> Option<Vec<u8>> {
        Some(Vec::new())
    }
}

#[derive(Debug)]
struct Server(Identity);

impl ServerExchange for Server {
    fn begin(&mut self) -> Vec<u8> {
        Vec::new()
    }

    fn judge(&mut self, message: &[u8]) -> Verdict {
        match std::str::from_utf8(message) {
            Ok(text) if text.contains('\0') => Verdict::Malformed,
            Ok(text) if text.is_empty() || text == self.0.user => {
                Verdict::Granted { authzid: text.to_owned() }
            }
            Ok(_) => Verdict::Refused,
            Err(_) => Verdict::Malformed,
        }
    }
}
