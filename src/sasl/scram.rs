//! SCRAM-SHA-256 without channel binding (RFC 5802, RFC 7677): neither end shows the password, and each proves to the
//! other that it knows it.

use super::{ClientExchange, Identity, Mechanism, Reveals, ServerExchange, Verdict};
use crate::base::Seed;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use rand_core::RngCore;
use sha2::{Digest, Sha256};

/// The iteration count that RFC 7677 section 4 asks for at least.
const ITERATIONS: u32 = 4096;

/// More iterations than this a client does not do for anybody.
const ITERATION_LIMIT: u32 = 100_000;

/// The mechanism.
pub static MECHANISM: Mechanism = Mechanism {
    name: "SCRAM-SHA-256",
    reveals: Reveals::Nothing,
    strength: 3,
    client_first: true,
    client: |identity, seed| {
        Box::new(Client { identity: identity.clone(), nonce: nonce(seed, 0x5C1), stage: ClientStage::First })
    },
    server: |identity, seed| {
        let salt = STANDARD.encode(nonce(seed, 0x5C3));
        Box::new(Server {
            identity: identity.clone(),
            nonce: nonce(seed, 0x5C2),
            salt,
            stage: ServerStage::First,
        })
    },
};

fn nonce(seed: Seed, purpose: u64) -> String {
    let mut generator = seed.generator(purpose);
    format!("{:08x}{:08x}", generator.next_u32(), generator.next_u32())
}

fn hmac(key: &[u8], text: &[u8]) -> [u8; 32] {
    let mut output = [0; 32];
    if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) {
        mac.update(text);
        output.copy_from_slice(&mac.finalize().into_bytes());
    }
    output
}

/// Client proof and server signature (RFC 5802 section 3).
fn keys(
    password: &[u8],
    salt: &[u8],
    iterations: u32,
    auth_message: &[u8],
) -> ([u8; 32], [u8; 32], [u8; 32]) {
    let salted = pbkdf2::pbkdf2_hmac_array::<Sha256, 32>(password, salt, iterations);
    let client_key = hmac(&salted, b"Client Key");
    let stored: [u8; 32] = Sha256::digest(client_key).into();
    let signature = hmac(&stored, auth_message);
    let mut proof = client_key;
    for (octet, mask) in proof.iter_mut().zip(signature) {
        *octet ^= mask;
    }
    let server = hmac(&hmac(&salted, b"Server Key"), auth_message);
    (proof, server, stored)
}

fn attribute<'a>(message: &'a str, name: &str) -> Option<&'a str> {
    message.split(',').find_map(|part| part.strip_prefix(name)?.strip_prefix('='))
}

fn saslname(user: &str) -> String {
    user.replace('=', "=3D").replace(',', "=2C")
}

#[derive(Debug)]
enum ClientStage {
    First,
    Final { bare: String },
    Done { server_signature: [u8; 32] },
    Over,
}

#[derive(Debug)]
struct Client {
    identity: Identity,
    nonce: String,
    stage: ClientStage,
}

impl ClientExchange for Client {
    fn answer(&mut self, challenge: &[u8]) -> Option<Vec<u8>> {
        match std::mem::replace(&mut self.stage, ClientStage::Over) {
            ClientStage::First => {
                let bare = format!("n={},r={}", saslname(&self.identity.user), self.nonce);
                let message = format!("n,,{bare}").into_bytes();
                self.stage = ClientStage::Final { bare };
                Some(message)
            }
            ClientStage::Final { bare } => {
                let server_first = std::str::from_utf8(challenge).ok()?;
                let nonce = attribute(server_first, "r").filter(|nonce| nonce.starts_with(&self.nonce))?;
                let salt = STANDARD.decode(attribute(server_first, "s")?).ok()?;
                let iterations: u32 = attribute(server_first, "i")?.parse().ok()?;
                if !(1..=ITERATION_LIMIT).contains(&iterations) {
                    return None;
                }
                let without_proof = format!("c=biws,r={nonce}");
                let auth_message = format!("{bare},{server_first},{without_proof}");
                let (proof, server_signature, _) =
                    keys(self.identity.secret.reveal(), &salt, iterations, auth_message.as_bytes());
                self.stage = ClientStage::Done { server_signature };
                Some(format!("{without_proof},p={}", STANDARD.encode(proof)).into_bytes())
            }
            ClientStage::Done { server_signature } => {
                let message = std::str::from_utf8(challenge).ok()?;
                let signature = STANDARD.decode(attribute(message, "v")?).ok()?;
                (signature == server_signature).then(Vec::new)
            }
            ClientStage::Over => None,
        }
    }
}

