//! What JavaMail (Jakarta Mail) prints with its debugging on.

use super::Format;
use super::kit::log::{Log, LogReader, Said, behind, detect_log, has};
use super::kit::{Dialect, recognise, tagged_command, tagged_status};
use crate::base::Side;
use crate::proto::pop3;
use crate::trace::Carries;

/// The format.
pub static FORMAT: Format = Format {
    id: "javamail",
    title: "JavaMail debug",
    about: "What JavaMail or Jakarta Mail prints with `mail.debug=true`: the lines of both sides as they are, and its own behind `DEBUG`. Logins are hidden unless `mail.debug.auth` is set. Where it goes on behind a positive answer to STARTTLS, it does so inside.",
    place: "line",
    detect: |head| {
        let sign = |line: &[u8]| line.starts_with(b"DEBUG IMAP") || line.starts_with(b"DEBUG POP3");
        detect_log::<JavaMail>(head, sign).filter(|_| head.lines.iter().any(|line| sign(line)))
    },
    reader: |_| LogReader::boxed::<JavaMail>(),
};

#[derive(Debug, Default)]
struct JavaMail {
    pop3: bool,
    /// POP3: the answer to the last command has lines up to one with a dot.
    lines: bool,
    awaited: bool,
}

impl Log for JavaMail {
    const CARRIES: Carries = Carries::LOG_TLS_UNSAID;
    const TLS_UNSAID: bool = true;

    fn line<'a>(&mut self, line: &'a [u8]) -> Said<'a> {
        if let Some(own) = line.strip_prefix(b"DEBUG") {
            return self.own(own);
        }
        if self.pop3 {
            return self.pop3_line(line);
        }
        if tagged_status(line) || line.starts_with(b"* ") || line.starts_with(b"+ ") || line == b"+" {
            return Said::received(line);
        }
        if tagged_command(line) || line == b"DONE" { Said::sent(line) } else { Said::Unknown }
    }
}

impl JavaMail {
    fn own<'a>(&mut self, own: &'a [u8]) -> Said<'a> {
        let connects = has(own, "trying to connect to host") || has(own, "connecting to host");
        if connects {
            *self = Self { pop3: own.starts_with(b" POP3"), ..Self::default() };
            return if has(own, "isSSL true") { Said::ConnectsWithTls } else { Said::Connects };
        }
        // `AUTHENTICATE PLAIN command result: A2 OK logged in`: the line that was hidden, and its answer.
        if let Some(answer) = behind(own, " command result: ") {
            let tag = answer.split(|&o| o == b' ').next().unwrap_or_default();
            let words = behind(own, ": ").unwrap_or_default();
            let command = words.get(..words.len().saturating_sub(answer.len())).unwrap_or_default();
            let command = command.strip_suffix(b" command result: ").unwrap_or(command);
            let secret: &[u8] = match () {
                () if command.starts_with(b"LOGIN") => b" ******** ********",
                () if command.starts_with(b"AUTHENTICATE") => b" ********",
                () => b"",
            };
            return Said::Many(vec![
                Said::sent([tag, b" ", command, secret].concat()),
                Said::received(answer),
            ]);
        }
        if self.pop3 && has(own, "authentication command succeeded") {
            // Which commands they were is not said, nor whether they showed the password.
            return Said::Many(vec![Said::Lost, Said::Own]);
        }
        if has(own, "authentication command failed") { Said::Lost } else { Said::Own }
    }

    fn pop3_line<'a>(&mut self, line: &'a [u8]) -> Said<'a> {
        if self.lines {
            self.lines = line != b".";
            return Said::received(line);
        }
        let answer = recognise(Side::Server, line) == Some(Dialect::Mail(crate::base::Protocol::Pop3));
        if answer || line.starts_with(b"+ ") {
            self.lines = std::mem::take(&mut self.awaited) && line.starts_with(b"+OK");
            return Said::received(line);
        }
        let (keyword, _) = pop3::grammar::command(line);
        let known = [
            "CAPA", "STLS", "USER", "PASS", "APOP", "AUTH", "STAT", "LIST", "UIDL", "RETR", "TOP", "DELE",
            "NOOP", "RSET", "QUIT",
        ];
        if known.iter().any(|name| keyword.eq_ignore_ascii_case(name.as_bytes())) {
            self.awaited = pop3::grammar::multi_line(line);
            return Said::sent(line);
        }
        Said::Unknown
    }
}
