//! The client's side of TLS and of finding its server: where it connects to, by which name it knows its server, what it
//! offers, what it does about a certificate, and where it goes when a connection came to nothing.

use super::tls_switches::{
    ANY_SERVICE, ANY_STAR, APPLICATION, BAD_CERTIFICATE, CERTIFICATE, CERTIFICATE_TO_ANYBODY,
    CLEAR_AFTER_CERTIFICATE, CLEAR_GREETING, COMMON_NAME, FIND, GOES_ON_IN_CLEAR, NAME_RULES, NO_CLOSE_ALERT,
    NO_DATE_CHECK, NO_NAME_CHECK, NO_PATH_CHECK, NO_REVOCATION_CHECK, PIN, PORT, PREFIX_MATCH, SESSIONS,
    SUITES, TAKES_INCOMPLETE, TRUST_CNAME, TRUST_SRV, USER, VERSION_FALLBACK, WEAK_TLS,
};
use super::{Client, PATIENCE, State, Tongue};
use crate::base::{Endpoint, Question, Record, Tick};
use crate::proto::Output;
use crate::tls::identity::{NameRules, Provenance};
use crate::tls::{
    Acceptance, Certificate, Checks, ClientCertificate, ClientOffer, Facts, Failure, NameCheck, Offer,
    OnFault, Reference, Version, suites,
};
use crate::trace::{Doubt, Ending, Note, Refusal};
use std::rc::Rc;
use std::sync::Arc;

/// What a client remembers about its server and its connections.
#[derive(Debug, Default)]
pub(super) struct Ground {
    /// Where the current connection goes; `None` when somebody else chose.
    endpoint: Option<Endpoint>,
    /// Another name that it learned for its server.
    learned: Option<Reference>,
    /// The handshake comes before the greeting.
    before_greeting: bool,
    /// The newest version that it still offers, once it has begun to go down.
    newest: Option<Version>,
    /// It was told to go on without TLS.
    without_tls: bool,
    /// Certificates that it takes without a question.
    pinned: Vec<Arc<Certificate>>,
    /// How many sessions came to their end.
    sessions: u8,
}

impl<T: Tongue> Client<T> {
    /// Finds out where to connect to.
    pub(super) fn begin(&mut self) {
        let host = self.account.host.to_string();
        if self.switches.get(&FIND) == "srv" {
            let domain = mail_domain(&host);
            let service = self.service(self.switches.get(&PORT) != "upgrade");
            self.out.push(Output::Lookup(Question::Service(format!("_{service}._tcp.{domain}"))));
        } else if self.switches.get(&FIND) == "autoconfig" {
            self.out.push(Output::Lookup(Question::Settings(format!("autoconfig.{}", mail_domain(&host)))));
        } else if self.switches.on(&TRUST_CNAME) {
            self.out.push(Output::Lookup(Question::Address(host)));
        } else {
            self.connect_to(host);
        }
    }

    fn service(&self, tls_first: bool) -> String {
        let id = self.record.protocol.id();
        if tls_first { format!("{id}s") } else { id.to_owned() }
    }

    /// Takes in what the resolver says, none of which is signed.
    pub(super) fn found(&mut self, records: &[Record]) {
        let host = self.account.host.to_string();
        let service = records.iter().find_map(|record| match record {
            Record::Srv { target, port, .. } => Some((target.clone(), *port)),
            _ => None,
        });
        if let Some((target, port)) = service {
            self.found_service(target, port, Provenance::Srv);
            return;
        }
        // Of the servers that a document names, the one on the port that the client wants, or the first.
        let wanted = self.record.dialect.port(self.switches.get(&PORT) != "upgrade");
        let settings = records.iter().filter_map(|record| match record {
            Record::Settings { target, port, .. } => Some((target.clone(), *port)),
            _ => None,
        });
        if let Some((target, port)) = settings.min_by_key(|(_, port)| Some(*port) != wanted) {
            self.found_service(target, port, Provenance::Settings);
            return;
        }
        let alias = records.iter().rev().find_map(|record| match record {
            Record::Cname { target, .. } => Some(target.clone()),
            _ => None,
        });
        if let Some(name) = alias.filter(|_| self.switches.on(&TRUST_CNAME)) {
            self.ground.learned = Some(Reference::new(&name, Provenance::Cname));
        }
        self.connect_to(host);
    }

