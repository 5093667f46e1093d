//! LOGIN: nonstandard and clear text. The server asks for the name, then for the password.

use super::{ClientExchange, Identity, Mechanism, Reveals, ServerExchange, Verdict};

/// The mechanism.
pub static MECHANISM: Mechanism = Mechanism {
    name: "LOGIN",
    reveals: Reveals::Password,
    strength: 0,
    client_first: false,
    client: |identity, _| Box::new(Client { identity: identity.clone(), named: false }),
    server: |identity, _| Box::new(Server { identity: identity.clone(), user: None }),
};

#[derive(Debug)]
struct Client {
    identity: Identity,
    named: bool,
}

impl ClientExchange for Client {
    fn answer(&mut self, _challenge: &[u8]) -> Option<Vec<u8>> {
        if std::mem::replace(&mut self.named, true) {
            return Some(self.identity.secret.reveal().to_vec());
        }
        Some(self.identity.user.clone().into_bytes())
    }
}

#[derive(Debug)]
struct Server {
    identity: Identity,
    user: Option<Vec<u8>>,
}

impl ServerExchange for Server {
    fn begin(&mut self) -> Vec<u8> {
        b"Username:".to_vec()
    }

    fn judge(&mut self, message: &[u8]) -> Verdict {
        let Some(user) = self.user.take() else {
            self.user = Some(message.to_vec());
            return Verdict::Challenge(b"Password:".to_vec());
        };
        if user == self.identity.user.as_bytes() && message == self.identity.secret.reveal() {
            Verdict::Granted { authzid: String::new() }
        } else {
            Verdict::Refused
        }
    }
}
