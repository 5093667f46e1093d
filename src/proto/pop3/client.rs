//! POP3's words for a client.

use super::answers::{ANSWER_LIMIT, Answer, Answers};
use super::{apop, grammar, switches};
use crate::base::Switches;
use crate::proto::client::{Heard, INITIAL_ANYWAY, Tongue, Way};
use crate::proto::{Account, exchange, initial_base64, line_base64};
use crate::trace::{Capabilities, GreetingStatus, Status};
use std::collections::VecDeque;

/// The commands after the login of a client that reads its mail.
const READ: &[&str] = &["STAT", "RETR 1", "NOOP"];

/// Every command that there is after the login; the one message that it marks stays.
const TOUR: &[&str] =
    &["STAT", "LIST", "LIST 1", "UIDL", "UIDL 1", "TOP 1 0", "RETR 1", "DELE 1", "RSET", "NOOP", "CAPA"];

/// Who waits for the answer to a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// The client's core.
    Awaited,
    /// Nobody: it was said in passing.
    Aside,
    /// It went ahead of others in one segment (PIPELINING, RFC 2449 section 6.6): the last one's answer stands for all.
    Ahead,
}

/// The words.
#[derive(Debug, Default)]
pub struct Pop3Tongue {
    switches: Switches,
    answers: Answers,
    /// The commands whose answers have not come, in order.
    commands: VecDeque<(Vec<u8>, Role)>,
    /// One of the commands that went ahead failed.
    failed: bool,
    greeted: bool,
    timestamp: Option<Vec<u8>>,
    user_sent: bool,
    heard: VecDeque<Heard>,
    /// The status line that was read last.
    line: Vec<u8>,
}

impl Pop3Tongue {
    /// The words of a client with these switches.
    #[must_use]
    pub fn new(switches: &Switches) -> Self {
        Self { switches: switches.clone(), ..Self::default() }
    }

    fn command(&mut self, text: &str) -> Vec<u8> {
        self.commands.push_back((text.as_bytes().to_vec(), Role::Awaited));
        format!("{text}\r\n").into_bytes()
    }

    /// Takes one answer off the buffer.
    fn answer(&mut self) -> Option<()> {
        let (commands, greeted) = (&self.commands, self.greeted);
        let Answer { line, body } = self.answers.next(|line| {
            commands.front().is_some_and(|(command, _)| greeted && grammar::multi_line(command))
                && matches!(grammar::status(line), Some((Status::Ok, _)))
        })?;
        let status = grammar::status(&line);
        if matches!(status, Some((Status::Err, _))) {
            // RFC 3206: trouble that the user should hear of.
            let code = grammar::code(&line).and_then(|code| line.get(code));
            let alert =
                code.is_some_and(|code| code.get(..4).is_some_and(|head| head.eq_ignore_ascii_case(b"SYS/")));
            self.heard.push_back(if alert { Heard::Alert } else { Heard::Trouble });
        }
        self.line.clone_from(&line);
        let heard = match status {
            Some((status, _)) if !self.greeted => {
                self.greeted = true;
                self.timestamp = apop::timestamp(&line).map(<[u8]>::to_vec);
                Heard::Greeting(if status == Status::Ok { GreetingStatus::Ok } else { GreetingStatus::Other })
            }
            Some((status, _)) => self.answered(status, &body),
            None if !self.greeted => {
                self.greeted = true;
                Heard::Greeting(GreetingStatus::Other)
            }
            None => match grammar::continuation(&line) {
                Some(challenge) => Heard::Continue(exchange::base64(challenge).unwrap_or_default()),
                None => Heard::Nonsense,
            },
        };
        self.heard.push_back(heard);
        Some(())
    }

    /// The oldest command is answered.
    fn answered(&mut self, status: Status, body: &[Vec<u8>]) -> Heard {
        let Some((command, role)) = self.commands.pop_front() else { return Heard::Other };
        if command.eq_ignore_ascii_case(b"CAPA") && status == Status::Ok {
            let list = Capabilities::new(body.iter().map(Vec::as_slice));
            self.heard.push_back(Heard::Capabilities(list));
        }
        match role {
            Role::Aside => Heard::Other,
            Role::Ahead => {
                self.failed |= status != Status::Ok;
                Heard::Other
            }
            Role::Awaited if std::mem::take(&mut self.failed) => Heard::Answer(Status::Err),
            Role::Awaited => Heard::Answer(status),
        }
    }
}

impl Tongue for Pop3Tongue {
    fn capability(&mut self) -> Option<Vec<u8>> {
        Some(self.command("CAPA"))
    }

    fn start_tls(&mut self) -> Vec<u8> {
        self.command("STLS")
    }

    fn may_log_in(&self, _list: Option<&Capabilities>) -> Option<bool> {
        Some(true)
    }

    fn may_digest(&self) -> bool {
        self.timestamp.is_some()
    }

    /// RFC 5034 section 4: where the SASL capability is listed; the line limit is looked at when it is written.
    fn initial_response(&self, list: Option<&Capabilities>) -> bool {
        list.is_some_and(|list| list.mechanisms().next().is_some())
    }

