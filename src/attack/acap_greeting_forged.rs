//! Sends the second greeting itself.

use super::{Attack, Deciding, Group, tamper};
use crate::base::{Protocol, Side};
use crate::harm::success;

static DECIDING: &[Deciding] = &[Deciding {
    protocols: &[Protocol::Acap],
    given: &["server.mechanisms=plain+scram-sha-256"],
    right: &[],
    wrong: &["client.keeps-buffer=on"],
}];

/// The attack.
pub static ATTACK: Attack = Attack {
    id: "acap-greeting-forged",
    title: "Greet in the server's stead",
    about: "Puts a greeting in the clear behind the answer to STARTTLS, where the one inside TLS is expected.",
    group: Group::Capabilities,
    known: &[],
    protocols: &[Protocol::Acap],
    switches: &[],
    build: |_, dialect| {
        let mut asked = false;
        tamper(move |message, moves| {
            moves.pass();
            if message.from == Side::Client {
                asked = dialect.starttls_tag(message.octets).is_some();
            } else if std::mem::take(&mut asked) {
                moves.add(b"* ACAP (SASL \"PLAIN\") (FORGED)\r\n".to_vec());
            }
        })
    },
    success: &success::FORGED_CAPABILITIES,
    deciding: DECIDING,
};
