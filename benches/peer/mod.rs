//! imap-codec, the parser of others that the benchmarks are measured against and a test asks for a second opinion.

use imap_codec::decode::Decoder;
use imap_codec::{AuthenticateDataCodec, CommandCodec, GreetingCodec, IdleDoneCodec, ResponseCodec};
use starttls_lab::base::Side;
use starttls_lab::trace::{Event, EventKind};
use std::fmt::Debug;
use std::hint::black_box;

/// What imap-codec has to be told about a message, because it cannot tell itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum As {
    Greeting,
    Command,
    AuthenticateData,
    Done,
    Response,
}

impl As {
    /// What the message is that an event tells of.
    #[allow(dead_code, reason = "the benchmark of logs writes its messages itself")]
    pub fn of(event: &Event) -> Self {
        match (event.from, &event.kind) {
            (_, EventKind::Greeting(_)) => Self::Greeting,
            (_, EventKind::AuthStep { .. }) => Self::AuthenticateData,
            (_, EventKind::Done { .. }) => Self::Done,
            (Side::Client, _) => Self::Command,
            (Side::Server, _) => Self::Response,
        }
    }
}

/// Reads all of a message; otherwise what is left over or wrong.
pub fn read(octets: &[u8], how: As) -> Result<(), String> {
    fn all<T, E: Debug>(result: Result<(&[u8], T), E>) -> Result<(), String> {
        match result {
            Ok((b"", message)) => {
                drop(black_box(message));
                Ok(())
            }
            Ok((rest, _)) => Err(format!("leaves {}", rest.escape_ascii())),
            Err(error) => Err(format!("{error:?}")),
        }
    }
    match how {
        As::Greeting => all(GreetingCodec::default().decode(octets)),
        As::Command => all(CommandCodec::default().decode(octets)),
        As::AuthenticateData => all(AuthenticateDataCodec::default().decode(octets)),
        As::Done => all(IdleDoneCodec::default().decode(octets)),
        As::Response => all(ResponseCodec::default().decode(octets)),
    }
}
