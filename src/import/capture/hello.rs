//! What the messages of a handshake say in the clear, or once they are opened.

use crate::tls::{Presented, Version};
use tls_parser::{
    SNIType, TlsCipherSuite, TlsExtension, TlsMessage, TlsMessageHandshake, TlsVersion,
    parse_tls_client_hello_extensions, parse_tls_message_handshake, parse_tls_server_hello_extensions,
};
use x509_parser::prelude::{FromDer, GeneralName, X509Certificate};

/// The random that makes a ServerHello a HelloRetryRequest (RFC 8446 section 4.1.3).
const RETRY: [u8; 32] = [
    0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91, 0xC2,
    0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
];

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ClientHello {
    pub random: [u8; 32],
    pub server_name: Option<String>,
    pub early_data: bool,
    /// The protocols that the client would speak (ALPN).
    pub offers: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ServerHello {
    pub random: [u8; 32],
    pub version: Option<Version>,
    pub cipher: Option<String>,
    pub application: Option<String>,
    pub retry: bool,
}

/// Reads a handshake message with its header.
pub(super) fn client_hello(message: &[u8]) -> Option<ClientHello> {
    let (_, TlsMessage::Handshake(TlsMessageHandshake::ClientHello(hello))) =
        parse_tls_message_handshake(message).ok()?
    else {
        return None;
    };
    let mut found = ClientHello { random: hello.random.try_into().ok()?, ..ClientHello::default() };
    let extensions = hello.ext.and_then(|ext| parse_tls_client_hello_extensions(ext).ok());
    for extension in extensions.into_iter().flat_map(|(_, all)| all) {
        match extension {
            TlsExtension::SNI(names) => {
                let host = names.into_iter().find(|(kind, _)| *kind == SNIType::HostName);
                found.server_name = host.map(|(_, name)| String::from_utf8_lossy(name).into_owned());
            }
            TlsExtension::EarlyData(_) => found.early_data = true,
            TlsExtension::ALPN(names) => {
                found.offers = names.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect();
            }
            _ => {}
        }
    }
    Some(found)
}

/// Reads a handshake message with its header.
pub(super) fn server_hello(message: &[u8]) -> Option<ServerHello> {
    let (_, TlsMessage::Handshake(TlsMessageHandshake::ServerHello(hello))) =
        parse_tls_message_handshake(message).ok()?
    else {
        return None;
    };
    let random: [u8; 32] = hello.random.try_into().ok()?;
    let mut found = ServerHello {
        random,
        version: version(hello.version),
        cipher: TlsCipherSuite::from_id(hello.cipher.0).map(|suite| suite.name.to_owned()),
        retry: random == RETRY,
        ..ServerHello::default()
    };
    let extensions = hello.ext.and_then(|ext| parse_tls_server_hello_extensions(ext).ok());
    for extension in extensions.into_iter().flat_map(|(_, all)| all) {
        match extension {
            TlsExtension::SupportedVersions(versions) => {
                found.version = versions.first().copied().and_then(version);
            }
            TlsExtension::ALPN(names) => found.application = first_name(&names),
            _ => {}
        }
    }
    Some(found)
}

fn first_name(names: &[&[u8]]) -> Option<String> {
    names.first().map(|name| String::from_utf8_lossy(name).into_owned())
}

fn version(version: TlsVersion) -> Option<Version> {
    Some(match version {
        TlsVersion::Tls10 => Version::Tls10,
        TlsVersion::Tls11 => Version::Tls11,
        TlsVersion::Tls12 => Version::Tls12,
        TlsVersion::Tls13 => Version::Tls13,
        _ => return None,
    })
}

/// The protocol in EncryptedExtensions (RFC 8446 section 4.3.1), from the message's body.
pub(super) fn application(body: &[u8]) -> Option<String> {
    let mut rest = body.get(2..)?;
    while let [a, b, c, d, behind @ ..] = rest {
        let length = usize::from(u16::from_be_bytes([*c, *d]));
        let (extension, next) = behind.split_at_checked(length)?;
        if u16::from_be_bytes([*a, *b]) == 16 {
            // A list of two octets' length with one name of one octet's length.
            let length = usize::from(*extension.get(2)?);
            let name = extension.get(3..length.checked_add(3)?)?;
            return Some(String::from_utf8_lossy(name).into_owned());
        }
        rest = next;
    }
    None
}

/// The server's own certificate in a Certificate message, from its body; `now` is in seconds since 1970.
pub(super) fn certificate(body: &[u8], tls13: bool, now: i64) -> Option<Presented> {
    // TLS 1.3 begins with a context, which servers leave empty.
    let list = if tls13 { body.get(usize::from(*body.first()?).checked_add(1)?..)? } else { body };
    let (_, entries) = long_vector(list)?;
    let (_, der) = long_vector(entries)?;
    let (_, certificate) = X509Certificate::from_der(der).ok()?;
    let common_name = |name: &x509_parser::x509::X509Name<'_>| {
        name.iter_common_name().next().and_then(|cn| cn.as_str().ok()).map(str::to_owned)
    };
    let names = certificate.subject_alternative_name().ok().flatten();
    let dns_names = names.iter().flat_map(|extension| &extension.value.general_names).filter_map(|name| {
        if let GeneralName::DNSName(name) = name { Some((*name).to_owned()) } else { None }
    });
    let validity = certificate.validity();
    Some(Presented {
        dns_names: dns_names.collect(),
        common_name: common_name(certificate.subject()),
        issuer: common_name(certificate.issuer()),
        self_issued: certificate.subject().as_raw() == certificate.issuer().as_raw(),
        in_date: validity.not_before.timestamp() <= now && now <= validity.not_after.timestamp(),
    })
}

/// A vector with a length of three octets: what follows it, and its content.
fn long_vector(octets: &[u8]) -> Option<(&[u8], &[u8])> {
    let [a, b, c, rest @ ..] = octets else { return None };
    let length = usize::from(*a) << 16 | usize::from(*b) << 8 | usize::from(*c);
    let (content, behind) = rest.split_at_checked(length)?;
    Some((behind, content))
}