    /// RFC 8314 section 5.1: an unsigned answer counts only within the domain; otherwise the user decides.
    fn found_service(&mut self, target: String, port: u16, provenance: Provenance) {
        let domain = mail_domain(&self.account.host).to_owned();
        let within = target.ends_with(&format!(".{domain}"));
        if self.switches.on(&TRUST_SRV) {
            self.ground.learned = Some(Reference::new(&target, provenance));
        } else {
            let asked = self.service(self.switches.get(&PORT) != "upgrade");
            let service = (!self.switches.on(&ANY_SERVICE)).then_some(asked);
            self.ground.learned =
                Some(Reference { service, ..Reference::new(&domain, Provenance::MailDomain) });
            if !within && !self.asks(Doubt::Server) {
                self.note(Note::Refused(Refusal::NotConnected));
                self.state = State::Ended;
                return;
            }
        }
        let tls_first = self.record.dialect.port(true) == Some(port);
        self.connect(Endpoint { host: target, port, tls_first });
    }

    fn connect_to(&mut self, host: String) {
        self.connect(self.usual_endpoint(host));
    }

    /// A host's port, as the client was told to choose.
    pub(super) fn usual_endpoint(&self, host: String) -> Endpoint {
        self.endpoint(host, self.switches.get(&PORT) != "upgrade")
    }

    fn endpoint(&self, host: String, tls_first: bool) -> Endpoint {
        let port = self.record.dialect.port(tls_first).unwrap_or_default();
        Endpoint { host, port, tls_first }
    }

    fn connect(&mut self, endpoint: Endpoint) {
        self.ground.endpoint = Some(endpoint.clone());
        self.state = State::Greeting;
        self.out.push(Output::Connect(endpoint));
    }

    /// Leaves this connection and opens another one, to the same place or the one that is given.
    pub(super) fn connect_again(&mut self, endpoint: Option<Endpoint>) {
        self.hang_up();
        self.tongue.start_again();
        self.manners = super::manner::Manners::default();
        self.known = None;
        self.secure = false;
        self.believes_secure = false;
        let usual = self.usual_endpoint(self.account.host.to_string());
        let last = self.ground.endpoint.clone();
        self.connect(endpoint.or(last).unwrap_or(usual));
    }

    /// Closes the connection, in a layer with an alert first (RFC 8314 section 3.4).
    pub(super) fn hang_up(&mut self) {
        let abrupt = self.secure && self.switches.on(&NO_CLOSE_ALERT);
        self.out.push(if abrupt { Output::Cut } else { Output::Close });
    }

    /// The connection is open: on some ports TLS comes first.
    pub(super) fn opened(&mut self) {
        let by_setting = self.switches.get(&PORT) == "tls-first";
        let tls_first = self.ground.endpoint.as_ref().map_or(by_setting, |endpoint| endpoint.tls_first);
        if tls_first {
            self.ground.before_greeting = true;
            self.talks_before_tls();
            self.handshake();
        }
    }

    /// Begins the handshake.
    pub(super) fn handshake(&mut self) {
        self.out.push(Output::StartTls(Rc::new(Offer::Client(self.offer()))));
        self.out.push(Output::WakeAt(Tick(PATIENCE)));
        self.state = State::Handshake;
    }

    /// The name that the user configured, unless the client knows its server by another one.
    fn references(&self) -> Vec<Reference> {
        let host = Reference::new(&self.account.host, Provenance::Configured);
        let known = self.referred.reference.as_ref().or(self.ground.learned.as_ref());
        vec![known.cloned().unwrap_or(host)]
    }

