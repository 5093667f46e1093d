//! What kinds of attacks there are, and where they are told of.

/// A kind of attack, by what it works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// The offer of TLS, the request for it and the handshake.
    Negotiation,
    /// Mechanisms and capabilities.
    Capabilities,
    /// Octets that wait over the beginning of TLS.
    Injection,
    /// Words for people, and where they lead.
    Texts,
    /// Who the server is.
    Certificates,
    /// Versions, suites and the ends of a layer.
    Layer,
    /// Passwords, accounts and ports.
    Passwords,
    /// One connection for several users.
    Reuse,
}

impl Group {
    /// All of them, in the order of the list.
    pub const ALL: [Self; 8] = [
        Self::Negotiation,
        Self::Capabilities,
        Self::Injection,
        Self::Texts,
        Self::Certificates,
        Self::Layer,
        Self::Passwords,
        Self::Reuse,
    ];

    /// Its name in a list.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Negotiation => "Keep TLS from coming up",
            Self::Capabilities => "Change what is offered",
            Self::Injection => "Smuggle bytes into TLS",
            Self::Texts => "Deceive by words",
            Self::Certificates => "Pretend to be the server",
            Self::Layer => "Weaken or end TLS",
            Self::Passwords => "Passwords and accounts",
            Self::Reuse => "Reuse a connection",
        }
    }
}

/// The study of STARTTLS by Poddebniak, Ising, Boeck and Schinzel.
pub(super) const USENIX: &str = "“Why TLS is better without STARTTLS”, USENIX Security 2021";

/// The study of mail clients by Tang, Tu, Mak and Chau.
pub(super) const NDSS: &str = "“A Multifaceted Study on the Use of TLS and Auto-detect”, NDSS 2025";
