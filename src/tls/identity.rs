//! The server identity check: does a certificate speak for the host that the client means?
//!
//! RFC 2595 section 2.4 speaks of the name only and leaves some cases open; RFC 7817 section 3 replaces it for IMAP and
//! POP3; RFC 9525 closes what was left. Path and dates are another check, see [`super::Checks`].

use super::Certificate;
use serde::{Deserialize, Serialize};

/// Which document's rules a comparison follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum NameRules {
    /// RFC 2595 section 2.4. Where its words leave a case open, the stricter reading.
    #[serde(rename = "RFC 2595")]
    Rfc2595,
    /// RFC 7817 section 3 with RFC 6125: a star stands for the whole left-most label; the common name is a last resort.
    #[serde(rename = "RFC 7817")]
    Rfc7817,
    /// RFC 9525: the common name never counts.
    #[serde(rename = "RFC 9525")]
    Rfc9525,
}

impl NameRules {
    /// All, the oldest first.
    pub const ALL: [Self; 3] = [Self::Rfc2595, Self::Rfc7817, Self::Rfc9525];
}

/// Where the name that a client compares came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Provenance {
    /// The host that the user configured, by which the connection was opened.
    Configured,
    /// The domain of the user's mail address.
    MailDomain,
    /// A CNAME record of an insecure lookup.
    Cname,
    /// An SRV record of an insecure lookup.
    Srv,
    /// A document of settings that came without TLS.
    Settings,
    /// A referral that came outside TLS, or from a server that such a one led to.
    Referral,
    /// A referral inside TLS, from the server that the user configured: the client opened a connection by this name.
    PrivateReferral,
}

/// A name to compare a certificate with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// The name.
    pub name: String,
    /// Where it came from.
    pub provenance: Provenance,
    /// The service by which a mail domain was looked up, as `imaps`: a name of type SRVName has to be for the same one
    /// (RFC 7817 section 3). `None`: one for any service counts, which is a mistake where there is a service.
    pub service: Option<String>,
}

impl Reference {
    /// A name that was not looked up by a service.
    #[must_use]
    pub fn new(name: &str, provenance: Provenance) -> Self {
        Self { name: name.to_owned(), provenance, service: None }
    }

    /// Whether a document lets the client use a name of this provenance: RFC 2595 section 2.4 takes the configured
    /// host only, RFC 7817 section 3 the mail domain too.
    #[must_use]
    pub fn acceptable(&self, rules: NameRules) -> bool {
        match self.provenance {
            Provenance::Configured | Provenance::PrivateReferral => true,
            Provenance::MailDomain => rules != NameRules::Rfc2595,
            Provenance::Cname | Provenance::Srv | Provenance::Settings | Provenance::Referral => false,
        }
    }
}

/// Whether a certificate speaks for any of several names. A name of type SRVName speaks for the mail domain that a
/// client began with (RFC 7817 section 3), never for a host.
#[must_use]
pub fn speaks_for(rules: NameRules, references: &[Reference], certificate: &Certificate) -> bool {
    let service = |reference: &Reference| {
        rules != NameRules::Rfc2595
            && reference.provenance == Provenance::MailDomain
            && certificate.srv_names.iter().any(|name| {
                let parts = name.strip_prefix('_').and_then(|name| name.split_once('.'));
                parts.is_some_and(|(service, domain)| {
                    let same = |own: &String| own.eq_ignore_ascii_case(service);
                    domain.eq_ignore_ascii_case(&reference.name)
                        && reference.service.as_ref().is_none_or(same)
                })
            })
    };
    references.iter().any(|one| service(one) || matches_by(rules, &one.name, certificate))
}

/// Whether a certificate speaks for a host by RFC 7817, which is what a client of today does.
#[must_use]
pub fn matches(reference: &str, certificate: &Certificate) -> bool {
    matches_by(NameRules::Rfc7817, reference, certificate)
}

/// Whether a certificate speaks for a host. Any one matching name is enough; where a name of type dNSName is present,
/// the common name does not count.
#[must_use]
pub fn matches_by(rules: NameRules, reference: &str, certificate: &Certificate) -> bool {
    if certificate.dns_names.iter().any(|name| name_matches(rules, reference, name)) {
        return true;
    }
    rules != NameRules::Rfc9525
        && certificate.dns_names.is_empty()
        && certificate.common_name.as_deref().is_some_and(|name| name_matches(rules, reference, name))
}

