//! The protocol log of Courier's IMAP server.

use super::Format;
use super::kit::log::{Log, LogReader, Said, detect_log};
use crate::trace::Carries;

/// The format.
pub static FORMAT: Format = Format {
    id: "courier",
    title: "Courier IMAP",
    about: "The file that `IMAPDEBUGFILE` of Courier IMAP names, in a person's mail folder: `READ:` in front of each word of a command, `WRITE:` in front of what the server sent. It begins when the login is over, so that it shows neither the login nor TLS, and it leaves out literals.",
    place: "line",
    detect: |head| {
        let sign = |line: &[u8]| line.starts_with(b"READ: ATOM: ");
        detect_log::<Courier>(head, sign).filter(|_| head.lines.iter().any(|line| sign(line)))
    },
    reader: |_| LogReader::boxed::<Courier>(),
};

#[derive(Debug, Default)]
struct Courier {
    /// The words of a command so far.
    command: Vec<u8>,
    /// Parentheses and brackets that are open in it.
    open: usize,
    /// What was said last was the server's; lines without a mark go on with it.
    server: bool,
    begun: bool,
}

impl Courier {
    fn word(&mut self, word: &[u8]) {
        let joined = matches!(self.command.last(), None | Some(b'(' | b'['))
            || matches!(word, b")" | b"]" | b"[")
            || (self.command.ends_with(b"]") && word.starts_with(b"<"));
        if !joined {
            self.command.push(b' ');
        }
        self.command.extend_from_slice(word);
        match word {
            b"(" | b"[" => self.open = self.open.saturating_add(1),
            b")" | b"]" => self.open = self.open.saturating_sub(1),
            _ => {}
        }
    }

    fn take<'a>(&mut self) -> Said<'a> {
        self.open = 0;
        Said::sent(std::mem::take(&mut self.command))
    }

    fn read<'a>(&mut self, token: &[u8]) -> Said<'a> {
        let (kind, value) = match token.iter().position(|&o| o == b':') {
            Some(at) if !token.starts_with(b"{") => {
                let value = token.get(at.saturating_add(1)..).unwrap_or_default();
                (token.get(..at).unwrap_or_default(), value.strip_prefix(b" ").unwrap_or(value))
            }
            _ => (token, b"".as_slice()),
        };
        match kind {
            b"EOL" => return self.take(),
            b"ATOM" | b"NUMBER" => self.word(value),
            b"QUOTED_STRING" => {
                let mut quoted = vec![b'"'];
                for &octet in value {
                    if matches!(octet, b'"' | b'\\') {
                        quoted.push(b'\\');
                    }
                    quoted.push(octet);
                }
                quoted.push(b'"');
                self.word(&quoted);
            }
            b"LPAREN" => self.word(b"("),
            b"RPAREN" => self.word(b")"),
            b"LBRACKET" => self.word(b"["),
            b"RBRACKET" => self.word(b"]"),
            b"NIL" => self.word(b"NIL"),
            _ if kind.starts_with(b"{") => {
                self.word(kind);
                let open = self.open;
                let said = self.take();
                self.open = open;
                return said;
            }
            _ => return Said::Unknown,
        }
        Said::Own
    }
}

impl Log for Courier {
    const CARRIES: Carries =
        Carries { beginning: false, opening: false, inside_tls: false, ..Carries::LOG_WITHOUT_TLS };
    const OF_SERVER: bool = true;

    fn line<'a>(&mut self, line: &'a [u8]) -> Said<'a> {
        if let Some(token) = line.strip_prefix(b"READ: ") {
            self.server = false;
            return self.read(token);
        }
        let Some(text) = line.strip_prefix(b"WRITE: ") else {
            return if self.server { Said::received(line) } else { Said::Unknown };
        };
        self.server = true;
        let said = Said::received(text);
        let said = if self.command.is_empty() {
            said
        } else if self.open > 0 {
            // The server stopped reading in the middle of a command.
            self.command.clear();
            self.open = 0;
            Said::Many(vec![Said::Lost, said])
        } else {
            let command = self.take();
            Said::Many(vec![command, said])
        };
        // What came before the login is missing.
        if std::mem::replace(&mut self.begun, true) { said } else { Said::Many(vec![said, Said::Lost]) }
    }
}
