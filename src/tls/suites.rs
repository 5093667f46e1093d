//! Cipher suites: IANA code points and names, and what each is worth.
//!
//! Which suites a document demands or forbids is the business of rules; here stands only what a suite is.

use super::Version;
use serde::Serialize;

/// How a suite agrees on keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyExchange {
    /// Nobody proves who they are.
    Anonymous,
    /// The client encrypts a secret to the server's RSA key: no forward secrecy.
    StaticRsa,
    /// Finite-field Diffie-Hellman, ephemeral.
    Dhe,
    /// Elliptic-curve Diffie-Hellman, ephemeral.
    Ecdhe,
    /// Chosen apart from the suite, as TLS 1.3 does; always ephemeral.
    Tls13,
}

/// What a suite's encryption withstands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Strength {
    /// It does not encrypt.
    None,
    /// Up to 64 bits: broken by modern hardware (RFC 2595 section 9 speaks of 56 bits or less).
    Broken,
    /// RC4, or fewer than 112 bits: forbidden by RFC 9325 section 4.1.
    Weak,
    /// 112 bits, 3DES: not forbidden by RFC 9325, but to be avoided.
    Legacy,
    /// 128 bits or more.
    Strong,
}

/// A cipher suite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Suite {
    /// Its IANA code point.
    pub code: u16,
    /// Its IANA name.
    pub name: &'static str,
    /// How it agrees on keys.
    pub key_exchange: KeyExchange,
    /// What its encryption withstands.
    pub strength: Strength,
    /// The oldest version that has it.
    pub since: Version,
}

impl Suite {
    /// Whether a version can use it: suites of TLS 1.3 are for it alone.
    #[must_use]
    pub fn fits(&self, version: Version) -> bool {
        (self.key_exchange == KeyExchange::Tls13) == (version == Version::Tls13) && version >= self.since
    }

    /// Whether RFC 9325 section 4.1 has nothing against it.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.strength == Strength::Strong
            && matches!(self.key_exchange, KeyExchange::Ecdhe | KeyExchange::Tls13)
            && self.since >= Version::Tls12
    }

    /// Whether past sessions stay closed when the server's key is lost.
    #[must_use]
    pub fn forward_secret(&self) -> bool {
        !matches!(self.key_exchange, KeyExchange::StaticRsa)
    }
}

const fn suite(
    code: u16,
    name: &'static str,
    key_exchange: KeyExchange,
    strength: Strength,
    since: Version,
) -> Suite {
    Suite { code, name, key_exchange, strength, since }
}

/// The suite that RFC 2595 section 2.1 demands of everybody.
pub const OF_1999: &str = "TLS_DHE_DSS_WITH_3DES_EDE_CBC_SHA";

