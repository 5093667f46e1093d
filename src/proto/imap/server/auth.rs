//! The not authenticated state: STARTTLS, LOGIN, AUTHENTICATE, and what a login brings with it.

use super::{ALERT, ImapServer, LOGIN_CODE, LOGIN_REFERRAL, PUSH, REFERS_FAILED, State, TLS_ANSWERED_NO};
use crate::base::Secret;
use crate::proto::server::{CANCEL_ANSWER, KEEPS_BUFFER, No, SASL_IR, Turn};
use crate::proto::{OTHER_HOST, exchange};
use crate::tls::{Facts, Failure};
use crate::trace::Ending;
use base64::Engine;

impl ImapServer {
    pub(super) fn start_tls(&mut self, tag: &str) {
        match self.gate.start_tls(self.session.who.is_some()) {
            Err(why) => self.refuse(tag, why),
            Ok(()) => {
                let answer = format!("{tag} OK begin TLS negotiation now");
                self.out.extend(self.gate.begin_tls(&crate::proto::imap::RECORD, &answer, "* OK still here"));
                self.state = State::Handshake;
                if !self.gate.on(&KEEPS_BUFFER) {
                    self.inbox.clear();
                }
            }
        }
    }

    pub(super) fn tls_done(&mut self, result: Result<&Facts, Failure>) {
        let goes_on = self.gate.handshake_done(result, &mut self.out);
        self.state = State::Ready;
        if !goes_on {
            self.state = State::Ended;
            self.note_state();
        } else if self.gate.on(&PUSH) {
            let list = self.capabilities();
            self.send(format!("* CAPABILITY {list}"));
        }
    }

    pub(super) fn tls_ended(&mut self, ending: Ending) {
        if !self.gate.tls_ended(ending, &mut self.out) {
            self.state = State::Ended;
            self.note_state();
        }
    }

    pub(super) fn refuse(&mut self, tag: &str, why: No) {
        self.send(match why {
            No::PrivacyRequired => format!("{tag} NO [PRIVACYREQUIRED] no password is taken outside TLS"),
            No::Name => format!("{tag} NO [AUTHENTICATIONFAILED] there is nobody of that name"),
            No::Credentials | No::Malformed if self.gate.on(&REFERS_FAILED) => {
                let at = format!("[REFERRAL imap://{OTHER_HOST}/]");
                format!("* NO [AUTHENTICATIONFAILED] that did not work\r\n{tag} NO {at} try there")
            }
            No::Credentials | No::Malformed => format!("{tag} NO [AUTHENTICATIONFAILED] that did not work"),
            No::Authorization => {
                format!("{tag} NO [AUTHORIZATIONFAILED] nobody may act for somebody else here")
            }
            No::State => format!("{tag} BAD not in this state"),
            No::TlsActive if self.gate.on(&TLS_ANSWERED_NO) => format!("{tag} NO TLS is here already"),
            No::TlsActive => format!("{tag} BAD TLS is already active"),
            No::Mechanism => format!("{tag} NO this mechanism is not available"),
            No::Unknown => format!("{tag} BAD this command is not known here"),
            No::GivenUp if self.gate.on(&CANCEL_ANSWER) => format!("{tag} NO that did not work"),
            No::TooLong => format!("{tag} BAD that is too long"),
            No::GivenUp => format!("{tag} BAD given up"),
            No::NotBase64 => format!("{tag} BAD that is not base64"),
        });
    }

    pub(super) fn login(&mut self, tag: &str, user: &[u8], password: &Secret) {
        let judged = self.gate.password(user, password.reveal());
        self.admit(tag, judged, "LOGIN");
    }

    pub(super) fn authenticate(&mut self, tag: &str, mechanism: &str, initial: Option<&[u8]>) {
        if initial.is_some() && !self.gate.on(&SASL_IR) {
            self.bad(tag, "no initial response is taken");
            return;
        }
        let initial = initial.map(|word| self.gate.read(exchange::initial(word), word));
        let turn = self.gate.begin(mechanism.as_bytes(), initial);
        self.turn(tag, turn);
    }

    pub(super) fn turn(&mut self, tag: &str, turn: Turn) {
        match turn {
            Turn::Challenge(challenge) => {
                self.state = State::Challenge { tag: tag.to_owned() };
                self.send(format!("+ {}", base64::engine::general_purpose::STANDARD.encode(challenge)));
            }
            Turn::Over(judged) => self.admit(tag, judged, "AUTHENTICATE"),
        }
    }

    /// A user is who it says: from now on the session is that user's.
    pub(super) fn admit_user(&mut self, user: &str) {
        let mut who = self.store.identity(user);
        who.groups.append(&mut self.session.more_groups);
        self.session.who = Some(who);
        self.session.takes_login = false;
        self.session.flags_of = self.session.sees_as.take().unwrap_or_else(|| user.to_owned());
    }

    fn admit(&mut self, tag: &str, judged: Result<(), No>, name: &str) {
        if let Err(why) = judged {
            self.refuse(tag, why);
            if self.gate.failed(why) {
                self.bye("too many failed logins");
            }
            return;
        }
        let user = self.gate.who().to_owned();
        if self.guards && self.gate.account.from_inside(&user) {
            self.no(tag, "[CONTACTADMIN] this account is for the inside only");
            return;
        }
        let referral = format!("[REFERRAL imap://{user};AUTH=*@{OTHER_HOST}/]");
        let kind = self.gate.get(&LOGIN_REFERRAL);
        if kind == "instead" {
            self.no(tag, &format!("{referral} this user's mail is kept there"));
            return;
        }
        self.admit_user(&user);
        self.note_state();
        let note = self.gate.identity_note();
        self.note(note);
        if self.gate.on(&ALERT) {
            self.send("* OK [ALERT] this server is down for an hour tonight");
        }
        if self.gate.get(&LOGIN_CODE) == "untagged" {
            let list = self.capabilities();
            self.send(format!("* CAPABILITY {list}"));
        }
        let code = if kind == "with-login" {
            format!("{referral} ")
        } else if self.gate.on(&LOGIN_CODE) {
            format!("[CAPABILITY {}] ", self.capabilities())
        } else {
            String::new()
        };
        self.done_with(tag, &code, name);
    }
}
