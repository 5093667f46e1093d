//! Bearer tokens: OAUTHBEARER (RFC 7628) and the vendor mechanism XOAUTH2. No password crosses, but the token works
//! like one for whoever reads it.

use super::{ClientExchange, Identity, Mechanism, Reveals, ServerExchange, Verdict};

/// OAUTHBEARER.
pub static OAUTHBEARER: Mechanism = Mechanism {
    name: "OAUTHBEARER",
    reveals: Reveals::Token,
    strength: 1,
    client_first: true,
    client: |identity, _| Box::new(Client { message: bearer(identity), sent: false }),
    server: |identity, _| Box::new(Server { expected: bearer(identity), prefix: b"n,", failed: false }),
};

/// XOAUTH2.
pub static XOAUTH2: Mechanism = Mechanism {
    name: "XOAUTH2",
    reveals: Reveals::Token,
    strength: 1,
    client_first: true,
    client: |identity, _| Box::new(Client { message: xoauth2(identity), sent: false }),
    server: |identity, _| Box::new(Server { expected: xoauth2(identity), prefix: b"user=", failed: false }),
};

fn token(identity: &Identity) -> Vec<u8> {
    [b"auth=Bearer ", identity.secret.reveal(), b"\x01\x01"].concat()
}

fn bearer(identity: &Identity) -> Vec<u8> {
    let head = format!("n,a={},\u{1}host={}\u{1}", identity.user, identity.host);
    [head.as_bytes(), &token(identity)].concat()
}

fn xoauth2(identity: &Identity) -> Vec<u8> {
    [format!("user={}\u{1}", identity.user).as_bytes(), &token(identity)].concat()
}

#[derive(Debug)]
struct Client {
    message: Vec<u8>,
    sent: bool,
}

impl ClientExchange for Client {
    fn answer(&mut self, _challenge: &[u8]) -> Option<Vec<u8>> {
        // A second challenge is the server's account of what went wrong; it is answered with next to nothing.
        Some(if std::mem::replace(&mut self.sent, true) {
            b"\x01".to_vec()
        } else {
            std::mem::take(&mut self.message)
        })
    }
}

#[derive(Debug)]
struct Server {
    expected: Vec<u8>,
    prefix: &'static [u8],
    failed: bool,
}

impl ServerExchange for Server {
    fn begin(&mut self) -> Vec<u8> {
        Vec::new()
    }

    fn judge(&mut self, message: &[u8]) -> Verdict {
        if self.failed {
            return Verdict::Refused;
        }
        if message == self.expected {
            return Verdict::Granted { authzid: String::new() };
        }
        self.failed = true;
        if message.starts_with(self.prefix) {
            Verdict::Challenge(b"{\"status\":\"invalid_token\"}".to_vec())
        } else {
            Verdict::Malformed
        }
    }
}
