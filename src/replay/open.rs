//! Where a recording ends to tell: the points at which its party has to decide something that the recording does not
//! show, what is missing to know it, and what is certain all the same.

use super::evidence::Evidence;
use crate::base::Side;

/// A decision that a recording does not show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Open {
    /// TLS is no longer offered to a client that took the offer.
    NotOffered,
    /// TLS is offered to a client that was never offered it.
    NowOffered,
    /// The request for TLS is refused, and was granted.
    Refused,
    /// The ban on clear-text logins is gone from the list of a client that upgraded under it.
    BanLifted,
    /// A ban on clear-text logins is listed, beside an offer of TLS that the client did not take without one.
    BanAdded,
    /// What is listed for a login outside TLS is another.
    LoginChanges,
    /// Two lists came, and they differ.
    TwoLists,
    /// Something came that nobody had asked for.
    Unasked,
    /// Octets stand behind the positive answer to the request for TLS.
    EarlyOctets,
    /// The greeting claims a login.
    Preauth,
    /// The greeting is another one.
    Greeting,
    /// A command was answered otherwise than in the recording.
    OtherAnswer(String),
    /// The certificate is not the one of the recording.
    Certificate,
    /// The handshake fails.
    HandshakeFails,
    /// The layer ended before the session did.
    LayerEnds,
    /// The connection closed before the session was over.
    Closed,
    /// No answer comes.
    Silence,
    /// Nobody decides: the run came to its limit in front of the recording's end.
    Limit,
    /// The server: octets came behind the request for TLS.
    KeptOctets,
    /// The server: a command that it was never sent.
    Unheard(String),
    /// The server: nobody has recorded it on this port.
    OtherPort,
    /// What was said inside TLS is not readable.
    Inside,
}

impl Open {
    /// Whose decision it is.
    #[must_use]
    pub fn side(&self) -> Side {
        match self {
            Self::KeptOctets | Self::Unheard(_) | Self::OtherPort | Self::Inside => Side::Server,
            _ => Side::Client,
        }
    }

    /// What happens that did not happen in the recording.
    #[must_use]
    pub fn happens(&self) -> String {
        match self {
            Self::NotOffered => "TLS is not offered to a client that had taken the offer.".to_owned(),
            Self::NowOffered => "TLS is offered to a client that had not been offered it.".to_owned(),
            Self::Refused => "The request for TLS is refused; in the recording it was granted.".to_owned(),
            Self::BanLifted => {
                "The ban on clear-text logins, under which the client had asked for TLS, is no longer listed."
                    .to_owned()
            }
            Self::BanAdded => {
                "A ban on clear-text logins is listed, which the recorded server did not have.".to_owned()
            }
            Self::LoginChanges => {
                "Other ways to log in outside TLS are listed than in the recording.".to_owned()
            }
            Self::TwoLists => "Two capability lists come that say different things.".to_owned(),
            Self::Unasked => "The server says something that answers nothing.".to_owned(),
            Self::EarlyOctets => {
                "Octets in the clear stand behind the positive answer to the request for TLS.".to_owned()
            }
            Self::Preauth => "The greeting claims that somebody is logged in.".to_owned(),
            Self::Greeting => "The greeting is of another kind than in the recording.".to_owned(),
            Self::OtherAnswer(name) => format!("{name} is answered otherwise than in the recording."),
            Self::Certificate => "The handshake ends at somebody with another certificate.".to_owned(),
            Self::HandshakeFails => "The handshake fails.".to_owned(),
            Self::LayerEnds => "TLS ends before the session does.".to_owned(),
            Self::Closed => "The connection is closed before the session is over.".to_owned(),
            Self::Silence => "No answer comes.".to_owned(),
            Self::Limit => "The run comes to its limit.".to_owned(),
            Self::KeptOctets => "The server gets octets in the clear behind the request for TLS.".to_owned(),
            Self::Unheard(name) => format!("The server gets {name}, which nobody sent it in the recording."),
            Self::OtherPort => "A connection is made to a port that was not recorded.".to_owned(),
            Self::Inside => "What the server says inside TLS is not readable in the recording.".to_owned(),
        }
    }