#[derive(Debug)]
enum ServerStage {
    First,
    Final { bare: String, server_first: String, nonce: String, known: bool },
    Confirmed,
    Over,
}

#[derive(Debug)]
struct Server {
    identity: Identity,
    nonce: String,
    salt: String,
    stage: ServerStage,
}

impl ServerExchange for Server {
    fn begin(&mut self) -> Vec<u8> {
        Vec::new()
    }

    fn judge(&mut self, message: &[u8]) -> Verdict {
        let stage = std::mem::replace(&mut self.stage, ServerStage::Over);
        let Ok(text) = std::str::from_utf8(message) else { return Verdict::Malformed };
        match stage {
            ServerStage::First => {
                // Neither "p=" (channel binding is not offered) nor an identity to act for is taken.
                let Some(bare) = text.strip_prefix("n,,").or_else(|| text.strip_prefix("y,,")) else {
                    return Verdict::Malformed;
                };
                let (Some(user), Some(client)) = (attribute(bare, "n"), attribute(bare, "r")) else {
                    return Verdict::Malformed;
                };
                let known = user == saslname(&self.identity.user);
                let nonce = format!("{client}{}", self.nonce);
                let server_first = format!("r={nonce},s={},i={ITERATIONS}", self.salt);
                let challenge = server_first.clone().into_bytes();
                self.stage = ServerStage::Final { bare: bare.to_owned(), server_first, nonce, known };
                Verdict::Challenge(challenge)
            }
            ServerStage::Final { bare, server_first, nonce, known } => {
                let Some((without_proof, proof)) = text.rsplit_once(",p=") else { return Verdict::Malformed };
                let binding = attribute(text, "c").is_some_and(|c| c == "biws" || c == "eSws");
                let (true, Ok(proof), Ok(salt)) = (
                    binding && attribute(text, "r") == Some(&nonce),
                    STANDARD.decode(proof),
                    STANDARD.decode(&self.salt),
                ) else {
                    return Verdict::Malformed;
                };
                // Nobody else's proof is worth thousands of iterations.
                if !known {
                    return Verdict::Refused;
                }
                let auth_message = format!("{bare},{server_first},{without_proof}");
                let (expected, signature, _) =
                    keys(self.identity.secret.reveal(), &salt, ITERATIONS, auth_message.as_bytes());
                if proof != expected {
                    return Verdict::Refused;
                }
                self.stage = ServerStage::Confirmed;
                Verdict::Challenge(format!("v={}", STANDARD.encode(signature)).into_bytes())
            }
            ServerStage::Confirmed if message.is_empty() => Verdict::Granted { authzid: String::new() },
            ServerStage::Confirmed | ServerStage::Over => Verdict::Malformed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Secret;

    #[test]
    fn the_example_of_rfc_7677_section_3() {
        let identity =
            Identity { user: "user".to_owned(), secret: Secret::new(b"pencil"), host: String::new() };
        let mut client =
            Client { identity, nonce: "rOprNGfwEbeRWgbNEkqO".to_owned(), stage: ClientStage::First };
        assert_eq!(client.answer(b"").unwrap(), b"n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
        let first = b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
        assert_eq!(
            String::from_utf8(client.answer(first).unwrap()).unwrap(),
            "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
        );
        assert_eq!(client.answer(b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=").unwrap(), b"");
    }

    #[test]
    fn a_server_that_does_not_know_the_password_cannot_confirm() {
        let identity = |secret: &[u8]| Identity {
            user: "tim".to_owned(),
            secret: Secret::new(secret),
            host: String::new(),
        };
        let mut client = (MECHANISM.client)(&identity(b"right"), Seed(1));
        client.answer(b"").unwrap();
        client.answer(format!("r={}x,s=AAAA,i=4096", nonce(Seed(1), 0x5C1)).as_bytes()).unwrap();
        assert_eq!(client.answer(b"v=AAAA"), None);
    }
}
