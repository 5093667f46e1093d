//! IMAP's words for a client.

use super::grammar::{self, Response};
use super::work::{
    COMPRESS_PIPELINED, LITERALS, LITERALS_ANYWAY, Pieces, Step, Strings, UNAUTH_ARGUMENT, UNAUTH_PIPELINED,
    Work, draft,
};
use crate::base::Switches;
use crate::proto::client::{Heard, Tongue, Way};
use crate::proto::tagged::Tagged;
use crate::proto::{Account, Referral, exchange, initial_base64, line_base64};
use crate::trace::{Capabilities, GreetingStatus, Status};
use crate::wire;
use std::collections::VecDeque;

/// The words.
#[derive(Debug)]
pub struct ImapTongue {
    tagged: Tagged,
    greeted: bool,
    switches: Switches,
    work: Work,
    /// The step under way.
    step: Option<Step>,
    /// The newest capability list that was heard.
    listed: Option<Capabilities>,
    /// What is still to be sent of a command that waits for leave.
    pieces: VecDeque<Vec<u8>>,
}

impl ImapTongue {
    /// The words of a client that is set in some way.
    #[must_use]
    pub fn new(switches: &Switches) -> Self {
        Self {
            tagged: Tagged::default(),
            greeted: false,
            switches: switches.clone(),
            work: Work::new(switches),
            step: None,
            listed: None,
            pieces: VecDeque::new(),
        }
    }

    /// Whether a literal has to wait for leave: it does unless the client is set otherwise and the server permits it.
    fn waits(&self) -> bool {
        let permitted = self.listed.as_ref().is_some_and(|list| list.has("LITERAL+"));
        let anyway = self.switches.on(&LITERALS_ANYWAY);
        self.switches.get(&LITERALS) != "non-synchronizing" || !(permitted || anyway)
    }

    fn strings(&self) -> Strings {
        if self.switches.get(&LITERALS) == "if-needed" { Strings::IfNeeded } else { Strings::Literal }
    }

    /// Keeps the rest of a command until leave is given. Gives its first piece.
    fn in_pieces(&mut self, pieces: Pieces) -> Vec<u8> {
        let (first, rest) = pieces.finish();
        self.pieces = rest.into();
        first
    }

    /// LOGIN with name and password.
    fn login(&mut self, tag: &str, account: &Account) -> Vec<u8> {
        let (strings, waits) = (self.strings(), self.waits());
        let pieces = Pieces::default()
            .text(format!("{tag} LOGIN ").as_bytes())
            .string(account.user.as_bytes(), strings, waits)
            .text(b" ")
            .string(account.password.reveal(), strings, waits);
        self.in_pieces(pieces)
    }

    fn message(&mut self, octets: &[u8]) {
        if octets.is_empty() {
            self.tagged.say([Heard::Nonsense]);
            return;
        }
        let line = wire::text(octets.split_inclusive(|&o| o == b'\n').next().unwrap_or_default());
        if line.ends_with(b"}") && memchr::memmem::find(line, b"{-").is_some() {
            self.tagged.say([Heard::Nonsense]);
        }
        match grammar::response(line) {
            Some(Response::Continue) => {
                let challenge = exchange::base64(line.get(2..).unwrap_or_default());
                self.tagged.say([Heard::Continue(challenge.unwrap_or_default())]);
            }
            Some(Response::Untagged(rest)) => {
                let rest = line.get(rest).unwrap_or_default();
                let status = grammar::status(rest);
                self.learn(rest, status.map(|(_, behind)| behind));
                self.notice(rest, status);
                if !self.greeted {
                    self.greeted = true;
                    self.tagged.say([Heard::Greeting(match status {
                        Some((Status::Ok, _)) => GreetingStatus::Ok,
                        Some((Status::Preauth, _)) => GreetingStatus::Preauth,
                        Some((Status::Bye, _)) => GreetingStatus::Bye,
                        _ => GreetingStatus::Other,
                    })]);
                }
            }
            Some(Response::Tagged(tag, rest)) if self.greeted => {
                let rest = line.get(rest).unwrap_or_default();
                let tag = line.get(tag).unwrap_or_default();
                match grammar::status(rest) {
                    Some((status, behind)) if self.tagged.awaits(tag) => {
                        self.learn(rest, Some(behind));
                        self.notice(rest, Some((status, behind)));
                        self.tagged.say([Heard::Answer(status)]);
                    }
                    Some((Status::Ok, _)) => self.tagged.answer_early(tag),
                    _ => {}
                }
            }
            _ if !self.greeted => {
                self.greeted = true;
                self.tagged.say([Heard::Greeting(GreetingStatus::Other)]);
            }
            _ => {}
        }
    }

