//! Cyrus' telemetry.

use super::Format;
use super::kit::log::{Log, LogReader, Said, detect_log};
use crate::base::Side;
use crate::trace::Carries;

/// The format.
pub static FORMAT: Format = Format {
    id: "cyrus-telemetry",
    title: "Cyrus telemetry",
    about: "The telemetry of Cyrus IMAP (a directory of the user's name under `log/`): `<time<` in front of what the client sent, `>time>` in front of what the server sent. It begins when the login is over, so that it shows neither the login nor TLS.",
    place: "line",
    detect: |head| detect_log::<Cyrus>(head, |line| line.starts_with(b"---------- ")),
    reader: |_| LogReader::boxed::<Cyrus>(),
};

#[derive(Debug, Default)]
struct Cyrus {
    last: Option<Side>,
    /// Nothing was read since the connection's first line.
    fresh: bool,
}

/// `>1795253291>text`.
fn marked(line: &[u8]) -> Option<(Side, &[u8])> {
    let (&mark, rest) = line.split_first()?;
    let side = match mark {
        b'<' => Side::Client,
        b'>' => Side::Server,
        _ => return None,
    };
    let digits = rest.iter().take_while(|o| o.is_ascii_digit()).count();
    let text = rest.get(digits..)?;
    (digits >= 9 && text.first() == Some(&mark)).then(|| (side, text.get(1..).unwrap_or_default()))
}

impl Log for Cyrus {
    const CARRIES: Carries =
        Carries { beginning: false, opening: false, inside_tls: false, ..Carries::LOG_WITHOUT_TLS };

    fn line<'a>(&mut self, line: &'a [u8]) -> Said<'a> {
        if line.starts_with(b"---------- ") {
            self.last = None;
            self.fresh = true;
            return Said::Connects;
        }
        let spoken = match (marked(line), self.last) {
            (Some((side, text)), _) => {
                self.last = Some(side);
                Said::Line(side, text.into())
            }
            (None, Some(side)) => Said::Line(side, line.into()),
            (None, None) if line.is_empty() => return Said::Own,
            (None, None) => return Said::Unknown,
        };
        // What came before the login is missing.
        if std::mem::take(&mut self.fresh) { Said::Many(vec![spoken, Said::Lost]) } else { spoken }
    }
}
