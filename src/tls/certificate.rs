//! Modelled certificates: what they claim, and what a client makes of them.

use super::Failure;
use super::identity::{self, NameRules, Reference};
use serde::{Deserialize, Serialize};

/// A modelled certificate of a server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// Names of type dNSName in subjectAltName.
    pub dns_names: Vec<String>,
    /// Names of type SRVName in subjectAltName (RFC 4985), as `_imaps.example.test`.
    pub srv_names: Vec<String>,
    /// The subject's common name, if any.
    pub common_name: Option<String>,
    /// Whether it is signed by its own key, which is no path to anybody.
    pub self_signed: bool,
    /// Whether a path to a trusted issuer exists.
    pub trusted: bool,
    /// Whether today lies within its dates.
    pub in_date: bool,
    /// Whether its issuer has revoked it.
    pub revoked: bool,
}

impl Certificate {
    /// A good certificate for one host.
    #[must_use]
    pub fn good(host: &str) -> Self {
        Self {
            dns_names: vec![host.to_owned()],
            srv_names: Vec::new(),
            common_name: None,
            self_signed: false,
            trusted: true,
            in_date: true,
            revoked: false,
        }
    }
}

/// A user's certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientCertificate {
    /// Whom it names.
    pub subject: String,
}

/// How strict a comparison of names is; all but the first are faults that clients were found to have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NameCheck {
    /// As a document says.
    #[default]
    Whole,
    /// It is enough that a presented name begins with the reference.
    Prefix,
    /// A star stands for any run of characters, anywhere in a name, dots included.
    AnyStar,
    /// The common name counts although there are names of type dNSName.
    CommonName,
    /// Nothing but the common name counts.
    OnlyCommonName,
    /// Names in another case are others.
    CaseSensitive,
    /// No comparison at all.
    None,
}

/// Which checks a client makes of a certificate, each a switch of its own, because different documents ask for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checks {
    /// The name (RFC 2595 section 2.4).
    pub name: NameCheck,
    /// By which document names are compared.
    pub rules: NameRules,
    /// A path to a trusted issuer (RFC 7817 section 3).
    pub path: bool,
    /// The dates, which RFC 7817 section 3 asks for with the path.
    pub dates: bool,
    /// Whether it was revoked (RFC 9325 section 7.5).
    pub revocation: bool,
}

impl Checks {
    /// Everything is checked, names by RFC 7817.
    pub const ALL: Self =
        Self { name: NameCheck::Whole, rules: NameRules::Rfc7817, path: true, dates: true, revocation: true };

    /// What these checks have against a certificate that should speak for one of several names, the path first:
    /// a name in an untrusted certificate means nothing.
    #[must_use]
    pub fn faults(self, references: &[Reference], certificate: &Certificate) -> Vec<Failure> {
        let wrong = [
            (self.path && !certificate.trusted, Failure::Untrusted),
            (self.dates && !certificate.in_date, Failure::OutOfDate),
            (self.revocation && certificate.revoked, Failure::Revoked),
            (self.matching(references, certificate) == Some(false), Failure::WrongName),
        ];
        wrong.into_iter().filter(|(wrong, _)| *wrong).map(|(_, failure)| failure).collect()
    }

    /// Whether this client finds one of its names in the certificate; `None` when it does not look.
    #[must_use]
    pub fn matching(self, references: &[Reference], certificate: &Certificate) -> Option<bool> {
        let any = |fits: &dyn Fn(&str, &str) -> bool| {
            let presented = certificate.dns_names.iter().chain(&certificate.common_name);
            presented.into_iter().any(|name| references.iter().any(|reference| fits(&reference.name, name)))
        };
        let whole = identity::speaks_for(self.rules, references, certificate);
        Some(match self.name {
            NameCheck::None => return None,
            NameCheck::Whole => whole,
            NameCheck::OnlyCommonName => {
                let common = certificate.common_name.as_deref();
                common.is_some_and(|name| references.iter().any(|r| r.name.eq_ignore_ascii_case(name)))
            }
            NameCheck::CaseSensitive => whole && any(&|reference, name| reference == name),
            NameCheck::Prefix => {
                whole || any(&|reference, name| name.to_lowercase().starts_with(&reference.to_lowercase()))
            }
            NameCheck::AnyStar => whole || any(&any_star),
            NameCheck::CommonName => {
                let common = certificate.common_name.as_deref();
                whole
                    || common.is_some_and(|name| {
                        references.iter().any(|r| identity::name_matches(self.rules, &r.name, name))
                    })
            }
        })
    }
}