/// Compares one presented name: case-insensitive and on the whole name, a star only as the whole left-most label and
/// for exactly one label, and never for an address. A trailing dot is no part of a name.
#[must_use]
pub fn name_matches(rules: NameRules, reference: &str, presented: &str) -> bool {
    let reference = reference.strip_suffix('.').unwrap_or(reference);
    if !is_host_name(reference) || reference.parse::<std::net::IpAddr>().is_ok() {
        return false;
    }
    let Some(parent) = presented.strip_prefix("*.") else {
        return is_host_name(presented) && reference.eq_ignore_ascii_case(presented);
    };
    // "*.test" is allowed by the letter of RFC 2595; RFC 9525 section 7.1 leaves stars over public suffixes to custom,
    // and custom refuses them.
    let wide_enough = rules == NameRules::Rfc2595 || parent.contains('.');
    wide_enough
        && is_host_name(parent)
        && reference.split_once('.').is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(parent))
}

/// Labels of letters, digits, hyphens and underscores, none empty or too long (RFC 1123 section 2.1; A-labels for other
/// scripts).
fn is_host_name(name: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|o| o.is_ascii_alphanumeric() || matches!(o, b'-' | b'_'))
    };
    name.len() <= 253 && name.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [NameRules; 3] = [NameRules::Rfc2595, NameRules::Rfc7817, NameRules::Rfc9525];

    #[test]
    fn names_and_stars() {
        let table = [
            ("mail.example.test", "MAIL.Example.TEST", true),
            ("mail.example.test", "*.example.test", true),
            ("mail.example.test.", "mail.example.test", true),
            ("example.test", "*.example.test", false),
            ("a.mail.example.test", "*.example.test", false),
            ("mail.example.test", "m*.example.test", false),
            ("mail.example.test", "*il.example.test", false),
            ("mail.example.test", "mail.*.test", false),
            ("mail.example.test", "*.*.test", false),
            ("mail.example.test", "*", false),
            ("mail.example.test", "mail.example.test.evil.example", false),
            ("evilmail.example.test", "mail.example.test", false),
            ("mail.example.test", "mail.example.test\0.evil.example", false),
            ("127.0.0.1", "127.0.0.1", false),
            ("127.0.0.1", "*.0.0.1", false),
            ("mаil.example.test", "mail.example.test", false),
            ("", "", false),
        ];
        for (reference, presented, expected) in table {
            for rules in ALL {
                assert_eq!(
                    name_matches(rules, reference, presented),
                    expected,
                    "{reference} against {presented}"
                );
            }
        }
    }

    #[test]
    fn a_star_over_a_whole_top_level_is_for_the_letter_of_1999_only() {
        assert!(name_matches(NameRules::Rfc2595, "example.test", "*.test"));
        assert!(!name_matches(NameRules::Rfc7817, "example.test", "*.test"));
    }

    #[test]
    fn the_common_name_counts_only_without_a_dns_name_and_never_today() {
        let certificate = |dns: &[&str], common: &str| Certificate {
            dns_names: dns.iter().map(|&name| name.to_owned()).collect(),
            common_name: Some(common.to_owned()),
            ..Certificate::good("")
        };
        let host = "mail.example.test";
        for (rules, expected) in ALL.into_iter().zip([true, true, false]) {
            assert_eq!(matches_by(rules, host, &certificate(&[], host)), expected, "{rules:?}");
            assert!(!matches_by(rules, host, &certificate(&["evil.example"], host)));
            assert!(matches_by(rules, host, &certificate(&["other.example", host], "x")));
        }
    }

    #[test]
    fn a_service_name_speaks_for_a_mail_domain_and_for_no_host() {
        let certificate =
            Certificate { srv_names: vec!["_imaps.example.test".to_owned()], ..Certificate::good("mx.test") };
        let speaks = |name: &str, provenance| {
            speaks_for(NameRules::Rfc7817, &[Reference::new(name, provenance)], &certificate)
        };
        let for_service = |service: &str| {
            let domain = Reference::new("example.test", Provenance::MailDomain);
            let reference = Reference { service: Some(service.to_owned()), ..domain };
            speaks_for(NameRules::Rfc7817, &[reference], &certificate)
        };
        assert!(for_service("IMAPS") && !for_service("imap") && !for_service("pop3s"));
        assert!(speaks("Example.test", Provenance::MailDomain));
        assert!(!speaks("example.test", Provenance::Configured));
        assert!(!speaks("mail.example.test", Provenance::MailDomain));
        assert!(speaks("mx.test", Provenance::Configured));
    }

    #[test]
    fn the_mail_domain_is_a_reference_since_rfc_7817() {
        let reference = |provenance| Reference::new("example.test", provenance);
        assert!(!reference(Provenance::MailDomain).acceptable(NameRules::Rfc2595));
        assert!(reference(Provenance::MailDomain).acceptable(NameRules::Rfc7817));
        for provenance in [Provenance::Cname, Provenance::Srv, Provenance::Settings, Provenance::Referral] {
            assert!(ALL.into_iter().all(|rules| !reference(provenance).acceptable(rules)));
        }
    }
}
