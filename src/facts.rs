//! The facts of a session: computed once from its events, read by reports and rules.

use crate::base::Side;
use crate::tls::Version;
use crate::trace::Trace;
use serde::Serialize;

/// What happened, as far as it can be seen; `None` where it cannot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Facts {
    /// STARTTLS or STLS stood in any capability list that the client had got when TLS began or when it first tried
    /// to log in; `None` if it had got no list.
    pub starttls_advertised: Option<bool>,
    /// The client asked for the upgrade.
    pub starttls_sent: Option<bool>,
    /// The status word of the answer: `ok`, `no`, `bad`, `err`; `none`: sent and unanswered; `None`: never sent.
    pub starttls_answer: Option<&'static str>,
    /// How a handshake began on this wire: `none`, `starttls` or `implicit`.
    pub tls: Option<&'static str>,
    /// The handshake was completed.
    pub tls_established: Option<bool>,
    /// Its version.
    pub tls_version: Option<Version>,
    /// Its suite.
    pub tls_cipher: Option<String>,
    /// LOGINDISABLED, like `starttls_advertised`; `None` in POP3, which has none.
    pub logindisabled_advertised: Option<bool>,
    /// A password or bearer token, or a form that decodes to one, left the client outside TLS.
    pub credential_in_clear: Option<bool>,
    /// The mechanisms or commands that showed it, in order.
    pub credential_mechanisms: Option<Vec<String>>,
    /// The names of the commands that the client sent outside TLS, in order.
    pub commands_in_clear: Option<Vec<String>>,
    /// The client asked for capabilities inside TLS.
    pub capability_reissued_after_tls: Option<bool>,
    /// Octets of the client between the line that asked for the upgrade and the handshake.
    pub early_bytes_from_client: Option<u64>,
    /// Octets of the server between its positive answer and the handshake.
    pub early_bytes_from_server: Option<u64>,
    /// The greeting claimed an authenticated session.
    pub preauth: Option<bool>,
    /// A positive answer came to the client's own login command.
    pub authenticated: Option<bool>,
}

impl Facts {
    /// Reads the facts from the leg of one side.
    #[must_use]
    pub fn of(_trace: &Trace, _side: Side) -> Self {
        Self::default()
    }
}