/// A careless matcher: every star swallows anything.
fn any_star(reference: &str, pattern: &str) -> bool {
    let (reference, pattern) = (reference.to_lowercase(), pattern.to_lowercase());
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = reference.strip_prefix(first) else { return false };
    let mut last = None;
    for part in parts {
        last = Some(part);
        match rest.find(part) {
            Some(at) => rest = rest.get(at.saturating_add(part.len())..).unwrap_or_default(),
            None => return false,
        }
    }
    last.map_or(rest.is_empty(), |part| reference.ends_with(part))
}

/// What a client made of the certificate that it was shown. A rule compares this with the certificate itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// The result of the client's own comparison of names; `None`: it made none.
    pub name_matched: Option<bool>,
    /// Whether the client looked at the path to an issuer.
    pub path_checked: bool,
    /// Whether the client looked at the dates.
    pub dates_checked: bool,
    /// Whether the client looked whether it was revoked.
    pub revocation_checked: bool,
    /// What the client found wrong with it.
    pub faults: Vec<Failure>,
    /// Why it went on all the same, if it found something wrong.
    pub accepted: Option<Acceptance>,
}

/// Why a client takes a certificate that did not pass its checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Acceptance {
    /// Its user was asked and said yes.
    User,
    /// It was kept from an earlier session.
    Pinned,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tls::identity::Provenance;

    fn reference(name: &str) -> Vec<Reference> {
        vec![Reference::new(name, Provenance::Configured)]
    }

    #[test]
    fn each_check_finds_its_own_fault_only() {
        let host = "mail.example.test";
        let mut bad = Certificate::good("evil.example");
        (bad.trusted, bad.in_date, bad.revoked) = (false, false, true);
        let all = [Failure::Untrusted, Failure::OutOfDate, Failure::Revoked, Failure::WrongName];
        assert_eq!(Checks::ALL.faults(&reference(host), &bad), all);
        for (number, checks) in [
            Checks { path: false, ..Checks::ALL },
            Checks { dates: false, ..Checks::ALL },
            Checks { revocation: false, ..Checks::ALL },
            Checks { name: NameCheck::None, ..Checks::ALL },
        ]
        .into_iter()
        .enumerate()
        {
            let mut rest = all.to_vec();
            rest.remove(number);
            assert_eq!(checks.faults(&reference(host), &bad), rest);
        }
        assert!(Checks::ALL.faults(&reference(host), &Certificate::good(host)).is_empty());
    }

    #[test]
    fn loose_comparisons_take_what_a_whole_one_refuses() {
        let host = reference("mail.example.test");
        let san = |name: &str| Certificate::good(name);
        let common = Certificate { common_name: Some(host[0].name.clone()), ..san("evil.example") };
        for (check, certificate) in [
            (NameCheck::Prefix, san("mail.example.test.evil.example")),
            (NameCheck::AnyStar, san("m*.example.test")),
            (NameCheck::AnyStar, san("mail.*.test")),
            (NameCheck::AnyStar, san("*.test")),
            (NameCheck::AnyStar, san("*")),
            (NameCheck::CommonName, common),
        ] {
            let with = |name| Checks { name, ..Checks::ALL }.matching(&host, &certificate);
            assert_eq!((with(check), with(NameCheck::Whole)), (Some(true), Some(false)), "{certificate:?}");
            assert_eq!(with(NameCheck::None), None);
        }
        for check in [NameCheck::Prefix, NameCheck::AnyStar, NameCheck::CommonName] {
            let stranger = Checks { name: check, ..Checks::ALL }.matching(&host, &san("evil.example"));
            assert_eq!(stranger, Some(false), "{check:?}");
        }
    }
}
