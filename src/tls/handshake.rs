//! The modelled handshake: what each end offers and demands, and what comes out.
//!
//! The Finished messages prove to both ends that they saw the same hellos. A middle that edits a hello is found out by
//! them, unless the suite that results is so weak that it can compute them itself in time.

use super::identity::Provenance;
use super::suites::{self, KeyExchange, Strength, Suite};
use super::{
    Acceptance, Application, Certificate, Checks, ClientCertificate, Facts, Failure, NameCheck, Reference,
    Verification, Version,
};
use std::sync::Arc;

/// What one end brings to a handshake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Offer {
    /// The client's part.
    Client(ClientOffer),
    /// The server's part.
    Server(ServerOffer),
}

/// The client's part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientOffer {
    /// Versions it speaks.
    pub versions: Vec<Version>,
    /// Suites it takes.
    pub suites: Vec<&'static Suite>,
    /// The application protocols that it names (ALPN); none if it does not say.
    pub applications: Vec<&'static str>,
    /// The names it will look for in the certificate; one is enough. The first is sent ahead in the clear (SNI).
    pub references: Vec<Reference>,
    /// What it checks.
    pub checks: Checks,
    /// What it does with a certificate that fails its checks.
    pub on_fault: OnFault,
    /// What it shows a server that asks for it.
    pub certificate: Option<ClientCertificate>,
}

/// What a client does with a certificate that fails its checks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OnFault {
    /// The user is asked and will say yes.
    pub user_agrees: bool,
    /// Certificates that it takes without a question.
    pub pinned: Vec<Arc<Certificate>>,
}

/// The server's part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerOffer {
    /// Versions it speaks.
    pub versions: Vec<Version>,
    /// Suites it takes, the best liked first.
    pub suites: Vec<&'static Suite>,
    /// The application protocols that it speaks on this port; none: it makes nothing of what the client named.
    pub applications: Vec<&'static str>,
    /// What it presents.
    pub certificate: Arc<Certificate>,
    /// It asks the client for a certificate.
    pub asks_certificate: bool,
}

/// The versions that RFC 9325 section 3.1.1 leaves.
pub const GOOD_VERSIONS: &[Version] = &[Version::Tls12, Version::Tls13];

/// Suites of a party that keeps RFC 9325 section 4, the best first.
#[must_use]
pub fn good_suites() -> Vec<&'static Suite> {
    suites::ALL.iter().filter(|suite| suite.is_good()).collect()
}

impl ClientOffer {
    /// A client that keeps the documents of today.
    #[must_use]
    pub fn good(reference: Reference) -> Self {
        Self {
            versions: GOOD_VERSIONS.to_vec(),
            suites: good_suites(),
            applications: Vec::new(),
            references: vec![reference],
            checks: Checks::ALL,
            on_fault: OnFault::default(),
            certificate: None,
        }
    }

    /// A client that takes whatever it is shown, in any version and suite: the attacker, who wants in.
    #[must_use]
    pub fn careless(host: &str) -> Self {
        let reference = Reference::new(host, Provenance::Configured);
        Self {
            suites: suites::ALL.iter().collect(),
            checks: Checks {
                name: NameCheck::None,
                path: false,
                dates: false,
                revocation: false,
                ..Checks::ALL
            },
            ..Self::good(reference)
        }
    }

    /// The name that is sent ahead in the clear, for a server with several certificates.
    #[must_use]
    pub fn server_name(&self) -> &str {
        self.references.first().map_or("", |reference| &reference.name)
    }
}

impl ServerOffer {
    /// A server that keeps the documents of today.
    #[must_use]
    pub fn good(certificate: Certificate) -> Self {
        Self {
            versions: GOOD_VERSIONS.to_vec(),
            suites: good_suites(),
            applications: Vec::new(),
            certificate: Arc::new(certificate),
            asks_certificate: false,
        }
    }
}

/// Runs the handshake between a client's and a server's offer.
///
/// # Errors
/// The first reason for which either stops it.
pub fn handshake(client: &ClientOffer, server: &ServerOffer) -> Result<Facts, Failure> {
    let (version, suite) = negotiate(client, server)?;
    establish(client, server, version, suite)
}

