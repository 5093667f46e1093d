//! The server identity check of RFC 2595 section 2.4, with the whole-label wildcard of RFC 7817 section 3.

use super::Certificate;

/// Whether a certificate speaks for a host. subjectAltName is the source of identity where it is present; the
/// common name counts only where it is absent (RFC 2595 section 2.4).
#[must_use]
pub fn matches(reference: &str, certificate: &Certificate) -> bool {
    if certificate.dns_names.is_empty() {
        return certificate.common_name.as_deref().is_some_and(|name| name_matches(reference, name));
    }
    certificate.dns_names.iter().any(|name| name_matches(reference, name))
}

/// Compares one presented name: case-insensitive, label by label, a star only as the whole left-most label, and
/// never for an address.
#[must_use]
pub fn name_matches(reference: &str, presented: &str) -> bool {
    if reference.is_empty() || reference.parse::<std::net::IpAddr>().is_ok() {
        return false;
    }
    match presented.strip_prefix("*.") {
        None => !presented.contains('*') && reference.eq_ignore_ascii_case(presented),
        Some(parent) => {
            !parent.contains('*')
                && parent.contains('.')
                && reference
                    .split_once('.')
                    .is_some_and(|(label, rest)| !label.is_empty() && rest.eq_ignore_ascii_case(parent))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_stars() {
        let table = [
            ("mail.example.test", "MAIL.Example.TEST", true),
            ("mail.example.test", "*.example.test", true),
            ("example.test", "*.example.test", false),
            ("a.mail.example.test", "*.example.test", false),
            ("mail.example.test", "m*.example.test", false),
            ("mail.example.test", "mail.*.test", false),
            ("mail.example.test", "*.test", false),
            ("mail.example.test", "mail.example.test.evil.example", false),
            ("evilmail.example.test", "mail.example.test", false),
            ("127.0.0.1", "127.0.0.1", false),
        ];
        for (reference, presented, expected) in table {
            assert_eq!(name_matches(reference, presented), expected, "{reference} against {presented}");
        }
    }
}
