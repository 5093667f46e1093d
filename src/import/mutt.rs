//! What Mutt and NeoMutt write into their debug file.

use super::Format;
use super::kit::log::{Log, LogReader, Said, behind, detect_log, failure, has, tls_words};
use crate::base::Side;
use crate::trace::Carries;

/// The format.
pub static FORMAT: Format = Format {
    id: "mutt",
    title: "Mutt or NeoMutt debug",
    about: "The debug file of `mutt -d 5` (`.muttdebug0`) or `neomutt -d 5`. The server's lines stand behind `4<`, the client's behind `4>`; the content of literals is left out.",
    place: "line",
    detect: |head| detect_log::<Mutt>(head, |line| has(line, "] Mutt/") || has(line, "] NeoMutt-")),
    reader: |_| LogReader::boxed::<Mutt>(),
};

/// The buffer that a line of the server is read into, until it grows.
const BUFFER: usize = 512;

#[derive(Debug)]
struct Mutt {
    /// The size of the buffer, and how much of it the line so far takes.
    buffer: usize,
    filled: usize,
}

impl Default for Mutt {
    fn default() -> Self {
        Self { buffer: BUFFER, filled: 0 }
    }
}

/// `[time] 4< text` or `[time]<2> function() 4< text`: the side and the text.
fn spoken(line: &[u8]) -> Option<(Side, &[u8])> {
    let mut rest = line.strip_prefix(b"[")?;
    rest = behind(rest, "]")?;
    if rest.starts_with(b"<") {
        rest = behind(rest, "() ")?;
    } else {
        rest = rest.strip_prefix(b" ")?;
    }
    let digits = rest.iter().take_while(|o| o.is_ascii_digit()).count();
    let side = match rest.get(digits)? {
        b'<' if digits > 0 => Side::Server,
        b'>' if digits > 0 => Side::Client,
        _ => return None,
    };
    let text = rest.get(digits.checked_add(1)?..)?;
    Some((side, text.strip_prefix(b" ").unwrap_or(text)))
}

fn number(text: &[u8]) -> Option<usize> {
    let digits: Vec<u8> = text.iter().copied().take_while(u8::is_ascii_digit).collect();
    std::str::from_utf8(&digits).ok()?.parse().ok()
}

impl Log for Mutt {
    // It may not say why a handshake came to nothing.
    const CARRIES: Carries = Carries { handshake: false, ..Carries::LOG };
    const KEYS: Option<&'static str> = Some("`SSLKEYLOGFILE=keys.txt mutt ...`");

    fn line<'a>(&mut self, line: &'a [u8]) -> Said<'a> {
        if let Some((side, text)) = spoken(line) {
            if side == Side::Client {
                return Said::sent(text);
            }
            self.filled = self.filled.saturating_add(text.len());
            // A line that fills the buffer goes on behind the words that the buffer grew.
            if self.filled.saturating_add(1) >= self.buffer && self.filled > 0 {
                return Said::Octets(side, text.into());
            }
            self.filled = 0;
            return Said::received(text);
        }
        let size =
            behind(line, "grew buffer to ").or_else(|| behind(line, "shrank buffer to ")).and_then(number);
        if let Some(size) = size {
            self.buffer = size;
            return Said::Own;
        }
        match () {
            () if has(line, "Connecting to ") => Said::Connects,
            () if has(line, "SSL/TLS connection using ") => Said::TlsUp(tls_words(line)),
            () if has(line, "Could not negotiate TLS connection") => Said::TlsDoubtful,
            () if has(line, "gnutls_handshake: ") || has(line, "SSL failed: ") => {
                Said::TlsFailed(failure(line))
            }
            () => Said::Own,
        }
    }
}