/// The same when a middle lets only some versions and suites of the client's hello through.
///
/// # Errors
/// As [`handshake`]; [`Failure::Finished`] when the ends notice the edit.
pub fn edited(
    client: &ClientOffer,
    server: &ServerOffer,
    passes: &dyn Fn(Version, &Suite) -> bool,
) -> Result<Facts, Failure> {
    let mut hello = client.clone();
    hello.versions.retain(|&version| client.suites.iter().any(|suite| passes(version, suite)));
    hello.suites.retain(|suite| client.versions.iter().any(|&version| passes(version, suite)));
    let (version, suite) = negotiate(&hello, server)?;
    // Keys of 64 bits or less are found while the handshake waits; without encryption the Finished messages still
    // depend on a secret.
    let unseen = hello == *client || suite.strength == Strength::Broken;
    if unseen { establish(client, server, version, suite) } else { Err(Failure::Finished) }
}

/// The highest common version, and in it the suite that the server likes best.
fn negotiate(client: &ClientOffer, server: &ServerOffer) -> Result<(Version, &'static Suite), Failure> {
    let common = client.versions.iter().filter(|version| server.versions.contains(version));
    let version = common.max().copied().ok_or(Failure::NoCommonVersion)?;
    let fits = |suite: &&&'static Suite| suite.fits(version) && client.suites.contains(suite);
    let suite = server.suites.iter().find(fits).copied().ok_or(Failure::NoCommonSuite)?;
    Ok((version, suite))
}

fn establish(
    client: &ClientOffer,
    server: &ServerOffer,
    version: Version,
    suite: &'static Suite,
) -> Result<Facts, Failure> {
    let chosen = application(client, server)?;
    // Who agrees on keys anonymously shows no certificate, so that there is nothing to check.
    let shown = (suite.key_exchange != KeyExchange::Anonymous).then(|| Arc::clone(&server.certificate));
    let verification = shown.as_ref().map(|shown| verify(client, shown)).transpose()?;
    let asked = server.asks_certificate && shown.is_some();
    Ok(Facts {
        version: Some(version),
        cipher: Some(suite.name.to_owned()),
        certificate: shown,
        references: client.references.clone(),
        verification,
        client_certificate_asked: Some(asked),
        client_certificate: client.certificate.clone().filter(|_| asked),
        application: Some(Box::new(Application {
            offered: client.applications.iter().map(|&name| name.to_owned()).collect(),
            chosen: chosen.map(str::to_owned),
        })),
        recorded: None,
        ends_at_middle: false,
    })
}

/// The application protocol that a server chooses, the one it likes best first (RFC 7301 section 3.2).
fn application(client: &ClientOffer, server: &ServerOffer) -> Result<Option<&'static str>, Failure> {
    if client.applications.is_empty() || server.applications.is_empty() {
        return Ok(None);
    }
    let chosen = server.applications.iter().find(|name| client.applications.contains(name));
    chosen.copied().map(Some).ok_or(Failure::NoCommonApplication)
}