    fn log_in(&mut self, way: Way<'_>, account: &Account) -> Vec<u8> {
        self.user_sent = way == Way::Command;
        match way {
            Way::Command => self.command(&format!("USER {}", account.user)),
            Way::Digest => {
                let stamp = self.timestamp.clone().unwrap_or_default();
                let digest = apop::digest(&stamp, account.password.reveal());
                self.command(&format!("APOP {} {digest}", account.user))
            }
            Way::Sasl { mechanism, initial } => {
                let whole = initial.map(|initial| format!("AUTH {mechanism} {}", initial_base64(initial)));
                // RFC 5034 section 4: a message that does not fit the line waits to be asked for.
                let anyway = self.switches.on(&INITIAL_ANYWAY);
                let fits =
                    whole.filter(|line| anyway || line.len().saturating_add(2) <= grammar::COMMAND_LIMIT);
                self.command(&fits.unwrap_or_else(|| format!("AUTH {mechanism}")))
            }
        }
    }

    fn log_in_further(&mut self, account: &Account) -> Option<Vec<u8>> {
        std::mem::take(&mut self.user_sent).then(|| {
            self.commands.push_back((b"PASS".to_vec(), Role::Awaited));
            [b"PASS ", account.password.reveal(), b"\r\n"].concat()
        })
    }

    fn sasl_message(&mut self, message: Option<&[u8]>) -> Vec<u8> {
        line_base64(message)
    }

    fn work(&mut self, step: usize, list: Option<&Capabilities>, _account: &Account) -> Option<Vec<u8>> {
        let all = if self.switches.get(&switches::SESSION) == "tour" { TOUR } else { READ };
        if !self.switches.on(&switches::PIPELINING) || !list.is_some_and(|list| list.has("PIPELINING")) {
            return all.get(step).map(|text| self.command(text));
        }
        (step == 0).then(|| {
            let segment = all.iter().flat_map(|text| self.command(text)).collect();
            for (_, role) in self.commands.iter_mut().rev().skip(1).take(all.len().saturating_sub(1)) {
                *role = Role::Ahead;
            }
            segment
        })
    }

    fn named(&mut self, word: &str) -> Option<Vec<u8>> {
        let text = match word {
            "capa" => "CAPA",
            "last" => "LAST",
            "list" => "LIST 1",
            "noop" => "NOOP",
            "retr" => "RETR 1",
            "rset" => "RSET",
            "stat" => "STAT",
            "top" => "TOP 1 0",
            "uidl" => "UIDL",
            _ => return None,
        };
        Some(self.command(text))
    }

    fn out_of_place(&mut self, what: &str, account: &Account) -> Option<Vec<u8>> {
        match what {
            "mailbox" => Some(self.command("STAT")),
            "pass" => {
                self.user_sent = true;
                self.log_in_further(account)
            }
            _ => None,
        }
    }

    fn log_out(&mut self) -> Vec<u8> {
        self.command("QUIT")
    }

    fn aside(&mut self) -> Vec<u8> {
        self.commands.push_back((b"CAPA".to_vec(), Role::Aside));
        b"CAPA\r\n".to_vec()
    }

    fn log_in_aside(&mut self, account: &Account) -> Vec<u8> {
        let user = format!("USER {}", account.user).into_bytes();
        self.commands.extend([(user, Role::Aside), (b"PASS".to_vec(), Role::Aside)]);
        [format!("USER {}\r\nPASS ", account.user).as_bytes(), account.password.reveal(), b"\r\n"].concat()
    }

    fn line(&self) -> &[u8] {
        &self.line
    }

    fn unread(&self) -> usize {
        self.answers.unread()
    }

    fn push(&mut self, octets: &[u8]) {
        self.answers.push(octets);
    }

    fn hear(&mut self) -> Option<Heard> {
        if self.heard.is_empty() && self.answer().is_none() && self.answers.unread() > ANSWER_LIMIT {
            self.forget_input();
            self.heard.extend([Heard::Nonsense, Heard::Answer(Status::Err)]);
        }
        self.heard.pop_front()
    }

    fn forget_input(&mut self) {
        self.answers.clear();
        self.heard.clear();
        self.commands.clear();
        self.failed = false;
    }

    fn start_again(&mut self) {
        *self = Self::new(&std::mem::take(&mut self.switches));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_without_end_is_a_refusal_and_is_not_kept() {
        let mut tongue = Pop3Tongue::default();
        tongue.push(b"+OK ready\r\n");
        assert_eq!(tongue.hear(), Some(Heard::Greeting(GreetingStatus::Ok)));
        tongue.command("RETR 1");
        tongue.push(b"+OK\r\n");
        let line = vec![b'x'; 1000];
        while tongue.unread() <= ANSWER_LIMIT {
            assert_eq!(tongue.hear(), None);
            tongue.push(&[&line[..], b"\r\n"].concat());
        }
        assert_eq!((tongue.hear(), tongue.hear()), (Some(Heard::Nonsense), Some(Heard::Answer(Status::Err))));
        assert_eq!((tongue.unread(), tongue.hear()), (0, None));
    }
}
