//! The modelled handshake: what each end offers and demands, what comes out, and what each learns of the other.
//! A real engine can stand behind the same two values: [`Offer`] goes in, [`Facts`] or [`Failure`] comes out.

pub mod identity;
pub mod suites;

use serde::Serialize;
use std::fmt;

/// A protocol version of TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
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

/// A modelled certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Certificate {
    /// Names of type dNSName in subjectAltName.
    pub dns_names: Vec<String>,
    /// The subject's common name, if any.
    pub common_name: Option<String>,
    /// Whether a path to a trusted issuer exists.
    pub trusted: bool,
    /// Whether today lies within its dates.
    pub in_date: bool,
}

/// What one end brings to a handshake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Offer {
    /// The client's part.
    Client {
        /// Versions it speaks, ascending.
        versions: Vec<Version>,
        /// The name it will compare with the certificate.
        reference: String,
        /// What it does about the certificate.
        checks: Checks,
    },
    /// The server's part.
    Server {
        /// Versions it speaks, ascending.
        versions: Vec<Version>,
        /// What it presents.
        certificate: Certificate,
    },
}

/// Which checks a client makes; each is a switch of its own, because different documents ask for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checks {
    /// RFC 2595 section 2.4: the name.
    pub name: bool,
    /// RFC 7817 section 3: the path and the dates.
    pub path: bool,
}

impl Checks {
    /// Everything is checked.
    pub const ALL: Self = Self { name: true, path: true };
}

/// What a completed handshake established.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Facts {
    /// The version, where known.
    pub version: Option<Version>,
    /// The suite's IANA name, where known.
    pub cipher: Option<String>,
    /// The certificate that the server side presented, where known.
    pub certificate: Option<Certificate>,
    /// The name that the client compared with it, where known.
    pub reference: Option<String>,
    /// What a recording shows of names.
    pub recorded: Option<Box<Recorded>>,
}

/// What a recording shows of names in a handshake.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Recorded {
    /// The host that the client asked for (server_name, RFC 6066 section 3).
    pub server_name: Option<String>,
    /// The application protocol that the server chose (ALPN, RFC 7301).
    pub application: Option<String>,
    /// The server's certificate.
    pub presented: Option<Presented>,
}

/// What a recording shows of a server's certificate. Whether it is trusted is not on the wire.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Failure {
    /// The two ends have no version in common.
    NoCommonVersion,
    /// The certificate names another host.
    WrongName,
    /// No trusted path leads to the certificate.
    Untrusted,
    /// The certificate's dates do not cover today.
    OutOfDate,
    /// The peer answered with something that is not TLS, or not at all.
    NotTls,
    /// The recording shows a fatal alert.
    Alert,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoCommonVersion => "the two ends share no version",
            Self::WrongName => "the certificate names another host",
            Self::Untrusted => "nothing trusted stands behind the certificate",
            Self::OutOfDate => "the certificate is out of date",
            Self::NotTls => "the peer did not answer in TLS",
            Self::Alert => "one end sent a fatal alert",
        })
    }
}

/// Runs the modelled handshake between a client's and a server's offer.
///
/// # Errors
/// The first reason for which the client or the versions stop it.
pub fn handshake(client: &Offer, server: &Offer) -> Result<Facts, Failure> {
    let (Offer::Client { versions, reference, checks }, Offer::Server { versions: theirs, certificate }) =
        (client, server)
    else {
        return Err(Failure::NotTls);
    };
    let version =
        versions.iter().rev().find(|v| theirs.contains(v)).copied().ok_or(Failure::NoCommonVersion)?;
    if checks.path && !certificate.trusted {
        return Err(Failure::Untrusted);
    }
    if checks.path && !certificate.in_date {
        return Err(Failure::OutOfDate);
    }
    if checks.name && !identity::matches(reference, certificate) {
        return Err(Failure::WrongName);
    }
    let cipher = match version {
        Version::Tls13 => "TLS_AES_128_GCM_SHA256",
        Version::Tls12 => "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        Version::Tls10 | Version::Tls11 => "TLS_DHE_DSS_WITH_3DES_EDE_CBC_SHA",
    };
    Ok(Facts {
        version: Some(version),
        cipher: Some(cipher.to_owned()),
        certificate: Some(certificate.clone()),
        reference: Some(reference.clone()),
        ..Facts::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(checks: Checks) -> Offer {
        Offer::Client {
            versions: vec![Version::Tls12, Version::Tls13],
            reference: "mail.example.test".to_owned(),
            checks,
        }
    }

    fn server(change: impl FnOnce(&mut Certificate)) -> Offer {
        let mut certificate = Certificate {
            dns_names: vec!["mail.example.test".to_owned()],
            common_name: None,
            trusted: true,
            in_date: true,
        };
        change(&mut certificate);
        Offer::Server { versions: vec![Version::Tls12, Version::Tls13], certificate }
    }

    #[test]
    fn the_highest_common_version_is_chosen() {
        let facts = handshake(&client(Checks::ALL), &server(|_| ())).expect("handshake");
        assert_eq!(facts.version, Some(Version::Tls13));
    }

    #[test]
    fn each_check_stops_its_own_fault_only() {
        let wrong = |c: &mut Certificate| c.dns_names = vec!["evil.example".to_owned()];
        assert_eq!(handshake(&client(Checks::ALL), &server(wrong)), Err(Failure::WrongName));
        assert!(handshake(&client(Checks { name: false, path: true }), &server(wrong)).is_ok());
        assert_eq!(handshake(&client(Checks::ALL), &server(|c| c.trusted = false)), Err(Failure::Untrusted));
        assert_eq!(handshake(&client(Checks::ALL), &server(|c| c.in_date = false)), Err(Failure::OutOfDate));
    }
}
