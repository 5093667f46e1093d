//! What Net::POP3 for Perl writes.

use super::Format;
use super::kit::log::{Log, LogReader, Said, behind, detect_log};
use crate::base::Side;
use crate::tls::Facts;
use crate::trace::Carries;

/// The format.
pub static FORMAT: Format = Format {
    id: "net-pop3",
    title: "Net::POP3",
    about: "What Net::POP3 for Perl writes with `Debug => 1`: the name of its class, then `>>>` or `<<<`. Inside TLS the class has another name. Passwords stand as dots.",
    place: "line",
    detect: |head| detect_log::<NetPop3>(head, |line| line.starts_with(b"Net::POP3")),
    reader: |_| LogReader::boxed::<NetPop3>(),
};

#[derive(Debug, Default)]
struct NetPop3;

impl Log for NetPop3 {
    const CARRIES: Carries = Carries::LOG_TLS_UNSAID;

    fn line<'a>(&mut self, line: &'a [u8]) -> Said<'a> {
        let Some(class) = line.strip_prefix(b"Net::POP3") else { return Said::Unknown };
        let Some(rest) = behind(class, "=GLOB(").and_then(|rest| behind(rest, ")")) else { return Said::Own };
        let (side, text) = match rest {
            [b'>', b'>', b'>', text @ ..] => (Side::Client, text),
            [b'<', b'<', b'<', text @ ..] => (Side::Server, text),
            _ => return Said::Own,
        };
        let spoken = Said::Line(side, text.strip_prefix(b" ").unwrap_or(text).into());
        if class.starts_with(b"::_SSL") {
            Said::Many(vec![Said::TlsUp(Facts::default()), spoken])
        } else {
            spoken
        }
    }
}