/// The suites that this model knows, by code point.
pub static ALL: &[Suite] = {
    use KeyExchange::{Anonymous, Dhe, Ecdhe, StaticRsa, Tls13};
    use Strength::{Broken, Legacy, None, Strong, Weak};
    use Version::{Tls10, Tls12};
    &[
        suite(0x0001, "TLS_RSA_WITH_NULL_MD5", StaticRsa, None, Tls10),
        suite(0x0002, "TLS_RSA_WITH_NULL_SHA", StaticRsa, None, Tls10),
        suite(0x0003, "TLS_RSA_EXPORT_WITH_RC4_40_MD5", StaticRsa, Broken, Tls10),
        suite(0x0004, "TLS_RSA_WITH_RC4_128_MD5", StaticRsa, Weak, Tls10),
        suite(0x0005, "TLS_RSA_WITH_RC4_128_SHA", StaticRsa, Weak, Tls10),
        suite(0x0009, "TLS_RSA_WITH_DES_CBC_SHA", StaticRsa, Broken, Tls10),
        suite(0x000A, "TLS_RSA_WITH_3DES_EDE_CBC_SHA", StaticRsa, Legacy, Tls10),
        suite(0x0013, "TLS_DHE_DSS_WITH_3DES_EDE_CBC_SHA", Dhe, Legacy, Tls10),
        suite(0x001B, "TLS_DH_anon_WITH_3DES_EDE_CBC_SHA", Anonymous, Legacy, Tls10),
        suite(0x002F, "TLS_RSA_WITH_AES_128_CBC_SHA", StaticRsa, Strong, Tls10),
        suite(0x0033, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA", Dhe, Strong, Tls10),
        suite(0x0034, "TLS_DH_anon_WITH_AES_128_CBC_SHA", Anonymous, Strong, Tls10),
        suite(0x009C, "TLS_RSA_WITH_AES_128_GCM_SHA256", StaticRsa, Strong, Tls12),
        suite(0x009E, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", Dhe, Strong, Tls12),
        suite(0x1301, "TLS_AES_128_GCM_SHA256", Tls13, Strong, Version::Tls13),
        suite(0x1302, "TLS_AES_256_GCM_SHA384", Tls13, Strong, Version::Tls13),
        suite(0x1303, "TLS_CHACHA20_POLY1305_SHA256", Tls13, Strong, Version::Tls13),
        suite(0xC013, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", Ecdhe, Strong, Tls10),
        suite(0xC02B, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", Ecdhe, Strong, Tls12),
        suite(0xC02F, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", Ecdhe, Strong, Tls12),
        suite(0xC030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", Ecdhe, Strong, Tls12),
        suite(0xCCA8, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", Ecdhe, Strong, Tls12),
    ]
};

/// A suite by its IANA name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Suite> {
    ALL.iter().find(|suite| suite.name == name)
}

/// IANA's name of a suite as a program writes it: by that name, or by the one of OpenSSL, which names what is exchanged and
/// what encrypts by words of its own (openssl-ciphers(1)). `None` for any other word.
#[must_use]
pub fn iana_name(word: &str) -> Option<String> {
    let capital = |o: u8| o.is_ascii_uppercase() || o.is_ascii_digit() || o == b'_';
    if word.starts_with("TLS_") {
        return word.bytes().all(capital).then(|| word.to_owned());
    }
    let exchanges = [
        ("ECDHE-ECDSA-", "ECDHE_ECDSA"),
        ("ECDHE-RSA-", "ECDHE_RSA"),
        ("DHE-RSA-", "DHE_RSA"),
        ("DHE-DSS-", "DHE_DSS"),
        ("AECDH-", "ECDH_anon"),
        ("ADH-", "DH_anon"),
        // A name without one is of RSA key transport.
        ("", "RSA"),
    ];
    let (rest, exchange) =
        exchanges.iter().find_map(|(theirs, iana)| Some((word.strip_prefix(theirs)?, iana)))?;
    let of_aes = |bits: &str, rest: &str| match rest {
        "GCM-SHA256" | "GCM-SHA384" => Some(format!("AES_{bits}_{}", rest.replace('-', "_"))),
        "SHA" | "SHA256" | "SHA384" => Some(format!("AES_{bits}_CBC_{rest}")),
        "CCM" => Some(format!("AES_{bits}_CCM")),
        "CCM8" => Some(format!("AES_{bits}_CCM_8")),
        _ => None,
    };
    let cipher = match rest {
        "CHACHA20-POLY1305" => Some("CHACHA20_POLY1305_SHA256".to_owned()),
        "DES-CBC3-SHA" => Some("3DES_EDE_CBC_SHA".to_owned()),
        "RC4-SHA" => Some("RC4_128_SHA".to_owned()),
        "RC4-MD5" => Some("RC4_128_MD5".to_owned()),
        _ => ["128", "256"]
            .into_iter()
            .find_map(|bits| of_aes(bits, rest.strip_prefix("AES")?.strip_prefix(bits)?.strip_prefix('-')?)),
    };
    cipher.map(|cipher| format!("TLS_{exchange}_WITH_{cipher}"))
}

/// A suite by its code point.
#[must_use]
pub fn by_code(code: u16) -> Option<&'static Suite> {
    ALL.iter().find(|suite| suite.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_openssl_become_those_of_iana() {
        for (theirs, iana) in [
            ("ECDHE-RSA-AES256-GCM-SHA384", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"),
            ("ECDHE-ECDSA-CHACHA20-POLY1305", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"),
            ("DHE-RSA-AES128-SHA", "TLS_DHE_RSA_WITH_AES_128_CBC_SHA"),
            ("AES128-GCM-SHA256", "TLS_RSA_WITH_AES_128_GCM_SHA256"),
            ("ADH-DES-CBC3-SHA", "TLS_DH_anon_WITH_3DES_EDE_CBC_SHA"),
            ("RC4-MD5", "TLS_RSA_WITH_RC4_128_MD5"),
            ("TLS_AES_256_GCM_SHA384", "TLS_AES_256_GCM_SHA384"),
        ] {
            assert_eq!(iana_name(theirs).as_deref(), Some(iana), "{theirs}");
            assert!(find(iana).is_some() || iana.contains("ECDSA_WITH_CHACHA"), "{iana}");
        }
        for word in
            ["RSA-SHA256", "AES-256-GCM", "AES256", "ECDHE-RSA", "TLS_x", "TLSv1.2", "SHA", "", "AES512-SHA"]
        {
            assert_eq!(iana_name(word), None, "{word}");
        }
    }

    #[test]
    fn codes_are_sorted_and_names_unique() {
        assert!(ALL.iter().zip(ALL.iter().skip(1)).all(|(a, b)| a.code < b.code));
        for suite in ALL {
            assert_eq!(find(suite.name), Some(suite));
            assert_eq!(by_code(suite.code), Some(suite));
        }
    }

    #[test]
    fn the_suite_of_1999_counts_as_112_bits_and_is_not_called_forbidden() {
        let suite = find("TLS_DHE_DSS_WITH_3DES_EDE_CBC_SHA").unwrap();
        assert_eq!((suite.strength, suite.forward_secret()), (Strength::Legacy, true));
        assert!(suite.strength > Strength::Weak);
    }

    #[test]
    fn a_suite_of_tls_13_is_for_tls_13_alone() {
        assert!(find("TLS_AES_128_GCM_SHA256").unwrap().fits(Version::Tls13));
        assert!(!find("TLS_AES_128_GCM_SHA256").unwrap().fits(Version::Tls12));
        assert!(!find("TLS_RSA_WITH_AES_128_GCM_SHA256").unwrap().fits(Version::Tls10));
    }
}
