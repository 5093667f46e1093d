//! The name check against rustls-webpki's, on certificates that are made for the purpose.

use rcgen::{CertificateParams, DnType, KeyPair, SanType};
use starttls_lab::tls::Certificate;
use starttls_lab::tls::identity::{NameRules, matches_by};
use webpki::EndEntityCert;

/// Labels, of which hosts and presented names are put together.
const LABELS: &[&str] =
    &["mail", "MAIL", "imap", "a", "xn--bcher-kva", "m_x", "example", "evil", "test", "co"];

/// A generator of its own, so that a failure can be repeated.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % n
    }

    fn name(&mut self, labels: usize) -> String {
        (0..labels).map(|_| LABELS[self.below(LABELS.len())]).collect::<Vec<_>>().join(".")
    }

    /// A name near the host: equal, other case, a star, a neighbour, a prefix, a suffix, or any other.
    fn presented(&mut self, host: &str) -> String {
        let parent = host.split_once('.').map_or(host, |(_, parent)| parent);
        match self.below(10) {
            0 | 1 => host.to_owned(),
            2 => host.to_uppercase(),
            3 | 4 => format!("*.{parent}"),
            5 => format!("*.{host}"),
            6 => format!("{host}.evil.example"),
            7 => format!("evil{host}"),
            8 => format!("*{parent}"),
            _ => self.name(3),
        }
    }
}

#[test]
fn names_are_compared_as_rustls_webpki_compares_them() {
    let key = KeyPair::generate().unwrap();
    let mut chance = Chance(4711);
    let (mut compared, mut agreed_yes) = (0, 0);
    let mut differences = Vec::new();
    for _ in 0..3000 {
        let labels = 2 + chance.below(3);
        let host = chance.name(labels);
        let names: Vec<_> = (0..1 + chance.below(2)).map(|_| chance.presented(&host)).collect();
        let mut params = CertificateParams::default();
        let Ok(sans) = names.iter().map(|name| name.as_str().try_into().map(SanType::DnsName)).collect()
        else {
            continue;
        };
        params.subject_alt_names = sans;
        params.distinguished_name.push(DnType::CommonName, "somebody else");
        let der = params.self_signed(&key).unwrap();
        let Ok(server) = rustls_pki_types::ServerName::try_from(host.as_str()) else { continue };
        let theirs =
            EndEntityCert::try_from(der.der()).unwrap().verify_is_valid_for_subject_name(&server).is_ok();
        let certificate = Certificate { dns_names: names.clone(), ..Certificate::good("") };
        let ours = matches_by(NameRules::Rfc9525, &host, &certificate);
        compared += 1;
        agreed_yes += usize::from(ours && theirs);
        if ours != theirs {
            differences.push((host, names, ours, theirs));
        }
    }
    assert!(compared > 2000 && agreed_yes > 500, "{compared} compared, {agreed_yes} matched");
    // webpki takes a star over a top-level label (`*.test`); we refuse it, as RFC 9525 section 7.1 leaves to custom.
    differences.retain(|(host, names, ours, theirs)| {
        let over_a_top_level = names.iter().any(|name| {
            let parent = name.strip_prefix("*.");
            parent.is_some_and(|parent| {
                !parent.contains('.') && host.to_lowercase().ends_with(&parent.to_lowercase())
            })
        });
        !(over_a_top_level && !ours && *theirs)
    });
    assert!(differences.is_empty(), "host, presented, ours, webpki's: {differences:#?}");
}