    /// Data, alerts and refusals.
    fn notice(&mut self, rest: &[u8], status: Option<(Status, usize)>) {
        let code = status.and_then(|(_, behind)| {
            let rest = rest.get(behind..)?;
            rest.get(grammar::code(rest)?)
        });
        if let Some((word, url)) = code.and_then(|code| code.split_at_checked(9))
            && word.eq_ignore_ascii_case(b"REFERRAL ")
        {
            self.tagged.say(Referral::read(url, "imap").map(Heard::Referral));
        }
        match status {
            None if grammar::capability_items(rest).is_none() => self.tagged.say([Heard::Data]),
            _ if code.is_some_and(|code| code.eq_ignore_ascii_case(b"ALERT")) => {
                self.tagged.say([Heard::Alert]);
            }
            Some((Status::No | Status::Bad | Status::Bye, _)) => self.tagged.say([Heard::Trouble]),
            _ => {}
        }
    }

    /// Takes in a capability list: an untagged response of its own, or a code behind a status word.
    fn learn(&mut self, rest: &[u8], behind_status: Option<usize>) {
        let list = match behind_status {
            None => grammar::capability_items(rest).map(Capabilities::new),
            Some(behind) => rest.get(behind..).and_then(|rest| {
                let code = grammar::code(rest)?;
                grammar::capability_items(rest.get(code)?).map(Capabilities::new)
            }),
        };
        if list.is_some() {
            self.listed.clone_from(&list);
        }
        self.tagged.say(list.map(Heard::Capabilities));
    }
}

impl Tongue for ImapTongue {
    fn capability(&mut self) -> Option<Vec<u8>> {
        Some(self.tagged.command("CAPABILITY"))
    }

    fn start_tls(&mut self) -> Vec<u8> {
        self.tagged.command("STARTTLS")
    }

    fn may_log_in(&self, list: Option<&Capabilities>) -> Option<bool> {
        Some(!list.is_some_and(Capabilities::login_disabled))
    }

    fn initial_response(&self, list: Option<&Capabilities>) -> bool {
        list.is_some_and(|list| list.has("SASL-IR"))
    }

    fn log_in(&mut self, way: Way<'_>, account: &Account) -> Vec<u8> {
        match way {
            // IMAP has no digest of its own; the client core never asks for one.
            Way::Command | Way::Digest => {
                let tag = self.tagged.await_new().to_owned();
                self.login(&tag, account)
            }
            Way::Sasl { mechanism, initial: Some(initial) } => {
                self.tagged.command(&format!("AUTHENTICATE {mechanism} {}", initial_base64(initial)))
            }
            Way::Sasl { mechanism, initial: None } => {
                self.tagged.command(&format!("AUTHENTICATE {mechanism}"))
            }
        }
    }

    fn log_in_further(&mut self, _account: &Account) -> Option<Vec<u8>> {
        None
    }

    fn sasl_message(&mut self, message: Option<&[u8]>) -> Vec<u8> {
        line_base64(message)
    }

    fn work(&mut self, _step: usize, list: Option<&Capabilities>, account: &Account) -> Option<Vec<u8>> {
        let step = self.work.next(list)?;
        let octets = match &step {
            Step::Command { text, .. } => {
                let mut octets = self.tagged.command(text);
                if text == "COMPRESS DEFLATE" && self.switches.on(&COMPRESS_PIPELINED) {
                    octets.extend(format!("{} NOOP\r\n", self.tagged.tag()).bytes());
                }
                octets
            }
            Step::Idle => self.tagged.command("IDLE"),
            Step::Draft => {
                let tag = self.tagged.await_new().to_owned();
                let pieces = Pieces::default()
                    .text(format!("{tag} APPEND Drafts (\\Draft \\Seen) ").as_bytes())
                    .literal(&draft(account), self.waits());
                self.in_pieces(pieces)
            }
            Step::HandOver => {
                let argument = if self.switches.on(&UNAUTH_ARGUMENT) { " now" } else { "" };
                let mut octets = self.tagged.command(&format!("UNAUTHENTICATE{argument}"));
                if self.switches.on(&UNAUTH_PIPELINED) {
                    let message = "Subject: For the next user\r\n\r\nNobody else is to read this.\r\n";
                    let head = format!("{} APPEND INBOX {{{}+}}\r\n", self.tagged.tag(), message.len());
                    octets.extend(format!("{head}{message}\r\n").bytes());
                }
                octets
            }
        };
        self.step = Some(step);
        Some(octets)
    }