fn verify(client: &ClientOffer, shown: &Arc<Certificate>) -> Result<Verification, Failure> {
    let faults = client.checks.faults(&client.references, shown);
    let accepted = match faults.first() {
        None => None,
        Some(_) if client.on_fault.pinned.contains(shown) => Some(Acceptance::Pinned),
        Some(_) if client.on_fault.user_agrees => Some(Acceptance::User),
        Some(failure) => return Err(*failure),
    };
    Ok(Verification {
        name_matched: client.checks.matching(&client.references, shown),
        path_checked: client.checks.path,
        dates_checked: client.checks.dates,
        revocation_checked: client.checks.revocation,
        faults,
        accepted,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client() -> ClientOffer {
        ClientOffer::good(Reference::new("mail.example.test", Provenance::Configured))
    }

    fn server(change: impl FnOnce(&mut ServerOffer)) -> ServerOffer {
        let mut offer = ServerOffer::good(Certificate::good("mail.example.test"));
        change(&mut offer);
        offer
    }

    #[test]
    fn the_highest_common_version_and_the_servers_first_suite_are_chosen() {
        let facts = handshake(&client(), &server(|_| ())).unwrap();
        assert_eq!(facts.version, Some(Version::Tls13));
        assert_eq!(facts.cipher.as_deref(), Some("TLS_AES_128_GCM_SHA256"));
        let older = server(|s| s.versions = vec![Version::Tls10, Version::Tls12]);
        assert_eq!(handshake(&client(), &older).unwrap().version, Some(Version::Tls12));
        let oldest = server(|s| s.versions = vec![Version::Tls10]);
        assert_eq!(handshake(&client(), &oldest), Err(Failure::NoCommonVersion));
        let weak = server(|s| s.suites = vec![suites::find("TLS_RSA_WITH_NULL_SHA").unwrap()]);
        assert_eq!(handshake(&client(), &weak), Err(Failure::NoCommonSuite));
    }

    #[test]
    fn a_fault_ends_it_unless_the_user_agrees_or_it_was_pinned() {
        let wrong = server(|s| s.certificate = Arc::new(Certificate::good("evil.example")));
        assert_eq!(handshake(&client(), &wrong), Err(Failure::WrongName));
        let accepted = |on_fault| {
            let client = ClientOffer { on_fault, ..client() };
            handshake(&client, &wrong).unwrap().verification.unwrap()
        };
        let asked = accepted(OnFault { user_agrees: true, pinned: vec![] });
        assert_eq!((asked.accepted, asked.faults), (Some(Acceptance::User), vec![Failure::WrongName]));
        let pinned = accepted(OnFault { user_agrees: false, pinned: vec![Arc::clone(&wrong.certificate)] });
        assert_eq!(pinned.accepted, Some(Acceptance::Pinned));
    }

    #[test]
    fn an_edited_hello_is_noticed_unless_the_result_breaks_at_once() {
        let both = |names: &[&str]| -> Vec<&'static Suite> {
            names.iter().map(|name| suites::find(name).unwrap()).collect()
        };
        let with = |weak: &str| {
            let mut client = client();
            client.versions = vec![Version::Tls10, Version::Tls12];
            client.suites = both(&["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", weak]);
            let server = server(|s| {
                s.versions = client.versions.clone();
                s.suites = client.suites.clone();
            });
            edited(&client, &server, &|_, suite| suite.name == weak)
        };
        let export = with("TLS_RSA_EXPORT_WITH_RC4_40_MD5").unwrap();
        assert_eq!(export.cipher.as_deref(), Some("TLS_RSA_EXPORT_WITH_RC4_40_MD5"));
        assert_eq!(with("TLS_RSA_WITH_NULL_SHA"), Err(Failure::Finished));
        assert_eq!(with("TLS_RSA_WITH_RC4_128_SHA"), Err(Failure::Finished));
        assert!(edited(&client(), &server(|_| ()), &|_, _| true).is_ok());
    }

    #[test]
    fn a_server_that_looks_refuses_who_names_another_protocol() {
        let result = |named: &[&'static str], spoken: &[&'static str]| {
            let client = ClientOffer { applications: named.to_vec(), ..client() };
            let facts = handshake(&client, &server(|s| s.applications = spoken.to_vec()))?;
            Ok(facts.application.unwrap().chosen)
        };
        assert_eq!(result(&["imap"], &["imap"]), Ok(Some("imap".to_owned())));
        assert_eq!(result(&["imap"], &["pop3"]), Err(Failure::NoCommonApplication));
        for (named, spoken) in [(&["imap"][..], &[][..]), (&[], &["imap"])] {
            assert_eq!(result(named, spoken), Ok(None), "{named:?} {spoken:?}");
        }
    }

    #[test]
    fn an_anonymous_suite_has_no_certificate_to_check() {
        let anonymous = vec![suites::find("TLS_DH_anon_WITH_AES_128_CBC_SHA").unwrap()];
        let client = ClientOffer { suites: anonymous.clone(), versions: vec![Version::Tls12], ..client() };
        let facts = handshake(&client, &server(|s| s.suites = anonymous)).unwrap();
        assert_eq!((facts.certificate, facts.verification), (None, None));
    }

    #[test]
    fn a_client_certificate_is_shown_only_when_asked_for() {
        let client =
            ClientOffer { certificate: Some(ClientCertificate { subject: "tim".to_owned() }), ..client() };
        assert_eq!(handshake(&client, &server(|_| ())).unwrap().client_certificate, None);
        let asked = handshake(&client, &server(|s| s.asks_certificate = true)).unwrap();
        assert_eq!(asked.client_certificate.unwrap().subject, "tim");
    }
}
