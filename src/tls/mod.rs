//! The modelled handshake: what each end offers and demands, what comes out, and what each learns of the other.
//! A real engine can stand behind the same two values: [`Offer`] goes in, [`Facts`] or [`Failure`] comes out.

mod certificate;
mod handshake;
pub mod identity;
pub mod suites;

pub use certificate::{Acceptance, Certificate, Checks, ClientCertificate, NameCheck, Verification};
pub use handshake::{
    ClientOffer, GOOD_VERSIONS, Offer, OnFault, ServerOffer, edited, good_suites, handshake,
};
pub use identity::Reference;

use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// A protocol version of TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
pub enum Version {
    /// RFC 2246, forbidden today by RFC 8996.
    #[serde(rename = "TLSv1.0")]
    Tls10,
    /// RFC 4346, forbidden today by RFC 8996.
    #[serde(rename = "TLSv1.1")]
    Tls11,
    /// RFC 5246.
    #[serde(rename = "TLSv1.2")]
    Tls12,
    /// RFC 8446.
    #[serde(rename = "TLSv1.3")]
    Tls13,
}

impl Version {
    /// The name that logs and reports use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Tls10 => "TLSv1.0",
            Self::Tls11 => "TLSv1.1",
            Self::Tls12 => "TLSv1.2",
            Self::Tls13 => "TLSv1.3",
        }
    }

    /// Reads a version as logs write it.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Tls10, Self::Tls11, Self::Tls12, Self::Tls13].into_iter().find(|v| v.name() == name)
    }
}

/// What a completed handshake established, as one end saw it. What that end cannot know is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The version, where known.
    pub version: Option<Version>,
    /// The suite's IANA name, where known.
    pub cipher: Option<String>,
    /// The certificate that the server side presented, where known.
    #[serde(with = "shared")]
    pub certificate: Option<Arc<Certificate>>,
    /// The names that the client looked for in it and where it had them from; the first is the main one. Empty where
    /// not known.
    pub references: Vec<Reference>,
    /// What the client made of the certificate, where known.
    pub verification: Option<Verification>,
    /// Whether the server side asked for a certificate of the client, where known.
    pub client_certificate_asked: Option<bool>,
    /// The certificate that the client showed.
    pub client_certificate: Option<ClientCertificate>,
    /// The application protocols that were named, where known.
    pub application: Option<Box<Application>>,
    /// What a recording shows of names.
    pub recorded: Option<Box<Recorded>>,
    /// The layer ends at somebody in the middle. Only a simulation knows; it tells what was gained by whom, and no rule
    /// may read it.
    #[serde(skip)]
    pub ends_at_middle: bool,
}

impl Facts {
    /// The name that the client mainly looked for, where known.
    #[must_use]
    pub fn reference(&self) -> Option<&str> {
        self.references.first().map(|reference| reference.name.as_str())
    }

    /// The same handshake as the server saw it: it does not learn what the client checked.
    #[must_use]
    pub fn at_server(self) -> Self {
        Self { references: Vec::new(), verification: None, ..self }
    }
}

/// What is shared is written as if it were not.
mod shared {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use std::sync::Arc;

    pub(super) fn serialize<T: Serialize, S: Serializer>(
        value: &Option<Arc<T>>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        value.as_deref().serialize(to)
    }

    pub(super) fn deserialize<'a, T: Deserialize<'a>, D: Deserializer<'a>>(
        from: D,
    ) -> Result<Option<Arc<T>>, D::Error> {
        Option::deserialize(from).map(|value| value.map(Arc::new))
    }
}

/// The application protocols that the two ends named in a handshake (ALPN, RFC 7301).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    /// Those that the client would speak; none if it did not say.
    pub offered: Vec<String>,
    /// The one that the server chose.
    pub chosen: Option<String>,
}

/// What a recording shows of names in a handshake.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// The host that the client asked for (server_name, RFC 6066 section 3).
    pub server_name: Option<String>,
    /// The application protocol that the server chose (ALPN, RFC 7301).
    pub application: Option<String>,
    /// The server's certificate.
    pub presented: Option<Presented>,
}

/// What a recording shows of a server's certificate. Whether it is trusted is not on the wire.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presented {
    /// Names of type dNSName in subjectAltName.
    pub dns_names: Vec<String>,
    /// The subject's common name.
    pub common_name: Option<String>,
    /// The issuer's common name.
    pub issuer: Option<String>,
    /// Whether subject and issuer are the same.
    pub self_issued: bool,
    /// Whether its dates cover the moment of the handshake.
    pub in_date: bool,
}

/// Why a handshake did not complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Failure {
    /// The two ends have no version in common.
    NoCommonVersion,
    /// The certificate names another host.
    WrongName,
    /// The two ends have no suite in common.
    NoCommonSuite,
    /// The server speaks none of the application protocols that the client named.
    NoCommonApplication,
    /// The two ends did not see the same hellos: somebody edited them.
    Finished,
    /// The certificate was revoked.
    Revoked,
    /// No trusted path leads to the certificate.
    Untrusted,
    /// The certificate's dates do not cover today.
    OutOfDate,
    /// The peer answered with something that is not TLS, or not at all.
    NotTls,
    /// The recording shows a fatal alert.
    Alert,
}

impl Failure {
    /// All of them, by the words of [`Serialize`].
    const WORDS: [(&'static str, Self); 10] = [
        ("no-common-version", Self::NoCommonVersion),
        ("wrong-name", Self::WrongName),
        ("no-common-suite", Self::NoCommonSuite),
        ("no-common-application", Self::NoCommonApplication),
        ("finished", Self::Finished),
        ("revoked", Self::Revoked),
        ("untrusted", Self::Untrusted),
        ("out-of-date", Self::OutOfDate),
        ("not-tls", Self::NotTls),
        ("alert", Self::Alert),
    ];

    /// The failure of a word as records write it.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::WORDS.into_iter().find(|(known, _)| *known == word).map(|(_, failure)| failure)
    }

    /// Whether the client found something wrong with the certificate.
    #[must_use]
    pub fn of_certificate(self) -> bool {
        matches!(self, Self::WrongName | Self::Untrusted | Self::OutOfDate | Self::Revoked)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoCommonVersion => "the two ends share no version",
            Self::NoCommonSuite => "the two ends share no suite",
            Self::NoCommonApplication => "the server speaks none of the protocols that the client named",
            Self::Finished => "the two ends did not see the same hellos",
            Self::Revoked => "the certificate was revoked",
            Self::WrongName => "the certificate names another host",
            Self::Untrusted => "nothing trusted stands behind the certificate",
            Self::OutOfDate => "the certificate is out of date",
            Self::NotTls => "the peer did not answer in TLS",
            Self::Alert => "one end sent a fatal alert",
        })
    }
}