    fn offer(&self) -> ClientOffer {
        let on = |switch| self.switches.on(switch);
        let references = self.references();
        let mut offer = ClientOffer {
            references,
            checks: Checks {
                name: match () {
                    () if on(&NO_NAME_CHECK) => NameCheck::None,
                    () if on(&PREFIX_MATCH) => NameCheck::Prefix,
                    () if on(&ANY_STAR) => NameCheck::AnyStar,
                    () if on(&COMMON_NAME) => NameCheck::CommonName,
                    () => super::slips::name_check(&self.switches),
                },
                rules: match self.switches.get(&NAME_RULES) {
                    "rfc2595" => NameRules::Rfc2595,
                    "rfc9525" => NameRules::Rfc9525,
                    _ => NameRules::Rfc7817,
                },
                path: !on(&NO_PATH_CHECK),
                dates: !on(&NO_DATE_CHECK),
                revocation: !on(&NO_REVOCATION_CHECK),
            },
            on_fault: OnFault {
                user_agrees: on(&PIN) || (self.asks_about_certificates() && self.user_agrees()),
                pinned: self.ground.pinned.clone(),
            },
            ..ClientOffer::good(Reference::new("", Provenance::Configured))
        };
        if self.switches.get(&APPLICATION) == "named" {
            offer.applications.extend(self.record.dialect.application);
        }
        if on(&WEAK_TLS) || on(&VERSION_FALLBACK) {
            offer.versions = vec![Version::Tls10, Version::Tls11, Version::Tls12, Version::Tls13];
            offer.suites.extend(suites::ALL.iter().filter(|suite| {
                !suite.is_good() && (on(&WEAK_TLS) || suite.strength == suites::Strength::Strong)
            }));
        }
        if self.switches.get(&SUITES) == "rfc2595" {
            offer.versions = vec![Version::Tls10, Version::Tls11, Version::Tls12];
            offer.suites = suites::find(suites::OF_1999).into_iter().collect();
        }
        if let Some(newest) = self.ground.newest {
            offer.versions.retain(|&version| version <= newest);
        }
        // RFC 8314 section 5.5: only for the account that it belongs to.
        if self.switches.get(&CERTIFICATE) == "this-account" || on(&CERTIFICATE_TO_ANYBODY) {
            offer.certificate = Some(ClientCertificate { subject: self.account.user.to_string() });
        }
        offer
    }

    fn asks_about_certificates(&self) -> bool {
        self.switches.get(&BAD_CERTIFICATE) == "ask"
    }

    fn user_agrees(&self) -> bool {
        self.switches.get(&USER) == "agrees"
    }

    /// Asks the user and says what the answer was.
    fn asks(&mut self, doubt: Doubt) -> bool {
        let agrees = self.user_agrees();
        self.note(Note::AskedUser(doubt));
        self.note(if agrees { Note::UserAgreed } else { Note::UserDeclined });
        agrees
    }

    /// TLS is up: says how the certificate came to be taken. True: the greeting is still to come.
    pub(super) fn secured(&mut self, facts: &Facts) -> bool {
        let taken = facts.verification.as_ref().and_then(|v| Some((v.accepted?, *v.faults.first()?)));
        if let Some((Acceptance::User, fault)) = taken {
            if self.asks_about_certificates() {
                self.asks(Doubt::Certificate(fault));
            }
            if self.switches.on(&PIN) {
                self.note(Note::CertificatePinned);
                self.ground.pinned.extend(facts.certificate.clone());
            }
        }
        let greeting_follows = std::mem::take(&mut self.ground.before_greeting);
        if greeting_follows {
            self.state = State::Greeting;
        }
        greeting_follows
    }