    fn continued(&mut self) -> Option<Vec<u8>> {
        match &self.step {
            _ if !self.pieces.is_empty() => self.pieces.pop_front(),
            Some(Step::Idle) => {
                self.step = None;
                Some(b"DONE\r\n".to_vec())
            }
            _ => None,
        }
    }

    fn goes_on_anyway(&self) -> bool {
        matches!(self.step, Some(Step::Command { probe: true, .. }))
    }

    fn hands_over(&self) -> bool {
        self.step == Some(Step::HandOver)
    }

    fn handed_over(&mut self) -> bool {
        let handed = self.step == Some(Step::HandOver);
        self.listed = self.listed.take().filter(|_| !handed);
        handed
    }

    fn named(&mut self, word: &str) -> Option<Vec<u8>> {
        let text = match word {
            "capability" => "CAPABILITY",
            "close" => "CLOSE",
            "compress" => "COMPRESS DEFLATE",
            "examine" => "EXAMINE INBOX",
            "fetch" => "FETCH 1 BODY[]",
            "id" => "ID NIL",
            "list" => "LIST \"\" \"*\"",
            "lsub" => "LSUB \"\" \"*\"",
            "namespace" => "NAMESPACE",
            "noop" => "NOOP",
            "search" => "SEARCH UNSEEN",
            "select" => "SELECT INBOX",
            "status" => "STATUS INBOX (MESSAGES)",
            "uid-fetch" => "UID FETCH 1:* FLAGS",
            "uid-search" => "UID SEARCH ALL",
            "unselect" => "UNSELECT",
            _ => return None,
        };
        Some(self.tagged.command(text))
    }

    fn refer(&mut self, path: &str) {
        self.work.go_to(path);
    }

    fn out_of_place(&mut self, what: &str, _account: &Account) -> Option<Vec<u8>> {
        let text = match what {
            "mailbox" => "SELECT INBOX",
            "enable" => "ENABLE CONDSTORE",
            "unauthenticate" => "UNAUTHENTICATE",
            _ => return None,
        };
        Some(self.tagged.command(text))
    }

    fn log_out(&mut self) -> Vec<u8> {
        self.tagged.command("LOGOUT")
    }

    fn aside(&mut self) -> Vec<u8> {
        format!("{} CAPABILITY\r\n", self.tagged.tag()).into_bytes()
    }

    fn log_in_aside(&mut self, account: &Account) -> Vec<u8> {
        let tag = self.tagged.tag();
        let name = Pieces::default().text(format!("{tag} LOGIN ").as_bytes());
        let name = name.string(account.user.as_bytes(), Strings::IfNeeded, false).text(b" ");
        name.string(account.password.reveal(), Strings::IfNeeded, false).finish().0
    }

    fn answered_early(&mut self) -> bool {
        self.tagged.answered_early()
    }

    fn line(&self) -> &[u8] {
        self.tagged.line()
    }

    fn unread(&self) -> usize {
        self.tagged.unread()
    }

    fn push(&mut self, octets: &[u8]) {
        self.tagged.push(octets);
    }

    fn hear(&mut self) -> Option<Heard> {
        loop {
            if let Some(heard) = self.tagged.heard() {
                return Some(heard);
            }
            let message = self.tagged.message()?;
            self.message(&message);
        }
    }

    fn forget_input(&mut self) {
        self.tagged.forget();
    }

    fn start_again(&mut self) {
        self.forget_input();
        self.greeted = false;
        self.work.start_again();
        self.listed = None;
        self.pieces.clear();
        self.step = None;
    }
}