    /// The fact that is missing, and how to get it.
    #[must_use]
    pub fn missing(&self) -> &'static str {
        match self {
            Self::NotOffered => {
                "Whether the client goes on without TLS when none is offered. A recording against a server that offers none would show it."
            }
            Self::NowOffered => {
                "Whether the client takes an offer of TLS. A recording against a server that offers it would show it."
            }
            Self::Refused => {
                "Whether the client goes on without TLS when its request is refused. A recording of a refusal would show it."
            }
            Self::BanLifted => {
                "Whether the client asks for TLS also where a clear-text login is permitted. A recording against such a server would show it."
            }
            Self::BanAdded => {
                "Whether the client asks for TLS where a clear-text login is not permitted. A recording against such a server would show it."
            }
            Self::LoginChanges => {
                "Which way to log in the client chooses from another list. A recording against a server with that list would show it."
            }
            Self::TwoLists => "Which of the two lists the client believes.",
            Self::Unasked => "What the client makes of an answer to nothing.",
            Self::EarlyOctets => {
                "Whether the client throws these octets away, keeps them for the inside, or stops."
            }
            Self::Preauth => "Whether the client works in a session that it did not open.",
            Self::Greeting => "What the client does after such a greeting.",
            Self::OtherAnswer(_) => "How the client goes on after this answer.",
            Self::Certificate => {
                "Whether the client takes this certificate: the recording shows only that it took the server's own. Show it a wrong one and record that."
            }
            Self::HandshakeFails => "What the client does after a failed handshake.",
            Self::LayerEnds => "What the client does after the layer has ended.",
            Self::Closed => "Whether the client connects again, and how.",
            Self::Silence => "How long the client waits, and what it does then.",
            Self::Limit => "What comes then.",
            Self::KeptOctets => {
                "Whether the server throws these octets away, keeps them for the inside, or fails. Send it a line behind STARTTLS and record that."
            }
            Self::Unheard(_) => "What the server answers to this command.",
            Self::OtherPort => "What the server does on this port.",
            Self::Inside => "What the server says inside TLS. A key log of the recording would show it.",
        }
    }

    /// What is certain all the same about a session that stops being known here. `began`: a handshake has begun;
    /// `granted`: a request for TLS that is made all the same may be granted.
    #[must_use]
    pub(super) fn leaves(&self, evidence: Evidence, began: bool, granted: bool) -> Certain {
        let Evidence { heedless, unoffered, routine, .. } = evidence;
        // Who minds nothing does anything.
        if heedless && !began {
            return Certain::NOTHING;
        }
        match self {
            // Who asks all the same gets TLS.
            Self::NotOffered if granted => Certain::NOTHING,
            // Without the server's leave no handshake begins (RFC 2595 section 2.5): the client stops or goes on in the
            // clear, which is the question.
            Self::NotOffered | Self::Refused => Certain { tls: true, ..Certain::NOTHING },
            // The upgrade belongs to the time before a login (RFC 9051 section 6.2.1), and so does every login.
            Self::Preauth if unoffered => Certain::NOTHING,
            Self::Preauth => Certain { tls: true, password: true, commands: false },
            // A client that did not ask for TLS where it was offered, or was not offered it, does not ask now.
            Self::LoginChanges => Certain { tls: true, ..Certain::NOTHING },
            Self::Greeting if evidence.declines => Certain { tls: true, ..Certain::NOTHING },
            // After its positive answer the server waits for a handshake and reads nothing else.
            Self::EarlyOctets => Certain { password: true, ..Certain::NOTHING },
            // Whatever comes of the handshake, nothing follows it in the clear on this connection: both ends close when
            // it fails (RFC 5246 section 7.2.2, RFC 8446 section 6.2). A goodbye by routine may still slip out.
            Self::Certificate | Self::HandshakeFails | Self::LayerEnds | Self::KeptOctets => {
                Certain { tls: true, password: true, commands: !routine }
            }
            Self::Inside => Certain::ALL,
            // Whoever is not answered any more on this connection says nothing more on it.
            Self::Closed if began => Certain::ALL,
            _ if began => Certain { tls: true, password: true, commands: !routine },
            // Nobody who asks for TLS here gets it.
            _ if !granted => Certain { tls: true, ..Certain::NOTHING },
            _ => Certain::NOTHING,
        }
    }

    /// Whether this is no matter for a client that is told to use TLS where it is offered, and has done so: it knows the
    /// offer by asking, and neither a ban on logins nor the ways to log in decide about TLS.
    #[must_use]
    pub(super) fn indifferent(&self) -> bool {
        matches!(self, Self::Greeting | Self::BanLifted | Self::BanAdded | Self::LoginChanges)
    }
}

/// Which facts of a session are certain: they are what they were where the recording ended to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Certain {
    pub(super) tls: bool,
    pub(super) commands: bool,
    pub(super) password: bool,
}

impl Certain {
    pub(super) const ALL: Self = Self { tls: true, commands: true, password: true };
    pub(super) const NOTHING: Self = Self { tls: false, commands: false, password: false };
}