    /// The handshake failed. True: this says what comes next; otherwise it is like any other failure.
    pub(super) fn settles(&mut self, failure: Failure) -> bool {
        let before_greeting = std::mem::take(&mut self.ground.before_greeting);
        if failure == Failure::NotTls && before_greeting && self.switches.on(&CLEAR_GREETING) {
            self.note(Note::ResultIgnored);
            self.believes_secure = true;
            self.state = State::Greeting;
            return true;
        }
        if failure.of_certificate() {
            self.note(Note::ResultChecked);
            self.bad_certificate(failure);
            return true;
        }
        self.goes_down()
    }

    fn bad_certificate(&mut self, failure: Failure) {
        if self.asks_about_certificates() {
            self.note(Note::AskedUser(Doubt::Certificate(failure)));
            self.note(Note::UserDeclined);
        }
        if self.switches.on(&CLEAR_AFTER_CERTIFICATE) {
            // The question is put so that everybody says yes.
            self.note(Note::AskedUser(Doubt::WithoutTls));
            self.note(Note::UserAgreed);
            self.ground.without_tls = true;
            let host = self.account.host.to_string();
            self.connect_again(Some(self.endpoint(host, false)));
        } else {
            self.refuse(Refusal::Certificate(failure));
        }
    }

    /// Tries the next older version, which no client that speaks TLS 1.2 may do (RFC 9325 section 3.1.3).
    fn goes_down(&mut self) -> bool {
        if !self.switches.on(&VERSION_FALLBACK) {
            return false;
        }
        let versions = [Version::Tls10, Version::Tls11, Version::Tls12, Version::Tls13];
        let newest = self.ground.newest.unwrap_or(Version::Tls13);
        let Some(older) = versions.into_iter().rev().find(|&version| version < newest) else { return false };
        self.ground.newest = Some(older);
        self.note(Note::ResultChecked);
        self.upgrade_tried = false;
        self.connect_again(None);
        true
    }

    /// Whether it goes on without TLS because it was told to.
    pub(super) fn told_to_do_without(&self) -> bool {
        self.ground.without_tls
    }

    /// A client that tries ports goes on to the one with STARTTLS. True: it does.
    pub(super) fn tries_other_port(&mut self) -> bool {
        let first = self.ground.endpoint.as_ref().is_some_and(|endpoint| endpoint.tls_first);
        if !first || self.switches.get(&PORT) != "either" {
            return false;
        }
        self.ground.before_greeting = false;
        let host = self.account.host.to_string();
        self.connect_again(Some(self.endpoint(host, false)));
        true
    }

    /// The session came to its end: on to the next one, if there is one.
    pub(super) fn session_done(&mut self) {
        self.ground.sessions = self.ground.sessions.saturating_add(1);
        if self.switches.get(&SESSIONS) == "2" && self.ground.sessions == 1 {
            self.upgrade_tried = false;
            self.warned = false;
            // It begins at home again.
            let sent_away = std::mem::take(&mut self.referred).reference.is_some();
            let home = sent_away.then(|| self.usual_endpoint(self.account.host.to_string()));
            self.connect_again(home);
        } else {
            self.close();
        }
    }

    /// The layer ended under it (RFC 2595 section 2.2: so does the connection).
    pub(super) fn layer_ended(&mut self, ending: Ending) {
        let working = matches!(self.state, State::Work { .. });
        self.secure = false;
        match ending {
            Ending::Cut if working && self.switches.on(&TAKES_INCOMPLETE) => self.note(Note::KeptIncomplete),
            Ending::Cut => {}
            _ if matches!(self.state, State::Logout | State::Ended) => {}
            // It reads on as if nothing had happened.
            _ if self.switches.on(&GOES_ON_IN_CLEAR) => {}
            _ => self.refuse(Refusal::LayerEnded),
        }
    }
}

/// The domain of the mail addresses that a host serves.
fn mail_domain(host: &str) -> &str {
    host.split_once('.').map_or(host, |(_, domain)| domain)
}
